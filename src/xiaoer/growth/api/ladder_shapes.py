"""What the API of the ladders takes and gives."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xiaoer.growth.models import Designation, Ladder, Path, Sector, Standing
from xiaoer.growth.scoring import Place

LARGEST = 9223372036854775807  # what PostgreSQL's bigint holds
Number = Annotated[int, Field(ge=1, le=LARGEST)]
PageNo = Annotated[int, Field(ge=1, le=100_000)]
_NO_NUL = r"^[^\u0000]*$"
Short = Annotated[str, StringConstraints(max_length=80, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
Why = Annotated[str, StringConstraints(max_length=300, pattern=_NO_NUL)]
Share = Annotated[float, Field(ge=0, le=1)]
Year = Annotated[int, Field(ge=2000, le=2099)]


class RungCountOut(Schema):
    """A rung with its firms: now, the month before, and how many of now are at least here."""

    rung: str
    name: str
    now: int
    before: int | None
    unsure: int


class LadderOut(Schema):
    ladder: Ladder
    month: date | None
    as_of: date | None
    firms: int
    rose: int
    fell: int
    unsure: int
    rungs: list[RungCountOut]


class FirmStandingOut(Schema):
    """Where a firm stands; money in fen. ``missing``: names of words nobody knows."""

    party_id: int
    enterprise: str
    ladder: Ladder
    month: date
    as_of: date
    rung: str
    computed: str
    previous: str
    told: Standing.Told
    since: date
    sector: str
    forecast_fen: int | None
    year_fen: int | None
    threshold_fen: int | None
    gap_fen: int | None
    crosses_on: date | None
    path: str
    cutoff_on: date | None
    may_fall_out: bool | None
    gaps: int | None
    blockers: int | None
    missing: list[str]


class StandingRowOut(FirmStandingOut):
    officer: str
    papers_missing: list[str]


class StandingPageOut(Schema):
    rows: list[StandingRowOut]
    page: int
    pages: int
    total: int


class StandingQuery(Schema):
    """The filters of the page."""

    ladder: Ladder = Ladder.BUSINESS
    rung: Short = ""
    moved: Literal["", "rose", "fell"] = ""
    told: Literal["", "exact", "at_least", "held"] = ""
    falling_out: bool = False
    text: Short = ""
    cell: Number | None = None
    park: Number | None = None
    officer: Number | None = None
    section: Annotated[str, StringConstraints(pattern=r"^[A-T]?$")] = ""
    sort: Literal["gap", "cutoff", "forecast", "crosses", "name"] = "gap"
    page: PageNo = 1


class LadderEvaluatedOut(Schema):
    month: date
    firms: int
    rose: dict[str, int]
    fell: dict[str, int]
    unsure: dict[str, int]


class AskMissingIn(Schema):
    """Whom to ask, and for which words; none: whatever each lacks."""

    parties: Annotated[list[Number], Field(min_length=1, max_length=5000)]
    words: Annotated[list[Short], Field(max_length=200)] = []
    worth: Annotated[int, Field(ge=0, le=1_000_000)] = 50


class AskedMissingOut(Schema):
    questions: int
    words: list[str]
    left: list[str]


class LadderParameterOut(Schema):
    code: str
    name: str
    name_en: str
    meaning: str
    meaning_en: str
    kind: str
    value: str
    unit: str
    source: str
    mark: str
    version: int


class ParameterIn(Schema):
    value: Short
    version: Annotated[int, Field(ge=0, le=2147483647)]


class ParametersIn(Schema):
    """New values by code, each with the version that was read, and why."""

    values: Annotated[dict[Short, ParameterIn], Field(min_length=1, max_length=40)]
    reason: Why


class ParameterChangeOut(Schema):
    code: str
    before: str
    after: str
    reason: str
    who: str
    at: datetime


class LadderChoiceOut(Schema):
    """What lines give: how many firms on each rung, and how many somebody has to follow."""

    near: float
    sprout: float
    seed: float
    counts: dict[str, int]
    followed: int
    capacity: int


class LinesQuery(Schema):
    near: Share
    sprout: Share
    seed: Share


class EntryCutoffIn(Schema):
    path: Path
    day: Annotated[int, Field(ge=1, le=31)]
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    year: Year | None = None
    sector: Sector | Literal[""] = ""
    name: Annotated[str, StringConstraints(max_length=60, pattern=_NO_NUL)] = ""
    source: Line
    mark: Literal["A", "B", "C", "U", "D"] = "A"
    id: Number | None = None
    version: Annotated[int, Field(ge=0, le=2147483647)] = 0


class EntryCutoffOut(Schema):
    id: int
    path: str
    sector: str
    year: int | None
    month: int | None
    day: int
    name: str
    source: str
    mark: str
    version: int


class EntryPaperOut(Schema):
    item: int
    name: str
    handed_on: date | None
    paper: int | None


class EntryPaperIn(Schema):
    item: Number
    handed_on: date | None = None
    note: Line = ""


class DesignationIn(Schema):
    """A decision for a list of names or credit codes."""

    kind: Designation.Kind
    names: Annotated[list[Line], Field(min_length=1, max_length=5000)]
    since: date
    until: date | None = None
    document: Line
    document_no: Short = ""
    decided_by: Short


class DesignationEndIn(Schema):
    until: date
    reason: Why
    version: Annotated[int, Field(ge=0, le=2147483647)]


class DesignationOut(Schema):
    id: int
    party_id: int
    enterprise: str
    kind: Designation.Kind
    since: date
    until: date | None
    document: str
    document_no: str
    decided_by: str
    end_reason: str
    version: int


class UnmatchedOut(Schema):
    text: str
    problem: str


class DesignatedOut(Schema):
    made: int
    unchanged: int
    rejected: list[UnmatchedOut]


class DesignationQuery(Schema):
    kind: Designation.Kind | Literal[""] = ""
    ended: bool = False
    text: Short = ""
    page: PageNo = 1


ProposedKind = Literal["climb", "chain_leader", "tech_leader"]


class ScorePartOut(Schema):
    """A part of a score: the share of its peers it is above, empty where it is not known."""

    code: str
    value: float | None
    share: float | None
    weight: float


class ClimbScoreOut(Schema):
    """Of 100 points; low and high differ by the parts that are not known."""

    low: float
    high: float
    parts: list[ScorePartOut]


class LeaderConditionOut(Schema):
    """A condition of a leader; ``is_met`` empty: not known."""

    code: str
    is_met: bool | None
    value: float | None
    line: float | None


class LadderProposalOut(Schema):
    party_id: int
    enterprise: str
    credit_code: str
    place: Place
    scored: ClimbScoreOut | None
    conditions: list[LeaderConditionOut]
    missing: list[str]


class LadderProposalsOut(Schema):
    """A list to confirm. ``untold``: firms of whose revenue nothing is known."""

    kind: ProposedKind
    is_on: bool
    quota: int
    among: int
    untold: int
    rows: list[LadderProposalOut]
