"""The search for routes by itself: every visit once, its own time kept, locks kept, reasons told."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.outreach.routing import (
    HOUR_LOCK,
    OFFICER_LOCK,
    Going,
    Hours,
    Late,
    Left,
    Place,
    Problem,
    Roads,
    Visit,
    great_circle,
    missing_roads,
    search,
    search_days,
    timetable,
    why_left,
)

HOUR = 3600
DAY = Hours(8 * HOUR + 1800, 17 * HOUR + 1800, (12 * HOUR, 13 * HOUR + 1800))
BASE = Place(116.58, 35.42)
ROADS = Roads(BASE, BASE, 25, 140, {})


def visit(number: int, east: float = 0.01, north: float = 0.0, **more: object) -> Visit:
    made = Visit(
        contact=number,
        party=number,
        place=Place(BASE.longitude + east, BASE.latitude + north),
        seconds=40 * 60,
        post=1,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # any of its fields


def day(visits: Sequence[Visit], posts: Sequence[int] = (1,), **more: object) -> Problem:
    made = Problem(tuple(visits), tuple(posts), DAY, ROADS)
    return replace(made, **more)  # type: ignore[arg-type]  # any of its fields


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Small days: some firms with hours of their own, some locked, one or two officers."""
    posts = draw(st.sampled_from([(1,), (1, 2)]))
    visits = []
    for number in range(draw(st.integers(1, 7))):
        opens = draw(st.sampled_from([None, 9, 10, 14, 15, 19]))
        length = draw(st.sampled_from([None, 0.5, 1, 2]))
        one = visit(
            number,
            draw(st.floats(-0.05, 0.05)),
            draw(st.floats(-0.05, 0.05)),
            seconds=draw(st.sampled_from([15, 40, 90])) * 60,
            post=draw(st.sampled_from([*posts, None])),
            opens=None if opens is None else opens * HOUR,
            closes=None if opens is None or length is None else round((opens + length) * HOUR),
        )
        if one.post is not None and draw(st.booleans()):
            one = one.locked(OFFICER_LOCK)
        visits.append(one)
    return day(visits, posts, may_exchange=draw(st.booleans()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_every_visit_is_made_once_in_its_own_time_by_whom_it_may_or_is_named(
    problem: Problem,
) -> None:
    found = search(problem, seconds=0.3)
    placed = [one.contact for order in found.orders.values() for one in order]
    left = [one.contact for one in found.left]
    assert sorted(placed + left) == [one.contact for one in problem.visits]
    for post, order in found.orders.items():
        assert all(post in problem.may_go(one) for one in order)
        table = timetable(order, problem.hours, problem.roads)
        assert table.late_minutes == 0
        for stop in table.stops:
            opens, closes = stop.visit.window
            assert opens <= stop.arrives <= stop.leaves <= closes
            assert not (stop.arrives < DAY.halves[1][0] and stop.leaves > DAY.halves[0][1])
    assert all(why_left(one, problem) in Left for one in found.left)


def test_a_stop_locked_to_its_hour_begins_at_that_hour() -> None:
    held = visit(2, 0.03).locked(HOUR_LOCK, 15 * HOUR)
    found = search(day([visit(1), held, visit(3, -0.02)]), seconds=0.3)
    stops = timetable(found.orders[1], DAY, ROADS).stops
    assert {stop.visit.contact: stop.arrives for stop in stops}[2] == 15 * HOUR
    assert len(stops) == 3


def test_a_visit_locked_to_its_officer_does_not_change_hands() -> None:
    east = [visit(n, 0.05 + n / 1000, post=1) for n in range(3)]
    west = [visit(n + 10, -0.05 - n / 1000, post=2) for n in range(3)]
    astray = visit(20, 0.051, post=2)
    whole = day([*east, *west, astray], (1, 2), may_exchange=True)
    free = search(whole, seconds=0.5)
    assert 20 in [one.contact for one in free.orders[1]]
    locked = day([*east, *west, astray.locked(OFFICER_LOCK)], (1, 2), may_exchange=True)
    assert 20 in [one.contact for one in search(locked, seconds=0.5).orders[2]]


def test_without_exchange_each_officer_makes_the_own_visits() -> None:
    visits = [visit(n, 0.01 * n, post=n % 2 + 1) for n in range(6)]
    found = search(day(visits, (1, 2)), seconds=0.3)
    assert {post: {one.post for one in order} for post, order in found.orders.items()} == {
        1: {1},
        2: {2},
    }


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (visit(1, place=None), Left.PLACE),
        (visit(1, post=9), Left.NOBODY),
        (visit(1, opens=9 * HOUR, closes=9 * HOUR + 600), Left.SHORT),
        (visit(1, opens=12 * HOUR, closes=13 * HOUR), Left.HOURS),
        (visit(1, 3.0), Left.FAR),
        (visit(1), Left.FULL),
    ],
)
def test_what_keeps_a_visit_out_is_told(given: Visit, why: Left) -> None:
    assert why_left(given, day([given])) == why


