"""API of facts: indicators and their meaning, figures as known on a day, sheets brought in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile
from pydantic import AfterValidator

from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Role
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.access import must_read_figures
from xiaoer.facts.measuring import UNITS, unit_of
from xiaoer.facts.models import Aspect, Column, FactImport, FactImportRow, Metric, Value
from xiaoer.facts.periods import Period, parse_period
from xiaoer.facts.queries import Asked, Figure
from xiaoer.facts.uploads import as_file
from xiaoer.registry.models import Party

router = Router(tags=["facts"])


def _sane_day(day: date) -> date:
    if not 1900 <= day.year <= 2200:
        raise ValueError("a day from 1900 to 2200")
    return day


def _plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text without NUL")
    return text.strip()


Day = Annotated[date, AfterValidator(_sane_day)]
Text = Annotated[str, AfterValidator(_plain), Field(max_length=300)]
Short = Annotated[str, AfterValidator(_plain), Field(max_length=60)]
Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
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
    at: datetime


class ImportWithRows(ImportOut):
    rows: list[ImportRowOut]
    kept_back: list[dict[str, str]]


class MatchIn(Schema):
    """Column of the sheet (from 0) to field; null leaves the column out."""

    columns: dict[Annotated[int, Field(ge=0, le=1000)], Short | None]


# Indicators --------------------------------------------------------------------------------------


@router.get("/metrics", response={200: list[MetricOut], **PROBLEMS})
@api(READ)
def list_metrics(request: HttpRequest, by: Actor) -> object:
    """Every indicator with its meaning, unit and how it adds up."""
    return list(queries.metrics())


@router.post("/metrics", response={200: MetricOut, **PROBLEMS})
@api(WRITE)
def define_metric(request: HttpRequest, by: Actor, said: MetricIn) -> object:
    """Define an indicator that sheets may then name."""
    return facts.define_metric(by=by, now=timezone.now(), **said.dict())


@router.get("/indicators", response={200: list[IndicatorOut], **PROBLEMS})
@api(READ)
def list_indicators(request: HttpRequest, by: Actor, asked: Query[AskedIn]) -> object:
    """Indicators of the zone, latest period first: three columns, growth, rank, target."""
    must_read_figures(by)
    rows = queries.indicators(by=by, asked=asked.chosen(), offset=asked.after, limit=asked.size)
    return [_indicator_out(row) for row in rows]


@router.get("/indicators/records", response={200: list[FigureOut], **PROBLEMS})
@api(READ)
def list_records(request: HttpRequest, by: Actor, which: Query[PeriodIn]) -> object:
    """Every version of a figure, in all columns and aspects, with source and day known."""
    must_read_figures(by)
    rows = queries.versions(
        zone_id=by.zone_id or 0,
        metric_id=which.of().pk,
        period=which.period(),
        dimension=which.part,
    )
    return [_value_out(row) for row in rows]


@router.get("/indicators/series", response={200: list[FigureOut], **PROBLEMS})
@api(READ)
def list_series(
    request: HttpRequest, by: Actor, metric: Code, aspect: Aspect = Aspect.VALUE,
    as_of: Day | None = None,
) -> object:  # fmt: skip
    """One indicator over time, in all columns."""
    must_read_figures(by)
    row = found(queries.metric_by_code(metric))
    figures = queries.series(zone_id=by.zone_id or 0, metric_id=row.pk, aspect=aspect, as_of=as_of)
    return [_figure_out(figure) for figure in figures]


@router.get("/indicators/standing", response={200: StandingOut, **PROBLEMS})
@api(READ)
def read_standing(
    request: HttpRequest, by: Actor, which: Query[PeriodIn], aspect: Aspect = Aspect.VALUE
) -> object:
    """Rank among zones (city roles) or among imported peers, and what the next place takes."""
    must_read_figures(by)
    metric, period = which.of(), which.period()
    standing = found(
        queries.standings(
            by=by, metrics=[metric], periods=[period], aspect=aspect, as_of=which.as_of
        ).get((metric.pk, period))
    )
    return {
        "place": standing.place,
        "competitors": [
            {"name": one.name, "number": one.number, "is_mine": one.is_mine}
            for one in standing.competitors
        ],
        "ahead": standing.ahead.name if standing.ahead else None,
        "gap": standing.gap,
        "lead": standing.lead,
    }


@router.get("/indicators/zones", response={200: list[CityRowOut], **PROBLEMS})
@api(READ)
def list_zones_side_by_side(
    request: HttpRequest, by: Actor, year: int, as_of: Day | None = None
) -> object:
    """For city roles: every zone's figure, by the code of the zone."""
    if by.role != Role.CITY or not 1900 <= year <= 2200:
        found(None)
    zones = [zone.code for zone in queries.zones_compared(by=by)]
    return [
        {
            "metric": row.metric.code,
            "starts_on": row.period.starts_on,
            "ends_on": row.period.ends_on,
            "figures": dict(zip(zones, map(_figure_out, row.cells), strict=True)),
            "places": dict(zip(zones, row.places, strict=True)),
        }
        for row in queries.city_view(by=by, asked=Asked(as_of=as_of, year=year))
    ]


@router.get("/indicators/enterprises", response={200: list[FigureOut], **PROBLEMS})
@api(READ)
def list_enterprise_figures(
    request: HttpRequest, by: Actor, which: Query[PeriodIn], after: int = 0, size: int = 100
) -> object:
    """The enterprises' figures behind a sum; an enterprise sees its own."""
    rows = queries.firm_values(
        zone_id=by.zone_id or 0, metric_id=which.of().pk, period=which.period(), as_of=which.as_of
    )
    start = min(max(after, 0), 10_000_000)
    return [_value_out(row) for row in rows[start : start + min(max(size, 1), 1000)]]


