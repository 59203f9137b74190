"""Moments of the live layer: in office hours, on working days, never after now."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xiaoer.demo.days import Days
from xiaoer.work.calendar import LOCAL, seed_calendar

CALENDAR = seed_calendar()
FIRST, LAST = datetime(2026, 1, 2, tzinfo=UTC), datetime(2027, 12, 30, tzinfo=UTC)
# Whole seconds and thousandths: two numbers are drawn at once, where dates and floats are not.
SECONDS = st.integers(0, int((LAST - FIRST).total_seconds()))


@given(seconds=SECONDS, ago=st.integers(0, 60), part=st.integers(0, 1000))
def test_nothing_is_told_after_now_nor_on_a_day_off(seconds: int, ago: int, part: int) -> None:
    now = FIRST + timedelta(seconds=seconds)
    days = Days(CALENDAR, now)
    moment = days.day_ago(ago, part / 1000)
    assert moment <= days.anchor <= now
    assert CALENDAR.is_working(moment.date())


def test_on_a_holiday_the_demo_ends_on_the_last_working_day() -> None:
    days = Days(CALENDAR, datetime(2026, 10, 3, 4, tzinfo=UTC))
    assert days.anchor == datetime(2026, 9, 30, 17, tzinfo=LOCAL)


def test_so_many_days_ago_counts_working_days() -> None:
    days = Days(CALENDAR, datetime(2026, 11, 20, 2, tzinfo=UTC))
    assert days.day_ago(5, 0.5).date() == date(2026, 11, 13)


def test_before_the_office_opens_today_is_today_all_the_same() -> None:
    now = datetime(2026, 11, 24, 8, 10, tzinfo=LOCAL)
    days = Days(CALENDAR, now)
    assert days.anchor == now
    assert days.day_ago(0, 0.5).date() == now.date()
    assert days.day_ago(1, 0.5).date() == date(2026, 11, 23)


@given(seconds=SECONDS, part=st.integers(0, 1000))
def test_what_is_told_of_today_is_of_today_at_any_hour(seconds: int, part: int) -> None:
    """Rules are evaluated as of today at such a moment; a tenth of a working day before nine in the
    morning is another day, and the demo could not be built then."""
    days = Days(CALENDAR, FIRST + timedelta(seconds=seconds))
    assert days.day_ago(0, part / 1000).date() == days.today
