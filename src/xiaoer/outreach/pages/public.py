"""Pages without signing in: the form behind a contact card's code, and the link of a receipt.

They work in the browser inside WeChat: plain forms, no script needed.
"""

import functools
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, key_page
from xiaoer.base.models import Attachment, Zone
from xiaoer.base.pages.papers import papers_part
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.pages import filing, speaking
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party

Door = Callable[..., HttpResponseBase]
RECEIPT_NO = re.compile(r"SQ-\d{4}-\d{4,9}")


def without_a_trace(door: Door) -> Door:
    """An unknown, withdrawn or expired code gets one and the same page, which says nothing of it."""

    @functools.wraps(door)
    def friendly(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return door(request, *args, **kwargs)
        except Http404:
            return render(request, "outreach/no_link.html", status=404)

    return friendly


@without_a_trace
@key_page(queries.find_card)
def card(request: HttpRequest, by: Actor, code: str) -> HttpResponse:
    """The request form of the enterprise whose card was scanned."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())
    if request.method != "POST":
        return _form(request, by, party)
    try:
        return _file(request, by, party)
    except Refused as refusal:
        if request.headers.get("HX-Request"):
            raise
        # Without scripts the page comes back with everything that was typed.
        return _form(request, by, party, refusal=refusal, status=422)


@transaction.atomic
def _file(request: HttpRequest, by: Actor, party: Party) -> HttpResponse:
    """File it with its papers, or nothing: the page that explains a refusal is an answer too."""
    now = timezone.now()
    typed = filing.read_typed(request.POST, by=by)
    same = filing.chosen_same(request.POST)
    papers = request.FILES.getlist("paper")
    if same is not None:
        row = outreach.add_words(by=by, now=now, appeal_id=same, words=typed.body)
        files.pin_uploads(by=by, now=now, uploads=papers, subject=row)
        return go(request, f"{request.path}?added={row.receipt_no}")
    near = filing.near(request.POST, typed, by=by, party=party, now=now)
    if near:
        return _form(request, by, party, near=near)
    filed = filing.file_typed(typed, by=by, now=now, party=party, channel=Appeal.Channel.CARD)
    files.pin_uploads(by=by, now=now, uploads=papers, subject=filed.appeal)
    return go(request, f"{reverse('track', args=[filed.token])}?new=1")


def _form(
    request: HttpRequest,
    by: Actor,
    party: Party,
    *,
    near: tuple[queries.Near, ...] = (),
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    stewards = registry.stewards_of(party=party)
    added = request.GET.get("added", "")
    context = {
        "enterprise": by.name,
        "complaint_phone": _complaint_phone(by),
        "added": added if RECEIPT_NO.fullmatch(added) else "",
        "officer": next((one for one in stewards if one.kind == "officer"), None),
        "kinds": [(kind.pk, kind.label) for kind in queries.kinds(by=by)],
        "urgencies": Appeal.Urgency.choices,
        "typed": request.POST,
        "choices": filing.choices(near, timezone.now()) if near else [],
        "errors": {refusal.field or "form": str(refusal)} if refusal else {},
    }
    return render(request, "outreach/card.html", context, status=status)


def _complaint_phone(by: Actor) -> str:
    """The number to complain at, where the zone has named one."""
    return Zone.objects.get(pk=by.zone_id).complaint_phone


@without_a_trace
@key_page(queries.find_track)
def track(request: HttpRequest, by: Actor, token: str) -> HttpResponse:
    """One request as its enterprise sees it, with what only the enterprise may say."""
    now = timezone.now()
    appeal = found(queries.appeal_of_link(by=by))
    address = reverse("track", args=[token])
    if request.method == "POST":
        speaking.say(request.POST, by=by, now=now, appeal=appeal)
        return go(request, address)
    shown = found(queries.appeal_page(by=by, appeal_id=appeal.pk, now=now))
    context = speaking.page_of(shown, address=address, now=now) | {
        "is_new": "new" in request.GET,
        "link": request.build_absolute_uri(address),
        "papers": _papers(by, appeal, token),
        "complaint_phone": _complaint_phone(by),
    }
    return render(request, "outreach/track.html", context)


DOORS = ("track_papers", "track_paper", "track_paper_remove", "track_paper_return")


def _papers(
    by: Actor, appeal: Appeal, token: str, removed: Attachment | None = None
) -> files.Papers:
    """The papers its enterprise sees, with addresses that carry the link instead of a sign-in."""
    return files.papers_of(
        by=by,
        table="appeal",
        number=appeal.pk,
        removed=removed,
        doors=files.Doors(names=DOORS, add=(token,), one=(token,)),
        is_closed=appeal.closed_at is not None,
    )


def _with_papers(
    request: HttpRequest, by: Actor, token: str, removed: Attachment | None = None
) -> HttpResponse:
    if request.headers.get("HX-Request"):
        appeal = found(queries.appeal_of_link(by=by))
        return papers_part(request, _papers(by, appeal, token, removed))
    return redirect("track", token)


@require_POST
@without_a_trace
@key_page(queries.find_track)
def track_papers(request: HttpRequest, by: Actor, token: str) -> HttpResponse:
    """Add papers to one's request by its link."""
    uploads = request.FILES.getlist("paper")
    if not uploads:
        raise Refused(_("Choose a file first."), field="paper")
    appeal = found(queries.appeal_of_link(by=by))
    files.pin_uploads(by=by, now=timezone.now(), uploads=uploads, subject=appeal)
    return _with_papers(request, by, token)


def _holder(*, token: str, number: int) -> Actor | None:
    """The link says who asks; the paper's number is looked up in that scope."""
    return queries.find_track(token)


def _paper(by: Actor, number: int) -> Attachment:
    return found(files.paper_of(by=by, number=number))


@require_GET
@without_a_trace
@key_page(_holder)
def track_paper(request: HttpRequest, by: Actor, token: str, number: int) -> HttpResponseBase:
    """Open a paper of one's request; one that was taken off is not there."""
    paper = _paper(by, number)
    return files.file_response(found(None if paper.removed_at else paper))


@require_POST
@without_a_trace
@key_page(_holder)
def track_paper_remove(request: HttpRequest, by: Actor, token: str, number: int) -> HttpResponse:
    paper = files.unpin_file(by=by, now=timezone.now(), attachment=_paper(by, number))
    return _with_papers(request, by, token, removed=paper)


@require_POST
@without_a_trace
@key_page(_holder)
def track_paper_return(request: HttpRequest, by: Actor, token: str, number: int) -> HttpResponse:
    files.pin_again(by=by, now=timezone.now(), attachment=_paper(by, number))
    return _with_papers(request, by, token)
