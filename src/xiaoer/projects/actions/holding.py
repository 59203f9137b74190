"""What is missing holds up the steps of plans that need it; a plan that moves moves its project."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from xiaoer.base.checking import today
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.scope import Actor, system
from xiaoer.projects import access
from xiaoer.projects.actions.lighting import relight
from xiaoer.projects.models import ElementNeed, Project
from xiaoer.work import actions as work
from xiaoer.work.models import Plan, Step

OPEN = (ElementNeed.State.NEEDED, ElementNeed.State.PROMISED)


class Hold(NamedTuple):
    """Until when steps wait, None for nobody knows, and for whom."""

    until: date | None
    held_by: str


def lock_plan(by: Actor, project: Project) -> None:
    """The plan before the project: whoever locks both does so in this order."""
    if project.matter_id is None or not by.is_staff:
        return
    list(
        Plan.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, matter_id=project.matter_id)
        .values_list("id")
    )


@transaction.atomic
def hold_zone(*, by: Actor, now: datetime) -> int:
    """Every night: what was promised for a day that passed holds its steps up without one; what came
    lets them go. How many times steps were held or let go. A plan that cannot be is told and left."""
    access.must_be_staff(by)
    done, left = 0, dict[str, str]()
    for steps, hold in _missing(by, now):
        with going_on(left, steps[0].plan.title):
            done += _hold(by, now, steps, hold)
    tell_left(by=by, now=now, left=left)
    return done


def hold_anew(
    *, by: Actor, now: datetime, plan: Plan | None = None, kinds: Collection[str] | None = None
) -> int:
    """Hold and release what differs from what is missing; of one plan, or of all of the zone."""
    return sum(_hold(by, now, steps, hold) for steps, hold in _missing(by, now, plan, kinds))


def _missing(
    by: Actor, now: datetime, plan: Plan | None = None, kinds: Collection[str] | None = None
) -> list[tuple[list[Step], Hold | None]]:
    """Steps of a plan that need one kind of thing, and what holds them up; None: nothing."""
    waiting = _waiting(by, plan, kinds)
    wanted = _wanted(by, {steps[0].plan.matter_id for steps in waiting.values()}, today(now))
    return [
        (steps, wanted.get((steps[0].plan.matter_id, kind)))
        for (_plan, kind), steps in sorted(waiting.items())
    ]


def _hold(by: Actor, now: datetime, steps: Sequence[Step], hold: Hold | None) -> bool:
    """Hold them up or let them go, where they are not so already."""
    plan, needs = steps[0].plan, steps[0].needs
    if hold is None:
        if is_held := any(step.is_held for step in steps):
            work.release_steps(by=by, now=now, plan=plan, needs=needs)
        return is_held
    if differs := any(_differs(step, hold) for step in steps):
        work.hold_steps(
            by=by, now=now, plan=plan, needs=needs, until=hold.until, held_by=hold.held_by
        )
    return differs


def _differs(step: Step, hold: Hold) -> bool:
    return not step.is_held or (step.held_until, step.blocked_by) != hold


def _waiting(
    by: Actor, plan: Plan | None, kinds: Collection[str] | None
) -> Mapping[tuple[int, str], list[Step]]:
    """Steps of open plans of projects that need something and have not begun, by plan and kind."""
    rows = Step.objects.filter(
        zone_id=by.zone_id, started_on__isnull=True, finished_on__isnull=True,
        dropped_at__isnull=True, plan__closed_at__isnull=True,
        plan__matter__project__ended_on__isnull=True, plan__matter__project__isnull=False,
    ).exclude(needs="")  # fmt: skip
    if plan is not None:
        rows = rows.filter(plan=plan)
    if kinds is not None:
        rows = rows.filter(needs__in=kinds)
    found: dict[tuple[int, str], list[Step]] = defaultdict(list)
    for step in rows.select_related("plan").order_by("id"):
        found[step.plan_id, step.needs].append(step)
    return found


def _wanted(by: Actor, matters: Collection[int], on: date) -> Mapping[tuple[int, str], Hold]:
    """What holds steps up, by matter and kind.

    Of several open needs of a kind the steps wait for the last; one without a day holds them up
    without an end, and so does one whose day has passed: nobody knows when it will be there.
    """
    missing: dict[tuple[int, str], list[ElementNeed]] = defaultdict(list)
    rows = ElementNeed.objects.filter(
        zone_id=by.zone_id, state__in=OPEN, project__matter_id__in=matters
    ).select_related("office", "project")
    for need in rows:
        if need.project is not None and need.project.matter_id is not None:
            missing[need.project.matter_id, need.kind].append(need)
    return {key: Hold(_until(needs, on), _held_by(needs)) for key, needs in missing.items()}


def _until(missing: Sequence[ElementNeed], on: date) -> date | None:
    days = [one.promised_on for one in missing if one.promised_on and one.promised_on >= on]
    return max(days) if len(days) == len(missing) else None


def _held_by(missing: Sequence[ElementNeed]) -> str:
    """Whom the steps wait for: 供电公司（10 kV 接入）."""
    late = max(
        missing, key=lambda one: (one.promised_on is None, one.promised_on or one.needed_on, one.pk)
    )
    who = late.answerer or (late.office.name if late.office else "")
    return f"{who}（{late.what}）"[:80] if who else late.what[:80]


# A plan that moved ---------------------------------------------------------------------------------


def follow_plan(
    *, plan: Plan, has_new_steps: bool, by: Actor, now: datetime, **_signal: Any
) -> None:
    """Steps that came new wait for what is missing; the promised day and the light are the plan's."""
    project = Project.objects.filter(
        zone_id=plan.zone_id, matter_id=plan.matter_id, ended_on__isnull=True
    ).first()
    if project is None:
        return
    if has_new_steps:
        hold_anew(by=by, now=now, plan=plan)
    relight_after(project, by=by, now=now)


def relight_after(project: Project, *, by: Actor, now: datetime) -> None:
    """The light after a verb of somebody who may be outside; then it is the zone that looks."""
    if project.ended_on is None:
        relight(by=by if by.is_staff else system(by.zone_id), now=now, project=project)
