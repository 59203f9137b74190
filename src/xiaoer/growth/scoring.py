"""A score by rank among one's peers, as an interval where parts are not known. No tables here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Whether a firm is among the first so many: in any case, by what is known, perhaps, or not."""

    SURE = "sure"
    AHEAD = "ahead"
    OPEN = "open"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: the share of its peers it leaves behind, None where it is not known."""

    code: str
    value: float | None
    share: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A firm's score of 100 points; ``low`` and ``high`` differ by what is not known."""

    parts: tuple[Part, ...]
    low: float
    high: float

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(part.code for part in self.parts if part.share is None)


def percentiles(values: Sequence[float | None]) -> list[float | None]:
    """Of each value the share of the others it is above, ties counting half; alone it is above all."""
    known = sorted(value for value in values if value is not None)
    others = len(known) - 1
    below: dict[float, int] = {}
    ties: dict[float, int] = {}
    for at, value in enumerate(known):
        below.setdefault(value, at)
        ties[value] = ties.get(value, 0) + 1
    return [
        None
        if value is None
        else 1.0
        if others == 0
        else (below[value] + (ties[value] - 1) / 2) / others
        for value in values
    ]


def score(
    columns: Mapping[str, Sequence[float | None]], weights: Mapping[str, float]
) -> list[Scored]:
    """The scores of all firms; a part that is not known may be worth nothing or all of its weight."""
    total = sum(weights[code] for code in columns)
    shares = {code: percentiles(values) for code, values in columns.items()}
    scores = []
    for at in range(len(next(iter(columns.values()), ()))):
        parts = tuple(
            Part(
                code,
                values[at],
                shares[code][at],
                100 * weights[code] / total if total else 0.0,
            )
            for code, values in columns.items()
        )
        low = sum(part.weight * part.share for part in parts if part.share is not None)
        unknown = sum(part.weight for part in parts if part.share is None)
        scores.append(Scored(parts, round(low, 2), round(low + unknown, 2)))
    return scores


def places(scores: Sequence[Scored], quota: int) -> list[Place]:
    """Where each stands for the first ``quota``, whatever the unknown parts turn out to be."""
    order = sorted(range(len(scores)), key=lambda at: (-scores[at].low, -scores[at].high, at))
    ahead = set(order[:quota])
    found = []
    for at, one in enumerate(scores):
        others = [other for place, other in enumerate(scores) if place != at]
        could_pass = sum(other.high > one.low for other in others)
        surely_above = sum(other.low > one.high for other in others)
        if quota and could_pass < quota:
            found.append(Place.SURE)
        elif at in ahead:
            found.append(Place.AHEAD)
        else:
            found.append(Place.OUT if surely_above >= quota else Place.OPEN)
    return found
