"""What each firm, industry and park adds to the zone's growth of a figure, or takes from it.

The points add up to the zone's growth exactly. Growth and points are whole hundredths of a
percentage point: the zone's growth is rounded half up, every firm's points are rounded down, and
the hundredths then lacking go one each to the firms that lost most by rounding (of equals to the
one with the larger change, then the one entered first).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiaoer.facts.models import Metric
from xiaoer.facts.periods import Period
from xiaoer.growth.queries.firm_figures import Comparing, FirmFigure, firm_figures

HUNDREDTHS = 10_000
"""Hundredths of a percentage point in one."""


@dataclass(frozen=True, slots=True)
class Pull:
    """One firm, or a group of firms: its figures, what it adds, and that in points of growth."""

    key: object
    name: str
    now: int
    before: int
    points: int | None
    firms: tuple[FirmFigure, ...] = ()

    @property
    def change(self) -> int:
        return self.now - self.before

    @property
    def growth(self) -> int | None:
        """Its own growth, in hundredths of a per cent; None from nothing or from a loss."""
        return growth_of(self.now, self.before)


@dataclass(frozen=True, slots=True)
class Contribution:
    """The growth of a figure between a period and the year before, taken apart.

    ``growth`` is None where the year before has nothing to grow from; the changes still add up.
    """

    metric: Metric
    period: Period
    column: str
    now: int
    before: int
    growth: int | None
    firms: tuple[Pull, ...]
    lacking: tuple[FirmFigure, ...]
    """Firms with only one of the two figures: named, and in neither sum."""

    @property
    def change(self) -> int:
        return self.now - self.before

    @property
    def pulling(self) -> tuple[Pull, ...]:
        """Those that add, the most first."""
        return tuple(one for one in self.firms if one.change > 0)

    @property
    def dragging(self) -> tuple[Pull, ...]:
        """Those that take away, the most first."""
        return tuple(reversed([one for one in self.firms if one.change < 0]))

    def grouped(
        self, key: Callable[[FirmFigure], object], name: Callable[[object], str]
    ) -> tuple[Pull, ...]:
        """The same points by group of firms, the most pulling first; they add up as well."""
        groups: dict[object, list[Pull]] = {}
        for one in self.firms:
            groups.setdefault(key(one.firms[0]), []).append(one)
        found = [
            Pull(
                key=group,
                name=name(group),
                now=sum(one.now for one in pulls),
                before=sum(one.before for one in pulls),
                points=None if self.growth is None else sum(one.points or 0 for one in pulls),
                firms=tuple(one.firms[0] for one in pulls),
            )
            for group, pulls in groups.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.change, one.name)))


def contribution(
    *, zone_id: int, metric: Metric, period: Period, column: str, as_of: date | None = None
) -> Contribution:
    """Take the growth of a figure apart by firm, as known on a day."""
    figures = firm_figures(
        zone_id=zone_id, metric=metric, period=period, column=column, as_of=as_of
    )
    return take_apart(metric=metric, period=period, column=column, figures=figures)


def take_apart(
    *, metric: Metric, period: Period, column: str, figures: Iterable[FirmFigure]
) -> Contribution:
    """The same from figures at hand."""
    counted: list[FirmFigure] = []
    lacking: list[FirmFigure] = []
    for one in figures:
        (counted if one.is_counted else lacking).append(one)
    before = sum(one.before or 0 for one in counted)
    growth, points = points_of([(one.change, one.party_id) for one in counted], before)
    pulls = [
        Pull(one.party_id, one.name, one.now or 0, one.before or 0, point, (one,))
        for one, point in zip(counted, points, strict=True)
    ]
    return Contribution(
        metric=metric,
        period=period,
        column=column,
        now=sum(one.now or 0 for one in counted),
        before=before,
        growth=growth,
        firms=tuple(sorted(pulls, key=lambda one: (-one.change, one.name, str(one.key)))),
        lacking=tuple(lacking),
    )


def points_of(
    changes: Sequence[tuple[int, int]], before: int
) -> tuple[int | None, list[int | None]]:
    """The whole's growth and each part's points, in hundredths of a point; the parts are the whole.

    ``changes``: what each part adds, and a number that orders equals. From nothing, or from a loss,
    there is no growth and there are no points.
    """
    if before <= 0:
        return None, [None] * len(changes)
    whole = rounded_share(sum(change for change, _order in changes), before)
    parts = [divmod(change * HUNDREDTHS, before) for change, _order in changes]
    points = [floor for floor, _rest in parts]
    losing = sorted(
        (place for place, (_floor, rest) in enumerate(parts) if rest),
        key=lambda place: (-parts[place][1], -abs(changes[place][0]), changes[place][1]),
    )
    for place in losing[: whole - sum(points)]:
        points[place] += 1
    return whole, list(points)


def rounded_share(part: int, whole: int) -> int:
    """part ÷ whole in hundredths of a per cent, half up; ``whole`` is more than nothing."""
    return (2 * part * HUNDREDTHS + whole) // (2 * whole)


def growth_of(now: int, before: int) -> int | None:
    return rounded_share(now - before, before) if before > 0 else None


def points_number(points: int | None) -> Decimal | None:
    """Hundredths as a number of points or per cent."""
    return None if points is None else Decimal(points).scaleb(-2)


__all__ = [
    "Comparing",
    "Contribution",
    "Pull",
    "contribution",
    "growth_of",
    "points_number",
    "points_of",
    "take_apart",
]
