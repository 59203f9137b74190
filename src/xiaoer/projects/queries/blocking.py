"""谁卡住谁: who holds up which project, since when; and which promised days are lost or going to be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from xiaoer.base.scope import Actor
from xiaoer.projects.models import ElementKind, ElementNeed
from xiaoer.work.models import PromiseChange, Step

OPEN_NEEDS = (ElementNeed.State.NEEDED, ElementNeed.State.PROMISED)


@dataclass(frozen=True, slots=True)
class Hold:
    """One project held up by one body, for so many days."""

    project_id: int
    what: str
    days: int


@dataclass(frozen=True, slots=True)
class Blocker:
    """A department, a utility or a supplier, with the projects it holds up, the longest first."""

    name: str
    holds: tuple[Hold, ...]

    @property
    def days(self) -> int:
        return sum(hold.days for hold in self.holds)


@dataclass(frozen=True, slots=True)
class Promise:
    """What the plan of a living project promises and now looks like."""

    project_id: int
    plan_id: int
    promised_on: date
    forecast_on: date | None
    slack: int | None


@dataclass(frozen=True, slots=True)
class Slip:
    """A day given up, or going to be: what it was for, the day before, the day now, days lost.

    ``what`` is the milestone's own name, empty for the promised end of the whole plan.
    """

    project_id: int
    what: str
    before_on: date
    now_on: date | None
    days: int
    is_lost: bool


def blockers(
    *, by: Actor, today: date, projects: Collection[int], plans: Mapping[int, int]
) -> tuple[Blocker, ...]:
    """Who holds up which of these projects; ``plans`` are their open ones, with whose each is.

    From blocked steps of the plans and from elements past the day they were needed; two queries.
    Who holds up most projects stands first, then who holds them longest.
    """
    longest: dict[tuple[str, int], Hold] = {}
    for who, hold in [*_blocked_steps(by, today, plans), *_late_needs(by, today, projects)]:
        known = longest.get((who, hold.project_id))
        if known is None or known.days < hold.days:
            longest[who, hold.project_id] = hold
    of: dict[str, list[Hold]] = defaultdict(list)
    for (who, _project), hold in longest.items():
        of[who].append(hold)
    found = [
        Blocker(who, tuple(sorted(holds, key=lambda hold: (-hold.days, hold.project_id))))
        for who, holds in of.items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.holds), -one.days, one.name)))


def _blocked_steps(by: Actor, today: date, plans: Mapping[int, int]) -> Iterable[tuple[str, Hold]]:
    """Steps an element holds up are left out: the element speaks for itself, from the day it was
    needed on, and nobody is blamed before."""
    rows = Step.objects.filter(
        zone_id=by.zone_id,
        plan_id__in=plans,
        finished_on__isnull=True,
        dropped_at__isnull=True,
        blocked_since__isnull=False,
        is_held=False,
    ).values_list("plan_id", "name", "blocked_by", "blocked_since")
    for plan_id, name, who, since in rows:
        if since is not None:
            yield who, Hold(plans[plan_id], name, max((today - since).days, 0))


def _late_needs(by: Actor, today: date, projects: Collection[int]) -> Iterable[tuple[str, Hold]]:
    shown = set(projects)
    rows = ElementNeed.objects.filter(
        zone_id=by.zone_id, state__in=OPEN_NEEDS, needed_on__lt=today, project__isnull=False
    ).values_list("project_id", "kind", "what", "answerer", "office__name", "needed_on")
    for project_id, kind, what, answerer, office, needed_on in rows:
        if project_id in shown:
            who = answerer or office or str(ElementKind(kind).label)
            yield who, Hold(project_id, what, (today - needed_on).days)


def slips(*, by: Actor, today: date, promises: Iterable[Promise]) -> tuple[Slip, ...]:
    """Days lost this month or going to be, one a project, its worst: lost before going, largest
    first. Two queries: promises moved this month, milestones late in open plans."""
    of_plan = {one.plan_id: one for one in promises}
    found = [
        *filter(None, (_of_promise(one, today) for one in of_plan.values())),
        *_moved(by, today, of_plan),
        *_milestones(by, today, of_plan),
    ]
    worst: dict[int, Slip] = {}
    for slip in sorted(found, key=lambda one: (not one.is_lost, -one.days)):
        worst.setdefault(slip.project_id, slip)
    return tuple(worst.values())


def _of_promise(one: Promise, today: date) -> Slip | None:
    """The promised end: passed without being kept, or later by the forecast."""
    if one.promised_on < today:
        end = max(one.forecast_on or today, today)
        return Slip(one.project_id, "", one.promised_on, end, (end - one.promised_on).days, True)
    if one.slack is not None and one.slack < 0:
        return Slip(one.project_id, "", one.promised_on, one.forecast_on, -one.slack, False)
    return None


def _moved(by: Actor, today: date, of_plan: Mapping[int, Promise]) -> Iterable[Slip]:
    rows = PromiseChange.objects.filter(
        zone_id=by.zone_id, plan_id__in=of_plan, at__date__gte=today.replace(day=1)
    ).values_list("plan_id", "before_on", "promised_on")
    for plan_id, before_on, promised_on in rows:
        if before_on is not None and promised_on > before_on:
            days = (promised_on - before_on).days
            yield Slip(of_plan[plan_id].project_id, "", before_on, promised_on, days, True)


def _milestones(by: Actor, today: date, of_plan: Mapping[int, Promise]) -> Iterable[Slip]:
    rows = Step.objects.filter(
        zone_id=by.zone_id,
        plan_id__in=of_plan,
        finished_on__isnull=True,
        dropped_at__isnull=True,
        float_days__lt=0,
    ).exclude(milestone="")
    wanted = rows.values_list("plan_id", "name", "late_finish", "early_finish")
    for plan_id, name, late, early in wanted:
        if late is None or early is None:
            continue
        days = (early - late).days
        if days > 0:
            yield Slip(of_plan[plan_id].project_id, name, late, early, days, late < today)
