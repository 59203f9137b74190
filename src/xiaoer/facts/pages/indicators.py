"""The table of indicators, the records behind a row, one indicator over time, zones side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.facts import access, queries
from xiaoer.facts.measuring import show_figure, show_number, unit_of
from xiaoer.facts.models import Metric, Value
from xiaoer.facts.pages.words import (
    COLUMN_ORDER,
    Line,
    day_of,
    language,
    line_of,
    name_of,
    next_place_words,
    number_of,
    period_of,
    place_words,
    shown,
    text_of,
)
from xiaoer.facts.periods import Period, end_of
from xiaoer.facts.queries import Asked, Figure
from xiaoer.facts.queries.indicators import PAGE
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

READERS = (*STAFF_ROLES, Role.CITY)
MOST_FIRMS = 20


@page(*READERS)
def indicators(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Indicators of the zone, filtered by the address; exported exactly as filtered."""
    asked = _asked(request)
    if request.GET.get("export"):
        rows = queries.indicators(by=by, asked=asked, limit=None)
        return sheet_response(
            request.GET["export"], _("Indicators"), _columns(), _cells(rows, asked)
        )
    offset = number_of(request.GET.get("after")) or 0
    rows = queries.indicators(by=by, asked=asked, offset=offset, limit=PAGE + 1)
    context = {
        "lines": [line_of(row, asked) for row in rows[:PAGE]],
        "after": offset + PAGE if len(rows) > PAGE else None,
        "started": offset > 0,
        "asked": asked,
        "years": queries.years(zone_ids=[by.zone_id or 0]),
        "metrics": [(m.pk, name_of(m)) for m in queries.metrics_in_use(zone_id=by.zone_id or 0)],
        "keeps": access.keeps_figures(by),
        "is_city": by.role == Role.CITY,
    }
    return render(request, "facts/indicators.html", context)


def _asked(request: HttpRequest) -> Asked:
    year = number_of(request.GET.get("year"))
    return Asked(
        as_of=day_of(request.GET.get("as_of")),
        year=year if year and 1900 <= year <= 2200 else None,
        metric_id=number_of(request.GET.get("metric")),
        words=text_of(request, "q", 60),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Indicator"), 30),
        Column("part", _("Of which"), 20),
        Column("period", _("Period"), 16),
        Column("unit", _("Unit"), 10),
        Column("reported", _("Reported"), 14, Kind.NUMBER),
        Column("estimated", _("Estimated"), 14, Kind.NUMBER),
        Column("official", _("Official"), 14, Kind.NUMBER),
        Column("printed", _("Growth as printed, %"), 12, Kind.NUMBER),
        Column("computed", _("Growth computed, %"), 12, Kind.NUMBER),
        Column("rank", _("Rank as printed"), 10, Kind.NUMBER),
        Column("place", _("Rank computed"), 10),
        Column("target", _("Target"), 14, Kind.NUMBER),
        Column("source", _("Source"), 40),
    )


def _cells(rows: Iterable[queries.IndicatorRow], asked: Asked) -> Iterator[tuple[object, ...]]:
    for row in rows:
        line = line_of(row, asked)
        yield (
            line.name, line.part, line.period, line.unit, _cell(row.reported),
            _cell(row.estimated), _cell(row.official), _cell(row.growth.printed),
            row.growth.computed, _cell(row.rank), line.place, _cell(row.target), _source(row),
        )  # fmt: skip


def _cell(figure: Figure | None) -> object:
    """A number as a number; a bound as its words."""
    if figure is None:
        return None
    return figure.show() if figure.number is None else figure.number


def _source(row: queries.IndicatorRow) -> str:
    figures = (row.official, row.reported, row.estimated, row.growth.printed, row.rank, row.target)
    return "；".join(dict.fromkeys(one.source for one in figures if one and one.source))


# Records -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record:
    """One version of a figure in words. ``state``: in force, corrected later, not yet known then."""

    column: str
    aspect: str
    figure: str
    known_since: str
    source: str
    reference: str
    who: str
    run_id: int | None
    note: str
    state: str