# Values ------------------------------------------------------------------------------------------


@router.get("/values/by-reference", response={200: FigureOut, **PROBLEMS})
@api(READ)
def read_value_by_reference(
    request: HttpRequest, by: Actor, reference: Short, as_of: Day | None = None
) -> object:
    """What a source states under its own number, in its last version known on a day."""
    must_read_figures(by)
    figure = queries.value_by_reference(
        zone_id=by.zone_id or 0, external_ref=reference, as_of=as_of
    )
    return _figure_out(found(figure))


@router.post("/values", response={200: FigureOut, **PROBLEMS})
@api(WRITE)
def record_value(request: HttpRequest, by: Actor, said: ValueIn) -> object:
    """Write down one figure; a different one for the same thing is a correction, known later."""
    party = None
    if said.party_id is not None:
        party = found(Party.objects.filter(zone_id=by.zone_id, pk=said.party_id).first())
    value = facts.record_value(
        by=by,
        now=timezone.now(),
        metric=found(queries.metric_by_code(said.metric)),
        period=_period(said.period),
        number=said.number,
        unit=said.unit,
        sign=said.sign,
        aspect=said.aspect,
        column=said.column,
        party=party,
        dimension=said.part,
        source=said.source,
        external_ref=said.external_ref,
        known_on=said.known_on,
        note=said.note,
    )
    return _value_out(value)


# Sheets ------------------------------------------------------------------------------------------


@router.get("/values/imports", response={200: list[ImportOut], **PROBLEMS})
@api(READ)
def list_imports(request: HttpRequest, by: Actor) -> object:
    """Sheets brought in, last first."""
    must_read_figures(by)
    return list(queries.imports(zone_id=by.zone_id or 0)[:200])


@router.post("/values/imports", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def preview_values(
    request: HttpRequest,
    by: Actor,
    sheet: File[UploadedFile],
    metric: Form[str] = "",
    column: Form[Column] = Column.REPORTED,
) -> object:
    """Read a sheet and say what would become of each row; nothing is written yet."""
    with as_file(sheet) as path:
        run = facts.preview_values(
            by=by,
            now=timezone.now(),
            path=path,
            file_name=(sheet.name or "sheet").replace("\x00", ""),
            metric=queries.metric_by_code(metric.replace("\x00", "")[:60]),
            column=column,
        )
    return _import_out(run)


@router.get("/values/imports/{run_id}", response={200: ImportWithRows, **PROBLEMS})
@api(READ)
def read_import(request: HttpRequest, by: Actor, run_id: int) -> object:
    """What would become, or became, of the rows of a sheet."""
    must_read_figures(by)
    return _import_out(_run(by, run_id))


@router.post("/values/imports/{run_id}/match", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def match_columns(request: HttpRequest, by: Actor, run_id: int, said: MatchIn) -> object:
    """Say which column is which field, and judge the rows again."""
    _run(by, run_id)
    return _import_out(
        facts.match_columns(by=by, now=timezone.now(), run_id=run_id, chosen=said.columns)
    )


@router.post("/values/imports/{run_id}/commit", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def commit_import(request: HttpRequest, by: Actor, run_id: int) -> object:
    """Write the good rows."""
    _run(by, run_id)
    return _import_out(facts.commit_import(by=by, now=timezone.now(), run_id=run_id))


@router.post("/values/imports/{run_id}/undo", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def undo_import(request: HttpRequest, by: Actor, run_id: int) -> object:
    """Take back what nobody touched since; the rest stays with its reasons."""
    _run(by, run_id)
    return _import_out(facts.undo_import(by=by, now=timezone.now(), run_id=run_id))


# -------------------------------------------------------------------------------------------------


def _run(by: Actor, run_id: int) -> FactImport:
    return found(queries.import_by_id(zone_id=by.zone_id or 0, run_id=run_id))


def _period(typed: str) -> Period:
    try:
        period = parse_period(typed)
    except Unreadable as no:
        raise Refused(str(no), field="period") from no
    return found(period)


def _figure_out(figure: Figure | None) -> dict[str, object] | None:
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


def _value_out(value: Value) -> dict[str, object] | None:
    return _figure_out(queries.figure_of(value))


def _indicator_out(row: queries.IndicatorRow) -> dict[str, object]:
    standing = row.standing
    return {
        "metric": row.metric.code,
        "starts_on": row.period.starts_on,
        "ends_on": row.period.ends_on,
        "part": row.dimension,
        "parties": row.parties,
        "reported": _figure_out(row.reported),
        "estimated": _figure_out(row.estimated),
        "official": _figure_out(row.official),
        "growth_printed": _figure_out(row.growth.printed),
        "growth_computed": row.growth.computed,
        "rank_printed": _figure_out(row.rank),
        "place": standing.place if standing else None,
        "places": len(standing.competitors) if standing else None,
        "target": _figure_out(row.target),
    }


def _import_out(run: FactImport) -> dict[str, object]:
    names = (
        "id", "file_name", "layout", "state", "read", "created", "updated", "unchanged",
        "rejected", "left_out", "at", "kept_back",
    )  # fmt: skip
    rows = list(run.rows.order_by("row_no", "id")[:2000])
    return {name: getattr(run, name) for name in names} | {"rows": rows}
