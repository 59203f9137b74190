"""Periods are read as offices write them and shown the same way."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from xiaoer.base.reading import Unreadable
from xiaoer.facts.periods import Period, months_of, parse_period


@pytest.mark.parametrize(
    ("typed", "starts_on", "ends_on"),
    [
        ("2022年", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022年1-6月", date(2022, 1, 1), date(2022, 6, 30)),
        ("2022年1—8月", date(2022, 1, 1), date(2022, 8, 31)),
        ("2022年上半年", date(2022, 1, 1), date(2022, 6, 30)),
        ("2024年一季度", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024年前三季度", date(2024, 1, 1), date(2024, 9, 30)),
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("202402", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("截至2023年9月", date(2023, 9, 30), date(2023, 9, 30)),
        ("截至2023年9月末", date(2023, 9, 30), date(2023, 9, 30)),
        ("截至2023年9月5日", date(2023, 9, 5), date(2023, 9, 5)),
        ("截至2024年", date(2024, 12, 31), date(2024, 12, 31)),
    ],
)
def test_a_period_is_read_as_written(typed: str, starts_on: date, ends_on: date) -> None:
    assert parse_period(typed) == Period(starts_on, ends_on)


@pytest.mark.parametrize(
    "typed", ["去年", "2022年13月", "2022年8-3月", "0022年", "1-6月", "截至", "x"]
)
def test_what_is_no_period_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse_period(typed)


@given(
    year=some.integers(1950, 2099), months=some.tuples(some.integers(1, 12), some.integers(1, 12))
)
def test_what_is_shown_is_read_back(year: int, months: tuple[int, int]) -> None:
    period = months_of(year, min(months), max(months))
    assert parse_period(period.show("zh-hans")) == period


@given(year=some.integers(1950, 2099), month=some.integers(1, 12))
def test_the_year_before_a_month_is_that_month(year: int, month: int) -> None:
    assert months_of(year, month, month).year_before() == months_of(year - 1, month, month)
