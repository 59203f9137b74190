"""Days of programmes as pages show them: who goes where, who has booked, and what came of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet

from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.models import (
    Appeal,
    Booking,
    DayEscort,
    DaySlot,
    DayVisit,
    Gathering,
    Programme,
    Visit,
)
from xiaoer.outreach.queries.figures import LEFT_OUT
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact

State = Gathering.State
# The enterprise declined, or somebody called the contact off in the calendar.
FALLEN = (Contact.State.REFUSED, Contact.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Brought:
    """A request a day brought, as it stands now."""

    id: int
    receipt_no: str
    title: str
    state: str
    is_counted: bool
    is_solved: bool


@dataclass(frozen=True, slots=True)
class Going:
    """A line of a visit day: planned, and what came of it. ``visit_id`` is None until logged.

    ``planned_id`` is None for a visit that was made without being on the programme.
    """

    planned_id: int | None
    version: int
    day: date
    party_id: int
    enterprise: str
    cell: str
    leader_id: int
    leader: str
    purpose: str
    from_time: time | None
    until_time: time | None
    escorts: tuple[str, ...]
    escort_post_ids: tuple[int, ...]
    escort_keys: tuple[str, ...]
    is_within_quota: bool
    reason: str
    refusal: str
    told_at: datetime | None
    is_cancelled: bool
    cancel_reason: str
    visit_id: int | None
    met: str
    brought: tuple[Brought, ...]

    @property
    def window(self) -> str:
        """09:00–10:30; where one end is open, the other alone."""
        ends = [f"{at:%H:%M}" if at else "" for at in (self.from_time, self.until_time)]
        return "–".join(ends) if any(ends) else ""


@dataclass(frozen=True, slots=True)
class DayPage:
    """One day of a programme with its lines and figures; requests count as they stand now."""

    gathering: Gathering
    programme: Programme
    lines: tuple[Going, ...]
    slots: tuple[DaySlot, ...]
    bookings: tuple["Queued", ...]

    @property
    def standing(self) -> tuple[Going, ...]:
        """Lines that were not taken off."""
        return tuple(line for line in self.lines if not line.is_cancelled)

    @property
    def refused(self) -> int:
        return sum(bool(line.planned_id) and not line.is_within_quota for line in self.standing)

    @property
    def untold(self) -> int:
        return sum(bool(line.planned_id) and line.told_at is None for line in self.standing)

    @property
    def visited(self) -> int:
        return sum(line.visit_id is not None for line in self.standing)

    @property
    def leaders(self) -> int:
        return len({line.leader_id for line in self.standing})

    @property
    def _brought(self) -> list[Brought]:
        held = [row.brought for row in self.lines] + [row.brought for row in self.bookings]
        return [one for brought in held for one in brought if one.is_counted]

    @property
    def requests(self) -> int:
        return len(self._brought)

    @property
    def solved(self) -> int:
        return sum(one.is_solved for one in self._brought)

    @property
    def places(self) -> int:
        return sum(slot.capacity for slot in self.slots)

    @property
    def taken(self) -> int:
        return sum(slot.taken for slot in self.slots)

    @property
    def waiting(self) -> tuple["Queued", ...]:
        """Who is there and not yet heard, in the order of the tickets."""
        open_states = (Booking.State.WAITING, Booking.State.CALLED)
        found = [row for row in self.bookings if row.state in open_states]
        return tuple(sorted(found, key=lambda row: row.ticket_no or 0))

    @property
    def expected(self) -> tuple["Queued", ...]:
        """Who booked and has not come yet."""
        return tuple(row for row in self.bookings if row.state == Booking.State.BOOKED)

    @property
    def ended(self) -> tuple["Queued", ...]:
        over = (Booking.State.SERVED, Booking.State.NO_SHOW, Booking.State.CANCELLED)
        return tuple(row for row in self.bookings if row.state in over)

    @property
    def served(self) -> int:
        return sum(row.state == Booking.State.SERVED for row in self.bookings)


@dataclass(frozen=True, slots=True)
class Queued:
    """Somebody who booked or came to a problem day."""

    id: int
    version: int
    party_id: int
    enterprise: str
    who: str
    phone: str
    matter: str
    through: str
    state: str
    state_words: str
    slot_id: int | None
    at: time | None
    desk: str
    ticket_no: int | None
    outcome: str
    brought: tuple[Brought, ...]


@dataclass(frozen=True, slots=True)
class ToldVisit:
    """What an enterprise was told of a leader's visit."""

    day: date
    programme: str
    who: str
    along: str
    purpose: str
    from_time: time | None
    until_time: time | None
    is_cancelled: bool
    cancel_reason: str


