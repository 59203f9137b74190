"""What do rollups spare the page of indicators, and what do policies cost a zone's total?

The page's rows are asked twice: from the rollups as it does, and from every enterprise's facts as it
would have to without them. The total of a zone is asked by its staff under the policies, and by a
role that no policy binds, with the condition written out.

``XIAOER_BENCH_FACTS`` makes the table smaller (60,000,000 facts take some 20 GB and half an hour):
fewer months, never fewer enterprises, so that what a page must sum stays the same.
"""

import os
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
insert into value (zone_id, metric_id, aspect, party_id, dimension, starts_on, ends_on, "column",
                   low, high, is_open, source_id, external_ref, known_at, note)
select %(zone)s, m.id, 'value', p.id, '', month::date,
       (month + interval '1 month - 1 day')::date, 'reported', f.low, f.low, false, %(source)s, '',
       month + interval '40 days', ''
from generate_series(%(first)s, %(first)s + %(months)s * interval '1 month' - interval '1 day',
                     interval '1 month') month
cross join (select id from metric order by id desc limit %(metrics)s) m
cross join (select id from party where zone_id = %(zone)s) p
cross join lateral (select (hashint8(p.id * 1000 + m.id)::bigint + 2147483648) as low) f
"""
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
    with psycopg.connect(bench.addresses.admin) as link:
        link.execute("set session_replication_role = replica")
        link.execute("set synchronous_commit = off")
        link.execute("set maintenance_work_mem = '512MB'")
        indexes = _without_indexes(link)
        _fill_zone(link, by, firms=FIRMS, months=MONTHS, metrics=METRICS)
        _fill_zone(link, other, firms=TOTAL // 150, months=3, metrics=50)
        for statement in indexes:
            link.execute(statement)
    with psycopg.connect(bench.addresses.admin, autocommit=True) as link:
        link.execute("set client_min_messages = error")
        link.execute("vacuum (analyze) value")
        link.execute("vacuum (analyze) party")
    _roll_up(by)
    return Filled(by, other)


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


def _without_indexes(link: psycopg.Connection) -> list[str]:
    rows = link.execute(
        "select indexname, indexdef from pg_indexes where tablename = 'value'"
        " and indexname in ('value_known_once', 'value_of_zone', 'value_of_party',"
        " 'value_of_import')"
    ).fetchall()
    for name, _definition in rows:
        link.execute(f"drop index {name}")
    return [definition for _name, definition in rows]


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
    """As the job does, one metric at a time, all its months."""
    with acting(by), connection.cursor() as cursor:
        cursor.execute("select distinct ends_on from value where zone_id = %s", [by.zone_id])
        ends = [day for (day,) in cursor.fetchall()]
        for metric in Metric.objects.filter(code__startswith="bench_"):
            facts.refresh_rollups(
                zone_id=by.zone_id or 0, metric_id=metric.pk, ends=ends, now=timezone.now()
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
