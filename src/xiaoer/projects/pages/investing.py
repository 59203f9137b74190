"""投资: the money tab of a project, one reported figure, and investment over all projects."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import money_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import InvestmentMonth, Project, Series, YearPlan
from xiaoer.projects.pages import figures
from xiaoer.projects.pages.chosen import READERS, WITH_FIRM
from xiaoer.projects.queries import Completion, InvestmentLine
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import month as month_words

Reporter = InvestmentMonth.Reporter
STYLES = {Reporter.STATISTICS: "official", Reporter.ZONE: "reported", Reporter.FIRM: "estimated"}
SORTS = ("name", "planned", "done", "percent", "ahead")


def _project(by: Actor, project_id: int) -> Project:
    rows = Project.objects.select_related("party")
    return found(rows.filter(zone_id=by.zone_id, pk=project_id).first())


# The tab of a project ----------------------------------------------------------------------------


@page(*READERS)
def project_money(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """The tab: plan against time, four series apart, how it stands with the library."""
    project = _project(by, project_id)
    today = timezone.localdate()
    year = number(request.GET.get("year")) or today.year
    year = year if 2000 <= year <= today.year + 1 else today.year
    until = 12 if year < today.year else max(today.month - 1, 1)
    # A tab of the project's page, loaded into its place; opened by itself, a page.
    is_part = "HX-Request" in request.headers and request.headers.get("HX-Target") != "page"
    template = "projects/_money.html" if is_part else "projects/money.html"
    return render(request, template, _tab(by, project, year, until))


def _tab(by: Actor, project: Project, year: int, until: int) -> dict[str, Any]:
    rows = queries.month_rows(zone_id=by.zone_id, project=project, year=year)
    plans = list(
        YearPlan.objects.filter(zone_id=by.zone_id, project=project, year=year)
        .select_related("post__person")
        .order_by("series", "-id")
    )
    money = queries.year_money(
        zone_id=by.zone_id, year=year, until_month=until, projects=[project.pk]
    )
    share = money.shares[project.pk]
    elapsed = Fraction(until * 100, 12)
    return {
        "project": project,
        "year": year,
        "years": range(year - 2, year + 2),
        "until": date(year, until, 1),
        "share": share,
        "elapsed": elapsed,
        "drawing": figures.drawn(share.percent, elapsed),
        "completion": figures.percent(share.percent, whole=share.is_whole),
        "plans": [(one, figures.shown(one.series, one.amount)) for one in plans],
        "blocks": [_block(series, year, rows) for series in Series],
        "entry": queries.entry_of_project(project),
        "reporters": _may(by, project),
        "keeps": access.keeps_money(by) or access.answers_for(by, project),
        "series_options": Series.choices,
        "months": [(one, month_words(one)) for one in _months(year, until)],
        "shown": figures.shown,
        "yuan": figures.yuan,
    }


def _months(year: int, until: int) -> list[date]:
    return [date(year, month, 1) for month in range(min(until + 1, 12), 0, -1)]


def _may(by: Actor, project: Project) -> list[tuple[str, str]]:
    """In whose names the asker may report."""
    return [
        (one.value, str(one.label))
        for one in (Reporter.ZONE, Reporter.STATISTICS)
        if access.may_report(by, project, one)
    ]


@dataclass(frozen=True, slots=True)
class Block:
    """One series of a year: its drawing and its table, a reporter a column."""

    series: Series
    unit: str
    reporters: tuple[Reporter, ...]
    lines: tuple[tuple[date, tuple[InvestmentMonth | None, ...]], ...]
    sums: tuple[str, ...]
    spec: dict[str, Any]

    def figure(self, row: InvestmentMonth | None) -> str:
        return figures.in_unit(self.series, row.amount if row else None)


def _block(series: Series, year: int, rows: Iterable[InvestmentMonth]) -> Block:
    current = {
        (row.month, row.reporter): row for row in rows if row.series == series and row.is_current
    }
    reporters = tuple(
        one for one in (Reporter.STATISTICS, Reporter.ZONE, Reporter.FIRM)
        if any(reporter == one for _month, reporter in current)
    )  # fmt: skip
    months = sorted({month for month, _reporter in current})
    unit = figures.unit_of(series)
    spec = {
        "kind": "bars",
        "x": [f"{month:%m}" for month in months],
        "unit": figures.unit_words(series),
        "series": [
            {
                "name": str(one.label),
                "style": STYLES[one],
                "values": [
                    current[month, one].amount / unit.fen if (month, one) in current else None
                    for month in months
                ],
            }
            for one in reporters
        ],
    }
    sums = tuple(
        figures.in_unit(series, sum(row.amount for (_m, who), row in current.items() if who == one))
        for one in reporters
    )
    lines = tuple(
        (month, tuple(current.get((month, one)) for one in reporters)) for month in months
    )
    return Block(series, figures.unit_words(series), reporters, lines, sums, spec)


@page(*STAFF_ROLES)
def project_month_report(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Report a month in the name of the project office or of the bureau."""
    project = _project(by, project_id)
    if request.method != "POST":
        return go(request, reverse("project_money", args=[project.pk]))
    series = request.POST.get("series", "")
    row = projects.report_month(
        by=by,
        now=timezone.now(),
        project=project,
        series=series,
        month=figures.must_month(request),
        amount=figures.must_amount(request, "amount", series),
        reporter=request.POST.get("reporter", ""),
        note=text(request, "note", longest=500),
    )
    files.pin_uploads(
        by=by, now=timezone.now(), uploads=request.FILES.getlist("paper"), subject=row
    )
    messages.success(request, _("Reported."))
    return go(request, reverse("investment_month", args=[row.pk]))


