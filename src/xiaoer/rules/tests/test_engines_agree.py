"""Both engines, DuckDB and PostgreSQL give every invented rule about every invented firm one verdict."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.base.words import Kind
from xiaoer.rules.engines.many import plan
from xiaoer.rules.engines.matrix import STATES, Matrix
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.language import tree as t
from xiaoer.rules.language.spec import ClauseKind, ClauseText, CompiledClause, CompiledRule
from xiaoer.rules.language.sql import Dialect, clause_sql, points_sql, state_sql
from xiaoer.rules.language.walking import columns

AS_OF = date(2026, 11, 21)
Facts = Mapping[str, Sequence[object]]

COLUMNS = {
    "turnover": (Kind.NUMBER, False),
    "costs": (Kind.NUMBER, False),
    "points_given": (Kind.NUMBER, True),
    "listed": (Kind.FLAG, False),
    "confirmed": (Kind.FLAG, True),
    "since": (Kind.DAY, False),
    "judged_on": (Kind.DAY, True),
    "sector": (Kind.TEXT, False),
    "field": (Kind.TEXT, True),
}
HUGE = (-1e308, -1e200, 0.0, 1e-308, 1e100, 1e200, 1e308, float("inf"), float("-inf"))
NUMBERS = (-2.0, -1.0, 0.0, 0.1, 0.5, 1.0, 2.0, 3.0, 7.0)
DAYS = (date(2024, 2, 29), date(2025, 11, 21), date(2026, 1, 31), date(2026, 11, 21))
TEXTS = ("hotel", "service_500", "service_1000", "industry", "")
ORDERS = st.sampled_from(["<", "<=", "=", "<>", ">=", ">"])
VALUES = {Kind.NUMBER: NUMBERS, Kind.FLAG: (True, False), Kind.DAY: DAYS, Kind.TEXT: TEXTS}
ARROW = {
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.TEXT: pa.string(),
}
POSTGRES = {
    Kind.NUMBER: "float8[]",
    Kind.FLAG: "boolean[]",
    Kind.DAY: "date[]",
    Kind.TEXT: "text[]",
}

# Trees -------------------------------------------------------------------------------------------

Nodes = st.SearchStrategy[t.Node]


def leaves(kind: Kind) -> Nodes:
    words = [t.Column(name, k, judged) for name, (k, judged) in COLUMNS.items() if k == kind]
    constants: list[t.Node] = [t.Constant(value, kind) for value in VALUES[kind]]
    more: list[t.Node] = [t.AsOf()] if kind == Kind.DAY else []
    return st.sampled_from([*words, *words, *constants[:4], *more])


def cases(conditions: Nodes, values: Nodes) -> Nodes:
    branches = st.lists(st.tuples(conditions, values), min_size=1, max_size=2).map(tuple)
    return st.builds(t.Case, branches, st.none() | values)


def several(of: Nodes) -> st.SearchStrategy[tuple[t.Node, ...]]:
    return st.lists(of, min_size=2, max_size=3).map(tuple)


def numbers(depth: int) -> Nodes:
    if not depth:
        return leaves(Kind.NUMBER)
    less = numbers(depth - 1)
    return st.one_of(
        leaves(Kind.NUMBER),
        st.builds(t.Arithmetic, st.sampled_from("+-*/"), less, less),
        st.builds(t.Negative, less),
        st.builds(t.Power, leaves(Kind.NUMBER), st.integers(2, 8)),
        st.builds(t.Root, less),
        st.builds(t.Largest, several(less)),
        st.builds(t.Smallest, several(less)),
        st.builds(t.DaysBetween, days(depth - 1), days(depth - 1)),
        cases(truths(depth - 1), less),
        st.builds(t.Fallback, several(less)),
        st.builds(t.Derived, st.just("derived"), less, st.just(Kind.NUMBER)),
    )


def days(depth: int) -> Nodes:
    if not depth:
        return leaves(Kind.DAY)
    less = days(depth - 1)
    return st.one_of(
        leaves(Kind.DAY),
        st.builds(t.Shifted, less, st.integers(-40, 40), st.integers(-400, 400)),
        cases(truths(depth - 1), less),
        st.builds(t.Fallback, several(less)),
    )


def texts(depth: int) -> Nodes:
    if not depth:
        return leaves(Kind.TEXT)
    less = texts(depth - 1)
    return st.one_of(
        leaves(Kind.TEXT),
        cases(truths(depth - 1), less),
        st.builds(t.Fallback, several(less)),
        st.builds(t.Derived, st.just("derived"), less, st.just(Kind.TEXT)),
    )


def among(of: Nodes, kind: Kind) -> Nodes:
    values = st.lists(st.sampled_from(VALUES[kind]), min_size=1, max_size=3).map(tuple)
    return st.builds(t.OneOf, of, values)


def truths(depth: int) -> Nodes:
    if not depth:
        return leaves(Kind.FLAG)
    less = truths(depth - 1)
    number, day, text = numbers(depth - 1), days(depth - 1), texts(depth - 1)
    compared = [st.builds(t.Compare, ORDERS, of, of) for of in (number, day, text, less)]
    return st.one_of(
        leaves(Kind.FLAG),
        *compared,
        among(number, Kind.NUMBER),
        among(day, Kind.DAY),
        among(text, Kind.TEXT),
        st.builds(t.StartsWith, text, st.sampled_from(["service_", "h", "none_"])),
        st.builds(t.IsMissing, st.one_of(number, text, less)),
        st.builds(t.Both, several(less)),
        st.builds(t.Either, several(less)),
        st.builds(t.Opposite, less),
        cases(less, less),
        st.builds(t.Fallback, several(less)),
    )


def points(depth: int) -> Nodes:
    some = st.one_of(
        st.sampled_from([t.Band(7, 8), t.Band(0, 5), t.Band(4, 4), t.Band(1, 3)]),
        st.sampled_from([t.Constant(value, Kind.NUMBER) for value in (0.0, 1.0, 5.0, 20.0)]),
    )
    if not depth:
        return some
    less = points(depth - 1)
    branches = st.lists(st.tuples(truths(1), less), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        some,
        st.builds(t.Case, branches, less),
        st.builds(t.Arithmetic, st.sampled_from("+-"), less, less),
        st.builds(t.Negative, less),
        st.builds(t.Largest, several(less)),
        st.builds(t.Smallest, several(less)),
    )


@st.composite
def rules(draw: st.DrawFn) -> CompiledRule:
    scored = draw(st.lists(points(2), max_size=3))
    clauses = [_clause(ClauseKind.SCORE, one) for one in scored]
    for kind in draw(
        st.lists(st.sampled_from(list(ClauseKind)[:3]), min_size=0 if scored else 1, max_size=4)
    ):
        compared = st.builds(
            t.Compare,
            st.sampled_from(["<", "<=", ">=", ">"]),
            st.just(t.Score("", tuple(scored))),
            leaves(Kind.NUMBER).filter(lambda node: isinstance(node, t.Constant)),
        )
        tree = draw(st.one_of(truths(2), compared) if scored else truths(3))
        clauses.append(_clause(kind, tree, draw(st.sampled_from([None, None, None, 1, 2]))))
    order = draw(st.permutations(clauses))
    return CompiledRule("drawn/1", tuple(order), tuple(COLUMNS))


def _clause(kind: ClauseKind, tree: t.Node, any_of: int | None = None) -> CompiledClause:
    return CompiledClause(ClauseText("条", "clause", "", kind, any_of), tree, columns(tree))


@st.composite
def facts(draw: st.DrawFn, figures: Sequence[float] = NUMBERS) -> Facts:
    rows = draw(st.integers(1, 18))
    values = {**VALUES, Kind.NUMBER: figures}
    return {
        name: draw(
            st.lists(
                st.sampled_from([None, *values[kind], *values[kind]]), min_size=rows, max_size=rows
            )
        )
        for name, (kind, _judged) in COLUMNS.items()
    }


# What each says ----------------------------------------------------------------------------------

Said = list[tuple[object, ...]]
"""For each firm the verdict, the state of each clause, and the two ends of the points."""


def table(of: Facts) -> pa.Table:
    return pa.table(
        {name: pa.array(of[name], ARROW[kind]) for name, (kind, _judged) in COLUMNS.items()}
    )


def said_by(matrix: Matrix, rule: CompiledRule) -> Said:
    names = np.array([str(state) for state in STATES])
    found = [names[matrix.states(0)].tolist()]
    found += [names[matrix.clause_states(0, at)].tolist() for at in range(len(rule.clauses))]
    found += [ends.tolist() for ends in matrix.scores(0) or ()]
    return list(zip(*found, strict=True))


def said_by_one(rule: CompiledRule, of: Facts) -> Said:
    """Firm by firm, with the reasons worked out."""
    said: Said = []
    for row in range(len(of["turnover"])):
        told = evaluate(rule, {name: values[row] for name, values in of.items()}, AS_OF)
        states = [str(told.state), *(str(clause.state) for clause in told.clauses)]
        ends = [] if told.low is None else [told.low, told.high]
        said.append((*states, *ends))
    return said


def question(rule: CompiledRule, dialect: Dialect) -> str:
    asked = [state_sql(rule, dialect), *(clause_sql(one, dialect) for one in rule.clauses)]
    asked += points_sql(rule, dialect) or ()
    return "select " + ", ".join(asked)


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as link:
        yield link


def asked_of_duckdb(link: duckdb.DuckDBPyConnection, rule: CompiledRule, of: Facts) -> Said:
    firms = table(of).append_column("as_of", pa.array([AS_OF] * len(of["turnover"]), pa.date32()))
    link.register("firms", firms)
    return link.execute(question(rule, "duckdb") + " from firms").fetchall()


def asked_of_postgres(rule: CompiledRule, of: Facts) -> Said:
    given = ", ".join(f"%s::{POSTGRES[kind]}" for kind, _judged in COLUMNS.values())
    words = ", ".join(COLUMNS)
    asked = question(rule, "postgres").replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(
            f"{asked} from unnest({given}) as firm({words}), (select %s::date as as_of) as day",
            [*map(list, of.values()), AS_OF],
        )
        return list(cursor.fetchall())


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rule=rules(), of=facts())
def test_engines_and_databases_agree_on_every_verdict_and_clause(
    db: None, duck: duckdb.DuckDBPyConnection, rule: CompiledRule, of: Facts
) -> None:
    ours = said_by(plan([rule]).run(table(of), AS_OF), rule)
    assert ours == said_by_one(rule, of)
    assert ours == asked_of_duckdb(duck, rule, of)
    assert ours == asked_of_postgres(rule, of)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=rules(), of=facts(HUGE))
def test_what_overflows_is_missing_to_both_engines(rule: CompiledRule, of: Facts) -> None:
    """PostgreSQL refuses to work it out, and DuckDB goes on with what is infinite."""
    assert said_by(plan([rule]).run(table(of), AS_OF), rule) == said_by_one(rule, of)
