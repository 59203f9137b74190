"""A zone of 2,500 firms and every rule in force in it: from the database to verdicts stored.

Measured are the first run, which writes every verdict, one after the figures of a tenth of the firms
were corrected, and one that finds nothing new; each beside fetching the facts alone. Verdicts of the
first run are replayed, and some are compared with what the engine for one firm says.
"""

import sys
import time
from collections.abc import Callable
from statistics import median

import psycopg
from django.db import transaction

from benchmarks.measure import Bench, bench_database, report
from tests.town import NOW, actor
from xiaoer.base.scope import Actor, acting
from xiaoer.base.words import Kind
from xiaoer.facts.vocabulary import attribute_words, figure_words
from xiaoer.registry import actions as registry
from xiaoer.rules import actions as rules
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.models import RuleRun
from xiaoer.rules.queries.evaluating import evaluate_zone, in_force
from xiaoer.rules.vocabularies import facts

FIRMS = 2_500
TODAY = NOW.date()
RUNS = 5

_PARTIES = """
insert into party (zone_id, kind, name, credit_code, old_register_no, industry, section, status,
                   capital_fen, capital_currency, registered_on, address, business,
                   legal_representative, contact_name, contact_phone, cell_id, terms, version)
select %(zone)s, 'firm', 'firm ' || n, '', '', (1311 + n %% 3000)::text, 'C', 'operating',
       n * 1000000::bigint, 'CNY', date '2005-01-01' + n, '', '', '', '', '', %(cell)s, '', 1
from generate_series(1, %(firms)s) n
"""
# Seven of eight figures are known: of three years, or at their ends; of some also by months.
_VALUES = """
with periods as (
  select make_date(y, 1, 1) as starts_on, make_date(y, 12, 31) as ends_on, false as monthly
  from generate_series(2023, 2025) y
  union all select make_date(y, 12, 31), make_date(y, 12, 31), false
  from generate_series(2023, 2025) y
  union all select m::date, (m + interval '1 month - 1 day')::date, true
  from generate_series(timestamp '2025-01-01', timestamp '2026-10-01', interval '1 month') m
)
insert into value (zone_id, metric_id, aspect, party_id, dimension, starts_on, ends_on, "column",
                   low, high, is_open, source_id, external_ref, known_at, recorded_at, note)
select %(zone)s, m.id, 'value', p.id, '', d.starts_on, d.ends_on, 'reported', n.low, n.low, false,
       %(source)s, '', timestamptz '2026-11-01', timestamptz '2026-11-01', ''
from metric m cross join party p cross join periods d
cross join lateral (
  select abs(hashint8(p.id * 1000003 + m.id * 7919 + extract(doy from d.ends_on)::int)::bigint)
         %% 40000000 as low
) n
where p.zone_id = %(zone)s and n.low %% 8 <> 0
  and case when d.monthly then m.code = any(%(monthly)s)
           when d.starts_on = d.ends_on then m.code = any(%(levels)s)
           else m.code = any(%(years)s) end
"""
MONTHLY = ["operating_revenue", "main_revenue_cny", "output_value", "tax_paid", "electricity_use"]
_FLAGS = """
insert into attribute (zone_id, party_id, word, flag, source_kind, source, known_at, recorded_at, note)
select %(zone)s, p.id, w.word, (p.id + length(w.word)) %% 5 = 0, 'official', 'list',
       timestamptz '2026-11-01', timestamptz '2026-11-01', ''
from party p cross join unnest(%(words)s::text[]) w(word)
where p.zone_id = %(zone)s and (p.id * 31 + length(w.word)) %% 8 <> 0
"""
_CORRECTED = """
insert into value (zone_id, metric_id, aspect, party_id, dimension, starts_on, ends_on, "column",
                   low, high, is_open, source_id, external_ref, known_at, recorded_at, note)
select zone_id, metric_id, aspect, party_id, dimension, starts_on, ends_on, "column",
       low * 2, high * 2, false, source_id, '', %(known_at)s, %(known_at)s, ''
from value where zone_id = %(zone)s and party_id %% 10 = %(which)s and ends_on >= '2025-01-01'
  and known_at = timestamptz '2026-11-01'
"""


