"""Working days are counted as the notices say, however far apart the days are."""

from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.base.reading import Unreadable
from xiaoer.work.calendar import (
    LOCAL,
    OfficeHours,
    SpecialDay,
    WorkCalendar,
    fixed_holidays,
    is_noticed,
    seed_calendar,
    seed_days,
)

CALENDAR = seed_calendar()
DAY = timedelta(days=1)
days = st.dates(min_value=date(2003, 1, 1), max_value=date(2029, 12, 31))
near = st.integers(min_value=-500, max_value=500)


def naive_add(start: date, n: int) -> date:
    day, step = start, 1 if n > 0 else -1
    while n:
        day += step * DAY
        n -= step if CALENDAR.is_working(day) else 0
    return day


@given(days, near.filter(bool))
def test_adding_working_days_is_walking_day_by_day(start: date, n: int) -> None:
    assert CALENDAR.add_working_days(start, n) == naive_add(start, n)


@given(days, st.integers(min_value=0, max_value=700))
def test_counting_working_days_is_counting_them_one_by_one(a: date, length: int) -> None:
    b = a + length * DAY
    one_by_one = sum(CALENDAR.is_working(a + n * DAY) for n in range(1, length + 1))
    assert CALENDAR.working_days_between(a, b) == one_by_one
    assert CALENDAR.working_days_between(b, a) == -one_by_one


@given(days, st.integers(min_value=1, max_value=5000))
def test_what_was_added_is_counted_again(start: date, n: int) -> None:
    due = CALENDAR.add_working_days(start, n)
    assert CALENDAR.is_working(due)
    assert CALENDAR.working_days_between(start, due) == n


@given(st.dates(min_value=date(2004, 1, 1), max_value=date(2026, 12, 31)))
def test_the_seed_says_what_the_notices_say(day: date) -> None:
    assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day)
    assert not CALENDAR.is_provisional(day)


def test_weekends_worked_in_exchange_and_holidays_of_a_notice() -> None:
    assert CALENDAR.is_working(date(2024, 2, 4))
    assert not CALENDAR.is_working(date(2024, 2, 16))
    assert SpecialDay(date(2024, 2, 4), True, "春节") in seed_days(2024)
    assert CALENDAR.next_working_day(date(2024, 2, 10)) == date(2024, 2, 18)
    assert CALENDAR.add_working_days(date(2024, 9, 30), 1) == date(2024, 10, 8)


def test_a_year_without_its_notice_is_provisional_with_fixed_holidays() -> None:
    assert not is_noticed(2040)
    assert CALENDAR.is_provisional(date(2040, 3, 1))
    assert CALENDAR.is_provisional(date(2026, 12, 30), date(2027, 1, 4))
    assert seed_days(2040) == fixed_holidays(2040)
    assert not CALENDAR.is_working(date(2040, 10, 1))
    assert not CALENDAR.is_working(date(2040, 4, 4))
    assert CALENDAR.is_working(date(2040, 10, 4))


def test_qingming_falls_where_the_notices_put_it() -> None:
    for year in range(2008, 2027):
        computed = {day.day for day in fixed_holidays(year) if day.name == "清明"}
        assert all(not CALENDAR.is_working(day) for day in computed)


def test_a_notice_replaces_what_was_provisional() -> None:
    known = WorkCalendar.of([SpecialDay(date(2040, 10, 6), True)], [2040])
    assert known.is_working(date(2040, 10, 1))
    assert known.is_working(date(2040, 10, 6))
    assert not known.is_provisional(date(2040, 1, 1), date(2040, 12, 31))


def test_days_kept_for_a_year_that_is_not_known_do_not_count() -> None:
    assert WorkCalendar.of([SpecialDay(date(2040, 10, 8), False)], []).is_working(date(2040, 10, 8))


def test_a_day_outside_the_calendar_is_refused() -> None:
    for day in (date(1949, 10, 1), date(2999, 1, 1)):
        with pytest.raises(Unreadable):
            CALENDAR.is_working(day)
    with pytest.raises(Unreadable):
        CALENDAR.add_working_days(date(2199, 12, 30), 100)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, minute, tzinfo=LOCAL)


def test_office_hours_leave_out_lunch_nights_and_weekends() -> None:
    assert CALENDAR.office_seconds_between(at(1, 11), at(1, 14)) == 2 * 3600
    assert CALENDAR.office_seconds_between(at(1, 16), at(4, 10)) == 2 * 3600
    assert CALENDAR.add_office_seconds(at(1, 16), 2 * 3600) == at(4, 10)
    assert CALENDAR.add_office_seconds(at(1, 16), 3600) == at(1, 17)
    assert CALENDAR.add_office_seconds(at(2, 16), 3600) == at(4, 10)
    short = WorkCalendar.of([], [], OfficeHours(((time(8, 30), time(12)),)))
    assert short.add_office_seconds(at(1, 9), 4 * 3600) == at(4, 9, 30)


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2026, 1, 1)),
    st.integers(min_value=1, max_value=10**6),
)
def test_office_time_added_is_counted_again(start: datetime, seconds: int) -> None:
    begin = start.replace(microsecond=0, tzinfo=LOCAL)
    end = CALENDAR.add_office_seconds(begin, seconds)
    assert CALENDAR.office_seconds_between(begin, end) == seconds
