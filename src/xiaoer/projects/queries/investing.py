"""How much of a year's plan was reached, and what is not known of it.

Four series are never mixed, nor are reporters: the fixed-asset investment of a project is what the
bureau counts, and only from the month of its entry on (先入库、后有数); the other three are what the
project office counted. What no figure says is unknown, never zero.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Min, Q, QuerySet

from xiaoer.base.scope import Actor
from xiaoer.projects.models import (
    InvestmentMonth,
    ListPlace,
    Project,
    ProjectList,
    Series,
    StatEntry,
    YearPlan,
)

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


# One figure, and all projects ---------------------------------------------------------------------


def investment_month(*, by: Actor, month_id: int) -> InvestmentMonth | None:
    """A figure under the asker's own scope."""
    rows = InvestmentMonth.objects.filter(zone_id=by.zone_id, pk=month_id)
    if by.is_staff:
        rows = rows.select_related("project__party", "post__person")
    return rows.select_related("project").first()


def former_figures(row: InvestmentMonth) -> list[InvestmentMonth]:
    """What stood for the same month before, the latest first."""
    return list(
        InvestmentMonth.objects.filter(
            zone_id=row.zone_id,
            project_id=row.project_id,
            series=row.series,
            month=row.month,
            reporter=row.reporter,
            is_current=False,
            pk__lt=row.pk,
        ).order_by("-id")
    )


def newer_figure(row: InvestmentMonth) -> InvestmentMonth | None:
    """The figure that stands today in the place of a corrected one."""
    if row.is_current:
        return None
    return InvestmentMonth.objects.filter(
        zone_id=row.zone_id,
        project_id=row.project_id,
        series=row.series,
        month=row.month,
        reporter=row.reporter,
        is_current=True,
    ).first()


@dataclass(frozen=True, slots=True)
class InvestmentFilter:
    """Which projects of which year, month and series; ``sort`` with a minus in front: downwards."""

    year: int
    until_month: int
    series: str = Series.FIXED_ASSET
    list_id: int | None = None
    text: str = ""
    sort: str = "percent"


@dataclass(frozen=True, slots=True)
class InvestmentLine:
    """One project of the overview."""

    project: Project
    share: Share
    lists: tuple[str, ...]
    elapsed: Fraction
    entered_on: date | None


@dataclass(frozen=True, slots=True)
class InvestmentYear:
    """The overview: all together, each list, each project. ``more``: lines that are not shown."""

    whole: Completion
    lists: tuple[tuple[ProjectList, Completion], ...]
    lines: tuple[InvestmentLine, ...]
    more: int


MOST_LINES = 600
BUILT = ("signed", "started", "building", "completed")


def investment_of_year(*, zone_id: int, wanted: InvestmentFilter) -> InvestmentYear:
    """Projects with a plan of the year, on a list of it, or being built now; in eight questions."""
    places = list(
        ListPlace.objects.filter(zone_id=zone_id, list__year=wanted.year)
        .filter(since__lte=date(wanted.year, 12, 31))
        .select_related("list")
        .order_by("list__level", "list__code")
    )
    planned = YearPlan.objects.filter(
        zone_id=zone_id, year=wanted.year, series=wanted.series, is_current=True
    ).values("project_id")
    rows = Project.objects.filter(zone_id=zone_id).filter(
        Q(pk__in=planned)
        | Q(pk__in={one.project_id for one in places})
        | Q(ended_on__isnull=True, stage__in=BUILT)
    )
    projects = {row.pk: row for row in rows.select_related("party", "stat_entry")}
    money = year_money(
        zone_id=zone_id,
        year=wanted.year,
        until_month=wanted.until_month,
        projects=list(projects),
        series=wanted.series,
    )
    lists = {one.list_id: one.list for one in places}
    members: dict[int, list[int]] = defaultdict(list)
    for one in places:
        if one.until is None and one.project_id in projects:
            members[one.list_id].append(one.project_id)
    names: dict[int, list[str]] = defaultdict(list)
    for list_id, ids in members.items():
        for pk in ids:
            names[pk].append(lists[list_id].name)
    chosen = members.get(wanted.list_id, []) if wanted.list_id else list(projects)
    whole = money.of(chosen)
    lines = [
        InvestmentLine(
            projects[pk], money.shares[pk], tuple(names[pk]), whole.elapsed, _entered(projects[pk])
        )
        for pk in dict.fromkeys(chosen)
        if _is_named(projects[pk], wanted.text)
    ]
    lines.sort(key=_sorter(wanted.sort), reverse=wanted.sort.startswith("-"))
    return InvestmentYear(
        whole=whole,
        lists=tuple((lists[one], money.of(ids)) for one, ids in members.items()),
        lines=tuple(lines[:MOST_LINES]),
        more=max(len(lines) - MOST_LINES, 0),
    )


def _entered(project: Project) -> date | None:
    entry: StatEntry | None = getattr(project, "stat_entry", None)
    return entry.entered_on if entry else None


def _is_named(project: Project, text: str) -> bool:
    party = project.party.name if project.party else project.owner_name
    return text in project.name or text in party


def _sorter(sort: str) -> Callable[[InvestmentLine], tuple[bool, object, str]]:
    """What is not known comes first, whatever the order: somebody has to ask for it."""
    key = sort.removeprefix("-")
    down = sort.startswith("-")

    def of(line: InvestmentLine) -> tuple[bool, object, str]:
        value: object = {
            "name": line.project.name,
            "planned": line.share.planned,
            "done": line.share.done,
        }.get(key, line.share.percent)
        return (value is not None) != down, value if value is not None else 0, line.project.name

    return of
