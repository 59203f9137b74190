"""What an enterprise sees of its own projects: its steps, what the zone owes it, its months."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xiaoer.base.scope import Actor
from xiaoer.projects.models import (
    ElementNeed,
    InvestmentMonth,
    Project,
    Series,
    YearPlan,
    ZonePromise,
)
from xiaoer.projects.queries.elements import near_days, need_light, promise_light
from xiaoer.web.marks import Colour
from xiaoer.work.models import Doer, Plan, Step

FIRM = InvestmentMonth.Reporter.FIRM
# Asked of every project; foreign capital only where there is a plan or a figure of it. What a firm
# reports to the bureau it reports there, never here.
ALWAYS = (Series.IN_PLACE, Series.PHYSICAL)
OURS = (Doer.OWNER, Doer.CONTRACTOR)
MOST_STEPS = 5
MONTHS_OFFERED = 6


@dataclass(frozen=True, slots=True)
class Owed:
    """Something the zone owes: a need of an element not met yet, or a promise not kept yet."""

    what: str
    due_on: date
    light: Colour
    need: ElementNeed | None = None
    promise: ZonePromise | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One number asked for a month: the series, the last figure before, and the month's own."""

    series: Series
    last: InvestmentMonth | None
    known: InvestmentMonth | None


@dataclass(frozen=True, slots=True)
class OwnProject:
    """One project of the asker's enterprise. ``waits`` is what waits for the enterprise."""

    project: Project
    plan: Plan | None
    waits: tuple[Step, ...]
    owed: tuple[Owed, ...]
    month: date
    asked: tuple[Asked, ...]

    @property
    def is_reported(self) -> bool:
        """Whether every number of the month is here."""
        return all(one.known is not None for one in self.asked)


def month_before(day: date) -> date:
    """The first day of the month that is over."""
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def months_offered(today: date) -> list[date]:
    """Months one may still report, the last one that is over first."""
    found = [month_before(today)]
    while len(found) < MONTHS_OFFERED:
        found.append(month_before(found[-1]))
    return found


def own_projects(*, by: Actor, today: date, month: date | None = None) -> list[OwnProject]:
    """The living projects of the asker's enterprise, in eight questions however many there are."""
    projects = list(
        Project.objects.filter(
            zone_id=by.zone_id, party_id=by.party_ref or 0, ended_on__isnull=True
        ).order_by("-stage_on", "name")
    )
    ids = [one.pk for one in projects]
    asked_month = month or month_before(today)
    plans = _plans(projects)
    steps = _steps([plan.pk for plan in plans.values()])
    owed = _owed(by, ids, today)
    months = _months(by, ids, asked_month)
    foreign = _foreign(by, ids)
    return [
        OwnProject(
            project=one,
            plan=plans.get(one.matter_id or 0),
            waits=tuple(steps[plans[one.matter_id].pk][:MOST_STEPS])
            if one.matter_id in plans
            else (),
            owed=tuple(sorted(owed[one.pk], key=lambda item: item.due_on)),
            month=asked_month,
            asked=tuple(
                _asked(series, months[one.pk, series], asked_month)
                for series in (*ALWAYS, *((Series.FOREIGN,) if one.pk in foreign else ()))
            ),
        )
        for one in projects
    ]


def own_project(
    *, by: Actor, project_id: int, today: date, month: date | None
) -> OwnProject | None:
    """One of them."""
    rows = own_projects(by=by, today=today, month=month)
    return next((row for row in rows if row.project.pk == project_id), None)


def _plans(projects: list[Project]) -> dict[int, Plan]:
    matters = [one.matter_id for one in projects if one.matter_id]
    rows = Plan.objects.filter(matter__in=matters, closed_at__isnull=True).order_by("id")
    return {row.matter_id: row for row in rows}


def _steps(plans: list[int]) -> dict[int, list[Step]]:
    """Open steps of the enterprise's own or of its contractors, the most urgent first."""
    found: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(
        plan__in=plans, doer__in=OURS, finished_on__isnull=True, dropped_at__isnull=True
    ).order_by("late_start", "order"):
        found[step.plan_id].append(step)
    return found


def _owed(by: Actor, ids: list[int], today: date) -> dict[int, list[Owed]]:
    near = near_days(by.zone_id)
    found: dict[int, list[Owed]] = defaultdict(list)
    for need in ElementNeed.objects.filter(
        zone_id=by.zone_id, project__in=ids, state__in=["needed", "promised"]
    ):
        found[need.project_id or 0].append(
            Owed(need.what, need.promised_on or need.needed_on, need_light(need, today, near), need)
        )
    for promise in ZonePromise.objects.filter(
        zone_id=by.zone_id, project__in=ids, kept_on__isnull=True, withdrawn_on__isnull=True
    ):
        found[promise.project_id or 0].append(
            Owed(
                promise.what,
                promise.promised_on,
                promise_light(promise, today, near),
                promise=promise,
            )
        )
    return found


def _months(by: Actor, ids: list[int], month: date) -> dict[tuple[int, str], list[InvestmentMonth]]:
    """What the firm reported within the year before a month, the latest first."""
    found: dict[tuple[int, str], list[InvestmentMonth]] = defaultdict(list)
    for row in InvestmentMonth.objects.filter(
        zone_id=by.zone_id, project__in=ids, reporter=FIRM, is_current=True,
        month__lte=month, month__gte=date(month.year - 1, month.month, 1),
    ).order_by("-month"):  # fmt: skip
        found[row.project_id, row.series].append(row)
    return found


def _foreign(by: Actor, ids: list[int]) -> set[int]:
    told = Q(zone_id=by.zone_id, project__in=ids, series=Series.FOREIGN, is_current=True)
    plans = YearPlan.objects.filter(told).values_list("project_id", flat=True)
    months = InvestmentMonth.objects.filter(told).values_list("project_id", flat=True).distinct()
    return {*plans, *months}


def _asked(series: Series, rows: list[InvestmentMonth], month: date) -> Asked:
    known = next((row for row in rows if row.month == month), None)
    return Asked(series, next((row for row in rows if row.month < month), None), known)
