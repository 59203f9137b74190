"""API of figures: requests and visits of a period, each with what it is a share of."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, api
from xiaoer.base.doors import found
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries
from xiaoer.outreach.api import given as g
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.queries import APPEAL_FIGURES, Period, pool_row
from xiaoer.work import queries as work

router = Router(tags=["figures"])
MOST = 500


def _period(asked: g.PeriodQuery) -> Period:
    first, last = sorted((asked.since, asked.until))
    return Period(first, last)


def _must_read(by: Actor) -> None:
    if by.role != Role.CITY:
        must_be_staff(by)


@router.get("/appeal-figures", response={200: s.AppealFiguresOut, **PROBLEMS})
@api(READ)
def read_appeal_figures(request: HttpRequest, by: Actor, asked: Query[g.PeriodQuery]) -> object:
    """Requests filed in a period, as they stand now."""
    _must_read(by)
    period, now = _period(asked), timezone.now()
    figures = queries.appeal_figures(
        zone_id=by.zone_id, period=period, now=now, programme=asked.programme
    )
    return {
        "since": period.since,
        "until": period.until,
        "as_of": now,
        "figures": queries.figure_lines(figures),
        "median_working_days": figures.median_working_days,
        "satisfaction": figures.satisfaction,
        "rated": figures.rated,
    }


@router.get("/appeal-figures/{figure}", response={200: list[s.AppealRowOut], **PROBLEMS})
@api(READ)
def list_appeals_behind(
    request: HttpRequest, by: Actor, figure: str, asked: Query[g.PeriodQuery]
) -> object:
    """The latest records behind one figure."""
    _must_read(by)
    found(figure if figure in APPEAL_FIGURES else None)
    now = timezone.now()
    rows = queries.appeals_behind(
        zone_id=by.zone_id,
        period=_period(asked),
        figure=figure,
        now=now,
        programme=asked.programme,
    ).select_related("handler__person")
    calendar = work.calendar_of(by.zone_id) if by.zone_id else None
    return [pool_row(row, now, calendar) for row in rows[:MOST]]


@router.get("/visit-figures", response={200: s.VisitFiguresOut, **PROBLEMS})
@api(READ)
def read_visit_figures(request: HttpRequest, by: Actor, asked: Query[g.PeriodQuery]) -> object:
    """Visits made in a period, and coverage of the industrial enterprises."""
    _must_read(by)
    period = _period(asked)
    figures = queries.visit_figures(zone_id=by.zone_id, period=period, programme=asked.programme)
    numbers = (
        "visits visited visited_industrial industrial leaders visitors days appeals appeals_solved"
    )
    return {
        "since": period.since,
        "until": period.until,
        "coverage": figures.coverage.percent,
        **{name: getattr(figures, name) for name in numbers.split()},
    }
