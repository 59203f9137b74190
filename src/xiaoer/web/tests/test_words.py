"""Dates, times and numbers read as an office writes them, in both languages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.web import words

NOW = datetime(2026, 11, 20, 2, 5, tzinfo=UTC)  # 10:05 in Shandong


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def test_a_day_says_its_weekday_and_the_year_only_when_it_is_another() -> None:
    assert words.day(date(2026, 11, 24), NOW) == "11月24日 周二"
    assert words.day(date(2027, 1, 4), NOW) == "2027年1月4日 周一"


def test_a_day_in_english_has_no_chinese_in_it() -> None:
    with translation.override("en"):
        assert words.day(date(2026, 11, 24), NOW) == "24 Nov Tue"
        assert words.day(date(2027, 1, 4), NOW) == "4 Jan 2027 Mon"
        assert words.full_day(date(2026, 11, 20)) == "20 Nov 2026 Fri"


def test_a_month_is_said_with_its_year() -> None:
    assert words.month(date(2026, 11, 1)) == "2026年11月"
    assert words.month(None) == words.MISSING
    with translation.override("en"):
        assert words.month(date(2026, 11, 1)) == "Nov 2026"


def test_a_moment_late_in_the_evening_by_utc_is_already_tomorrow_in_the_zone() -> None:
    assert words.day(datetime(2026, 11, 23, 17, 0, tzinfo=UTC), NOW) == "11月24日 周二"


def test_moments_of_today_and_yesterday_are_said_so() -> None:
    assert words.moment(datetime(2026, 11, 20, 1, 42, tzinfo=UTC), NOW) == "今天 09:42"
    assert words.moment(datetime(2026, 11, 19, 9, 5, tzinfo=UTC), NOW) == "昨天 17:05"
    assert words.moment(datetime(2026, 11, 18, 7, 2, tzinfo=UTC), NOW) == "11-18 15:02"
    assert words.moment(datetime(2025, 11, 18, 7, 2, tzinfo=UTC), NOW) == "2025-11-18 15:02"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=52), "52 分钟前"),
        (timedelta(hours=5), "5 小时前"),
        (timedelta(days=63), "63 天前"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_whole_unit(before: timedelta, said: str) -> None:
    assert words.ago(NOW - before, NOW) == said


def test_a_missing_fact_is_a_dash_and_zero_is_a_fact() -> None:
    for told in (words.day, words.moment, words.ago, words.number, words.percent, words.clock):
        assert told(None) == "–"
    assert words.missing(None) == "–"
    assert words.missing(0) == 0
    assert words.missing(False) is False
    assert words.number(0) == "0"


def test_numbers_have_thousands_fixed_decimals_and_a_true_minus() -> None:
    assert words.number(2363) == "2,363"
    assert words.number(Decimal("244.359")) == "244.359"
    assert words.number(52.4, 1) == "52.4"
    assert words.number(-9) == "−9"
    assert words.percent(0.941) == "94.1%"


@given(st.integers())
def test_every_whole_number_reads_back(value: int) -> None:
    assert int(words.number(value).replace(",", "").replace("−", "-")) == value