@page(*READERS)
def indicator_records(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The records behind a row: below it, or as a page of its own without scripts."""
    metric = found(queries.metric_by_code(text_of(request, "metric", 60)))
    period = found(period_of(request))
    asked = Asked(as_of=day_of(request.GET.get("as_of")), metric_id=metric.pk)
    if request.GET.get("firms"):
        return _firm_records(request, by, metric, period, asked)
    part = text_of(request, "part", 120)
    rows = queries.versions(
        zone_id=by.zone_id or 0, metric_id=metric.pk, period=period, dimension=part
    )
    if not rows:
        raise Http404
    standing = queries.standings(by=by, metrics=[metric], periods=[period], as_of=asked.as_of).get(
        (metric.pk, period)
    )
    context = {
        "name": name_of(metric),
        "metric": metric,
        "period": period.show(language()),
        "part": part,
        "records": records_of(rows, asked.as_of),
        "competitors": [
            (one.name, show_number(metric, standing.aspect, one.number))
            for one in standing.competitors
        ]
        if standing
        else [],
        "place": place_words(standing),
        "next_place": next_place_words(standing),
        "growth": _growth_basis(by, metric, period, part, asked),
        "as_of": asked.as_of,
    }
    return _part(request, "records", context)


def _part(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponseBase:
    by_htmx = request.headers.get("HX-Request")
    template = f"facts/_{name}_row.html" if by_htmx else f"facts/{name}.html"
    return render(request, template, context)


def records_of(rows: Sequence[Value], as_of: date | None) -> list[Record]:
    """Rows come last known first within a column and aspect: the first known then is in force."""
    seen: set[tuple[str, str]] = set()
    records = []
    for row in rows:
        place = (row.aspect, row.column)
        if as_of is not None and row.known_at > end_of(as_of):
            state = _("not known on that day")
        elif place in seen:
            state = _("corrected since")
        else:
            state = _("in force")
            seen.add(place)
        records.append(
            Record(
                column=str(Value.Column(row.column).label),
                aspect=str(Value.Aspect(row.aspect).label),
                figure=show_figure(
                    row.metric, row.aspect, row.low, row.high, row.is_open, with_unit=language()
                ),
                known_since=since_words(row.known_at),
                source=row.source.name,
                reference=row.external_ref,
                who=row.post.person.name if row.post else _("system"),
                run_id=row.import_run_id,
                note=row.note,
                state=state,
            )
        )
    return records


def since_words(moment: datetime) -> str:
    """The day; with the time where it is not the whole day that was meant."""
    local = timezone.localtime(moment)
    midnight = (local.hour, local.minute) == (0, 0)
    return f"{local:%Y-%m-%d}" if midnight else f"{local:%Y-%m-%d %H:%M}"


def _growth_basis(by: Actor, metric: Metric, period: Period, part: str, asked: Asked) -> str:
    """44 against 40 of the year before: how the computed growth came about."""
    rows = queries.indicators(
        by=by, asked=Asked(as_of=asked.as_of, year=period.ends_on.year, metric_id=metric.pk)
    )
    row = next((one for one in rows if one.period == period and one.dimension == part), None)
    if row is None or row.growth.computed is None:
        return ""
    before = queries.value_as_known(
        zone_id=by.zone_id or 0,
        metric_code=metric.code,
        period=period.year_before(),
        column=row.growth.column,
        dimension=part,
        as_of=asked.as_of,
    )
    now = next(
        one
        for one in (row.official, row.reported, row.estimated)
        if one and one.column == row.growth.column
    )
    return _("%(new)s against %(old)s of the year before: %(growth)s%%") % {
        "new": now.show(),
        "old": shown(before),
        "growth": row.growth.computed,
    }


def _firm_records(
    request: HttpRequest, by: Actor, metric: Metric, period: Period, asked: Asked
) -> HttpResponseBase:
    """The enterprises a sum counts, largest first; all of them as a sheet."""
    rows = queries.firm_values(
        zone_id=by.zone_id or 0, metric_id=metric.pk, period=period, as_of=asked.as_of
    )
    values = sorted(rows, key=lambda row: (row.column, -(row.low or 0), row.party_id or 0))
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], name_of(metric), _firm_columns(metric), map(_firm_cells, values)
        )
    context = {
        "name": name_of(metric),
        "metric": metric,
        "period": period.show(language()),
        "unit": unit_of(metric).word(language()),
        "values": [
            (row, queries.figure_of(row).show(), since_words(row.known_at))
            for row in values[:MOST_FIRMS]
        ],
        "count": len(values),
        "more": max(len(values) - MOST_FIRMS, 0),
        "as_of": asked.as_of,
    }
    return _part(request, "firms", context)


def _firm_columns(metric: Metric) -> tuple[Column, ...]:
    return (
        Column("name", _("Enterprise"), 36),
        Column("code", _("Credit code"), 22),
        Column("column", _("Standing"), 10),
        Column(
            "figure", f"{name_of(metric)} ({unit_of(metric).word(language())})", 16, Kind.NUMBER
        ),
        Column("source", _("Source"), 30),
        Column("known_at", _("Known since"), 18, Kind.DATETIME),
    )


def _firm_cells(row: Value) -> tuple[object, ...]:
    return (
        row.party.name if row.party else "",
        row.party.credit_code if row.party else "",
        Value.Column(row.column).label,
        _cell(queries.figure_of(row)),
        row.source.name,
        row.known_at,
    )


# One indicator over time -------------------------------------------------------------------------

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
    years = queries.years(zone_ids=[zone.pk for zone in zones])
    asked = _asked(request)
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
                *map(_cell, row.cells),
            )
            for row in rows
        )
        return sheet_response(request.GET["export"], _("Zones side by side"), columns, cells)
    context = {
        "zones_compared": zones,
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
    rows = queries.known_values(zone_ids=[party.zone_id]).filter(
        party_id__in=numbers_of(party=party)
    )
    figures = sorted(
        map(queries.figure_of, rows),
        key=lambda one: (one.period.ends_on, -one.metric.pk),
        reverse=True,
    )
    context = {
        "party": party,
        "figures": [
            (
                name_of(one.metric),
                one.period.show(language()),
                one.show(language()),
                one,
                Value.Column(one.column).label,
            )
            for one in figures[:200]
        ],
        "count": len(figures),
    }
    return render(request, "facts/_enterprise_facts.html", context)
