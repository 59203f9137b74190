"""The engine for many subjects: verdicts in bits, whatever the table looks like."""

import pickle
from datetime import date

import numpy as np
import pyarrow as pa

from xiaoer.base.words import Kind
from xiaoer.rules.engines.many import CHUNK, Plan, plan
from xiaoer.rules.engines.matrix import STATES, Matrix
from xiaoer.rules.language import tree as t
from xiaoer.rules.language.spec import (
    ClauseKind,
    ClauseText,
    CompiledClause,
    CompiledRule,
    State,
)

AS_OF = date(2026, 11, 21)
TURNOVER = t.Column("turnover", Kind.NUMBER)
COSTS = t.Column("costs", Kind.NUMBER)
SECTOR = t.Column("sector", Kind.TEXT)
CONFIRMED = t.Column("confirmed", Kind.FLAG, is_judged=True)


def number(value: float) -> t.Constant:
    return t.Constant(value, Kind.NUMBER)


def at_least(node: t.Node, value: float) -> t.Node:
    return t.Compare(">=", node, number(value))


def clause(
    tree: t.Node, kind: ClauseKind = ClauseKind.CONDITION, any_of: int | None = None
) -> CompiledClause:
    return CompiledClause(ClauseText("条款", "clause", "", kind, any_of), tree, ())


def rule(*clauses: CompiledClause | t.Node) -> CompiledRule:
    whole = [one if isinstance(one, CompiledClause) else clause(one) for one in clauses]
    return CompiledRule("tried/1", tuple(whole), ())


def firms(**columns: object) -> pa.Table:
    types = {"sector": pa.string(), "confirmed": pa.bool_()}
    return pa.table(
        {name: pa.array(of, types.get(name, pa.float64())) for name, of in columns.items()}
    )


def states(of: Matrix, at: int = 0) -> list[State]:
    return [STATES[code] for code in of.states(at)]


def letters(tree: CompiledRule, **columns: object) -> list[str]:
    return list(plan([tree]).run(firms(**columns), AS_OF).letters(0).tolist())


def test_a_missing_fact_needs_data_and_a_missing_judgement_needs_a_person() -> None:
    asked = rule(at_least(TURNOVER, 2), CONFIRMED)
    found = plan([asked]).run(
        firms(turnover=[2, 1, None, 2, None], confirmed=[True, None, None, None, False]), AS_OF
    )
    assert found.letters(0).tolist() == ["mm", "np", "dp", "mp", "dn"]
    assert states(found) == [
        State.MET,
        State.NOT_MET,
        State.NEEDS_DATA,
        State.NEEDS_PERSON,
        State.NOT_MET,
    ]
    assert list(found.counts(0).values()) == [1, 2, 1, 1]
    assert found.clause_counts(0, 1)[State.NEEDS_PERSON] == 3


def test_a_blocker_that_holds_is_not_met() -> None:
    blocked = rule(clause(at_least(TURNOVER, 2), ClauseKind.BLOCKER))
    assert letters(blocked, turnover=[3, 1, None]) == ["n", "m", "d"]


def test_a_clause_for_a_person_never_asks_for_data() -> None:
    judged = rule(clause(at_least(TURNOVER, 2), ClauseKind.PERSON))
    assert letters(judged, turnover=[3, 1, None]) == ["m", "n", "p"]


def test_one_of_the_clauses_of_a_number_suffices() -> None:
    either = rule(
        clause(at_least(TURNOVER, 2), any_of=1),
        clause(CONFIRMED, any_of=1),
    )
    found = plan([either]).run(
        firms(turnover=[3, 1, 1, None, None], confirmed=[None, True, False, False, None]), AS_OF
    )
    assert [str(state) for state in states(found)] == [
        "met",
        "met",
        "not_met",
        "needs_data",
        "needs_data",
    ]


def test_what_is_divided_by_zero_is_missing_and_so_is_what_is_no_number() -> None:
    margin = rule(at_least(t.Arithmetic("/", TURNOVER, COSTS), 2))
    assert letters(
        margin,
        turnover=[4, 4, 0, float("nan"), float("inf"), 1e308],
        costs=[2, 0, 0, 1, 1, 1e-308],
    ) == ["m", "d", "d", "d", "d", "d"]


def test_points_stay_open_where_a_fact_or_an_expert_is_missing() -> None:
    given = t.Case(((at_least(TURNOVER, 2), t.Band(7, 8)),), number(0))
    passed = t.Compare(">", t.Score("", (given,)), number(7))
    found = plan([rule(clause(given, ClauseKind.SCORE), passed)]).run(
        firms(turnover=[3, 1, None]), AS_OF
    )
    assert found.letters(0).tolist() == ["pp", "mn", "dd"]
    low, high = found.scores(0) or (np.empty(0), np.empty(0))
    assert (low.tolist(), high.tolist()) == ([7, 0, 0], [8, 0, 8])
    assert found.outcome(0, 0).low == 7


def test_texts_are_compared_however_they_are_stored() -> None:
    service = rule(
        t.StartsWith(SECTOR, "service_"), t.Compare("=", SECTOR, t.Constant("服务", Kind.TEXT))
    )
    stored = pa.array(["service_500", "服务", None, "hotel"])
    pieces = pa.chunked_array(
        [stored.slice(0, 1).dictionary_encode(), stored.slice(1).dictionary_encode()]
    )
    for column in (stored, stored.cast(pa.large_string()), stored.dictionary_encode(), pieces):
        found = plan([service]).run(pa.table({"sector": column}), AS_OF)
        assert found.letters(0).tolist() == ["mn", "nm", "dd", "nn"]


def test_a_column_the_table_lacks_is_known_of_nobody() -> None:
    assert letters(rule(at_least(TURNOVER, 1), CONFIRMED, SECTOR_IS_HOTEL), costs=[1]) == ["dpd"]


SECTOR_IS_HOTEL = t.OneOf(SECTOR, ("hotel",))


def test_pieces_joined_say_the_same_as_the_whole() -> None:
    rows = 2 * CHUNK + 5
    numbers = np.random.default_rng(4).integers(0, 9, rows).astype(float)
    table = pa.table({"turnover": pa.array(numbers, mask=numbers == 8)})
    planned = plan([rule(at_least(TURNOVER, 4)), rule(t.Opposite(at_least(TURNOVER, 6)))])
    sent: Plan = pickle.loads(pickle.dumps(planned))  # noqa: S301  (our own)
    whole = planned.run(table, AS_OF)
    for cut in (CHUNK, 8, 13):
        joined = Matrix.joined(
            [sent.evaluate(table.slice(0, cut), AS_OF), sent.evaluate(table.slice(cut), AS_OF)]
        )
        for at in (0, 1):
            assert (joined.states(at) == whole.states(at)).all()
            assert joined.counts(at) == whole.counts(at)
    assert [whole.outcome(row, 0).state for row in range(20)] == states(whole)[:20]


def test_nobody_is_judged_where_there_is_nobody() -> None:
    found = plan([rule(at_least(TURNOVER, 4), SECTOR_IS_HOTEL)]).run(
        firms(turnover=[], sector=[]), AS_OF
    )
    assert sum(found.counts(0).values()) == 0
    assert found.letters(0).tolist() == []


def test_a_condition_that_stands_in_many_rules_is_kept_once() -> None:
    shared = at_least(TURNOVER, 4)
    planned = plan([rule(shared, at_least(COSTS, at)) for at in range(50)])
    assert len(planned.true) == 51
    assert len(planned.known) == 2
