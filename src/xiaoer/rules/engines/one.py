"""One subject, with reasons: a rule prepared once, then a verdict in about a microsecond.

Reasons (what each clause read and what it lacks) are worked out only when they are asked for, from
the same facts: do not change a mapping of facts while its outcome is in use.
"""

from collections.abc import Callable, Mapping
from datetime import date

from xiaoer.rules.engines.looking import EXPERTS, NAMELESS, Causes, Look
from xiaoer.rules.engines.values import loaded
from xiaoer.rules.engines.writing import DATA, PERSON, written
from xiaoer.rules.language.spec import (
    ClauseKind,
    ClauseOutcome,
    CompiledClause,
    CompiledRule,
    Outcome,
    State,
)
from xiaoer.rules.language.tree import Column, Compare, Score
from xiaoer.rules.language.walking import walk

# By the codes of clauses, and by what they make together.
STATES = (
    State.MET,
    State.NEEDS_PERSON,
    State.NEEDS_DATA,
    State.NEEDS_DATA,
    *(State.NOT_MET,) * 4,
)
KEPT = 1024

Facts = Mapping[str, object]


Evaluate = Callable[[Facts, date], "Told"]


class Prepared:
    """A rule ready to run: ``run`` takes facts and a day."""

    __slots__ = ("_columns", "rule", "run")

    def __init__(self, rule: CompiledRule) -> None:
        self.rule = rule
        self._columns = {
            node.name: node
            for clause in rule.clauses
            for node in walk(clause.tree)
            if isinstance(node, Column)
        }
        self.run: Evaluate = written(rule, self.cause, Told, self)

    def cause(self, at: int, facts: Facts, as_of: date) -> int:
        """What a clause that is not decided waits for: data if any is missing, else a person."""
        causes = _causes(self.rule.clauses[at], Look(facts, as_of))
        return PERSON if causes and all(map(self._is_judged, causes)) else DATA

    def _is_judged(self, cause: str) -> bool:
        return cause == EXPERTS or (cause != NAMELESS and self._columns[cause].is_judged)

    def reason(self, at: int, state: State, facts: Facts, as_of: date) -> ClauseOutcome:
        """A clause with what it read, what it lacks, and its points."""
        clause = self.rule.clauses[at]
        look = Look(facts, as_of)
        missing: tuple[str, ...] = ()
        if state in {State.NEEDS_DATA, State.NEEDS_PERSON}:
            missing = tuple(sorted(_causes(clause, look) - {NAMELESS, EXPERTS}))
        low, high = _points(clause, look)
        return ClauseOutcome(state, self._read(clause, look), missing, low, high)

    def _read(self, clause: CompiledClause, look: Look) -> dict[str, object]:
        """The words a clause reads with their values, derived ones after the stored."""
        read: dict[str, object] = {
            name: loaded(name, self._columns[name].kind, look.facts.get(name))
            for name in clause.columns
        }
        return read | {word.name: look.at(word.formula)[0] for word in clause.derived}


def _causes(clause: CompiledClause, look: Look) -> Causes:
    if clause.text.kind is ClauseKind.SCORE:
        points = look.points(clause.tree)
        experts = frozenset({EXPERTS}) if points.low < points.high else frozenset[str]()
        return points.causes or experts
    return look.at(clause.tree)[1]


def _points(clause: CompiledClause, look: Look) -> tuple[float | None, float | None]:
    """The points of a score clause, or of the score a condition compares."""
    match clause.tree:
        case Compare(_, Score() as score, _):
            points = look.total(score)
        case _ if clause.text.kind is ClauseKind.SCORE:
            points = look.points(clause.tree)
        case _:
            return None, None
    return points.low, points.high


class Told(Outcome):
    """An outcome whose reasons are worked out when they are read.

    Made by the function of its rule: the rule, facts, day, code, codes of clauses, points.
    """

    __slots__ = ("_held",)
    # Outcomes are frozen for everybody else; these are made by the million.
    __setattr__ = object.__setattr__

    _held: tuple[Prepared, Facts, date, int, tuple[int, ...], float | None, float | None]

    @property
    def state(self) -> State:
        return STATES[self._held[3]]

    @property
    def states(self) -> tuple[State, ...]:
        """The clauses' states alone."""
        return tuple([STATES[code] for code in self._held[4]])

    @property
    def low(self) -> float | None:
        return self._held[5]

    @property
    def high(self) -> float | None:
        return self._held[6]

    @property
    def clauses(self) -> tuple[ClauseOutcome, ...]:
        prepared, facts, as_of, *_found = self._held
        return tuple(
            prepared.reason(at, state, facts, as_of) for at, state in enumerate(self.states)
        )


_prepared: dict[int, Prepared] = {}


def prepared(rule: CompiledRule) -> Prepared:
    """The rule ready to run; kept as long as few enough others are asked for."""
    found = _prepared.get(id(rule))
    if found is None:
        if len(_prepared) >= KEPT:
            _prepared.clear()
        # It holds the rule itself, so that no other rule can come to stand at its address.
        found = _prepared[id(rule)] = Prepared(rule)
    return found


def prepare(rule: CompiledRule) -> Evaluate:
    """The function of a rule: facts and a day in, its outcome out."""
    return prepared(rule).run


def evaluate(rule: CompiledRule, facts: Facts, as_of: date) -> Told:
    """What a rule says of one subject on a day, with the reason for every clause."""
    return prepared(rule).run(facts, as_of)
