"""API of investment: months, corrections, plans of a year, completion, an enterprise's own month."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from xiaoer.base.api.shapes import Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import element_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import InvestmentMonth, Project, Series, YearPlan

router = Router(tags=["investment"])
# What fits a whole number of 64 bits, and a year of reports.
MOST = 9_000_000_000_000_000_000
MOST_ROWS = 5000


class InvestmentMonthOut(Schema):
    """``amount`` is in fen; of foreign capital in US cents. Only ``is_current`` rows count."""

    id: int
    project_id: int
    series: Series
    month: date
    reporter: InvestmentMonth.Reporter
    amount: int
    note: str
    reported_at: datetime
    replaces_id: int | None
    is_current: bool


class InvestmentMonthIn(Schema):
    """``month``: any day of it. ``amount`` in fen; US cents of foreign capital."""

    series: Series
    month: Day
    reporter: InvestmentMonth.Reporter
    amount: int = Field(ge=-MOST, le=MOST)
    note: str = Field(default="", max_length=500)


class MonthCorrectionIn(Schema):
    amount: int = Field(ge=-MOST, le=MOST)
    note: Line


class MonthOfManyIn(Schema):
    """One row of many months reported at once."""

    project_id: Number
    series: Series
    month: Day
    amount: int = Field(ge=-MOST, le=MOST)
    note: str = Field(default="", max_length=500)


class MonthsIn(Schema):
    """Of the project office or the bureau; ``source`` says where they come from."""

    reporter: InvestmentMonth.Reporter
    source: Line
    rows: list[MonthOfManyIn] = Field(max_length=MOST_ROWS)


class MonthsOut(Schema):
    """How many were new; those reported already with the same figure are not."""

    reported: int


class OwnMonthIn(Schema):
    """An enterprise's month: one number a series, in fen (US cents)."""

    month: Day
    amounts: dict[Series, int]
    note: str = Field(default="", max_length=500)


class YearPlanOut(Schema):
    id: int
    project_id: int
    year: int
    series: Series
    amount: int
    document: str
    why: str
    set_at: datetime
    is_current: bool


class YearPlanIn(Schema):
    """``why`` is needed where a plan of the year is set already."""

    year: int = Field(ge=2000, le=2200)
    series: Series = Series.FIXED_ASSET
    amount: int = Field(gt=0, le=MOST)
    document: Line
    why: str = Field(default="", max_length=300)


class CompletionOut(Schema):
    """``percent`` of the whole plan: exact where ``is_whole``, else the least it can be.

    ``missing`` have no figure, ``patchy`` lack months, ``unplanned`` do not count, ``not_entered``
    count nothing yet. ``elapsed_percent`` is the part of the year gone by.
    """

    year: int
    until_month: int
    series: Series
    projects: int
    done: int
    planned: int
    percent: Decimal | None
    elapsed_percent: Decimal
    is_whole: bool
    missing: list[int]
    patchy: list[int]
    unplanned: list[int]
    not_entered: list[int]


class ShareOut(Schema):
    """One project's year; ``done`` is null while no figure is known, ``planned`` without a plan."""

    project_id: int
    planned: int | None
    done: int | None
    percent: Decimal | None
    gaps: int
    is_entered: bool | None
    uncounted: int


class InvestmentYearOut(Schema):
    whole: CompletionOut
    projects: list[ShareOut]


class InvestmentYearIn(Schema):
    year: int = Field(ge=2000, le=2200)
    until_month: int = Field(default=12, ge=1, le=12)
    series: Series = Series.FIXED_ASSET
    list_id: Number | None = None
    words: Word = ""


class ListGoalIn(Schema):
    """``percent`` null: no goal."""

    percent: int | None = Field(default=None, ge=1, le=1000)
    document: Word = ""


class ListGoalOut(Schema):
    id: int
    goal_percent: int | None


def _project(by: Actor, project_id: int) -> Project:
    return found(Project.objects.filter(zone_id=by.zone_id, pk=project_id).first())


