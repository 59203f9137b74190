"""The zone's indicators: three columns side by side, growth, rank, and where each comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from xiaoer.base.models import Role, Zone
from xiaoer.base.scope import Actor
from xiaoer.facts.measuring import growth
from xiaoer.facts.models import Aspect, Column, Metric, Rollup, Value
from xiaoer.facts.periods import Period, end_of
from xiaoer.facts.queries.firms import Sum, sums
from xiaoer.facts.queries.standings import PEER, TRUST, Standing, standings
from xiaoer.facts.queries.values import Figure, figure_of, known_values

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked for: on which day known, of which year, of which indicators."""

    as_of: date | None = None
    year: int | None = None
    metric_id: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class RowKey:
    metric_id: int
    period: Period
    dimension: str
    from_firms: bool


@dataclass(frozen=True, slots=True)
class Growth:
    """As a source prints it, and as it follows from two years' figures in the same column.

    They stand side by side: bases and prices differ, and neither replaces the other. ``new`` and
    ``old`` are the two figures it was computed from.
    """

    printed: Figure | None
    computed: Decimal | None
    new: Figure | None = None
    old: Figure | None = None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator for one period. ``parties``: how many enterprises' figures were summed."""

    metric: Metric
    period: Period
    dimension: str
    reported: Figure | None
    estimated: Figure | None
    official: Figure | None
    growth: Growth
    rank: Figure | None
    standing: Standing | None
    target: Figure | None
    parties: int | None

    @property
    def from_firms(self) -> bool:
        return self.parties is not None

    @property
    def best(self) -> Figure | None:
        """The figure to quote where only one fits: official before reported before estimated."""
        return self.official or self.reported or self.estimated

    @property
    def target_share(self) -> Decimal | None:
        """How much of the target is reached, in per cent; None where either is not a plain figure."""
        done = self.best.number if self.best else None
        aim = self.target.number if self.target else None
        return None if done is None or not aim else done / aim * 100


_KEYS = """
select k.metric_id, k.starts_on, k.ends_on, k.dimension, k.from_firms
from (
  select v.metric_id, v.starts_on, v.ends_on, v.dimension, false as from_firms
  from value v
  where v.zone_id = %(zone)s and v.party_id is null and v.withdrawn_at is null
    and v.known_at <= %(at)s and v.ends_on between %(first)s and %(last)s
    and left(v.dimension, 5) <> 'peer='
  group by 1, 2, 3, 4
  union all
  select r.metric_id, r.starts_on, r.ends_on, '', true
  from rollup r
  where r.zone_id = %(zone)s and r.ends_on between %(first)s and %(last)s
  group by 1, 2, 3
) k
join metric m on m.id = k.metric_id
where (%(metric)s::bigint is null or k.metric_id = %(metric)s)
  and (%(words)s = '' or m.name ilike %(like)s or m.name_en ilike %(like)s or m.code ilike %(like)s)
order by k.ends_on desc, k.starts_on, k.metric_id, k.from_firms, k.dimension
limit %(limit)s offset %(offset)s
"""


def indicators(
    *, by: Actor, asked: Asked, offset: int = 0, limit: int | None = PAGE
) -> list[IndicatorRow]:
    """Rows in the order of the page, latest period first. ``limit`` None: all, for an export."""
    if by.zone_id is None:
        return []
    keys = _keys(by.zone_id, asked, offset, limit)
    rows: list[IndicatorRow] = []
    for start in range(0, len(keys), 500):
        rows += _rows(by, by.zone_id, asked, keys[start : start + 500])
    return rows


def indicator_row(
    *,
    by: Actor,
    metric: Metric,
    period: Period,
    dimension: str = "",
    from_firms: bool = False,
    as_of: date | None = None,
) -> IndicatorRow | None:
    """One row of the page; None where nothing of it is known."""
    key = RowKey(metric.pk, period, dimension, from_firms)
    rows = _rows(by, by.zone_id or 0, Asked(as_of=as_of), [key])
    return rows[0] if rows else None


def years(*, zone_ids: Iterable[int]) -> list[int]:
    """Years for which anything of the zones is known, latest first."""
    zones = list(zone_ids)
    of_zone = Value.objects.filter(
        zone_id__in=zones, party__isnull=True, withdrawn_at__isnull=True
    ).values_list("ends_on__year", flat=True)
    of_firms = Rollup.objects.filter(zone_id__in=zones).values_list("ends_on__year", flat=True)
    return sorted({*of_zone.distinct(), *of_firms.distinct()}, reverse=True)


