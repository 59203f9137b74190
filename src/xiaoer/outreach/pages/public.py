"""Pages without signing in: the form behind a contact card's code, and the link of a receipt.

They work in the browser inside WeChat: plain forms, no script needed.
"""

import functools
import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from xiaoer.base.doors import found, go, key_page
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


def _file(request: HttpRequest, by: Actor, party: Party) -> HttpResponse:
    now = timezone.now()
    typed = filing.read_typed(request.POST, by=by)
    same = filing.chosen_same(request.POST)
    if same is not None:
        row = outreach.add_words(by=by, now=now, appeal_id=same, words=typed.body)
        return go(request, f"{request.path}?added={row.receipt_no}")
    near = filing.near(request.POST, typed, by=by, party=party, now=now)
    if near:
        return _form(request, by, party, near=near)
    filed = filing.file_typed(typed, by=by, now=now, party=party, channel=Appeal.Channel.CARD)
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
        "added": added if RECEIPT_NO.fullmatch(added) else "",
        "officer": next((one for one in stewards if one.kind == "officer"), None),
        "kinds": [(kind.pk, kind.name) for kind in queries.kinds(by=by)],
        "urgencies": Appeal.Urgency.choices,
        "typed": request.POST,
        "choices": filing.choices(near, timezone.now()) if near else [],
        "errors": {refusal.field or "form": str(refusal)} if refusal else {},
    }
    return render(request, "outreach/card.html", context, status=status)


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
    }
    return render(request, "outreach/track.html", context)
