"""Where service points are, when they open, what they offer, who books and waits there."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import asin, cos, radians, sin, sqrt

from django.db import connection
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import get_language

from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits.models import (
    AgencyMandate,
    Appointment,
    ExtendedService,
    LicenceUse,
    PointService,
    PointSlot,
    QueueTicket,
    ServicePoint,
    Thing,
)
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.queries import calendar_of

EARTH_KM = 6371.0
EVERY_DAY = 7
LONGEST_SECRET = 64
# No secret: it only says that somebody without a post asks. No table's rule knows it.
VISITOR = "public"


# Who asks without signing in ---------------------------------------------------------------------


def hash_of(secret: str) -> str:
    """Under what the secret of an appointment's link is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def visitor_of(zone_code: str, **_rest: object) -> Actor | None:
    """Anybody who looks at a zone's public pages: the outside role, of no party."""
    zone = Zone.objects.filter(code=zone_code).first()
    return None if zone is None else Actor(zone_id=zone.pk, key=VISITOR, name=zone.name)


def find_appointment(token: str, **_rest: object) -> Actor | None:
    """Whoever holds an appointment's link: sees that one and nothing else; for a month after it."""
    if not token.isascii() or len(token) > LONGEST_SECRET:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from holder_of_appointment(%s)", [hash_of(token)])
        row = cursor.fetchone()
    return None if row is None else Actor(zone_id=row[0], key=hash_of(token), name=row[2])


# Points ------------------------------------------------------------------------------------------


def stretches_of(point: ServicePoint) -> list[tuple[time, time]]:
    return [
        (time.fromisoformat(begin), time.fromisoformat(end))
        for begin, end in point.hours.get("stretches", ())
    ]


def is_open_on(point: ServicePoint, day: date, calendar: WorkCalendar) -> bool:
    """Open on its weekdays; holidays close it and swapped working days open it, unless it never closes."""
    if day < point.opened_on or (point.closed_on is not None and day >= point.closed_on):
        return False
    days = set(point.hours.get("days", ()))
    if len(days) == EVERY_DAY:
        return True
    weekday, is_working = day.isoweekday(), calendar.is_working(day)
    if weekday >= 6:
        return weekday in days or (is_working and 5 in days)
    return weekday in days and is_working


def is_open_at(point: ServicePoint, now: datetime, calendar: WorkCalendar) -> bool:
    here = now.astimezone(LOCAL)
    return is_open_on(point, here.date(), calendar) and any(
        begin <= here.time() < end for begin, end in stretches_of(point)
    )


