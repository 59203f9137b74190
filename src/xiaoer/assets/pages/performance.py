"""亩均效益与出租率: what land and floor space yield and how full they are, by place, month and map."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from xiaoer.assets import queries
from xiaoer.assets.access import land as access
from xiaoer.assets.pages.carrier_forms import paged
from xiaoer.assets.pages.carriers import colour_of
from xiaoer.assets.pages.land_words import mu_words
from xiaoer.assets.place_map import Drawn, PlaceMap, place_map
from xiaoer.assets.queries import (
    MEASURES,
    FirmYear,
    OccupiedPlace,
    PlaceYear,
    Space,
    Standing,
)
from xiaoer.base.doors import found, page
from xiaoer.base.pages.forms import number
from xiaoer.base.scope import Actor
from xiaoer.facts.models import Column as FactColumn
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import MISSING
from xiaoer.web.words import number as shown

readers = page(*access.READERS)
LEVEL_WORDS: dict[str, str | Promise] = {
    "park": lazy("by park"),
    "parcel": lazy("by parcel"),
    "building": lazy("by building"),
}
MEASURE_WORDS: dict[str, str | Promise] = {
    "tax": lazy("Tax"),
    "revenue": lazy("Revenue"),
    "output": lazy("Output value"),
}


def asked_of(request: HttpRequest, level: str = "") -> tuple[str, str, int]:
    """Level, measure and year of an address; what is no such thing is the usual one."""
    level = level or request.GET.get("by", "")
    measure = request.GET.get("measure", "")
    today = timezone.localdate()
    year = number(request.GET.get("year"))
    years = queries.years_of_performance(zone_id=0, today=today)
    return (
        level if level in queries.PERFORMANCE_LEVELS else "park",
        measure if measure in MEASURES else "tax",
        year if year in years else today.year - 1,
    )


def per_words(one: PlaceYear, places: int = 2) -> str:
    """A figure a mu; of which not all is known, the least it is."""
    if one.per is None:
        return MISSING
    words = shown(round(one.per, places), places)
    return words if one.is_whole else f"≥ {words}"


def unit_of(level: str) -> str:
    return _("10,000 yuan a m²") if level == "building" else _("10,000 yuan a mu")


def area_words(level: str, area: Decimal) -> str:
    return shown(round(area)) if level == "building" else mu_words(area)


def _wan(amount: Decimal | None) -> str:
    return MISSING if amount is None else shown(round(amount, 1), 1)


@readers
def performance(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """What each park, parcel or building came to in a year, on a map, as a trend and as a table."""
    level, measure, year = asked_of(request)
    today = timezone.localdate()
    found_ = queries.performance(by=by, level=level, measure=measure, year=year, today=today)
    if request.GET.get("export"):
        name = f"{_('Per-mu performance')} {year} {MEASURE_WORDS[measure]}"
        return sheet_response(request.GET["export"], name, _columns(level), _cells(found_.places))
    query = f"?measure={measure}&year={year}"
    context = {
        "level": level,
        "measure": measure,
        "year": year,
        "rows": [
            (one, area_words(level, one.area), _wan(one.total), per_words(one), _firms(one),
             reverse("performance_place", args=[level, one.place_id]) + query)
            for one in found_.places[: queries.LAND_SHOWN]
        ],
        "whole": found_.whole,
        "whole_words": (area_words(level, found_.whole.area), _wan(found_.whole.total),
                        per_words(found_.whole), _firms(found_.whole)),
        "unit": unit_of(level),
        "levels": [(key, words, None) for key, words in LEVEL_WORDS.items()],
        "measures": [(key, words, None) for key, words in MEASURE_WORDS.items()],
        "years": [(one, one) for one in queries.years_of_performance(zone_id=by.zone_id, today=today)],
        "map": _map(by, level, found_.places, query),
        "trend": _trend(found_),
        "is_past": year < today.year,
    }  # fmt: skip
    return render(request, "assets/performance.html", context)


def _firms(one: PlaceYear) -> str:
    """How many firms it counts, and how many it cannot."""
    words = ngettext("%(num)s enterprise", "%(num)s enterprises", len(one.parts)) % {
        "num": len(one.parts)
    }
    if one.missing:
        words += _(", %(count)s without figures") % {"count": one.missing}
    if one.partial:
        words += _(", %(count)s with months missing") % {"count": one.partial}
    return words


def _map(by: Actor, level: str, places: Iterable[PlaceYear], query: str) -> PlaceMap | None:
    lines = queries.outlines(zone_id=by.zone_id, level=level)
    unit = unit_of(level)
    return place_map(
        [
            Drawn(
                lines.get(one.place_id, []),
                None if one.per is None else round(one.per, 2),
                f"{one.name}：{per_words(one)} {unit}",
                reverse("performance_place", args=[level, one.place_id]) + query,
                one.name if level == "park" else "",
            )
            for one in places
        ]
    )


def _trend(found_: queries.Performance) -> dict[str, Any]:
    """Months as the chart and its table want them; a month nobody reported is a gap, not zero."""
    area = found_.whole.area
    values = [
        None if one.total is None or not area else float(round(one.total / area, 3))
        for one in found_.trend
    ]
    months = [f"{one.month:%Y-%m}" for one in found_.trend]
    return {
        "spec": {
            "kind": "trend",
            "x": months,
            "series": [{"name": _("a month"), "style": "official", "values": values}],
        },
        "rows": [
            [month, value, one.firms]
            for month, value, one in zip(months, values, found_.trend, strict=True)
        ],
        "known": any(value is not None for value in values),
    }


def _columns(level: str) -> tuple[Column, ...]:
    return (
        Column("name", _("Place"), 30),
        Column("area", _("Area, m²") if level == "building" else _("Area, mu"), 12, Kind.NUMBER),
        Column("firms", _("Enterprises"), 12, Kind.NUMBER),
        Column("missing", _("Without figures"), 12, Kind.NUMBER),
        Column("partial", _("Months missing"), 12, Kind.NUMBER),
        Column("total", _("Known, 10,000 yuan"), 16, Kind.NUMBER),
        Column("per", unit_of(level), 16, Kind.NUMBER),
        Column("whole", _("All is known"), 12),
    )


def _cells(places: Iterable[PlaceYear]) -> Iterator[tuple[object, ...]]:
    for one in places:
        yield (
            one.name, round(one.area, 4), len(one.parts), one.missing, one.partial,
            None if one.total is None else round(one.total, 2),
            None if one.per is None else round(one.per, 4), _("yes") if one.is_whole else _("no"),
        )  # fmt: skip


@readers
def performance_place(
    request: HttpRequest, by: Actor, place_level: str, place_id: int
) -> HttpResponseBase:
    """The firms behind a figure: each in three columns, how much of it counts here, and why."""
    if place_level not in queries.PERFORMANCE_LEVELS:
        raise Http404
    level, measure, year = asked_of(request, place_level)
    whole = queries.performance(
        by=by, level=level, measure=measure, year=year, today=timezone.localdate()
    )
    one = found(next((row for row in whole.places if row.place_id == place_id), None))
    parts = sorted(one.parts, key=lambda part: (part.counted is None, -(part.counted or 0)))
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], f"{one.name} {year}", _part_columns(), _part_cells(parts)
        )
    context = {
        "one": one,
        "level": level,
        "year": year,
        "measure": MEASURE_WORDS[measure],
        "back": reverse("performance") + f"?by={level}&measure={measure}&year={year}",
        "rows": [
            (part, [_column_words(part.firm, column) for column in FactColumn],
             shown(round(part.share * 100, 1), 1), _wan(part.counted))
            for part in parts
        ],
        "columns": [column.label for column in FactColumn],
        "area": area_words(level, one.area),
        "area_unit": "m²" if level == "building" else _("mu"),
        "total": _wan(one.total),
        "per": per_words(one),
        "unit": unit_of(level),
        "firms": _firms(one),
        "years": [(each, each) for each in queries.years_of_performance(zone_id=by.zone_id, today=timezone.localdate())],
        "measures": [(key, words, None) for key, words in MEASURE_WORDS.items()],
        "measure_key": measure,
        "is_parcel": level == "parcel",
    }  # fmt: skip
    return render(request, "assets/performance_place.html", context)


def _column_words(firm: FirmYear, column: str) -> tuple[str, str, bool]:
    """A column's sum, the months it is of where some are missing, and whether it is the one counted."""
    known = firm.columns.get(column)
    if known is None:
        return MISSING, "", False
    months = "" if known.months >= firm.months_asked else _("%(count)s of %(all)s months") % {
        "count": known.months, "all": firm.months_asked}  # fmt: skip
    return _wan(known.total), months, firm.best == column


