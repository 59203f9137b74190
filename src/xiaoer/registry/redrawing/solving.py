"""A plan for a problem: shared out, evened out, within the limit on moves; the best so far when stopped."""

import time
from collections.abc import Callable

from xiaoer.registry.redrawing.exact import solve_exactly
from xiaoer.registry.redrawing.flow import share_out
from xiaoer.registry.redrawing.mending import Table, mend, take_back_moves
from xiaoer.registry.redrawing.problem import Choice, Plan, Problem, as_today

# How much dearer moves become in turn where more would move than may.
FACTORS = (1, 4, 16, 64)
# Told how many hundredths are done; answers whether to stop.
Heed = Callable[[int], bool]


def never_stop(_percent: int) -> bool:
    """For whoever waits for the whole."""
    return False


def solve(problem: Problem, *, heed: Heed = never_stop, seconds: float = 25.0) -> Plan:
    """The best plan found. Only one cut by ``seconds`` or by a stop depends on the machine."""
    until = time.monotonic() + seconds
    done, reach = 0.0, 5.0

    def stop() -> bool:
        nonlocal done
        # Nobody knows how often it is asked; the bar creeps towards the end of its step.
        done += (reach - done) / 12
        return heed(int(done)) or time.monotonic() > until

    best = Table(problem, as_today(problem))
    if not problem.officers or not best.chosen:
        return Plan(best.chosen)
    is_whole = True
    for number, factor in enumerate(FACTORS):
        done, reach = max(done, 5.0 + 20 * number), 25.0 + 20 * number
        if stop():
            return Plan(best.chosen, is_cut=True)
        # What is even already needs no more than a touch, and moves next to nobody.
        start = (
            best.chosen | share_out(problem, factor) if number or _is_uneven(best) else best.chosen
        )
        table = Table(problem, start)
        is_whole = mend(table, stop)
        is_enough = len(table.moved) <= table.allowance
        take_back_moves(table)
        best = min(best, table, key=lambda one: one.value)
        if is_enough or not is_whole:
            break
    done, reach = 85.0, 94.0
    if best.above and is_whole:
        is_whole = solve_exactly(best, stop)
    return Plan(best.chosen, is_cut=not is_whole)


def _is_uneven(table: Table) -> bool:
    """Whether today's map needs more than a touch."""
    return any(map(table.penalty, table.load.values()))


__all__ = ["Choice", "Heed", "Plan", "Problem", "never_stop", "solve"]