def metrics_in_use(*, zone_id: int) -> list[Metric]:
    of_zone = Value.objects.filter(zone_id=zone_id, party__isnull=True).values("metric_id")
    of_firms = Rollup.objects.filter(zone_id=zone_id).values("metric_id")
    return list(
        Metric.objects.filter(pk__in=of_zone.distinct())
        .union(Metric.objects.filter(pk__in=of_firms.distinct()))
        .order_by("id")
    )


def _keys(zone_id: int, asked: Asked, offset: int, limit: int | None) -> list[RowKey]:
    like = asked.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    said: dict[str, int | str | date | None] = {
        "zone": zone_id,
        "at": end_of(asked.as_of or date(9999, 1, 1)),
        "first": date(asked.year or 1, 1, 1),
        "last": date(asked.year or 9999, 12, 31),
        "metric": asked.metric_id,
        "words": asked.words,
        "like": f"%{like}%",
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, said)
        return [RowKey(m, Period(s, e), d, f) for m, s, e, d, f in cursor.fetchall()]


Cell = tuple[int, Period, str, str, str]


def _rows(by: Actor, zone_id: int, asked: Asked, keys: Sequence[RowKey]) -> list[IndicatorRow]:
    metrics = {m.pk: m for m in Metric.objects.filter(pk__in={key.metric_id for key in keys})}
    own = _figures(zone_id, asked, [key for key in keys if not key.from_firms])
    of_firms, parties = _sums(zone_id, asked, metrics, [key for key in keys if key.from_firms])
    ranks = _ranks(by, asked, metrics, keys)
    return [
        _row(metrics[key.metric_id], key, of_firms if key.from_firms else own, parties, ranks)
        for key in keys
        if not key.from_firms or key in parties
    ]


def _with_year_before(keys: Iterable[RowKey]) -> set[date]:
    return {end for key in keys for end in (key.period.ends_on, key.period.year_before().ends_on)}


def _figures(zone_id: int, asked: Asked, keys: Sequence[RowKey]) -> dict[Cell, Figure]:
    rows = known_values(zone_ids=[zone_id], as_of=asked.as_of).filter(
        metric_id__in={key.metric_id for key in keys},
        ends_on__in=_with_year_before(keys),
        party__isnull=True,
    )
    found = map(figure_of, rows) if keys else iter(())
    return {
        (one.metric.pk, one.period, one.dimension, one.aspect, one.column): one for one in found
    }


def _sums(
    zone_id: int, asked: Asked, metrics: dict[int, Metric], keys: Sequence[RowKey]
) -> tuple[dict[Cell, Figure], dict[RowKey, int]]:
    if not keys:
        return {}, {}
    found = sums(
        zone_id=zone_id,
        metric_ids={key.metric_id for key in keys},
        ends=_with_year_before(keys),
        as_of=asked.as_of,
    )
    figures: dict[Cell, Figure] = {}
    parties: dict[RowKey, int] = {}
    for one in found:
        figure = figure_of_sum(metrics[one.metric_id], one)
        figures[one.metric_id, one.period, "", Aspect.VALUE, one.column] = figure
        key = RowKey(one.metric_id, one.period, "", True)
        parties[key] = max(parties.get(key, 0), one.parties)
    return figures, parties


def figure_of_sum(metric: Metric, one: Sum) -> Figure:
    """A sum in which some figures are only known from below is itself only known from below."""
    return Figure(
        metric=metric,
        aspect=Aspect.VALUE,
        period=one.period,
        column=one.column,
        low=one.total,
        high=None if one.bounded else one.total,
        known_at=one.refreshed_at,
    )


def _ranks(
    by: Actor, asked: Asked, metrics: dict[int, Metric], keys: Sequence[RowKey]
) -> dict[tuple[int, Period], Standing]:
    own = [key for key in keys if not key.from_firms and not key.dimension]
    if not own:
        return {}
    return standings(
        by=by,
        metrics=[metrics[number] for number in sorted({key.metric_id for key in own})],
        periods=sorted({key.period for key in own}),
        as_of=asked.as_of,
    )


