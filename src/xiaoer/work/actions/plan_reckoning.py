"""Reckoning plans: what the passes say is written beside the steps, so that lists need no engine.

Every verb that changes a plan brings it up to date before it returns. At night the zone's open plans
are reckoned again, since today moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.dispatch import Signal

from xiaoer.base import journal
from xiaoer.base.leaving import tell_left
from xiaoer.base.models import Zone
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access, plan_access, queries
from xiaoer.work.actions.plan_checking import locked_plan, today_of
from xiaoer.work.calendar import WorkCalendar
from xiaoer.work.models import Plan, Step
from xiaoer.work.planning.passes import Loop, Schedule, reckon

RECKONED = ("early_start", "early_finish", "late_start", "late_finish", "float_days", "is_critical")
# One statement of arrays: eighteen thousand steps at night are too many for a CASE of each.
KEEP_RECKONED = """
update step set early_start = new.early_start, early_finish = new.early_finish,
       late_start = new.late_start, late_finish = new.late_finish,
       float_days = new.float_days, is_critical = new.is_critical
  from unnest(%s::bigint[], %s::date[], %s::date[], %s::date[], %s::date[], %s::int[], %s::bool[])
       as new (id, early_start, early_finish, late_start, late_finish, float_days, is_critical)
 where step.id = new.id and step.zone_id = %s
"""
OF_PLAN = ("forecast_on", "slack", "reckoned_at", "reckoned_for")

# Sent inside the verb's transaction when what others read of a plan moved (its promised day, its days
# to spare, its chance, whether it is open): plan, has_new_steps (steps may need what is missing), by,
# now. Not by the runs over a whole zone, nor by holding up, which rooms above ask for themselves.
plan_moved = Signal()


@dataclass(frozen=True, slots=True)
class Told:
    """What one night's reckoning did."""

    plans: int
    lost: int


@transaction.atomic
def reckon_plan(*, by: Actor, now: datetime, plan: Plan) -> Plan:
    """Reckon a plan anew for today: forwards from what happened, backwards from the promised day."""
    plan_access.must_make_plans(by)
    kept = locked_plan(by, plan)
    reckon_and_tell(kept, by=by, now=now)
    journal.record(
        by=by, now=now, verb="reckon_plan", subject=kept, party_ref=kept.party_id, slack=kept.slack
    )
    return kept


def bring_up_to_date(plan: Plan, now: datetime) -> Plan:
    """Reckon a locked plan; the verbs that call this ask who may and write the journal."""
    row = queries.plan_rows(plan)
    _write([row], _reckoned(row, queries.calendar_of(plan.zone_id), now))
    return plan


def reckon_and_tell(plan: Plan, *, by: Actor, now: datetime, has_new_steps: bool = False) -> Plan:
    """Reckon a locked plan; who listens is told when it has more or fewer days to spare than before."""
    before = plan.slack
    bring_up_to_date(plan, now)
    if has_new_steps or plan.slack != before:
        let_know(plan, by=by, now=now, has_new_steps=has_new_steps)
    return plan


def let_know(plan: Plan, *, by: Actor, now: datetime, has_new_steps: bool = False) -> None:
    """Let the rooms above keep in step; what they held up shows on the plan at once."""
    plan_moved.send(sender=Plan, plan=plan, has_new_steps=has_new_steps, by=by, now=now)
    if has_new_steps:
        plan.refresh_from_db(fields=OF_PLAN)


def _write(rows: Sequence[queries.PlanRows], moved: Sequence[Step]) -> None:
    """Write plans and what changed of their steps in two statements, however many plans there are."""
    if moved:
        days = zip(*((step.pk, *(getattr(step, name) for name in RECKONED)) for step in moved),
                   strict=True)  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(KEEP_RECKONED, [*(list(column) for column in days), moved[0].zone_id])
    Plan.objects.bulk_update([row.plan for row in rows], OF_PLAN, batch_size=1000)


def _reckoned(row: queries.PlanRows, calendar: WorkCalendar, now: datetime) -> list[Step]:
    """Set what the passes say on the plan and its steps; the steps on which anything changed."""
    plan = row.plan
    plan.reckoned_at, plan.reckoned_for = now, today_of(now)
    if not row.steps:
        plan.forecast_on = plan.slack = None
        return []
    schedule = scheduled(row, calendar, today_of(now))
    plan.forecast_on, plan.slack = schedule.ends_on, schedule.slack_days
    return [step for step in row.steps if _settle(step, schedule)]


def _settle(step: Step, schedule: Schedule) -> bool:
    times = schedule.times(step.pk)
    before = [getattr(step, name) for name in RECKONED]
    for name in RECKONED:
        setattr(step, name, getattr(times, name))
    return before != [getattr(step, name) for name in RECKONED]


def scheduled(row: queries.PlanRows, calendar: WorkCalendar, today: date) -> Schedule:
    """The passes; steps that wait for one another are told as the loop in names, an end beyond the
    calendar as such."""
    try:
        return reckon(row.network, calendar=calendar, today=today, promised_on=row.plan.promised_on)
    except (Loop, Unreadable) as no:
        raise Refused(str(no)) from no


@transaction.atomic
def reckon_zone(*, by: Actor, now: datetime) -> Told:
    """Reckon all open plans of the zone for today, as the night does; one line, two statements.

    One that cannot be reckoned, for it came to end beyond the calendar, stays as it was and is told.
    """
    access.must_be_system(by)
    plans = (
        Plan.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, closed_at__isnull=True)
        .order_by("id")
    )
    calendar, left = queries.calendar_of(by.zone_id), dict[str, str]()
    rows, moved = list[queries.PlanRows](), list[Step]()
    for row in queries.plans_rows(by.zone_id, plans):
        try:
            moved += _reckoned(row, calendar, now)
        except Refused as no:
            left[row.plan.title] = str(no)
        else:
            rows.append(row)
    _write(rows, moved)
    tell_left(by=by, now=now, left=left)
    told = Told(len(rows), sum((row.plan.slack or 0) < 0 for row in rows))
    if told.plans:
        zone = Zone.objects.get(pk=by.zone_id)
        journal.record(
            by=by, now=now, verb="reckon_zone", subject=zone, plans=told.plans, lost=told.lost
        )
    return told
