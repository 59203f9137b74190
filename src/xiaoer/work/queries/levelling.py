"""Questions of limited resources: who takes what when, where it is too much, what a levelling says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from xiaoer.base.scope import Actor
from xiaoer.work.calendar import WorkCalendar
from xiaoer.work.models import Levelling, Resource, Step
from xiaoer.work.planning.levelling import Claim, Ending, Span, lay_out, overloads
from xiaoer.work.planning.network import Network
from xiaoer.work.queries.calendars import calendar_of
from xiaoer.work.queries.plan_networks import open_rows
from xiaoer.work.queries.plans import open_steps

STANDS_STILL = timedelta(seconds=30)
WEEK = timedelta(days=7)
WEEKS = 26


def resources(zone_id: int) -> QuerySet[Resource]:
    """Every resource of a zone, those that ended last."""
    return (
        Resource.objects.filter(zone_id=zone_id)
        .select_related("office")
        .order_by("ended_on", "code")
    )


def resource_by_number(by: Actor, resource_id: int) -> Resource | None:
    return resources(by.zone_id).filter(pk=resource_id).first()


def capacities(zone_id: int) -> dict[str, int]:
    """How many there are of each resource in force."""
    rows = Resource.objects.filter(zone_id=zone_id, ended_on__isnull=True)
    return dict(rows.values_list("code", "capacity"))


# Who takes what -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A step that takes of a resource, from a day to a day: as planned once a levelling was taken,
    before that as early as it can be. ``float_days`` says who can wait."""

    plan_id: int
    plan: str
    step_id: int
    step: str
    resource: str
    units: int
    starts_on: date
    ends_on: date
    promised_on: date
    float_days: int | None
    slack: int | None
    is_planned: bool
    has_started: bool

    @property
    def claim(self) -> Claim:
        return Claim(
            self.plan_id,
            self.step_id,
            self.resource,
            self.units,
            Span(self.starts_on, self.ends_on),
        )