def next_opening(point: ServicePoint, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """When it opens next, within a fortnight; None where it does not."""
    here = now.astimezone(LOCAL)
    for number in range(15):
        day = here.date() + timedelta(days=number)
        if not is_open_on(point, day, calendar):
            continue
        for begin, _end in stretches_of(point):
            at = datetime.combine(day, begin, LOCAL)
            if at > here:
                return at
    return None


def point_name(point: ServicePoint) -> str:
    return point.name if (get_language() or "zh").startswith("zh") else point.name_en or point.name


def distance_km(east: float, north: float, point: ServicePoint) -> float | None:
    """As the crow flies; None for a point nobody placed."""
    if point.east is None or point.north is None:
        return None
    a, b = radians(north), radians(point.north)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(point.east - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


@dataclass(frozen=True, slots=True)
class Standing:
    """A point at a moment: open or not, how many wait, how far it is from who asks."""

    point: ServicePoint
    is_open: bool
    opens_at: datetime | None
    waiting: int
    kilometres: float | None = None
    services: int = 0

    @property
    def name(self) -> str:
        return point_name(self.point)


def points(*, zone_id: int, on: date, closed: bool = False) -> QuerySet[ServicePoint]:
    """Points in service on a day, or those that serve no more; the main hall first."""
    rows = ServicePoint.objects.filter(zone_id=zone_id).select_related("parent")
    gone = Q(closed_on__isnull=False, closed_on__lte=on)
    return rows.filter(gone) if closed else rows.exclude(gone)


def point_of(*, by: Actor, point_id: int) -> ServicePoint | None:
    rows = ServicePoint.objects.filter(zone_id=by.zone_id, pk=point_id)
    return rows.select_related("parent").first()


def standings(
    *,
    by: Actor,
    now: datetime,
    rows: Iterable[ServicePoint],
    near: tuple[float, float] | None = None,
) -> list[Standing]:
    """Points as they stand now, the nearest first where it is known from where; a fixed number of questions."""
    rows = list(rows)
    day = now.astimezone(LOCAL).date()
    waiting = waiting_at(by=by, day=day)
    offered = Counter(
        PointService.objects.filter(zone_id=by.zone_id, until__isnull=True).values_list(
            "point_id", flat=True
        )
    )
    with on_behalf(by):
        calendar = calendar_of(by.zone_id)
    found = [
        Standing(
            point=row,
            is_open=(is_open := is_open_at(row, now, calendar)),
            opens_at=None if is_open else next_opening(row, now, calendar),
            waiting=waiting.get(row.pk, 0),
            kilometres=distance_km(*near, row) if near else None,
            services=offered.get(row.pk, 0),
        )
        for row in rows
    ]
    if near:
        found.sort(key=lambda one: (one.kilometres is None, one.kilometres or 0.0))
    return found


def waiting_at(*, by: Actor, day: date) -> dict[int, int]:
    """How many wait at each point: a number anybody may know, the tickets are nobody's to read."""
    with on_behalf(by):
        rows = QueueTicket.objects.filter(
            zone_id=by.zone_id, day=day, state=QueueTicket.State.WAITING
        )
        return {
            row["point_id"]: row["count"]
            for row in rows.order_by().values("point_id").annotate(count=Count("id"))
        }


def services_of(*, point: ServicePoint) -> QuerySet[PointService]:
    """What a point offers now: things in the order of the zone, then extended services."""
    return (
        PointService.objects.filter(zone_id=point.zone_id, point=point, until__isnull=True)
        .select_related("thing", "extended")
        .order_by("extended__order", "thing__order", "thing_id", "id")
    )


def extended_services(*, zone_id: int, ended: bool = False) -> QuerySet[ExtendedService]:
    rows = ExtendedService.objects.filter(zone_id=zone_id)
    return rows if ended else rows.filter(ended_on__isnull=True)


def things_offered(*, zone_id: int) -> QuerySet[Thing]:
    return Thing.objects.filter(zone_id=zone_id, ended_on__isnull=True)


# Slots, appointments, the queue ------------------------------------------------------------------


def free_slots(
    *, point: ServicePoint, now: datetime, until: date | None = None
) -> QuerySet[PointSlot]:
    """Slots still to come that have a place left."""
    here = now.astimezone(LOCAL)
    later = Q(day__gt=here.date()) | Q(day=here.date(), from_time__gt=here.time())
    rows = PointSlot.objects.filter(
        later, zone_id=point.zone_id, point=point, taken__lt=F("places")
    )
    return rows.filter(day__lte=until) if until else rows


def slot_of(*, by: Actor, point: ServicePoint, slot_id: int) -> PointSlot | None:
    return PointSlot.objects.filter(zone_id=by.zone_id, point=point, pk=slot_id).first()


def appointment_by_key(*, by: Actor) -> Appointment | None:
    """The appointment of the link ``by`` holds."""
    rows = Appointment.objects.filter(zone_id=by.zone_id, key_hash=by.key)
    return rows.select_related("point", "slot", "thing").first()


def appointments_of(*, party: Party) -> QuerySet[Appointment]:
    """An enterprise's own, the latest first."""
    rows = Appointment.objects.filter(zone_id=party.zone_id, party_id__in=numbers_of(party=party))
    return rows.select_related("point", "slot", "thing").order_by("-day", "-id")


@dataclass(frozen=True, slots=True)
class PointDay:
    """A day of a point: who is expected, who waits, is called, was served, and how long they waited."""

    point: ServicePoint
    day: date
    slots: tuple[PointSlot, ...]
    expected: tuple[Appointment, ...]
    over: tuple[Appointment, ...]
    waiting: tuple[QueueTicket, ...]
    called: tuple[QueueTicket, ...]
    done: tuple[QueueTicket, ...]

    @property
    def served(self) -> int:
        return sum(one.state == QueueTicket.State.SERVED for one in self.done)

    @property
    def places(self) -> int:
        return sum(one.places for one in self.slots)

    @property
    def taken(self) -> int:
        return sum(one.taken for one in self.slots)

    @property
    def mean_wait(self) -> timedelta | None:
        """From taking the number to being called, of those who were called today."""
        waits = [
            one.called_at - one.taken_at for one in (*self.called, *self.done) if one.called_at
        ]
        return sum(waits, timedelta()) / len(waits) if waits else None


def point_day(*, point: ServicePoint, day: date) -> PointDay:
    """One day of a point; three questions."""
    tickets = list(
        QueueTicket.objects.filter(zone_id=point.zone_id, point=point, day=day)
        .select_related("appointment__slot", "post__person")
        .order_by("number")
    )
    booked = list(
        Appointment.objects.filter(zone_id=point.zone_id, point=point, day=day)
        .select_related("slot", "thing", "party")
        .order_by("slot__from_time", "id")
    )
    slots = PointSlot.objects.filter(zone_id=point.zone_id, point=point, day=day)
    expected = Appointment.State.BOOKED

    def of(*states: str) -> tuple[QueueTicket, ...]:
        return tuple(one for one in tickets if one.state in states)

    was = QueueTicket.State
    return PointDay(
        point=point,
        day=day,
        slots=tuple(slots),
        expected=tuple(one for one in booked if one.state == expected),
        over=tuple(one for one in booked if one.state in ("missed", "cancelled")),
        waiting=of(was.WAITING),
        called=of(was.CALLED),
        done=of(was.SERVED, was.SKIPPED),
    )


def ticket_of(*, by: Actor, ticket_id: int) -> QueueTicket | None:
    return QueueTicket.objects.filter(zone_id=by.zone_id, pk=ticket_id).first()


@dataclass(frozen=True, slots=True)
class Call:
    """What the hall screen shows of a number that was called: no name, ever."""

    number: str
    window: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Hall:
    """The screen of a point: the last numbers called, and how many wait."""

    calls: tuple[Call, ...]
    waiting: int
    mean_wait: timedelta | None


def hall_of(*, by: Actor, point: ServicePoint, day: date, most: int = 6) -> Hall:
    """Numbers for the hall screen, the last call first."""
    with on_behalf(by):
        rows = QueueTicket.objects.filter(zone_id=by.zone_id, point_id=point.pk, day=day)
        called = rows.filter(state=QueueTicket.State.CALLED).order_by("-called_at")[:most]
        wait = ExpressionWrapper(F("called_at") - F("taken_at"), output_field=DurationField())
        mean = rows.filter(called_at__isnull=False).aggregate(mean=Avg(wait))["mean"]
        calls = tuple(Call(one.shown, one.window, one.called_at) for one in called if one.called_at)
        return Hall(calls, rows.filter(state=QueueTicket.State.WAITING).count(), mean)


def before_ticket(*, by: Actor, ticket: QueueTicket) -> int:
    """How many are called before this one, at most: those of lower number and those booked."""
    with on_behalf(by):
        rows = QueueTicket.objects.filter(
            zone_id=by.zone_id,
            point_id=ticket.point_id,
            day=ticket.day,
            state=QueueTicket.State.WAITING,
        )
        return rows.filter(number__lt=ticket.number).count()


# Mandates and uses of an e-licence ---------------------------------------------------------------


def mandates(*, zone_id: int, on: date | None = None, words: str = "") -> QuerySet[AgencyMandate]:
    """Powers of attorney kept, the latest first; ``on``: only those in force on a day."""
    rows = AgencyMandate.objects.filter(zone_id=zone_id).select_related(
        "party", "agent_party", "case", "post__person"
    )
    if on is not None:
        rows = rows.filter(ended_at__isnull=True, valid_from__lte=on, valid_until__gte=on)
    if words:
        rows = rows.filter(Q(party__name__contains=words) | Q(agent_name__contains=words))
    return rows


def mandates_of(*, party: Party) -> QuerySet[AgencyMandate]:
    """What an enterprise gave, and what was given to it as an agent."""
    rows = numbers_of(party=party)
    return (
        AgencyMandate.objects.filter(
            Q(party_id__in=rows) | Q(agent_party_id__in=rows), zone_id=party.zone_id
        )
        .select_related("party", "case")
        .order_by("-id")
    )


def mandate_of(*, by: Actor, mandate_id: int) -> AgencyMandate | None:
    rows = AgencyMandate.objects.filter(zone_id=by.zone_id, pk=mandate_id)
    return rows.select_related("party").first()


def licence_uses_of(*, party: Party) -> QuerySet[LicenceUse]:
    """When and for what an enterprise's e-licence was shown, the latest first."""
    rows = LicenceUse.objects.filter(zone_id=party.zone_id, party_id__in=numbers_of(party=party))
    return rows.select_related("point", "licence")
