"""Shapes of routes: what comes out, what goes in."""

from datetime import date, datetime, time
from typing import Annotated

from ninja import Field, Schema

from xiaoer.outreach.api.schemas import Day, Id, Version
from xiaoer.outreach.models import Round, RouteSearch, Stop

Degrees = Annotated[float, Field(ge=-180, le=180)]
Count = Annotated[int, Field(ge=0, le=32767)]
Position = Annotated[int, Field(ge=1, le=999)]
Origin = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class RouteRuleOut(Schema):
    """By what routes are computed. ``version`` 0: nobody has looked at the product's guess yet."""

    start_longitude: float | None
    start_latitude: float | None
    end_longitude: float | None
    end_latitude: float | None
    works_from: time
    works_until: time
    lunch_from: time | None
    lunch_until: time | None
    speed_kmh: int
    road_percent: int
    visit_minutes: int
    source: str
    mark: str
    version: int


class RouteRuleIn(Schema):
    """Without an end, officers come back to the start; without a lunch, a day is one tour."""

    start_longitude: Degrees | None = None
    start_latitude: Degrees | None = None
    end_longitude: Degrees | None = None
    end_latitude: Degrees | None = None
    works_from: time
    works_until: time
    lunch_from: time | None = None
    lunch_until: time | None = None
    speed_kmh: Count
    road_percent: Count
    visit_minutes: Count
    source: Origin
    mark: Annotated[str, Field(max_length=2, pattern=r"^[A-Z]*$")]
    version: Version | None = None


class RoadSheetOut(Schema):
    """A sheet of distances: rows read, taken and rejected; each problem is row, column, words."""

    id: int
    file_name: str
    read: int
    taken: int
    rejected: int
    missing: int
    problems: list[tuple[int, str, str]]
    at: datetime


class RouteSearchIn(Schema):
    """Which days (at most a week) and who goes. ``may_exchange``: a visit may change hands."""

    since: Day
    until: Day | None = None
    posts: Annotated[list[Id], Field(min_length=1, max_length=200)]
    may_exchange: bool = False


class RouteSearchOut(Schema):
    """How far a search is; ``metres`` and ``minutes`` are those of the best so far."""

    id: int
    since: date
    until: date
    posts: list[int]
    may_exchange: bool
    state: RouteSearch.State
    percent: int
    visits: int
    placed: int
    metres: int | None
    minutes: int | None
    guessed: int
    wants_stop: bool
    is_stopped: bool
    message: str


class RouteStopOut(Schema):
    """A visit at its place; ``metres`` is the way to it, null where nobody knows it."""

    contact_id: int
    party_id: int
    enterprise: str
    purpose: str
    order: int
    arrives_at: datetime
    leaves_at: datetime
    metres: int | None
    is_guessed: bool
    lock: Stop.Lock
    reason: Stop.Reason
    reason_words: str
    late_minutes: int
    is_done: bool
    is_off: bool


class RoundOut(Schema):
    """An officer's day in order, and what it costs."""

    id: int
    day: date
    post_id: int
    officer: str
    office: str
    state: Round.State
    version: int
    sets_out_at: datetime | None
    comes_back_at: datetime | None
    metres: int
    minutes: int
    guessed_legs: int
    unknown_legs: int
    late: int
    stops: list[RouteStopOut]


class LeftOutOut(Schema):
    """A planned visit in no route, and the first thing that keeps it out."""

    contact_id: int
    party_id: int
    enterprise: str
    officer: str | None
    post_id: int | None
    minutes: int
    why: str
    why_words: str


class BoardOut(Schema):
    """A day: its routes, drafts before what is kept, and what is in none."""

    day: date
    rounds: list[RoundOut]
    left: list[LeftOutOut]


class BoardQuery(Schema):
    day: Day
    post: Id | None = None


class RouteFileQuery(Schema):
    since: Day
    until: Day | None = None
    post: Id | None = None


class PlaceIn(Schema):
    """Put a planned visit at a place of somebody's day. ``version`` is that of the round it joins."""

    contact: Id
    post: Id
    place: Position = 999
    version: Version | None = None


class LockIn(Schema):
    lock: Stop.Lock
    version: Version


class RoundVersionIn(Schema):
    version: Version


class KeepIn(Schema):
    """The drafts to be kept: by number, the version that was seen."""

    versions: Annotated[dict[int, Version], Field(min_length=1, max_length=200)]


class DayStopOut(Schema):
    """A visit of today: the reason first, the one question second."""

    number: int
    contact_id: int
    party_id: int
    enterprise: str
    begins: str
    ends: str
    light: str | None
    reason: str
    question: str
    is_done: bool
    is_next: bool


class DayOutOut(Schema):
    """The asker's own day out; ``metres`` is null while no route is kept."""

    day: date
    stops: list[DayStopOut]
    metres: int | None
    minutes: int | None
    absent: list[str]
    next_day: date | None
    drafts: int
