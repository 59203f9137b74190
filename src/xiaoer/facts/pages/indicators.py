"""The table of indicators, the records behind a row, one indicator over time, zones side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import day_of
from xiaoer.base.scope import Actor
from xiaoer.facts import access, queries
from xiaoer.facts.measuring import show_figure, unit_of
from xiaoer.facts.models import Metric, Value
from xiaoer.facts.pages.words import (
    growth_lines,
    language,
    line_of,
    name_of,
    number_of,
    period_of,
    rank_lines,
    text_of,
)
from xiaoer.facts.periods import Period, end_of
from xiaoer.facts.queries import Asked, Figure
from xiaoer.facts.queries.indicators import PAGE
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

READERS = (*STAFF_ROLES, Role.CITY)
MOST_FIRMS = 20


@page(*READERS)
def indicators(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Indicators of the zone, filtered by the address; exported exactly as filtered."""
    asked = asked_by(request)
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


def asked_by(request: HttpRequest) -> Asked:
    """The filters an address carries; what it does not know it does not filter by."""
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
            line.name, line.part, line.period, line.unit, cell_of(row.reported),
            cell_of(row.estimated), cell_of(row.official), cell_of(row.growth.printed),
            row.growth.computed, cell_of(row.rank), line.place, cell_of(row.target), _source(row),
        )  # fmt: skip


def cell_of(figure: Figure | None) -> object:
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
    has_file: bool
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
    row = queries.indicator_row(
        by=by, metric=metric, period=period, dimension=part, as_of=asked.as_of
    )
    context = {
        "name": name_of(metric),
        "metric": metric,
        "period": period.show(language()),
        "part": part,
        "records": records_of(rows, asked.as_of),
        "grown": growth_lines(row),
        "ranked": rank_lines(row),
        "keeps": access.keeps_figures(by),
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
                has_file=row.import_run is not None and row.import_run.file_id is not None,
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


def _firm_records(
    request: HttpRequest, by: Actor, metric: Metric, period: Period, asked: Asked
) -> HttpResponseBase:
    """The enterprises a sum counts, largest first; all of them as a sheet."""
    zone_id = by.zone_id or 0
    rows = queries.firm_values(
        zone_id=zone_id, metric_id=metric.pk, period=period, as_of=asked.as_of
    )
    superseded = queries.superseded(
        zone_id=zone_id, metric_id=metric.pk, period=period, as_of=asked.as_of
    )
    values = sorted(rows, key=lambda row: (row.column, -(row.low or 0), row.party_id or 0))
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"],
            name_of(metric),
            _firm_columns(metric),
            _firm_cells(values, superseded),
        )
    context = {
        "name": name_of(metric),
        "metric": metric,
        "period": period.show(language()),
        "unit": unit_of(metric).word(language()),
        "values": [
            (row, queries.firm_of(row), queries.figure_of(row).show(), since_words(row.known_at))
            for row in values[:MOST_FIRMS]
        ],
        "count": len(values),
        "more": max(len(values) - MOST_FIRMS, 0),
        "superseded": [
            (
                one.value,
                queries.firm_of(one.value),
                queries.figure_of(one.value).show(),
                since_words(one.value.known_at),
            )
            for one in superseded
        ],
        "grown": growth_lines(
            queries.indicator_row(
                by=by, metric=metric, period=period, from_firms=True, as_of=asked.as_of
            )
        ),
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
        Column("counted", _("Counted"), 30),
    )


def _firm_cells(
    values: Iterable[Value], superseded: Iterable[queries.Superseded]
) -> Iterator[tuple[object, ...]]:
    for row in values:
        yield (*_firm_cell(row), _("yes"))
    for one in superseded:
        yield (*_firm_cell(one.value), _superseded_words(one))


def _superseded_words(one: queries.Superseded) -> str:
    reported_under = one.value.party.name if one.value.party else ""
    return _("no: under the merged entry %(name)s, another figure counts") % {
        "name": reported_under
    }


def _firm_cell(row: Value) -> tuple[object, ...]:
    firm = queries.firm_of(row)
    return (
        firm.name,
        firm.credit_code,
        Value.Column(row.column).label,
        cell_of(queries.figure_of(row)),
        row.source.name,
        row.known_at,
    )
