"""Lights, verdicts and rulers: always with words, always inside their track."""

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.web import marks

SHARES = re.compile(r' (?:x|x1|x2|width)="([\d.]+)%"')
COUNTS = st.integers(min_value=0, max_value=10**6)


@pytest.mark.parametrize("colour", ["green", "amber", "red", "grey"])
def test_a_light_is_never_only_a_colour(colour: marks.Colour) -> None:
    with translation.override("zh-hans"):
        assert "剩 2 日" in marks.light(colour, "剩 2 日")
        assert f'aria-label="{marks.light_name(colour)}"' in marks.light(colour)


def test_each_light_and_each_verdict_has_a_shape_of_its_own() -> None:
    lights = [marks.LIGHT_SHAPES[colour] for colour in ("green", "amber", "red", "grey")]
    verdicts = [marks.VERDICT_SHAPES[kind] for kind in ("met", "gap", "data", "person")]
    assert len(set(lights)) == 4
    assert len(set(verdicts)) == 4


def test_words_of_people_are_escaped() -> None:
    assert "<b>" not in marks.light("red", "<b>")
    assert "<b>" not in marks.verdict("gap", "<b>")
    assert "<b>" not in marks.ruler(1, 2, "<b>", ticks=[(1, "<b>")])
    assert "<b>" not in marks.icon("x", "<b>")


@given(
    value=st.floats(min_value=0, max_value=1e6) | st.none(),
    limit=st.floats(min_value=0, max_value=1e6),
    scale=st.none() | st.floats(min_value=0, max_value=1e6),
)
def test_nothing_on_a_ruler_leaves_the_track(
    value: float | None, limit: float, scale: float | None
) -> None:
    drawn = marks.ruler(value, limit, "x", scale=scale, ticks=[(limit, "t")])
    shares = [float(one) for one in SHARES.findall(drawn)]
    assert len(shares) == 6
    assert all(0 <= one <= 100 for one in shares)


def test_rulers_of_one_scale_compare() -> None:
    promised = marks.ruler(13, 15, "", scale=30, ticks=[(15, "")])
    statutory = marks.ruler(13, 30, "", scale=30, ticks=[(30, "")])
    assert 'width="43.33%" class="fill"' in promised
    assert 'width="43.33%" class="fill"' in statutory
    assert 'width="50.00%" class="track"' in promised
    assert 'width="100.00%" class="track"' in statutory


def test_a_ruler_without_a_value_is_not_a_ruler_at_zero() -> None:
    assert "track unknown" in marks.ruler(None, 10, "")
    assert "track unknown" not in marks.ruler(0, 10, "")


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_four_counts_fill_the_verdict_bar(met: int, gap: int, data: int, person: int) -> None:
    drawn = marks.verdict_bar(met, gap, data, person)
    widths = [float(one) for one in re.findall(r'<rect[^>]* width="([\d.]+)%"', drawn)]
    assert sum(widths) == pytest.approx(100, abs=0.05) if met + gap + data + person else not widths