@dataclass(frozen=True, slots=True)
class ResourceConflict:
    """资源冲突: days on which more is wanted than there is; first whoever can wait least."""

    resource: str
    name: str
    since: date
    until: date
    wanted: int
    capacity: int
    claims: tuple[ClaimLine, ...]

    @property
    def first(self) -> ClaimLine:
        """Who should have it first: what has started, else whoever loses most by waiting."""
        return self.claims[0]


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource with who takes of it, its load by weeks, and where that is too much."""

    resource: Resource
    claims: tuple[ClaimLine, ...]
    weeks: tuple[date, ...]
    load: tuple[int, ...]
    conflicts: tuple[ResourceConflict, ...]


def claims(zone_id: int) -> list[ClaimLine]:
    """Every open step that takes of a resource in force, in one query."""
    rows = (
        open_steps(zone_id)
        .filter(resource__isnull=False, resource__ended_on__isnull=True, resource_units__gt=0)
        .filter(early_start__isnull=False, likely__gt=0)
        .select_related("plan", "resource")
        .order_by("early_start", "id")
    )
    return [_claim_line(step) for step in rows]


def _claim_line(step: Step) -> ClaimLine:
    first, last = step.early_start, step.early_finish
    is_planned = False
    if step.started_on is None and step.planned_start and step.planned_finish:
        # A plan that has slipped behind what was planned for it is where it really can be.
        is_planned = first is None or step.planned_start >= first
        if is_planned:
            first, last = step.planned_start, step.planned_finish
    if first is None or last is None or step.resource is None:
        raise ValueError(f"step {step.pk} was never reckoned")
    return ClaimLine(
        plan_id=step.plan_id,
        plan=step.plan.title,
        step_id=step.pk,
        step=step.name,
        resource=step.resource.code,
        units=step.resource_units,
        starts_on=step.started_on or first,
        ends_on=last,
        promised_on=step.plan.promised_on,
        float_days=step.float_days,
        slack=step.plan.slack,
        is_planned=is_planned,
        has_started=step.started_on is not None,
    )


def resource_conflicts(zone_id: int) -> list[ResourceConflict]:
    """Where more is wanted of a resource than there is, over all open plans; two queries."""
    return _conflicts(claims(zone_id), list(resources(zone_id)))


def _conflicts(lines: Sequence[ClaimLine], kept: Sequence[Resource]) -> list[ResourceConflict]:
    of_step = {line.step_id: line for line in lines}
    in_force = {row.code: row for row in kept if row.ended_on is None}
    found = overloads(
        [line.claim for line in lines], {code: row.capacity for code, row in in_force.items()}
    )
    return [
        ResourceConflict(
            resource=each.resource,
            name=str(in_force[each.resource]),
            since=each.since,
            until=each.until,
            wanted=each.wanted,
            capacity=each.capacity,
            claims=tuple(sorted((of_step[c.step] for c in each.claims), key=_who_first)),
        )
        for each in found
    ]


def _who_first(line: ClaimLine) -> tuple[bool, int, int]:
    spare = line.float_days if line.float_days is not None else 0
    return not line.has_started, spare, line.step_id


def resource_conflicts_of(zone_id: int, plan_id: int) -> list[ResourceConflict]:
    """The conflicts one plan is part of."""
    return [
        each
        for each in resource_conflicts(zone_id)
        if any(line.plan_id == plan_id for line in each.claims)
    ]


def conflicts_by_plan(zone_id: int) -> dict[int, int]:
    """How many conflicts each plan is part of; plans without one are left out."""
    counts: Counter[int] = Counter()
    for conflict in resource_conflicts(zone_id):
        counts.update({line.plan_id for line in conflict.claims})
    return dict(counts)


def resource_views(zone_id: int, today: date, weeks: int = WEEKS) -> list[ResourceView]:
    """All resources with their load of the coming weeks; two queries however many plans."""
    lines, kept = claims(zone_id), list(resources(zone_id))
    conflicts = _conflicts(lines, kept)
    monday = today - timedelta(days=today.weekday())
    mondays = tuple(monday + WEEK * number for number in range(weeks))
    views = []
    for row in kept:
        of_it = tuple(line for line in lines if line.resource == row.code)
        views.append(
            ResourceView(
                resource=row,
                claims=of_it,
                weeks=mondays,
                load=tuple(_busiest(of_it, week) for week in mondays),
                conflicts=tuple(each for each in conflicts if each.resource == row.code),
            )
        )
    return views


def _busiest(lines: Sequence[ClaimLine], monday: date) -> int:
    """The most that is wanted on one day of a week."""
    days = [monday + timedelta(days=number) for number in range(7)]
    return max(
        sum(line.units for line in lines if line.starts_on <= day <= line.ends_on) for day in days
    )


# Levelling ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """All open plans of a zone, and what there is of each resource."""

    networks: Mapping[int, tuple[Network, date]]
    titles: Mapping[int, str]
    capacities: Mapping[str, int]
    calendar: WorkCalendar
    today: date

    @property
    def competes(self) -> bool:
        """Whether any step still to be done takes of a resource."""
        return any(
            step.units and step.resource in self.capacities and step.finished_on is None
            for network, _promised_on in self.networks.values()
            for step in network.activities
        )


def levelling_problem(zone_id: int, today: date | None = None) -> Problem:
    """What a levelling lays out: five queries however many plans."""
    rows = [row for row in open_rows(zone_id) if row.steps]
    return Problem(
        networks={row.plan.pk: (row.network, row.plan.promised_on) for row in rows},
        titles={row.plan.pk: row.plan.title for row in rows},
        capacities=capacities(zone_id),
        calendar=calendar_of(zone_id),
        today=today or timezone.localdate(),
    )


def levelling_by_number(by: Actor, levelling_id: int) -> Levelling | None:
    return (
        Levelling.objects.filter(zone_id=by.zone_id, pk=levelling_id)
        .select_related("post__person")
        .first()
    )


def latest_levelling(zone_id: int) -> Levelling | None:
    """The last one that was asked for."""
    return Levelling.objects.filter(zone_id=zone_id).order_by("-id").first()


def levelling_stands_still(row: Levelling, now: datetime) -> bool:
    """Whether nobody has been at a search for a while: the server was interrupted."""
    waits = row.state in (Levelling.State.WAITING, Levelling.State.RUNNING)
    return waits and now - row.told_at > STANDS_STILL


@dataclass(frozen=True, slots=True)
class LevelledPlan:
    """A plan before and after: as if there were enough of everything, and under the limits."""

    plan_id: int
    plan: str
    ending: Ending


@dataclass(frozen=True, slots=True)
class LevellingResult:
    """What a levelling comes to on the plans as they are now."""

    lines: tuple[LevelledPlan, ...]
    steps: Mapping[int, Span]
    conflicts_before: int
    conflicts_after: int

    @property
    def late(self) -> int:
        return sum(line.ending.late_days > 0 for line in self.lines)

    @property
    def late_anyhow(self) -> int:
        """Late even if there were enough of everything."""
        return sum(line.ending.unlimited_on > line.ending.promised_on for line in self.lines)

    @property
    def held_up(self) -> tuple[LevelledPlan, ...]:
        """Plans that end later because of the limits, the most first."""
        held = [line for line in self.lines if line.ending.held_up_days]
        return tuple(sorted(held, key=lambda line: -line.ending.held_up_days))


def levelling_result(row: Levelling, today: date | None = None) -> LevellingResult:
    """Lay the plans out as they are now by the days a levelling found."""
    problem = levelling_problem(row.zone_id, today)
    starts = {int(key): date.fromisoformat(day) for key, day in row.best.items()}
    of_plans = problem.networks
    steps, plans = lay_out(of_plans, starts, calendar=problem.calendar, today=problem.today)
    before, _plans = lay_out(of_plans, {}, calendar=problem.calendar, today=problem.today)
    return LevellingResult(
        lines=tuple(
            LevelledPlan(number, problem.titles[number], ending) for number, ending in plans.items()
        ),
        steps=steps,
        conflicts_before=len(overloads(_claims(problem, before), problem.capacities)),
        conflicts_after=len(overloads(_claims(problem, steps), problem.capacities)),
    )


def _claims(problem: Problem, steps: Mapping[int, Span]) -> list[Claim]:
    return [
        Claim(plan, step.key, step.resource, step.units, steps[step.key])
        for plan, (network, _promised_on) in problem.networks.items()
        for step in network.activities
        if step.units and step.likely and step.key in steps
    ]
