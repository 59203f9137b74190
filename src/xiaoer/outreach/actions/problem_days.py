"""企业问题收集日: slots at desks, bookings, walk-ins with a ticket, and what was brought.

Whoever comes, comes at the enterprise's own wish: nothing here is a contact of the zone's, and
nothing counts against the enterprise's quota (processes.md section 4).
"""

from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks
from xiaoer.outreach.actions.filing import Filed, file_appeal
from xiaoer.outreach.actions.story import may_say, must_say
from xiaoer.outreach.actions.visit_days import State, day_in_hand
from xiaoer.outreach.models import Appeal, AppealKind, Booking, DaySlot, Gathering, Programme
from xiaoer.registry.models import Party
from xiaoer.work.calendar import LOCAL

Through = Booking.Through
Was = Booking.State
MOST_SLOTS, MOST_PLACES = 200, 50
SHORTEST = 5  # minutes


@transaction.atomic
def add_slots(
    *,
    by: Actor,
    now: datetime,
    gathering: Gathering,
    desk: str,
    from_time: time,
    until_time: time,
    minutes: int,
    capacity: int = 1,
) -> list[DaySlot]:
    """Cut a stretch of the day at one desk into slots of so many minutes."""
    day = day_in_hand(by, gathering, State.PLANNED, State.ANNOUNCED)
    if day.programme.kind != Programme.Kind.PROBLEM_DAY:
        raise Refused(_("Slots belong to a problem day; choose one."))
    desk = must_say(desk, "desk", _("Say which room or desk."), most=60)
    if not 1 <= capacity <= MOST_PLACES:
        raise Refused(
            _("A slot takes 1 to %(most)d enterprises.") % {"most": MOST_PLACES}, field="capacity"
        )
    times = _cut(from_time, until_time, minutes)
    if day.slots.count() + len(times) > MOST_SLOTS:
        raise Refused(_("A day takes at most %(most)d slots.") % {"most": MOST_SLOTS})
    rows = [
        DaySlot(
            zone_id=day.zone_id,
            gathering=day,
            from_time=begin,
            until_time=end,
            desk=desk,
            capacity=capacity,
        )
        for begin, end in times
    ]
    try:
        with transaction.atomic():
            made = DaySlot.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused(
            _("%(desk)s has slots at these times already; choose other times.") % {"desk": desk},
            field="from_time",
        ) from error
    journal.record(
        by=by, now=now, verb="add_slots", subject=day, count=len(made), name=desk, slots=capacity
    )
    return made


def _cut(from_time: time, until_time: time, minutes: int) -> list[tuple[time, time]]:
    if until_time <= from_time:
        raise Refused(_("The last slot must end after the first begins."), field="until_time")
    if minutes < SHORTEST:
        raise Refused(
            _("A slot takes at least %(least)d minutes.") % {"least": SHORTEST}, field="minutes"
        )
    begin = datetime.combine(datetime.min, from_time)
    last, step = datetime.combine(datetime.min, until_time), timedelta(minutes=minutes)
    found = []
    while begin + step <= last:
        found.append((begin.time(), (begin + step).time()))
        begin += step
    if not found:
        raise Refused(_("This time is shorter than one slot."), field="minutes")
    return found


@transaction.atomic
def book_slot(
    *,
    by: Actor,
    now: datetime,
    slot: DaySlot,
    party: Party,
    who: str,
    phone: str = "",
    matter: str = "",
) -> Booking:
    """Book a place: the enterprise on its own page, or the desk for whoever telephones.

    The day is locked before the slot, as by whoever calls the day off: nobody keeps a place on a
    day that ends at this moment, and of two who want the last place one is told that it is gone.
    """
    _must_book(by, party)
    who = must_say(who, "who", _("Say who comes."), most=60)
    with on_behalf(by):
        Gathering.objects.select_for_update(no_key=True).filter(
            pk=slot.gathering_id, zone_id=by.zone_id
        ).first()
        row = (
            DaySlot.objects.select_for_update(of=("self",))
            .select_related("gathering__programme")
            .filter(pk=slot.pk, zone_id=by.zone_id)
            .first()
        )
        if row is None:
            raise Refused(_("There is no such slot here for you."), field="slot")
        _must_be_bookable(row, now)
        booking = _entered(
            Booking(
                zone_id=by.zone_id,
                gathering=row.gathering,
                slot=row,
                party=party,
                through=Through.ENTERPRISE if by.role == Role.ENTERPRISE else Through.PHONE,
                who=who,
                phone=may_say(phone, "phone", 40),
                matter=may_say(matter, "matter", 200),
                booked_at=now,
            )
        )
        DaySlot.objects.filter(pk=row.pk).update(taken=F("taken") + 1)
        _record(by, now, "book_slot", booking, at=f"{row.from_time:%H:%M}")
    return booking


