"""One firm's months of the figures that are watched."""

from dataclasses import dataclass
from datetime import date

from xiaoer.base.scope import Actor
from xiaoer.facts.models import Aspect, Metric
from xiaoer.facts.periods import Period
from xiaoer.facts.queries import known_values
from xiaoer.growth.queries.contribution import growth_of
from xiaoer.growth.queries.firm_figures import months_in
from xiaoer.growth.vocabulary.watching import METRICS, month_ends
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of

SHOWN = 24


@dataclass(frozen=True, slots=True)
class FirmMonths:
    """Two years of one figure, oldest first, in the column with most months."""

    metric: Metric
    month: Period
    """The newest month known."""
    figures: tuple[int | None, ...]
    newest: int
    growth: int | None


def firm_months(*, by: Actor, party: Party, today: date) -> list[FirmMonths]:
    """Power, tax, revenue and exports of a firm, as far as they are known."""
    ends = month_ends(today)
    rows = (
        known_values(zone_ids=[by.zone_id])
        .filter(
            metric__code__in=METRICS.values(),
            aspect=Aspect.VALUE,
            dimension="",
            party_id__in=numbers_of(party=party),
            ends_on__in=ends,
            column__in=("official", "reported"),
        )
        .select_related("metric")
    )
    known: dict[tuple[int, str], dict[date, int]] = {}
    metrics: dict[int, Metric] = {}
    kept_first = sorted(rows, key=lambda row: (row.party_id == party.pk, row.known_at))
    for row in kept_first:
        is_month = (row.starts_on.year, row.starts_on.month) == (
            row.ends_on.year,
            row.ends_on.month,
        )
        if is_month and row.low is not None and row.low == row.high:
            metrics[row.metric_id] = row.metric
            known.setdefault((row.metric_id, row.column), {})[row.ends_on] = row.low
    found = []
    for code in METRICS.values():
        metric = next((one for one in metrics.values() if one.code == code), None)
        if metric is None:
            continue
        columns = [months for (pk, _column), months in sorted(known.items()) if pk == metric.pk]
        found.append(_months(metric, max(columns, key=len), ends))
    return found


def _months(metric: Metric, known: dict[date, int], ends: list[date]) -> FirmMonths:
    last = max(known)
    month = months_in(Period(last.replace(day=1), last))[0]
    return FirmMonths(
        metric=metric,
        month=month,
        figures=tuple(known.get(end) for end in ends[-SHOWN:]),
        newest=known[last],
        growth=growth_of(known[last], known.get(month.year_before().ends_on, 0)),
    )
