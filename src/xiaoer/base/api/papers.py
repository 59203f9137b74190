"""The papers of a record: listed, added, opened, taken off and put back."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router, UploadedFile

from xiaoer.base import files
from xiaoer.base.api import shapes
from xiaoer.base.api.shapes import Number, Table
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Attachment
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.sniffing import SORTS

router = Router()
PAPERS = {200: list[shapes.AttachmentOut], **PROBLEMS}
PAPER = {200: shapes.AttachmentOut, **PROBLEMS}
# An answer of bytes says what they may be; what they are was sniffed when they came.
BYTES = {
    "responses": {
        200: {
            "description": "The bytes of the paper",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(SORTS)
            },
        }
    }
}


def paper_out(paper: Attachment) -> shapes.AttachmentOut:
    return shapes.AttachmentOut(
        id=paper.pk,
        name=paper.name,
        media_type=paper.file.media_type,
        size=paper.file.size,
        sha256=paper.file.sha256,
        pinned_at=paper.pinned_at,
        is_shown=paper.party_ref is not None,
    )


def papers_out(papers: Sequence[Attachment]) -> list[shapes.AttachmentOut]:
    return [paper_out(paper) for paper in papers]


def must_come(papers: Sequence[UploadedFile]) -> None:
    if not papers:
        raise Refused(_("Choose a file first."), field="paper")


def _paper(by: Actor, attachment_id: int) -> Attachment:
    return found(files.paper_of(by=by, number=attachment_id))


@router.get("/attachments/{table}/{number}", response=PAPERS)
@api(READ)
def list_attachments(request: HttpRequest, by: Actor, table: Table, number: Number) -> object:
    """The papers of a record the asker sees, oldest first."""
    found(files.pinnable(by=by, table=table, number=number))
    return papers_out(files.papers_of(by=by, table=table, number=number).rows)


@router.post("/attachments/{table}/{number}", response=PAPERS)
@api(WRITE)
def pin_attachments(
    request: HttpRequest,
    by: Actor,
    table: Table,
    number: Number,
    paper: File[list[UploadedFile]],
    is_shown: Form[bool] = False,
) -> object:
    """Pin papers to a record: all of them, or none with the reason.

    ``is_shown`` lets the party the record is about see them; what the party itself brings it sees.
    """
    record = found(files.pinnable(by=by, table=table, number=number))
    must_come(paper)
    pinned = files.pin_uploads(
        by=by, now=timezone.now(), uploads=paper, subject=record, is_shown=is_shown
    )
    return papers_out(pinned)


@router.get("/papers/{attachment_id}", response=PROBLEMS, openapi_extra=BYTES)
@api(READ)
def read_attachment(request: HttpRequest, by: Actor, attachment_id: Number) -> HttpResponseBase:
    """The paper itself; one that was taken off is not there."""
    paper = _paper(by, attachment_id)
    return files.file_response(found(None if paper.removed_at else paper))


@router.post("/papers/{attachment_id}/remove", response=PAPER)
@api(WRITE)
def unpin_file(request: HttpRequest, by: Actor, attachment_id: Number) -> object:
    """Take a paper off its record."""
    paper = _paper(by, attachment_id)
    return paper_out(files.unpin_file(by=by, now=timezone.now(), attachment=paper))


@router.post("/papers/{attachment_id}/return", response=PAPER)
@api(WRITE)
def pin_again(request: HttpRequest, by: Actor, attachment_id: Number) -> object:
    """Put it back."""
    paper = _paper(by, attachment_id)
    return paper_out(files.pin_again(by=by, now=timezone.now(), attachment=paper))
