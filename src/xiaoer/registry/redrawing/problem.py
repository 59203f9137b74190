"""What is to be shared out: enterprises with weights, cells with centres, officers with duties.

Plain numbers, no database. An enterprise's *choices* are the officers it may be with, each in the
cell that costs least; the cost is in metres, so that a change of officer or cell compares with a way.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

Place = tuple[float, float]  # metres to the east and to the north
# Farther neighbours are reached through nearer ones, each giving some of its own away.
NEAREST = 10


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise as it stands today. ``place`` is None where no coordinates are known."""

    id: int
    cell: int
    officer: int | None
    weight: int
    place: Place | None = None
    keeps_cell: bool = False
    keeps_officer: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An officer an enterprise may be with, the cell it is in then, and what that costs."""

    officer: int
    cell: int
    cost: int


@dataclass(frozen=True)
class Problem:
    """Everything a plan depends on; equal problems give equal plans.

    ``duties`` are the officers of each cell. ``held`` is what officers carry outside of this.
    ``most`` and ``least`` bound a load, in percent of the mean; ``most_moved`` the enterprises that
    change officer or cell, in percent of all.
    """

    firms: tuple[Firm, ...]
    duties: Mapping[int, tuple[int, ...]]
    centres: Mapping[int, Place]
    held: Mapping[int, int]
    most: int = 110
    least: int = 85
    most_moved: int = 100
    officer_move: int = 2_000
    cell_move: int = 3_000

    @cached_property
    def officers(self) -> tuple[int, ...]:
        return tuple(sorted({officer for posts in self.duties.values() for officer in posts}))

    @cached_property
    def counted(self) -> tuple[Firm, ...]:
        """Enterprises whose weight one of the officers carries, or is to carry."""
        return tuple(firm for firm in self.firms if self.choices[firm.id])

    @cached_property
    def total(self) -> int:
        return sum(firm.weight for firm in self.counted) + sum(
            self.held.get(officer, 0) for officer in self.officers
        )

    @cached_property
    def mean(self) -> float:
        return self.total / len(self.officers) if self.officers else 0.0

    @cached_property
    def ceiling(self) -> int:
        """The largest whole load that is not above the bound."""
        return self.most * self.total // (100 * len(self.officers)) if self.officers else 0

    @cached_property
    def floor(self) -> int:
        return self.least * self.total // (100 * len(self.officers)) if self.officers else 0

    @cached_property
    def choices(self) -> dict[int, tuple[Choice, ...]]:
        """Of each enterprise; none where it stays with somebody who answers for no cell here."""
        near = _Neighbours(self.duties, self.centres)
        known = set(self.officers)
        return {firm.id: self._choices_of(firm, known, near) for firm in self.firms}

    def _choices_of(self, firm: Firm, known: set[int], near: "_Neighbours") -> tuple[Choice, ...]:
        here = Choice(firm.officer, firm.cell, 0) if firm.officer in known else None
        if firm.officer is not None and here is None:
            return ()
        if firm.keeps_officer and here is not None:
            return (here,)
        best: dict[int, Choice] = {}
        for officer in self.duties.get(firm.cell, ()):
            best[officer] = Choice(officer, firm.cell, self.officer_move if firm.officer else 0)
        if firm.place is not None and not firm.keeps_cell:
            for cell, farther in near.of(firm.place, firm.cell):
                for officer in self.duties[cell]:
                    changes = self.officer_move if firm.officer not in (None, officer) else 0
                    cost = self.cell_move + changes + farther
                    if officer not in best or cost < best[officer].cost:
                        best[officer] = Choice(officer, cell, cost)
        if here is not None:
            best[here.officer] = here
        return tuple(sorted(best.values(), key=lambda choice: (choice.cost, choice.officer)))

    def stays(self, firm: Firm, choice: Choice) -> bool:
        return firm.officer is None or (choice.officer, choice.cell) == (firm.officer, firm.cell)


class _Neighbours:
    """Cells with an officer, nearest first, and how much farther their centre is than one's own."""

    def __init__(self, duties: Mapping[int, tuple[int, ...]], centres: Mapping[int, Place]) -> None:
        self.centres = centres
        self.open = [(cell, centres[cell]) for cell in sorted(duties) if cell in centres]
        self.open = [(cell, centre) for cell, centre in self.open if duties[cell]]

    def of(self, place: Place, own: int) -> list[tuple[int, int]]:
        ways = sorted((math.dist(place, centre), cell) for cell, centre in self.open if cell != own)
        today = math.dist(place, self.centres[own]) if own in self.centres else 0.0
        return [(cell, round(way - today)) for way, cell in ways[:NEAREST]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who goes where: the choice of each enterprise that has any. ``is_cut``: stopped early."""

    chosen: Mapping[int, Choice]
    is_cut: bool = False


def loads_of(problem: Problem, chosen: Mapping[int, Choice]) -> dict[int, int]:
    """What each officer carries under a plan."""
    loads = {officer: problem.held.get(officer, 0) for officer in problem.officers}
    for firm in problem.counted:
        if firm.id in chosen:
            loads[chosen[firm.id].officer] += firm.weight
    return loads


def loads_today(problem: Problem) -> dict[int, int]:
    loads: dict[int, int] = defaultdict(int)
    for officer in problem.officers:
        loads[officer] = problem.held.get(officer, 0)
    for firm in problem.counted:
        if firm.officer is not None:
            loads[firm.officer] += firm.weight
    return dict(loads)


def as_today(problem: Problem) -> dict[int, Choice]:
    """Everything as it is; who has no officer goes to the cheapest."""
    return {
        firm.id: next(
            (one for one in choices if firm.officer and problem.stays(firm, one)), choices[0]
        )
        for firm in problem.counted
        for choices in [problem.choices[firm.id]]
    }
