"""The last resort where mending leaves somebody above the bound: the whole problem, whole enterprises.

In slices of fixed effort, not of time: equal problems end alike, and a stop is heard between two.
"""

from ortools.sat.python import cp_model

from xiaoer.registry.redrawing.mending import ABOVE, BELOW, Stop, Table
from xiaoer.registry.redrawing.problem import Choice, Problem

SLICES = 6
EFFORT = 2.0


def solve_exactly(table: Table, stop: Stop) -> bool:
    """Better the plan as far as the effort reaches; False when it was stopped before."""
    for _slice in range(SLICES):
        if stop():
            return False
        found, is_best = _slice_of(table)
        for firm in table.problem.counted:
            if found and found[firm.id] is not table.chosen[firm.id]:
                table.put(firm, found[firm.id])
        if is_best or not table.above:
            return True
    return True


def _slice_of(table: Table) -> tuple[dict[int, Choice], bool]:
    problem = table.problem
    model = cp_model.CpModel()
    taken: dict[tuple[int, int], cp_model.IntVar] = {}
    for firm in problem.counted:
        row = []
        for choice in problem.choices[firm.id]:
            one = model.new_bool_var(f"{firm.id} {choice.officer}")
            taken[firm.id, choice.officer] = one
            model.add_hint(one, int(table.chosen[firm.id] is choice))
            row.append(one)
        model.add_exactly_one(row)
    changes = [
        taken[firm.id, choice.officer]
        for firm in problem.counted
        for choice in problem.choices[firm.id]
        if not problem.stays(firm, choice)
    ]
    model.add(sum(changes) <= table.allowance)
    model.minimize(
        _unevenness(model, problem, taken)
        + sum(
            choice.cost * taken[firm.id, choice.officer]
            for firm in problem.counted
            for choice in problem.choices[firm.id]
        )
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = EFFORT
    state = solver.solve(model)
    if state not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}, True
    found = {
        firm.id: next(
            choice
            for choice in problem.choices[firm.id]
            if solver.boolean_value(taken[firm.id, choice.officer])
        )
        for firm in problem.counted
    }
    return found, state == cp_model.OPTIMAL


def _unevenness(
    model: cp_model.CpModel, problem: Problem, taken: dict[tuple[int, int], cp_model.IntVar]
) -> cp_model.LinearExpr:
    """What all officers together carry above the ceiling, dearly, and lack below the floor."""
    terms = []
    for officer in problem.officers:
        load = problem.held.get(officer, 0) + sum(
            firm.weight * taken[firm.id, officer]
            for firm in problem.counted
            if (firm.id, officer) in taken
        )
        above = model.new_int_var(0, problem.total, f"above {officer}")
        below = model.new_int_var(0, problem.total, f"below {officer}")
        model.add(above >= load - problem.ceiling)
        model.add(below >= problem.floor - load)
        terms.append(ABOVE * above + BELOW * below)
    return sum(terms)  # type: ignore[return-value]  # a sum of expressions is one
