"""A limit runs as the law counts it, stops only for lawful reasons, and its light is honest."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.base.refusals import Refused
from xiaoer.work.calendar import LOCAL, seed_calendar
from xiaoer.work.clocks import (
    ARTICLE_45,
    Clock,
    Light,
    Limit,
    LimitUnit,
    Pause,
    PauseReason,
    Thresholds,
)

CALENDAR = seed_calendar()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """March 2024 has five plain weeks: the 4th is a Monday; 清明 was on 4 to 6 April."""
    return datetime(2024, month, day, hour, minute, tzinfo=LOCAL)


def clock(
    count: int, unit: LimitUnit, *, start: datetime | None = None, pauses: tuple[Pause, ...] = (),
    finished: datetime | None = None,
) -> Clock:  # fmt: skip
    return Clock(start or at(3, 4), Limit(count, unit, ARTICLE_45), CALENDAR, pauses, finished)


def due_on(*args: object, **kwargs: object) -> date:
    return clock(*args, **kwargs).at(at(3, 4)).due_on  # type: ignore[arg-type]  # of any shape here


def hearing(since: datetime, until: datetime | None) -> Pause:
    return Pause(since, until, PauseReason.HEARING)


def test_the_day_of_the_start_is_not_counted() -> None:
    face = clock(5, LimitUnit.WORKING_DAY).at(at(3, 4))
    assert face.due_on == date(2024, 3, 11)
    assert face.due_at == at(3, 12, 0)
    assert (face.used, face.remaining, face.share) == (0, 5, 0)


def test_a_limit_of_days_ends_at_midnight_of_its_last_day() -> None:
    running = clock(1, LimitUnit.WORKING_DAY)
    assert not running.at(at(3, 5, 23, 59)).is_overdue
    assert running.at(at(3, 6, 0, 1)).is_overdue


def test_each_unit_counts_in_its_own_way() -> None:
    assert due_on(15, LimitUnit.WORKING_DAY) == date(2024, 3, 25)
    assert due_on(15, LimitUnit.CALENDAR_DAY) == date(2024, 3, 19)
    assert due_on(1, LimitUnit.MONTH, start=at(1, 31)) == date(2024, 2, 29)
    assert due_on(3, LimitUnit.MONTH, start=datetime(2023, 12, 5, tzinfo=LOCAL)) == date(2024, 3, 5)
    assert clock(24, LimitUnit.HOUR).at(at(3, 4)).due_at == at(3, 5)
    assert clock(8, LimitUnit.WORKING_HOUR).at(at(3, 4)).due_at == at(3, 5, 11)


def test_a_last_day_off_moves_to_the_next_working_day() -> None:
    assert due_on(5, LimitUnit.CALENDAR_DAY) == date(2024, 3, 11)
    assert due_on(1, LimitUnit.MONTH) == date(2024, 4, 7)
    assert due_on(0, LimitUnit.WORKING_DAY, start=at(3, 9)) == date(2024, 3, 11)


def test_a_request_on_a_day_off_counts_from_the_next_working_day() -> None:
    assert due_on(1, LimitUnit.WORKING_DAY, start=at(3, 9)) == date(2024, 3, 11)


def test_a_pause_moves_the_end_by_the_working_days_it_took() -> None:
    paused = clock(5, LimitUnit.WORKING_DAY, pauses=(hearing(at(3, 6), at(3, 13)),))
    face = paused.at(at(3, 13))
    assert face.due_on == date(2024, 3, 18)
    assert (face.used, face.remaining) == (2, 3)


def test_while_a_pause_lasts_nothing_is_used_and_the_end_moves() -> None:
    paused = clock(5, LimitUnit.WORKING_DAY, pauses=(hearing(at(3, 6), None),))
    early, late = paused.at(at(3, 7)), paused.at(at(3, 20))
    assert early.is_paused
    assert late.is_paused
    assert early.used == late.used == 2
    assert early.remaining == late.remaining == 3
    assert early.due_on == date(2024, 3, 12)
    assert late.due_on == date(2024, 3, 25)


def test_pauses_that_overlap_are_not_counted_twice() -> None:
    once = (hearing(at(3, 6), at(3, 13)),)
    twice = (*once, Pause(at(3, 7), at(3, 13), PauseReason.EXPERT_REVIEW))
    assert due_on(5, LimitUnit.WORKING_DAY, pauses=twice) == due_on(
        5, LimitUnit.WORKING_DAY, pauses=once
    )


def test_a_pause_after_the_end_does_not_heal_what_is_late() -> None:
    late = clock(1, LimitUnit.WORKING_DAY, pauses=(hearing(at(3, 7), at(3, 20)),))
    face = late.at(at(3, 21))
    assert face.due_on == date(2024, 3, 5)
    assert face.is_overdue
    assert face.light is Light.RED


def test_a_limit_stops_only_for_a_reason_it_allows() -> None:
    with pytest.raises(Refused):
        Clock(at(3, 4), Limit(20, LimitUnit.WORKING_DAY), CALENDAR, (hearing(at(3, 5), None),))
    with pytest.raises(Refused):
        clock(20, LimitUnit.WORKING_DAY, pauses=(hearing(at(3, 5), at(3, 4)),))


def test_lights_are_amber_from_three_quarters_or_the_day_before_and_red_on_the_day() -> None:
    twenty = clock(20, LimitUnit.WORKING_DAY)
    assert twenty.at(at(3, 22)).light is Light.GREEN
    assert twenty.at(at(3, 25)).light is Light.AMBER
    three = clock(3, LimitUnit.WORKING_DAY)
    assert three.at(at(3, 5)).light is Light.GREEN
    assert three.at(at(3, 6)).light is Light.AMBER
    assert three.at(at(3, 7)).light is Light.RED
    assert not three.at(at(3, 7)).is_overdue
    assert three.at(at(3, 8)).light is Light.RED
    assert three.at(at(3, 8)).remaining == -1


def test_a_thing_due_on_monday_is_amber_from_friday() -> None:
    four = clock(10, LimitUnit.WORKING_DAY)
    assert four.at(at(3, 15), Thresholds(amber=0.95)).light is Light.AMBER
    assert four.at(at(3, 14), Thresholds(amber=0.95)).light is Light.GREEN


def test_thresholds_are_the_zones_own() -> None:
    twenty = clock(20, LimitUnit.WORKING_DAY)
    assert twenty.at(at(3, 11), Thresholds(amber=0.25)).light is Light.AMBER
    assert twenty.at(at(3, 11), Thresholds(amber=0.1, red=0.25)).light is Light.RED


def test_a_limit_of_hours_that_began_today_is_judged_by_its_share() -> None:
    hour = clock(4, LimitUnit.HOUR)
    assert hour.at(at(3, 4, 10)).light is Light.GREEN
    assert hour.at(at(3, 4, 13)).light is Light.AMBER
    assert hour.at(at(3, 4, 14, 1)).light is Light.RED
    assert clock(24, LimitUnit.HOUR).at(at(3, 5, 0, 1)).light is Light.RED


def test_a_finished_clock_stands_still() -> None:
    done = clock(5, LimitUnit.WORKING_DAY, finished=at(3, 11, 23))
    assert done.at(at(3, 11, 23)) == done.at(at(12, 1))
    assert done.at(at(12, 1)).light is Light.GREEN
    assert done.at(at(12, 1)).is_finished
    late = clock(5, LimitUnit.WORKING_DAY, finished=at(3, 12, 9))
    assert late.at(at(12, 1)).light is Light.RED
    assert late.at(at(12, 1)).is_overdue


def test_an_extension_adds_to_the_limit() -> None:
    assert Limit(20, LimitUnit.WORKING_DAY).extended(10).count == 30


def test_a_deadline_in_a_year_without_notice_says_that_it_is_provisional() -> None:
    last_days = datetime(2026, 12, 28, tzinfo=LOCAL)
    assert clock(10, LimitUnit.WORKING_DAY, start=last_days).at(last_days).is_provisional
    assert not clock(1, LimitUnit.WORKING_DAY, start=last_days).at(last_days).is_provisional


def test_a_moment_without_its_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock(1, LimitUnit.HOUR, start=datetime(2024, 3, 4)).at(at(3, 4))


moments = st.datetimes(
    min_value=datetime(2022, 1, 1), max_value=datetime(2024, 12, 31), timezones=st.just(LOCAL)
)
units = st.sampled_from(LimitUnit)


@given(moments, st.integers(1, 60), units, st.integers(0, 2000), st.integers(0, 2000))
def test_use_never_shrinks_and_adds_up_to_the_limit(
    start: datetime, count: int, unit: LimitUnit, first: int, then: int
) -> None:
    running = clock(count, unit, start=start)
    early, late = running.at(start + first * HOUR), running.at(start + (first + then) * HOUR)
    assert early.used <= late.used
    assert early.due_at == late.due_at
    assert early.used + early.remaining == pytest.approx(late.used + late.remaining)
    if unit in {LimitUnit.WORKING_DAY, LimitUnit.HOUR, LimitUnit.WORKING_HOUR}:
        assert late.used + late.remaining == pytest.approx(count, abs=1e-3)
    assert late.is_overdue == (start + (first + then) * HOUR > late.due_at)


@given(
    moments,
    st.integers(1, 40),
    units,
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 400)), max_size=4),
    st.integers(0, 1500),
)
def test_pauses_only_ever_give_time(
    start: datetime, count: int, unit: LimitUnit, spans: list[tuple[int, int]], hours: int
) -> None:
    pauses = tuple(
        hearing(start + since * HOUR, start + (since + length) * HOUR) for since, length in spans
    )
    now = start + hours * HOUR
    plain, paused = (
        clock(count, unit, start=start).at(now),
        clock(count, unit, start=start, pauses=pauses).at(now),
    )
    assert paused.due_at >= plain.due_at
    assert paused.used <= plain.used
    assert paused.due_at == clock(count, unit, start=start, pauses=pauses[::-1]).at(now).due_at
