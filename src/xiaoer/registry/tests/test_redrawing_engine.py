"""Shares that are even: every enterprise once, what is pinned stays, nobody above the bound if it can be."""

import itertools
import random
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.registry.redrawing.exact import solve_exactly
from xiaoer.registry.redrawing.mending import Table, mend
from xiaoer.registry.redrawing.problem import (
    Choice,
    Firm,
    Plan,
    Problem,
    as_today,
    loads_of,
    loads_today,
)
from xiaoer.registry.redrawing.solving import solve

CELLS = 4


@st.composite
def problems(draw: st.DrawFn, most_firms: int = 40) -> Problem:
    """Small towns of every kind: cells without officers, officers of several, firms without any."""
    officers = list(range(101, 101 + draw(st.integers(1, 5))))
    duties = {
        cell: tuple(sorted(draw(st.sets(st.sampled_from(officers), max_size=2))))
        for cell in range(1, CELLS + 1)
    }
    firms = tuple(
        Firm(
            id=number,
            cell=draw(st.integers(1, CELLS)),
            officer=draw(st.sampled_from([None, 999, *officers])),
            weight=draw(st.integers(0, 30)),
            place=draw(st.none() | st.tuples(st.floats(-9000, 9000), st.floats(-9000, 9000))),
            keeps_cell=draw(st.booleans()) and draw(st.booleans()),
            keeps_officer=draw(st.integers(0, 5)) == 0,
        )
        for number in range(1, draw(st.integers(0, most_firms)) + 1)
    )
    centres = {
        cell: (2000.0 * cell, 1000.0 * cell)
        for cell in range(1, CELLS + 1)
        if draw(st.integers(0, 9))
    }
    return Problem(
        firms,
        duties,
        centres,
        held=draw(st.dictionaries(st.sampled_from(officers), st.integers(0, 60))),
        most=draw(st.integers(100, 130)),
        least=draw(st.integers(0, 100)),
        most_moved=draw(st.sampled_from([0, 10, 50, 100])),
    )


@settings(max_examples=80, deadline=None)
@given(problems())
def test_every_firm_is_once_somewhere_it_may_be(problem: Problem) -> None:
    plan = solve(problem)
    assert set(plan.chosen) == {firm.id for firm in problem.counted}
    for firm in problem.counted:
        choice = plan.chosen[firm.id]
        is_here = (choice.officer, choice.cell) == (firm.officer, firm.cell)
        assert is_here or choice.officer in problem.duties[choice.cell], "the cell has an officer"
        if firm.keeps_cell or firm.place is None:
            assert choice.cell == firm.cell
        if firm.keeps_officer and firm.officer in problem.officers:
            assert is_here


@settings(max_examples=80, deadline=None)
@given(problems())
def test_no_more_firms_move_than_may(problem: Problem) -> None:
    table = Table(problem, solve(problem).chosen)
    assert len(table.moved) <= table.allowance


@settings(max_examples=40, deadline=None)
@given(problems())
def test_equal_maps_give_equal_plans(problem: Problem) -> None:
    again = Problem(**{name: getattr(problem, name) for name in problem.__dataclass_fields__})
    assert solve(problem) == solve(again)


def every_plan(problem: Problem) -> Iterator[dict[int, Choice]]:
    rows = [[(firm.id, one) for one in problem.choices[firm.id]] for firm in problem.counted]
    return (dict(row) for row in itertools.product(*rows))


@settings(max_examples=60, deadline=None)
@given(problems(most_firms=6))
def test_nobody_is_above_the_bound_where_any_plan_keeps_it(problem: Problem) -> None:
    problem = Problem(
        **{name: getattr(problem, name) for name in problem.__dataclass_fields__}
        | {"most_moved": 100}
    )
    if len(list(itertools.islice(every_plan(problem), 20_000))) == 20_000 or not problem.counted:
        return
    best = min(
        sum(max(0, load - problem.ceiling) for load in loads_of(problem, plan).values())
        for plan in every_plan(problem)
    )
    assert Table(problem, solve(problem).chosen).above == best


def town(*, is_even: bool, seed: int = 1) -> Problem:
    """47 cells on a lattice, 84 officers, 2,363 firms; even, or with empty and crowded cells."""
    dice = random.Random(seed)
    cells = range(1, 48)
    centres = {cell: (2000.0 * ((cell - 1) % 7), 2000.0 * ((cell - 1) // 7)) for cell in cells}
    two, post = set(dice.sample(list(cells), 37)), itertools.count(101)
    duties = {cell: tuple(next(post) for _one in range(1 + (cell in two))) for cell in cells}
    seats = [(cell, officer) for cell, posts in duties.items() for officer in posts]
    crowd = {cell: 1.0 if is_even else dice.choice([0.3, 0.6, 1, 2, 3]) for cell in cells}
    firms = []
    for number in range(1, 2364):
        if is_even:
            cell, officer = seats[number % len(seats)]
        else:
            cell = dice.choices(list(crowd), list(crowd.values()))[0]
            officer = duties[cell][0]
        x, y = centres[cell]
        firms.append(
            Firm(
                number,
                cell,
                officer,
                dice.choice([10, 10, 10, 11, 13, 14, 18]),
                (x + dice.gauss(0, 500), y + dice.gauss(0, 500)) if dice.random() > 0.1 else None,
            )
        )
    return Problem(tuple(firms), duties, centres, {})


def test_a_zone_that_is_even_today_stays_as_it_is() -> None:
    problem = town(is_even=True)
    plan = solve(problem)
    stay = sum(problem.stays(firm, plan.chosen[firm.id]) for firm in problem.firms)
    assert stay >= 0.9 * len(problem.firms)
    assert max(loads_of(problem, plan.chosen).values()) <= 1.10 * problem.mean


def test_a_lopsided_zone_is_evened_out() -> None:
    problem = town(is_even=False)
    plan = solve(problem)
    assert max(loads_today(problem).values()) > 2 * problem.mean
    assert max(loads_of(problem, plan.chosen).values()) <= 1.10 * problem.mean
    assert not plan.is_cut


def test_who_stops_at_once_gets_today_s_map_and_later_something_better() -> None:
    problem = town(is_even=False)
    assert solve(problem, heed=lambda _percent: True) == Plan(as_today(problem), is_cut=True)
    asked = itertools.count()
    plan = solve(problem, heed=lambda _percent: next(asked) >= 2)
    assert plan.is_cut
    assert max(loads_of(problem, plan.chosen).values()) < max(loads_today(problem).values())


def test_the_exact_way_finds_what_one_step_at_a_time_does_not() -> None:
    """Two officers, five firms: 3+3 and 2+2+2 is even, and no single exchange leads there."""
    weights = (3, 3, 2, 2, 2)
    firms = tuple(Firm(n, 1, 101, weight) for n, weight in enumerate(weights, start=1))
    problem = Problem(firms, {1: (101, 102)}, {}, {}, most=100, least=100)
    start = {firm.id: problem.choices[firm.id][firm.id in (2, 3)] for firm in firms}
    table = Table(problem, start)
    mend(table, lambda: False)
    assert solve_exactly(table, lambda: False)
    assert table.above == 0


def test_a_zone_without_officers_or_firms_or_weights_is_no_error() -> None:
    assert solve(Problem((), {}, {}, {})).chosen == {}
    firm = Firm(1, 1, None, 0)
    assert solve(Problem((firm,), {1: ()}, {}, {})).chosen == {}
    assert solve(Problem((firm,), {1: (5,)}, {}, {})).chosen == {1: Choice(5, 1, 0)}