def gathering(*, by: Actor, day_id: int) -> Gathering | None:
    """A day of the asker's zone, for a verb or a page."""
    return (
        Gathering.objects.filter(zone_id=by.zone_id, pk=day_id).select_related("programme").first()
    )


def day_visit(*, by: Actor, line_id: int) -> DayVisit | None:
    """A line of a programme."""
    return (
        DayVisit.objects.filter(zone_id=by.zone_id, pk=line_id)
        .select_related("gathering__programme", "party", "leader__person", "contact")
        .first()
    )


def booking(*, by: Actor, booking_id: int) -> Booking | None:
    """A booking the asker may see."""
    return (
        Booking.objects.filter(zone_id=by.zone_id, pk=booking_id)
        .select_related("gathering__programme", "party", "slot")
        .first()
    )


def slot(*, by: Actor, slot_id: int) -> DaySlot | None:
    """A slot of the asker's zone."""
    return DaySlot.objects.filter(zone_id=by.zone_id, pk=slot_id).first()


def day_page(*, by: Actor, day_id: int) -> DayPage | None:
    """One day with everything on it; a fixed number of questions however long the programme is."""
    day = gathering(by=by, day_id=day_id)
    if day is None:
        return None
    appeals = _brought(by, day)
    return DayPage(
        gathering=day,
        programme=day.programme,
        lines=tuple(_lines(by, day, appeals)),
        slots=tuple(
            DaySlot.objects.filter(zone_id=by.zone_id, gathering=day).order_by(
                "from_time", "desk", "id"
            )
        ),
        bookings=tuple(_queue(by, day, appeals)),
    )


def _brought(by: Actor, day: Gathering) -> dict[tuple[str, int], list[Brought]]:
    """Requests of the day, by the visit or the booking they came of."""
    found: dict[tuple[str, int], list[Brought]] = defaultdict(list)
    rows = Appeal.objects.filter(zone_id=by.zone_id).filter(
        Q(visit__gathering=day) | Q(booking__gathering=day)
    )
    for row in rows.order_by("filed_at", "id"):
        one = Brought(
            id=row.pk,
            receipt_no=row.receipt_no,
            title=row.title,
            state=str(Appeal.State(row.state).label),
            is_counted=row.state not in LEFT_OUT,
            is_solved=row.state == Appeal.State.CONFIRMED and row.result == Appeal.Result.SOLVED,
        )
        if row.visit_id is not None:
            found["visit", row.visit_id].append(one)
        elif row.booking_id is not None:
            found["booking", row.booking_id].append(one)
    return found


def _lines(
    by: Actor, day: Gathering, appeals: dict[tuple[str, int], list[Brought]]
) -> Iterable[Going]:
    visits = {
        visit.party_id: visit
        for visit in Visit.objects.filter(
            zone_id=by.zone_id, gathering=day, replaced_by__isnull=True
        )
        .select_related("party__cell", "post__person")
        .order_by("-id")
    }
    planned = (
        DayVisit.objects.filter(zone_id=by.zone_id, gathering=day)
        .select_related("gathering", "party__cell", "leader__person", "contact")
        .prefetch_related("escorts__office", "escorts__post__person")
        .order_by("from_time", "id")
    )
    for line in planned:
        visit = None if line.cancelled_at else visits.pop(line.party_id, None)
        yield _planned(line, visit, appeals)
    for visit in sorted(visits.values(), key=lambda row: row.pk):
        yield _unplanned(visit, appeals)


