"""Up at once, down one rung and late; what cannot be told never makes a firm fall."""

from datetime import date

import pytest

from xiaoer.growth.climbing import (
    Before,
    Computed,
    Gaps,
    Hold,
    Part,
    compute,
    count_gaps,
    crossing,
    settle,
)
from xiaoer.rules.language.spec import State

HOLD = Hold(months=2, points=0.05, lines={1: 0.1, 2: 0.4, 3: 0.7, 4: 1.0})
M, N, D, P = State.MET, State.NOT_MET, State.NEEDS_DATA, State.NEEDS_PERSON


@pytest.mark.parametrize(
    ("states", "step", "is_sure"),
    [
        ([M, M, M, N, N], 3, True),
        ([N, N, N, N, N], 0, True),
        ([D, D, D, D, N], 0, False),
        ([M, M, N, D, N], 2, False),
        ([N, N, N, N, M], 5, True),
        ([D, M, N, N, N], 2, True),
        ([M, N, N, N, P], 1, False),
    ],
)
def test_a_firm_stands_on_the_highest_rung_met_and_unknown_is_said(
    states: list[State], step: int, is_sure: bool
) -> None:
    assert compute(states) == Computed(step, is_sure)


def test_a_firm_rises_at_once() -> None:
    settled = settle(Computed(3, True), Before(1, months_below=1), share=0.9, hold=HOLD)
    assert (settled.step, settled.months_below, settled.is_held) == (3, 0, False)


def test_a_firm_falls_one_rung_only_in_the_second_month_below() -> None:
    first = settle(Computed(1, True), Before(3), share=0.3, hold=HOLD)
    assert (first.step, first.months_below, first.is_held) == (3, 1, True)
    second = settle(Computed(1, True), Before(3, first.months_below), share=0.3, hold=HOLD)
    assert (second.step, second.months_below, second.is_held) == (2, 0, True)
    third = settle(Computed(1, True), Before(2), share=0.3, hold=HOLD)
    assert (third.step, third.months_below) == (2, 1)


def test_a_firm_little_below_the_line_stays_and_its_count_begins_anew() -> None:
    settled = settle(Computed(2, True), Before(3, months_below=1), share=0.66, hold=HOLD)
    assert (settled.step, settled.months_below, settled.is_held) == (3, 0, True)


def test_the_margin_itself_is_not_below() -> None:
    hold = Hold(months=1, points=0.25, lines={3: 0.75})
    assert settle(Computed(0, True), Before(3), share=0.5, hold=hold).step == 3
    assert settle(Computed(0, True), Before(3), share=0.4999, hold=hold).step == 2


def test_a_firm_of_which_figures_are_missing_does_not_fall() -> None:
    settled = settle(Computed(0, False), Before(3, months_below=1), share=None, hold=HOLD)
    assert (settled.step, settled.months_below, settled.is_sure) == (3, 1, False)


def test_who_left_the_register_is_no_member_the_same_month() -> None:
    assert settle(Computed(2, True), Before(5), share=0.5, hold=HOLD).step == 2


PARTS = (Part(True), Part(True), Part(False), Part(True, any_of=1), Part(True, any_of=1))


@pytest.mark.parametrize(
    ("letters", "gaps"),
    [
        ("mmmmm", Gaps(0, 0)),
        ("nmmmm", Gaps(1, 0)),
        ("nnmnn", Gaps(3, 0)),
        ("nnmnm", Gaps(2, 0)),
        ("mmnmm", Gaps(0, 1)),
        ("dmmmm", Gaps(None, 0)),
        ("dnmnn", Gaps(None, 0)),
        ("mmdmm", Gaps(0, None)),
        ("mmpmm", Gaps(0, None)),
        ("pmmmm", Gaps(0, 0)),
    ],
)
def test_gaps_are_counted_and_what_cannot_be_told_is_said(letters: str, gaps: Gaps) -> None:
    assert count_gaps(letters, PARTS, allowed=2) == gaps


def test_more_gaps_than_allowed_is_an_answer_whatever_else_is_missing() -> None:
    assert count_gaps("nnd", (Part(True), Part(True), Part(True)), allowed=1) == Gaps(2, 0)


def test_the_month_of_crossing_is_found_by_the_pace_of_the_forecast() -> None:
    line = 20e6
    assert crossing(year=2026, months=10, so_far=18e6, forecast=22e6, threshold=line) == date(
        2026, 11, 1
    )
    assert crossing(year=2026, months=10, so_far=21e6, forecast=25e6, threshold=line) == date(
        2026, 10, 1
    )
    assert crossing(year=2026, months=10, so_far=15e6, forecast=18e6, threshold=line) is None
    assert crossing(year=2026, months=10, so_far=None, forecast=25e6, threshold=line) is None
    assert crossing(year=2026, months=0, so_far=0.0, forecast=25e6, threshold=line) is None
