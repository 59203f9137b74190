"""Questions over enterprises' monthly figures: sums from the rollups, and from the facts themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet

from xiaoer.facts.models import Rollup, Value
from xiaoer.facts.periods import Period, end_of
from xiaoer.facts.queries.values import known_values


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


_RAW = """
with latest as (
  select distinct on (v.metric_id, v.starts_on, v.ends_on, v."column", v.party_id)
         v.metric_id, v.starts_on, v.ends_on, v."column", v.low, v.high
  from value v
  where v.zone_id = %(zone)s and v.metric_id = any(%(metrics)s) and v.ends_on = any(%(ends)s)
    and v.aspect = 'value' and v.dimension = '' and v.party_id is not null
    and v.withdrawn_at is null and v.known_at <= %(at)s
  order by v.metric_id, v.starts_on, v.ends_on, v."column", v.party_id, v.known_at desc, v.id desc
)
select metric_id, starts_on, ends_on, "column", sum(low)::bigint, count(*),
       count(*) filter (where high is distinct from low)
from latest where low is not null
group by metric_id, starts_on, ends_on, "column"
order by metric_id, starts_on, ends_on, "column"
"""


def sums_from_facts(
    *, zone_id: int, metric_ids: Iterable[int], ends: Iterable[date], as_of: date | None = None
) -> list[Sum]:
    """Summed anew from every enterprise's last known figure: for days of the past, and for proof."""
    said: dict[str, int | list[int] | list[date] | datetime] = {
        "zone": zone_id,
        "metrics": sorted(set(metric_ids)),
        "ends": sorted(set(ends)),
        "at": end_of(as_of or date(9999, 1, 1)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RAW, said)
        return [
            Sum(row[0], Period(row[1], row[2]), row[3], row[4], row[5], row[6])
            for row in cursor.fetchall()
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
    """The enterprises' figures behind a sum, each as last known."""
    rows = known_values(zone_ids=[zone_id], as_of=as_of).filter(
        metric_id=metric_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        aspect="value",
        dimension="",
        party__isnull=False,
    )
    return (rows.filter(column=column) if column else rows).select_related(
        "party", "source", "metric"
    )
