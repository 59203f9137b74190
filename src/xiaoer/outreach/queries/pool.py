"""The pool: requests of all channels, filtered, paged by key, counted for the chips."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from xiaoer.base.scope import Actor
from xiaoer.outreach.models import Appeal
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.clocks import LimitUnit
from xiaoer.work.queries.deadlines import TaskFace, Today

State = Appeal.State
Ball = Appeal.Ball
OPEN_STATES = (
    State.RECEIVED,
    State.REGISTERED,
    State.DISPATCHED,
    State.WORKING,
    State.PARKED,
    State.ANSWERED,
)
PAGE = 50
COUNTED = 5000
LATEST, DUE = "latest", "due"


@dataclass(frozen=True, slots=True)
class PoolFilter:
    """What the pool is narrowed to. ``states`` may hold the word ``open``; days are of filing."""

    states: tuple[str, ...] = ()
    light: str = ""
    ball: str = ""
    kind: int | None = None
    channel: str = ""
    urgency: str = ""
    office: int | None = None
    handler: int | None = None
    party: int | None = None
    programme: int | None = None
    mine: bool = False
    supervised: bool = False
    text: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One request as a line of a list. ``light`` and ``remaining`` judge the clock that runs now;
    grey where the zone does not have the ball."""

    id: int
    receipt_no: str
    title: str
    party_id: int
    enterprise: str
    kind: str
    channel: str
    channel_words: str
    state: str
    state_words: str
    ball: str
    ball_words: str
    result: str
    result_words: str
    office: str
    handler: str
    urgency: str
    urgency_words: str
    is_hard: bool
    is_supervised: bool
    reopened: int
    money_fen: int | None
    filed_at: datetime
    due_at: datetime | None
    solve_due_at: datetime | None
    promised_on: date | None
    answered_at: datetime | None
    confirmed_at: datetime | None
    satisfaction: int | None
    light: Colour
    remaining: str


@dataclass(frozen=True, slots=True)
class PoolPage:
    """A page of the pool. ``after`` is the key of the next page, None on the last; ``total`` is
    exact up to ``COUNTED``."""

    rows: tuple[PoolRow, ...]
    after: str | None
    total: int
    is_capped: bool


@dataclass(frozen=True, slots=True)
class PoolCounts:
    """What is open now, for the chips; closed ones are history and are not counted here."""

    open: int = 0
    mine: int = 0
    red: int = 0
    amber: int = 0
    supervised: int = 0
    states: dict[str, int] = field(default_factory=dict)
    balls: dict[str, int] = field(default_factory=dict)


def appeals(*, by: Actor, filters: PoolFilter, now: datetime) -> QuerySet[Appeal]:
    """The requests of the asker's zone that pass the filters, in no order yet."""
    rows = Appeal.objects.filter(zone_id=by.zone_id).exclude(state=State.TAKEN_BACK)
    for column, value in _plain(filters).items():
        if value not in (None, ""):
            rows = rows.filter(**{column: value})
    if filters.states:
        rows = rows.filter(state__in=_states(filters.states))
    if filters.supervised:
        rows = rows.filter(supervised_at__isnull=False)
    if filters.mine:
        rows = rows.filter(_mine(by))
    if filters.light:
        rows = rows.filter(_lit(filters.light, now))
    return _worded(_dated(rows, filters), filters.text)


def _plain(filters: PoolFilter) -> dict[str, object]:
    return {
        "ball": filters.ball,
        "kind_id": filters.kind,
        "channel": filters.channel,
        "urgency": filters.urgency,
        "office_id": filters.office,
        "handler_id": filters.handler,
        "party_id": filters.party,
        "programme_id": filters.programme,
    }


def _states(words: tuple[str, ...]) -> set[str]:
    chosen = set(words)
    if "open" in chosen:
        chosen |= set(OPEN_STATES)
    return chosen


