"""How fast is a plan reckoned? Both passes over 10,000 steps; 300 projects of 60 after one change.

Half of the steps count working days, links are of every kind with lags of both units. Beside it the
bare limit: the longest path of the same network over flat lists, in plain days, one pass, no calendar.
The bound in milliseconds is what people wait for; a portfolio is touched at one step of one plan.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from benchmarks.measure import compare
from xiaoer.work.calendar import seed_calendar
from xiaoer.work.planning.frame import Frame
from xiaoer.work.planning.network import Activity, Link, Network, Unit, Wait
from xiaoer.work.planning.passes import Portfolio, Schedule, reckon

STEPS, PROJECTS, EACH = 10_000, 300, 60
PASSES_MS, CHANGE_MS = 100.0, 300.0
TODAY, PROMISED_ON = date(2026, 11, 21), date(2060, 6, 30)
CALENDAR = seed_calendar()


def network(steps: int, seed: int) -> Network:
    """Each step waits for two of the forty before it."""
    dice = random.Random(seed)
    activities = []
    for key in range(steps):
        likely = dice.randint(0, 20)
        unit = dice.choice(tuple(Unit))
        activities.append(
            Activity(key, f"step {key}", likely // 2, likely, 2 * likely, unit, key % 2 == 0)
        )
    links = [
        Link(
            dice.randrange(max(0, after - 40), after),
            after,
            dice.choice((Wait.FS,) * 6 + tuple(Wait)),
            dice.choice((0, 0, 0, 3, -2)),
            dice.choice(tuple(Unit)),
        )
        for after in range(1, steps)
        for _ in range(2)
    ]
    return Network(activities, links, date(2026, 1, 5))


def bare(frame: Frame) -> Callable[[], object]:
    """The longest path, each link from end to start: what any way of reckoning has to do."""
    rows = [(row.at, row.days, [(tie[0], tie[3]) for tie in row.ties]) for row in frame.rows]

    def work() -> object:
        end = [0] * len(rows)
        for at, days, ties in rows:
            first = 0
            for other, lag in ties:
                first = max(first, end[other] + lag)
            end[at] = first + days
        return max(end)

    return work


def main() -> None:
    plan = network(STEPS, 1)
    frame = Frame(plan)

    def passes() -> object:
        return Schedule(frame, CALENDAR, TODAY, PROMISED_ON).reckon_back()

    def anew() -> object:
        return reckon(plan, calendar=CALENDAR, today=TODAY, promised_on=PROMISED_ON)

    def dates() -> object:
        found = Schedule(frame, CALENDAR, TODAY, PROMISED_ON)
        return dict(found.items()), found.government_share

    many = Portfolio(CALENDAR, TODAY)
    for project in range(PROJECTS):
        many.put(project, network(EACH, project), date(2027, 12, 31))
    many.schedules()
    dice = random.Random("one change")

    def change() -> object:
        project = dice.randrange(PROJECTS)
        step = many.schedule(project).frame.activities[dice.randrange(EACH)]
        many.change_step(project, replace(step, likely=step.likely + 1, high=step.high + 1))
        return [(each.ends_on, each.slack_days) for each in many.schedules().values()]

    def new_day() -> object:
        many.wake(TODAY)
        return many.schedules()

    bound = f"{PASSES_MS:g} ms"
    compare("plan_passes_10000", "ms", passes, PASSES_MS, bound, 1)
    compare("plan_passes_10000", "ms", passes, bare(frame), "bare longest path, plain days", 15)
    compare("plan_reckon_10000", "ms", anew, 2 * PASSES_MS, "laid out and reckoned anew", 1)
    compare("plan_dates_10000", "ms", dates, 3 * PASSES_MS, "with all dates and who is critical", 1)
    compare("plan_new_day_300_x_60", "ms", new_day, CHANGE_MS, "all of them, on a new day", 1)
    compare("plan_change_300_x_60", "ms", change, CHANGE_MS, f"{CHANGE_MS:g} ms", 1)


if __name__ == "__main__":
    main()
