"""What is known of figures, on a day: single values, series, and the records behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Min, Q, QuerySet

from xiaoer.base.bounds import Bound
from xiaoer.facts.measuring import bound_of, show_figure
from xiaoer.facts.models import Aspect, Metric, Value, ValueReference
from xiaoer.facts.periods import Period, end_of

KEYS = ("metric_id", "aspect", "dimension", "starts_on", "ends_on", "column", "party_id")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as known on a day. A sum of enterprises' figures has no ``value_id``."""

    metric: Metric
    aspect: str
    period: Period
    column: str
    low: int | None
    high: int | None
    is_open: bool = False
    dimension: str = ""
    zone_id: int | None = None
    party_id: int | None = None
    value_id: int | None = None
    source: str = ""
    external_ref: str = ""
    known_at: datetime | None = None
    note: str = ""

    @property
    def bound(self) -> Bound:
        return bound_of(self.low, self.high, self.is_open)

    @property
    def number(self) -> Decimal | None:
        """The plain figure in the unit of its aspect; None for a bound."""
        return self.bound.low if self.bound.is_exact else None

    def show(self, language: str = "") -> str:
        """43.31 or > 30; with the word of the unit if a language is given."""
        return show_figure(
            self.metric,
            self.aspect,
            self.low,
            self.high,
            self.is_open,
            with_unit=language,
            is_sum=self.value_id is None,
        )


def figure_of(value: Value) -> Figure:
    return Figure(
        metric=value.metric,
        aspect=value.aspect,
        period=Period(value.starts_on, value.ends_on),
        column=value.column,
        low=value.low,
        high=value.high,
        is_open=value.is_open,
        dimension=value.dimension,
        zone_id=value.zone_id,
        party_id=value.party_id,
        value_id=value.pk,
        source=value.source.name,
        external_ref=value.external_ref,
        known_at=value.known_at,
        note=value.note,
    )


def metrics() -> QuerySet[Metric]:
    """All indicators in the order they were defined, which is the order offices print them in."""
    return Metric.objects.order_by("id")


def metric_by_code(code: str) -> Metric | None:
    return Metric.objects.filter(code=code).first()


def known_values(*, zone_ids: Iterable[int], as_of: date | None = None) -> QuerySet[Value]:
    """The last version of every figure, as known on a day; filter it further before use.

    The filters must be on what a figure is of (metric, period, party …), not on what it says.
    """
    rows = Value.objects.filter(zone_id__in=list(zone_ids), withdrawn_at__isnull=True)
    if as_of is not None:
        rows = rows.filter(known_at__lte=end_of(as_of))
    return (
        rows.select_related("source", "metric")
        .order_by("zone_id", *KEYS, "-known_at", "-id")
        .distinct("zone_id", *KEYS)
    )


def value_as_known(
    *,
    zone_id: int,
    metric_code: str,
    period: Period,
    column: str,
    aspect: str = Aspect.VALUE,
    dimension: str = "",
    party_id: int | None = None,
    as_of: date | None = None,
) -> Figure | None:
    """One figure as it was known on a day; None if nothing was known."""
    row = (
        known_values(zone_ids=[zone_id], as_of=as_of)
        .filter(
            metric__code=metric_code,
            aspect=aspect,
            dimension=dimension,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            column=column,
        )
        .filter(Q(party__isnull=True) if party_id is None else Q(party_id=party_id))
        .first()
    )
    return figure_of(row) if row else None


def figures_by_reference(
    *, zone_id: int, references: Iterable[str], as_of: date | None = None
) -> Mapping[str, Figure]:
    """What sources state under their own numbers, as known on a day.

    A reference leads to the figure it states, and from there to that figure's last version: a later
    correction answers under the old number too.
    """
    stated = (
        ValueReference.objects.filter(zone_id=zone_id, external_ref__in=list(references))
        .select_related("value")
        .order_by("value__known_at", "value_id")
    )
    keys = {row.external_ref: _key(row.value) for row in stated}
    if not keys:
        return {}
    last = {
        _key(value): value
        for value in known_values(zone_ids=[zone_id], as_of=as_of)
        .filter(
            metric_id__in={key[0] for key in keys.values()},
            ends_on__in={key[4] for key in keys.values()},
        )
        .filter(Q(party__isnull=True) | Q(party_id__in={key[6] for key in keys.values()} - {None}))
    }
    return {ref: figure_of(last[key]) for ref, key in keys.items() if key in last}


def value_by_reference(
    *, zone_id: int, external_ref: str, as_of: date | None = None
) -> Figure | None:
    return figures_by_reference(zone_id=zone_id, references=[external_ref], as_of=as_of).get(
        external_ref
    )


def first_known(
    *, zone_id: int, metric: Metric, period: Period, party_ids: Iterable[int]
) -> dict[int, datetime]:
    """Which enterprises have a figure for a period by anybody's word, and since when."""
    rows = (
        Value.objects.filter(
            zone_id=zone_id,
            metric=metric,
            aspect=Aspect.VALUE,
            dimension="",
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            party_id__in=list(party_ids),
            withdrawn_at__isnull=True,
        )
        .order_by()
        .values_list("party_id")
        .annotate(since=Min("known_at"))
    )
    return {party: since for party, since in rows if party is not None}


def firms_without(
    *, zone_id: int, metric: Metric, period: Period, party_ids: Iterable[int]
) -> list[int]:
    """Which of some enterprises have no figure at all for a period, in any column."""
    wanted = list(party_ids)
    known = first_known(zone_id=zone_id, metric=metric, period=period, party_ids=wanted)
    return [party for party in wanted if party not in known]


def _key(value: Value) -> tuple[int, str, str, date, date, str, int | None]:
    return (
        value.metric_id, value.aspect, value.dimension, value.starts_on, value.ends_on,
        value.column, value.party_id,
    )  # fmt: skip


def versions(
    *,
    zone_id: int,
    metric_id: int,
    period: Period,
    dimension: str = "",
    party_id: int | None = None,
) -> list[Value]:
    """Every version of a figure in every column and aspect, last known first: its records."""
    rows = Value.objects.filter(
        zone_id=zone_id,
        metric_id=metric_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        dimension=dimension,
        withdrawn_at__isnull=True,
    ).filter(Q(party__isnull=True) if party_id is None else Q(party_id=party_id))
    return list(
        rows.select_related("source", "metric", "post__person", "import_run").order_by(
            "aspect", "column", "-known_at", "-id"
        )
    )


def series(
    *,
    zone_id: int,
    metric_id: int,
    aspect: str = Aspect.VALUE,
    dimension: str = "",
    party_id: int | None = None,
    as_of: date | None = None,
) -> list[Figure]:
    """A metric over time, in all columns, by period."""
    rows = (
        known_values(zone_ids=[zone_id], as_of=as_of)
        .filter(metric_id=metric_id, aspect=aspect, dimension=dimension)
        .filter(Q(party__isnull=True) if party_id is None else Q(party_id=party_id))
    )
    return sorted(map(figure_of, rows), key=lambda figure: (figure.period, figure.column))
