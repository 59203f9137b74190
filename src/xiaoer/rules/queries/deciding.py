"""What a rule says of one subject, clause by clause, with the facts each clause read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pyarrow as pa

from xiaoer.base.words import Kind
from xiaoer.rules.engines.many import plan
from xiaoer.rules.language.spec import CompiledRule, Outcome, State

_TYPES = {
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.TEXT: pa.string(),
}


def decide(rule: CompiledRule, facts: Mapping[str, object], as_of: date) -> Outcome:
    """The outcome for the facts of one subject; a word that is not said is missing."""
    ready = plan([rule])
    row = pa.table(
        {"id": pa.array([0], pa.int64())}
        | {name: pa.array([facts.get(name)], _TYPES[kind]) for name, kind in ready.columns.items()}
    )
    found = ready.run(row, as_of).outcome(0, 0)
    clauses = tuple(
        replace(
            outcome,
            read={name: facts.get(name) for name in clause.columns},
            missing=tuple(name for name in clause.columns if facts.get(name) is None)
            if outcome.state in (State.NEEDS_DATA, State.NEEDS_PERSON)
            else (),
        )
        for clause, outcome in zip(rule.clauses, found.clauses, strict=True)
    )
    return replace(found, clauses=clauses)
