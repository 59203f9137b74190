"""What time it is on the database, without asking it each time."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

# A sample is replaced by a worse one only when it is older than this.
KEEP_S = 60.0


@dataclass
class Clock:
    """The database's clock, from the best of the latest samples: off by half a round trip at most."""

    _at: float = 0.0
    _is: float = time.time()
    _off: float = float("inf")

    def heard(self, moment: datetime, began: float, ended: float) -> None:
        """Take a sample: the moment the database said, between two of ``time.monotonic``."""
        off = (ended - began) / 2
        if off <= self._off or ended - self._at > KEEP_S:
            self._at, self._is, self._off = (began + ended) / 2, moment.timestamp(), off

    def now(self) -> float:
        """Seconds since 1970."""
        if self._off == float("inf"):
            return time.time()
        return self._is + time.monotonic() - self._at


def written(moment: datetime | float | None, ahead: timedelta | None = None) -> str | None:
    """A moment as it is shown: in the zone's time, with milliseconds, cut off and never rounded up."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    if ahead:
        moment += ahead
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(timespec="milliseconds")
