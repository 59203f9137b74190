"""Pages of published figures: the table, the records behind a row, the same on another date."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role, Zone
from xiaoer.base.pages.forms import day_of
from xiaoer.base.scope import Actor
from xiaoer.reports import queries as reports
from xiaoer.reports.published import (
    articles,
    dimension_words,
    published_figure,
    word,
)
from xiaoer.reports.queries import STATUS_WORDS, FigureRow, Status
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

READERS = (*STAFF_ROLES, Role.CITY)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table in the reader's words."""

    row: FigureRow
    label: str
    unit: str
    period: str
    source: str
    doubt: str


@page(*READERS)
def figures(request: HttpRequest, by: Actor) -> HttpResponse:
    """All published figures beside ours, filtered by the address."""
    as_of = day_of(request.GET.get("as_of"))
    zone = request.GET.get("zone") or _own_zone(by)
    doubtful = bool(request.GET.get("doubt"))
    table = reports.figure_table(
        rows=reports.figure_rows(by=by, as_of=as_of),
        zone=zone,
        status=request.GET.get("status"),
        doubtful=doubtful,
    )
    lines = [line_of(row) for row in table.rows]
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], _("Published figures"), _columns(), _cells(lines)
        )
    context = {
        "lines": lines,
        "table_of": table,
        "filters": [
            (reports.ANSWERED, _("with a figure of ours"), table.counts[reports.ANSWERED]),
            *((one.value, STATUS_WORDS[one], table.counts[one.value]) for one in Status),
            (reports.ALL, _("all"), table.total),
        ],
        "status_words": STATUS_WORDS,
        "doubt": doubtful,
        "zone_code": zone,
        "figure_zones": Zone.objects.order_by("id"),
        "as_of": as_of,
    }
    return render(request, "reports/figures.html", context)


@page(*READERS)
def figure(request: HttpRequest, by: Actor, figure_id: str) -> HttpResponse:
    """The proof of one figure: a part below its row, or a page of its own without scripts."""
    published = found(published_figure(figure_id))
    as_of = day_of(request.GET.get("as_of"))
    row = reports.figure_row(by=by, figure=published, as_of=as_of)
    language = _language()
    article = next(a for a in articles() if a.seed == published.article)
    context = {
        "line": line_of(row),
        "row": row,
        "status_words": STATUS_WORDS,
        "dimensions": dimension_words(published, language=language),
        "article": article.title(language),
        "printed_in": article.source(language),
        "period_note": word(kind="period_note", key=published.period_note, language=language)
        if published.period_note
        else "",
        "waits_for": word(kind="room", key=published.waits_for, language=language)
        if published.waits_for
        else "",
    }
    part = "reports/_figure.html" if request.headers.get("HX-Request") else "reports/figure.html"
    return render(request, part, context)


def line_of(row: FigureRow) -> Line:
    language = _language()
    figure = row.figure
    return Line(
        row=row,
        label=figure.label(language),
        unit=word(kind="unit", key=figure.unit, language=language),
        period=figure.period_label,
        source=word(kind="zone", key=figure.zone, language=language),
        doubt=figure.doubt(language),
    )


def _language() -> str:
    return get_language() or "zh-hans"


def _own_zone(by: Actor) -> str:
    zone = Zone.objects.filter(pk=by.zone_id).first()
    return zone.code if zone and by.role != Role.CITY else "all"


def _columns() -> tuple[Column, ...]:
    return (
        Column("id", _("Number"), 10),
        Column("zone", _("Zone"), 20),
        Column("label", _("Figure"), 40),
        Column("published", _("Published"), 14),
        Column("ours", _("Ours"), 14),
        Column("unit", _("Unit"), 10),
        Column("period", _("Period"), 16),
        Column("status", _("Status"), 16),
        Column("matches", _("Agrees"), 10),
        Column("as_of", _("As of"), 12, Kind.DATE),
        Column("doubt", _("Doubt"), 40),
    )


def _cells(lines: list[Line]) -> list[tuple[object, ...]]:
    words = {True: _("yes"), False: _("no"), None: ""}
    return [
        (
            line.row.figure.id,
            line.source,
            line.label,
            line.row.figure.printed,
            line.row.shown or "",
            line.unit,
            line.period,
            str(STATUS_WORDS[line.row.status]),
            words[line.row.matches],
            line.row.answer.as_of if line.row.answer else None,
            line.doubt,
        )
        for line in lines
    ]
