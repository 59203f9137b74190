"""API without a token: the code of a contact card and the link of a receipt are the proof."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import File, Router, UploadedFile

from xiaoer.base import files
from xiaoer.base.api import papers, shapes
from xiaoer.base.api_door import READ, WITHOUT_TOKEN, key_api
from xiaoer.base.doors import found
from xiaoer.base.models import Attachment
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.api import given as g
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.api.rows import appeal_out, filed_out, one
from xiaoer.outreach.models import Appeal, AppealKind
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party

router = Router(tags=["without signing in"])
by_card = key_api(queries.find_card, "code")
by_link = key_api(queries.find_track, "token")
sees_card = key_api(queries.find_card, "code", READ)
sees_link = key_api(queries.find_track, "token", READ)


def _party(by: Actor) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())


@router.get("/public/cards/{code}", response={200: s.CardOut, **WITHOUT_TOKEN}, auth=None)
@sees_card
def read_card(request: HttpRequest, by: Actor, code: s.Secret) -> object:
    """Whose card it is, and what a request may be about."""
    stewards = registry.stewards_of(party=_party(by))
    officer = next((steward for steward in stewards if steward.kind == "officer"), None)
    return {
        "enterprise": by.name,
        "officer": officer.name if officer else None,
        "office": officer.office if officer else None,
        "kinds": list(queries.kinds(by=by)),
    }


@router.post(
    "/public/cards/{code}/near", response={200: list[s.NearOut], **WITHOUT_TOKEN}, auth=None
)
@sees_card
def list_near_of_card(request: HttpRequest, by: Actor, code: s.Secret, what: g.RequestIn) -> object:
    """Requests of this enterprise that may be the same thing; asked before filing."""
    return queries.duplicates_near(
        by=by,
        party_id=by.party_ref or 0,
        title=what.title,
        body=what.body,
        now=timezone.now(),
    )


@router.post("/public/cards/{code}/appeals", response={200: s.FiledOut, **WITHOUT_TOKEN}, auth=None)
@by_card
def file_by_card(request: HttpRequest, by: Actor, code: s.Secret, what: g.RequestIn) -> object:
    """File a request by the enterprise's card; the answer holds the secret link, once."""
    filed = outreach.file_appeal(
        by=by,
        now=timezone.now(),
        party=_party(by),
        channel=Appeal.Channel.CARD,
        title=what.title,
        body=what.body,
        kind=one(AppealKind, what.kind, by=by, field="kind"),
        urgency=what.urgency,
        money_fen=what.money_fen,
        contact_name=what.contact_name,
        contact_phone=what.contact_phone,
    )
    return filed_out(request, filed)


