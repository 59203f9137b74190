"""The auction as anybody reads it, without signing in: zones, lots, one lot, the hall and its clock."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xiaoer.assets.pages.hall_view import hall_context
from xiaoer.assets.queries import shown_lots as queries
from xiaoer.assets.queries.shown_lots import Phase, ShownLot
from xiaoer.assets.words import halls as words
from xiaoer.base import files
from xiaoer.base.doors import found, key_page
from xiaoer.base.models import Zone
from xiaoer.base.pages.forms import number
from xiaoer.base.scope import Actor, acting

anybody = key_page(queries.anybody_in)


@require_GET
def auction_zones(request: HttpRequest) -> HttpResponse:
    """Which zone's lots to look at."""
    rows = [(zone, _open_lots(zone)) for zone in queries.zones()]
    return render(request, "assets/auction_zones.html", {"rows": rows})


def _open_lots(zone: Zone) -> queries.OpenLots:
    by = queries.anybody(zone)
    with acting(by):
        return queries.open_lots(by=by)


@require_GET
@anybody
def auction_list(request: HttpRequest, by: Actor, zone_code: str) -> HttpResponse:
    """The lots of a zone: bid on now, to come, and over."""
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    before = number(request.GET.get("before"))
    shown = queries.listed(by=by, words=wanted, before=before)
    context = {
        "zone_name": by.name,
        "zone_code": zone_code,
        "shown": shown,
        "wanted": wanted,
        "before": before,
        "words": words,
    }
    return render(request, "assets/auction_list.html", context)


def _lot(by: Actor, lot_id: int) -> ShownLot:
    return found(queries.shown_lot(by=by, lot_id=lot_id))


@require_GET
@anybody
def lot_public(request: HttpRequest, by: Actor, zone_code: str, shown_lot_id: int) -> HttpResponse:
    """One lot: what it is, by which rules and when it is sold, and how to bid."""
    one = _lot(by, shown_lot_id)
    context = {
        "zone_name": by.name,
        "zone_code": zone_code,
        "one": one,
        "lot": one.lot,
        "phase": one.standing.phase,
        "steps": steps_of(one),
        "rules": queries.rules_of(by=by, lot=one.lot),
        "host_acts": queries.host_acts(by=by, lot=one.lot, most=1),
        "has_announcement": queries.announcement_of(by=by, lot=one.lot) is not None,
        "account": one.lot.deposit_account if one.lot.deposit_fen else None,
        "reserve": words.reserve_words(
            one.lot,
            is_met=one.hall is not None and one.hall.is_reserve_met,
            is_open=one.standing.phase is not Phase.BEFORE,
        ),
        "words": words,
        "link": request.build_absolute_uri(reverse("lot_public", args=[zone_code, one.lot.pk])),
    }
    return render(request, "assets/lot_public.html", context)


def steps_of(one: ShownLot) -> list[tuple[str, datetime | None, bool]]:
    """The days of a lot in their order, and whether each has passed."""
    lot, hall = one.lot, one.hall
    now = queries.hall_clock(zone_id=lot.zone_id)
    days = [
        (_("Announced"), lot.noticed_at),
        (_("Registration closes"), lot.register_until),
        (_("Deposit in the account by"), lot.deposit_until),
        (_("Free bidding begins"), hall.opens_at if hall else lot.opens_at),
        (_("Timed bidding begins"), hall.free_until if hall else lot.free_until),
        (_("Result confirmed"), lot.confirmed_at),
        (_("Result published"), lot.published_at),
    ]
    # In the order of the calendar, which another zone's rules may change; what has no day yet is last.
    days.sort(key=lambda day: (day[1] is None, day[1] or now))
    return [(label, at, at is not None and at <= now) for label, at in days]


@require_GET
@anybody
def lot_live(request: HttpRequest, by: Actor, zone_code: str, shown_lot_id: int) -> HttpResponse:
    """The hall as anybody watches it: the same page for everybody."""
    one = _lot(by, shown_lot_id)
    context: dict[str, Any] = hall_context(by=by, one=one) | {
        "back": reverse("lot_public", args=[zone_code, one.lot.pk]),
        "zone_code": zone_code,
    }
    return render(request, "assets/hall.html", context)


@require_GET
@anybody
def lot_announcement(
    request: HttpRequest, by: Actor, zone_code: str, shown_lot_id: int
) -> HttpResponseBase:
    """The announcement as a paper."""
    row = found(queries.announcement_of(by=by, lot=_lot(by, shown_lot_id).lot))
    return files.shown_inside(row.file, row.name)


@require_GET
@anybody
def lot_picture(
    request: HttpRequest, by: Actor, zone_code: str, shown_lot_id: int, lot_picture_id: int
) -> HttpResponseBase:
    """A picture of a lot, found as a stranger sees it."""
    row, file = found(queries.picture_of(by=by, lot_id=shown_lot_id, picture_id=lot_picture_id))
    return files.shown_inside(file, row.name)