def _planned(
    line: DayVisit, visit: Visit | None, appeals: dict[tuple[str, int], list[Brought]]
) -> Going:
    escorts = sorted(line.escorts.all(), key=lambda each: each.pk)
    return Going(
        planned_id=line.pk,
        version=line.version,
        day=line.gathering.day,
        party_id=line.party_id,
        enterprise=line.party.name,
        cell=line.party.cell.name if line.party.cell else "",
        leader_id=line.leader_id,
        leader=line.leader.person.name,
        purpose=line.purpose,
        from_time=line.from_time,
        until_time=line.until_time,
        escorts=tuple(escort_words(each) for each in escorts),
        escort_post_ids=tuple(each.post_id for each in escorts if each.post_id),
        escort_keys=tuple(escort_key(each) for each in escorts),
        is_within_quota=line.contact is not None and line.contact.state not in FALLEN,
        reason=line.contact.reason if line.contact else "",
        refusal=line.refusal or _fallen(line),
        told_at=line.told_at,
        is_cancelled=line.cancelled_at is not None,
        cancel_reason=line.cancel_reason,
        visit_id=visit.pk if visit else None,
        met=visit.met if visit else "",
        brought=tuple(appeals["visit", visit.pk]) if visit else (),
    )


def _fallen(line: DayVisit) -> str:
    """Why a visit that was planned cannot be made any more, in the words of who said so."""
    contact = line.contact
    if contact is None or contact.state not in FALLEN:
        return ""
    said = str(Contact.State(contact.state).label)
    return f"{said}：{contact.outcome}" if contact.outcome else said


def escort_words(row: DayEscort) -> str:
    return f"{row.office.name} {row.post.person.name}" if row.post else row.office.name


def escort_key(row: DayEscort) -> str:
    """How a form names an escort: an office (o7) or a post (p12)."""
    return f"p{row.post_id}" if row.post_id else f"o{row.office_id}"


def _unplanned(visit: Visit, appeals: dict[tuple[str, int], list[Brought]]) -> Going:
    return Going(
        planned_id=None,
        version=0,
        day=visit.visited_on,
        party_id=visit.party_id,
        enterprise=visit.party.name,
        cell=visit.party.cell.name if visit.party.cell else "",
        leader_id=visit.post_id,
        leader=visit.post.person.name,
        purpose="",
        from_time=None,
        until_time=None,
        escorts=(),
        escort_post_ids=(),
        escort_keys=(),
        is_within_quota=True,
        reason="",
        refusal="",
        told_at=None,
        is_cancelled=False,
        cancel_reason="",
        visit_id=visit.pk,
        met=visit.met,
        brought=tuple(appeals["visit", visit.pk]),
    )


def _queue(
    by: Actor, day: Gathering, appeals: dict[tuple[str, int], list[Brought]]
) -> Iterable[Queued]:
    rows = (
        Booking.objects.filter(zone_id=by.zone_id, gathering=day)
        .select_related("party", "slot")
        .order_by("slot__from_time", "ticket_no", "id")
    )
    for row in rows:
        yield queued(row, tuple(appeals["booking", row.pk]))


def queued(row: Booking, brought: tuple[Brought, ...] = ()) -> Queued:
    """A booking as a line of the desk's list."""
    return Queued(
        id=row.pk,
        version=row.version,
        party_id=row.party_id,
        enterprise=row.party.name,
        who=row.who,
        phone=row.phone,
        matter=row.matter,
        through=str(Booking.Through(row.through).label),
        state=row.state,
        state_words=str(Booking.State(row.state).label),
        slot_id=row.slot_id,
        at=row.slot.from_time if row.slot else None,
        desk=row.desk or (row.slot.desk if row.slot else ""),
        ticket_no=row.ticket_no,
        outcome=row.outcome,
        brought=brought,
    )