def _must_book(by: Actor, party: Party) -> None:
    own = by.role == Role.ENTERPRISE and by.party_ref == party.pk
    if not own and not access.is_desk(by):
        raise Refused(_("The enterprise books on its page, or the service desk for it."))
    if party.merged_into_id is not None:
        raise Refused(_("This entry was merged into another; plan that one."), field="party")


def _must_be_bookable(slot: DaySlot, now: datetime) -> None:
    day = slot.gathering
    if day.state != State.ANNOUNCED:
        raise Refused(_("The slots of this day are not open for booking."), field="slot")
    here = now.astimezone(LOCAL)
    if (day.day, slot.from_time) <= (here.date(), here.time()):
        raise Refused(_("This time is past; choose a later one, or simply come."), field="slot")
    if slot.taken >= slot.capacity:
        raise Refused(
            _("%(time)s at %(desk)s has just been taken; choose another time.")
            % {"time": f"{slot.from_time:%H:%M}", "desk": slot.desk},
            field="slot",
        )


def _entered(booking: Booking) -> Booking:
    """Saved, unless the enterprise has a place on this day already."""
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError as error:
        raise Refused(
            _("%(name)s has a place on this day already; cancel that one first.")
            % {"name": booking.party.name},
            field="party",
        ) from error
    return booking


def _record(by: Actor, now: datetime, verb: str, booking: Booking, **detail: object) -> None:
    journal.record(
        by=by,
        now=now,
        verb=verb,
        subject=booking,
        party_ref=booking.party_id,
        day=booking.gathering.day.isoformat(),
        **detail,
    )


def _booking_in_hand(by: Actor, booking: Booking, version: int, *states: str) -> Booking:
    """The booking, locked with its day; called inside ``on_behalf``."""
    row = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("gathering__programme", "slot", "party")
        .filter(pk=booking.pk, zone_id=by.zone_id)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such booking here for you."))
    journal.must_be_fresh(row, version)
    if row.state not in states:
        raise Refused(
            _("This booking is in the state “%(state)s”; this is not possible now.")
            % {"state": Was(row.state).label}
        )
    row.version += 1
    return row


def _free(row: Booking) -> None:
    if row.slot_id is not None:
        DaySlot.objects.filter(pk=row.slot_id, taken__gt=0).update(taken=F("taken") - 1)


@transaction.atomic
def cancel_booking(
    *, by: Actor, now: datetime, booking: Booking, version: int, reason: str = ""
) -> Booking:
    """Give a place back; the enterprise its own, the desk anybody's."""
    seen = Booking.objects.filter(pk=booking.pk, zone_id=by.zone_id).exists()
    if not seen or not (access.is_desk(by) or by.role == Role.ENTERPRISE):
        raise Refused(_("There is no such booking here for you."))
    with on_behalf(by):
        row = _booking_in_hand(by, booking, version, Was.BOOKED, Was.WAITING)
        row.state, row.ended_at = Was.CANCELLED, now
        row.outcome = may_say(reason, "reason", 300)
        row.save()
        _free(row)
        _record(by, now, "cancel_booking", row)
    return row


@transaction.atomic
def walk_in(
    *,
    by: Actor,
    now: datetime,
    gathering: Gathering,
    party: Party,
    who: str,
    phone: str = "",
    matter: str = "",
) -> Booking:
    """Somebody comes without a booking and takes a ticket (现场取号)."""
    day = _day_at_the_desk(by, gathering, now)
    if party.merged_into_id is not None:
        raise Refused(_("This entry was merged into another; plan that one."), field="party")
    booking = _entered(
        Booking(
            zone_id=by.zone_id,
            gathering=day,
            party=party,
            through=Through.WALK_IN,
            who=must_say(who, "who", _("Say who came."), most=60),
            phone=may_say(phone, "phone", 40),
            matter=may_say(matter, "matter", 200),
            state=Was.WAITING,
            ticket_no=_next_ticket(day),
            booked_at=now,
            arrived_at=now,
        )
    )
    _record(by, now, "walk_in", booking, count=booking.ticket_no)
    return booking


