"""Whether our answer agrees with what was printed."""

from decimal import Decimal

from xiaoer.base import bounds
from xiaoer.base.bounds import Bound
from xiaoer.reports.published.table import Published, Standing


def matches(published: Published, ours: Bound | Decimal | int | None) -> bool | None:
    """Whether `ours`, given in the unit of the print, agrees with it.

    None when there is nothing to compare: a case is never counted, and a missing answer is not
    a wrong one. An exact print is compared after rounding to its own decimals (37.25 agrees with
    a printed 37); bounds are compared unrounded. Where ours is a bound itself, it agrees if all
    that it allows lies within the print: ≥ 30 agrees with ≥ 30 and with nothing narrower.
    """
    if ours is None or published.standing is Standing.CASE:
        return None
    if isinstance(ours, Bound) and not ours.is_exact:
        return published.bound.covers(ours)
    value = ours.low if isinstance(ours, Bound) else Decimal(ours)
    return bounds.matches(published.bound, published.decimals, value)
