"""API of the standards of the state, and of forecasts set by hand."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from xiaoer.base.access import must_be_staff
from xiaoer.base.api.shapes import Day
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.growth import actions as growth
from xiaoer.growth.actions.standards import BOUNDS
from xiaoer.growth.api.ladder_shapes import LARGEST, Line, Number, Short, Why, Year
from xiaoer.growth.models import ForecastOverride, SizeStandard, StatThreshold
from xiaoer.growth.queries.firm_ladder import forecast_words
from xiaoer.registry.models import Party

router = Router(tags=["ladders"])


class StatThresholdOut(Schema):
    """The line of a sector from a day on; null where it counts no money."""

    id: int
    sector: str
    industries: str
    basis: str
    threshold_fen: int | None
    effective_from: date
    effective_to: date | None
    mark: str
    source: str
    version: int


class StandardIn(Schema):
    effective_from: Day
    mark: Short
    source: Line
    industries: Line = ""
    version: int = Field(ge=0, le=LARGEST)


class StatThresholdIn(StandardIn):
    """``threshold`` as people say it, with its unit: 2000万元."""

    threshold: Short = ""


class SizeStandardOut(Schema):
    """What makes a firm of a sector large, medium or small; bounds by name, money in fen."""

    id: int
    sector: str
    name: str
    name_en: str
    industries: str
    bounds: dict[str, int | None]
    effective_from: date
    effective_to: date | None
    mark: str
    source: str
    version: int


class SizeStandardIn(StandardIn):
    """Bounds by name, such as ``large_employees`` or ``small_revenue_fen``; unnamed ones stay."""

    bounds: dict[Short, int | None] = Field(default_factory=dict)


class ForecastOverrideOut(Schema):
    id: int
    year: int
    forecast_fen: int
    computed_fen: int | None
    reason: str
    known_at: datetime
    withdrawn_at: datetime | None


class ForecastOverrideIn(Schema):
    """``amount`` as people say it, with its unit: 2300万元."""

    year: Year
    amount: Short
    reason: Why


class ForecastBackIn(Schema):
    year: Year


def _size_out(row: SizeStandard) -> SizeStandardOut:
    return SizeStandardOut(
        id=row.pk, sector=row.sector, name=row.name, name_en=row.name_en,
        industries=row.industries, bounds={name: getattr(row, name) for name in BOUNDS},
        effective_from=row.effective_from, effective_to=row.effective_to, mark=row.mark,
        source=row.source, version=row.version,
    )  # fmt: skip


@router.get("/stat-thresholds", response={200: list[StatThresholdOut], **PROBLEMS})
@api(READ)
def list_stat_thresholds(request: HttpRequest, by: Actor) -> object:
    """The lines of the statistical register in force, with mark and source."""
    must_be_staff(by)
    rows = StatThreshold.objects.filter(zone_id=by.zone_id, effective_to__isnull=True)
    return list(rows.order_by("pk"))


@router.post("/stat-thresholds/{row_id}", response={200: StatThresholdOut, **PROBLEMS})
@api(WRITE)
def set_stat_threshold(
    request: HttpRequest, by: Actor, row_id: Number, said: StatThresholdIn
) -> object:
    """Put the line of a sector from a day on; what held before stays and ends the day before."""
    must_be_staff(by)
    return growth.set_stat_threshold(
        by=by,
        now=timezone.now(),
        threshold=found(StatThreshold.objects.filter(zone_id=by.zone_id, pk=row_id).first()),
        facts=growth.StandardFacts(**said.dict(exclude={"version"})),
        version=said.version,
    )


@router.get("/size-standards", response={200: list[SizeStandardOut], **PROBLEMS})
@api(READ)
def list_size_standards(request: HttpRequest, by: Actor) -> object:
    """The sizes of enterprises in force, by sector."""
    must_be_staff(by)
    rows = SizeStandard.objects.filter(zone_id=by.zone_id, effective_to__isnull=True)
    return [_size_out(row) for row in rows]


@router.post("/size-standards/{row_id}", response={200: SizeStandardOut, **PROBLEMS})
@api(WRITE)
def set_size_standard(
    request: HttpRequest, by: Actor, row_id: Number, said: SizeStandardIn
) -> object:
    """Put the bounds of a sector from a day on; what held before stays and ends the day before."""
    must_be_staff(by)
    row = growth.set_size_standard(
        by=by,
        now=timezone.now(),
        standard=found(SizeStandard.objects.filter(zone_id=by.zone_id, pk=row_id).first()),
        facts=growth.StandardFacts(**said.dict(exclude={"version"})),
        version=said.version,
    )
    return _size_out(row)


@router.get(
    "/enterprises/{party_id}/forecasts", response={200: list[ForecastOverrideOut], **PROBLEMS}
)
@api(READ)
def list_forecasts(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """What staff said a firm's years will come to, the last first."""
    must_be_staff(by)
    return forecast_words(by=by, party=_firm(by, party_id))


@router.post("/enterprises/{party_id}/forecasts", response={200: ForecastOverrideOut, **PROBLEMS})
@api(WRITE)
def override_forecast(
    request: HttpRequest, by: Actor, party_id: Number, said: ForecastOverrideIn
) -> ForecastOverride:
    """Say what a firm's year will come to, and why; the computed forecast stays beside it."""
    must_be_staff(by)
    return growth.override_forecast(
        by=by, now=timezone.now(), party=_firm(by, party_id), **said.dict()
    )


@router.post(
    "/enterprises/{party_id}/forecasts/withdraw",
    response={200: list[ForecastOverrideOut], **PROBLEMS},
)
@api(WRITE)
def withdraw_override(
    request: HttpRequest, by: Actor, party_id: Number, said: ForecastBackIn
) -> object:
    """Let the computed forecast of a year count again."""
    must_be_staff(by)
    party = _firm(by, party_id)
    growth.withdraw_override(by=by, now=timezone.now(), party=party, year=said.year)
    return forecast_words(by=by, party=party)


def _firm(by: Actor, party_id: int) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
