"""Verbs of appointments and numbers at a point: slots, places booked, queue called.

The point is locked before the slot, always: of two who want the last place one is told that it is
gone, and no number is given twice.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import today
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits import point_access as access
from xiaoer.permits.actions.points import point_in_hand, tidy
from xiaoer.permits.models import Appointment, PointSlot, QueueTicket, ServicePoint, Thing
from xiaoer.permits.queries.points import hash_of, is_open_on, stretches_of
from xiaoer.registry.models import Party
from xiaoer.work.calendar import DAY, LOCAL
from xiaoer.work.queries import calendar_of

MOST_DAYS, MOST_PLACES, SHORTEST = 62, 50, 5
Was, Ticket = Appointment.State, QueueTicket.State


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment and the secret of its link, which is nowhere else."""

    appointment: Appointment
    token: str


def phone_hash(phone: str) -> str:
    """A telephone as it is kept: under a key outside the database, so that no list of numbers finds it."""
    digits = re.sub(r"\D", "", phone)[-11:]
    return salted_hmac(
        "xiaoer.permits.points", digits, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


# Slots -------------------------------------------------------------------------------------------


@transaction.atomic
def open_point_slots(
    *,
    by: Actor,
    now: datetime,
    point: ServicePoint,
    first: date,
    last: date,
    minutes: int,
    places: int,
) -> int:
    """Cut the opening hours of the days from ``first`` to ``last`` into slots; how many are new.

    Days the point is closed on get none; slots that stand already stay as they are.
    """
    access.must_keep_points(by)
    row = point_in_hand(by, point)
    if not today(now) <= first <= last:
        raise Refused(_("Choose days from today on, the first before the last."), field="first")
    if (last - first).days >= MOST_DAYS:
        raise Refused(_("At most %(most)d days at once.") % {"most": MOST_DAYS}, field="last")
    if not SHORTEST <= minutes <= 240:
        raise Refused(_("A slot takes from 5 minutes to 4 hours."), field="minutes")
    if not 1 <= places <= MOST_PLACES:
        raise Refused(
            _("A slot has from 1 to %(most)d places.") % {"most": MOST_PLACES}, field="places"
        )
    calendar = calendar_of(by.zone_id)
    days = [first + number * DAY for number in range((last - first).days + 1)]
    rows = [
        PointSlot(
            zone_id=by.zone_id, point=row, day=day, from_time=begin, until_time=end, places=places
        )
        for day in days
        if is_open_on(row, day, calendar)
        for begin, end in _cut(row, minutes)
    ]
    before = PointSlot.objects.filter(point=row, day__gte=first, day__lte=last).count()
    PointSlot.objects.bulk_create(rows, ignore_conflicts=True)
    made = PointSlot.objects.filter(point=row, day__gte=first, day__lte=last).count() - before
    if made:
        journal.record(
            by=by, now=now, verb="open_point_slots", subject=row, count=made,
            since=first.isoformat(), until=last.isoformat(),
        )  # fmt: skip
    return made


def _cut(point: ServicePoint, minutes: int) -> list[tuple[time, time]]:
    found, step = [], timedelta(minutes=minutes)
    for begin, end in stretches_of(point):
        at = datetime.combine(date.min, begin)
        while at + step <= datetime.combine(date.min, end):
            found.append((at.time(), (at + step).time()))
            at += step
    return found


# Appointments ------------------------------------------------------------------------------------


@transaction.atomic
def book_appointment(
    *,
    by: Actor,
    now: datetime,
    slot: PointSlot,
    who: str,
    phone: str,
    thing: Thing | None = None,
    words: str = "",
    party: Party | None = None,
) -> Booked:
    """Book a place: a stranger on the public page, an enterprise on its own, staff for whoever calls."""
    if party is not None and not (by.is_staff or by.party_ref == party.pk):
        raise Refused(_("An enterprise books for itself; leave its name out."))
    who = tidy(who, "who", 60, _("Say who comes."))
    if not 7 <= len(re.sub(r"\D", "", phone)) <= 15:
        raise Refused(
            _("Type a telephone number; it is kept as a fingerprint only."), field="phone"
        )
    token = secrets.token_urlsafe(24)
    with on_behalf(by):
        point = point_in_hand(by, ServicePoint(pk=slot.point_id))
        row = PointSlot.objects.select_for_update().filter(pk=slot.pk, point=point).first()
        if row is None:
            raise Refused(_("There is no such time here; choose another."), field="slot")
        _must_be_free(row, now)
        taken = Appointment.objects.filter(point=point, day=row.day).count()
        appointment = Appointment(
            zone_id=by.zone_id,
            point=point,
            slot=row,
            day=row.day,
            number=f"{point.code.upper()}-{row.day:%y%m%d}-{taken + 1:03d}",
            key_hash=hash_of(token),
            party=party,
            who=who,
            phone_hash=phone_hash(phone),
            phone_end=re.sub(r"\D", "", phone)[-4:],
            thing=thing,
            words=tidy(words, "words", 200),
            booked_at=now,
        )
        _entered(appointment)
        PointSlot.objects.filter(pk=row.pk).update(taken=F("taken") + 1)
        _tell(by, now, "book_appointment", appointment)
    return Booked(appointment, token)


def _must_be_free(slot: PointSlot, now: datetime) -> None:
    here = now.astimezone(LOCAL)
    if (slot.day, slot.from_time) <= (here.date(), here.time()):
        raise Refused(_("This time is past; choose a later one, or simply come."), field="slot")
    if slot.taken >= slot.places:
        raise Refused(
            _("%(time)s has just been taken; choose another time.")
            % {"time": f"{slot.from_time:%H:%M}"},
            field="slot",
        )


def _entered(appointment: Appointment) -> None:
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as no:
        raise Refused(
            _("This telephone has a place on this day already; cancel that one first."),
            field="phone",
        ) from no


def _tell(by: Actor, now: datetime, verb: str, row: Appointment) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, day=row.day.isoformat(),
        point=row.point.name,
    )  # fmt: skip


