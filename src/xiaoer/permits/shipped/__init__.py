"""Things a new zone begins with: data with its source and mark, the zone's own from then on."""

from xiaoer.permits.shipped import (
    added,
    automatic,
    changing,
    credit,
    english,
    firms,
    innovation,
    places,
    restaurant,
    works,
)
from xiaoer.permits.shipped.shape import Shipped

_AS_WRITTEN = (
    *changing.THINGS,
    *restaurant.THINGS,
    *firms.THINGS,
    *places.THINGS,
    *works.THINGS,
    *credit.THINGS,
    *innovation.THINGS,
    *automatic.THINGS,
    *added.THINGS,
)
SHIPPED: tuple[Shipped, ...] = tuple(english.in_both(one) for one in _AS_WRITTEN)

__all__ = ["SHIPPED", "Shipped"]
