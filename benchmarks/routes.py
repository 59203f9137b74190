"""How short are the routes? Against the best known of public instances, and how soon for our own day.

Solomon's instances with 100 customers (solomon.txt names the source): time windows, service, and a
capacity that ours lack. The very search of the product runs on each for ten seconds on one core.
Then a day of a zone: 100 visits by 14 officers, some with hours of their own, free to change hands.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import Any

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, VehicleType

from benchmarks.measure import report
from xiaoer.outreach.routing import Hours, Place, Problem, Roads, Visit, search
from xiaoer.outreach.routing.search import run

SECONDS, GAP = 10.0, 1.0
OUR_SECONDS = 5.0
VISITS, OFFICERS = 100, 14
HOUR = 3600
# Distances and times of these instances are truncated to one decimal.
SCALE = 10


@dataclass(frozen=True, slots=True)
class Instance:
    """One of Solomon's: the depot first, then the customers: x, y, demand, ready, due, service."""

    name: str
    capacity: int
    best: float
    rows: tuple[tuple[int, ...], ...]

    def data(self) -> ProblemData:
        count = len(self.rows)
        way: Any = np.zeros((count, count), dtype=np.int64)
        for here, (x, y, *_rest) in enumerate(self.rows):
            for there, (x2, y2, *_rest2) in enumerate(self.rows):
                way[here, there] = int(SCALE * hypot(x - x2, y - y2))
        depot = self.rows[0]
        return ProblemData(
            [Location(x, y) for x, y, *_rest in self.rows],
            [
                Client(
                    location=place,
                    delivery=[demand],
                    service_duration=SCALE * service,
                    tw_early=SCALE * ready,
                    tw_late=SCALE * due,
                )
                for place, (_x, _y, demand, ready, due, service) in enumerate(self.rows)
                if place
            ],
            [Depot(location=0)],
            [VehicleType(25, [self.capacity], tw_early=0, tw_late=SCALE * depot[4])],
            [way],
            [way],
        )


def instances() -> Iterator[Instance]:
    path = Path(__file__).with_name("solomon.txt")
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, capacity, best, rows = line.split(" ", 3)
        numbers = tuple(tuple(int(part) for part in row.split()) for row in rows.split(";"))
        yield Instance(name, int(capacity), float(best), numbers)


def gap(instance: Instance) -> float:
    """How many percent longer than the best known, after ten seconds."""
    data = instance.data()
    until = time.perf_counter() + SECONDS
    found = run(data, stop=lambda: time.perf_counter() >= until, is_optional=False)
    if not found.is_feasible():
        raise SystemExit(f"{instance.name}: no valid routes")
    return 100 * (found.best.distance() / SCALE - instance.best) / instance.best


def our_day() -> Problem:
    dice = random.Random("a day of a hundred visits")
    visits = []
    for number in range(VISITS):
        opens = dice.choice((None, None, 8, 9, 10, 14, 15))
        visits.append(
            Visit(
                contact=number,
                party=number,
                place=Place(116.62 + dice.uniform(0, 0.13), 35.36 + dice.uniform(0, 0.1)),
                seconds=40 * 60,
                post=number % OFFICERS,
                opens=None if opens is None else opens * HOUR,
                closes=None if opens is None else (opens + 2) * HOUR,
            )
        )
    base = Place(116.68, 35.41)
    hours = Hours(8 * HOUR + 1800, 17 * HOUR + 1800, (12 * HOUR, 13 * HOUR + 1800))
    roads = Roads(base, base, 25, 140, {})
    return Problem(tuple(visits), tuple(range(OFFICERS)), hours, roads, may_exchange=True)


def main() -> None:
    gaps = {each.name: gap(each) for each in instances()}
    for name, percent in gaps.items():
        report(f"routes_gap_{name}", "%", percent, GAP, f"{GAP:g} % above the best known", 1)
    day = our_day()
    began = time.perf_counter()
    found = search(day)
    taken = time.perf_counter() - began
    if found.placed != VISITS:
        raise SystemExit(f"only {found.placed} of {VISITS} visits were placed")
    report("routes_100_visits", "s", taken, OUR_SECONDS, "100 visits of a day, 14 officers", 1)


if __name__ == "__main__":
    main()
