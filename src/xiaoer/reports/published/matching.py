"""Whether our answer agrees with what was printed."""

from decimal import ROUND_HALF_UP, Decimal

from xiaoer.reports.published.bounds import Bound
from xiaoer.reports.published.table import Published, Standing

ABOUT = Decimal("0.1")
"""A number printed as "about" is taken to mean within a tenth of it."""


def matches(published: Published, ours: Decimal | int | None) -> bool | None:
    """Whether `ours`, given in the unit of the print, agrees with it.

    None when there is nothing to compare: a case is never counted, and a missing answer is not
    a wrong one. An exact print is compared after rounding to its own decimals (37.25 agrees with
    a printed 37); bounds are compared unrounded. A printed range is two rows, its low and its
    high end.
    """
    if ours is None or published.standing is Standing.CASE:
        return None
    return agrees(
        bound=published.bound,
        printed=published.value,
        decimals=published.decimals,
        ours=Decimal(ours),
    )


def agrees(*, bound: Bound, printed: Decimal, decimals: int, ours: Decimal) -> bool:
    """The comparison itself, for any number printed with a bound."""
    if bound is Bound.GE:
        return ours >= printed
    if bound is Bound.GT:
        return ours > printed
    if bound is Bound.LE:
        return ours <= printed
    if bound is Bound.APPROX:
        return abs(ours - printed) <= abs(printed) * ABOUT
    return ours.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) == printed
