"""A day of a point at the counter: appointments, numbers, calls."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role, Zone
from xiaoer.base.pages.forms import day_of, must_day, number, text, whole
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits import point_access as access
from xiaoer.permits.models import Appointment, PointSlot, QueueTicket, ServicePoint
from xiaoer.permits.pages.point_reading import party_named, point_here, thing_options, thing_typed
from xiaoer.permits.point_words import minutes_words
from xiaoer.permits.queries import points as queries

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
WINDOW = "point_window"
MOST_SHOWN = 200


@readers
def point_day(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """Who is expected, who waits, who is called; good on a phone."""
    row, today = point_here(by, point_id), timezone.localdate()
    day = day_of(request.GET.get("on")) or today
    shown = queries.point_day(point=row, day=day)
    context = {
        "point": row,
        "shown": shown,
        "day": day,
        "today": today,
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat(),
        "wait": minutes_words(shown.mean_wait),
        "window": request.session.get(WINDOW, ""),
        "keeps": access.keeps_points(by),
        "serves": by.is_staff and day == today and row.closed_on is None,
        "zone_code": Zone.objects.get(pk=by.zone_id).code,
    }
    return render(request, "permits/point_day.html", context)


@require_POST
@staff
def point_slots_open(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """Open times to book over some days, cut from the opening hours."""
    row = point_here(by, point_id)
    first = must_day(request, "first")
    made = permits.open_point_slots(
        by=by,
        now=timezone.now(),
        point=row,
        first=first,
        last=must_day(request, "last"),
        minutes=whole(request, "minutes", least=5, most=240),
        places=whole(request, "places", least=1, most=50),
    )
    said = ngettext("%(num)s time to book added.", "%(num)s times to book added.", made)
    messages.success(request, said % {"num": made})
    return go(request, f"{reverse('point_day', args=[row.pk])}?on={first.isoformat()}")


@require_POST
@staff
def point_day_do(request: HttpRequest, by: Actor, point_id: int, verb: str) -> HttpResponse:
    """Give a number, call, call again, pass over, serve; say who came, did not come, cancelled."""
    row = point_here(by, point_id)
    if verb in ("number", "next"):
        _at_the_point(request, by, row, verb)
    elif verb in ("again", "skip", "serve"):
        _with_ticket(request, by, verb)
    elif verb in ("arrive", "miss", "cancel"):
        _with_appointment(request, by, row, verb)
    else:
        raise Http404
    return go(request, reverse("point_day", args=[row.pk]))


def _at_the_point(request: HttpRequest, by: Actor, row: ServicePoint, verb: str) -> None:
    now = timezone.now()
    if verb == "number":
        ticket = permits.take_number(
            by=by, now=now, point=row, words=text(request, "words", longest=120)
        )
        messages.success(request, _("Number %(number)s.") % {"number": ticket.shown})
        return
    window = text(request, "window", longest=20)
    request.session[WINDOW] = window
    called = permits.call_next_number(by=by, now=now, point=row, window=window)
    if called is None:
        messages.info(request, _("Nobody waits."))
    else:
        said = _("Number %(number)s to window %(window)s.")
        messages.success(request, said % {"number": called.shown, "window": called.window})


def _with_ticket(request: HttpRequest, by: Actor, verb: str) -> None:
    now = timezone.now()
    given = number(request.POST.get("ticket")) or 0
    ticket: QueueTicket = found(queries.ticket_of(by=by, ticket_id=given))
    if verb == "again":
        window = str(request.session.get(WINDOW, ""))
        permits.call_number_again(by=by, now=now, ticket=ticket, window=window)
    elif verb == "skip":
        permits.skip_number(by=by, now=now, ticket=ticket)
    else:
        permits.serve_number(by=by, now=now, ticket=ticket)


def _with_appointment(request: HttpRequest, by: Actor, row: ServicePoint, verb: str) -> None:
    now = timezone.now()
    given = number(request.POST.get("appointment")) or 0
    booked = found(Appointment.objects.filter(zone_id=by.zone_id, point=row, pk=given).first())
    if verb == "arrive":
        ticket = permits.take_number(by=by, now=now, point=row, appointment=booked)
        messages.success(request, _("Number %(number)s.") % {"number": ticket.shown})
    elif verb == "miss":
        permits.miss_appointment(by=by, now=now, appointment=booked)
    else:
        permits.cancel_appointment(by=by, now=now, appointment=booked)


@require_http_methods(["GET", "POST"])
@staff
def point_book(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """Book for whoever telephones."""
    row = point_here(by, point_id)
    if request.method == "POST":
        firm = text(request, "firm", longest=120)
        booked = permits.book_appointment(
            by=by,
            now=timezone.now(),
            slot=slot_typed(request, by, row),
            who=request.POST.get("who", ""),
            phone=request.POST.get("phone", ""),
            thing=thing_typed(request, by),
            words=request.POST.get("words", ""),
            party=party_named(by, firm),
        ).appointment
        said = _("Booked as %(number)s. Tell them the number.") % {"number": booked.number}
        messages.success(request, said)
        address = reverse("point_day", args=[row.pk])
        return go(request, f"{address}?on={booked.day.isoformat()}")
    context = {
        "point": row,
        "slots": slot_choices(row, day_of(request.GET.get("on"))),
        "things": thing_options(by),
    }
    return render(request, "permits/point_booking.html", context)


def slot_typed(request: HttpRequest, by: Actor, point: ServicePoint) -> PointSlot:
    given = number(request.POST.get("slot"))
    slot = queries.slot_of(by=by, point=point, slot_id=given) if given else None
    if slot is None:
        raise Refused(_("Choose a time."), field="slot")
    return slot


def slot_choices(point: ServicePoint, on: date | None = None) -> list[tuple[int, str]]:
    """Times with a place left, as a form offers them."""
    rows = queries.free_slots(point=point, now=timezone.now())
    if on is not None:
        rows = rows.filter(day=on)
    return [
        (
            one.pk,
            f"{one.day:%m-%d} {one.from_time:%H:%M}–{one.until_time:%H:%M} · "
            + ngettext("%(num)s place left", "%(num)s places left", one.places - one.taken)
            % {"num": one.places - one.taken},
        )
        for one in rows[:MOST_SHOWN]
    ]
