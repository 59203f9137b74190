"""What do the facts of a whole zone cost, against one bare scan of the rows they are made of?

2,500 firms; every word of figures and attributes and the register: three years of yearly figures,
levels, and two years of months of six indicators for one firm in six, as monitored firms report. The
bare scan reads the same rows of the table of figures, in one SQL, into Python and makes nothing of
them. Then whole: fetched, put together and derived, as an evaluation of all rules asks for it.
"""

import os
from datetime import date

from django.db import connection
from django.utils import timezone

from benchmarks.measure import Bench, bench_database, compare, report
from tests.town import NOW, actor
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.vocabulary import AttributesLender, FiguresLender, attribute_words, figure_words
from xiaoer.registry.vocabulary import RegistryLender
from xiaoer.rules import vocabularies

FIRMS = int(os.environ.get("XIAOER_BENCH_FIRMS", "2500"))
AS_OF = date(2026, 11, 20)
MONTHLY = ("operating_revenue", "main_revenue_cny", "electricity_use", "tax_paid", "export_value",
           "employees")  # fmt: skip
BOUND_MS = 250.0

_PARTIES = """
insert into party (zone_id, kind, name, credit_code, old_register_no, industry, section, status,
                   capital_currency, address, business, legal_representative, contact_name,
                   contact_phone, terms, version, registered_on, cell_id)
select %(zone)s, 'firm', 'firm ' || n, '', '', (1000 + n * 7 %% 8000)::text, 'C', 'operating', 'CNY',
       '', '', '', '', '', '', 1, date '2010-01-01' + n, %(cell)s
from generate_series(1, %(firms)s) n
"""
_GRID = "insert into grid (zone_id, code, name) values (%s, 'B', 'B') returning id"
_CELL = "insert into cell (zone_id, grid_id, code, name) values (%s, %s, 'B', 'B') returning id"
_SOURCE = "insert into source (zone_id, name) values (%s, 'sheet') returning id"
_VALUES = """
with firms as (select id, row_number() over (order by id) as n from party where zone_id = %(zone)s),
periods as (
  select make_date(year, 1, 1) as starts_on, make_date(year, 12, 31) as ends_on,
         true as all_firms
  from generate_series(2023, 2025) year
  union all
  select month::date, (month + interval '1 month - 1 day')::date, false
  from generate_series(timestamp '2025-01-01', timestamp '2026-10-01', interval '1 month') month
)
insert into value (zone_id, metric_id, aspect, party_id, dimension, starts_on, ends_on, "column",
                   low, high, is_open, source_id, external_ref, known_at, recorded_at, note)
select %(zone)s, m.id, 'value', f.id, '', p.starts_on, p.ends_on, 'reported',
       hashint8(f.id * 1000 + m.id)::bigint + 2147483648,
       hashint8(f.id * 1000 + m.id)::bigint + 2147483648, false, %(source)s, '', %(at)s, %(at)s, ''
from metric m cross join firms f cross join periods p
where m.code = any(%(codes)s)
  and (p.all_firms and (m.kind = 'flow' or p.ends_on = date '2025-12-31') or (m.code = any(%(monthly)s) and f.n %% 6 = 0))
"""
_ATTRIBUTES = """
insert into attribute (zone_id, party_id, word, flag, source_kind, source, known_at, recorded_at, note)
select %(zone)s, f.id, w.word, f.id %% 3 = 0, 'official', 'list', %(at)s, %(at)s, ''
from party f cross join unnest(%(words)s::varchar[]) w(word) where f.zone_id = %(zone)s
"""
_BARE = """
select metric_id, starts_on, ends_on, party_id, low from value
where zone_id = %s and metric_id = any(%s) and known_at <= %s and withdrawn_at is null
"""


def fill(bench: Bench) -> Actor:
    by = actor("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
    codes = sorted({kept.metric for kept in figure_words().values()})
    flags = [word.name for word in attribute_words().values() if word.kind == "flag"]
    with bench.as_owner() as link:
        grid = link.execute(_GRID, [by.zone_id]).fetchone()
        cell = link.execute(_CELL, [by.zone_id, grid and grid[0]]).fetchone()
        link.execute(_PARTIES, {"zone": by.zone_id, "firms": FIRMS, "cell": cell and cell[0]})
        source = link.execute(_SOURCE, [by.zone_id]).fetchone()
        said = {"zone": by.zone_id, "source": source and source[0], "at": NOW}
        link.execute(_VALUES, said | {"codes": codes, "monthly": list(MONTHLY)})
        link.execute(_ATTRIBUTES, said | {"words": flags})
    return by


def main() -> None:
    with bench_database("facts") as bench:
        by = fill(bench)
        now = timezone.now()
        names = {*figure_words(), *attribute_words()}
        names |= {word.name for word in RegistryLender().words(by.zone_id)}
        with acting(by), connection.cursor() as cursor:
            cursor.execute("select array_agg(id) from metric where code = any(%s)",
                           [sorted({kept.metric for kept in figure_words().values()})])  # fmt: skip
            metrics = cursor.fetchone()[0]

        def bare() -> None:
            with acting(by), connection.cursor() as cursor:
                cursor.execute(_BARE, [by.zone_id, metrics, now])
                cursor.fetchall()

        def ours() -> None:
            said = {"zone_id": by.zone_id, "as_of": AS_OF, "known_at": now}
            with acting(by):
                for lender in (RegistryLender(), FiguresLender(), AttributesLender()):
                    lender.columns(names=names, **said)  # type: ignore[arg-type]  # as above

        def whole() -> None:
            with acting(by):
                words = vocabularies.vocabulary(by.zone_id).words
                stored = {name for name, word in words.items() if not word.formula}
                vocabularies.facts(zone_id=by.zone_id, names=stored, as_of=AS_OF, known_at=now)

        kept = f"{len(names)} words of {FIRMS:,} firms"
        compare("facts_fetch", "ms", ours, bare, "one bare scan of the same figures", 1.0, runs=9)
        compare("facts_fetch_bound", "ms", ours, BOUND_MS, f"{kept} within", 1.0, runs=9)
        compare(
            "facts_all_rooms", "ms", whole, ours, "every stored word of every room", 3.0, runs=5
        )
        report("facts_words", "words", float(len(names)), 120.0, "words asked for at once", 1.0,
               smaller_is_better=False)  # fmt: skip


if __name__ == "__main__":
    main()
