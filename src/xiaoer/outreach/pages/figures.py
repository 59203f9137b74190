"""Figures of requests and visits for a period, each with its denominator and its records."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.pool import SHEET, cells
from xiaoer.outreach.queries import APPEAL_FIGURES, AppealFigures, Period, pool_row
from xiaoer.web.sending import sheet_response
from xiaoer.work import queries as work

readers = page(*STAFF_ROLES, Role.CITY)
Words = str | Promise

# figure, what it is called, of what it is a share: name of the denominator, and its words
TABLE: tuple[tuple[str, Words, str, Words], ...] = (
    ("filed", gettext_lazy("Filed in the period"), "", ""),
    ("counted", gettext_lazy("Counted"), "filed", gettext_lazy("filed, less what ended otherwise")),
    ("started_in_time", gettext_lazy("Contacted in time"), "start_judged", gettext_lazy("contacted, or past the limit")),
    ("replied_in_time", gettext_lazy("First reply in time"), "reply_judged", gettext_lazy("replied to, or past the limit")),
    ("answered_in_time", gettext_lazy("Answered in time"), "answer_judged", gettext_lazy("answered, or past the limit")),
    ("answered", gettext_lazy("Answered so far"), "counted", gettext_lazy("counted")),
    ("confirmed_solved", gettext_lazy("Confirmed solved by the enterprise"), "counted", gettext_lazy("counted")),
    ("confirmed", gettext_lazy("Confirmed, whatever the result"), "answered", gettext_lazy("answered")),
    ("confirmed_by_enterprise", gettext_lazy("Confirmed by its own hand"), "confirmed", gettext_lazy("confirmed")),
    ("confirmed_at_return_visit", gettext_lazy("Confirmed at a return visit"), "confirmed", gettext_lazy("confirmed")),
    ("waiting", gettext_lazy("Waiting for the enterprise"), "answered", gettext_lazy("answered")),
    ("unconfirmed", gettext_lazy("Unconfirmed: not reached"), "answered", gettext_lazy("answered")),
    ("reopened", gettext_lazy("Reopened by the enterprise"), "counted", gettext_lazy("counted")),
    ("still_solved", gettext_lazy("Still solved after 30 days"), "asked_again", gettext_lazy("asked again")),
    ("open", gettext_lazy("Still open"), "counted", gettext_lazy("counted")),
    ("parked", gettext_lazy("Parked with a promised date"), "open", gettext_lazy("open")),
    ("withdrawn", gettext_lazy("Withdrawn"), "filed", gettext_lazy("filed")),
    ("merged", gettext_lazy("Merged"), "filed", gettext_lazy("filed")),
    ("transferred", gettext_lazy("Passed on to another authority"), "filed", gettext_lazy("filed")),
    ("not_accepted", gettext_lazy("Not accepted"), "filed", gettext_lazy("filed")),
)  # fmt: skip
NAMES = {name: words for name, words, _whole, _of in TABLE}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with what it is a share of; ``percent`` is None where the whole is nothing."""

    name: str
    words: Words
    part: int
    whole: int | None
    of: Words
    percent: Decimal | None


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


def lines_of(figures: AppealFigures) -> list[Line]:
    return [_line(figures, *row) for row in TABLE]


def _line(figures: AppealFigures, name: str, words: Words, whole_name: str, of: Words) -> Line:
    part: int = getattr(figures, name)
    whole: int | None = getattr(figures, whole_name) if whole_name else None
    percent = queries.Share(part, whole).percent if whole is not None else None
    return Line(name, words, part, whole, of, percent)


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
        "lines": lines_of(figures),
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
        "name": NAMES.get(figure, figure),
        "asked": asked,
    }
    part = "_behind.html" if request.headers.get("HX-Request") else "behind.html"
    return render(request, f"outreach/{part}", context)