def _mine(by: Actor) -> Q:
    """What waits for me: I handle it, I received it and it is not dispatched, or my office leads
    or helps."""
    mine = Q(handler_id=by.post_id) | Q(first_post_id=by.post_id, office__isnull=True)
    if by.office_id is not None:
        mine |= Q(office_id=by.office_id, handler__isnull=True)
        mine |= Q(joint_offices__office_id=by.office_id, joint_offices__done_at__isnull=True)
    return mine


def _lit(light: str, now: datetime) -> Q:
    today = Today(now)
    red = Q(running_due_at__lt=now) | Q(running_due_at__lte=today.ends, filed_at__lt=today.begins)
    amber = ~red & Q(running_amber_at__lte=now)
    return {
        "red": red,
        "amber": amber,
        "green": ~red & Q(running_amber_at__gt=now),
        "grey": Q(running_due_at__isnull=True),
    }.get(light, Q(pk__isnull=True))


def _dated(rows: QuerySet[Appeal], filters: PoolFilter) -> QuerySet[Appeal]:
    if filters.since is not None:
        rows = rows.filter(filed_at__gte=begin_of(filters.since))
    if filters.until is not None:
        rows = rows.filter(filed_at__lt=begin_of(filters.until + timedelta(days=1)))
    return rows


def begin_of(day: date) -> datetime:
    """The moment a day begins in the zone."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)


def _worded(rows: QuerySet[Appeal], text: str) -> QuerySet[Appeal]:
    for word in text.replace("\x00", "").split()[:5]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(receipt_no__icontains=word)
            | Q(party__name__icontains=word)
            | Q(body__icontains=word)
        )
    return rows


def appeal_pool(
    *,
    by: Actor,
    filters: PoolFilter,
    now: datetime,
    order: str = LATEST,
    after: str | None = None,
    size: int = PAGE,
) -> PoolPage:
    """A page of the pool: the latest first, or what is due first."""
    rows = appeals(by=by, filters=filters, now=now)
    if filters.mine:
        rows = rows.distinct()
    total = rows[: COUNTED + 1].count()
    page = list(_joined(_after(rows, order, after))[: size + 1])
    more = len(page) > size
    page = page[:size]
    return PoolPage(
        rows=_lines(page, by, now),
        after=_key(order, page[-1]) if more else None,
        total=min(total, COUNTED),
        is_capped=total > COUNTED,
    )


def every_appeal(*, by: Actor, filters: PoolFilter, now: datetime) -> Iterator[PoolRow]:
    """Exactly what is filtered, for an export, without a cap; read in portions."""
    rows = appeals(by=by, filters=filters, now=now)
    if filters.mine:
        rows = rows.distinct()
    calendar = work.calendar_of(by.zone_id) if by.zone_id else None
    for row in _joined(rows.order_by("-filed_at", "-id")).iterator(chunk_size=500):
        yield pool_row(row, now, calendar)


def _joined(rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    return rows.select_related("party", "kind", "office", "handler__person").defer("body", "terms")


def _after(rows: QuerySet[Appeal], order: str, after: str | None) -> QuerySet[Appeal]:
    key = _read(after)
    if order == DUE:
        rows = rows.filter(running_due_at__isnull=False)
        if key:
            rows = rows.filter(
                Q(running_due_at__gt=key[0]) | Q(running_due_at=key[0], pk__gt=key[1])
            )
        return rows.order_by("running_due_at", "id")
    if key:
        rows = rows.filter(Q(filed_at__lt=key[0]) | Q(filed_at=key[0], pk__lt=key[1]))
    return rows.order_by("-filed_at", "-id")


def _key(order: str, row: Appeal) -> str:
    at = row.running_due_at if order == DUE and row.running_due_at else row.filed_at
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), row.pk]).encode()).decode()


def _read(after: str | None) -> tuple[datetime, int] | None:
    """The key of a page; a broken one begins at the first page."""
    if not after:
        return None
    try:
        at, number = json.loads(base64.urlsafe_b64decode(after.encode()))
        moment = datetime.fromisoformat(at)
        return (moment, int(number)) if moment.tzinfo else None
    except (ValueError, TypeError):
        return None


def _lines(page: list[Appeal], by: Actor, now: datetime) -> tuple[PoolRow, ...]:
    calendar = work.calendar_of(by.zone_id) if page and by.zone_id else None
    return tuple(pool_row(row, now, calendar) for row in page)


def pool_row(row: Appeal, now: datetime, calendar: WorkCalendar | None) -> PoolRow:
    """A request with all a list shows of it."""
    return PoolRow(
        id=row.pk,
        receipt_no=row.receipt_no,
        title=row.title,
        party_id=row.party_id,
        enterprise=row.party.name,
        kind=row.kind.label if row.kind else "",
        channel=row.channel,
        channel_words=str(Appeal.Channel(row.channel).label),
        state=row.state,
        state_words=str(State(row.state).label),
        ball=row.ball,
        ball_words=str(Ball(row.ball).label),
        result=row.result,
        result_words=str(Appeal.Result(row.result).label) if row.result else "",
        office=row.office.name if row.office else "",
        handler=row.handler.person.name if row.handler else "",
        urgency=row.urgency,
        urgency_words=str(Appeal.Urgency(row.urgency).label),
        is_hard=row.is_hard,
        is_supervised=row.supervised_at is not None,
        reopened=row.reopened,
        money_fen=row.money_fen,
        filed_at=row.filed_at,
        due_at=row.running_due_at,
        solve_due_at=row.solve_due_at,
        promised_on=row.promised_on,
        answered_at=row.answered_at,
        confirmed_at=row.confirmed_at,
        satisfaction=row.satisfaction,
        light=running_light(row, now),
        remaining=running_words(row, now, calendar),
    )


def running_light(row: Appeal, now: datetime) -> Colour:
    """The light of the clock that runs now."""
    return TaskFace(row.filed_at, row.running_due_at, row.running_amber_at).light(now)


def running_words(row: Appeal, now: datetime, calendar: WorkCalendar | None) -> str:
    """How far the running clock's end is, as people say it; a dash where none runs."""
    if row.running_due_at is None or calendar is None:
        return "–"
    return work.remaining_words(
        row.running_due_at, LimitUnit.WORKING_DAY, now=now, calendar=calendar
    )


