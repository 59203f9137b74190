"""Things a new zone begins with: data with its source and mark, the zone's own from then on."""

from xiaoer.permits.shipped import automatic, changing, restaurant
from xiaoer.permits.shipped.shape import Shipped

SHIPPED: tuple[Shipped, ...] = (*changing.THINGS, *restaurant.THINGS, *automatic.THINGS)

__all__ = ["SHIPPED", "Shipped"]
