"""How far firms are from a number of a clause: who would meet it were the number a little kinder.

Asked with the language itself: the clause is evaluated again with its number moved step by step, so
that whatever stands beside the number keeps its meaning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pyarrow as pa

from xiaoer.base.words import Word
from xiaoer.rules.engines.matrix import STATES
from xiaoer.rules.language.compiling import Wrong, compile_clause
from xiaoer.rules.language.spec import ClauseKind, ClauseText, CompiledRule, State
from xiaoer.rules.queries.trying import Moment, say
from xiaoer.rules.thresholds import Threshold, thresholds, with_number

STEPS = (1, 2, 4, 8, 16, 32)
_COUNTED = {"people", "人", "items", "项", "年", "yr"}
_MET, _NOT_MET = STATES.index(State.MET), STATES.index(State.NOT_MET)


@dataclass(frozen=True, slots=True)
class Nearness:
    """Firms that do not meet a clause, by what is lacking; ``edges`` in the number's own unit.

    ``bins`` has one more entry than ``edges``: those lacking more than the last.
    """

    number: int
    threshold: Threshold
    edges: tuple[Decimal, ...]
    bins: tuple[int, ...]

    @property
    def lacking(self) -> int:
        return sum(self.bins)


def nearness(
    *,
    number: int,
    clause: ClauseText,
    table: pa.Table,
    moment: Moment,
    words: Mapping[str, Word],
) -> Nearness | None:
    """The firms of a clause (counted from 1) by how far they are from its first number."""
    found = movable(clause, words)
    if found is None:
        return None
    place, threshold = found
    edges = _edges(threshold)
    rules = [_alone(clause, words)] + [
        _alone(kinder(clause, place, threshold, edge), words) for edge in edges
    ]
    if any(rule is None for rule in rules) or not edges:
        return None
    said = say([rule for rule in rules if rule], table, moment.as_of)
    lacking = said[0].codes() == _NOT_MET
    within = [int((lacking & (one.codes() == _MET)).sum()) for one in said[1:]]
    steps = [0, *within, int(lacking.sum())]
    bins = tuple(after - before for before, after in pairwise(steps))
    return Nearness(number, threshold, edges, bins)


def near_firms(
    *,
    clause: ClauseText,
    edge: Decimal,
    table: pa.Table,
    moment: Moment,
    words: Mapping[str, Word],
) -> set[int]:
    """Who does not meet a clause and would, were its first number kinder by ``edge``."""
    found = movable(clause, words)
    if found is None:
        return set()
    pair = (_alone(clause, words), _alone(kinder(clause, *found, edge), words))
    rules = [rule for rule in pair if rule]
    if len(rules) < 2:
        return set()
    now, then = say(rules, table, moment.as_of)
    return set(now.ids[(now.codes() == _NOT_MET) & (then.codes() == _MET)].tolist())


def movable(clause: ClauseText, words: Mapping[str, Word]) -> tuple[int, Threshold] | None:
    """The first number of a condition that can be made kinder, with its place."""
    if clause.kind not in (ClauseKind.CONDITION, ClauseKind.PERSON):
        return None
    for place, threshold in enumerate(thresholds(clause.text, words)):
        if threshold.sign in ("≥", ">", "≤", "<") and threshold.number > 0 and threshold.unit:
            return place, threshold
    return None


def kinder(clause: ClauseText, place: int, threshold: Threshold, edge: Decimal) -> ClauseText:
    """The clause with its number lowered, or raised where less is better."""
    by = edge * threshold.factor
    moved = threshold.number + (by if threshold.sign in ("≤", "<") else -by)
    return ClauseText(
        clause.name, clause.name_en, with_number(clause.text, place, moved), clause.kind
    )


def _edges(threshold: Threshold) -> tuple[Decimal, ...]:
    """Steps that double, from a round twentieth of the number; never below nought."""
    figure = threshold.number / threshold.factor
    first = _round(figure / 20)
    if threshold.unit in _COUNTED:
        first = max(first, Decimal(1))
    is_floor = threshold.sign in ("≥", ">")
    steps: Sequence[Decimal] = [first * step for step in STEPS]
    return tuple(step for step in steps if not is_floor or step < figure)


def _round(figure: Decimal) -> Decimal:
    """One, two or five of a power of ten."""
    power = Decimal(1).scaleb(figure.adjusted())
    digit = next((d for d in (1, 2, 5) if figure <= d * power), 10)
    return Decimal(f"{digit * power:f}")


def _alone(clause: ClauseText, words: Mapping[str, Word]) -> CompiledRule | None:
    try:
        compiled = compile_clause(clause, words)
    except Wrong:
        return None
    return CompiledRule("near", (compiled,), compiled.columns)