def pool_counts(*, by: Actor, now: datetime) -> PoolCounts:
    """Counts of what is open, by state, ball and light, and what is mine."""
    rows = Appeal.objects.filter(zone_id=by.zone_id, state__in=OPEN_STATES)
    totals = rows.aggregate(
        open=Count("pk"),
        red=Count("pk", filter=_lit("red", now)),
        amber=Count("pk", filter=_lit("amber", now)),
        supervised=Count("pk", filter=Q(supervised_at__isnull=False)),
    )
    mine = rows.filter(_mine(by)).values("pk").distinct().count() if by.post_id else 0
    return PoolCounts(
        mine=mine,
        states=_by(rows, "state"),
        balls=_by(rows, "ball"),
        **totals,
    )


def _by(rows: QuerySet[Appeal], column: str) -> dict[str, int]:
    return {
        str(line[column]): line["n"]
        for line in rows.order_by().values(column).annotate(n=Count("pk"))
    }


def appeals_of_party(*, by: Actor, party_id: int, most: int = 50) -> QuerySet[Appeal]:
    """The latest requests of one enterprise."""
    return _joined(
        Appeal.objects.filter(zone_id=by.zone_id, party_id=party_id)
        .exclude(state=State.TAKEN_BACK)
        .order_by(F("filed_at").desc(), "-id")
    )[:most]


def open_requests_of_firms(by: Actor) -> dict[int, int]:
    """How many requests of each enterprise are open; those without any are not named."""
    rows = Appeal.objects.filter(
        zone_id=by.zone_id, state__in=OPEN_STATES, party__isnull=False
    ).order_by()
    return dict(rows.values_list("party_id").annotate(Count("id")))