def test_more_than_a_day_holds_is_left_out_and_nobody_comes_late() -> None:
    found = search(day([visit(n, 0.001 * n) for n in range(20)]), seconds=0.5)
    assert 8 <= found.placed < 20
    assert timetable(found.orders[1], DAY, ROADS).late == 0


def test_a_firm_nobody_has_placed_is_never_taken_for_a_point_of_the_sea() -> None:
    found = search(day([visit(1), visit(2, place=None)]), seconds=0.2)
    assert [one.contact for one in found.left] == [2]
    by_hand = timetable([visit(1), visit(2, place=None)], DAY, ROADS)
    assert by_hand.unknown == 2
    assert by_hand.stops[1].reason == Late.UNKNOWN
    assert by_hand.metres < 5_000


def test_an_imported_road_counts_as_it_is_there_and_back_apart() -> None:
    roads = replace(ROADS, known={(None, 1): (9000, 600), (1, None): (1000, None)})
    table = timetable([visit(1)], DAY, roads)
    assert (table.metres, table.guessed) == (10_000, 0)
    assert table.stops[0].arrives == DAY.begins + 600
    assert missing_roads(day([visit(1), visit(2)], roads=roads)) == 4


def test_roads_reach_a_firm_without_coordinates() -> None:
    roads = replace(ROADS, known={(None, 1): (2000, None), (1, None): (2000, None)})
    found = search(day([visit(1, place=None)], roads=roads), seconds=0.2)
    assert found.placed == 1


def test_one_way_streets_turn_the_order_round() -> None:
    ring = {(None, 1): 1, (1, 2): 1, (2, 3): 1, (3, None): 1}
    legs = {(a, b): 40 for a in (None, 1, 2, 3) for b in (None, 1, 2, 3) if a != b} | ring
    roads = replace(ROADS, known={pair: (km * 1000, None) for pair, km in legs.items()})
    found = search(day([visit(3), visit(1), visit(2)], roads=roads), seconds=0.3)
    assert [one.contact for one in found.orders[1]] == [1, 2, 3]


def test_lunch_is_at_the_base_and_the_best_cut_is_found() -> None:
    noon = visit(1, opens=11 * HOUR, closes=12 * HOUR)
    after = visit(2, opens=13 * HOUR)
    table = timetable([noon, after], DAY, ROADS)
    assert table.late == 0
    assert table.stops[1].arrives >= 13 * HOUR + 1800
    whole_day = Hours(DAY.begins, DAY.ends)
    assert timetable([noon, after], whole_day, ROADS).metres < table.metres


def test_lateness_is_told_in_minutes_with_its_reason() -> None:
    early = visit(1, opens=9 * HOUR, closes=10 * HOUR)
    table = timetable([visit(2, seconds=3 * HOUR), early], DAY, ROADS)
    assert table.stops[1].reason == Late.WINDOW
    assert table.stops[1].late_minutes > 60


def test_a_search_can_be_stopped_at_any_time_with_the_best_so_far() -> None:
    visits = [visit(n, 0.002 * (n % 13) - 0.01, 0.003 * (n % 7), post=None) for n in range(60)]
    told: list[Going] = []

    def stop_at_once(going: Going) -> bool:
        told.append(going)
        return len(told) > 1

    begun = perf_counter()
    found = search(day(visits, range(1, 9)), seconds=20, watch=stop_at_once)
    assert perf_counter() - begun < 5
    assert len(told) == 2
    assert found.placed >= 50


def test_a_hundred_visits_are_answered_within_five_seconds() -> None:
    visits = [
        visit(n, 0.004 * (n % 17) - 0.03, 0.003 * (n % 11) - 0.01, post=n % 14 + 1)
        for n in range(100)
    ]
    begun = perf_counter()
    found = search(day(visits, range(1, 15), may_exchange=True))
    assert perf_counter() - begun < 5
    assert found.placed == 100


def test_a_week_shares_the_time_and_keeps_its_days_apart() -> None:
    days = [day([visit(n + 10 * d, 0.003 * n) for n in range(4)]) for d in range(5)]
    found = search_days(days, seconds=1)
    assert [each.placed for each in found] == [4] * 5


def test_great_circle_knows_a_distance_anybody_can_look_up() -> None:
    beijing, jinan = Place(116.4074, 39.9042), Place(117.1201, 36.6512)
    assert round(great_circle(beijing, jinan) / 1000) == pytest.approx(367, abs=3)


def test_nothing_to_do_is_no_route() -> None:
    assert search(day([]), seconds=0.2).orders == {}
    assert timetable([], DAY, ROADS).sets_out is None
