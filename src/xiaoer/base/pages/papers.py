"""Papers of a record: a part any page can load, and the door through which a file leaves."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, page
from xiaoer.base.models import Attachment
from xiaoer.base.pages.people import now
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.base.subjects import page_of, record_name


@require_http_methods(["GET", "POST"])
@page()
def papers(request: HttpRequest, by: Actor, table: str, number: int) -> HttpResponse:
    """The papers of a record; a POST pins what was sent."""
    record = found(files.pinnable(by=by, table=table, number=number))
    if request.method == "POST":
        uploads = request.FILES.getlist("paper")
        if not uploads:
            raise Refused(_("Choose a file first."), field="paper")
        files.pin_uploads(
            by=by, now=now(), uploads=uploads, subject=record, is_shown="shown" in request.POST
        )
    return _shown(request, by, table, number)


def _shown(
    request: HttpRequest, by: Actor, table: str, number: int, removed: Attachment | None = None
) -> HttpResponse:
    """The part for htmx; without scripts, a page of its own that leads back to the record."""
    shown = files.papers_of(by=by, table=table, number=number, removed=removed)
    if request.headers.get("HX-Request"):
        return papers_part(request, shown)
    if request.method == "POST":
        return redirect(reverse("papers", args=[table, number]))
    name = f"{record_name(table)} {number}"
    page = page_of(table, number, own=by.database_role == OUTSIDE)
    return render(
        request, "base/papers.html", {"papers": shown, "record": name, "record_page": page}
    )


def papers_part(request: HttpRequest, shown: files.Papers) -> HttpResponse:
    """The card of papers as htmx swaps it; the address of the page stays."""
    response = render(request, "base/_attachments.html", {"papers": shown})
    response["HX-Push-Url"] = "false"
    return response


def _attachment(by: Actor, attachment_id: int) -> Attachment:
    return found(files.paper_of(by=by, number=attachment_id))


@require_POST
@page()
def paper_remove(request: HttpRequest, by: Actor, attachment_id: int) -> HttpResponse:
    taken = files.unpin_file(by=by, now=now(), attachment=_attachment(by, attachment_id))
    return _shown(request, by, taken.subject_type, taken.subject_id, removed=taken)


@require_POST
@page()
def paper_return(request: HttpRequest, by: Actor, attachment_id: int) -> HttpResponse:
    back = files.pin_again(by=by, now=now(), attachment=_attachment(by, attachment_id))
    return _shown(request, by, back.subject_type, back.subject_id)


@require_GET
@page()
def open_file(request: HttpRequest, by: Actor, attachment_id: int) -> HttpResponseBase:
    """A paper that was taken off is not there any more."""
    attachment = _attachment(by, attachment_id)
    return files.file_response(found(None if attachment.removed_at else attachment))
