"""A plan is reckoned exactly: every date a person would find with a calendar on the table."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xiaoer.base.reading import Unreadable
from xiaoer.work.planning.network import Activity, Link, Network, Unit, Wait
from xiaoer.work.planning.passes import Loop, Portfolio, Schedule, UnknownStep, reckon
from xiaoer.work.tests.planning_by_hand import (
    CALENDAR,
    DAY,
    TODAY,
    ByHand,
    activities,
    delayed,
    near,
    networks,
    works,
)

MONDAY = date(2026, 3, 2)


def step(key: int, days: int, unit: Unit = Unit.WORKING, **more: object) -> Activity:
    return Activity(key, f"step {key}", days, days, days, unit, **more)  # type: ignore[arg-type]  # a test's own


def schedule(
    *steps: Activity,
    links: tuple[Link, ...] = (),
    today: date = MONDAY,
    promised_on: date = date(2026, 6, 30),
    starts_on: date = MONDAY,
) -> Schedule:
    network = Network(steps, links, starts_on)
    return reckon(network, calendar=CALENDAR, today=today, promised_on=promised_on)


@given(networks(), near)
@settings(max_examples=300, deadline=None)
def test_both_passes_say_what_walking_day_by_day_says(network: Network, promised_on: date) -> None:
    by_hand = ByHand(network, TODAY, promised_on)
    found = reckon(network, calendar=CALENDAR, today=TODAY, promised_on=promised_on)
    assert found.ends_on == by_hand.ends_on
    assert found.slack_days == (promised_on - by_hand.ends_on).days
    for each in network.activities:
        times, (start, end), (late, late_end) = (
            found.times(each.key),
            by_hand.early[each.key],
            by_hand.late[each.key],
        )
        if each.likely and not each.started_on:
            assert (times.early_start, times.late_start) == (start, late)
        assert times.early_finish == by_hand.last_day(each, end)
        assert times.late_finish == by_hand.last_day(each, late_end)
        spare = late_end - end if each.started_on else late - start
        assert times.float_days == spare.days


@given(networks(4), st.integers(0, 25))
@settings(max_examples=150, deadline=None)
def test_a_step_may_be_put_off_by_its_float_and_by_no_day_more(
    network: Network, spare: int
) -> None:
    network = Network([replace(s, not_after=None) for s in network.activities], network.links,
                      network.starts_on)  # fmt: skip
    promised_on = ByHand(network, TODAY, TODAY).ends_on + spare * DAY
    found = reckon(network, calendar=CALENDAR, today=TODAY, promised_on=promised_on)
    by_hand = ByHand(network, TODAY, promised_on)
    for each in network.activities:
        if each.started_on:
            continue
        start, days = by_hand.early[each.key][0], found.times(each.key).float_days
        assert days >= 0
        # A milestone put off is kept by its instant, not by the day on which it may be seen.
        assume(each.likely)
        assert ByHand(delayed(network, each.key, start + days * DAY), TODAY, promised_on).is_kept
        more = delayed(network, each.key, start + (days + 1) * DAY)
        assert not ByHand(more, TODAY, promised_on).is_kept


@given(networks(), near)
@settings(max_examples=150, deadline=None)
def test_critical_steps_are_open_and_every_step_that_moves_the_end_is_among_them(
    network: Network, promised_on: date
) -> None:
    found = reckon(network, calendar=CALENDAR, today=TODAY, promised_on=promised_on)
    critical = set(found.critical)
    ends_on = ByHand(network, TODAY, promised_on).ends_on
    for each in network.activities:
        assert found.times(each.key).is_critical == (each.key in critical)
        if each.finished_on:
            assert each.key not in critical
        elif not each.started_on and each.likely:
            later = found.times(each.key).early_start + DAY
            moved = ByHand(delayed(network, each.key, later), TODAY, promised_on).ends_on
            if moved > ends_on:
                assert each.key in critical
    is_open = any(
        found.times(each.key).early_finish == ends_on and not each.finished_on
        for each in network.activities
    )
    assert bool(critical) >= is_open


def test_working_days_run_over_a_holiday_and_the_weekends_worked_for_it() -> None:
    # From Wednesday 4 February 2026: 14 February is a Saturday worked, 15 to 23 are off, 28 worked.
    assert works(date(2026, 2, 14)) and works(date(2026, 2, 28)) and not works(date(2026, 2, 23))
    found = schedule(step(1, 10), today=TODAY, starts_on=TODAY)
    assert found.times(1).early_start == TODAY
    assert found.times(1).early_finish == date(2026, 2, 24)
    assert schedule(step(1, 10, Unit.CALENDAR), today=TODAY, starts_on=TODAY).ends_on == date(
        2026, 2, 13
    )


@pytest.mark.parametrize(
    ("kind", "lag", "starts", "ends"),
    [
        (Wait.FS, 0, date(2026, 3, 9), date(2026, 3, 10)),
        (Wait.FS, 2, date(2026, 3, 11), date(2026, 3, 12)),
        (Wait.FS, -2, date(2026, 3, 5), date(2026, 3, 6)),
        (Wait.SS, 0, date(2026, 3, 2), date(2026, 3, 3)),
        (Wait.SS, 1, date(2026, 3, 3), date(2026, 3, 4)),
        (Wait.FF, 0, date(2026, 3, 5), date(2026, 3, 6)),
        (Wait.FF, 1, date(2026, 3, 6), date(2026, 3, 9)),
        (Wait.SF, 3, date(2026, 3, 3), date(2026, 3, 4)),
    ],
)
def test_every_kind_of_link_with_lag_in_working_days(
    kind: Wait, lag: int, starts: date, ends: date
) -> None:
    links = (Link(1, 2, kind, lag, Unit.WORKING),)
    times = schedule(step(1, 5), step(2, 2), links=links).times(2)
    assert (times.early_start, times.early_finish) == (starts, ends)


def test_it_runs_backwards_from_the_promised_day() -> None:
    links = (Link(1, 2), Link(2, 3, Wait.FS, 15))
    found = schedule(
        step(1, 5), step(2, 10), step(3, 1), links=links, promised_on=date(2026, 4, 30)
    )
    assert found.times(3).late_start == date(2026, 4, 30)
    # Fifteen calendar days lie between: 15 to 29 April.
    assert found.times(2).late_finish == date(2026, 4, 14)
    assert found.times(2).late_start == date(2026, 3, 31)
    assert found.times(1).late_start == date(2026, 3, 24)
    assert found.times(1).float_days == 22
    assert found.ends_on == date(2026, 4, 7)
    assert found.slack_days == 23


def test_a_promise_that_is_lost_or_over_is_told_by_negative_slack() -> None:
    found = schedule(step(1, 5), promised_on=date(2026, 2, 27))
    assert found.slack_days == -7
    assert found.times(1).float_days < 0
    assert found.critical == (1,)


def test_milestones_take_no_day() -> None:
    links = (Link(1, 2), Link(2, 3))
    found = schedule(step(1, 5), step(2, 0), step(3, 1), links=links)
    assert found.times(2).early_start == found.times(2).early_finish == date(2026, 3, 6)
    assert found.times(3).early_start == date(2026, 3, 9)
    first = schedule(step(1, 0), step(2, 1), links=(Link(1, 2),))
    assert first.times(1).early_start == first.times(2).early_start == MONDAY


def test_a_started_step_goes_on_with_what_its_doer_says_is_left() -> None:
    begun = step(1, 10, started_on=date(2026, 2, 25))
    assert schedule(begun).ends_on == date(2026, 3, 9)
    assert schedule(replace(begun, remaining=2)).ends_on == date(2026, 3, 3)
    # What was said on Thursday holds (that Saturday is worked) until it is over; then it ends today at the earliest.
    said = replace(begun, remaining=5, remaining_on=date(2026, 2, 26))
    assert schedule(said).ends_on == date(2026, 3, 3)
    assert schedule(said, today=date(2026, 3, 4)).ends_on == date(2026, 3, 4)
    # Over its time and not reported done: today at the earliest.
    assert schedule(replace(begun, started_on=date(2026, 1, 5))).ends_on == MONDAY


def test_what_happened_stands_whatever_the_links_say() -> None:
    done = step(2, 3, started_on=date(2026, 2, 25), finished_on=date(2026, 2, 27))
    found = schedule(step(1, 5), done, step(3, 1), links=(Link(1, 2), Link(2, 3)))
    assert found.times(2).early_start == date(2026, 2, 25)
    assert found.times(2).early_finish == found.times(2).late_finish == date(2026, 2, 27)
    assert found.times(2).float_days == 0
    assert found.times(3).early_start == MONDAY
    assert 2 not in found.critical


def test_an_element_that_is_missing_until_a_day_moves_what_needs_it() -> None:
    found = schedule(step(1, 5, not_before=date(2026, 3, 14)), step(2, 1), links=(Link(1, 2),))
    assert found.times(1).early_start == date(2026, 3, 16)
    assert found.drivers(1) == ()
    assert found.drivers(2) == (1,)
    assert found.critical == (1, 2)


def test_a_step_of_its_own_last_day_must_start_in_time_for_it() -> None:
    found = schedule(step(1, 5, not_after=date(2026, 3, 15)))
    assert found.times(1).late_finish == date(2026, 3, 13)
    assert found.times(1).float_days == 7


def test_the_governments_share_counts_the_days_of_the_critical_path() -> None:
    own = step(2, 6, Unit.CALENDAR, is_government=True)
    aside = step(3, 1, Unit.CALENDAR, is_government=True)
    found = schedule(step(1, 4, Unit.CALENDAR), own, aside, links=(Link(1, 2), Link(1, 3)))
    assert found.critical == (1, 2)
    assert found.government_share == Fraction(6, 10)
    assert schedule(step(1, 0)).government_share is None


def test_a_circle_is_shown_by_its_names_in_order() -> None:
    links = (Link(1, 2), Link(2, 3), Link(3, 2, Wait.SS), Link(3, 4))
    with pytest.raises(Loop) as refused:
        schedule(step(1, 1), step(2, 1), step(3, 1), step(4, 1), links=links)
    assert refused.value.names == ("step 2", "step 3")
    assert "step 2 → step 3 → step 2" in str(refused.value)
    with pytest.raises(Loop) as refused:
        schedule(step(1, 1), links=(Link(1, 1),))
    assert refused.value.names == ("step 1",)


def test_a_link_to_a_step_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownStep, match="7"):
        schedule(step(1, 1), links=(Link(1, 7),))


def test_a_plan_that_leaves_the_calendar_says_so_both_ways() -> None:
    with pytest.raises(Unreadable, match="2199"):
        schedule(step(1, 60_000))
    with pytest.raises(Unreadable, match="1970"):
        schedule(step(1, 30_000), links=())
        schedule(step(1, 1), promised_on=date(1969, 1, 1))


def test_years_without_their_notice_are_named_where_working_days_are_counted() -> None:
    assert schedule(step(1, 5)).provisional_years == ()
    later = date(2029, 1, 31)
    assert schedule(step(1, 5), promised_on=later).provisional_years == (2027, 2028, 2029)
    assert schedule(step(1, 5), promised_on=later).is_provisional
    assert not schedule(step(1, 5, Unit.CALENDAR), promised_on=later).is_provisional


def test_a_plan_without_steps_ends_where_it_starts() -> None:
    found = schedule(starts_on=date(2026, 3, 10))
    assert found.ends_on == date(2026, 3, 10)
    assert found.critical == ()
    assert dict(found.items()) == {}


def test_of_many_plans_only_the_one_touched_is_reckoned_anew() -> None:
    many = Portfolio(CALENDAR, MONDAY)
    for plan in range(3):
        network = Network((step(1, 5), step(2, 5)), (Link(1, 2),), MONDAY)
        many.put(plan, network, date(2026, 4, 30))
    before = dict(many.schedules())
    many.change_step(1, step(1, 8))
    after = many.schedules()
    assert [after[plan] is before[plan] for plan in range(3)] == [True, False, True]
    assert after[1].ends_on == date(2026, 3, 18)
    many.promise(2, date(2026, 3, 10))
    assert many.schedule(2).slack_days == -3
    many.drop(0)
    many.wake(date(2026, 3, 9))
    assert {plan: each.ends_on for plan, each in many.schedules().items()} == {
        1: date(2026, 3, 25),
        2: date(2026, 3, 20),
    }


@given(networks(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_change_in_a_portfolio_gives_what_the_changed_plan_gives(
    network: Network, data: st.DataObject
) -> None:
    promised_on = TODAY + 20 * DAY
    many = Portfolio(CALENDAR, TODAY)
    many.put(1, network, promised_on)
    many.schedule(1)
    at = data.draw(st.integers(0, len(network.activities) - 1))
    changed = replace(data.draw(activities(0)), key=network.activities[at].key)
    many.change_step(1, changed)
    steps = [*network.activities[:at], changed, *network.activities[at + 1 :]]
    anew = reckon(
        Network(steps, network.links, network.starts_on),
        calendar=CALENDAR,
        today=TODAY,
        promised_on=promised_on,
    )
    assert dict(many.schedule(1).items()) == dict(anew.items())


def test_the_example_of_the_manual_is_true() -> None:
    def built(key: int, days: int, unit: Unit, is_government: bool = False) -> Activity:
        return Activity(key, f"step {key}", days, days, days, unit, is_government)

    work, calendar = Unit.WORKING, Unit.CALENDAR
    steps = (
        built(1, 10, work, True), built(2, 5, work, True), built(3, 40, calendar),
        built(4, 45, calendar), built(5, 10, work), built(6, 3, work, True),
        built(7, 1, work, True), built(8, 0, work),
    )  # fmt: skip
    links = (
        Link(1, 2), Link(2, 3), Link(3, 5, Wait.FS, -5), Link(4, 5), Link(3, 6),
        Link(6, 7, Wait.FS, 15), Link(5, 8), Link(7, 8),
    )  # fmt: skip
    found = schedule(
        *steps, links=links, today=TODAY, starts_on=TODAY, promised_on=date(2026, 4, 30)
    )
    assert (found.ends_on, found.slack_days) == (date(2026, 5, 6), -6)
    assert found.critical == (1, 2, 3, 6, 7, 8)
    assert found.government_share == Fraction(31, 71)
    assert [found.times(key).float_days for key in range(1, 9)] == [-1, -1, -2, 27, 10, -3, -6, -6]
    assert found.times(1).late_start == date(2026, 2, 3)
    assert found.times(1).late_finish == date(2026, 2, 14)
    a_day_earlier = schedule(
        replace(steps[0], started_on=TODAY - DAY), *steps[1:], links=links, today=TODAY,
        starts_on=TODAY - DAY, promised_on=date(2026, 4, 30),
    )  # fmt: skip
    assert a_day_earlier.slack_days == 0
