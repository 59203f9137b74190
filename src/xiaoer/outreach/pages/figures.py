"""Figures of requests and visits for a period, each with its denominator and its records."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.pool import SHEET, cells
from xiaoer.outreach.queries import APPEAL_FIGURES, Period, pool_row
from xiaoer.web.sending import sheet_response
from xiaoer.work import queries as work

readers = page(*STAFF_ROLES, Role.CITY)


@dataclass(frozen=True, slots=True)
class Asked:
    """The period and programme of an address."""

    period: Period
    programme: str | None


def asked_of(request: HttpRequest, now: datetime) -> Asked:
    """The year to date where the address says nothing; days the wrong way round are turned."""
    today = timezone.localdate(now)
    since = reading.day_of_address(request, "since") or date(today.year, 1, 1)
    until = reading.day_of_address(request, "until") or today
    first, last = sorted((since, until))
    return Asked(Period(first, last), reading.words(request.GET, "programme")[:30] or None)


@readers
def appeal_figures(request: HttpRequest, by: Actor) -> HttpResponse:
    """Figures of a period, as they stand now."""
    now = timezone.now()
    asked = asked_of(request, now)
    figures = queries.appeal_figures(
        zone_id=by.zone_id, period=asked.period, now=now, programme=asked.programme
    )
    visits = queries.visit_figures(
        zone_id=by.zone_id, period=asked.period, programme=asked.programme
    )
    context = {
        "figures": figures,
        "lines": queries.figure_lines(figures),
        "visits": visits,
        "not_visited": list(
            queries.enterprises_not_visited(
                zone_id=by.zone_id, period=asked.period, programme=asked.programme
            )[:20]
        ),
        "asked": asked,
        "programmes": [(one.code, one.name) for one in queries.programmes(by=by)],
        "query": request.GET.urlencode(),
    }
    return render(request, "outreach/appeal_figures.html", context)


@readers
def appeals_behind(request: HttpRequest, by: Actor, figure: str) -> HttpResponse:
    """The records behind one figure: a part below its row, or a page; exported whole."""
    if figure not in APPEAL_FIGURES:
        raise Http404
    now = timezone.now()
    asked = asked_of(request, now)
    rows = queries.appeals_behind(
        zone_id=by.zone_id, period=asked.period, figure=figure, now=now, programme=asked.programme
    ).select_related("handler__person")
    calendar = work.calendar_of(by.zone_id) if by.zone_id else None
    kind = request.GET.get("export")
    if kind:
        lines = (cells(pool_row(row, now, calendar)) for row in rows.iterator(chunk_size=500))
        return sheet_response(kind, _("Requests"), SHEET, lines)
    context = {
        "rows": [pool_row(row, now, calendar) for row in rows[:50]],
        "count": rows.count(),
        "name": queries.figure_words(figure),
        "asked": asked,
    }
    part = "_behind.html" if request.headers.get("HX-Request") else "behind.html"
    return render(request, f"outreach/{part}", context)
