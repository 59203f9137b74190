"""Dates of dirty sheets are read for certain or refused with a reason."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.base.dates import SERIAL_EPOCH, Precision, ReadDate, parse_date, read_date
from xiaoer.base.reading import Unreadable

FIFTH_OF_MARCH = date(2018, 3, 5)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.parametrize(
    "value",
    [
        "2018-03-05", "2018/3/5", "2018.3.5", "20180305", 20180305, 20180305.0, "2018年3月5日",
        "2018年03月05日", "2018 年 3 月 5 日", "2018年3月5号", "２０１８－０３－０５",
        "２０１８年３月５日",
        "2018-3-5 00:00:00", "2018-03-05T09:30:00+08:00", " 2018/03/05 ", "43164", 43164, 43164.0,
        43164.5, "二〇一八年三月五日", date(2018, 3, 5), datetime(2018, 3, 5, 9, 30, tzinfo=UTC),
        "2018. 3. 5", "2018年3月5日 9:30",
    ],
)  # fmt: skip
def test_every_form_of_a_day_is_the_same_day(value: object) -> None:
    assert parse_date(value) == FIFTH_OF_MARCH


@pytest.mark.parametrize("value", [None, "", "-", "N/A", "无", "/", "  "])
def test_a_missing_date_is_none(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize("value", ["2018年3月", "2018-03", "2018.3", "201803", "2018年3月份"])
def test_a_month_is_taken_as_a_month_but_never_as_a_day(value: str) -> None:
    assert read_date(value) == ReadDate(date(2018, 3, 1), Precision.MONTH)
    with pytest.raises(Unreadable, match="lacks the day"):
        parse_date(value)


def test_a_bare_year_is_a_year_and_no_serial_number() -> None:
    assert read_date(2018) == ReadDate(date(2018, 1, 1), Precision.YEAR)
    assert read_date("2018年") == ReadDate(date(2018, 1, 1), Precision.YEAR)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2018-02-30", "no such day"),
        ("20181301", "no such day"),
        ("2019年2月29日", "no such day"),
        ("0218-03-05", "outside the years"),
        ("3/5/2018", "not a date"),
        ("18-3-5", "not a date"),
        ("2018-3/5", "not a date"),
        ("长期", "not a date"),
        ("99999", "not a date"),
        ("12", "not a date"),
        (-43164, "not a date"),
        (True, "not a date"),
    ],
)
def test_impossible_and_doubtful_dates_are_refused_with_the_reason(
    value: object, reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse_date(value)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_comes_back_from_every_form(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    if date(1928, 1, 1) <= day < date(2100, 1, 1):
        forms.append(str((day - SERIAL_EPOCH).days))
    assert {parse_date(form) for form in forms} == {day}


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_missing_or_refused(text: str) -> None:
    try:
        parse_date(text)
    except Unreadable as refused:
        assert str(refused)
