"""企业问题收集日 at the desk: slots, bookings by telephone, tickets, calls, requests."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.actions.problem_days import MOST_PLACES
from xiaoer.outreach.models import Appeal, Booking, DaySlot
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.behalf import choose_enterprise, the_party
from xiaoer.registry.models import Party

staff = page(*STAFF_ROLES)
enterprise = page(Role.ENTERPRISE)


@require_POST
@staff
def slots_add(request: HttpRequest, by: Actor, day_id: int) -> HttpResponse:
    """Cut a stretch of the day at one desk into slots."""
    row = found(queries.gathering(by=by, day_id=day_id))
    post = request.POST
    made = outreach.add_slots(
        by=by,
        now=timezone.now(),
        gathering=row,
        desk=reading.said(post, "desk", 60),
        from_time=reading.must_be_time(post, "from_time"),
        until_time=reading.must_be_time(post, "until_time"),
        minutes=reading.must_be_number(post, "minutes", 600),
        capacity=reading.must_be_number(post, "capacity", MOST_PLACES),
    )
    said = ngettext("%(num)s slot added.", "%(num)s slots added.", len(made))
    messages.success(request, said % {"num": len(made)})
    return go(request, reverse("day", args=[day_id]))


@staff
def booking_new(
    request: HttpRequest, by: Actor, day_id: int, enterprise_id: int | None = None
) -> HttpResponse:
    """Book for whoever telephones, or give a ticket to whoever walks in."""
    row = found(queries.gathering(by=by, day_id=day_id))
    if enterprise_id is None:
        return choose_enterprise(
            request,
            by,
            to="booking_new_for",
            before=(day_id,),
            here=reverse("booking_new", args=[day_id]),
            title=_("Book or give a ticket"),
            crumb=(row.programme.name, reverse("day", args=[day_id])),
        )
    party = the_party(by, enterprise_id)
    if request.method == "POST":
        _enter(request.POST, by, day_id, party)
        return go(request, reverse("day", args=[day_id]))
    shown = found(queries.day_page(by=by, day_id=day_id))
    context = {
        "party": party,
        "day_set": row,
        "is_today": row.day == timezone.localdate(),
        "slots": _choices(shown.slots),
    }
    return render(request, "outreach/booking_new.html", context)


def _choices(slots: tuple[DaySlot, ...]) -> list[tuple[int, str]]:
    """Slots with a place left, as a form offers them."""
    return [
        (
            slot.pk,
            f"{slot.from_time:%H:%M}–{slot.until_time:%H:%M} {slot.desk} · "
            + ngettext("%(num)s place left", "%(num)s places left", slot.capacity - slot.taken)
            % {"num": slot.capacity - slot.taken},
        )
        for slot in slots
        if slot.taken < slot.capacity
    ]


def _enter(post: QueryDict, by: Actor, day_id: int, party: Party) -> None:
    """With a slot it is a booking; without one somebody stands at the desk."""
    now = timezone.now()
    who, phone = reading.said(post, "who", 60), reading.said(post, "phone", 40)
    matter = reading.said(post, "matter", 200)
    if not post.get("slot"):
        row = found(queries.gathering(by=by, day_id=day_id))
        outreach.walk_in(
            by=by, now=now, gathering=row, party=party, who=who, phone=phone, matter=matter
        )
        return
    outreach.book_slot(
        by=by, now=now, slot=_slot(post, by), party=party, who=who, phone=phone, matter=matter
    )


def _slot(post: QueryDict, by: Actor) -> DaySlot:
    row = queries.slot(by=by, slot_id=reading.number(post.get("slot")) or 0)
    if row is None:
        raise Refused(_("Choose a time."), field="slot")
    return row


@require_POST
@staff
def booking_do(request: HttpRequest, by: Actor, booking_id: int, verb: str) -> HttpResponse:
    """Give a ticket, call in, say that somebody was heard or did not come, cancel, file."""
    row = found(queries.booking(by=by, booking_id=booking_id))
    _act(request.POST, by, row, verb)
    return go(request, reverse("day", args=[row.gathering_id]))


def _act(post: QueryDict, by: Actor, row: Booking, verb: str) -> None:
    now, version = timezone.now(), reading.version(post)
    if verb == "arrive":
        outreach.arrive(by=by, now=now, booking=row, version=version)
    elif verb == "call":
        desk = reading.said(post, "desk", 60)
        outreach.call_in(by=by, now=now, booking=row, version=version, desk=desk)
    elif verb == "serve":
        outcome = reading.said(post, "outcome", 300)
        outreach.serve(by=by, now=now, booking=row, version=version, outcome=outcome)
    elif verb == "miss":
        outreach.miss(by=by, now=now, booking=row, version=version)
    elif verb == "cancel":
        reason = reading.said(post, "reason", 300)
        outreach.cancel_booking(by=by, now=now, booking=row, version=version, reason=reason)
    elif verb == "file":
        outreach.file_from_booking(
            by=by,
            now=now,
            booking=row,
            title=reading.words(post, "title"),
            body=reading.words(post, "body"),
            kind=reading.kind(post, by=by),
            urgency=post.get("urgency") or Appeal.Urgency.NORMAL,
        )
    else:
        raise Http404


@enterprise
def my_problem_days(request: HttpRequest, by: Actor) -> HttpResponse:
    """Problem days an enterprise may come to: book a time, or give it back."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())
    if request.method == "POST":
        post = request.POST
        outreach.book_slot(
            by=by,
            now=timezone.now(),
            slot=_slot(post, by),
            party=party,
            who=reading.said(post, "who", 60) or by.name,
            phone=reading.said(post, "phone", 40),
            matter=reading.said(post, "matter", 200),
        )
        return go(request, reverse("my_problem_days"))
    days = queries.open_problem_days(by=by, now=timezone.now())
    context = {
        "party": party,
        "days": [(one, _choices(one.slots)) for one in days],
        "who": by.name,
    }
    return render(request, "outreach/my_problem_days.html", context)


@require_POST
@enterprise
def my_booking_cancel(request: HttpRequest, by: Actor, booking_id: int) -> HttpResponse:
    """Give one's own place back."""
    row = found(queries.booking(by=by, booking_id=booking_id))
    outreach.cancel_booking(
        by=by,
        now=timezone.now(),
        booking=row,
        version=reading.version(request.POST),
        reason=reading.said(request.POST, "reason", 300),
    )
    return go(request, reverse("my_problem_days"))