def _decimal(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    return round(Decimal(value.numerator) / Decimal(value.denominator), 6)


def _completion(done: queries.Completion) -> dict[str, Any]:
    return {
        "year": done.year,
        "until_month": done.until_month,
        "series": done.series,
        "projects": done.projects,
        "done": done.done,
        "planned": done.planned,
        "percent": _decimal(done.percent),
        "elapsed_percent": _decimal(done.elapsed),
        "is_whole": done.is_whole,
        "missing": list(done.missing),
        "patchy": list(done.patchy),
        "unplanned": list(done.unplanned),
        "not_entered": list(done.not_entered),
    }


@router.get("/projects/{project_id}/months", response={200: list[InvestmentMonthOut], **PROBLEMS})
@api(READ)
def list_months(request: HttpRequest, by: Actor, project_id: Number, year: int) -> object:
    """Every figure of a project's year, corrected ones too; an enterprise reads its own."""
    if not 2000 <= year <= 2200:
        raise Refused(_("Check the year."), field="year")
    project = _project(by, project_id)
    return queries.month_rows(zone_id=by.zone_id, project=project, year=year)


@router.post("/projects/{project_id}/months", response={200: InvestmentMonthOut, **PROBLEMS})
@api(WRITE)
def report_month(
    request: HttpRequest, by: Actor, project_id: Number, said: InvestmentMonthIn
) -> object:
    """Report one month in one series in one's own name."""
    return projects.report_month(
        by=by, now=timezone.now(), project=_project(by, project_id), **said.dict()
    )


@router.post(
    "/projects/{project_id}/own-month", response={200: list[InvestmentMonthOut], **PROBLEMS}
)
@api(WRITE)
def report_own_month(
    request: HttpRequest, by: Actor, project_id: Number, said: OwnMonthIn
) -> object:
    """An enterprise reports its month, all series or none."""
    amounts: dict[str, int] = {series.value: amount for series, amount in said.amounts.items()}
    return projects.report_own_month(
        by=by, now=timezone.now(), project=_project(by, project_id), month=said.month,
        amounts=_fitting(amounts), note=said.note,
    )  # fmt: skip


def _fitting(amounts: dict[str, int]) -> dict[str, int]:
    if any(abs(amount) > MOST for amount in amounts.values()):
        raise Refused(_("This is too large for an amount of money."), field="amounts")
    return amounts


@router.post("/investment-months", response={200: MonthsOut, **PROBLEMS})
@api(WRITE)
def report_months(request: HttpRequest, by: Actor, said: MonthsIn) -> object:
    """Report months of many projects at once, as the project office or the bureau."""
    rows = [projects.NewMonth(**row.dict()) for row in said.rows]
    count = projects.report_months(
        by=by, now=timezone.now(), reporter=said.reporter, rows=rows, source=said.source
    )
    return {"reported": count}


@router.post(
    "/investment-months/{month_id}/correct", response={200: InvestmentMonthOut, **PROBLEMS}
)
@api(WRITE)
def correct_month(
    request: HttpRequest, by: Actor, month_id: Number, said: MonthCorrectionIn
) -> object:
    """Put a new figure in the place of one, with the reason; the former stays to be read."""
    row = found(queries.investment_month(by=by, month_id=month_id))
    return projects.correct_month(by=by, now=timezone.now(), month=row, **said.dict())


@router.get("/projects/{project_id}/year-plans", response={200: list[YearPlanOut], **PROBLEMS})
@api(READ)
def list_year_plans(request: HttpRequest, by: Actor, project_id: Number) -> Sequence[object]:
    """Plans of every year, former ones too, the latest first."""
    project = _project(by, project_id)
    return list(
        YearPlan.objects.filter(zone_id=by.zone_id, project=project).order_by("-year", "-id")
    )


@router.post("/projects/{project_id}/year-plans", response={200: YearPlanOut, **PROBLEMS})
@api(WRITE)
def set_year_plan(request: HttpRequest, by: Actor, project_id: Number, said: YearPlanIn) -> object:
    """Set the plan of a year; a change says why and keeps the former."""
    return projects.set_year_plan(
        by=by, now=timezone.now(), project=_project(by, project_id), **said.dict()
    )


@router.get("/investment", response={200: InvestmentYearOut, **PROBLEMS})
@api(READ)
def read_investment(request: HttpRequest, by: Actor, asked: Query[InvestmentYearIn]) -> object:
    """Completion of the year's plans over all projects, or those of one list."""
    access.must_read_projects(by)
    wanted = queries.InvestmentFilter(
        year=asked.year, until_month=asked.until_month, series=asked.series,
        list_id=asked.list_id, text=asked.words, sort="name",
    )  # fmt: skip
    shown = queries.investment_of_year(zone_id=by.zone_id, wanted=wanted)
    return {
        "whole": _completion(shown.whole),
        "projects": [
            {
                "project_id": line.project.pk,
                "planned": line.share.planned,
                "done": line.share.done,
                "percent": _decimal(line.share.percent),
                "gaps": line.share.gaps,
                "is_entered": line.share.is_entered,
                "uncounted": line.share.uncounted,
            }
            for line in shown.lines
        ],
    }


@router.post("/project-lists/{list_id}/goal", response={200: ListGoalOut, **PROBLEMS})
@api(WRITE)
def set_list_goal(request: HttpRequest, by: Actor, list_id: Number, said: ListGoalIn) -> object:
    """Set what share of the plan the projects of a list are to reach."""
    row = found(queries.project_list(zone_id=by.zone_id, list_id=list_id))
    return projects.set_list_goal(by=by, now=timezone.now(), project_list=row, **said.dict())
