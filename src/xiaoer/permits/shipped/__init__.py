"""Things a new zone begins with: data with its source and mark, the zone's own from then on."""

from xiaoer.permits.shipped import (
    added,
    automatic,
    changing,
    credit,
    firms,
    innovation,
    places,
    restaurant,
    works,
)
from xiaoer.permits.shipped.shape import Shipped

SHIPPED: tuple[Shipped, ...] = (
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

__all__ = ["SHIPPED", "Shipped"]