def _part_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Enterprise"), 34),
        *(Column(column.value, column.label, 14, Kind.NUMBER) for column in FactColumn),
        Column("months", _("Months known"), 12, Kind.NUMBER),
        Column("share", _("Counts here, per cent"), 12, Kind.NUMBER),
        Column("counted", _("Counted, 10,000 yuan"), 16, Kind.NUMBER),
        Column("how", _("Shared by"), 12),
    )


def _part_cells(parts: Iterable[queries.FirmPart]) -> Iterator[tuple[object, ...]]:
    for part in parts:
        columns = part.firm.columns
        best = part.firm.best
        yield (
            part.firm.name,
            *(columns[one].total if one in columns else None for one in FactColumn),
            columns[best].months if best else 0, round(part.share * 100, 2),
            None if part.counted is None else round(part.counted, 2),
            _("land") if part.by_land else _("floor space"),
        )  # fmt: skip


# Occupancy ---------------------------------------------------------------------------------------


def _rate(value: Decimal | None) -> str:
    return MISSING if value is None else f"{shown(round(value, 1), 1)}%"


def effective(space: Space) -> str:
    """A range where nobody knows of some let units whether anything is made there."""
    least, most = space.effective_least, space.effective_most
    if least is None or most is None:
        return MISSING
    return _rate(least) if least == most else f"{_rate(least)}–{_rate(most)}"


