"""How far the year's investment of projects is, month by month, held against time elapsed.

What counts is what the money pages count: the bureau's figures, from a project's entry on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Min

from xiaoer.base.scope import Actor
from xiaoer.projects.models import InvestmentMonth, Series, StatEntry, YearPlan
from xiaoer.projects.queries.investing import COUNTED_BY, Share, add_up, share_of

SERIES = Series.FIXED_ASSET


@dataclass(frozen=True, slots=True)
class Progress:
    """A project's plan of a year with the months the bureau counted, from which any month's share
    follows."""

    project_id: int
    year: int
    until_month: int
    planned: int
    months: Mapping[date, int]
    first_month: date | None
    entered_on: date | None

    def share(self, until_month: int | None = None) -> Share:
        return share_of(
            self.project_id,
            year=self.year,
            until_month=until_month or self.until_month,
            planned=self.planned,
            months=self.months,
            first_month=self.first_month,
            entered_on=self.entered_on,
            needs_entry=True,
        )

    @property
    def is_entered(self) -> bool:
        return self.entered_on is not None

    @property
    def percent(self) -> Decimal | None:
        """Reached of the year's plan; None while nothing counts, which is no zero."""
        return one_place(self.share().percent) if self.is_entered else None

    def percent_by(self, month: int) -> Decimal | None:
        """Reached up to a month; None where the bureau gave no figure of that month itself."""
        known = date(self.year, month, 1) in self.months
        return one_place(self.share(month).percent) if self.is_entered and known else None


def one_place(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.1"))


def elapsed(day: date) -> Decimal:
    """序时进度: how much of its year is over at the end of a day, in per cent."""
    days = date(day.year, 12, 31).timetuple().tm_yday
    return (Decimal(day.timetuple().tm_yday) * 100 / days).quantize(Decimal("0.1"))


def percent_of(shown: Iterable[Progress]) -> Decimal | None:
    """Projects together: the least it can be while figures are missing."""
    rows = list(shown)
    if not rows:
        return None
    together = add_up(rows[0].year, rows[0].until_month, SERIES, [row.share() for row in rows])
    return one_place(together.percent)


def progress_of(*, by: Actor, today: date, projects: Collection[int]) -> dict[int, Progress]:
    """The investment of this year by project, of those that have a plan for it: four queries."""
    plans = dict(
        YearPlan.objects.filter(
            zone_id=by.zone_id,
            project_id__in=projects,
            year=today.year,
            series=SERIES,
            is_current=True,
        ).values_list("project_id", "amount")
    )
    reported = InvestmentMonth.objects.filter(
        zone_id=by.zone_id,
        project_id__in=list(plans),
        series=SERIES,
        reporter=COUNTED_BY[SERIES],
        is_current=True,
    )
    months: dict[int, dict[date, int]] = defaultdict(dict)
    of_year = reported.filter(month__gte=date(today.year, 1, 1), month__lte=today)
    for project_id, month, amount in of_year.values_list("project_id", "month", "amount"):
        months[project_id][month] = amount
    first = dict(reported.values_list("project_id").annotate(first=Min("month")))
    entered = dict(
        StatEntry.objects.filter(
            zone_id=by.zone_id, project_id__in=list(plans), entered_on__isnull=False
        ).values_list("project_id", "entered_on")
    )
    return {
        project_id: Progress(
            project_id=project_id,
            year=today.year,
            until_month=today.month,
            planned=planned,
            months=months.get(project_id, {}),
            first_month=first.get(project_id),
            entered_on=entered.get(project_id),
        )
        for project_id, planned in plans.items()
    }
