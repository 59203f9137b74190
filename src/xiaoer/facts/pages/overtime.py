"""One indicator over time, zones side by side, an enterprise's figures."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, page
from xiaoer.base.models import Role
from xiaoer.base.pages.forms import day_of
from xiaoer.base.scope import Actor
from xiaoer.facts import access, queries
from xiaoer.facts.measuring import unit_of
from xiaoer.facts.models import Metric
from xiaoer.facts.pages.indicators import READERS, asked_by, cell_of
from xiaoer.facts.pages.words import (
    COLUMN_ORDER,
    Line,
    language,
    line_of,
    name_of,
    shown,
)
from xiaoer.facts.periods import Period
from xiaoer.facts.queries import Asked
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

SHAPES = ("year", "ytd", "month", "date", "other")


def shape_of(period: Period) -> str:
    """Only periods of one shape make a curve: years, January to date, single months, dates."""
    start, end = period.starts_on, period.ends_on
    if period.is_date:
        return "date"
    if start.year == end.year and start.month == 1 and end.month == 12:
        return "year"
    if (start.year, start.month) == (end.year, end.month):
        return "month"
    return "ytd" if start.year == end.year and start.month == 1 else "other"


@page(*READERS)
def indicator(request: HttpRequest, by: Actor, code: str) -> HttpResponseBase:
    """One indicator over time, its columns side by side; the drawing has a table beside it."""
    metric = found(queries.metric_by_code(code))
    asked = Asked(as_of=day_of(request.GET.get("as_of")), metric_id=metric.pk)
    rows = queries.indicators(by=by, asked=asked, limit=600)
    shapes = [shape for shape in SHAPES if any(shape_of(row.period) == shape for row in rows)]
    shape = (
        request.GET.get("shape") if request.GET.get("shape") in shapes else next(iter(shapes), None)
    )
    chosen = [row for row in rows if shape_of(row.period) == shape]
    lines = [line_of(row, asked) for row in chosen]
    context = {
        "metric": metric,
        "name": name_of(metric),
        "unit": unit_of(metric).word(language()),
        "lines": lines,
        "shape": shape,
        "shapes": [(one, _shape_word(one)) for one in shapes],
        "spec": _chart(metric, lines),
        "asked": asked,
        "keeps": access.keeps_figures(by),
    }
    return render(request, "facts/indicator.html", context)


def _shape_word(shape: str) -> str:
    return {
        "year": _("by year"),
        "ytd": _("January to date"),
        "month": _("by month"),
        "date": _("at a date"),
        "other": _("other periods"),
    }[shape]


def _chart(metric: Metric, lines: Sequence[Line]) -> dict[str, object] | None:
    """Drawn from two plain figures on; sums of enterprises are a series of their own."""
    ordered = sorted(lines, key=lambda line: line.row.period)
    periods = list(dict.fromkeys(line.period for line in ordered))
    series = []
    for from_firms in (False, True):
        for column in COLUMN_ORDER:
            found_in = {
                line.period: figure.number
                for line in ordered
                if line.row.from_firms == from_firms
                and not line.row.dimension
                and (figure := getattr(line.row, column.value)) is not None
                and figure.number is not None
            }
            if found_in:
                word = _("enterprises, %(column)s") % {"column": column.label}
                series.append(
                    {
                        "name": word if from_firms else str(column.label),
                        "style": column.value,
                        "values": [_plain(found_in.get(period)) for period in periods],
                    }
                )
    if len(periods) < 2 or not series:
        return None
    return {
        "kind": "trend",
        "x": periods,
        "series": series,
        "unit": unit_of(metric).word(language()),
    }


def _plain(number: object) -> float | None:
    return None if number is None else float(str(number))


# Zones side by side ------------------------------------------------------------------------------


@page(Role.CITY)
def city_indicators(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """For the city: every zone's figure in one row, with its place."""
    zones = queries.zones_compared(by=by)
    asked = asked_by(request)
    years = queries.years_compared(by=by, as_of=asked.as_of)
    asked = replace(asked, year=asked.year or next(iter(years), None))
    rows = queries.city_view(by=by, asked=asked)
    if request.GET.get("export"):
        columns = (
            Column("name", _("Indicator"), 30),
            Column("period", _("Period"), 16),
            Column("unit", _("Unit"), 10),
            *(Column(zone.code, zone.name, 16, Kind.NUMBER) for zone in zones),
        )
        cells = (
            (
                name_of(row.metric),
                row.period.show(language()),
                unit_of(row.metric).word(language()),
                *map(cell_of, row.cells),
            )
            for row in rows
        )
        return sheet_response(request.GET["export"], _("Zones side by side"), columns, cells)
    context = {
        "zones_compared": zones,
        "zone_names": {zone.pk: zone.name for zone in zones},
        "lines": [
            (
                name_of(row.metric),
                row.period.show(language()),
                unit_of(row.metric).word(language()),
                [
                    (shown(cell), place, cell)
                    for cell, place in zip(row.cells, row.places, strict=True)
                ],
            )
            for row in rows[:200]
        ],
        "more": max(len(rows) - 200, 0),
        "asked": asked,
        "years": years,
    }
    return render(request, "facts/city.html", context)


# An enterprise's tab -----------------------------------------------------------------------------


@page(*READERS, Role.ENTERPRISE)
def enterprise_facts(request: HttpRequest, by: Actor, party_id: int) -> HttpResponseBase:
    """What is known of one enterprise, last period first, each figure with its source."""
    party = found(Party.objects.filter(pk=party_id, zone_id=by.zone_id).first())
    if by.role == Role.ENTERPRISE and by.party_ref != party.pk:
        raise Http404
    rows = list(
        queries.known_values(zone_ids=[party.zone_id])
        .filter(party_id__in=numbers_of(party=party))
        .select_related("party")
    )
    superseded = {one.value.pk for one in queries.superseded_of(rows)}
    rows.sort(key=lambda one: (one.ends_on, -one.metric_id, one.pk not in superseded), reverse=True)
    context = {
        "party": party,
        "figures": [
            (
                name_of(one.metric),
                one,
                queries.figure_of(one),
                one.pk in superseded,
            )
            for one in rows[:200]
        ],
        "count": len(rows),
        "language": language(),
    }
    return render(request, "facts/_enterprise_facts.html", context)
