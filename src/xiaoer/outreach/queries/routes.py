"""Routes: the rules of routes, what is to be routed, and the rounds of a day as people see them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.models import RoadDistance, RoadSheet, Round, RouteRule, RouteSearch, Stop
from xiaoer.outreach.routing import (
    Hours,
    Left,
    Place,
    Problem,
    Roads,
    Visit,
    why_left,
)
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact

LIVE = (Round.State.DRAFT, Round.State.KEPT)
STANDS_STILL = timedelta(seconds=30)
DEFAULT_MARK = "D"


# The rules ------------------------------------------------------------------------------------


def route_rule(*, by: Actor) -> RouteRule:
    """The zone's rule, or the product's guess that nobody has looked at yet (mark D)."""
    kept = RouteRule.objects.filter(zone_id=by.zone_id).first()
    if kept is not None:
        return kept
    words = _("a guess of the product; the zone enters its own")
    return RouteRule(zone_id=by.zone_id, source=words, mark=DEFAULT_MARK, version=0)


def hours_of(rule: RouteRule) -> Hours:
    """The hours of a day, in seconds since midnight."""
    lunch = None
    if rule.lunch_from is not None and rule.lunch_until is not None:
        lunch = (second_of(rule.lunch_from), second_of(rule.lunch_until))
    return Hours(second_of(rule.works_from), second_of(rule.works_until), lunch)


def second_of(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def moment_of(day: date, second: int) -> datetime:
    """A second of a day as a moment, where the zone is."""
    return datetime.combine(day, time(), LOCAL) + timedelta(seconds=second)


def bases_of(rule: RouteRule) -> tuple[Place, Place] | None:
    """Where officers set out and come back; None while nobody entered it."""
    if rule.start_longitude is None or rule.start_latitude is None:
        return None
    start = Place(rule.start_longitude, rule.start_latitude)
    if rule.end_longitude is None or rule.end_latitude is None:
        return start, start
    return start, Place(rule.end_longitude, rule.end_latitude)


def roads_of(*, by: Actor, rule: RouteRule, parties: Iterable[int]) -> Roads:
    """The way between these parties and the base; refuses while nobody knows where that is."""
    bases = bases_of(rule)
    if bases is None:
        raise Refused(
            _(
                "Nobody has entered where officers set out; the service desk enters it under"
                " “Rules of routes”."
            )
        )
    numbers = set(parties)
    rows = RoadDistance.objects.filter(
        Q(from_party__isnull=True) | Q(from_party__in=numbers),
        Q(to_party__isnull=True) | Q(to_party__in=numbers),
        zone_id=by.zone_id,
    )
    known: dict[tuple[int | None, int | None], tuple[int, int | None]] = {
        (origin, target): (metres, seconds)
        for origin, target, metres, seconds in rows.values_list(
            "from_party_id", "to_party_id", "metres", "seconds"
        )
    }
    return Roads(bases[0], bases[1], rule.speed_kmh, rule.road_percent, known)


def road_sheets(*, by: Actor, most: int = 10) -> list[RoadSheet]:
    """The latest sheets of distances, newest first."""
    rows = RoadSheet.objects.filter(zone_id=by.zone_id).select_related("post__person")
    return list(rows.order_by("-id")[:most])


def road_pairs(*, by: Actor) -> int:
    """How many pairs have a road distance."""
    return RoadDistance.objects.filter(zone_id=by.zone_id).count()


# What is to be routed -------------------------------------------------------------------------


def visits_planned(
    *, by: Actor, since: date, until: date, posts: Sequence[Post] | None = None
) -> list[Contact]:
    """Service visits that are planned, of these posts and of nobody yet in their offices."""
    rows = Contact.objects.filter(
        zone_id=by.zone_id,
        state=Contact.State.PLANNED,
        tag=Contact.Tag.SERVICE,
        kind=Contact.Kind.VISIT,
        planned_on__range=(since, until),
    )
    if posts is not None:
        offices = {post.office_id for post in posts} - {None}
        rows = rows.filter(
            Q(post__in=[post.pk for post in posts]) | Q(post__isnull=True, office__in=offices)
        )
    return list(rows.select_related("party", "post__person").order_by("planned_on", "pk"))


def as_visit(contact: Contact, stop: Stop | None = None) -> Visit:
    """A planned visit as the search takes it; a lock of the stop it has goes with it."""
    party = contact.party
    has_place = party.longitude is not None and party.latitude is not None
    lock = stop.lock if stop else ""
    return Visit(
        contact=contact.pk,
        party=contact.party_id,
        place=Place(party.longitude or 0, party.latitude or 0) if has_place else None,
        seconds=contact.minutes * 60,
        post=stop.round.post_id if stop and lock else contact.post_id,
        opens=second_of(contact.from_time) if contact.from_time else None,
        closes=second_of(contact.until_time) if contact.until_time else None,
        lock=lock,
        held_at=second_of(stop.arrives_at.astimezone(LOCAL).time()) if stop and lock else None,
    )


def problems_of(
    *, by: Actor, since: date, until: date, posts: Sequence[Post], may_exchange: bool
) -> list[tuple[date, Problem]]:
    """The days of a span with visits to be routed. What somebody else keeps in a route stays there."""
    rule = route_rule(by=by)
    contacts = visits_planned(by=by, since=since, until=until, posts=posts)
    roads = roads_of(by=by, rule=rule, parties={contact.party_id for contact in contacts})
    stops = _stops_by_contact(by, since, until)
    numbers = tuple(post.pk for post in posts)
    days: dict[date, list[Visit]] = defaultdict(list)
    for contact in contacts:
        stop = stops.get(contact.pk)
        if stop is None or stop.round.post_id in numbers:
            days[contact.planned_on].append(as_visit(contact, stop))
    hours = hours_of(rule)
    return [
        (day, Problem(tuple(visits), numbers, hours, roads, may_exchange))
        for day, visits in sorted(days.items())
    ]


def _stops_by_contact(by: Actor, since: date, until: date) -> dict[int, Stop]:
    """The stop each visit has in a live round; a draft goes before what is kept."""
    rows = Stop.objects.filter(
        zone_id=by.zone_id, round__state__in=LIVE, round__day__range=(since, until)
    ).select_related("round")
    return {stop.contact_id: stop for stop in sorted(rows, key=lambda one: _rank(one.round))}


def _rank(row: Round) -> int:
    return 1 if row.state == Round.State.DRAFT else 0


def route_search(*, by: Actor, search_id: int) -> RouteSearch | None:
    """A search of one's own; who plans for all sees every search of the zone."""
    rows = RouteSearch.objects.filter(zone_id=by.zone_id, pk=search_id)
    if not access.plans_for_all(by):
        rows = rows.filter(post_id=by.post_id or 0)
    return rows.first()


