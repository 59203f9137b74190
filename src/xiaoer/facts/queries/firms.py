"""Questions over enterprises' monthly figures: sums from the rollups, and from the facts themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from xiaoer.facts.models import Rollup, Value
from xiaoer.facts.periods import Period, end_of
from xiaoer.facts.queries.values import known_values
from xiaoer.registry.models import Party


@dataclass(frozen=True, slots=True)
class Sum:
    """What enterprises' figures of one metric and period add up to, in one column."""

    metric_id: int
    period: Period
    column: str
    total: int
    parties: int
    bounded: int
    refreshed_at: datetime | None = None


# What is known last of each enterprise counts; a bound counts with its lower end. Entries of one
# enterprise that were merged count once: what was reported under the entry kept goes before what
# was reported under the others.
SUMS = """
with latest as (
  select distinct on (v.metric_id, v.starts_on, v.ends_on, v."column",
                      coalesce(d.merged_into_id, v.party_id))
         v.metric_id, v.starts_on, v.ends_on, v."column", v.low, v.high
  from value v
  left join party d
    on d.id = v.party_id and d.zone_id = %(zone)s and d.merged_into_id is not null
  where v.zone_id = %(zone)s and v.metric_id = any(%(metrics)s) and v.ends_on = any(%(ends)s)
    and v.aspect = 'value' and v.dimension = '' and v.party_id is not null
    and v.withdrawn_at is null and v.known_at <= %(at)s
  order by v.metric_id, v.starts_on, v.ends_on, v."column",
           coalesce(d.merged_into_id, v.party_id), d.id is not null, v.known_at desc, v.id desc
)
select metric_id, starts_on, ends_on, "column", sum(low)::bigint as total, count(*) as parties,
       count(*) filter (where high is distinct from low) as bounded
from latest where low is not null
group by metric_id, starts_on, ends_on, "column"
"""
EVER = date(9999, 1, 1)


def sums_from_facts(
    *, zone_id: int, metric_ids: Iterable[int], ends: Iterable[date], as_of: date | None = None
) -> list[Sum]:
    """Summed anew from every enterprise's last known figure: for days of the past, and for proof."""
    said: dict[str, int | list[int] | list[date] | datetime] = {
        "zone": zone_id,
        "metrics": sorted(set(metric_ids)),
        "ends": sorted(set(ends)),
        "at": end_of(as_of or EVER),
    }
    with connection.cursor() as cursor:
        cursor.execute(SUMS, said)
        return [
            Sum(row[0], Period(row[1], row[2]), row[3], row[4], row[5], row[6])
            for row in sorted(cursor.fetchall(), key=lambda row: row[:4])
        ]


def sums(
    *, zone_id: int, metric_ids: Iterable[int], ends: Iterable[date], as_of: date | None = None
) -> list[Sum]:
    """From the rollups as known now; as known on a past day, from the facts of the months asked for."""
    if as_of is not None:
        return sums_from_facts(zone_id=zone_id, metric_ids=metric_ids, ends=ends, as_of=as_of)
    rows = Rollup.objects.filter(
        zone_id=zone_id, metric_id__in=set(metric_ids), ends_on__in=set(ends)
    ).order_by("metric_id", "starts_on", "ends_on", "column")
    return [
        Sum(
            row.metric_id,
            Period(row.starts_on, row.ends_on),
            row.column,
            row.total,
            row.parties,
            row.bounded,
            row.refreshed_at,
        )
        for row in rows
    ]


def firm_values(
    *, zone_id: int, metric_id: int, period: Period, column: str = "", as_of: date | None = None
) -> QuerySet[Value]:
    """The enterprises' figures a sum counts, each as last known: one an enterprise and column."""
    rows = _of_firms(zone_id, metric_id, period, column, as_of)
    for one in superseded(
        zone_id=zone_id, metric_id=metric_id, period=period, column=column, as_of=as_of
    ):
        rows = rows.exclude(party=one.value.party, column=one.value.column)
    return rows


@dataclass(frozen=True, slots=True)
class Superseded:
    """A figure reported under an entry since merged away, and the one that counts in its place."""

    value: Value
    by: Value