def _appointment_in_hand(by: Actor, appointment: Appointment) -> Appointment:
    """Seen by the asker, then locked with its point; called inside ``on_behalf``."""
    point_in_hand(by, ServicePoint(pk=appointment.point_id), is_open=False)
    return (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("point", "slot")
        .get(zone_id=by.zone_id, pk=appointment.pk)
    )


@transaction.atomic
def cancel_appointment(*, by: Actor, now: datetime, appointment: Appointment) -> Appointment:
    """Give a place back: whoever holds its link, the enterprise, or the point's staff."""
    seen = Appointment.objects.filter(zone_id=by.zone_id, pk=appointment.pk).first()
    if seen is None or not (by.is_staff or by.key or by.role == Role.ENTERPRISE):
        raise Refused(_("There is no such appointment here for you."))
    with on_behalf(by):
        row = _appointment_in_hand(by, seen)
        if row.state == Was.CANCELLED:
            return row
        if row.state != Was.BOOKED:
            raise Refused(
                _("This appointment is over: %(state)s.") % {"state": Was(row.state).label}
            )
        row.state, row.ended_at, row.version = Was.CANCELLED, now, row.version + 1
        row.save()
        PointSlot.objects.filter(pk=row.slot_id).update(taken=F("taken") - 1)
        _tell(by, now, "cancel_appointment", row)
    return row


@transaction.atomic
def miss_appointment(*, by: Actor, now: datetime, appointment: Appointment) -> Appointment:
    """Say that somebody who booked did not come; once their time is over."""
    access.must_serve(by)
    row = _appointment_in_hand(by, appointment)
    if row.state != Was.BOOKED:
        raise Refused(_("This appointment is over: %(state)s.") % {"state": Was(row.state).label})
    here = now.astimezone(LOCAL)
    if (row.day, row.slot.from_time) > (here.date(), here.time()):
        raise Refused(
            _("Their time has not come yet: %(time)s.") % {"time": f"{row.slot.from_time:%H:%M}"}
        )
    row.state, row.ended_at, row.version = Was.MISSED, now, row.version + 1
    row.save()
    _tell(by, now, "miss_appointment", row)
    return row


# The queue ---------------------------------------------------------------------------------------


