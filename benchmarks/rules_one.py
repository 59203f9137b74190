"""One firm and a rule of six conditions, the state of each kept: what does a verdict take?

A thousand firms are asked one by one, by our engine, by zen's compiled expressions and decisions,
and by the same conditions written by hand in Python. All four must say the same.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import zen

from benchmarks.measure import compare
from benchmarks.rule_engines import zen_decision, zen_text
from benchmarks.rule_stock import Asked, compiled_rule, firms
from xiaoer.rules.engines.one import prepare
from xiaoer.rules.language.spec import State

AS_OF = date(2026, 11, 21)
MANY = 1000
RULE = (
    Asked("n0", ">=", 3_000_000),
    Asked("n1", "<=", 20_000_000),
    Asked("n2", ">=", 0.3, "n3"),
    Asked("n4", ">=", 500_000),
    Asked("c0", "in", texts=("v1", "v2", "v3", "v5")),
    Asked("c1", "in", texts=("v0", "v4", "v6", "v7")),
)
Facts = dict[str, Any]
Said = tuple[bool | None, ...]
TRUE: Mapping[State, bool | None] = {State.MET: True, State.NOT_MET: False}


def by_hand(f: Facts) -> tuple[bool | None, Said]:
    """The verdict and the conditions, as somebody would write them for this one rule."""
    n0, n1, n2, n3, n4 = f["n0"], f["n1"], f["n2"], f["n3"], f["n4"]
    c0, c1 = f["c0"], f["c1"]
    said = (
        None if n0 is None else n0 >= 3_000_000,
        None if n1 is None else n1 <= 20_000_000,
        None if n2 is None or n3 is None else n2 >= 0.3 * n3,
        None if n4 is None else n4 >= 500_000,
        None if c0 is None else c0 in ("v1", "v2", "v3", "v5"),
        None if c1 is None else c1 in ("v0", "v4", "v6", "v7"),
    )
    return False if False in said else None if None in said else True, said


def main() -> None:
    asked: list[Facts] = firms(MANY)
    prepared = prepare(compiled_rule(RULE))
    expressions = [zen.compile_expression(zen_text(one)) for one in RULE]
    decision = zen.ZenEngine().create_decision(zen_decision(RULE))

    def ours(firm: Facts) -> tuple[State, tuple[State, ...]]:
        told = prepared(firm, AS_OF)
        return told.state, told.states

    def with_expressions(firm: Facts) -> tuple[bool | None, Said]:
        said = tuple(one.evaluate(firm) for one in expressions)
        return False if False in said else None if None in said else True, said

    def with_decision(firm: Facts) -> dict[str, bool]:
        return dict(decision.evaluate(firm)["result"])

    for firm in asked:
        by_us, hand = ours(firm), by_hand(firm)
        decided = with_decision(firm)
        same = (
            tuple(TRUE.get(state) for state in by_us[1]),
            hand[1],
            with_expressions(firm)[1],
            tuple(decided.get(f"k{at}") for at in range(len(RULE))),
        )
        if len(set(same)) > 1 or TRUE.get(by_us[0]) != hand[0]:
            sys.exit(f"They differ about {firm}.")

    def all_of(act: Callable[[Facts], object]) -> Callable[[], object]:
        def work() -> None:
            for firm in asked:
                act(firm)

        return work

    # A thousand firms in ms are one firm in microseconds.
    mine = all_of(ours)
    compare("rules_one", "ms", mine, all_of(with_expressions), "zen's expressions", 1 / 5)
    compare("rules_one", "ms", mine, all_of(with_decision), "zen's decision", 1 / 50)
    compare("rules_one", "ms", mine, all_of(by_hand), "by hand in Python", 4)


if __name__ == "__main__":
    main()
