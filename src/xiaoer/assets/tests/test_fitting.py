"""The search for fits says just what trying every set of units by hand says."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.assets import fitting
from xiaoer.assets.fitting import (
    TRAITS,
    Ask,
    Fit,
    Joined,
    Need,
    Says,
    Stock,
    What,
    find_fits,
    judge,
)

NAN = float("nan")
ASKED: dict[What, list[str]] = {
    What.HEIGHT: ["4.50", "6", "8.25"],
    What.LOAD: ["500", "1000"],
    What.CRANE: ["5", "10.50"],
    What.POWER: ["200", "400", "900"],
    What.GAS: ["1"],
    What.DRAINAGE: ["10", "30"],
    What.FIRE: ["2", "3"],
    What.FLOOR: ["1", "2"],
    What.RENT: ["1200", "1800"],
    What.FREE: ["0"],
}
VALUES: dict[What, list[float]] = {
    What.HEIGHT: [400, 450, 600, 825, NAN],
    What.LOAD: [499, 500, 1000, NAN],
    What.CRANE: [0, 500, 1050, NAN],
    What.POWER: [0, 100, 200, 400, NAN],
    What.GAS: [0, 1, NAN],
    What.DRAINAGE: [0, 10, 20, NAN],
    What.FIRE: [1, 2, 3, NAN],
    What.FLOOR: [1, 2, 3],
    What.RENT: [1000, 1200, 1500, 2000, NAN],
    What.FREE: [0, 0, 30, 400],
}


@st.composite
def stocks(draw: Any) -> Stock:
    count = draw(st.integers(1, 9))
    pairs = list(combinations(range(count), 2))
    doors = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=14)) if pairs else []
    ids = draw(st.permutations(range(10, 10 + count)))
    return Stock(
        ids=np.array(ids, np.int64),
        areas=np.array(
            draw(
                st.lists(
                    st.sampled_from([10_000.0, 20_000.0, 25_050.0, 50_000.0]),
                    min_size=count,
                    max_size=count,
                )
            )
        ),
        groups=np.array(
            draw(st.lists(st.integers(1, 3), min_size=count, max_size=count)), np.int64
        ),
        has={
            what: np.array(
                draw(st.lists(st.sampled_from(values), min_size=count, max_size=count)), float
            )
            for what, values in VALUES.items()
        },
        doors=np.array(doors, np.int64).reshape(-1, 2),
    )


@st.composite
def needs(draw: Any) -> Need:
    whats = draw(st.lists(st.sampled_from(sorted(ASKED)), unique=True, max_size=4))
    asks = tuple(
        Ask(what, Decimal(draw(st.sampled_from(ASKED[what]))), draw(st.booleans()))
        for what in whats
    )
    least = draw(st.sampled_from(["100", "300.50", "450", "800"]))
    most = draw(st.sampled_from([None, "0", "150.25", "900"]))
    return Need(Decimal(least), None if most is None else Decimal(least) + Decimal(most), asks)


def joined(stock: Stock, places: Iterable[int]) -> bool:
    """Whether one can walk from each to each without leaving the set."""
    left = set(places)
    walk = [left.pop()]
    while walk:
        here = walk.pop()
        near = {int(b if a == here else a) for a, b in stock.doors if here in (a, b)} & left
        left -= near
        walk += near
    return not left


def certain_no(need: Need, stock: Stock, place: int) -> bool:
    fit = judge(need, stock, [place])
    return any(
        one.says == Says.NO
        and one.is_hard
        and one.what != What.AREA
        and TRAITS[one.what].joined == Joined.WEAKEST
        for one in fit.points
    )


def all_sets(need: Need, stock: Stock) -> list[tuple[int, ...]]:
    """Every unit; and every joined set of such as are too small alone and could do, with the area."""
    count = len(stock.ids)
    small = [
        place
        for place in range(count)
        if stock.areas[place] < need.least and not certain_no(need, stock, place)
    ]
    sets: list[tuple[int, ...]] = [(place,) for place in range(count)]
    for size in range(2, fitting.MOST_UNITS + 1):
        for places in combinations(small, size):
            area = sum(float(stock.areas[place]) for place in places)
            if need.least <= area <= need.roomy and joined(stock, places):
                sets.append(places)
    return sets


def rank(need: Need, stock: Stock, places: tuple[int, ...]) -> tuple[Any, ...]:
    fit = judge(need, stock, places)
    area = sum(float(stock.areas[place]) for place in places)
    over = max(need.least - area, area - need.most if need.most is not None else 0.0)
    gap = min(max(over / need.least, 0.0), 1.0)
    for ask, point in zip(need.asks, fit.points[1:], strict=True):
        if point.says == Says.NO and ask.is_hard:
            trait = TRAITS[ask.what]
            whole = trait.whole or max(abs(ask.grains), 1.0)
            gap += min(off(ask, stock, places) / whole, 1.0)
    hard = [one for one in fit.points if one.is_hard]
    wished = [one for one in fit.points if not one.is_hard]
    return (
        fit.says,
        gap,
        sum(one.says == Says.UNKNOWN for one in hard),
        sum(one.says == Says.NO for one in wished),
        sum(one.says == Says.UNKNOWN for one in wished),
        max(area - need.least, 0.0) / need.least + fitting.FURTHER_UNIT * (len(places) - 1),
        tuple(sorted(int(stock.ids[place]) for place in places)),
    )


def off(ask: Ask, stock: Stock, places: tuple[int, ...]) -> float:
    trait = TRAITS[ask.what]
    values = [(float(stock.has[ask.what][one]), float(stock.areas[one])) for one in places]
    known = [(value, area) for value, area in values if value == value]
    if trait.joined == Joined.SUM:
        reached = sum(value for value, _ in known)
    elif trait.joined == Joined.BEST:
        reached = max(value for value, _ in known)
    elif trait.joined == Joined.BY_AREA:
        reached = sum(value * area for value, area in known) / sum(area for _, area in values)
    else:
        reached = max(v for v, _ in known) if trait.at_most else min(v for v, _ in known)
    return reached - ask.grains if trait.at_most else ask.grains - reached


def by_hand(need: Need, stock: Stock, limit: int, of_a_building: int | None) -> list[Fit]:
    ranked = sorted(all_sets(need, stock), key=lambda places: rank(need, stock, places))
    found: list[Fit] = []
    seen: list[set[int]] = []
    taken: dict[int, int] = {}
    for places in ranked:
        if len(found) == limit:
            break
        if any(better < set(places) for better in seen):
            continue
        seen.append(set(places))
        first = min(places, key=lambda place: int(stock.ids[place]))
        group = int(stock.groups[first])
        taken[group] = taken.get(group, 0) + 1
        if of_a_building is None or taken[group] <= of_a_building:
            found.append(judge(need, stock, places))
    return found


@settings(max_examples=120, deadline=None)
@given(needs(), stocks(), st.sampled_from([None, 1, 3]))
def test_the_search_finds_just_what_trying_every_set_finds(
    need: Need, stock: Stock, of_a_building: int | None
) -> None:
    found = find_fits(need, stock, limit=60, of_a_building=of_a_building)
    assert list(found.fits) == by_hand(need, stock, 60, of_a_building)
    assert not found.is_cut
    says = [judge(need, stock, [place]).says for place in range(len(stock.ids))]
    assert found.counts == {one: says.count(one) for one in Says}


@settings(max_examples=120, deadline=None)
@given(needs(), stocks(), st.data())
def test_unknown_is_said_just_where_facts_could_still_turn_it(
    need: Need, stock: Stock, data: Any
) -> None:
    places = data.draw(
        st.lists(st.sampled_from(range(len(stock.ids))), min_size=1, max_size=4, unique=True)
    )
    fit = judge(need, stock, places)
    for point in fit.points[1:]:
        poor, rich = (judge(need, _known(stock, point.what, value), places) for value in (0.0, 1e9))
        ends = {
            next(one.says for one in full.points if one.what == point.what) for full in (poor, rich)
        }
        assert point.says == (Says.UNKNOWN if len(ends) == 2 else ends.pop())


def _known(stock: Stock, what: What, value: float) -> Stock:
    filled = np.where(np.isnan(stock.has[what]), value, stock.has[what])
    return replace(stock, has={**stock.has, what: filled})


def town(areas: list[float], doors: list[tuple[int, int]], **has: list[float]) -> Stock:
    count = len(areas)
    return Stock(
        ids=np.arange(1, count + 1),
        areas=np.array(areas) * 100,
        groups=np.ones(count, np.int64),
        has={What(name): np.array(values, float) for name, values in has.items()},
        doors=np.array(doors, np.int64).reshape(-1, 2),
    )


def test_two_halls_joined_by_a_door_make_the_area_and_the_power_together() -> None:
    need = Need(Decimal(1000), None, (Ask(What.POWER, Decimal(500)),))
    stock = town([600, 500, 600], [(0, 1)], power=[300, 250, 9000])
    best = find_fits(need, stock).fits[0]
    assert (best.units, best.says, best.area_m2) == ((1, 2), Says.YES, Decimal(1100))
    # The third has power enough and no door to anybody: it lacks the area by itself.
    third = judge(need, stock, [2])
    assert [(one.what, one.lacks) for one in third.which(Says.NO)] == [(What.AREA, Decimal(400))]


def test_a_hall_of_unknown_height_needs_data_and_is_not_ruled_out() -> None:
    need = Need(Decimal(500), None, (Ask(What.HEIGHT, Decimal("6.00")),))
    stock = town([500, 500, 500], [], height=[NAN, 599, 600])
    fits = find_fits(need, stock).fits
    assert [(one.units, one.says) for one in fits] == [
        ((3,), Says.YES),
        ((1,), Says.UNKNOWN),
        ((2,), Says.NO),
    ]
    assert fits[2].which(Says.NO)[0].lacks == Decimal("0.01")


def test_a_wish_that_is_not_met_only_puts_a_unit_further_down() -> None:
    need = Need(Decimal(500), None, (Ask(What.GAS, is_hard=False),))
    stock = town([500, 500, 500], [], gas=[0, NAN, 1])
    fits = find_fits(need, stock).fits
    assert [one.units for one in fits] == [(3,), (2,), (1,)]
    assert {one.says for one in fits} == {Says.YES}


def test_of_a_set_that_lacks_something_the_unit_to_blame_is_named() -> None:
    need = Need(Decimal(900), None, (Ask(What.HEIGHT, Decimal(6), is_hard=False),))
    stock = town([500, 500], [(0, 1)], height=[900, 450])
    point = judge(need, stock, [0, 1]).which(Says.NO)[0]
    assert (point.of_units, point.lacks) == ((2,), Decimal("1.5"))


def test_thousands_of_equal_bays_are_ranked_by_their_numbers() -> None:
    need = Need(Decimal(1000))
    stock = town([500] * 12_000, [(one, one + 1) for one in range(0, 12_000, 2)])
    found = find_fits(need, stock, limit=3, of_a_building=None)
    assert [one.units for one in found.fits] == [(1, 2), (3, 4), (5, 6)]


def test_an_empty_stock_has_no_fits() -> None:
    assert find_fits(Need(Decimal(1)), town([], [])).fits == ()
