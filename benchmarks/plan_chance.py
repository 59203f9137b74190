"""How long does the chance of a promised day take? 10,000 runs of a plan of 200 steps.

Beside it the bare limit: numpy drawing as many durations from triangles, without links or calendar.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from benchmarks.measure import compare
from benchmarks.plan_passes import network
from xiaoer.work.calendar import seed_calendar
from xiaoer.work.planning.chance import draw
from xiaoer.work.planning.network import Network

STEPS, RUNS = 200, 10_000
SECONDS = 1.0
TODAY, PROMISED_ON = date(2026, 11, 21), date(2027, 12, 31)


def main() -> None:
    plan = network(STEPS, 2)
    steps = [replace(step, high=step.high + 5) for step in plan.activities]
    plan = Network(steps, plan.links, plan.starts_on)
    calendar = seed_calendar()
    shape = (RUNS, STEPS)
    low, likely, high = (
        np.array([getattr(step, name) for step in steps], float)
        for name in ("low", "likely", "high")
    )

    def ours() -> object:
        return draw(plan, calendar=calendar, today=TODAY, promised_on=PROMISED_ON, runs=RUNS)

    def bare() -> object:
        dice = np.random.default_rng(1)
        return np.rint(dice.triangular(low, likely, high, size=shape))

    compare("plan_chance_200", "s", ours, SECONDS, f"{SECONDS:g} s for {RUNS:,} runs", 1)
    compare("plan_chance_200", "s", ours, bare, "numpy drawing the days alone", 5)


if __name__ == "__main__":
    main()