@transaction.atomic
def take_number(
    *,
    by: Actor,
    now: datetime,
    point: ServicePoint,
    appointment: Appointment | None = None,
    words: str = "",
) -> QueueTicket:
    """Give whoever stands there the next number of the day; with an appointment, they have come."""
    access.must_serve(by)
    row = point_in_hand(by, point)
    day = today(now)
    if appointment is not None:
        booked = _appointment_in_hand(by, appointment)
        if booked.point_id != row.pk or booked.day != day:
            raise Refused(
                _("This appointment is for %(day)s at %(point)s.")
                % {"day": booked.day.isoformat(), "point": booked.point.name}
            )
        if booked.state not in (Was.BOOKED, Was.MISSED):
            raise Refused(
                _("This appointment is over: %(state)s.") % {"state": Was(booked.state).label}
            )
        booked.state, booked.ended_at, booked.version = Was.ARRIVED, now, booked.version + 1
        booked.save()
        appointment, words = booked, words or booked.words
    last = QueueTicket.objects.filter(point=row, day=day).aggregate(last=Max("number"))["last"]
    ticket = QueueTicket.objects.create(
        zone_id=by.zone_id,
        point=row,
        day=day,
        number=(last or 0) + 1,
        appointment=appointment,
        words=tidy(words, "words", 120),
        taken_at=now,
    )
    _tell_ticket(by, now, "take_number", ticket)
    return ticket


def _tell_ticket(by: Actor, now: datetime, verb: str, ticket: QueueTicket) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=ticket, code=ticket.shown, day=ticket.day.isoformat()
    )


@transaction.atomic
def call_next_number(
    *, by: Actor, now: datetime, point: ServicePoint, window: str
) -> QueueTicket | None:
    """Call whoever waits longest to a window, booked ones whose time has come first; None: nobody."""
    access.must_serve(by)
    row = point_in_hand(by, point, is_open=False)
    window = tidy(window, "window", 20, _("Say at which window you sit, such as 3."))
    here = now.astimezone(LOCAL)
    waiting = QueueTicket.objects.select_for_update(of=("self",)).filter(
        point=row, day=today(now), state=Ticket.WAITING
    )
    booked = waiting.filter(appointment__slot__from_time__lte=here.time()).order_by(
        "appointment__slot__from_time", "number"
    )
    ticket = booked.first() or waiting.order_by("number").first()
    if ticket is None:
        return None
    return _called(by, now, ticket, window)


def _called(by: Actor, now: datetime, ticket: QueueTicket, window: str) -> QueueTicket:
    ticket.state, ticket.called_at, ticket.ended_at = Ticket.CALLED, now, None
    ticket.window, ticket.post_id = window, by.post_id
    ticket.version += 1
    ticket.save()
    _tell_ticket(by, now, "call_next_number", ticket)
    return ticket


def _ticket_in_hand(by: Actor, ticket: QueueTicket, *states: str) -> QueueTicket:
    access.must_serve(by)
    row = (
        QueueTicket.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk=ticket.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such number here."))
    if row.state not in states:
        raise Refused(
            _("Number %(number)s is %(state)s; this is not possible now.")
            % {"number": row.shown, "state": Ticket(row.state).label}
        )
    row.version += 1
    return row


@transaction.atomic
def call_number_again(*, by: Actor, now: datetime, ticket: QueueTicket, window: str) -> QueueTicket:
    """Call a number once more: it was called, or called and not there."""
    row = _ticket_in_hand(by, ticket, Ticket.CALLED, Ticket.SKIPPED)
    if row.day != today(now):
        raise Refused(_("This number is of another day."))
    return _called(by, now, row, tidy(window, "window", 20) or row.window)


@transaction.atomic
def skip_number(*, by: Actor, now: datetime, ticket: QueueTicket) -> QueueTicket:
    """Nobody answered the call; they may be called again."""
    row = _ticket_in_hand(by, ticket, Ticket.CALLED)
    row.state, row.ended_at = Ticket.SKIPPED, now
    row.save()
    _tell_ticket(by, now, "skip_number", row)
    return row


@transaction.atomic
def serve_number(*, by: Actor, now: datetime, ticket: QueueTicket) -> QueueTicket:
    """Say that whoever had the number was served; what was done is recorded beside."""
    row = _ticket_in_hand(by, ticket, Ticket.CALLED)
    row.state, row.ended_at, row.post_id = Ticket.SERVED, now, by.post_id
    row.save()
    _tell_ticket(by, now, "serve_number", row)
    return row
