"""What the engine for many found: a bit a subject and condition, a bit a subject and verdict.

Nothing is written out until one rule or one subject is looked at; a pair of subject and rule takes
about half a byte.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from xiaoer.rules.engines.vectors import Bits, Numbers
from xiaoer.rules.language.spec import ClauseKind, ClauseOutcome, Outcome, State

STATES = (State.MET, State.NOT_MET, State.NEEDS_DATA, State.NEEDS_PERSON)
LETTERS = np.frombuffer(b"mndp", np.uint8)
Codes = npt.NDArray[np.uint8]

EVERYBODY = -1
"""Instead of a row of known bits: this clause is known of everybody."""
DATA, PERSON = -1, -2
"""Instead of a row of bits: whoever is not known of, is so for want of data, or of a person."""


@dataclass(frozen=True, slots=True)
class ClausePlace:
    """Where a clause's bits are; a blocker is met where its condition is false."""

    kind: ClauseKind
    true: int
    known: int
    data: int
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Sets:
    """Who meets, who does not, and of whom it is unknown for want of data; the rest need a person."""

    met: Bits
    not_met: Bits
    data: Bits


@dataclass(frozen=True, slots=True)
class RulePlace:
    """A rule's clauses; ``points``: the row of its score, if it has one."""

    key: str
    clauses: tuple[ClausePlace, ...]
    points: int | None = None
    asks_people: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Verdicts of some rules about some subjects, in the order of the plan and of the batch.

    A code of a state is its place in ``STATES``. Rows of bits: ``true`` and ``known`` of distinct
    conditions, ``data`` where causes are mixed; ``met`` and ``not_met`` a rule; ``wants`` (needs
    data) only for rules that may need a person. ``low`` and ``high``: points of rules that score.
    """

    rules: tuple[RulePlace, ...]
    rows: int
    true: Bits
    known: Bits
    data: Bits
    met: Bits
    not_met: Bits
    wants: Bits
    low: Numbers
    high: Numbers

    @property
    def nbytes(self) -> int:
        return sum(bits.nbytes for bits in self._rows_of_bits()) + self.low.nbytes * 2

    def _rows_of_bits(self) -> tuple[Bits, ...]:
        return (self.true, self.known, self.data, self.met, self.not_met, self.wants)

    # A rule ---------------------------------------------------------------------------------------

    def states(self, rule: int) -> Codes:
        """The code of each subject's verdict."""
        return self._codes(self._sets_of_rule(rule))

    def counts(self, rule: int) -> Mapping[State, int]:
        """How many subjects meet the rule, do not, need data, need a person."""
        return self._count(self._sets_of_rule(rule))

    def clause_states(self, rule: int, clause: int) -> Codes:
        return self._codes(self._sets_of_clause(self.rules[rule].clauses[clause]))

    def clause_counts(self, rule: int, clause: int) -> Mapping[State, int]:
        return self._count(self._sets_of_clause(self.rules[rule].clauses[clause]))

    def letters(self, rule: int) -> npt.NDArray[np.str_]:
        """For each subject a letter a clause (``Verdict.clauses``)."""
        clauses = self.rules[rule].clauses
        found = np.empty((self.rows, len(clauses)), np.uint8)
        for at in range(len(clauses)):
            found[:, at] = LETTERS[self.clause_states(rule, at)]
        if not clauses:
            return np.full(self.rows, "", "U1")
        return found.view(f"S{len(clauses)}")[:, 0].astype(f"U{len(clauses)}")

    def scores(self, rule: int) -> tuple[Numbers, Numbers] | None:
        """Low and high ends of the rule's points; infinite where anything is possible."""
        at = self.rules[rule].points
        return None if at is None else (self.low[at], self.high[at])

    def outcome(self, row: int, rule: int) -> Outcome:
        """The verdict about one subject, clause by clause; values are known to the engine for one."""
        scores = self.scores(rule)
        low, high = (float(ends[row]) for ends in scores) if scores else (None, None)
        clauses = [
            ClauseOutcome(self._state_at(self._sets_of_clause(place, row), row % 8))
            for place in self.rules[rule].clauses
        ]
        return Outcome(
            self._state_at(self._sets_of_rule(rule, row), row % 8), tuple(clauses), low, high
        )

    # Inside ---------------------------------------------------------------------------------------

    def _sets_of_rule(self, rule: int, row: int | None = None) -> Sets:
        part = slice(None) if row is None else slice(row // 8, row // 8 + 1)
        met, not_met = self.met[rule, part], self.not_met[rule, part]
        if not self.rules[rule].asks_people:
            return Sets(met, not_met, ~(met | not_met))
        at = sum(place.asks_people for place in self.rules[:rule])
        return Sets(met, not_met, self.wants[at, part])

    def _sets_of_clause(self, place: ClausePlace, row: int | None = None) -> Sets:
        part = slice(None) if row is None else slice(row // 8, row // 8 + 1)
        return sets_of_clause(place, self.true[:, part], self.known[:, part], self.data[:, part])

    def _codes(self, sets: Sets) -> Codes:
        met, not_met, data = (self._flags(one) for one in (sets.met, sets.not_met, sets.data))
        return np.uint8(3) - data - 2 * not_met - 3 * met

    def _flags(self, bits: Bits) -> Codes:
        return np.unpackbits(bits, count=self.rows, bitorder="little")

    def _count(self, sets: Sets) -> Mapping[State, int]:
        met, not_met, data = (
            int(np.bitwise_count(self._within(bits)).sum(dtype=np.int64))
            for bits in (sets.met, sets.not_met, sets.data)
        )
        return dict(
            zip(STATES, (met, not_met, data, self.rows - met - not_met - data), strict=True)
        )

    def _within(self, bits: Bits) -> Bits:
        """Without the bits after the last subject."""
        if not self.rows % 8:
            return bits
        return np.append(bits[:-1], bits[-1] & np.uint8((1 << self.rows % 8) - 1))

    @staticmethod
    def _state_at(sets: Sets, bit: int) -> State:
        for state, bits in zip(STATES, (sets.met, sets.not_met, sets.data), strict=False):
            if bits[0] >> bit & 1:
                return state
        return State.NEEDS_PERSON

    @staticmethod
    def joined(parts: Sequence["Matrix"]) -> "Matrix":
        """Matrices of one plan, one after the other: what was evaluated in pieces."""
        if len(parts) == 1:
            return parts[0]
        counts = [part.rows for part in parts]
        true, known, data, met, not_met, wants = (
            _beside(rows, counts)
            for rows in zip(*(part._rows_of_bits() for part in parts), strict=True)
        )
        low = np.concatenate([part.low for part in parts], axis=1)
        high = np.concatenate([part.high for part in parts], axis=1)
        return Matrix(
            parts[0].rules, sum(counts), true, known, data, met, not_met, wants, low, high
        )


def _beside(parts: Sequence[Bits], counts: Sequence[int]) -> Bits:
    """Rows of bits one after the other; whole bytes are only copied."""
    if all(count % 8 == 0 for count in counts[:-1]):
        return np.concatenate(parts, axis=1)
    flags = [
        np.unpackbits(part, axis=1, count=count, bitorder="little")
        for part, count in zip(parts, counts, strict=True)
    ]
    return np.packbits(np.concatenate(flags, axis=1), axis=1, bitorder="little")


def sets_of_clause(place: ClausePlace, true: Bits, known: Bits, data: Bits) -> Sets:
    """Who meets a clause, who does not, of whom it is unknown for want of data."""
    holds = true[place.true]
    if place.known == EVERYBODY:
        fails, unknown = ~holds, np.zeros_like(holds)
    else:
        fails, unknown = known[place.known] & ~holds, ~known[place.known]
    if place.kind == ClauseKind.BLOCKER:
        holds, fails = fails, holds
    if place.kind == ClauseKind.PERSON or place.data == PERSON:
        return Sets(holds, fails, np.zeros_like(holds))
    return Sets(holds, fails, unknown if place.data == DATA else unknown & data[place.data])


def sets_of_rule(clauses: Iterable[ClausePlace], true: Bits, known: Bits, data: Bits) -> Sets:
    """Who meets all clauses that decide, who fails one, and who lacks data for the rest."""
    groups: dict[int, list[Sets]] = {}
    whole: list[Sets] = []
    for place in clauses:
        if place.kind == ClauseKind.SCORE:
            continue
        sets = sets_of_clause(place, true, known, data)
        if place.group is None:
            whole.append(sets)
        else:
            groups.setdefault(place.group, []).append(sets)
    whole += [_one_suffices(alternatives) for alternatives in groups.values()]
    if not whole:
        nobody = np.zeros(true.shape[1], np.uint8)
        return Sets(~nobody, nobody, nobody)
    met = reduce(np.bitwise_and, (sets.met for sets in whole))
    not_met = reduce(np.bitwise_or, (sets.not_met for sets in whole))
    wanting = reduce(np.bitwise_or, (sets.data for sets in whole))
    return Sets(met, not_met, wanting & ~not_met)


def _one_suffices(alternatives: Sequence[Sets]) -> Sets:
    met = reduce(np.bitwise_or, (sets.met for sets in alternatives))
    not_met = reduce(np.bitwise_and, (sets.not_met for sets in alternatives))
    wanting = reduce(np.bitwise_or, (sets.data for sets in alternatives))
    return Sets(met, not_met, wanting & ~met)