@router.post(
    "/public/cards/{code}/appeals/{appeal_id}/words",
    response={200: s.ReceiptOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_card
def add_by_card(
    request: HttpRequest, by: Actor, code: s.Secret, appeal_id: s.Id, what: g.TextIn
) -> object:
    """Add to a request of this enterprise instead of filing it twice."""
    row = outreach.add_words(by=by, now=timezone.now(), appeal_id=appeal_id, words=what.text)
    return {"receipt_no": row.receipt_no}


def _own(by: Actor) -> Appeal:
    return found(queries.appeal_of_link(by=by))


def _shown(by: Actor, row: Appeal, now: datetime) -> dict[str, Any]:
    return appeal_out(by, row.pk, now)


@router.get("/public/links/{token}", response={200: s.AppealOut, **WITHOUT_TOKEN}, auth=None)
@sees_link
def read_by_link(request: HttpRequest, by: Actor, token: s.Secret) -> object:
    """The one request this link belongs to."""
    return _shown(by, _own(by), timezone.now())


@router.post("/public/links/{token}/words", response={200: s.AppealOut, **WITHOUT_TOKEN}, auth=None)
@by_link
def add_by_link(request: HttpRequest, by: Actor, token: s.Secret, what: g.TextIn) -> object:
    """Add to the request."""
    now = timezone.now()
    row = _own(by)
    outreach.add_words(by=by, now=now, appeal_id=row.pk, words=what.text)
    return _shown(by, row, now)


@router.post(
    "/public/links/{token}/confirm", response={200: s.AppealOut, **WITHOUT_TOKEN}, auth=None
)
@by_link
def confirm_by_link(request: HttpRequest, by: Actor, token: s.Secret, said: g.ConfirmIn) -> object:
    """Say that it is solved."""
    now = timezone.now()
    row = _own(by)
    outreach.confirm_solved(
        by=by,
        now=now,
        appeal=row,
        version=said.version,
        satisfaction=said.satisfaction,
        words=said.words,
    )
    return _shown(by, row, now)


@router.post(
    "/public/links/{token}/confirm-again", response={200: s.AppealOut, **WITHOUT_TOKEN}, auth=None
)
@by_link
def confirm_again_by_link(
    request: HttpRequest, by: Actor, token: s.Secret, said: g.AppealWordsIn
) -> object:
    """Asked again after thirty days, say that it is still solved."""
    now = timezone.now()
    row = _own(by)
    outreach.confirm_again(by=by, now=now, appeal=row, version=said.version, words=said.words)
    return _shown(by, row, now)


@router.post(
    "/public/links/{token}/reopen", response={200: s.AppealOut, **WITHOUT_TOKEN}, auth=None
)
@by_link
def reopen_by_link(
    request: HttpRequest, by: Actor, token: s.Secret, said: g.AppealWordsIn
) -> object:
    """Say that it is not solved."""
    now = timezone.now()
    row = _own(by)
    outreach.reopen_appeal(by=by, now=now, appeal=row, version=said.version, words=said.words)
    return _shown(by, row, now)


@router.post(
    "/public/links/{token}/withdraw", response={200: s.AppealOut, **WITHOUT_TOKEN}, auth=None
)
@by_link
def withdraw_by_link(
    request: HttpRequest, by: Actor, token: s.Secret, said: g.AppealWordsIn
) -> object:
    """Withdraw the request."""
    now = timezone.now()
    row = _own(by)
    outreach.withdraw_appeal(by=by, now=now, appeal=row, version=said.version, words=said.words)
    return _shown(by, row, now)


@router.post(
    "/public/links/{token}/take-back", response={200: s.ReceiptOut, **WITHOUT_TOKEN}, auth=None
)
@by_link
def take_back_by_link(
    request: HttpRequest, by: Actor, token: s.Secret, seen: g.AppealVersionIn
) -> object:
    """Take back a mistaken filing within ten minutes."""
    row = outreach.take_back_appeal(
        by=by, now=timezone.now(), appeal=_own(by), version=seen.version
    )
    return {"receipt_no": row.receipt_no}


PAPERS = {200: list[shapes.AttachmentOut], **WITHOUT_TOKEN}
PAPER = {200: shapes.AttachmentOut, **WITHOUT_TOKEN}


@router.get("/public/links/{token}/papers", response=PAPERS, auth=None)
@sees_link
def list_papers_of_link(request: HttpRequest, by: Actor, token: s.Secret) -> object:
    """The papers of the request that its enterprise sees."""
    shown = files.papers_of(by=by, table="appeal", number=_own(by).pk)
    return papers.papers_out(shown.rows)


@router.post("/public/links/{token}/papers", response=PAPERS, auth=None)
@by_link
def pin_by_link(
    request: HttpRequest, by: Actor, token: s.Secret, paper: File[list[UploadedFile]]
) -> object:
    """Add papers to the request while it is open."""
    papers.must_come(paper)
    pinned = files.pin_uploads(by=by, now=timezone.now(), uploads=paper, subject=_own(by))
    return papers.papers_out(pinned)


def _paper(by: Actor, attachment_id: int) -> Attachment:
    return found(files.paper_of(by=by, number=attachment_id))


@router.get(
    "/public/links/{token}/papers/{attachment_id}",
    response=WITHOUT_TOKEN,
    auth=None,
    openapi_extra=papers.BYTES,
)
@sees_link
def read_paper_by_link(
    request: HttpRequest, by: Actor, token: s.Secret, attachment_id: s.Id
) -> HttpResponseBase:
    """The paper itself; one that was taken off is not there."""
    paper = _paper(by, attachment_id)
    return files.file_response(found(None if paper.removed_at else paper))


@router.post("/public/links/{token}/papers/{attachment_id}/remove", response=PAPER, auth=None)
@by_link
def unpin_by_link(request: HttpRequest, by: Actor, token: s.Secret, attachment_id: s.Id) -> object:
    """Take off a paper one has brought."""
    paper = _paper(by, attachment_id)
    return papers.paper_out(files.unpin_file(by=by, now=timezone.now(), attachment=paper))


@router.post("/public/links/{token}/papers/{attachment_id}/return", response=PAPER, auth=None)
@by_link
def pin_again_by_link(
    request: HttpRequest, by: Actor, token: s.Secret, attachment_id: s.Id
) -> object:
    """Put it back."""
    paper = _paper(by, attachment_id)
    return papers.paper_out(files.pin_again(by=by, now=timezone.now(), attachment=paper))
