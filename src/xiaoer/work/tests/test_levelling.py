"""Limited resources: nothing is overdrawn, nobody starts too early, the best so far is always there."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.work.calendar import seed_calendar
from xiaoer.work.planning.levelling import Claim, Levelled, Span, level, overloads
from xiaoer.work.planning.network import Activity, Link, Network, Unit, Wait
from xiaoer.work.planning.passes import reckon
from xiaoer.work.planning.rcpsp import Own, Packed, Project, Solved, solve

TODAY = date(2026, 3, 2)
CALENDAR = seed_calendar()
TEAM = {"team": 1, "panel": 2}
Zone = dict[int, tuple[Network, date]]


# The classical problem ------------------------------------------------------------------------


@st.composite
def projects(draw: st.DrawFn, most: int = 12) -> Project:
    count = draw(st.integers(1, most))
    kinds = draw(st.integers(1, 3))
    capacities = [draw(st.integers(1, 5)) for _kind in range(kinds)]
    return Project(
        durations=[draw(st.integers(0, 6)) for _step in range(count)],
        demands=[[draw(st.integers(0, c)) for c in capacities] for _step in range(count)],
        followers=[
            sorted(draw(st.sets(st.integers(step + 1, count - 1), max_size=3)))
            if step + 1 < count
            else []
            for step in range(count)
        ],
        capacities=capacities,
    )


@settings(max_examples=40, deadline=None)
@given(projects(), st.integers(0, 9))
def test_no_schedule_of_our_own_search_breaks_a_link_or_a_limit(
    project: Project, seed: int
) -> None:
    own = Own(project, random.Random(seed), 8)
    ends = []
    for found in own.improve(lambda: False, 300):
        if found is not None:
            assert project.is_feasible(found.starts)
            assert found.bound <= found.end
            ends.append(found.end)
    assert ends == sorted(ends, reverse=True)


@settings(max_examples=25, deadline=None)
@given(projects(most=5))
def test_a_small_project_is_as_short_as_the_shortest_of_all_turns(project: Project) -> None:
    side = Packed(project)
    shortest = min(
        side.schedule(turn)[1]
        for turn in permutations(range(len(project.durations)))
        if all(
            turn.index(step) < turn.index(after)
            for step, followers in enumerate(project.followers)
            for after in followers
        )
    )
    for workers in (1, 2):
        found = solve(project, seconds=5, workers=workers)
        assert (found.end, found.bound) == (shortest, shortest)
        assert project.is_feasible(found.starts)


def hard() -> Project:
    """Sixty steps that all want the same two things: nothing that is proven in a second."""
    dice = random.Random(7)
    return Project(
        durations=[dice.randint(1, 10) for _step in range(60)],
        demands=[[dice.randint(1, 6), dice.randint(1, 6)] for _step in range(60)],
        followers=[
            sorted({dice.randrange(step + 1, 60) for _each in range(2)}) if step < 59 else []
            for step in range(60)
        ],
        capacities=[10, 10],
    )


def test_a_stopped_search_gives_the_best_so_far() -> None:
    project = hard()
    told: list[Solved] = []
    found = solve(project, seconds=60, stop=lambda: len(told) >= 3, on_better=told.append)
    assert found.end == min(each.end for each in told)
    assert project.is_feasible(found.starts)


def test_steps_in_a_circle_are_no_project() -> None:
    with pytest.raises(ValueError, match="circle"):
        solve(Project([1, 1], [[1], [1]], [[1], [0]], [1]), seconds=1)


# The zone ---------------------------------------------------------------------------------------


def step(key: int, days: int, resource: str = "", unit: Unit = Unit.WORKING) -> Activity:
    return Activity(
        key, f"step {key}", days, days, days, unit, resource=resource, units=int(bool(resource))
    )


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    zone: Zone = {}
    key = 0
    for plan in range(draw(st.integers(1, 3))):
        first, count = key, draw(st.integers(1, 6))
        steps, links = [], []
        for _each in range(count):
            unit = draw(st.sampled_from(Unit))
            days = draw(st.integers(0, 12))
            resource = draw(st.sampled_from(["", "", "team", "panel"]))
            one = step(key, days, resource, unit)
            if key == first and draw(st.booleans()):
                began = TODAY - timedelta(days=draw(st.integers(0, 9)))
                one = Activity(
                    key, one.name, days, days, days, unit, started_on=began, resource=one.resource,
                    units=one.units,
                )  # fmt: skip
            steps.append(one)
            links += [
                Link(other, key, draw(st.sampled_from(Wait)), draw(st.integers(-3, 9)),
                     draw(st.sampled_from(Unit)))
                for other in sorted(draw(st.sets(st.integers(first, key - 1), max_size=2)))
            ] if key > first else []  # fmt: skip
            key += 1
        starts = TODAY + timedelta(days=draw(st.integers(-5, 40)))
        promised = starts + timedelta(days=draw(st.integers(-20, 120)))
        zone[plan] = (Network(steps, links, starts), promised)
    return zone


def claims(zone: Zone, steps: Mapping[int, Span]) -> list[Claim]:
    return [
        Claim(plan, one.key, one.resource, one.units, steps[one.key])
        for plan, (network, _promised) in zone.items()
        for one in network.activities
        if one.resource and one.likely and one.key in steps
    ]


def taken(zone: Zone, found: Levelled) -> Counter[tuple[str, date]]:
    days: Counter[tuple[str, date]] = Counter()
    for claim in claims(zone, found.steps):
        day = max(claim.span.starts_on, TODAY)
        while day <= claim.span.ends_on:
            days[claim.resource, day] += claim.units
            day += timedelta(days=1)
    return days


def held_until(network: Network, steps: Mapping[int, Span]) -> Network:
    return Network(
        [
            replace(one, not_before=steps[one.key].starts_on)
            if one.likely and one.started_on is None
            else one
            for one in network.activities
        ],
        network.links,
        network.starts_on,
    )


@settings(max_examples=60, deadline=None)
@given(zones())
def test_levelled_days_keep_every_limit_and_every_link(zone: Zone) -> None:
    found = level(zone, TEAM, calendar=CALENDAR, today=TODAY, seconds=0.3, workers=1)
    begun = {
        one.resource
        for network, _promised in zone.values()
        for one in network.activities
        if one.started_on
    }
    for (resource, _day), units in taken(zone, found).items():
        # What had started may be too much already; nothing is added to it.
        assert units <= TEAM[resource] or resource in begun
    for plan, (network, promised) in zone.items():
        alone = reckon(network, calendar=CALENDAR, today=TODAY, promised_on=promised)
        assert found.plans[plan].unlimited_on == alone.ends_on
        # The same plan, no step before its levelled first day, is reckoned to the very same days:
        # so no link, no calendar and no earliest day was passed over.
        pinned = reckon(
            held_until(network, found.steps), calendar=CALENDAR, today=TODAY, promised_on=promised
        )
        assert found.plans[plan].ends_on == pinned.ends_on
        for key, times in pinned.items():
            assert found.steps[key] == Span(times.early_start, times.early_finish)
    assert 0 <= found.bound <= found.cost


def two_firms(days: tuple[int, ...] = (5, 5), promised: tuple[int, ...] = (60, 8)) -> Zone:
    """Firms that all want the one team from the first day on."""
    return {
        plan: (
            Network([step(plan, count, "team")], [], TODAY),
            TODAY + timedelta(days=promised[plan]),
        )
        for plan, count in enumerate(days)
    }


def test_whose_day_is_near_has_the_team_first() -> None:
    zone = two_firms()
    found = level(zone, TEAM, calendar=CALENDAR, today=TODAY, seconds=5)
    assert found.steps[1] == Span(TODAY, date(2026, 3, 6))
    assert found.steps[0] == Span(date(2026, 3, 9), date(2026, 3, 13))
    assert [found.plans[plan].late_days for plan in (0, 1)] == [0, 0]
    assert found.plans[0].held_up_days == 7


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=4),
    st.lists(st.integers(0, 40), min_size=4, max_size=4),
)
def test_few_firms_are_placed_as_well_as_by_trying_every_turn(
    days: list[int], promised: list[int]
) -> None:
    zone = two_firms(tuple(days), tuple(promised))
    found = level(zone, TEAM, calendar=CALENDAR, today=TODAY, seconds=10)
    costs = []
    for turn in permutations(range(len(days))):
        passed, cost = 0, 0
        for plan in turn:
            passed += days[plan]
            # Ends by the working day; a day beyond the promised one weighs a hundred times.
            allowed = CALENDAR.working_days_between(TODAY - timedelta(days=1), zone[plan][1])
            for end, sign in ((passed, 1), (days[plan], -1)):
                cost += sign * (end + 100 * max(0, end - allowed))
        costs.append(cost)
    assert found.cost == min(costs)
    assert found.is_best


def test_the_same_seed_gives_the_same_days() -> None:
    zone = two_firms((3, 9, 4, 7, 2, 8, 5), (9, 20, 12, 40, 8, 15, 30))
    first, second = (
        level(zone, TEAM, calendar=CALENDAR, today=TODAY, seconds=20, workers=1, seed=3)
        for _run in range(2)
    )
    assert first == second


def test_levelling_tells_each_better_one_and_stops_when_told() -> None:
    zone = two_firms((3, 9, 4, 7, 2, 8, 5), (9, 20, 12, 40, 8, 15, 30))
    told: list[Levelled] = []
    found = level(
        zone, TEAM, calendar=CALENDAR, today=TODAY, seconds=60,
        stop=lambda: bool(told), on_better=told.append,
    )  # fmt: skip
    assert found.cost == told[-1].cost
    assert found.steps == told[-1].steps
    assert not overloads(claims(zone, found.steps), TEAM)


def test_a_step_that_wants_more_than_there_is_gets_all_there_is_and_is_told() -> None:
    one = Activity(1, "trial run", 5, 5, 5, resource="team", units=4)
    zone = {1: (Network([one], [], TODAY), TODAY), 2: two_firms()[0]}
    found = level(zone, TEAM, calendar=CALENDAR, today=TODAY, seconds=2)
    assert found.beyond == (1,)
    assert found.steps[1].ends_on < found.steps[0].starts_on or (
        found.steps[0].ends_on < found.steps[1].starts_on
    )


def test_what_has_started_keeps_what_it_has() -> None:
    begun = Activity(
        1, "connection", 10, 10, 10, started_on=TODAY - timedelta(days=3), resource="team", units=1
    )
    zone = {1: (Network([begun], [], TODAY), TODAY), 2: two_firms()[0]}
    found = level(zone, TEAM, calendar=CALENDAR, today=TODAY, seconds=2)
    assert found.steps[1].starts_on == begun.started_on
    assert found.steps[0].starts_on > found.steps[1].ends_on


# Conflicts --------------------------------------------------------------------------------------


def claim(plan: int, since: int, until: int, units: int = 1) -> Claim:
    return Claim(
        plan, plan, "team", units,
        Span(TODAY + timedelta(days=since), TODAY + timedelta(days=until)),
    )  # fmt: skip


def test_two_who_want_the_one_team_on_the_same_days_are_a_conflict() -> None:
    both = overloads([claim(1, 0, 4), claim(2, 3, 9), claim(3, 10, 12)], TEAM)
    assert len(both) == 1
    assert (both[0].since, both[0].until) == (
        TODAY + timedelta(days=3),
        TODAY + timedelta(days=4),
    )
    assert (both[0].plans, both[0].wanted, both[0].capacity) == ((1, 2), 2, 1)


def test_one_after_another_is_none_and_an_unknown_resource_is_not_judged() -> None:
    assert not overloads([claim(1, 0, 4), claim(2, 5, 9)], TEAM)
    assert not overloads([claim(1, 0, 4), claim(2, 0, 4)], {"panel": 1})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5), st.integers(1, 2)), max_size=8))
def test_conflicts_are_the_days_on_which_more_is_wanted_than_there_is(
    spans: list[tuple[int, int, int]],
) -> None:
    wanted = [claim(n, since, since + length, u) for n, (since, length, u) in enumerate(spans)]
    days: Counter[date] = Counter()
    for one, offset in product(wanted, range(20)):
        day = TODAY + timedelta(days=offset)
        if one.span.starts_on <= day <= one.span.ends_on:
            days[day] += one.units
    said = {
        each.since + timedelta(days=n)
        for each in overloads(wanted, TEAM)
        for n in range((each.until - each.since).days + 1)
    }
    assert said == {day for day, units in days.items() if units > 1}