def days_to_copy(*, by: Actor, day: Gathering) -> QuerySet[Gathering]:
    """Other days of the same kind that have something to take over, latest first."""
    rows = Gathering.objects.filter(zone_id=by.zone_id, programme__kind=day.programme.kind).exclude(
        pk=day.pk
    )
    held = "slots" if day.programme.kind == Programme.Kind.PROBLEM_DAY else "lines"
    return rows.annotate(held=Count(held)).filter(held__gt=0).order_by("-day")[:12]


def coming_days(*, by: Actor, now: datetime) -> QuerySet[Gathering]:
    """Visit days and problem days from today on that were not called off, the next first."""
    return (
        Gathering.objects.filter(
            zone_id=by.zone_id,
            day__gte=now.astimezone(LOCAL).date(),
            programme__kind__in=(Programme.Kind.LEADERS_DAY, Programme.Kind.PROBLEM_DAY),
        )
        .exclude(state=State.CANCELLED)
        .select_related("programme")
        .order_by("day", "id")
    )


def my_visits_to_come(*, by: Actor, now: datetime) -> tuple[Going, ...]:
    """我的走访日: where a leader is to go, from today on; also for whom the asker stands in."""
    rows = (
        DayVisit.objects.filter(
            zone_id=by.zone_id,
            leader_id__in=access.posts_answered_for(by, now),
            cancelled_at__isnull=True,
            gathering__day__gte=now.astimezone(LOCAL).date(),
        )
        .exclude(gathering__state=State.CANCELLED)
        .select_related("party__cell", "leader__person", "contact", "gathering")
        .prefetch_related("escorts__office", "escorts__post__person")
        .order_by("gathering__day", "from_time", "id")[:20]
    )
    return tuple(_planned(row, None, defaultdict(list)) for row in rows)


def told_visits(*, by: Actor, since: date) -> tuple[ToldVisit, ...]:
    """What the asking enterprise was told of visits from a day on."""
    rows = (
        DayVisit.objects.filter(
            zone_id=by.zone_id,
            party_id=by.party_ref or 0,
            told_at__isnull=False,
            gathering__day__gte=since,
        )
        .select_related("gathering__programme")
        .order_by("gathering__day", "from_time", "id")
    )
    return tuple(
        ToldVisit(
            day=row.gathering.day,
            programme=row.gathering.programme.name,
            who=row.told_who,
            along=row.told_with,
            purpose=row.purpose,
            from_time=row.from_time,
            until_time=row.until_time,
            is_cancelled=row.cancelled_at is not None,
            cancel_reason=row.cancel_reason,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A problem day an enterprise may book, with its slots and its own place on it."""

    gathering: Gathering
    slots: tuple[DaySlot, ...]
    own: Queued | None

    @property
    def left(self) -> int:
        return sum(slot.capacity - slot.taken for slot in self.slots)


def open_problem_days(*, by: Actor, now: datetime) -> tuple[OpenDay, ...]:
    """Problem days open for booking, with the slots still to come."""
    here = now.astimezone(LOCAL)
    days = list(
        coming_days(by=by, now=now).filter(
            programme__kind=Programme.Kind.PROBLEM_DAY, state=State.ANNOUNCED
        )
    )
    slots = defaultdict(list)
    for row in DaySlot.objects.filter(zone_id=by.zone_id, gathering__in=days).order_by(
        "from_time", "desk", "id"
    ):
        slots[row.gathering_id].append(row)
    own = {
        row.gathering_id: queued(row)
        for row in Booking.objects.filter(
            zone_id=by.zone_id,
            gathering__in=days,
            party_id=by.party_ref or 0,
            state__in=(Booking.State.BOOKED, Booking.State.WAITING, Booking.State.CALLED),
        ).select_related("party", "slot")
    }
    return tuple(
        OpenDay(
            gathering=day,
            slots=tuple(
                each
                for each in slots[day.pk]
                if (day.day, each.from_time) > (here.date(), here.time())
            ),
            own=own.get(day.pk),
        )
        for day in days
    )
