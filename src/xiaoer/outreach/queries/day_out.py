"""An officer's day out: whom to see in which order, why, what to ask; who is absent and why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor
from xiaoer.outreach.models import Appeal, Round
from xiaoer.outreach.queries.pool import OPEN_STATES, PoolRow, pool_row
from xiaoer.outreach.queries.routes import StopRow, live_rounds, span_words
from xiaoer.outreach.routing import Place
from xiaoer.web import words
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact
from xiaoer.work.queries.contacts import is_quiet

State = Contact.State
FAR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class DayStop:
    """One visit of the day: the reason first, the one question second."""

    number: int
    contact_id: int
    party_id: int
    enterprise: str
    begins: str
    ends: str
    light: Colour | None
    reason: str
    question: str
    late: str
    phone: str
    place: Place | None
    is_done: bool
    is_next: bool

    @property
    def geo(self) -> str:
        """An address a telephone opens in its own map, without any network of ours."""
        if self.place is None:
            return ""
        point = f"{self.place.latitude:.6f},{self.place.longitude:.6f}"
        return f"geo:{point}?q={point}"

    @property
    def tel(self) -> str:
        return "tel:" + "".join(sign for sign in self.phone if sign in "+0123456789")


@dataclass(frozen=True, slots=True)
class DayOut:
    """The day of one post. ``metres`` and ``minutes`` are None while no route is kept."""

    day: date
    stops: tuple[DayStop, ...]
    metres: int | None
    minutes: int | None
    absent: tuple[str, ...]
    next_day: date | None
    drafts: int

    @property
    def left(self) -> int:
        """Visits still to be made."""
        return sum(1 for stop in self.stops if not stop.is_done)

    @property
    def kilometres(self) -> float | None:
        return None if self.metres is None else self.metres / 1000

    @property
    def hours_and_minutes(self) -> str | None:
        return None if self.minutes is None else span_words(self.minutes)


def day_out(*, by: Actor, now: datetime) -> DayOut:
    """The asker's own visits of today: as their route orders them, else by the hour they are due."""
    today = now.astimezone(LOCAL).date()
    rounds = live_rounds(by=by, since=today, until=today, posts=[by.post_id or 0])
    route = next((row for row in rounds if row.state == Round.State.KEPT), None)
    contacts = list(
        Contact.objects.filter(
            zone_id=by.zone_id,
            post_id=by.post_id or 0,
            planned_on=today,
            tag=Contact.Tag.SERVICE,
            kind=Contact.Kind.VISIT,
        )
        .select_related("party", "merged_into")
        .order_by("from_time", "pk")
    )
    going = _in_order(contacts, {} if route is None else {s.contact_id: s for s in route.stops})
    stops = _stops(by, now, going)
    return DayOut(
        day=today,
        stops=stops,
        metres=route.metres if route else None,
        minutes=route.minutes if route else None,
        absent=_absent(by, today, contacts, stops),
        next_day=None if going else _next_day(by, today),
        drafts=sum(1 for row in rounds if row.is_draft),
    )


Going = list[tuple[Contact, StopRow | None]]


def _in_order(contacts: list[Contact], stops: dict[int, StopRow]) -> Going:
    """Visits to be made or made, in the order of the route; what it does not know comes last."""
    rows = [row for row in contacts if row.state in (State.PLANNED, State.DONE)]
    rows.sort(key=lambda row: stops[row.pk].order if row.pk in stops else len(stops) + 1)
    return [(row, stops.get(row.pk)) for row in rows]