def _day_at_the_desk(by: Actor, gathering: Gathering, now: datetime) -> Gathering:
    """The day, locked, while it goes on: so tickets are given one after the other."""
    day = day_in_hand(by, gathering, State.ANNOUNCED, State.HELD)
    if day.programme.kind != Programme.Kind.PROBLEM_DAY:
        raise Refused(_("Tickets are given on a problem day only."))
    if day.day != clocks.local_day(now):
        raise Refused(_("Tickets are given on the day itself, %(day)s.") % {"day": day.day})
    return day


def _next_ticket(day: Gathering) -> int:
    last: int | None = day.bookings.aggregate(last=Max("ticket_no"))["last"]
    return (last or 0) + 1


@transaction.atomic
def arrive(*, by: Actor, now: datetime, booking: Booking, version: int) -> Booking:
    """Somebody who booked is there and takes a ticket."""
    day = _day_at_the_desk(by, Gathering(pk=booking.gathering_id), now)
    row = _booking_in_hand(by, booking, version, Was.BOOKED, Was.NO_SHOW)
    row.state, row.arrived_at, row.ended_at = Was.WAITING, now, None
    row.ticket_no = row.ticket_no or _next_ticket(day)
    _entered(row)
    _record(by, now, "arrive", row, count=row.ticket_no)
    return row


@transaction.atomic
def call_in(*, by: Actor, now: datetime, booking: Booking, version: int, desk: str = "") -> Booking:
    """Call the next one to a desk."""
    access.must_plan_days(by)
    row = _booking_in_hand(by, booking, version, Was.WAITING, Was.CALLED)
    row.state, row.called_at, row.post_id = Was.CALLED, now, by.post_id
    row.desk = may_say(desk, "desk", 60) or (row.slot.desk if row.slot else "")
    row.save()
    _record(by, now, "call_in", row, count=row.ticket_no)
    return row


@transaction.atomic
def serve(
    *, by: Actor, now: datetime, booking: Booking, version: int, outcome: str = ""
) -> Booking:
    """Say that somebody was heard; what they ask for is filed as requests."""
    access.must_plan_days(by)
    row = _booking_in_hand(by, booking, version, Was.WAITING, Was.CALLED)
    row.state, row.ended_at, row.post_id = Was.SERVED, now, by.post_id
    row.called_at = row.called_at or now
    row.outcome = may_say(outcome, "outcome", 300)
    row.save()
    _record(by, now, "serve", row, count=row.ticket_no)
    return row


@transaction.atomic
def miss(*, by: Actor, now: datetime, booking: Booking, version: int) -> Booking:
    """Say that somebody did not come, or did not answer the call."""
    access.must_plan_days(by)
    row = _booking_in_hand(by, booking, version, Was.BOOKED, Was.WAITING, Was.CALLED)
    slot = row.slot
    here = now.astimezone(LOCAL)
    if slot is not None and (row.gathering.day, slot.from_time) > (here.date(), here.time()):
        raise Refused(
            _("Their time has not come yet: %(time)s.") % {"time": f"{slot.from_time:%H:%M}"}
        )
    row.state, row.ended_at = Was.NO_SHOW, now
    row.save()
    _record(by, now, "miss", row)
    return row


@transaction.atomic
def file_from_booking(
    *,
    by: Actor,
    now: datetime,
    booking: Booking,
    title: str,
    body: str = "",
    kind: AppealKind | None = None,
    urgency: str = Appeal.Urgency.NORMAL,
) -> Filed:
    """File what somebody brings to the desk as a request of the problem day."""
    access.must_plan_days(by)
    row = (
        Booking.objects.select_related("gathering__programme", "party")
        .filter(pk=booking.pk, zone_id=by.zone_id)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such booking here for you."))
    if row.state not in (Was.WAITING, Was.CALLED, Was.SERVED):
        raise Refused(_("A request is filed once they are there; give them a ticket first."))
    return file_appeal(
        by=by,
        now=now,
        party=row.party,
        channel=Appeal.Channel.PROBLEM_DAY,
        title=title,
        body=body or title,
        kind=kind,
        urgency=urgency,
        contact_name=row.who,
        contact_phone=row.phone,
        programme=row.gathering.programme,
        booking=row,
    )