@readers
def occupancy(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """How full parks and buildings are, the emptiest first, with a year of months."""
    level = request.GET.get("by", "park")
    level = level if level in queries.OCCUPANCY_LEVELS else "park"
    today = timezone.localdate()
    found_ = queries.occupied(by=by, level=level, on=today)
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], _("Occupancy"), _space_columns(), _space_cells(found_.places)
        )
    months = [f"{day:%Y-%m-%d}" for day, _space in found_.trend]
    rates = [None if s.rate is None else float(round(s.rate, 1)) for _day, s in found_.trend]
    context = {
        "level": level,
        "rows": [
            (one, one.name or _("in no park"), _rate(one.space.rate), effective(one.space),
             reverse("occupancy_place", args=[level, one.place_id]) if one.place_id else None)
            for one in found_.places[: queries.LAND_SHOWN]
        ],
        "whole": found_.whole,
        "rate": _rate(found_.whole.rate),
        "effective": effective(found_.whole),
        "levels": [(key, LEVEL_WORDS[key], None) for key in queries.OCCUPANCY_LEVELS],
        "map": _space_map(by, level, found_.places),
        "spec": {"kind": "trend", "x": months, "unit": "%",
                 "series": [{"name": _("Occupancy"), "style": "official", "values": rates}]},
        "trend": [[month, rate] for month, rate in zip(months, rates, strict=True)],
    }  # fmt: skip
    return render(request, "assets/occupancy.html", context)


def _space_map(by: Actor, level: str, places: Iterable[OccupiedPlace]) -> PlaceMap | None:
    lines = queries.outlines(zone_id=by.zone_id, level=level)
    return place_map(
        [
            Drawn(
                lines.get(one.place_id, []),
                None if one.space.rate is None else round(one.space.rate, 1),
                f"{one.name}：{_rate(one.space.rate)}",
                reverse("occupancy_place", args=[level, one.place_id]),
                one.name if level == "park" else "",
            )
            for one in places
            if one.place_id is not None
        ]
    )


def _space_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Place"), 30),
        Column("units", _("Units"), 8, Kind.NUMBER),
        Column("rentable", _("Rentable, m²"), 14, Kind.NUMBER),
        Column("let", _("Let, m²"), 14, Kind.NUMBER),
        Column("reserved", _("Reserved, m²"), 14, Kind.NUMBER),
        Column("vacant", _("Vacant, m²"), 14, Kind.NUMBER),
        Column("rate", _("Occupancy in per cent"), 12, Kind.NUMBER),
        Column("least", _("Effective at least, %"), 14, Kind.NUMBER),
        Column("most", _("Effective at most, %"), 14, Kind.NUMBER),
        Column("apart", _("Sold, own use or not offered, m²"), 18, Kind.NUMBER),
    )


def _space_cells(places: Iterable[OccupiedPlace]) -> Iterator[tuple[object, ...]]:
    for one in places:
        space = one.space
        rates = (space.rate, space.effective_least, space.effective_most)
        yield (
            one.name or _("in no park"), space.units, space.rentable, space.let, space.reserved,
            space.vacant, *(None if rate is None else round(rate, 2) for rate in rates),
            space.apart,
        )  # fmt: skip


@readers
def occupancy_place(
    request: HttpRequest, by: Actor, occupied_level: str, occupied_id: int
) -> HttpResponseBase:
    """The units behind a figure: what each is today, and who has it until when."""
    if occupied_level not in queries.OCCUPANCY_LEVELS:
        raise Http404
    today = timezone.localdate()
    whole = queries.occupied(by=by, level=occupied_level, on=today)
    one = found(next((row for row in whole.places if row.place_id == occupied_id), None))
    rows = queries.units_of_place(by=by, level=occupied_level, place_id=occupied_id, on=today)
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], one.name, _unit_columns(), _unit_cells(rows))
    here = paged(request, rows)
    context = {
        "one": one,
        "level": occupied_level,
        "shown": here,
        "colour": colour_of,
        "rows": [(row, row.state.label) for row in here],
        "count": len(rows),
        "rate": _rate(one.space.rate),
        "effective": effective(one.space),
        "back": reverse("occupancy") + f"?by={occupied_level}",
    }
    return render(request, "assets/occupancy_place.html", context)


def _unit_columns() -> tuple[Column, ...]:
    return (
        Column("building", _("Building"), 30),
        Column("code", _("Carrier unit"), 12),
        Column("state", _("State"), 12),
        Column("area", _("Area, m²"), 12, Kind.NUMBER),
        Column("holder", _("Who has it"), 30),
        Column("until", _("Until"), 12, Kind.DATE),
    )


def _unit_cells(rows: Iterable[Standing]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one = row.unit
        yield (
            one.building.name, one.code, row.state.label, one.area_m2, row.holder or "", row.until,
        )  # fmt: skip
