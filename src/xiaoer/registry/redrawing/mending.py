"""A plan evened out step by step: no officer above the bound, then as few and short moves as can be.

One enterprise at a time goes elsewhere, or two change places, as long as that makes the plan
better; always in the same order, so that equal problems end alike.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping

from xiaoer.registry.redrawing.problem import Choice, Firm, Problem, loads_of

# What a point of weight above the ceiling or below the floor costs, in metres.
ABOVE = 10_000_000
BELOW = 20_000
PASSES = 30
# Told whether to stop.
Stop = Callable[[], bool]


class Table:
    """A plan being changed, with what it costs."""

    def __init__(self, problem: Problem, chosen: Mapping[int, Choice]) -> None:
        self.problem = problem
        self.chosen = dict(chosen)
        self.load = loads_of(problem, chosen)
        self.firms = {firm.id: firm for firm in problem.counted}
        self.of: dict[int, set[int]] = defaultdict(set)
        self.by_officer = {
            firm.id: {choice.officer: choice for choice in problem.choices[firm.id]}
            for firm in problem.counted
        }
        for firm_id, choice in chosen.items():
            self.of[choice.officer].add(firm_id)

    def penalty(self, load: int) -> int:
        above, below = load - self.problem.ceiling, self.problem.floor - load
        return ABOVE * above if above > 0 else BELOW * below if below > 0 else 0

    @property
    def above(self) -> int:
        return sum(max(0, load - self.problem.ceiling) for load in self.load.values())

    @property
    def value(self) -> int:
        return sum(map(self.penalty, self.load.values())) + sum(
            choice.cost for choice in self.chosen.values()
        )

    def gain(self, giver: int, taker: int, weight: int) -> int:
        """What the penalties fall by when so much goes from one officer to another."""
        if giver == taker or not weight:
            return 0
        before = self.penalty(self.load[giver]) + self.penalty(self.load[taker])
        return (
            before
            - self.penalty(self.load[giver] - weight)
            - self.penalty(self.load[taker] + weight)
        )

    def put(self, firm: Firm, choice: Choice) -> None:
        old = self.chosen[firm.id]
        self.of[old.officer].discard(firm.id)
        self.of[choice.officer].add(firm.id)
        self.load[old.officer] -= firm.weight
        self.load[choice.officer] += firm.weight
        self.chosen[firm.id] = choice

    def is_moved(self, firm: Firm) -> bool:
        return not self.problem.stays(firm, self.chosen[firm.id])

    @property
    def moved(self) -> list[Firm]:
        return [firm for firm in self.problem.counted if self.is_moved(firm)]

    @property
    def allowance(self) -> int:
        """How many enterprises may change officer or cell."""
        return self.problem.most_moved * len(self.problem.counted) // 100


def mend(table: Table, stop: Stop) -> bool:
    """Better the plan until nothing helps; False when it was stopped before."""
    for _pass in range(PASSES):
        better = _relocate_all(table)
        if stop():
            return False
        better = _swap_all(table, stop) or better
        if stop():
            return False
        if not better:
            return True
    return True


def _relocate_all(table: Table) -> bool:
    is_better = False
    for firm in table.problem.counted:
        now = table.chosen[firm.id]
        best, most = now, 0
        for choice in table.problem.choices[firm.id]:
            gain = now.cost - choice.cost + table.gain(now.officer, choice.officer, firm.weight)
            if gain > most:
                best, most = choice, gain
        if best is not now:
            table.put(firm, best)
            is_better = True
    return is_better


def _swap_all(table: Table, stop: Stop) -> bool:
    """Two change places, where one of them is not where it is today or an officer has too much."""
    is_better = False
    for count, firm in enumerate(table.problem.counted):
        if count % 200 == 199 and stop():
            break
        if (
            table.is_moved(firm)
            or table.load[table.chosen[firm.id].officer] > table.problem.ceiling
        ):
            is_better = _swap(table, firm) or is_better
    return is_better


def _swap(table: Table, firm: Firm) -> bool:
    now = table.chosen[firm.id]
    most, found = 0, None
    for choice in table.problem.choices[firm.id]:
        if choice.officer == now.officer:
            continue
        for other_id in sorted(table.of[choice.officer]):
            other = table.firms[other_id]
            back = table.by_officer[other_id].get(now.officer)
            if back is None:
                continue
            gain = now.cost - choice.cost + table.chosen[other_id].cost - back.cost
            gain += table.gain(now.officer, choice.officer, firm.weight - other.weight)
            if gain > most:
                most, found = gain, (choice, other, back)
    if found is None:
        return False
    choice, other, back = found
    table.put(firm, choice)
    table.put(other, back)
    return True


def take_back_moves(table: Table) -> None:
    """Take moves back, those that help least first, until no more enterprises move than may."""
    while len(moved := table.moved) > table.allowance:
        firm = min(moved, key=lambda one: (_loss(table, one), one.id))
        table.put(firm, _home(table, firm))


def _home(table: Table, firm: Firm) -> Choice:
    return next(
        choice for choice in table.problem.choices[firm.id] if table.problem.stays(firm, choice)
    )


def _loss(table: Table, firm: Firm) -> int:
    now, home = table.chosen[firm.id], _home(table, firm)
    return home.cost - now.cost - table.gain(now.officer, home.officer, firm.weight)