def is_stopped(search: RouteSearch, now: datetime) -> bool:
    """Whether nobody has been at a search for a while: the server was interrupted."""
    waits = search.state in (RouteSearch.State.WAITING, RouteSearch.State.RUNNING)
    return waits and now - search.told_at > STANDS_STILL


# Rounds as people see them --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop with what is read on the way."""

    contact_id: int
    party_id: int
    enterprise: str
    purpose: str
    order: int
    arrives_at: datetime
    leaves_at: datetime
    opens: time | None
    closes: time | None
    metres: int | None
    is_guessed: bool
    lock: str
    reason: str
    late_minutes: int
    state: str
    address: str
    phone: str
    person: str
    place: Place | None

    @property
    def is_done(self) -> bool:
        return self.state == Contact.State.DONE

    @property
    def is_off(self) -> bool:
        """Whether the visit is no longer to be made: cancelled, merged, refused."""
        return self.state not in (Contact.State.PLANNED, Contact.State.DONE)

    @property
    def kilometres(self) -> float | None:
        return None if self.metres is None else self.metres / 1000

    @property
    def reason_words(self) -> str:
        """What is wrong with this stop, in words; empty where nothing is."""
        if self.reason == Stop.Reason.WINDOW:
            return _("%(n)s minutes after its own time") % {"n": self.late_minutes}
        if self.reason == Stop.Reason.HOURS:
            return _("%(n)s minutes over the hours of the day") % {"n": self.late_minutes}
        if self.reason == Stop.Reason.UNKNOWN:
            return _("nobody has entered where it is; the way is not counted")
        return ""


