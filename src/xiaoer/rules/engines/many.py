"""The engine for many subjects: all rules over a table, in numpy, with no loop over subjects.

Conditions are taken apart into steps shared by all rules (``planning``) and done chunk by chunk, so
that a chunk's columns stay in the cache. A condition leaves one bit a subject where it is true and
one where it is known; verdicts are put together from those, a machine word at a time.

A plan can be sent elsewhere (it pickles as its rules) and evaluates Arrow batches one by one, so
that several processes or machines can share a table and join what they find.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from xiaoer.base.words import Kind
from xiaoer.rules.engines.matrix import (
    DATA,
    EVERYBODY,
    PERSON,
    ClausePlace,
    Matrix,
    RulePlace,
    Sets,
    sets_of_rule,
)
from xiaoer.rules.engines.planning import Cause, Planner, Slot, Span, Step, Truth
from xiaoer.rules.engines.vectors import Batch, Chunk
from xiaoer.rules.language.spec import ClauseKind, CompiledClause, CompiledRule

CHUNK = 32_768
"""Rows done at a time: a multiple of 8; measured on a million firms, larger and smaller are slower."""


@dataclass(frozen=True)
class Plan:
    """How to evaluate some rules; ``places`` says where each clause's bits will be."""

    rules: tuple[CompiledRule, ...]
    places: tuple[RulePlace, ...]
    columns: dict[str, Kind]
    texts: tuple[str, ...]
    steps: tuple[Step, ...]
    true: tuple[Slot, ...]
    known: tuple[Slot, ...]
    data: tuple[Slot, ...]
    low: tuple[Slot, ...]
    high: tuple[Slot, ...]

    def __reduce__(self) -> tuple[Callable[..., "Plan"], tuple[Sequence[CompiledRule]]]:
        return plan, (self.rules,)

    def run(self, batch: pa.Table | pa.RecordBatch, as_of: date) -> Matrix:
        """Verdicts of all rules about every row; ``as_of`` is the day the facts are about."""
        return self.evaluate(batch, as_of)

    def evaluate(self, batch: pa.Table | pa.RecordBatch, as_of: date) -> Matrix:
        """The same for one batch among others; ``Matrix.joined`` puts them together."""
        table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
        opened = Batch(table, self.columns, self.texts, as_of)
        width = (opened.rows + 7) // 8
        true, known, data = (
            np.empty((len(slots), width), np.uint8) for slots in (self.true, self.known, self.data)
        )
        low, high = (np.empty((len(self.low), opened.rows)) for _end in range(2))
        with np.errstate(all="ignore"):
            for start in range(0, opened.rows, CHUNK):
                chunk = Chunk(opened, start, min(CHUNK, opened.rows - start))
                found = self._done(chunk)
                part = slice(start // 8, start // 8 + (chunk.rows + 7) // 8)
                for bits, slots in ((true, self.true), (known, self.known), (data, self.data)):
                    for at, slot in enumerate(slots):
                        bits[at, part] = found[slot]
                for ends, slots in ((low, self.low), (high, self.high)):
                    for at, slot in enumerate(slots):
                        ends[at, start : start + chunk.rows] = found[slot]
        return Matrix(
            self.places, opened.rows, true, known, data, *self._judged(true, known, data), low, high
        )

    def _done(self, chunk: Chunk) -> list[Any]:
        """What every step gives; what nobody needs any more is forgotten, so its memory is reused."""
        found: list[Any] = [None] * len(self.steps)
        for at, step in enumerate(self.steps):
            found[at] = step.run(chunk, step.said, *[found[slot] for slot in step.slots])
            for slot in step.done:
                found[slot] = None
        return found

    def _judged(self, *bits: Any) -> tuple[Any, Any, Any]:
        width = bits[0].shape[1] if bits[0].size else bits[1].shape[1]
        met, not_met = (np.empty((len(self.places), width), np.uint8) for _set in range(2))
        wants = np.empty((sum(place.asks_people for place in self.places), width), np.uint8)
        asked = 0
        for at, place in enumerate(self.places):
            sets: Sets = sets_of_rule(place.clauses, *bits)
            met[at], not_met[at] = sets.met, sets.not_met
            if place.asks_people:
                wants[asked] = sets.data
                asked += 1
        return met, not_met, wants


def plan(rules: Sequence[CompiledRule]) -> Plan:
    """Take rules apart into steps; conditions that stand in several rules are evaluated once."""
    planner = Planner()
    rows = _Rows()
    places = tuple(_place(planner, rows, rule) for rule in rules)
    kept = {*rows.true, *rows.known, *rows.data, *rows.low, *rows.high}
    return Plan(
        rules=tuple(rules),
        places=places,
        columns=planner.kinds,
        texts=tuple(planner.texts),
        steps=_forgetting(planner.steps, kept),
        true=tuple(rows.true),
        known=tuple(rows.known),
        data=tuple(rows.data),
        low=tuple(rows.low),
        high=tuple(rows.high),
    )


class _Rows:
    """Which slots are kept, in which row; a set that several clauses share is kept once."""

    def __init__(self) -> None:
        self.true: dict[Slot, int] = {}
        self.known: dict[Slot, int] = {}
        self.data: dict[Slot, int] = {}
        self.low: list[Slot] = []
        self.high: list[Slot] = []

    def clause(self, text: CompiledClause, truth: Truth) -> ClausePlace:
        causes = {Cause.DATA: DATA, Cause.PERSON: PERSON}
        return ClausePlace(
            kind=text.text.kind,
            true=self.true.setdefault(truth.true, len(self.true)),
            known=(
                EVERYBODY
                if truth.known is None
                else self.known.setdefault(truth.known, len(self.known))
            ),
            data=(
                causes[truth.why]
                if isinstance(truth.why, Cause)
                else self.data.setdefault(truth.why, len(self.data))
            ),
            group=text.text.any_of,
        )

    def points(self, span: Span) -> int:
        self.low.append(span.low)
        self.high.append(span.high)
        return len(self.low) - 1


def _place(planner: Planner, rows: _Rows, rule: CompiledRule) -> RulePlace:
    clauses, spans = [], []
    for clause in rule.clauses:
        if clause.text.kind == ClauseKind.SCORE:
            span = planner.span(clause.tree)
            spans.append(span)
            truth = planner.settled(span)
        else:
            truth = planner.truth(clause.tree)
        clauses.append(rows.clause(clause, truth))
    return RulePlace(
        key=rule.key,
        clauses=tuple(clauses),
        points=rows.points(planner.sum(spans)) if spans else None,
        asks_people=any(
            clause.known != EVERYBODY and (clause.data != DATA or clause.kind == ClauseKind.PERSON)
            for clause in clauses
        ),
    )


def _forgetting(steps: Sequence[Step], kept: set[Slot]) -> tuple[Step, ...]:
    """The steps, each saying what nobody needs after it."""
    last = {slot: at for at, step in enumerate(steps) for slot in step.slots}
    done: dict[int, list[Slot]] = {}
    for slot, at in last.items():
        if slot not in kept:
            done.setdefault(at, []).append(slot)
    return tuple(replace(step, done=tuple(done.get(at, ()))) for at, step in enumerate(steps))
