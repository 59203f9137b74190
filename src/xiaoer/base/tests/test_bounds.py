"""A print that says "over 30" is a bound, is compared as one and never shown as more than it is."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.base.bounds import (
    Bound,
    at_least,
    exactly,
    matches,
    more_than,
    parse_bound,
    printed_places,
    show_bound,
)
from xiaoer.base.units import AREA, Unreadable, parse_count, parse_money, show_money


def read_fen(text: str) -> int | None:
    money = parse_money(text)
    return money.fen if money else None


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("30", exactly(Decimal(30))),
        ("30余", at_least(Decimal(30))),
        ("30多", at_least(Decimal(30))),
        ("30+", at_least(Decimal(30))),
        ("≥ 30", at_least(Decimal(30))),
        (">=30", at_least(Decimal(30))),
        ("30以上", at_least(Decimal(30))),
        ("不少于30", at_least(Decimal(30))),
        ("超30", more_than(Decimal(30))),
        ("超过30", more_than(Decimal(30))),
        ("突破30", more_than(Decimal(30))),
        ("逾30", more_than(Decimal(30))),
        ("＞30", more_than(Decimal(30))),
        ("<30", Bound(None, Decimal(30), high_open=True)),
        ("≤30", Bound(None, Decimal(30))),
        ("30以内", Bound(None, Decimal(30))),
        ("20–30", Bound(Decimal(20), Decimal(30))),
        ("20-30", Bound(Decimal(20), Decimal(30))),
        ("20至30", Bound(Decimal(20), Decimal(30))),
        ("20～30", Bound(Decimal(20), Decimal(30))),
    ],
)
def test_bounds_as_printed_are_read(text: str, bound: Bound) -> None:
    assert parse_bound(text) == bound


def test_bounds_carry_the_unit_of_their_reader() -> None:
    assert parse_bound("8000余万元", read_fen) == at_least(Decimal(8 * 10**9))
    assert parse_bound("4-5亿元", read_fen) == Bound(Decimal(4 * 10**10), Decimal(5 * 10**10))
    assert parse_bound("8000万-1亿元", read_fen) == Bound(Decimal(8 * 10**9), Decimal(10**10))
    assert parse_bound("突破30亿元", read_fen) == more_than(Decimal(30 * 10**10))
    assert parse_bound("30余家", parse_count) == at_least(Decimal(30))
    assert parse_bound("无", parse_count) is None


@pytest.mark.parametrize("text", ["约30", "近30", "30左右", "30-20", "多", "≥", "超", "-", "a-b"])
def test_about_is_not_a_bound(text: str) -> None:
    if text == "-":
        assert parse_bound(text) is None
        return
    with pytest.raises(Unreadable):
        parse_bound(text)


@pytest.mark.parametrize(
    ("bound", "places", "ours", "verdict"),
    [
        (exactly(Decimal("3.78")), 2, Decimal("3.7849"), True),
        (exactly(Decimal("3.78")), 2, Decimal("3.785"), False),
        (exactly(Decimal("3.78")), 2, Decimal("3.775"), True),
        (exactly(Decimal(37)), 0, Decimal(1900) / 51, True),
        (exactly(Decimal(117)), 0, Decimal(118), False),
        (at_least(Decimal(30)), 0, Decimal(30), True),
        (at_least(Decimal(30)), 0, Decimal("29.9"), False),
        (more_than(Decimal(30)), 0, Decimal(30), False),
        (more_than(Decimal(30)), 0, Decimal("30.01"), True),
        (Bound(Decimal(4), Decimal(5)), 0, Decimal("4.5"), True),
        (Bound(Decimal(4), Decimal(5)), 0, Decimal("5.1"), False),
        (at_least(Decimal(30)), 0, None, None),
    ],
)
def test_our_value_matches_print_as_print_is_meant(
    bound: Bound, places: int, ours: Decimal | None, verdict: bool | None
) -> None:
    assert matches(bound, places, ours) is verdict


def test_printed_decimals_are_counted() -> None:
    assert printed_places("3.78亿元") == 2
    assert printed_places("4-5亿元") == 0


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.integers(0, 4))
def test_a_value_always_matches_its_own_print(value: Decimal, places: int) -> None:
    printed = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert matches(exactly(printed), places, value)


def show_fen(value: Decimal, rounding: str) -> str:
    return show_money(value, "zh-hans", rounding=rounding)


def test_bounds_are_shown_as_bounds() -> None:
    assert show_bound(at_least(Decimal(37_890_000_000)), show_fen) == "≥\u20093.78\u2009亿元"
    assert show_bound(more_than(Decimal(30 * 10**10)), show_fen) == ">\u200930\u2009亿元"
    assert show_bound(Bound(Decimal(4 * 10**10), Decimal(5 * 10**10)), show_fen) == "4–5\u2009亿元"
    assert show_bound(exactly(Decimal(10**10)), show_fen) == "1\u2009亿元"
    assert show_bound(Bound(None, Decimal(123_450_001)), show_fen) == "≤\u2009123.46\u2009万元"


@given(st.integers(min_value=1, max_value=10**15), st.booleans())
def test_a_shown_bound_never_claims_more_than_is_known(value: int, is_open: bool) -> None:
    for bound in (
        Bound(Decimal(value), None, low_open=is_open),
        Bound(None, Decimal(value), high_open=is_open),
    ):
        shown = parse_bound(show_bound(bound, show_fen), read_fen)
        assert shown is not None
        assert shown.low is None or (bound.low is not None and shown.low <= bound.low)
        assert shown.high is None or (bound.high is not None and shown.high >= bound.high)
        assert (shown.low_open, shown.high_open) == (bound.low_open, bound.high_open)


def test_areas_are_bounded_like_money() -> None:
    bound = parse_bound("60余万平方米", AREA.read)
    assert bound == at_least(Decimal(600_000))
