"""API of occupancy and per-mu performance: rates, sums, and the firms behind them."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.assets import queries
from xiaoer.assets.access import land as access
from xiaoer.base.api.shapes import Number
from xiaoer.base.api_door import PROBLEMS, READ, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor

router = Router(tags=["land"])


class SpaceLevel(StrEnum):
    PARK = "park"
    BUILDING = "building"


class PerformanceLevel(StrEnum):
    PARK = "park"
    PARCEL = "parcel"
    BUILDING = "building"


class PerformanceMeasure(StrEnum):
    TAX = "tax"
    REVENUE = "revenue"
    OUTPUT = "output"


class SpaceOut(Schema):
    """Rates in per cent, null where nothing can be let; ``apart`` is sold, own or not offered."""

    units: int
    rentable_m2: Decimal
    let_m2: Decimal
    reserved_m2: Decimal
    vacant_m2: Decimal
    apart_m2: Decimal
    occupancy: Decimal | None
    effective_least: Decimal | None
    effective_most: Decimal | None


class SpacePlaceOut(Schema):
    id: int | None
    name: str
    space: SpaceOut


class SpaceDayOut(Schema):
    on: date
    occupancy: Decimal | None


class OccupancyOut(Schema):
    whole: SpaceOut
    places: list[SpacePlaceOut]
    trend: list[SpaceDayOut]


class SpaceAskedIn(Schema):
    level: SpaceLevel = SpaceLevel.PARK


class PlaceFigureOut(Schema):
    """``area`` in mu, of a building in m²; sums in 10,000 yuan. Where ``is_whole`` is false, ``total``
    and ``per`` are the least they can be: ``missing`` firms have no figure, ``partial`` lack months."""

    id: int
    name: str
    area: Decimal
    firms: int
    missing: int
    partial: int
    total: Decimal | None
    per: Decimal | None
    is_whole: bool


class PerformanceMonthOut(Schema):
    month: date
    total: Decimal | None
    firms: int


class PerformanceOut(Schema):
    whole: PlaceFigureOut
    places: list[PlaceFigureOut]
    trend: list[PerformanceMonthOut]


class PerformanceAskedIn(Schema):
    level: PerformanceLevel = PerformanceLevel.PARK
    measure: PerformanceMeasure = PerformanceMeasure.TAX
    year: int = Field(ge=2000, le=2200)


class FirmColumnOut(Schema):
    total: Decimal
    months: int


class FirmPartOut(Schema):
    """``columns`` by official, reported, estimated; ``counted_column`` null: nothing is known."""

    party_id: int
    name: str
    columns: dict[str, FirmColumnOut]
    counted_column: str | None
    share: Decimal
    by_land: bool
    counted: Decimal | None


class FirmsAskedIn(Schema):
    measure: PerformanceMeasure = PerformanceMeasure.TAX
    year: int = Field(ge=2000, le=2200)


def _round(value: Decimal | None, places: int = 4) -> Decimal | None:
    return None if value is None else round(value, places)


def _space(one: queries.Space) -> dict[str, Any]:
    return {
        "units": one.units, "rentable_m2": one.rentable, "let_m2": one.let,
        "reserved_m2": one.reserved, "vacant_m2": one.vacant, "apart_m2": one.apart,
        "occupancy": _round(one.rate), "effective_least": _round(one.effective_least),
        "effective_most": _round(one.effective_most),
    }  # fmt: skip


def _place(one: queries.PlaceYear) -> dict[str, Any]:
    return {
        "id": one.place_id, "name": one.name, "area": _round(one.area), "firms": len(one.parts),
        "missing": one.missing, "partial": one.partial, "total": _round(one.total),
        "per": _round(one.per), "is_whole": one.is_whole,
    }  # fmt: skip


def _part(part: queries.FirmPart) -> dict[str, Any]:
    firm = part.firm
    return {
        "party_id": firm.party_id, "name": firm.name, "counted_column": firm.best,
        "columns": {key: {"total": one.total, "months": one.months} for key, one in firm.columns.items()},
        "share": _round(part.share, 6), "by_land": part.by_land, "counted": _round(part.counted),
    }  # fmt: skip


@router.get("/occupancy", response={200: OccupancyOut, **PROBLEMS})
@api(READ)
def read_occupancy(request: HttpRequest, by: Actor, asked: Query[SpaceAskedIn]) -> object:
    """How full parks or buildings are today, and the zone at the end of each month of a year."""
    access.must_read_land(by)
    one = queries.occupied(by=by, level=asked.level, on=timezone.localdate())
    return {
        "whole": _space(one.whole),
        "places": [
            {"id": place.place_id, "name": place.name, "space": _space(place.space)}
            for place in one.places
        ],
        "trend": [{"on": day, "occupancy": _round(space.rate)} for day, space in one.trend],
    }


@router.get("/performance", response={200: PerformanceOut, **PROBLEMS})
@api(READ)
def read_performance(request: HttpRequest, by: Actor, asked: Query[PerformanceAskedIn]) -> object:
    """What each park, parcel or building came to in a year, per mu (of buildings per m²)."""
    access.must_read_land(by)
    one = queries.performance(
        by=by, level=asked.level, measure=asked.measure, year=asked.year,
        today=timezone.localdate(),
    )  # fmt: skip
    return {
        "whole": _place(one.whole),
        "places": [_place(place) for place in one.places],
        "trend": list(one.trend),
    }


@router.get("/performance/{level}/{place_id}/firms", response={200: list[FirmPartOut], **PROBLEMS})
@api(READ)
def list_performance_firms(
    request: HttpRequest, by: Actor, level: PerformanceLevel, place_id: Number,
    asked: Query[FirmsAskedIn],
) -> object:  # fmt: skip
    """The firms behind a place's figure, each in three columns, and how much of it counts there."""
    access.must_read_land(by)
    whole = queries.performance(
        by=by, level=level, measure=asked.measure, year=asked.year, today=timezone.localdate()
    )
    one = found(next((row for row in whole.places if row.place_id == place_id), None))
    return [_part(part) for part in one.parts]
