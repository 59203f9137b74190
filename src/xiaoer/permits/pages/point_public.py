"""Service points without signing in: where, when, what, how many wait; book, cancel by link; hall screen.

Plain forms that need no script; PostgreSQL itself keeps back who else comes.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xiaoer.base.doors import found, go, key_page, page
from xiaoer.base.models import Role
from xiaoer.base.pages.forms import number
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits.models import AgencyMandate, Appointment, PointSlot, ServicePoint
from xiaoer.permits.pages.agency import scope_words
from xiaoer.permits.pages.point_day import slot_choices, slot_typed
from xiaoer.permits.pages.point_reading import point_here, thing_options, thing_typed
from xiaoer.permits.pages.points import point_map
from xiaoer.permits.point_words import hours_words, minutes_words
from xiaoer.permits.queries import points as queries
from xiaoer.registry.models import Party

visitors = key_page(queries.visitor_of)
holders = key_page(queries.find_appointment)
enterprise = page(Role.ENTERPRISE)
DAYS_SHOWN = 14


def _near(request: HttpRequest) -> tuple[float, float] | None:
    """Where the reader says to be: ``at=116.63,35.41``; the browser fills it in if asked to."""
    try:
        east, north = (float(one) for one in request.GET.get("at", "").split(","))
    except ValueError:
        return None
    return (east, north) if abs(east) <= 180 and abs(north) <= 90 else None


@require_GET
@visitors
def points_public(request: HttpRequest, by: Actor, zone_code: str) -> HttpResponse:
    """Points near: the nearest first where the reader says from where, else by tier."""
    now, near = timezone.now(), _near(request)
    rows = queries.points(zone_id=by.zone_id, on=timezone.localdate())
    listed = queries.standings(by=by, now=now, rows=rows, near=near)
    context = {
        "zone_code": zone_code,
        "zone_name": by.name,
        "listed": listed,
        "near": near,
        "hours": hours_words,
        "map": point_map(listed),
    }
    return render(request, "permits/points_public.html", context)


def _point(by: Actor, point_code: str) -> ServicePoint:
    rows = ServicePoint.objects.filter(zone_id=by.zone_id, code=point_code, closed_on__isnull=True)
    return found(rows.first())


@require_GET
@visitors
def point_public(request: HttpRequest, by: Actor, zone_code: str, point_code: str) -> HttpResponse:
    """One point: when it opens, what it does, how many wait now, times to book."""
    now, row = timezone.now(), _point(by, point_code)
    services = list(queries.services_of(point=row))
    hall = queries.hall_of(by=by, point=row, day=timezone.localdate())
    context = {
        "zone_code": zone_code,
        "zone_name": by.name,
        "point": row,
        "standing": queries.standings(by=by, now=now, rows=[row])[0],
        "hours": hours_words(row),
        "things": [one.thing for one in services if one.thing],
        "extended": [one.extended for one in services if one.extended],
        "wait": minutes_words(hall.mean_wait),
        "free": queries.free_slots(
            point=row, now=now, until=timezone.localdate() + timedelta(days=DAYS_SHOWN)
        ).count(),
    }
    return render(request, "permits/point_public.html", context)


@require_http_methods(["GET", "POST"])
@visitors
def point_public_book(
    request: HttpRequest, by: Actor, zone_code: str, point_code: str
) -> HttpResponse:
    """Book a time: a telephone and a name, no account."""
    row = _point(by, point_code)
    refusal = None
    if request.method == "POST":
        try:
            token = _book(request, by, row, None)
            return go(request, f"{reverse('appointment_public', args=[token])}?new=1")
        except Refused as refused:
            if request.headers.get("HX-Request"):
                raise
            # Without scripts the page comes back with everything that was typed.
            refusal = refused
    context = {
        "zone_code": zone_code,
        "zone_name": by.name,
        "point": row,
        "slots": slot_choices(row),
        "things": thing_options(by),
        "typed": request.POST,
        "errors": {refusal.field or "form": str(refusal)} if refusal else {},
    }
    return render(request, "permits/point_book.html", context, status=422 if refusal else 200)


def _book(request: HttpRequest, by: Actor, row: ServicePoint, party: Party | None) -> str:
    slot: PointSlot = slot_typed(request, by, row)
    return permits.book_appointment(
        by=by,
        now=timezone.now(),
        slot=slot,
        who=request.POST.get("who", ""),
        phone=request.POST.get("phone", ""),
        thing=thing_typed(request, by),
        words=request.POST.get("words", ""),
        party=party,
    ).token


@require_http_methods(["GET", "POST"])
@holders
def appointment_public(request: HttpRequest, by: Actor, token: str) -> HttpResponse:
    """One's own appointment, by its link: when, where, one's number; cancelled here."""
    row = found(queries.appointment_by_key(by=by))
    address = reverse("appointment_public", args=[token])
    if request.method == "POST":
        permits.cancel_appointment(by=by, now=timezone.now(), appointment=row)
        return go(request, address)
    ticket = getattr(row, "ticket", None)
    context = {
        "row": row,
        "point": row.point,
        "ticket": ticket,
        "before": queries.before_ticket(by=by, ticket=ticket)
        if ticket and ticket.state == "waiting"
        else None,
        "hours": hours_words(row.point),
        "address": address,
        "link": request.build_absolute_uri(address),
        "is_new": "new" in request.GET,
        "may_cancel": row.state == Appointment.State.BOOKED,
    }
    return render(request, "permits/appointment_public.html", context)


@require_GET
@visitors
def point_calls(request: HttpRequest, by: Actor, zone_code: str, point_code: str) -> HttpResponse:
    """The screen of the hall: numbers and windows, no names; it renews itself."""
    row = _point(by, point_code)
    hall = queries.hall_of(by=by, point=row, day=timezone.localdate())
    context = {
        "zone_code": zone_code,
        "point": row,
        "hall": hall,
        "wait": minutes_words(hall.mean_wait),
    }
    part = "part" in request.GET
    return render(request, "permits/_calls.html" if part else "permits/point_calls.html", context)


# The enterprise's own ----------------------------------------------------------------------------


def _own(by: Actor) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())


@enterprise
def my_points(request: HttpRequest, by: Actor) -> HttpResponse:
    """Our appointments, who may act for us, and when our e-licence was shown."""
    party, today = _own(by), timezone.localdate()
    names = dict(queries.things_offered(zone_id=by.zone_id).values_list("code", "name"))
    given = queries.mandates_of(party=party)
    context = {
        "party": party,
        "today": today,
        "appointments": list(queries.appointments_of(party=party)[:20]),
        "mandates": [(one, scope_words(one, names)) for one in given[:50]],
        "uses": list(queries.licence_uses_of(party=party)[:50]),
        "points": queries.standings(
            by=by, now=timezone.now(), rows=queries.points(zone_id=by.zone_id, on=today)
        ),
    }
    return render(request, "permits/my_points.html", context)


@require_http_methods(["GET", "POST"])
@enterprise
def my_point_book(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """Book a time for our enterprise."""
    party, row = _own(by), point_here(by, point_id)
    if request.method == "POST":
        _book(request, by, row, party)
        return go(request, reverse("my_points"))
    context = {"point": row, "slots": slot_choices(row), "things": thing_options(by)}
    return render(request, "permits/my_point_book.html", context)


@require_http_methods(["POST"])
@enterprise
def my_points_do(request: HttpRequest, by: Actor, verb: str) -> HttpResponse:
    """Cancel one of our appointments, or take a power of attorney back."""
    now = timezone.now()
    if verb == "cancel":
        given = number(request.POST.get("appointment")) or 0
        booked = Appointment.objects.filter(zone_id=by.zone_id, pk=given).first()
        permits.cancel_appointment(by=by, now=now, appointment=found(booked))
    elif verb == "end":
        given = number(request.POST.get("mandate")) or 0
        held = AgencyMandate.objects.filter(zone_id=by.zone_id, pk=given).first()
        permits.end_mandate(
            by=by, now=now, mandate=found(held), reason=request.POST.get("reason", "")
        )
    else:
        raise Refused(_("Choose one of the list."))
    return go(request, reverse("my_points"))
