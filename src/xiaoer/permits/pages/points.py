"""Service points for those who keep them and serve at them: list with map, a point, its services."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES, Role, Zone
from xiaoer.base.pages.forms import must_day, number, text
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits import point_access as access
from xiaoer.permits.models import ExtendedService, ServicePoint
from xiaoer.permits.pages.point_reading import (
    extended_options,
    extended_typed,
    facts_typed,
    point_here,
    thing_options,
    things_typed,
)
from xiaoer.permits.point_words import WEEKDAYS, hours_words
from xiaoer.permits.queries import points as queries
from xiaoer.permits.queries.points import Standing
from xiaoer.registry.models import Cell
from xiaoer.registry.outlines import places_of

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
WIDE, HIGH, EDGE = 1000.0, 620.0, 36.0


@readers
def service_points(request: HttpRequest, by: Actor) -> HttpResponse:
    """All points by tier, as they stand at this moment, and where they lie."""
    now = timezone.now()
    closed = request.GET.get("closed") == "yes"
    rows = queries.points(zone_id=by.zone_id, on=timezone.localdate(), closed=closed)
    listed = queries.standings(by=by, now=now, rows=rows)
    outlines = Cell.objects.filter(zone_id=by.zone_id).values_list("outline", flat=True)
    context = {
        "groups": [
            (tier.label, [one for one in listed if one.point.tier == tier])
            for tier in ServicePoint.Tier
        ],
        "listed": listed,
        "closed": closed,
        "map": point_map(listed, [one for one in outlines if one]),
        "hours": hours_words,
        "keeps": access.keeps_points(by),
        "zone_code": Zone.objects.get(pk=by.zone_id).code,
    }
    return render(request, "permits/points.html", context)


def point_map(
    listed: Sequence[Standing], outlines: Sequence[dict[str, object]] = ()
) -> dict[str, object] | None:
    """Points and the ground below them in one box; None where nobody placed a point."""
    placed = [one for one in listed if one.point.east is not None and one.point.north is not None]
    if not placed:
        return None
    rings = [list(places_of(outline)) for outline in outlines]
    spots = [(one.point.east or 0.0, one.point.north or 0.0) for one in placed]
    every = [*spots, *(place for ring in rings for place in ring)]
    west, east = min(x for x, _y in every), max(x for x, _y in every)
    south, north = min(y for _x, y in every), max(y for _x, y in every)
    # One degree east is shorter than one north by about a fifth here.
    scale = min(
        (WIDE - 2 * EDGE) / max((east - west) * 0.81, 1e-6),
        (HIGH - 2 * EDGE) / max(north - south, 1e-6),
        40_000.0,
    )
    shift = (WIDE - (east - west) * 0.81 * scale) / 2, (HIGH - (north - south) * scale) / 2

    def spot(x: float, y: float) -> tuple[float, float]:
        return (
            round((x - west) * 0.81 * scale + shift[0], 1),
            round((north - y) * scale + shift[1], 1),
        )

    return {
        "ground": [
            "M" + "L".join(f"{a} {b}" for a, b in (spot(*place) for place in ring)) + "Z"
            for ring in rings
        ],
        "spots": [(one, *spot(*place)) for one, place in zip(placed, spots, strict=True)],
    }


@readers
def service_point(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """One point: hours, services, what stands under it."""
    now, row = timezone.now(), point_here(by, point_id)
    services = list(queries.services_of(point=row))
    below = queries.points(zone_id=by.zone_id, on=timezone.localdate()).filter(parent=row)
    context = {
        "point": row,
        "standing": queries.standings(by=by, now=now, rows=[row])[0],
        "things": [one for one in services if one.thing],
        "extended": [one for one in services if one.extended],
        "below": list(below),
        "free": queries.free_slots(point=row, now=now).count(),
        "hours": hours_words(row),
        "keeps": access.keeps_points(by),
        "serves": by.is_staff and row.closed_on is None,
        "zone_code": Zone.objects.get(pk=by.zone_id).code,
        "today": timezone.localdate(),
    }
    return render(request, "permits/point.html", context)


def _form(by: Actor, row: ServicePoint | None) -> dict[str, object]:
    parents = queries.points(zone_id=by.zone_id, on=timezone.localdate()).filter(tier__lt=3)
    hours: dict[str, Any] = row.hours if row else permits.Hours().written()
    stretches = [*hours.get("stretches", ()), *[["", ""]] * 3][:3]
    return {
        "point": row,
        "tiers": ServicePoint.Tier.choices,
        "parents": [(one.pk, one.name) for one in parents if row is None or one.pk != row.pk],
        "weekdays": [(str(day), words) for day, words in WEEKDAYS],
        "days": [str(day) for day in hours.get("days", ())],
        "stretches": stretches,
    }


@require_http_methods(["GET", "POST"])
@staff
def service_point_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enter a point."""
    access.must_keep_points(by)
    if request.method == "POST":
        row = permits.open_point(
            by=by,
            now=timezone.now(),
            code=text(request, "code", longest=30).lower(),
            facts=facts_typed(request, by),
        )
        messages.success(request, _("“%(name)s” is on the list.") % {"name": row.name})
        return go(request, reverse("service_point", args=[row.pk]))
    return render(request, "permits/point_form.html", _form(by, None))


