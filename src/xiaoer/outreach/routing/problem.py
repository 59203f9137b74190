"""What is to be routed: visits with their own times, who may go, and the way between places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_000
MINUTE, MIDNIGHT = 60, 24 * 3600
OFFICER_LOCK, HOUR_LOCK = "officer", "hour"


@dataclass(frozen=True, slots=True)
class Place:
    """A point of WGS 84."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to be made. ``post`` is who goes, None while only its office is known.

    ``opens`` and ``closes`` are the enterprise's own time, in which the whole visit lies. Locked to
    its hour, it begins at ``held_at`` and not otherwise.
    """

    contact: int
    party: int
    place: Place | None
    seconds: int
    post: int | None = None
    opens: int | None = None
    closes: int | None = None
    lock: str = ""
    held_at: int | None = None

    @property
    def window(self) -> tuple[int, int]:
        """From when until when it may last."""
        if self.lock == HOUR_LOCK and self.held_at is not None:
            return self.held_at, self.held_at + self.seconds
        return (
            0 if self.opens is None else self.opens,
            MIDNIGHT if self.closes is None else self.closes,
        )

    def locked(self, lock: str, held_at: int | None = None) -> "Visit":
        return replace(self, lock=lock, held_at=held_at)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a day. With a lunch, officers come back for it and set out again after it."""

    begins: int
    ends: int
    lunch: tuple[int, int] | None = None

    @property
    def halves(self) -> tuple[tuple[int, int], ...]:
        if self.lunch is None:
            return ((self.begins, self.ends),)
        return ((self.begins, self.lunch[0]), (self.lunch[1], self.ends))


@dataclass(frozen=True, slots=True)
class Leg:
    """From one place to the next; ``is_guessed``: by great circle, no road was imported."""

    metres: int
    seconds: int
    is_guessed: bool = False


@dataclass(frozen=True, slots=True)
class Roads:
    """The way between places. ``known`` are imported roads between parties; None is the base.

    A pair nobody imported is guessed: great circle × ``percent``. Unknown places have no way at all.
    """

    start: Place
    end: Place
    speed_kmh: int
    percent: int
    known: Mapping[tuple[int | None, int | None], tuple[int, int | None]]

    def leg(self, origin: Visit | None, target: Visit | None) -> Leg | None:
        """From a visit to another; None stands for the base. None where a place is unknown."""
        if origin is not None and target is not None and origin.party == target.party:
            return Leg(0, 0)
        pair = (origin.party if origin else None, target.party if target else None)
        road = self.known.get(pair)
        if road is not None:
            metres, seconds = road
            return Leg(metres, self.time(metres) if seconds is None else seconds)
        here = origin.place if origin else self.start
        there = target.place if target else self.end
        if here is None or there is None:
            return None
        metres = round(great_circle(here, there) * self.percent / 100)
        return Leg(metres, self.time(metres), is_guessed=True)

    def time(self, metres: int) -> int:
        """How long a way takes at the speed of the rule."""
        return round(metres * 3.6 / self.speed_kmh)

    def reaches(self, visit: Visit) -> bool:
        """Whether there is a way to a visit and back from it."""
        return self.leg(None, visit) is not None and self.leg(visit, None) is not None


@dataclass(frozen=True, slots=True)
class Problem:
    """One day: what is to be visited, and who goes. ``may_exchange``: a visit may change hands."""

    visits: tuple[Visit, ...]
    posts: tuple[int, ...]
    hours: Hours
    roads: Roads
    may_exchange: bool = False

    def may_go(self, visit: Visit) -> tuple[int, ...]:
        """The posts that may make a visit: its own while that one goes, else all that go."""
        own = visit.post is not None and (visit.lock or not self.may_exchange)
        if not own:
            return self.posts
        return tuple(post for post in self.posts if post == visit.post)


def great_circle(here: Place, there: Place) -> float:
    """Metres over the ground, as the crow flies."""
    lat, lat2 = radians(here.latitude), radians(there.latitude)
    half = sin((lat2 - lat) / 2) ** 2
    turn = sin(radians(there.longitude - here.longitude) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, half + cos(lat) * cos(lat2) * turn)))


def missing_roads(problem: Problem) -> int:
    """Pairs of the day's places without an imported road, there and back counted apart."""
    visits: Sequence[Visit | None] = [
        *{visit.party: visit for visit in problem.visits if problem.roads.reaches(visit)}.values(),
        None,
    ]
    legs = (problem.roads.leg(here, there) for here, there in permutations(visits, 2))
    return sum(1 for leg in legs if leg is None or leg.is_guessed)
