"""What do rollups spare the page of indicators, and what do policies cost a zone's total?

The page's rows are asked twice: from the rollups as it does, and from every enterprise's facts as it
would have to without them. The total of a zone is asked by its staff under the policies, and by a
role that no policy binds, with the condition written out.

``XIAOER_BENCH_FACTS`` makes the table smaller than its 60,000,000 facts: fewer months, never fewer
enterprises, so that what a page must sum stays the same (6,500,000 is the least: growth needs the
month of the year before). 30,000,000 took eight minutes and 10 GB on two busy cores. Rows are
inserted first and every index is built afterwards, as the schema defines it; how long that takes and
how large the table is goes to standard error.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import psycopg
from django.db import connection
from django.utils import timezone

from benchmarks.measure import Bench, bench_database, compare
from tests.town import NOW, actor
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.models import Metric

FACTS = int(os.environ.get("XIAOER_BENCH_FACTS", "60000000"))
FIRMS, METRICS = 10_000, 50
MONTHS = max(FACTS // (FIRMS * METRICS), 13)  # growth needs the month of the year before
TOTAL = 1_500_000
FIRST = date(2016, 1, 1)

_PARTIES = """
insert into party (zone_id, kind, name, credit_code, old_register_no, industry, section, status,
                   capital_currency, address, business, legal_representative, contact_name,
                   contact_phone, terms, version)
select %s, 'firm', 'firm ' || n, '', '', '', '', 'operating', 'CNY', '', '', '', '', '', '', 1
from generate_series(1, %s) n
"""
_SOURCE = "insert into source (zone_id, name) values (%s, 'monthly sheet') returning id"
_VALUES = """
with months as materialized (
  select month::date as starts_on, (month + interval '1 month - 1 day')::date as ends_on,
         (month + interval '40 days')::timestamptz as known_at
  from generate_series(%(first)s::timestamp, %(first)s + %(months)s * interval '1 month' - interval '1 day',
                       interval '1 month') month
), firms as materialized (
  select m.id as metric, p.id as party, hashint8(p.id * 1000 + m.id)::bigint + 2147483648 as low
  from (select id from metric order by id desc limit %(metrics)s) m
  cross join (select id from party where zone_id = %(zone)s) p
)
insert into value (zone_id, metric_id, aspect, party_id, dimension, starts_on, ends_on, "column",
                   low, high, is_open, source_id, external_ref, known_at, recorded_at, note)
select %(zone)s, metric, 'value', party, '', starts_on, ends_on, 'reported', low, low, false,
       %(source)s, '', known_at, known_at, ''
from months cross join firms
"""
# What the job would come to, for every month at once; nothing here was corrected or merged. The months
# the page shows are then refreshed by the job's own verb.
_ROLLUPS = """
insert into rollup (zone_id, metric_id, starts_on, ends_on, "column", total, parties, bounded,
                    refreshed_at)