def _row(
    metric: Metric,
    key: RowKey,
    figures: dict[Cell, Figure],
    parties: dict[RowKey, int],
    ranks: dict[tuple[int, Period], Standing],
) -> IndicatorRow:
    def find(aspect: str, column: str, period: Period = key.period) -> Figure | None:
        return figures.get((metric.pk, period, key.dimension, aspect, column))

    def first(aspect: str) -> Figure | None:
        return next((found for column in TRUST if (found := find(aspect, column))), None)

    return IndicatorRow(
        metric=metric,
        period=key.period,
        dimension=key.dimension,
        reported=find(Aspect.VALUE, Column.REPORTED),
        estimated=find(Aspect.VALUE, Column.ESTIMATED),
        official=find(Aspect.VALUE, Column.OFFICIAL),
        growth=_growth(metric, key, figures, first(Aspect.GROWTH)),
        rank=first(Aspect.RANK),
        standing=None if key.from_firms or key.dimension else ranks.get((metric.pk, key.period)),
        target=first(Aspect.TARGET),
        parties=parties.get(key),
    )


def _growth(
    metric: Metric, key: RowKey, figures: dict[Cell, Figure], printed: Figure | None
) -> Growth:
    """Computed in the first column that has both years."""
    if metric.kind not in (Metric.Kind.FLOW, Metric.Kind.LEVEL):
        return Growth(printed, None)
    before = key.period.year_before()
    for column in TRUST:
        new = figures.get((metric.pk, key.period, key.dimension, Aspect.VALUE, column))
        old = figures.get((metric.pk, before, key.dimension, Aspect.VALUE, column))
        if new and old and (computed := growth(new.bound, old.bound)) is not None:
            return Growth(printed, computed, new, old)
    return Growth(printed, None)


# The city's view ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CityRow:
    """One indicator and period with the zones side by side, in the order of ``zones_compared``."""

    metric: Metric
    period: Period
    cells: tuple[Figure | None, ...]
    places: tuple[int | None, ...]


def zones_compared(*, by: Actor) -> list[Zone]:
    if by.role != Role.CITY:
        return list(Zone.objects.filter(pk=by.zone_id))
    return list(Zone.objects.filter(city=by.city_id).order_by("id"))


def years_compared(*, by: Actor, as_of: date | None = None) -> list[int]:
    """Years in which a zone has a figure that can stand beside the others', latest first."""
    rows = _comparable([zone.pk for zone in zones_compared(by=by)], as_of)
    return sorted({figure.period.ends_on.year for figure in map(figure_of, rows)}, reverse=True)


def _comparable(zone_ids: Iterable[int], as_of: date | None) -> QuerySet[Value]:
    """Figures of whole zones; growth, ranks and targets are not set side by side."""
    return known_values(zone_ids=zone_ids, as_of=as_of).filter(
        party__isnull=True, dimension="", aspect=Aspect.VALUE
    )


def city_view(*, by: Actor, asked: Asked) -> list[CityRow]:
    """Zones side by side, each by the column it has a figure in, with its place among them."""
    zones = zones_compared(by=by)
    rows = _comparable([zone.pk for zone in zones], asked.as_of)
    if asked.year:
        rows = rows.filter(ends_on__year=asked.year)
    if asked.metric_id:
        rows = rows.filter(metric_id=asked.metric_id)
    best: dict[tuple[Period, int], dict[int, Figure]] = {}
    for figure in sorted(map(figure_of, rows), key=lambda one: TRUST.index(Column(one.column))):
        cells = best.setdefault((figure.period, figure.metric.pk), {})
        cells.setdefault(figure.zone_id or 0, figure)
    return [
        _city_row([cells.get(zone.pk) for zone in zones])
        for _key, cells in sorted(
            best.items(), key=lambda item: (-item[0][0].ends_on.toordinal(), item[0][1])
        )
    ]


def _city_row(cells: list[Figure | None]) -> CityRow:
    known = next(cell for cell in cells if cell is not None)
    numbers = [cell.number if cell else None for cell in cells]
    up = known.metric.higher_is_better

    def place(number: Decimal | None) -> int | None:
        others = [one for one in numbers if one is not None]
        if number is None or len(others) < 2:
            return None
        return 1 + sum(one > number if up else one < number for one in others)

    return CityRow(known.metric, known.period, tuple(cells), tuple(map(place, numbers)))


__all__ = ["PEER", "Asked", "CityRow", "IndicatorRow", "city_view", "indicators"]