@dataclass(frozen=True, slots=True)
class RoundRow:
    """An officer's day in order, and what it costs."""

    id: int
    day: date
    post_id: int
    officer: str
    office: str
    state: str
    version: int
    sets_out_at: datetime | None
    comes_back_at: datetime | None
    metres: int
    minutes: int
    guessed_legs: int
    unknown_legs: int
    late: int
    stops: tuple[StopRow, ...]

    @property
    def kilometres(self) -> float:
        return self.metres / 1000

    @property
    def is_draft(self) -> bool:
        return self.state == Round.State.DRAFT

    @property
    def hours_and_minutes(self) -> str:
        return span_words(self.minutes)


def span_words(minutes: int) -> str:
    """2 小时 40 分."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(m)s min") % {"m": rest}
    if not rest:
        return _("%(h)s h") % {"h": hours}
    return _("%(h)s h %(m)s min") % {"h": hours, "m": rest}


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A visit that is in no route, and why."""

    contact_id: int
    party_id: int
    enterprise: str
    officer: str | None
    post_id: int | None
    opens: time | None
    closes: time | None
    minutes: int
    why: str

    @property
    def why_words(self) -> str:
        return LEFT_WORDS[Left(self.why)]()


LEFT_WORDS = {
    Left.PLACE: lambda: _("Nobody has entered where this enterprise is."),
    Left.NOBODY: lambda: _("Its officer is not among those who go."),
    Left.SHORT: lambda: _("Its own time is shorter than the visit."),
    Left.HOURS: lambda: _("Its own time lies outside the hours of the day."),
    Left.FAR: lambda: _("It cannot be reached, and come back from, in time."),
    Left.FULL: lambda: _("Not placed yet, or no room beside the other visits of the day."),
}


@dataclass(frozen=True)
class Board:
    """A day: its rounds, what is in none, and who could go."""

    day: date
    rounds: tuple[RoundRow, ...]
    left: tuple[LeftRow, ...]
    start: Place | None
    end: Place | None

    @cached_property
    def visits(self) -> int:
        return sum(len(row.stops) for row in self.rounds)

    @property
    def kilometres(self) -> float:
        return sum(row.metres for row in self.rounds) / 1000

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rounds)

    @property
    def hours_and_minutes(self) -> str:
        return span_words(self.minutes)

    @property
    def drafts(self) -> tuple[RoundRow, ...]:
        return tuple(row for row in self.rounds if row.is_draft)


def board(*, by: Actor, day: date, posts: Sequence[int] | None = None) -> Board:
    """The rounds of a day, of some posts or of all the asker may see; drafts before what is kept."""
    rounds = live_rounds(by=by, since=day, until=day, posts=posts)
    rule = route_rule(by=by)
    bases = bases_of(rule)
    return Board(
        day=day,
        rounds=rounds,
        left=_left(by, day, rule, rounds, posts),
        start=bases[0] if bases else None,
        end=bases[1] if bases else None,
    )


def live_rounds(
    *, by: Actor, since: date, until: date, posts: Sequence[int] | None = None
) -> tuple[RoundRow, ...]:
    """The rounds in force of some days: of each officer and day the draft, else what is kept."""
    rows = Round.objects.filter(zone_id=by.zone_id, state__in=LIVE, day__range=(since, until))
    if not access.plans_for_all(by):
        rows = rows.filter(post_id__in=[by.post_id or 0])
    if posts is not None:
        rows = rows.filter(post_id__in=posts)
    live = {
        (row.day, row.post_id): row
        for row in sorted(rows.select_related("post__person", "post__office"), key=_rank)
    }
    return round_rows(live.values())


def round_rows(rounds: Iterable[Round]) -> tuple[RoundRow, ...]:
    """Rounds with their stops; joined with post, person and office."""
    found = sorted(rounds, key=lambda row: (row.day, row.post.person.name, row.post_id))
    stops: dict[int, list[Stop]] = defaultdict(list)
    for stop in Stop.objects.filter(round__in=[row.pk for row in found]).select_related(
        "contact__party"
    ):
        stops[stop.round_id].append(stop)
    return tuple(_round_row(row, stops[row.pk]) for row in found)