def fill(bench: Bench) -> Actor:
    """The east of the town with its firms and what is known of them."""
    by = actor("east-admin")
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="1", name="一网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="01", name="一单元")
        flags = sorted(
            {node for one in in_force(zone_id=by.zone_id, as_of=TODAY) for node in one.rule.columns}
        )
    with psycopg.connect(bench.addresses.admin, autocommit=True) as link:
        link.execute("set session_replication_role = replica")
        given = {"zone": by.zone_id, "cell": cell.pk, "firms": FIRMS, "words": _attributes(flags)}
        link.execute(_PARTIES, given)
        source = link.execute(
            "insert into source (zone_id, name) values (%(zone)s, 'sheets') returning id", given
        ).fetchall()[0][0]
        words = figure_words().values()
        years = sorted({word.metric for word in words if word.form.startswith("y")})
        levels = sorted({word.metric for word in words} - set(years))
        figures = {"source": source, "years": years, "levels": levels, "monthly": MONTHLY}
        link.execute(_VALUES, {**given, **figures})
        link.execute(_FLAGS, given)
        link.execute("set session_replication_role = origin")
        link.execute("set client_min_messages = error")
        link.execute("vacuum (analyze)")
    return by


def _attributes(names: list[str]) -> list[str]:
    """Which of the words are kept as something that is no figure, and are yes or no."""
    return [
        name
        for name in names
        if name in attribute_words() and attribute_words()[name].kind == Kind.FLAG
    ]


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


class _Undone(Exception):
    """Takes back what was measured, so that it can be measured again."""


def run_and_undo(by: Actor) -> float:
    """Evaluate, and take it back."""
    taken = 0.0
    try:
        with acting(by):
            taken = timed(lambda: rules.run_rules(by=by, now=NOW, as_of=TODAY))
            raise _Undone
    except _Undone:
        return taken


def main() -> None:
    with bench_database("rules_zone") as bench:
        by = fill(bench)
        measure(bench, by)


def measure(bench: Bench, by: Actor) -> None:
    first = median(run_and_undo(by) for _run in range(RUNS))
    with acting(by):
        kept = rules.run_rules(by=by, now=NOW, as_of=TODAY)
    if kept.subjects != FIRMS or not kept.changed:
        sys.exit(f"{kept.subjects} firms and {kept.changed} verdicts: that is no zone to measure.")
    must_be_right(by, kept)
    print(
        f"{kept.subjects} firms, {len(kept.versions)} rules, {kept.changed} verdicts",
        file=sys.stderr,
    )
    with acting(by):
        chosen = in_force(zone_id=by.zone_id, as_of=TODAY)
        names = sorted({name for one in chosen for name in one.rule.columns})
        fetching = median(
            timed(lambda: facts(zone_id=by.zone_id, names=names, as_of=TODAY, known_at=NOW))
            for _run in range(RUNS)
        )
    nothing = median(run_and_undo(by) for _run in range(RUNS))
    with psycopg.connect(bench.addresses.admin, autocommit=True) as link:
        link.execute("set session_replication_role = replica")
        link.execute(_CORRECTED, {"zone": by.zone_id, "which": 3, "known_at": NOW})
    changed = median(run_and_undo(by) for _run in range(RUNS))
    report("rules_zone_first", "s", first, 1.0, "one second", 1)
    report("rules_zone_month", "s", changed, 1.0, "one second", 1)
    report("rules_zone_again", "s", nothing, 1.0, "one second", 1)
    report("rules_zone_again", "s", nothing, fetching, "fetching the facts alone", 2)


def must_be_right(by: Actor, kept: RuleRun) -> None:
    """The run comes out the same, and the engine for one firm agrees."""
    with acting(by), transaction.atomic():
        if not rules.replay(by=by, run_id=kept.pk).is_same:
            sys.exit("The run does not come out the same.")
        chosen = [one.rule for one in in_force(zone_id=by.zone_id, as_of=TODAY)]
        found = evaluate_zone(zone_id=by.zone_id, as_of=TODAY, known_at=NOW, rules=chosen)
        for row in range(0, len(found.ids), 250):
            firm = {name: found.facts[name][row].as_py() for name in found.facts.column_names}
            for at, rule in enumerate(chosen):
                told = evaluate(rule, firm, TODAY)
                ours = found.matrix.outcome(row, at)
                if [told.state, *(one.state for one in told.clauses)] != [
                    ours.state,
                    *(one.state for one in ours.clauses),
                ]:
                    sys.exit(f"The two engines differ about {rule.key}.")


if __name__ == "__main__":
    main()
