"""Figures printed as bounds (30余家, 超300亿, 突破30, 4–5亿元), and whether ours agree."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils.translation import gettext_lazy as _

from xiaoer.base.reading import Unreadable, plain_text, take_apart
from xiaoer.base.units.figures import THIN, rounded


@dataclass(frozen=True, slots=True)
class Bound:
    """What a print says of a value: it lies between `low` and `high`, None where it says nothing.

    `low_open`, `high_open`: the end itself is outside. Equal closed ends are an exact figure.
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high

    def holds(self, value: Decimal) -> bool:
        """Whether a value lies within, unrounded: 30.4 is over 30 though it is printed 30."""
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        below = (
            self.high is None or value < self.high or (value == self.high and not self.high_open)
        )
        return above and below

    def covers(self, other: "Bound") -> bool:
        """Whether all that another bound allows lies within this one."""
        return _within(self.low, self.low_open, other.low, other.low_open, 1) and _within(
            self.high, self.high_open, other.high, other.high_open, -1
        )


def _within(
    mine: Decimal | None, mine_open: bool, end: Decimal | None, end_open: bool, side: int
) -> bool:
    """One end of `covers`; ``side`` is 1 for the lower ends and -1 for the upper."""
    if mine is None:
        return True
    if end is None:
        return False
    return (end - mine) * side > 0 or (end == mine and (end_open or not mine_open))


def exactly(value: Decimal) -> Bound:
    return Bound(value, value)


def at_least(value: Decimal) -> Bound:
    return Bound(value, None)


def more_than(value: Decimal) -> Bound:
    return Bound(value, None, low_open=True)


def matches(published: Bound, places: int, ours: Decimal | None) -> bool | None:
    """Whether our value agrees with what is printed; None while we have none.

    An exact print is compared after rounding ours, halves up, to its `places` (see
    `printed_places`); a bound or a range is compared unrounded. Both in the printed unit.
    """
    if ours is None:
        return None
    if published.is_exact and published.low is not None:
        return rounded(ours, places) == rounded(published.low, places)
    return published.holds(ours)


def printed_places(text: str) -> int:
    """Decimals of a figure as printed: 3.78亿元 has 2, 20–30 has 0."""
    return max((len(found) for found in re.findall(r"\d\.(\d+)", text)), default=0)


def read_number(text: str) -> Decimal | None:
    """The plain reader of `parse_bound`: a figure without a unit."""
    figure = take_apart(text)
    if figure is None or figure.head or figure.tail:
        raise _no_bound(text)
    return Decimal(figure.digits).scaleb(-figure.places)


_OPEN_LOW = re.compile(r"(?:超过|超出|超|突破|逾|高于|大于|多于|>)(?!=)(.+)")
_LOW = re.compile(r"(?:≥|>=|不低于|不少于|至少|达到?)(.+)")
_OPEN_HIGH = re.compile(r"(?:低于|少于|小于|不足|<)(?!=)(.+)")
_HIGH = re.compile(r"(?:≤|<=|不超过|不高于|不多于|至多|最多)(.+)")
_ODD = re.compile(r"(.*?[\d十百千万亿])(?:余|多|\+)(.*)")
_ABOVE = re.compile(r"(.+)(?:及以上|以上)")
_BELOW = re.compile(r"(.+)(?:及以下|以下|以内)")
_RANGE = re.compile(r"([^-–—~至到]*\d[^-–—~至到]*)(?:[-–—~至到]+)([^-–—~至到]*\d.*)")
_PREFIXES = (
    (_LOW, (False, False)),
    (_OPEN_LOW, (False, True)),
    (_HIGH, (True, False)),
    (_OPEN_HIGH, (True, True)),
    (_ABOVE, (False, False)),
    (_BELOW, (True, False)),
)


def parse_bound(
    value: object, read: Callable[[str], Decimal | int | None] = read_number
) -> Bound | None:
    """A figure or a bound on it; None when it is missing. `read` reads the figure with its unit.

    余, 多 and 以上 are at least; 超, 突破 and 逾 are more than. 约, 近 and 左右 are refused: they
    bound nothing.
    """
    text = plain_text(value)
    if text is None:
        return None
    text = text.replace(" ", "")
    for pattern, (is_high, is_open) in _PREFIXES:
        if found := pattern.fullmatch(text):
            end = _read_end(found[1], read)
            return (
                Bound(None, end, high_open=is_open)
                if is_high
                else Bound(end, None, low_open=is_open)
            )
    if found := _ODD.fullmatch(text):
        return at_least(_read_end(found[1] + found[2], read))
    if found := _RANGE.fullmatch(text):
        return _read_range(found[1], found[2], read)
    return exactly(_read_end(text, read))


def _read_range(low: str, high: str, read: Callable[[str], Decimal | int | None]) -> Bound:
    """4-5亿元: the unit behind the higher end holds for both."""
    unit = re.sub(r"^[\d.,]+", "", high)
    ends = (
        _read_end(low if re.search(r"[^\d.,]$", low) else low + unit, read),
        _read_end(high, read),
    )
    if ends[0] >= ends[1]:
        raise _no_bound(f"{low}–{high}")
    return Bound(*ends)


def _read_end(text: str, read: Callable[[str], Decimal | int | None]) -> Decimal:
    end = read(text)
    if end is None:
        raise _no_bound(text)
    return Decimal(end)


def _no_bound(text: str) -> Unreadable:
    return Unreadable(
        _("“{value}” is neither a figure nor a bound. Type 30, ≥30, >30 or 20–30."),
        value=text,
    )


def show_bound(bound: Bound, show: Callable[[Decimal, str], str]) -> str:
    """≥ 30 家, > 3.78 亿元, 4–5 亿元. `show` writes a value under the rounding it is given: lower
    ends round down and upper ends up, so that the words never claim more than is known."""
    if bound.low is None and bound.high is None:
        return "–"
    if bound.is_exact and bound.low is not None:
        return show(bound.low, "ROUND_HALF_UP")
    if bound.high is None and bound.low is not None:
        return f"{'>' if bound.low_open else '≥'}{THIN}{show(bound.low, ROUND_FLOOR)}"
    if bound.low is None and bound.high is not None:
        return f"{'<' if bound.high_open else '≤'}{THIN}{show(bound.high, ROUND_CEILING)}"
    low, high = (show(end or Decimal(0), way) for end, way in _ends(bound))
    shared = re.sub(r"^[−\d.,]+", "", high)
    return f"{low.removesuffix(shared) if shared else low}–{high}"


def _ends(bound: Bound) -> tuple[tuple[Decimal | None, str], tuple[Decimal | None, str]]:
    return (bound.low, ROUND_FLOOR), (bound.high, ROUND_CEILING)
