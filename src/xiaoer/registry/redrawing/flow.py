"""The weights shared out as water: a flow of least cost from enterprises to officers.

A flow may split an enterprise between officers; at most about one an officer is split, and goes
whole to whoever got most of it. What that upsets is evened out afterwards (``mending``).
"""

from collections import defaultdict

import numpy as np
from ortools.graph.python import min_cost_flow

from xiaoer.registry.redrawing.problem import Choice, Problem, loads_today

# A metre is this many units of cost, so that a metre shared by the weight stays a whole number.
FINE = 100
# Costs add up along a chain of moves; being above the bound costs more than any of them.
DEAR = 1_000_000 * FINE
WORTH = DEAR // 20


def share_out(problem: Problem, factor: int = 1) -> dict[int, Choice]:
    """A choice for each enterprise; ``factor`` makes leaving today's place so much dearer."""
    firms = [firm for firm in problem.counted if firm.weight > 0]
    if not firms:
        return {}
    place = {officer: len(firms) + at for at, officer in enumerate(problem.officers)}
    sink = len(firms) + len(place)
    solver = min_cost_flow.SimpleMinCostFlow()
    rows: list[tuple[int, int, int, int]] = []
    offered: list[Choice] = []
    for at, firm in enumerate(firms):
        for choice in problem.choices[firm.id]:
            moves = 0 if problem.stays(firm, choice) else choice.cost * factor
            rows.append((at, place[choice.officer], firm.weight, moves * FINE // firm.weight))
            offered.append(choice)
    rows += [
        (place[officer], sink, room, cost)
        for officer in problem.officers
        for room, cost in _rooms(problem, officer)
    ]
    tails, heads, rooms, costs = (np.array(column) for column in zip(*rows, strict=True))
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    supplies = [firm.weight for firm in firms] + [0] * len(place)
    supplies.append(-sum(supplies))
    solver.set_nodes_supplies(np.arange(len(supplies)), np.array(supplies))
    if solver.solve() != solver.OPTIMAL:
        raise AssertionError("every weight has somewhere to go: the last room is unbounded")
    flows = solver.flows(np.arange(len(offered)))
    got: dict[int, list[tuple[int, int, Choice]]] = defaultdict(list)
    for (at, *_rest), choice, flow in zip(rows, offered, flows, strict=False):
        if flow > 0:
            got[at].append((-int(flow), choice.cost, choice))
    return {firms[at].id: min(parts, key=lambda part: part[:2])[2] for at, parts in got.items()}


def _rooms(problem: Problem, officer: int) -> list[tuple[int, int]]:
    """What an officer may still carry, at which cost: up to the floor it is welcome, above the
    ceiling it is dear, and the farther the dearer. Somewhat below the ceiling for what is split."""
    held = problem.held.get(officer, 0)
    heaviest = max((firm.weight for firm in problem.counted), default=0)
    slack = min(heaviest // 2, int(problem.ceiling - problem.mean))
    today = loads_today(problem).get(officer, 0)
    top = max(problem.ceiling - slack, min(today, problem.ceiling))
    steps = [
        (problem.floor, -WORTH),
        (top, 0),
        (problem.ceiling, WORTH // 50),
        (problem.ceiling + max(1, int(problem.mean) // 4), DEAR),
        (problem.total + 1, 2 * DEAR),
    ]
    rooms, reached = [], held
    for upper, cost in steps:
        if upper > reached:
            rooms.append((upper - reached, cost))
            reached = upper
    return rooms
