"""Days on sites: everybody at once, nobody in two places, and why a building got none."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.permits.siting import (
    Found,
    Goer,
    Hours,
    Need,
    Problem,
    Site,
    Why,
    minutes_between,
    search,
    why_left,
)

MONDAY = date(2026, 11, 23)
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(5))
HOURS = Hours(9 * 60, 12 * 60, 14 * 60, 17 * 60)


def problem(sites: list[Site], goers: list[Goer], days: tuple[date, ...] = DAYS) -> Problem:
    return Problem(days, tuple(sites), tuple(goers), HOURS, 35, 135, base=(116.58, 35.41))


def site(key: int, *offices: int, count: int = 1, **more: object) -> Site:
    needs = tuple(Need(key * 100 + office, office, count) for office in offices)
    given = {"place": (116.5 + key / 100, 35.4), "minutes": 90, "due_on": DAYS[-1], **more}
    return Site(key=key, needs=needs, **given)  # type: ignore[arg-type]  # a test's own


def must_hold(asked: Problem, found: Found) -> None:
    """Every promise of a plan, looked at without the solver."""
    sites = {one.key: one for one in asked.sites}
    goers = {one.key: one for one in asked.goers}
    load: Counter[tuple[int, date]] = Counter()
    stays: dict[int, list[tuple[date, int, int]]] = {}
    for stand in found.stands:
        here = sites[stand.site]
        assert stand.minute in set(HOURS.starts(here.minutes))
        for need in here.needs:
            people = stand.people[need.check]
            assert len(people) == need.count
            assert all(goers[one].office == need.office for one in people)
            assert all(stand.day not in goers[one].away for one in people)
        for one in {goer for people in stand.people.values() for goer in people}:
            load[one, stand.day] += 1
            stays.setdefault(one, []).append((stand.day, stand.minute, stand.site))
    assert all(count <= goers[one].per_day for (one, _day), count in load.items())
    for visits in stays.values():
        visits.sort()
        for (day, minute, key), (day2, minute2, key2) in pairwise(visits):
            if day == day2:
                way = asked.travel(sites[key].place, sites[key2].place)
                assert minute + sites[key].minutes + way <= minute2
    assert len(found.stands) + len(found.left) == len(asked.sites)


def test_every_department_comes_at_once_and_a_wish_is_kept() -> None:
    asked = problem(
        [site(1, 1, 2, wished=frozenset({DAYS[3]})), site(2, 1, 2)],
        [Goer(1, 1, 3), Goer(2, 2, 3)],
    )
    found = search(asked, seconds=3)
    must_hold(asked, found)
    days = {one.site: one.day for one in found.stands}
    assert found.is_best and days == {1: DAYS[3], 2: DAYS[0]}


def test_a_locked_day_stays_and_the_others_move() -> None:
    asked = problem([site(1, 1, lock=(DAYS[0], 540)), site(2, 1)], [Goer(1, 1, 1)])
    found = search(asked, seconds=3)
    must_hold(asked, found)
    assert {one.site: (one.day, one.minute) for one in found.stands}[1] == (DAYS[0], 540)
    assert {one.site: one.day for one in found.stands}[2] == DAYS[1]


def test_it_says_which_department_lacks_whom() -> None:
    goers = [Goer(1, 1, 1, frozenset(DAYS)), Goer(2, 2, 1), Goer(3, 3, 1)]
    asked = problem([site(1, 1), site(2, 4), site(3, 2, count=2), site(4, 3, minutes=400)], goers)
    found = search(asked, seconds=2)
    assert set(found.left) == {1, 2, 3, 4}
    whys = {one.key: why_left(asked, one, found)[0] for one in asked.sites}
    assert (whys[1].why, whys[1].office) == (Why.AWAY, 1)
    assert (whys[2].why, whys[2].office, whys[2].has) == (Why.TOO_FEW, 4, 0)
    assert (whys[3].why, whys[3].has, whys[3].asks) == (Why.TOO_FEW, 1, 2)
    assert whys[4].why == Why.HOURS
    apart = problem(
        [site(1, 1, 2)],
        [Goer(1, 1, 1, frozenset(DAYS[:1])), Goer(2, 2, 1, frozenset(DAYS[1:]))],
    )
    found = search(apart, seconds=2)
    assert why_left(apart, apart.sites[0], found)[0].why == Why.TOGETHER
    full = problem([site(n, 1) for n in range(3)], [Goer(1, 1, 1)], DAYS[:2])
    found = search(full, seconds=2)
    (left,) = found.left
    assert why_left(full, full.sites[left], found)[0].why == Why.FULL
    locked = problem([site(1, 1, lock=(MONDAY - timedelta(days=7), 540))], [Goer(1, 1, 1)])
    assert why_left(locked, locked.sites[0], search(locked))[0].why == Why.LOCKED


def test_it_stops_when_told_and_keeps_the_best_so_far() -> None:
    heard: list[Found] = []

    def stop(found: Found) -> bool:
        heard.append(found)
        return True

    goers = [Goer(n, n % 4, 2) for n in range(12)]
    asked = problem([site(n, 0, 1, 2, 3, count=2) for n in range(8)], goers)
    began = perf_counter()
    found = search(asked, seconds=30, watch=stop)
    assert perf_counter() - began < 10 and len(heard) >= 1
    must_hold(asked, found)


def test_ways_are_guessed_by_great_circle_and_detour() -> None:
    beijing, jinan = (116.3912, 39.9066), (117.0009, 36.6758)
    assert 680 <= minutes_between(beijing, jinan, speed_kmh=35, detour_percent=110) <= 690
    assert minutes_between(None, jinan, speed_kmh=35, detour_percent=110) == 15


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_no_plan_breaks_a_promise(data: st.DataObject) -> None:
    goers = [
        Goer(
            n, n % 3, data.draw(st.integers(1, 2)),
            frozenset(data.draw(st.sets(st.sampled_from(DAYS), max_size=3))),
        )
        for n in range(data.draw(st.integers(2, 6)))
    ]  # fmt: skip
    sites = [
        site(
            n,
            *data.draw(st.sets(st.integers(0, 2), min_size=1)),
            count=data.draw(st.integers(1, 2)),
        )
        for n in range(data.draw(st.integers(1, 4)))
    ]
    asked = problem(sites, goers)
    found = search(asked, seconds=0.5)
    must_hold(asked, found)
    for left in found.left:
        assert why_left(asked, next(one for one in sites if one.key == left), found)