@require_http_methods(["GET", "POST"])
@staff
def service_point_change(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """Change what a point says of itself."""
    access.must_keep_points(by)
    row = point_here(by, point_id)
    if request.method == "POST":
        permits.change_point(
            by=by,
            now=timezone.now(),
            point=row,
            facts=facts_typed(request, by),
            version=number(request.POST.get("version")) or 0,
        )
        messages.success(request, _("Saved."))
        return go(request, reverse("service_point", args=[row.pk]))
    return render(request, "permits/point_form.html", _form(by, row))


@require_POST
@staff
def service_point_close(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """Say from which day it serves no more."""
    row = permits.close_point(
        by=by,
        now=timezone.now(),
        point=point_here(by, point_id),
        closed_on=must_day(request, "closed_on"),
        reason=request.POST.get("reason", ""),
        version=number(request.POST.get("version")) or 0,
    )
    messages.success(request, _("“%(name)s” closes.") % {"name": row.name})
    return go(request, reverse("service_point", args=[row.pk]))


@require_http_methods(["GET", "POST"])
@staff
def point_services(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """Tick what a point offers; add or end kinds of extended service."""
    access.must_keep_points(by)
    row = point_here(by, point_id)
    if request.method == "POST":
        permits.offer_services(
            by=by,
            now=timezone.now(),
            point=row,
            things=things_typed(request, by),
            extended=extended_typed(request, by),
        )
        messages.success(request, _("Saved."))
        return go(request, reverse("service_point", args=[row.pk]))
    services = list(queries.services_of(point=row))
    context = {
        "point": row,
        "things": thing_options(by),
        "offered": [one.thing_id for one in services if one.thing_id],
        "extended": extended_options(by),
        "extended_offered": [one.extended_id for one in services if one.extended_id],
    }
    return render(request, "permits/point_services.html", context)


@require_POST
@staff
def extended_service_do(request: HttpRequest, by: Actor, verb: str) -> HttpResponse:
    """Add a kind of extended service, or end one."""
    now = timezone.now()
    if verb == "end":
        row = ExtendedService.objects.filter(
            zone_id=by.zone_id, pk=number(request.POST.get("service")) or 0
        ).first()
        if row is not None:
            permits.end_extended_service(by=by, now=now, service=row)
    else:
        permits.add_extended_service(
            by=by,
            now=now,
            code=text(request, "code", longest=30),
            name=request.POST.get("name", ""),
            name_en=request.POST.get("name_en", ""),
            source=request.POST.get("source", ""),
        )
    messages.success(request, _("Saved."))
    back = number(request.POST.get("point"))
    return go(
        request,
        reverse("point_services", args=[back]) if back else reverse("service_points"),
    )
