"""The rule by which a figure joins what is already known: new, correction, unchanged, or no.

Pure, so that one figure typed by hand and a sheet of thousands follow the same rule.
"""

from bisect import bisect_right, insort
from dataclasses import dataclass, field
from datetime import date, datetime

from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Aspect, Column, FactImportRow

Outcome = FactImportRow.Outcome


def is_ahead(aspect: str, column: str, starts_on: date, known_on: date) -> bool:
    """Whether a figure tells of a period that has not begun: only a target or an estimate may."""
    told = column in (Column.REPORTED, Column.OFFICIAL) and aspect != Aspect.TARGET
    return told and starts_on > known_on


@dataclass(frozen=True, slots=True)
class Key:
    """What a value is of. Rows with the same key are versions of one another."""

    metric_id: int
    aspect: str
    party_id: int | None
    dimension: str
    starts_on: date
    ends_on: date
    column: str


@dataclass(slots=True)
class History:
    """The versions of one key, by the moment each became known."""

    versions: list[tuple[datetime, int, Scaled]] = field(default_factory=list)

    def add(self, known_at: datetime, figure: Scaled, number: int) -> None:
        insort(self.versions, (known_at, number, figure), key=lambda version: version[0])

    def as_known(self, moment: datetime) -> tuple[datetime, int, Scaled] | None:
        at = bisect_right(self.versions, moment, key=lambda version: version[0])
        return self.versions[at - 1] if at else None

    def judge(self, known_at: datetime, figure: Scaled) -> str:
        """A correction is known later than what it corrects; the same moment cannot say two things."""
        before = self.as_known(known_at)
        if before is None:
            return Outcome.CREATED
        if before[2] == figure:
            return Outcome.UNCHANGED
        return Outcome.REJECTED if before[0] == known_at else Outcome.UPDATED
