"""All plans of a zone laid out under its limited resources, ready to be taken."""

from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.planning.levelling import Levelled, level

SECONDS = 1.0


def lay_out_plans(ground: Ground, days: Days) -> None:
    """As the job does it, in one go. Called inside the zone's scope; nothing where nobody competes."""
    by, now = ground.by, days.now
    if not queries.levelling_problem(ground.zone.pk).competes:
        return
    row = work.ask_for_levelling(by=by, now=now)
    begun = work.begin_levelling(by=by, now=now, levelling_id=row.pk)
    if begun is None:
        return
    problem, _seconds = begun
    told: list[Levelled] = []
    found = level(
        problem.networks,
        problem.capacities,
        calendar=problem.calendar,
        today=problem.today,
        seconds=SECONDS,
        on_better=told.append,
    )
    work.finish_levelling(by=by, now=now, levelling_id=row.pk, found=found, better=len(told))