select zone_id, metric_id, starts_on, ends_on, "column", sum(low), count(*), 0, now()
from value where zone_id = %s group by 1, 2, 3, 4, 5
"""
_SIZE = "select pg_size_pretty(pg_total_relation_size('value')), count(*) from value"
# The same sum, asked by the zone's staff and by a role that no policy binds.
_SUM = "select count(*), sum(low) from value where zone_id = %s and party_id is not null"


@dataclass(frozen=True, slots=True)
class Filled:
    """Two zones: one whose page is asked, one whose total is."""

    page: Actor
    total: Actor


def fill(bench: Bench) -> Filled:
    """Rows are written in bulk without their references being checked one by one, indexes last."""
    by, other = actor("east-statistics"), actor("west-statistics")
    _define_metrics(by)
    with psycopg.connect(bench.addresses.admin, autocommit=True) as link:
        link.execute("set session_replication_role = replica")
        link.execute("set synchronous_commit = off")
        link.execute("set maintenance_work_mem = '1GB'")
        link.execute("set work_mem = '256MB'")
        link.execute("set client_min_messages = error")
        again = _without_indexes(link)
        with _told("rows"):
            _fill_zone(link, by, firms=FIRMS, months=MONTHS, metrics=METRICS)
            _fill_zone(link, other, firms=TOTAL // 150, months=3, metrics=50)
        for name, statement in again:
            with _told(name):
                link.execute(statement)
        with _told("vacuum"):
            link.execute("vacuum (analyze) value")
            link.execute("vacuum (analyze) party")
        with _told("rollups"):
            link.execute(_ROLLUPS, [by.zone_id])
            _roll_up(by)
            link.execute("vacuum (analyze) rollup")
        print(*link.execute(_SIZE).fetchall(), file=sys.stderr, flush=True)
    return Filled(by, other)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """How long a step of the filling took, to standard error."""
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _define_metrics(by: Actor) -> None:
    with acting(by):
        for number in range(METRICS):
            facts.define_metric(
                by=by,
                now=NOW,
                code=f"bench_{number}",
                name=f"指标 {number}",
                unit="CNY_10k",
                kind=Metric.Kind.FLOW,
            )


_CONSTRAINTS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
where (conrelid = 'value'::regclass and contype in ('p', 'u')) or confrelid = 'value'::regclass
order by contype = 'f'
"""
_INDEXES = "select indexname, indexdef from pg_indexes where tablename = 'value'"


def _without_indexes(link: psycopg.Connection) -> list[tuple[str, str]]:
    """Take away every index, and the keys that stand on one; how to make them again, in order."""
    keys = link.execute(_CONSTRAINTS).fetchall()
    again = [
        (name, f"alter table {table} add constraint {name} {definition}")
        for table, name, definition in keys
    ]
    for table, name, _definition in reversed(keys):
        link.execute(f"alter table {table} drop constraint {name}")
    rows = link.execute(_INDEXES).fetchall()
    for name, _definition in rows:
        link.execute(f"drop index {name}")
    return [*rows, *again]


def _fill_zone(
    link: psycopg.Connection, by: Actor, *, firms: int, months: int, metrics: int
) -> None:
    link.execute(_PARTIES, [by.zone_id, firms])
    row = link.execute(_SOURCE, [by.zone_id]).fetchone()
    said = {
        "zone": by.zone_id,
        "source": row[0] if row else None,
        "first": FIRST,
        "months": months,
        "metrics": metrics,
    }
    link.execute(_VALUES, said)


def _roll_up(by: Actor) -> None:
    """The last month and the one of the year before, one metric at a time, as the job does."""
    with acting(by), connection.cursor() as cursor:
        cursor.execute("select distinct ends_on from rollup order by ends_on desc limit 13")
        ends = [day for (day,) in cursor.fetchall()]
        for metric in Metric.objects.filter(code__startswith="bench_"):
            facts.refresh_rollups(
                zone_id=by.zone_id or 0,
                metric_id=metric.pk,
                ends=[ends[0], ends[-1]],
                now=timezone.now(),
            )


def _page(by: Actor, as_of: date | None) -> int:
    with acting(by):
        return len(queries.indicators(by=by, asked=queries.Asked(as_of=as_of)))


def main() -> None:
    with bench_database("indicators") as bench:
        filled = fill(bench)
        count = FIRMS * METRICS * MONTHS
        compare(
            "zone_indicators",
            "ms",
            lambda: _page(filled.page, None),
            lambda: _page(filled.page, date(2100, 1, 1)),
            f"the page's rows summed from {count:,} facts",
            1 / 50,
            runs=7,
        )
        with psycopg.connect(bench.addresses.admin) as link:

            def ours() -> None:
                with acting(filled.total):
                    connection.connection.execute(_SUM, [filled.total.zone_id]).fetchall()

            def theirs() -> None:
                with link.transaction():
                    link.execute(_SUM, [filled.total.zone_id]).fetchall()

            compare(
                "zone_total", "ms", ours, theirs, f"the same over {TOTAL:,} facts, no policy", 1.25
            )


if __name__ == "__main__":
    main()
