"""What is to be planned: buildings with the departments they need, and the people those have."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_000
STEP = 30
"""Visits begin on the hour or the half hour: people agree on nothing finer."""

Place = tuple[float, float]
"""Longitude and latitude, WGS 84."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one check asks: so many people of one department."""

    check: int
    office: int
    count: int


@dataclass(frozen=True, slots=True)
class Site:
    """A building to be visited once, by everybody it needs, at the same hour.

    ``wished`` are days the owner would like; ``due_on`` the day by which the visit is to be. A
    ``lock`` holds it to its day and minute; ``held`` then are the people who go.
    """

    key: int
    place: Place | None
    minutes: int
    needs: tuple[Need, ...]
    due_on: date
    wished: frozenset[date] = frozenset()
    lock: tuple[date, int] | None = None
    held: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Goer:
    """Somebody a department authorised."""

    key: int
    office: int
    per_day: int
    away: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of the day: a visit lies wholly before lunch or wholly after it."""

    begins: int
    lunch_from: int
    lunch_until: int
    ends: int

    def starts(self, minutes: int) -> Iterator[int]:
        """Where a visit of that length may begin."""
        for since, until in ((self.begins, self.lunch_from), (self.lunch_until, self.ends)):
            yield from range(since, until - minutes + 1, STEP)


@dataclass(frozen=True, slots=True)
class Problem:
    """``days`` are working days, in order. ``base`` is where people set out in the morning."""

    days: tuple[date, ...]
    sites: tuple[Site, ...]
    goers: tuple[Goer, ...]
    hours: Hours
    speed_kmh: int
    detour_percent: int
    base: Place | None = None
    of_office: dict[int, list[Goer]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for goer in self.goers:
            self.of_office.setdefault(goer.office, []).append(goer)

    def travel(self, here: Place | None, there: Place | None) -> int:
        """Minutes by road, guessed; between places nobody put on the map, a quarter of an hour."""
        return minutes_between(
            here, there, speed_kmh=self.speed_kmh, detour_percent=self.detour_percent
        )


UNKNOWN_WAY = 15


def minutes_between(
    here: Place | None, there: Place | None, *, speed_kmh: int, detour_percent: int
) -> int:
    """Great circle × detour at the speed of the rule, rounded up."""
    if here is None or there is None:
        return UNKNOWN_WAY
    metres = great_circle(here, there) * detour_percent / 100
    return -int(-metres * 60 // (speed_kmh * 1000))


def great_circle(here: Place, there: Place) -> float:
    """Metres over the ground, as the crow flies."""
    lat, lat2 = radians(here[1]), radians(there[1])
    half = sin((lat2 - lat) / 2) ** 2
    turn = sin(radians(there[0] - here[0]) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, half + cos(lat) * cos(lat2) * turn)))
