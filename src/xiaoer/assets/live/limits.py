"""How fast one seat may bid: a person's thumb is far below it, a program that floods is not."""

import time
from collections import OrderedDict

PER_SECOND, AT_ONCE = 5.0, 20.0
# Seats remembered; the one heard of longest ago is forgotten and begins afresh.
MOST_SEATS = 50_000


class Limits:
    """A bucket a seat, filled by the clock."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def may(self, seat: str) -> bool:
        """Whether the seat may bid now; if so, that is counted."""
        now = time.monotonic()
        left, since = self._buckets.pop(seat, (AT_ONCE, now))
        left = min(AT_ONCE, left + (now - since) * PER_SECOND)
        may = left >= 1
        self._buckets[seat] = (left - 1 if may else left, now)
        while len(self._buckets) > MOST_SEATS:
            self._buckets.popitem(last=False)
        return may
