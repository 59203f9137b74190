"""What goes in and out of the API of facts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AfterValidator

from xiaoer.base.api.shapes import Day
from xiaoer.base.doors import found
from xiaoer.base.words import Kind
from xiaoer.facts import queries
from xiaoer.facts.measuring import UNITS, unit_of
from xiaoer.facts.models import Aspect, Column, FactImport, FactImportRow, Metric, SourceKind, Value
from xiaoer.facts.periods import Period
from xiaoer.facts.queries import Asked, Figure, Known


def _plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text without NUL")
    return text.strip()


Text = Annotated[str, AfterValidator(_plain), Field(max_length=300)]
Short = Annotated[str, AfterValidator(_plain), Field(max_length=60)]
Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
PartyNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]
UnitCode = Literal[*UNITS]  # type: ignore[valid-type]  # the table of units is the truth


class MetricOut(Schema):
    code: str
    name: str
    name_en: str
    meaning: str
    unit: str
    kind: Metric.Kind
    adds: Metric.Adds
    decimals: int
    higher_is_better: bool


class MetricIn(Schema):
    code: Code
    name: Short = Field(min_length=1)
    name_en: Annotated[str, AfterValidator(_plain), Field(max_length=120)] = ""
    meaning: Text = ""
    unit: UnitCode
    kind: Metric.Kind
    adds: Metric.Adds = Metric.Adds.SUM
    decimals: int = Field(2, ge=0, le=4)
    higher_is_better: bool = True


class FigureOut(Schema):
    """A figure: ``low`` and ``high`` are equal for a plain one; null where nothing bounds it."""

    metric: str
    aspect: Aspect
    starts_on: date
    ends_on: date
    column: Column
    part: str
    low: Decimal | None
    high: Decimal | None
    is_open: bool
    unit: str
    source: str
    external_ref: str
    known_at: datetime | None
    note: str


class IndicatorOut(Schema):
    metric: str
    starts_on: date
    ends_on: date
    part: str
    parties: int | None
    reported: FigureOut | None
    estimated: FigureOut | None
    official: FigureOut | None
    growth_printed: FigureOut | None
    growth_computed: Decimal | None
    rank_printed: FigureOut | None
    place: int | None
    places: int | None
    target: FigureOut | None


class AskedIn(Schema):
    """The filters of the page."""

    as_of: Day | None = None
    year: int | None = Field(None, ge=1900, le=2200)
    metric: Code | None = None
    words: Short = ""
    after: int = Field(0, ge=0, le=1_000_000)
    size: int = Field(50, ge=1, le=500)

    def chosen(self) -> Asked:
        metric = found(queries.metric_by_code(self.metric)) if self.metric else None
        return Asked(self.as_of, self.year, metric.pk if metric else None, self.words)


class PeriodIn(Schema):
    """Which figure: an indicator and its first and last day."""

    metric: Code
    starts_on: Day
    ends_on: Day
    part: Annotated[str, AfterValidator(_plain), Field(max_length=120)] = ""
    as_of: Day | None = None

    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    def of(self) -> Metric:
        return found(queries.metric_by_code(self.metric))


class CompetitorOut(Schema):
    name: str
    number: Decimal
    is_mine: bool


class StandingOut(Schema):
    """``gap``: what is lacking to draw level with the one ahead; ``lead``: ahead of the next."""

    place: int | None
    competitors: list[CompetitorOut]
    ahead: str | None
    gap: Decimal | None
    lead: Decimal | None


class CityRowOut(Schema):
    metric: str
    starts_on: date
    ends_on: date
    figures: dict[str, FigureOut | None]
    places: dict[str, int | None]


class ValueIn(Schema):
    """A figure as people say it: number "43.31", "3.78亿元", "≥30"; period "2022年1-6月"."""

    metric: Code
    period: Short
    number: Short
    unit: Short = ""
    sign: Short = ""
    aspect: Aspect = Aspect.VALUE
    column: Column
    party_id: int | None = Field(None, ge=1, le=2**63 - 1)
    part: Annotated[str, AfterValidator(_plain), Field(max_length=120)] = ""
    source: Annotated[str, AfterValidator(_plain), Field(max_length=200)]
    external_ref: Short = ""
    known_on: Day | None = None
    note: Text = ""


class ImportRowOut(Schema):
    row_no: int
    place: str
    outcome: FactImportRow.Outcome
    what: str
    reason: str
    advice: str
    warning: str
    low: int | None = Field(None, description="the figure × 10,000, in the indicator's unit")
    was: int | None = None
    last: int | None = None


class ImportQuestion(Schema):
    """What the sheet leaves open; answered by ``key``."""

    key: str
    count: int
    examples: list[str]


class ImportName(Schema):
    """A name of the sheet no enterprise was found for, and who it may be: number and words."""

    name: str
    code: str
    rows: int
    reason: str
    candidates: list[tuple[int, str]]


class ImportColumn(Schema):
    """A column of the sheet as it was understood. ``key``: a field, or indicator and months."""

    index: int
    name: str
    key: str | None
    unit: str
    unit_from: str
    guesses: list[str]


class ImportOut(Schema):
    """read = created + updated + unchanged + rejected."""

    id: int
    file_name: str
    layout: FactImport.Layout
    state: FactImport.State
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    left_out: int
    warned: int
    period: str
    at: datetime


class ImportWithRows(ImportOut):
    """``open``: what is to be answered or confirmed before the sheet may be written."""

    rows: list[ImportRowOut]
    columns: list[ImportColumn]
    questions: list[ImportQuestion]
    names: list[ImportName]
    warnings: dict[str, int]
    sheets: list[dict[str, str | int | None]]
    open: list[str]
    kept_back: list[dict[str, str]]


class MatchIn(Schema):
    """Column of the sheet (from 0) to field; null leaves the column out."""

    columns: dict[Annotated[int, Field(ge=0, le=1000)], Short | None]
    units: dict[Annotated[int, Field(ge=0, le=1000)], Short] = {}


class AnswersIn(Schema):
    """dash, blank: zero or missing; percent: ratio or percent; before: yes or no; same: why."""

    answers: dict[Short, Text] = {}
    period: Short = ""


class FirmsIn(Schema):
    """Name in the sheet to number of the enterprise."""

    firms: dict[Annotated[str, AfterValidator(_plain), Field(max_length=120)], PartyNumber]


class ConfirmFiguresIn(Schema):
    warning: FactImportRow.Warning
    reason: Text


class LeaveIn(Schema):
    row_no: int = Field(ge=0, le=10_000_000)
    place: Short
    reason: Text = ""


def figure_out(figure: Figure | None) -> dict[str, object] | None:
    if figure is None:
        return None
    bound = figure.bound
    return {
        "metric": figure.metric.code,
        "aspect": figure.aspect,
        "starts_on": figure.period.starts_on,
        "ends_on": figure.period.ends_on,
        "column": figure.column,
        "part": figure.dimension,
        "low": bound.low,
        "high": bound.high,
        "is_open": figure.is_open,
        "unit": unit_of(figure.metric, figure.aspect).code,
        "source": figure.source,
        "external_ref": figure.external_ref,
        "known_at": figure.known_at,
        "note": figure.note,
    }


def value_out(value: Value) -> dict[str, object] | None:
    return figure_out(queries.figure_of(value))


def indicator_out(row: queries.IndicatorRow) -> dict[str, object]:
    standing = row.standing
    return {
        "metric": row.metric.code,
        "starts_on": row.period.starts_on,
        "ends_on": row.period.ends_on,
        "part": row.dimension,
        "parties": row.parties,
        "reported": figure_out(row.reported),
        "estimated": figure_out(row.estimated),
        "official": figure_out(row.official),
        "growth_printed": figure_out(row.growth.printed),
        "growth_computed": row.growth.computed,
        "rank_printed": figure_out(row.rank),
        "place": standing.place if standing else None,
        "places": len(standing.competitors) if standing else None,
        "target": figure_out(row.target),
    }


def import_out(run: FactImport) -> dict[str, object]:
    names = (
        "id", "file_name", "layout", "state", "read", "created", "updated", "unchanged",
        "rejected", "left_out", "warned", "period", "at", "kept_back",
    )  # fmt: skip
    seen = {name: run.seen.get(name, []) for name in ("columns", "questions", "names", "sheets")}
    return {
        **{name: getattr(run, name) for name in names},
        **seen,
        "warnings": run.seen.get("warnings", {}),
        "open": queries.open_questions(run) if run.state == FactImport.State.PREVIEWED else [],
        "rows": list(run.rows.order_by("row_no", "id")[:2000]),
    }


# Facts word by word -------------------------------------------------------------------------------


class FactWordOut(Schema):
    """A word of the dictionary."""

    name: str
    zh: str
    en: str
    kind: Kind
    unit: str
    group: str
    period: str
    is_judged: bool
    sources: list[str]


class FactOut(Schema):
    """A word of one firm with its source; ``value`` null: missing."""

    word: str
    value: float | bool | date | str | None
    unit: str
    starts_on: date | None
    ends_on: date | None
    column: str
    source_kind: str
    source: str
    known_at: datetime | None
    note: str
    is_judged: bool
    stated: float | None
    """What was reported of a count people judge; it answers no rule until somebody looked."""


class FactIn(Schema):
    """One word of a firm as people say it; ``period`` only for figures, the two days for the rest."""

    word: Code
    value: Text = Field(min_length=1)
    source_kind: SourceKind
    source: Short = ""
    period: Short = ""
    valid_from: Day | None = None
    valid_to: Day | None = None
    known_on: Day | None = None
    note: Text = ""


class FactTakenBackIn(Schema):
    reason: Text = Field(min_length=1)


def fact_out(one: Known) -> FactOut:
    return FactOut(
        word=one.word.name,
        value=one.value,
        unit=one.word.unit,
        starts_on=one.period.starts_on if one.period else None,
        ends_on=one.period.ends_on if one.period else None,
        column=one.column,
        source_kind=one.source_kind,
        source=one.source,
        known_at=one.known_at,
        note=one.note,
        is_judged=one.word.is_judged,
        stated=_stated(one.stated),
    )


def _stated(row: Value | None) -> float | None:
    if row is None or row.low is None or row.low != row.high:
        return None
    return float(row.low / 10**Value.SCALE)