def _stops(by: Actor, now: datetime, going: Going) -> tuple[DayStop, ...]:
    parties = [contact.party_id for contact, _stop in going]
    waits = _requests(by, now, parties)
    asked: dict[int, str] = {}
    for question in work.open_questions(by, parties):
        asked.setdefault(question.party_id, question.text)
    found = []
    is_next = True
    for number, (contact, stop) in enumerate(going, start=1):
        is_done = contact.state == State.DONE
        request = waits.get(contact.party_id)
        begins, ends = _times(contact, stop)
        party = contact.party
        has_place = party.longitude is not None and party.latitude is not None
        found.append(
            DayStop(
                number=number,
                contact_id=contact.pk,
                party_id=contact.party_id,
                enterprise=party.name,
                begins=begins,
                ends=ends,
                light=request.light if request else None,
                reason=f"{request.title}，{request.remaining}" if request else contact.purpose,
                question=asked.get(contact.party_id, ""),
                late=stop.reason_words if stop and stop.late_minutes else "",
                phone=party.contact_phone,
                place=Place(party.longitude or 0, party.latitude or 0) if has_place else None,
                is_done=is_done,
                is_next=is_next and not is_done,
            )
        )
        is_next = is_next and is_done
    return tuple(found)


def _times(contact: Contact, stop: StopRow | None) -> tuple[str, str]:
    """When it is expected: by the route, else in the time the enterprise gave."""
    if stop is not None:
        return words.clock(stop.arrives_at), words.clock(stop.leaves_at)
    return (
        f"{contact.from_time:%H:%M}" if contact.from_time else "",
        f"{contact.until_time:%H:%M}" if contact.until_time else "",
    )


def _requests(by: Actor, now: datetime, parties: list[int]) -> dict[int, PoolRow]:
    """What each enterprise waits for most urgently, in one query."""
    rows = (
        Appeal.objects.filter(
            zone_id=by.zone_id, party_id__in=parties, state__in=OPEN_STATES
        )
        .select_related("party", "kind", "office", "handler__person")
        .defer("body", "terms")
    )  # fmt: skip
    calendar = work.calendar_of(by.zone_id)
    never = datetime.max.replace(tzinfo=LOCAL)
    lines = sorted(
        (pool_row(row, now, calendar) for row in rows),
        key=lambda one: (one.due_at or never, one.id),
    )
    found: dict[int, PoolRow] = {}
    for line in lines:
        found.setdefault(line.party_id, line)
    return found


def _absent(
    by: Actor, today: date, contacts: list[Contact], stops: tuple[DayStop, ...]
) -> tuple[str, ...]:
    """Whom one does not see today although it was planned, and why; nobody goes for nothing."""
    numbers = {stop.contact_id: stop.number for stop in stops}
    said = [
        _why_absent(row, numbers)
        for row in contacts
        if row.state not in (State.PLANNED, State.DONE)
    ]
    rule = work.rule_of(by.zone_id)
    if rule and is_quiet(today, rule.quiet_from, rule.quiet_until):
        said.append(
            _(
                "Today is a quiet day (%(first)s to %(last)s of each month): only what a leader allowed."
            )
            % {"first": rule.quiet_from, "last": rule.quiet_until}
        )
    return tuple(said)


def _why_absent(row: Contact, numbers: dict[int, int]) -> str:
    named = {"name": row.party.name, "purpose": row.purpose, "why": row.outcome or row.reason}
    if row.state == State.MERGED and row.merged_into is not None:
        if row.merged_into_id in numbers:
            return _("%(purpose)s (%(name)s) is done with visit %(n)s.") % {
                **named,
                "n": numbers[row.merged_into_id],
            }
        return _("%(purpose)s (%(name)s) is done on %(day)s.") % {
            **named,
            "day": words.day(row.merged_into.planned_on),
        }
    if row.state == State.REFUSED:
        return _("%(name)s does not want the visit now. %(why)s") % named
    return _("The visit to %(name)s was called off. %(why)s") % named


def _next_day(by: Actor, today: date) -> date | None:
    rows = Contact.objects.filter(
        zone_id=by.zone_id,
        post_id=by.post_id or 0,
        planned_on__gt=today,
        planned_on__lte=today + FAR,
        tag=Contact.Tag.SERVICE,
        kind=Contact.Kind.VISIT,
        state=State.PLANNED,
    )
    return rows.order_by("planned_on").values_list("planned_on", flat=True).first()
