"""The chance of a promised day: exact in every run, the same for the same seed."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.base.reading import Unreadable
from xiaoer.work.calendar import ORIGIN, place
from xiaoer.work.planning import chance
from xiaoer.work.planning.chance import Slip, draw
from xiaoer.work.planning.frame import Frame
from xiaoer.work.planning.network import Activity, Link, Network, Unit
from xiaoer.work.planning.passes import reckon
from xiaoer.work.tests.planning_by_hand import CALENDAR, TODAY, networks

MONDAY = date(2026, 3, 2)


def step(key: int, low: int, likely: int, high: int, **more: object) -> Activity:
    return Activity(key, f"step {key}", low, likely, high, Unit.CALENDAR, **more)  # type: ignore[arg-type]  # a test's own


def slip(
    *steps: Activity,
    links: tuple[Link, ...] = (),
    promised_on: date = date(2026, 4, 30),
    **more: object,
) -> Slip:
    network = Network(steps, links, MONDAY)
    return draw(network, calendar=CALENDAR, today=MONDAY, promised_on=promised_on, **more)  # type: ignore[arg-type]  # a test's own


@given(networks(), st.integers(0, 9999))
@settings(max_examples=120, deadline=None)
def test_every_run_is_the_plan_reckoned_with_its_durations(network: Network, seed: int) -> None:
    look = chance._Draw(Frame(network), CALENDAR, place(TODAY), {})
    drawn = look.durations(np.random.default_rng(seed), 5)
    ends = look.ends(drawn)
    for run in range(5):
        took = {at: int(days[0]) for at, days in look.fixed.items()}
        took |= {at: int(drawn[row, run]) for row, at in enumerate(look.drawn)}
        steps = [
            each
            if each.finished_on
            else replace(each, likely=each.likely or 1, remaining=took[at])
            if each.remaining is not None
            else replace(each, likely=took[at])
            for at, each in enumerate(network.activities)
        ]
        told = Network(steps, network.links, network.starts_on)
        expected = reckon(told, calendar=CALENDAR, today=TODAY, promised_on=TODAY).ends_on
        assert date.fromordinal(ORIGIN + int(ends[run])) == expected


@given(networks(), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_a_later_promise_is_never_less_likely(network: Network, days: int, more: int) -> None:
    def of(promised: int) -> Slip:
        day = date.fromordinal(TODAY.toordinal() + promised)
        return draw(network, calendar=CALENDAR, today=TODAY, promised_on=day, runs=200)

    first, later = of(days), of(days + more)
    assert first.chance <= later.chance
    assert first.days == later.days
    assert first.early_on <= first.middle_on <= first.likely_on
    assert first.kept_by(first.likely_on) >= 0.8
    assert sum(count for _day, count in first.days) == 200


def test_the_same_seed_gives_the_same_answer_and_another_one_nearly() -> None:
    steps = (step(1, 5, 10, 30), step(2, 5, 10, 30))
    links = (Link(1, 2),)
    promised_on = date(2026, 3, 31)
    first = slip(*steps, links=links, promised_on=promised_on)
    assert first == slip(*steps, links=links, promised_on=promised_on)
    other = slip(*steps, links=links, promised_on=promised_on, seed=7)
    assert other != first
    assert abs(other.chance - first.chance) <= 3


def test_a_triangle_keeps_to_its_ends_and_leans_to_its_tip() -> None:
    found = slip(step(1, 10, 10, 40), runs=20_000)
    assert found.days[0][0] == date(2026, 3, 11)
    assert found.days[-1][0] == date(2026, 4, 10)
    # 1 − (40 − 19.5)² / 900 of such a triangle lies below 19.5 days: up to 20 March.
    assert found.middle_on == date(2026, 3, 20)
    assert found.kept_by(date(2026, 3, 20)) == pytest.approx(0.533, abs=0.01)


def test_chance_is_never_all_or_nothing_unless_it_is() -> None:
    steps = step(1, 1, 1, 400)
    assert slip(steps, promised_on=MONDAY).chance == 1
    assert slip(step(1, 2, 2, 9), promised_on=MONDAY).chance == 0
    assert slip(step(1, 2, 2, 9), promised_on=date(2026, 3, 10)).chance == 100
    assert slip(step(1, 1, 400, 400), promised_on=date(2027, 4, 4), runs=10_000).chance == 99


def test_what_the_zone_learned_takes_the_place_of_the_template() -> None:
    found = slip(step(1, 1, 2, 3), samples={1: [20] * 12}, promised_on=date(2026, 3, 21))
    assert (found.early_on, found.likely_on) == (date(2026, 3, 21), date(2026, 3, 21))
    assert found.chance == 100
    taught = slip(step(1, 1, 2, 3), step(2, 1, 1, 1), samples={1: [4, 4, 8, 8]})
    assert taught.learned == (1,)
    assert {day.day for day, _count in taught.days} == {5, 9}
    assert taught.kept_by(date(2026, 3, 5)) == pytest.approx(0.5, abs=0.03)


def test_who_moves_the_end_most_is_named_first_and_who_does_not_move_it_is_not() -> None:
    steps = (step(1, 10, 20, 60), step(2, 10, 12, 16), step(3, 1, 2, 3), step(4, 5, 5, 5))
    found = slip(*steps, links=(Link(1, 2), Link(2, 4)))
    assert [mover.key for mover in found.movers] == [1, 2]
    assert found.movers[0].percent > 90
    assert sum(mover.share for mover in found.movers) == pytest.approx(1, abs=0.05)


def test_a_started_step_is_drawn_among_those_that_took_longer_than_it_already_has() -> None:
    begun = step(1, 10, 20, 40, started_on=date(2026, 2, 5))
    found = slip(begun)
    assert found.days[0][0] == MONDAY
    assert found.days[-1][0] == date(2026, 3, 16)
    overdue = replace(begun, started_on=date(2025, 12, 1))
    assert slip(overdue).days == ((MONDAY, 10_000),)
    said = slip(replace(begun, remaining=10))
    assert (said.days[0][0], said.days[-1][0]) == (date(2026, 3, 6), date(2026, 3, 21))


def test_a_finished_plan_is_certain_and_an_empty_one_too() -> None:
    done = step(1, 5, 9, 20, started_on=date(2026, 2, 5), finished_on=date(2026, 2, 20))
    assert slip(done).days == ((date(2026, 2, 20), 10_000),)
    assert slip(done).movers == ()
    assert slip().days == ((MONDAY, 10_000),)


def test_durations_out_of_order_and_days_outside_the_calendar_are_told() -> None:
    with pytest.raises(ValueError, match="step 1"):
        slip(step(1, 5, 3, 9))
    steps = [step(key, 9, 9, 30_000) for key in range(9)]
    with pytest.raises(Unreadable, match="2199"):
        slip(*steps, links=tuple(Link(key, key + 1) for key in range(8)))