@page(*STAFF_ROLES)
def project_year_plan(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Set the plan of a year; the former one stays to be read."""
    project = _project(by, project_id)
    if request.method == "POST":
        series = request.POST.get("series", "")
        projects.set_year_plan(
            by=by,
            now=timezone.now(),
            project=project,
            year=number(request.POST.get("year")) or 0,
            series=series,
            amount=figures.must_amount(request, "amount", series),
            document=text(request, "document", longest=200),
            why=text(request, "why", longest=300),
        )
        messages.success(request, _("The plan is set."))
    return go(request, project_address(project))


def project_address(project: Project) -> str:
    """The tab of money on the project's page."""
    return f"{reverse('project', args=[project.pk])}?tab=project_money"


# One figure --------------------------------------------------------------------------------------


@page(*WITH_FIRM)
def investment_month(request: HttpRequest, by: Actor, month_id: int) -> HttpResponse:
    """One figure: who reported it when, what stood before, its papers; and correcting it."""
    row = found(queries.investment_month(by=by, month_id=month_id))
    if request.method == "POST":
        new = projects.correct_month(
            by=by,
            now=timezone.now(),
            month=row,
            amount=figures.must_amount(request, "amount", row.series),
            note=text(request, "note", longest=500),
        )
        files.pin_uploads(
            by=by, now=timezone.now(), uploads=request.FILES.getlist("paper"), subject=new
        )
        messages.success(request, _("Corrected; the former figure stays to be read."))
        return go(request, reverse("investment_month", args=[new.pk]))
    context = {
        "row": row,
        "project": row.project,
        "amount": figures.shown(row.series, row.amount),
        "typed": figures.in_unit(row.series, row.amount).replace(",", ""),
        "unit": figures.unit_words(row.series),
        "chain": [
            (one, figures.shown(one.series, one.amount))
            for one in queries.former_figures(row)
        ],
        "may_correct": row.is_current and access.may_report(by, row.project, row.reporter),
        "newer": queries.newer_figure(row),
        "papers": files.papers_of(by=by, table="investment_month", number=row.pk),
        "staff": by.is_staff,
        "back": reverse("my_projects")
        if by.role == Role.ENTERPRISE
        else project_address(row.project),
    }  # fmt: skip
    return render(request, "projects/month.html", context)


# Over all projects -------------------------------------------------------------------------------


@page(*READERS)
def investment(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Completion of the year's plans beside the part of the year gone by, over all projects."""
    today = timezone.localdate()
    year = number(request.GET.get("year")) or today.year
    if not 2000 <= year <= today.year:
        year = today.year
    until = number(request.GET.get("until")) or (12 if year < today.year else today.month - 1)
    until = min(max(until, 1), 12 if year < today.year else today.month)
    series = request.GET.get("series", "")
    series = series if series in Series.values else Series.FIXED_ASSET
    wanted = queries.InvestmentFilter(
        year=year,
        until_month=until,
        series=series,
        list_id=number(request.GET.get("list")),
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
        sort=request.GET.get("sort", "percent"),
    )
    shown = queries.investment_of_year(zone_id=by.zone_id, wanted=wanted)
    if request.GET.get("export"):
        name = f"{_('Investment of projects')} {year}-{until:02}"
        return sheet_response(
            request.GET["export"], name, _columns(series), _cells(series, shown.lines)
        )
    context = {
        "wanted": wanted,
        "whole": shown.whole,
        "whole_words": figures.percent(shown.whole.percent, whole=shown.whole.is_whole),
        "elapsed_words": figures.percent(shown.whole.elapsed),
        "drawing": figures.drawn(shown.whole.percent, shown.whole.elapsed),
        "lines": [
            (
                line,
                figures.shown(series, line.share.planned),
                figures.shown(series, line.share.done),
                figures.percent(line.share.percent, whole=line.share.is_whole),
                figures.drawn(line.share.percent, shown.whole.elapsed, labelled=False),
            )
            for line in shown.lines
        ],
        "lists": [
            (one, done, figures.percent(done.percent, whole=done.is_whole))
            for one, done in shown.lists
        ],
        "list_options": [(one.pk, one.name) for one, _done in shown.lists],
        "series_options": Series.choices,
        "years": [(one, str(one)) for one in range(today.year, today.year - 5, -1)],
        "months": [
            (one, month_words(date(year, one, 1)))
            for one in range(1, (12 if year < today.year else today.month) + 1)
        ],
        "doubts": _doubts(shown.whole),
        "done": figures.shown(series, shown.whole.done),
        "planned": figures.shown(series, shown.whole.planned),
        "keeps": access.keeps_money(by) or access.is_bureau(by),
        "more": shown.more,
    }
    return render(request, "projects/investment.html", context)


def _doubts(whole: Completion) -> list[str]:
    """What is not known of the whole, in words."""
    told = (
        (
            whole.missing,
            ngettext(
                "%(num)s project has no figure: what is shown is the least it can be",
                "%(num)s projects have no figure: what is shown is the least it can be",
                len(whole.missing),
            ),
        ),
        (
            whole.patchy,
            ngettext(
                "%(num)s project lacks months", "%(num)s projects lack months", len(whole.patchy)
            ),
        ),
        (
            whole.not_entered,
            ngettext(
                "%(num)s is not in the library and counts nothing yet",
                "%(num)s are not in the library and count nothing yet",
                len(whole.not_entered),
            ),
        ),
        (
            whole.unplanned,
            ngettext(
                "%(num)s has no plan and is left out",
                "%(num)s have no plan and are left out",
                len(whole.unplanned),
            ),
        ),
    )
    return [words % {"num": len(found_ones)} for found_ones, words in told if found_ones]


def _columns(series: str) -> tuple[Column, ...]:
    unit = figures.unit_words(series)
    return (
        Column("name", _("Project"), 34),
        Column("firm", _("Enterprise"), 30),
        Column("lists", _("Lists"), 30),
        Column("planned", _("Plan (%(unit)s)") % {"unit": unit}, 16, Kind.NUMBER),
        Column("done", _("Reached (%(unit)s)") % {"unit": unit}, 16, Kind.NUMBER),
        Column("percent", _("Completion (%)"), 14, Kind.NUMBER),
        Column("elapsed", _("Time gone by (%)"), 14, Kind.NUMBER),
        Column("unknown", _("Months not reported"), 16, Kind.NUMBER),
        Column("entered", _("In the library since"), 16, Kind.DATE),
    )


def _cells(series: str, lines: Iterable[InvestmentLine]) -> Iterator[tuple[object, ...]]:
    unit = figures.unit_of(series)
    for line in lines:
        share = line.share
        yield (
            line.project.name,
            line.project.party.name if line.project.party else line.project.owner_name,
            "、".join(line.lists),
            None if share.planned is None else share.planned / unit.fen,
            None if share.done is None else share.done / unit.fen,
            None if share.percent is None else round(float(share.percent), 4),
            round(float(line.elapsed), 2),
            share.gaps,
            line.entered_on,
        )


@page(*STAFF_ROLES)
def investment_goal(request: HttpRequest, by: Actor, project_list_id: int) -> HttpResponse:
    """Set what share of the plan the projects of a list are to reach."""
    row = found(queries.project_list(zone_id=by.zone_id, list_id=project_list_id))
    if request.method == "POST":
        typed = text(request, "percent", longest=6)
        if typed and number(typed) is None:
            raise Refused(_("Type a whole number of per cent, such as 120."), field="percent")
        projects.set_list_goal(
            by=by,
            now=timezone.now(),
            project_list=row,
            percent=number(typed),
            document=text(request, "document", longest=200),
        )
        messages.success(request, _("Saved."))
    return go(request, f"{reverse('project_investment')}?year={row.year}&list={row.pk}")