def superseded(
    *, zone_id: int, metric_id: int, period: Period, column: str = "", as_of: date | None = None
) -> list[Superseded]:
    """What a sum leaves out because the enterprise has another figure for the same, and which."""
    merged = Party.objects.filter(zone_id=zone_id, merged_into__isnull=False)
    rows = _of_firms(zone_id, metric_id, period, column, as_of).filter(
        Q(party__in=merged) | Q(party__in=merged.values("merged_into"))
    )
    return superseded_of(rows)


def superseded_of(rows: Iterable[Value]) -> list[Superseded]:
    """Of figures as last known: those another entry of the same enterprise overrides.

    The entry kept goes before entries merged into it; of several merged ones the one known last.
    """
    of: dict[tuple[object, ...], list[Value]] = {}
    for row in rows:
        firm = row.party and (row.party.merged_into_id or row.party.pk)
        said = (row.metric_id, row.aspect, row.dimension, row.starts_on, row.ends_on, row.column)
        of.setdefault((firm, *said), []).append(row)
    return [
        Superseded(loser, first)
        for first, *losers in (sorted(same, key=_weight, reverse=True) for same in of.values())
        for loser in losers
    ]


def firm_of(row: Value) -> Party:
    """The enterprise a figure is of today: the entry kept, where its own was merged into one."""
    if row.party is None:
        raise ValueError("a figure of the zone is of no enterprise")
    return row.party.merged_into or row.party


def _weight(row: Value) -> tuple[bool, datetime, int]:
    return (row.party is not None and row.party.merged_into_id is None, row.known_at, row.pk)


def _of_firms(
    zone_id: int, metric_id: int, period: Period, column: str, as_of: date | None
) -> QuerySet[Value]:
    rows = known_values(zone_ids=[zone_id], as_of=as_of).filter(
        metric_id=metric_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        aspect="value",
        dimension="",
        party__isnull=False,
    )
    return (rows.filter(column=column) if column else rows).select_related(
        "party__merged_into", "source", "metric", "import_run"
    )


def touched_by_merge(*, zone_id: int, party_ids: Iterable[int]) -> dict[int, set[date]]:
    """By metric, the ends of the periods for which any of some entries has a figure."""
    ends: dict[int, set[date]] = {}
    rows = Value.objects.filter(
        zone_id=zone_id, party_id__in=list(party_ids), withdrawn_at__isnull=True
    )
    for metric_id, end in rows.values_list("metric_id", "ends_on").distinct():
        ends.setdefault(metric_id, set()).add(end)
    return ends


@dataclass(frozen=True, slots=True)
class FirmSum:
    """What an enterprise's months of one metric add up to in a period, in the metric's unit."""

    party_id: int
    name: str
    number: Decimal


# Of each month the figure known last; official goes before reported. Where a firm reports several
# of the metrics (main business and all business), its larger sum counts.
FIRM_SUMS = """
with latest as (
  select distinct on (v.metric_id, v.party_id, v.ends_on) v.metric_id, v.party_id, v.low
  from value v join metric m on m.id = v.metric_id
  where v.zone_id = %(zone)s and m.code = any(%(metrics)s) and v.party_id is not null
    and v.aspect = 'value' and v.dimension = '' and v.withdrawn_at is null and v.low is not null
    and v."column" in ('official', 'reported')
    and v.starts_on >= %(since)s and v.ends_on <= %(until)s
    and date_trunc('month', v.starts_on) = date_trunc('month', v.ends_on)
    and v.ends_on > v.starts_on
  order by v.metric_id, v.party_id, v.ends_on, v."column", v.known_at desc, v.id desc
), sums as (
  select party_id, metric_id, sum(low) as total from latest group by party_id, metric_id
)
select p.id, p.name, max(s.total) from sums s join party p on p.id = s.party_id
where p.merged_into_id is null
group by p.id, p.name order by max(s.total) desc, p.id
"""


def sums_of_firms(
    *, zone_id: int, metrics: Iterable[str], since: date, until: date
) -> list[FirmSum]:
    """Every enterprise's sum over the months of a period, the largest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            FIRM_SUMS,
            {"zone": zone_id, "metrics": list(metrics), "since": since, "until": until},
        )
        return [
            FirmSum(party_id, name, Decimal(total).scaleb(-Value.SCALE))
            for party_id, name, total in cursor.fetchall()
        ]
