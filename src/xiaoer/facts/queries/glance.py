"""The newest figures of one firm, in columns side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from xiaoer.base.scope import Actor
from xiaoer.facts.models import Aspect, Metric
from xiaoer.facts.periods import Period
from xiaoer.facts.queries.firms import superseded_of
from xiaoer.facts.queries.values import Figure, figure_of, known_values
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of


@dataclass(frozen=True, slots=True)
class Newest:
    """The last period of one indicator with what each column says of it; never one over another."""

    metric: Metric
    period: Period
    figures: tuple[Figure, ...]


def newest_of_firm(*, by: Actor, party: Party, most: int = 6) -> tuple[Newest, ...]:
    """For every indicator known of a firm its newest period, the newest periods first; figures of
    merged entries that no longer count are left out."""
    rows = (
        known_values(zone_ids=[party.zone_id])
        .filter(
            zone_id=by.zone_id,
            party_id__in=numbers_of(party=party),
            aspect=Aspect.VALUE,
            dimension="",
        )
        .select_related("party")
    )
    known = list(rows)
    superseded = {one.value.pk for one in superseded_of(known)}
    counted = [figure_of(row) for row in known if row.pk not in superseded]
    found = [_newest(figures) for figures in _by_metric(counted)]
    found.sort(key=lambda one: (one.period.ends_on, -one.metric.pk), reverse=True)
    return tuple(found[:most])


def _by_metric(figures: Iterable[Figure]) -> Iterable[list[Figure]]:
    of: dict[int, list[Figure]] = {}
    for figure in figures:
        of.setdefault(figure.metric.pk, []).append(figure)
    return of.values()


def _newest(figures: list[Figure]) -> Newest:
    last = max(figure.period for figure in figures)
    of_last = sorted((one for one in figures if one.period == last), key=lambda one: one.column)
    return Newest(figures[0].metric, last, tuple(of_last))
