"""Rank among zones, and what it would take to be the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiaoer.base.models import Role, Zone
from xiaoer.base.scope import Actor
from xiaoer.facts.measuring import growth
from xiaoer.facts.models import Aspect, Column, Metric
from xiaoer.facts.periods import Period
from xiaoer.facts.queries.values import Figure, figure_of, known_values

PEER = "peer="
"""A value of a peer that the city's list prints is kept with this dimension and the peer's name."""
TRUST = (Column.OFFICIAL, Column.REPORTED, Column.ESTIMATED)
"""Zones are compared by the first column in which they have a figure."""


@dataclass(frozen=True, slots=True)
class Competitor:
    """A zone or peer with the number it is ranked by, and where that number comes from."""

    name: str
    number: Decimal
    is_mine: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a zone stands by one figure among those whose figure is known, best first."""

    metric: Metric
    aspect: str
    period: Period
    competitors: tuple[Competitor, ...]

    @property
    def mine(self) -> Competitor | None:
        return next((one for one in self.competitors if one.is_mine), None)

    @property
    def place(self) -> int | None:
        """1 and up; equal figures share a place. None while our own figure is missing."""
        if self.mine is None:
            return None
        return 1 + sum(self._beats(one, self.mine) for one in self.competitors)

    @property
    def ahead(self) -> Competitor | None:
        """The nearest that is better: whom to pass to be the next higher place."""
        if self.mine is None:
            return None
        better = [one for one in self.competitors if self._beats(one, self.mine)]
        return better[-1] if better else None

    @property
    def gap(self) -> Decimal | None:
        """What is lacking to draw level with the one ahead, in the figure's unit."""
        if self.mine is None or self.ahead is None:
            return None
        return abs(self.ahead.number - self.mine.number)

    @property
    def lead(self) -> Decimal | None:
        """By how much we are ahead of the nearest behind."""
        if self.mine is None:
            return None
        worse = [one for one in self.competitors if self._beats(self.mine, one)]
        return abs(self.mine.number - worse[0].number) if worse else None

    def _beats(self, one: Competitor, other: Competitor) -> bool:
        if self.metric.higher_is_better or self.aspect == Aspect.GROWTH:
            return one.number > other.number
        return one.number < other.number


def stand(
    *, metric: Metric, aspect: str, period: Period, competitors: Iterable[Competitor]
) -> Standing:
    """Order competitors, the best first."""
    up = metric.higher_is_better or aspect == Aspect.GROWTH
    ordered = sorted(competitors, key=lambda one: (-one.number if up else one.number, one.name))
    return Standing(metric, aspect, period, tuple(ordered))


def standings(
    *,
    by: Actor,
    metrics: Sequence[Metric],
    periods: Sequence[Period],
    aspect: str = Aspect.VALUE,
    as_of: date | None = None,
) -> dict[tuple[int, Period], Standing]:
    """Standings by metric and period: a city role compares its zones, a zone the peers it imported."""
    zones = _zones(by)
    wanted = {period for period in periods} | {period.year_before() for period in periods}
    rows = known_values(zone_ids=list(zones), as_of=as_of).filter(
        metric_id__in=[metric.pk for metric in metrics],
        ends_on__in={period.ends_on for period in wanted},
        aspect__in=(Aspect.VALUE, Aspect.GROWTH),
        party__isnull=True,
    )
    best: dict[tuple[int, Period, str, str], Figure] = {}
    names: dict[str, bool] = {}
    for figure in sorted(map(figure_of, rows), key=lambda one: TRUST.index(Column(one.column))):
        name = _name(figure, zones)
        if name is not None:
            names[name] = figure.zone_id == by.zone_id and not figure.dimension
            best.setdefault((figure.metric.pk, figure.period, figure.aspect, name), figure)
    found = {}
    for metric in metrics:
        for period in periods:
            competitors = [
                Competitor(name, number[0], is_mine, number[1])
                for name, is_mine in names.items()
                if (number := _number(best, metric.pk, period, aspect, name)) is not None
            ]
            if len(competitors) > 1:
                found[metric.pk, period] = stand(
                    metric=metric, aspect=aspect, period=period, competitors=competitors
                )
    return found


def _number(
    best: dict[tuple[int, Period, str, str], Figure],
    metric_id: int,
    period: Period,
    aspect: str,
    name: str,
) -> tuple[Decimal, str] | None:
    """The plain figure and its source; growth is the printed one, else computed from both years."""
    stated = best.get((metric_id, period, aspect, name))
    if stated is not None:
        return None if stated.number is None else (stated.number, stated.source)
    if aspect != Aspect.GROWTH:
        return None
    new = best.get((metric_id, period, Aspect.VALUE, name))
    old = best.get((metric_id, period.year_before(), Aspect.VALUE, name))
    if new is None or old is None or new.column != old.column:
        return None
    computed = growth(new.bound, old.bound)
    return (
        None if computed is None else (computed, "；".join(dict.fromkeys([new.source, old.source])))
    )


def _zones(by: Actor) -> dict[int, str]:
    if by.role == Role.CITY:
        return dict(Zone.objects.filter(city=by.city_id).values_list("pk", "name"))
    return dict(Zone.objects.filter(pk=by.zone_id).values_list("pk", "name"))


def _name(figure: Figure, zones: dict[int, str]) -> str | None:
    """Whose figure it is; None if it is of a part of a zone and compares with nothing."""
    if not figure.dimension:
        return zones[figure.zone_id or 0]
    if figure.dimension.startswith(PEER):
        return figure.dimension.removeprefix(PEER)
    return None
