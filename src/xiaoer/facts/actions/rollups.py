"""Keeping the sums of enterprises' figures in step with the figures."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from xiaoer.facts.periods import end_of
from xiaoer.facts.queries.firms import EVER, SUMS, touched_by_merge
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of

JOB = "refresh_rollups"

_DELETE = """
delete from rollup where zone_id = %(zone)s and metric_id = any(%(metrics)s) and ends_on = any(%(ends)s)
"""
_INSERT = """
insert into rollup (zone_id, metric_id, starts_on, ends_on, "column", total, parties, bounded,
                    refreshed_at)
select %(zone)s, s.*, %(now)s from (SUMS) s
""".replace("SUMS", SUMS)


@transaction.atomic
def refresh_rollups(*, zone_id: int, metric_id: int, ends: Iterable[date], now: datetime) -> int:
    """Sum anew the months of one metric that were touched, and nothing else; how many sums stand.

    Done by the system in a job; it judges nothing, so it leaves no line in the journal.
    """
    said: dict[str, int | list[int] | list[date] | datetime] = {
        "zone": zone_id,
        "metrics": [metric_id],
        "ends": sorted(set(ends)),
        "at": end_of(EVER),
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


def follow_merge(*, kept: Party, duplicate: Party, **_said: object) -> None:
    """Sum anew wherever one of two merged entries has a figure: they count once from now on."""
    touched = touched_by_merge(zone_id=kept.zone_id, party_ids=numbers_of(party=kept))
    for metric_id, ends in touched.items():
        ask_for_rollups(kept.zone_id, metric_id, ends)
