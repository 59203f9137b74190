"""How much of a year's plan was reached, and what is not known of it.

Four series are never mixed, nor are reporters: the fixed-asset investment of a project is what the
bureau counts, and only from the month of its entry on (先入库、后有数); the other three are what the
project office counted. What no figure says is unknown, never zero.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Min, QuerySet

from xiaoer.projects.models import InvestmentMonth, Project, Series, StatEntry, YearPlan

Reporter = InvestmentMonth.Reporter
# Whose figures stand for a series where nobody says otherwise.
COUNTED_BY: Mapping[str, Reporter] = {
    Series.FIXED_ASSET: Reporter.STATISTICS,
    Series.IN_PLACE: Reporter.ZONE,
    Series.PHYSICAL: Reporter.ZONE,
    Series.FOREIGN: Reporter.ZONE,
}
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Share:
    """One project's year: what it planned, what it reached, which months nobody reported.

    ``done`` is None while no figure of the year is known; ``planned`` while no plan is set.
    ``uncounted`` was reported by the bureau before the project's entry and does not count.
    """

    project_id: int
    planned: int | None
    done: int | None
    gaps: int = 0
    is_entered: bool | None = None
    uncounted: int = 0

    @property
    def percent(self) -> Fraction | None:
        """Exact, in per cent; above 100 where more was reached than planned."""
        if self.planned is None or self.done is None:
            return None
        return Fraction(self.done * HUNDRED, self.planned)

    @property
    def is_whole(self) -> bool:
        """Whether every month that should be there is there."""
        return self.done is not None and not self.gaps


@dataclass(frozen=True, slots=True)
class Completion:
    """Projects together: reached of planned, beside the part of the year that has gone by.

    ``missing`` have a plan and no figure at all, ``patchy`` lack some months, ``unplanned`` have no
    plan and do not count; ``not_entered`` count nothing yet. ``percent`` is exact where ``is_whole``,
    else the least it can be; it is None where nothing is known.
    """

    year: int
    until_month: int
    series: str
    done: int
    planned: int
    known_planned: int
    projects: int
    missing: tuple[int, ...] = ()
    patchy: tuple[int, ...] = ()
    unplanned: tuple[int, ...] = ()
    not_entered: tuple[int, ...] = ()

    @property
    def is_whole(self) -> bool:
        return bool(self.planned) and not self.missing and not self.patchy

    @property
    def percent(self) -> Fraction | None:
        """Of the whole plan, in per cent; the least it can be while figures are missing."""
        if not self.planned or not self.known_planned:
            return None
        return Fraction(self.done * HUNDRED, self.planned)

    @property
    def elapsed(self) -> Fraction:
        """序时进度: how much of the year has gone by, in per cent."""
        return Fraction(self.until_month * HUNDRED, 12)

    @property
    def ahead(self) -> Fraction | None:
        """Percentage points before (or, below zero, behind) the part of the year gone by."""
        percent = self.percent
        return None if percent is None else percent - self.elapsed


@dataclass(frozen=True, slots=True)
class YearMoney:
    """Plans and months of projects in one year and series: any group of them adds up from it."""

    year: int
    until_month: int
    series: str
    shares: Mapping[int, Share]

    def of(self, project_ids: Iterable[int]) -> Completion:
        """The completion of a group, such as the projects of one list."""
        return add_up(
            self.year,
            self.until_month,
            self.series,
            [self.shares[one] for one in dict.fromkeys(project_ids)],
        )


def share_of(
    project_id: int,
    *,
    year: int,
    until_month: int,
    planned: int | None,
    months: Mapping[date, int],
    first_month: date | None,
    entered_on: date | None,
    needs_entry: bool,
) -> Share:
    """One project's year from its plan and its reported months; pure, for tests to try.

    ``first_month`` is the first month it ever reported: months before it are not asked for. What
    needs entry counts from the month of entry; before it, nothing counts and nothing is missing.
    """
    of_year = {
        month: amount
        for month, amount in months.items()
        if month.year == year and month.month <= until_month
    }
    begins = date(year, 1, 1)
    until = date(year, until_month, 1)
    uncounted = 0
    if needs_entry:
        counts_from = entered_on.replace(day=1) if entered_on else None
        uncounted = sum(
            amount
            for month, amount in of_year.items()
            if counts_from is None or month < counts_from
        )
        if counts_from is None or counts_from > until:
            return Share(project_id, planned, 0, 0, is_entered=False, uncounted=uncounted)
        of_year = {month: amount for month, amount in of_year.items() if month >= counts_from}
        begins = max(begins, counts_from)
    elif first_month is not None:
        begins = max(begins, first_month)
    gaps = max(until.month - begins.month + 1, 0) - len(of_year) if of_year else 0
    return Share(
        project_id,
        planned,
        sum(of_year.values()) if of_year else None,
        gaps,
        is_entered=True if needs_entry else None,
        uncounted=uncounted,
    )


def add_up(year: int, until_month: int, series: str, shares: Collection[Share]) -> Completion:
    """Shares of single projects as one completion; those without a plan do not count."""
    planned = [share for share in shares if share.planned is not None]
    known = [share for share in planned if share.done is not None]
    return Completion(
        year=year,
        until_month=until_month,
        series=series,
        done=sum(share.done or 0 for share in known),
        planned=sum(share.planned or 0 for share in planned),
        known_planned=sum(share.planned or 0 for share in known),
        projects=len(shares),
        missing=tuple(share.project_id for share in planned if share.done is None),
        patchy=tuple(share.project_id for share in planned if share.gaps),
        unplanned=tuple(share.project_id for share in shares if share.planned is None),
        not_entered=tuple(share.project_id for share in shares if share.is_entered is False),
    )


def year_money(
    *,
    zone_id: int,
    year: int,
    until_month: int,
    projects: QuerySet[Project] | Iterable[Project | int],
    series: str = Series.FIXED_ASSET,
    reporter: str | None = None,
) -> YearMoney:
    """Plans and months of projects, in four questions however many they are."""
    told_by = reporter or COUNTED_BY[series]
    ids = ids_of(projects)
    plans = dict(
        YearPlan.objects.filter(
            zone_id=zone_id, project__in=ids, year=year, series=series, is_current=True
        ).values_list("project_id", "amount")
    )
    reported = InvestmentMonth.objects.filter(
        zone_id=zone_id, project__in=ids, series=series, reporter=told_by, is_current=True
    )
    months: dict[int, dict[date, int]] = defaultdict(dict)
    for project, month, amount in reported.filter(
        month__gte=date(year, 1, 1), month__lte=date(year, until_month, 1)
    ).values_list("project_id", "month", "amount"):
        months[project][month] = amount
    first = dict(reported.values_list("project_id").annotate(first=Min("month")))
    needs_entry = series == Series.FIXED_ASSET and told_by == Reporter.STATISTICS
    entered = (
        dict(
            StatEntry.objects.filter(
                zone_id=zone_id, project__in=ids, entered_on__isnull=False
            ).values_list("project_id", "entered_on")
        )
        if needs_entry
        else {}
    )
    return YearMoney(
        year,
        until_month,
        series,
        {
            one: share_of(
                one,
                year=year,
                until_month=until_month,
                planned=plans.get(one),
                months=months.get(one, {}),
                first_month=first.get(one),
                entered_on=entered.get(one),
                needs_entry=needs_entry,
            )
            for one in ids
        },
    )


def completion(
    *,
    zone_id: int,
    year: int,
    until_month: int,
    projects: QuerySet[Project] | Iterable[Project | int],
    series: str = Series.FIXED_ASSET,
    reporter: str | None = None,
) -> Completion:
    """年度投资计划完成率: what projects reached of the year's plan, from January to a month."""
    ids = ids_of(projects)
    return year_money(
        zone_id=zone_id,
        year=year,
        until_month=until_month,
        projects=ids,
        series=series,
        reporter=reporter,
    ).of(ids)


def ids_of(projects: QuerySet[Project] | Iterable[Project | int]) -> list[int]:
    if isinstance(projects, QuerySet):
        return list(projects.values_list("pk", flat=True))
    return [one if isinstance(one, int) else one.pk for one in projects]


def month_rows(*, zone_id: int, project: Project, year: int) -> list[InvestmentMonth]:
    """Every figure of a project's year, corrected ones too, the newest month first."""
    return list(
        InvestmentMonth.objects.filter(zone_id=zone_id, project=project, month__year=year)
        .select_related("post__person", "replaces")
        .order_by("-month", "series", "reporter", "-id")
    )
