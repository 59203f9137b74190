"""Keeping the sums of enterprises' figures in step with the figures."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

JOB = "refresh_rollups"

# What is known last of each enterprise counts; a bound counts with its lower end.
_LATEST = """
with latest as (
  select distinct on (v.starts_on, v.ends_on, v."column", v.party_id)
         v.starts_on, v.ends_on, v."column", v.low, v.high
  from value v
  where v.zone_id = %(zone)s and v.metric_id = %(metric)s and v.ends_on = any(%(ends)s)
    and v.aspect = 'value' and v.dimension = '' and v.party_id is not null
    and v.withdrawn_at is null
  order by v.starts_on, v.ends_on, v."column", v.party_id, v.known_at desc, v.id desc
)
"""
_DELETE = """
delete from rollup where zone_id = %(zone)s and metric_id = %(metric)s and ends_on = any(%(ends)s)
"""
_INSERT = (
    'insert into rollup (zone_id, metric_id, starts_on, ends_on, "column", total, parties, bounded,'
    " refreshed_at)"
    + _LATEST
    + """
select %(zone)s, %(metric)s, starts_on, ends_on, "column", sum(low), count(*),
       count(*) filter (where high is distinct from low), %(now)s
from latest where low is not null
group by starts_on, ends_on, "column"
"""
)


@transaction.atomic
def refresh_rollups(*, zone_id: int, metric_id: int, ends: Iterable[date], now: datetime) -> int:
    """Sum anew the months of one metric that were touched, and nothing else; how many sums stand.

    Done by the system in a job; it judges nothing, so it leaves no line in the journal.
    """
    said: dict[str, int | list[date] | datetime] = {
        "zone": zone_id,
        "metric": metric_id,
        "ends": sorted(set(ends)),
        "now": now,
    }
    with connection.cursor() as cursor:
        # Two refreshings of one metric wait for each other; the later sees what both wrote.
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('rollup'), %s)", [zone_id * 10_000 + metric_id]
        )
        cursor.execute(_DELETE, said)
        cursor.execute(_INSERT, said)
        return int(cursor.rowcount)


def ask_for_rollups(zone_id: int | None, metric_id: int, ends: Iterable[date]) -> None:
    """Put the refreshing into the queue, in the verb's own transaction: rolled back, no job."""
    days: list[JSONValue] = [*sorted({day.isoformat() for day in ends})]
    if zone_id is not None and days:
        app.configure_task(JOB).defer(zone_id=zone_id, metric_id=metric_id, ends=days)
