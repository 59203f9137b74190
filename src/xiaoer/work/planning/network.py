"""Steps and what they wait for, as the planning reads them.

Inside, a day is counted as the instant of its morning, so that a step of one day that starts on
Monday starts at Monday and ends at Tuesday; what people read is the first and the last day on which
it is worked on. A duration of zero is a milestone: it starts and ends at one instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """In which days a duration or a lag is counted."""

    WORKING = "working"
    CALENDAR = "calendar"


class Wait(StrEnum):
    """What the later step waits for: end or start of the earlier, with its own start or end."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


@dataclass(frozen=True, slots=True)
class Activity:
    """One step. Durations in days of ``unit``, low ≤ likely ≤ high.

    ``remaining`` is what its doer said on ``remaining_on`` (None: today) is left of a started step,
    that day counted; it stands over ``likely``. ``not_before``:
    no start before that morning (an element that is missing until then, a holiday of the works).
    ``not_after``: must have ended by the evening of that day. ``resource`` takes ``units`` of it
    while it lasts. A finished step keeps its days whatever the links say.
    """

    key: int
    name: str
    low: int
    likely: int
    high: int
    unit: Unit = Unit.WORKING
    is_government: bool = False
    started_on: date | None = None
    finished_on: date | None = None
    remaining: int | None = None
    remaining_on: date | None = None
    not_before: date | None = None
    not_after: date | None = None
    resource: str = ""
    units: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """``after`` waits for ``before``; a negative lag lets them overlap."""

    before: int
    after: int
    kind: Wait = Wait.FS
    lag: int = 0
    lag_unit: Unit = Unit.CALENDAR


@dataclass(frozen=True, slots=True)
class Network:
    """The steps of one plan and their links; ``starts_on``: nothing starts before that morning."""

    activities: Sequence[Activity]
    links: Sequence[Link]
    starts_on: date
