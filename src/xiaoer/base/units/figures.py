"""Written figures turned into whole numbers of a small base, and back."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from xiaoer.base.reading import Figure

THIN = "\u2009"
MISSING = "–"

# Longer than any stored amount, so that changing the unit never rounds by itself.
_WIDE = Context(prec=80)


class Rung(NamedTuple):
    """One unit of a ladder people climb: how many bases it holds, and its word."""

    size: Decimal
    word: str


def scaled(figure: Figure, num: int, den: int = 1) -> int:
    """The figure in bases, when one of its unit is num/den bases; halves away from zero."""
    top = abs(figure.digits) * num
    bottom: int = 10**figure.places * den
    whole, rest = divmod(top, bottom)
    whole += 2 * rest >= bottom
    return -whole if figure.digits < 0 else whole


def is_whole(figure: Figure, num: int, den: int = 1) -> bool:
    """Whether the figure is a whole number of bases, so that reading it loses nothing."""
    bottom: int = 10**figure.places * den
    return figure.digits * num % bottom == 0


def times(value: Decimal, by: Decimal) -> Decimal:
    return _WIDE.multiply(value, by)


def rounded(value: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_WIDE)


def written(value: Decimal, places: int | None = None) -> str:
    """1,234.5 with a true minus sign; `places` keeps the zeros that line a column up."""
    if places is not None:
        return f"{rounded(value, places):,f}".replace("-", "\N{MINUS SIGN}")
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text.replace("-", "\N{MINUS SIGN}")


def on_ladder(
    value: Decimal, ladder: Sequence[Rung], *, places: int | None, rounding: str
) -> tuple[str, str]:
    """The figure and the word of the largest rung it fills; 9,999.999 万 is written 1 亿.

    `places` None writes every digit there is.
    """
    at = next((n for n, rung in enumerate(ladder) if abs(value) >= rung.size), len(ladder) - 1)
    figure = _in_rung(value, ladder[at], places, rounding)
    if at and abs(times(figure, ladder[at].size)) >= ladder[at - 1].size:
        at -= 1
        figure = _in_rung(value, ladder[at], places, rounding)
    return written(figure), ladder[at].word


def _in_rung(value: Decimal, rung: Rung, places: int | None, rounding: str) -> Decimal:
    figure = _WIDE.divide(value, rung.size)
    return figure if places is None else rounded(figure, places, rounding)