def _round_row(row: Round, stops: Sequence[Stop]) -> RoundRow:
    return RoundRow(
        id=row.pk,
        day=row.day,
        post_id=row.post_id,
        officer=row.post.person.name,
        office=row.post.office.name if row.post.office else "",
        state=row.state,
        version=row.version,
        sets_out_at=row.sets_out_at,
        comes_back_at=row.comes_back_at,
        metres=row.metres,
        minutes=row.minutes,
        guessed_legs=row.guessed_legs,
        unknown_legs=row.unknown_legs,
        late=row.late,
        stops=tuple(_stop_row(stop) for stop in sorted(stops, key=lambda one: one.order)),
    )


def _stop_row(stop: Stop) -> StopRow:
    contact, party = stop.contact, stop.contact.party
    return StopRow(
        contact_id=contact.pk,
        party_id=party.pk,
        enterprise=party.name,
        purpose=contact.purpose,
        order=stop.order,
        arrives_at=stop.arrives_at,
        leaves_at=stop.leaves_at,
        opens=contact.from_time,
        closes=contact.until_time,
        metres=stop.metres,
        is_guessed=stop.is_guessed,
        lock=stop.lock,
        reason=stop.reason,
        late_minutes=stop.late_minutes,
        state=contact.state,
        address=party.address,
        phone=party.contact_phone,
        person=party.contact_name,
        place=as_visit(contact).place,
    )


def _left(
    by: Actor,
    day: date,
    rule: RouteRule,
    rounds: Sequence[RoundRow],
    posts: Sequence[int] | None,
) -> tuple[LeftRow, ...]:
    """Planned visits of the day in no round, each with the first thing that keeps it out."""
    inside = set(_stops_by_contact(by, day, day))
    contacts = [
        contact
        for contact in visits_planned(by=by, since=day, until=day)
        if contact.pk not in inside and _is_asked_for(by, contact, posts)
    ]
    if not contacts or bases_of(rule) is None:
        return tuple(_left_row(contact, Left.FULL) for contact in contacts)
    roads = roads_of(by=by, rule=rule, parties=[contact.party_id for contact in contacts])
    goes = {row.post_id for row in rounds} | {contact.post_id for contact in contacts} - {None}
    visits = [as_visit(contact) for contact in contacts]
    problem = Problem(tuple(visits), tuple(post for post in goes if post), hours_of(rule), roads)
    return tuple(
        _left_row(contact, why_left(visit, problem))
        for contact, visit in zip(contacts, visits, strict=True)
    )


def _is_asked_for(by: Actor, contact: Contact, posts: Sequence[int] | None) -> bool:
    if posts is not None and contact.post_id is not None:
        return contact.post_id in posts
    return access.plans_for_all(by) or contact.post_id == by.post_id


def _left_row(contact: Contact, why: Left) -> LeftRow:
    return LeftRow(
        contact_id=contact.pk,
        party_id=contact.party_id,
        enterprise=contact.party.name,
        officer=contact.post.person.name if contact.post else None,
        post_id=contact.post_id,
        opens=contact.from_time,
        closes=contact.until_time,
        minutes=contact.minutes,
        why=why,
    )


def a_round(*, by: Actor, round_id: int) -> Round | None:
    """A round the asker may see: one's own, or any for who plans for all."""
    rows = Round.objects.filter(zone_id=by.zone_id, pk=round_id)
    if not access.plans_for_all(by):
        rows = rows.filter(post_id=by.post_id or 0)
    return rows.select_related("post__person", "post__office").first()


def days_planned(*, by: Actor, since: date, until: date) -> Mapping[date, int]:
    """How many visits each day has, of the asker's own or of all who may be planned for."""
    counts: dict[date, int] = defaultdict(int)
    for contact in visits_planned(by=by, since=since, until=until):
        if _is_asked_for(by, contact, None):
            counts[contact.planned_on] += 1
    return counts
