"""A step is changed in one of 300 projects of 60 steps: until its plan stands reckoned in the database.

The whole verb is measured as a page calls it: locked, checked, both passes, what moved written, one
line in the journal. Beside it the same verb in a zone with this one plan: only what is touched is
reckoned, so 299 further plans cost nothing. Then a new day, on which every plan moves.
"""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.measure import Bench, bench_database, compare, report
from benchmarks.plan_passes import network
from tests.town import NOW, actor
from xiaoer.base.scope import Actor, acting, system
from xiaoer.work import actions as work
from xiaoer.work.models import Plan, Step, StepLink

PROJECTS, STEPS = 300, 60
LIMIT_MS, NIGHT_S = 300.0, 30.0
WHO = "east-admin"


def fill(bench: Bench, projects: int) -> list[int]:
    """Plans with their steps and links; the number of one step of each."""
    bench.use()
    by = actor(WHO)
    with acting(by):
        plans = [_plan(by, number) for number in range(projects)]
        drawn = [(plan, network(STEPS, plan.pk)) for plan in plans]
        steps = Step.objects.bulk_create(
            Step(
                zone_id=by.zone_id, plan=plan, code=f"s{each.key}", name=each.name,
                order=each.key, doer="zone", low=each.low, likely=each.likely, high=each.high,
                unit=each.unit.value,
            )
            for plan, drawing in drawn
            for each in drawing.activities
        )  # fmt: skip
        made = {(step.plan_id, step.order): step for step in steps}
        StepLink.objects.bulk_create(
            (
                StepLink(
                    zone_id=by.zone_id, plan=plan, before=made[plan.pk, link.before],
                    after=made[plan.pk, link.after], kind=link.kind.value, lag=link.lag,
                    lag_unit=link.lag_unit.value,
                )
                for plan, drawing in drawn
                for link in drawing.links
            ),
            ignore_conflicts=True,
        )  # fmt: skip
    new_day(bench, 0)
    with bench.as_owner():
        pass
    return [made[plan.pk, 5].pk for plan in plans]


def _plan(by: Actor, number: int) -> Plan:
    matter = work.open_matter(
        by=by, now=NOW, kind="project", subject_id=number + 1, title=f"project {number}",
        address=f"/projects/{number + 1}/",
    )  # fmt: skip
    return work.make_plan(
        by=by, now=NOW, matter=matter, title=matter.title, starts_on=date(2026, 11, 20),
        promised_on=date(2027, 12, 31),
    )  # fmt: skip


def change(bench: Bench, steps: list[int]) -> Callable[[], object]:
    """One step a call, a day longer each time."""
    dice = random.Random("a step")

    def work_on() -> object:
        bench.use()
        by = actor(WHO)
        with acting(by):
            step = Step.objects.select_related("plan").get(pk=dice.choice(steps))
            facts = work.facts_of(step)
            longer = replace(facts, likely=facts.likely + 1, high=max(facts.likely + 1, step.high))
            return work.change_step(by=by, now=NOW, step=step, version=step.version, facts=longer)

    return work_on


def new_day(bench: Bench, days: int) -> None:
    bench.use()
    by = system(actor(WHO).zone_id)
    with acting(by):
        work.reckon_zone(by=by, now=NOW + timedelta(days=days))


def main() -> None:
    with bench_database("plan_one") as one, bench_database("plan_many") as many:
        alone, all_steps = fill(one, 1), fill(many, PROJECTS)
        ours = change(many, all_steps)
        compare("plan_change_300_x_60_verb", "ms", ours, LIMIT_MS, f"{LIMIT_MS:g} ms", 1)
        compare(
            "plan_change_300_x_60_verb", "ms", ours, change(one, alone), "the plan alone", 1.5
        )  # fmt: skip
        began = time.perf_counter()
        new_day(many, 1)
        taken = time.perf_counter() - began
        report(
            "plan_night_300_x_60", "s", taken, NIGHT_S,
            f"every plan reckoned and written on a new day, {NIGHT_S:g} s", 1,
        )  # fmt: skip


if __name__ == "__main__":
    main()
