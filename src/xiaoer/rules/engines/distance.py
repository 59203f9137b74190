"""How far a subject is from a rule: the smallest change of its facts that would qualify it.

Candidates stand on the lines of the rule's own comparisons: for each figure or day the value where
a comparison turns, for each flag the other one, for each text those the rule names. Every candidate
is tried with the rule itself, so that what is proposed does qualify. One change is looked for, then
the cheapest pair, then as many as it takes. What only time changes is waited for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from math import ceil, floor, inf, nextafter
from typing import Any

from xiaoer.base.words import Kind, Word
from xiaoer.rules.engines.looking import Look
from xiaoer.rules.engines.one import Evaluate, prepared
from xiaoer.rules.engines.values import loaded, shifted
from xiaoer.rules.language.spec import ClauseKind, CompiledClause, CompiledRule, State
from xiaoer.rules.language.tree import (
    AsOf,
    Both,
    Column,
    Compare,
    Constant,
    Node,
    OneOf,
    Score,
)
from xiaoer.rules.language.walking import columns, walk

# A change is weighed against what there is, but against no less than this.
SCALES = {"CNY": 100_000.0, "person": 5.0, "share": 0.05, "item": 1.0, "year": 1.0}
FLAG_COST, TEXT_COST = 0.5, 1.0
# Nobody sells less to look more inventive: where a figure may rise instead, it rises.
LOWERING = 20.0
FIRST_TRIED, MOST_STEPS = 6, 8
PARTS_OF_SHARE = 10_000

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that would have to be another. ``delta`` is in ``unit`` (days for a day)."""

    word: str
    now: object
    needed: object
    delta: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Distance:
    """What would qualify a subject.

    ``changes``: what would have to change, the fewest and cheapest; ``missing``: what would have to
    be known first; ``blocked_by``: numbers of the clauses nothing can repair; ``waits_until``: the
    first day it is only a matter of time until. ``is_enough``: with the changes, the waiting, and
    the missing facts at their best, it would qualify.
    """

    changes: tuple[Change, ...] = ()
    missing: tuple[str, ...] = ()
    blocked_by: tuple[int, ...] = ()
    waits_until: date | None = None
    is_enough: bool = True
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """A change as it is tried, for the clause ``at``: the word, its value, what it costs."""

    name: str
    value: Any
    cost: float
    at: int


@lru_cache(maxsize=4096)
def _lines(tree: Node) -> tuple[Node, ...]:
    """The parts of a clause on whose lines something turns."""
    kinds = Compare | OneOf | Column
    return tuple(dict.fromkeys(node for node in walk(tree) if isinstance(node, kinds)))


@lru_cache(maxsize=4096)
def _words(tree: Node) -> tuple[str, ...]:
    return columns(tree)


@dataclass
class Search:
    """One search. ``facts`` are as the engines take them; ``split`` has a clause for each conjunct."""

    split: CompiledRule
    origin: tuple[int, ...]
    run: Evaluate
    facts: dict[str, Any]
    words: Mapping[str, Word]
    as_of: date
    allowed: frozenset[State]
    kinds: dict[str, Kind] = field(default_factory=dict)

    # What is wrong --------------------------------------------------------------------------------

    def failing(self, facts: Facts) -> list[int]:
        """The clauses that are not met and whose group is not met by another one either."""
        states = self.run(facts, self.as_of).states
        clauses = self.split.clauses
        helped = {
            clauses[at].text.any_of for at, state in enumerate(states) if state is not State.NOT_MET
        } - {None}
        return [
            at
            for at, state in enumerate(states)
            if state is State.NOT_MET and clauses[at].text.any_of not in helped
        ]

    def is_done(self, facts: Facts) -> bool:
        return self.run(facts, self.as_of).state in self.allowed

    def changeable(self, tree: Node) -> list[str]:
        return [
            name
            for name in _words(tree)
            if self.facts.get(name) is not None and not self.is_fixed(name)
        ]

    def is_fixed(self, name: str) -> bool:
        word = self.words.get(name)
        return word is None or word.is_fixed

    def can_repair(self, clause: CompiledClause) -> bool:
        is_hopeless = clause.text.kind is ClauseKind.BLOCKER or not clause.text.is_repairable
        return not is_hopeless and bool(self.changeable(clause.tree))

    # What could be --------------------------------------------------------------------------------

    def steps(self, at: int, facts: dict[str, Any]) -> list[Step]:
        """Changes on the lines of one clause, the cheapest first."""
        tree = self.split.clauses[at].tree
        found: dict[tuple[str, Any], Step] = {}
        names = self.changeable(tree)
        for node in _lines(tree):
            for name, value in self._turning(node, names, facts):
                if value != facts[name]:
                    found.setdefault((name, value), Step(name, value, self.cost(name, value), at))
        return sorted(found.values(), key=lambda step: step.cost)

    def _turning(
        self, node: Node, names: list[str], facts: dict[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        match node:
            case Column(name, Kind.FLAG) if name in names:
                yield name, not facts[name]
            case OneOf(Column(name), values) if name in names:
                yield from ((name, value) for value in values)
            case Compare(_, Score()):
                return
            case Compare(_, Column(name, Kind.TEXT), Constant(value)) if name in names:
                yield name, value
            case Compare():
                for name in _words(node):
                    if name in names and self.kinds[name] in {Kind.NUMBER, Kind.DAY}:
                        yield from ((name, value) for value in self._on_line(node, name, facts))

    def _on_line(self, node: Compare, name: str, facts: dict[str, Any]) -> Iterable[Any]:
        """Values of a word around the line where a comparison turns."""
        kind = self.kinds[name]
        root = _root(node, name, kind, facts, self.as_of)
        if root is None:
            return ()
        if kind is Kind.DAY:
            return _days_around(root)
        unit = self.words[name].unit
        if unit not in {"", "share"}:
            return [
                float(each) for each in (floor(root) - 1, floor(root), ceil(root), ceil(root) + 1)
            ]
        below, above = floor(root * PARTS_OF_SHARE), ceil(root * PARTS_OF_SHARE)
        rounded = [each / PARTS_OF_SHARE for each in (below - 1, below, above, above + 1)]
        return [*rounded, root, nextafter(root, inf), nextafter(root, -inf)]

    def cost(self, name: str, value: Any) -> float:
        """How large a change is beside what there is."""
        now = self.facts[name]
        kind = self.kinds[name]
        if kind is Kind.FLAG:
            return FLAG_COST
        if kind is Kind.TEXT:
            return TEXT_COST
        if kind is Kind.DAY:
            return float(abs((value - now).days) / 365)
        scale = SCALES.get(self.words[name].unit, 1.0)
        cost = float(abs(value - now) / max(abs(now), scale))
        return cost * LOWERING if value < now else cost

    # Searching ------------------------------------------------------------------------------------

    def best(self) -> tuple[list[Step], bool]:
        """The cheapest single change, else pair, else what a greedy search ends with."""
        first = self._first_steps(self.facts)
        for step in first:
            if self.is_done({**self.facts, step.name: step.value}):
                return [step], True
        helpful = self._helpful(first, self.facts)
        pairs = [pair for step in helpful[:FIRST_TRIED] if (pair := self._with_second(step))]
        if pairs:
            return min(pairs, key=_total), True
        return self._greedy(helpful)

    def _helpful(self, steps: list[Step], facts: dict[str, Any]) -> list[Step]:
        """The steps that mend their clause, those first that mend most for what they cost."""
        before = len(self.failing(facts))
        found = []
        for step in steps:
            failing = self.failing({**facts, step.name: step.value})
            if step.at not in failing:
                mended = max(before - len(failing), 0) or 0.5
                found.append((step.cost / mended, step))
        return [step for _worth, step in sorted(found, key=lambda each: each[0])]

    def _first_steps(self, facts: dict[str, Any], besides: str = "") -> list[Step]:
        found = [step for at in self.failing(facts) for step in self.steps(at, facts)]
        return sorted((s for s in found if s.name != besides), key=lambda step: step.cost)

    def _with_second(self, step: Step) -> list[Step] | None:
        facts = {**self.facts, step.name: step.value}
        for other in self._first_steps(facts, besides=step.name):
            if self.is_done({**facts, other.name: other.value}):
                return [step, other]
        return None

    def _greedy(self, helpful: list[Step]) -> tuple[list[Step], bool]:
        """One helpful change after another; a word may have to go further than it went first."""
        taken: dict[str, Step] = {}
        facts = dict(self.facts)
        for _time in range(MOST_STEPS):
            if not helpful:
                break
            step = helpful[0]
            taken[step.name] = step
            facts[step.name] = step.value
            if self.is_done(facts):
                return list(taken.values()), True
            helpful = self._helpful(self._first_steps(facts), facts)
        return list(taken.values()), False


def nearest_change(
    rule: CompiledRule, facts: Facts, as_of: date, words: Mapping[str, Word]
) -> Distance | None:
    """The smallest change that would qualify a subject; None if it qualifies already."""
    split, origin, kinds = _split(rule)
    known = {name: loaded(name, kind, facts.get(name)) for name, kind in kinds.items()}
    outcome = prepared(rule).run(known, as_of)
    if outcome.state is State.MET:
        return None
    run = prepared(split).run
    undecided = [state for state in outcome.states if state not in {State.MET, State.NOT_MET}]
    allowed = frozenset({State.MET, *undecided})
    search = Search(split, origin, run, known, words, as_of, allowed, kinds)
    waits_until, hopeless = _wait(search)
    missing = _missing(search)
    if hopeless:
        blocked = tuple(dict.fromkeys(origin[at] for at in hopeless))
        return Distance(missing=missing, blocked_by=blocked, is_enough=False)
    if search.is_done(search.facts):
        return Distance(missing=missing, waits_until=waits_until)
    steps, is_enough = search.best()
    return Distance(
        changes=tuple(_change(search, step) for step in steps),
        missing=missing,
        waits_until=waits_until,
        is_enough=is_enough,
        cost=_total(steps),
    )


def _total(steps: Iterable[Step]) -> float:
    return sum(step.cost for step in steps)


def _kinds(rule: CompiledRule) -> dict[str, Kind]:
    nodes = (node for clause in rule.clauses for node in walk(clause.tree))
    return {node.name: node.kind for node in nodes if isinstance(node, Column)}


def _change(search: Search, step: Step) -> Change:
    now, unit = search.facts[step.name], search.words[step.name].unit
    match search.kinds[step.name]:
        case Kind.NUMBER:
            return Change(step.name, now, step.value, step.value - now, unit)
        case Kind.DAY:
            return Change(step.name, now, step.value, float((step.value - now).days), "day")
    return Change(step.name, now, step.value)


_splits: dict[int, tuple[CompiledRule, CompiledRule, tuple[int, ...], dict[str, Kind]]] = {}


def _split(rule: CompiledRule) -> tuple[CompiledRule, tuple[int, ...], dict[str, Kind]]:
    """The rule with a clause for each conjunct, the number of the clause each comes from, and the
    kinds of its words."""
    if id(rule) not in _splits:
        if len(_splits) >= 1024:
            _splits.clear()
        found = [
            (part, at) for at, clause in enumerate(rule.clauses) for part in _conjuncts(clause)
        ]
        split = replace(rule, clauses=tuple(part for part, _at in found))
        _splits[id(rule)] = rule, split, tuple(at for _part, at in found), _kinds(rule)
    _rule, split, origin, kinds = _splits[id(rule)]
    return split, origin, kinds


def _conjuncts(clause: CompiledClause) -> list[CompiledClause]:
    is_whole = clause.text.any_of is not None or clause.text.kind in {
        ClauseKind.BLOCKER,
        ClauseKind.SCORE,
    }
    if is_whole or not isinstance(clause.tree, Both):
        return [clause]
    parts = [replace(clause, tree=part, columns=columns(part)) for part in clause.tree.of]
    return [each for part in parts for each in _conjuncts(part)]


def _missing(search: Search) -> tuple[str, ...]:
    """What would have to be known, of clauses that are not decided."""
    outcome = search.run(search.facts, search.as_of)
    found = (
        name
        for state, clause in zip(outcome.states, outcome.clauses, strict=True)
        if state not in {State.MET, State.NOT_MET}
        for name in clause.missing
    )
    return tuple(dict.fromkeys(found))


def _wait(search: Search) -> tuple[date | None, list[int]]:
    """Let time pass for what only time repairs; then the clauses that nothing does.

    ``search`` goes on from the day on which it will have passed.
    """
    hopeless: list[int] = []
    until: date | None = None
    for at in search.failing(search.facts):
        clause = search.split.clauses[at]
        if search.can_repair(clause):
            continue
        day = _day_of(search, clause)
        if day is None:
            hopeless.append(at)
        elif until is None or day > until:
            until = day
    if until:
        search.as_of = until
        hopeless += [
            at
            for at in search.failing(search.facts)
            if not search.can_repair(search.split.clauses[at])
        ]
    groups = _groups_that_can(search)
    return until, [at for at in hopeless if search.split.clauses[at].text.any_of not in groups]


def _groups_that_can(search: Search) -> set[int | None]:
    """Groups in which one clause could still be met."""
    return {
        clause.text.any_of
        for clause in search.split.clauses
        if clause.text.any_of is not None and search.can_repair(clause)
    }


def _day_of(search: Search, clause: CompiledClause) -> date | None:
    """The first day on which a clause would hold, if time alone makes it so."""
    if clause.text.kind is ClauseKind.BLOCKER:
        return None
    look = Look(search.facts, search.as_of)
    for node in walk(clause.tree):
        if not isinstance(node, Compare) or isinstance(node.left, Score):
            continue
        if any(isinstance(part, AsOf) for part in walk(node)):
            root = _root(node, "as_of", Kind.DAY, search.facts, search.as_of)
            days = sorted(_days_around(root)) if root is not None else []
            for day in days:
                if day > search.as_of and Look(search.facts, day).at(clause.tree)[0]:
                    return day
        for name in columns(node):
            if late := _years_to_wait(search, clause, node, name, look):
                return late
    return None


def _years_to_wait(
    search: Search, clause: CompiledClause, node: Compare, name: str, look: Look
) -> date | None:
    """A count of years that grows by itself; the search goes on with as many as are needed."""
    word = search.words.get(name)
    now = search.facts.get(name)
    if word is None or word.unit != "year" or not word.is_fixed or now is None:
        return None
    root = _root(node, name, Kind.NUMBER, search.facts, look.as_of)
    if root is None:
        return None
    for years in (ceil(root - now), ceil(root - now) + 1):
        facts = {**search.facts, name: now + years}
        if years > 0 and Look(facts, look.as_of).at(clause.tree)[0]:
            search.facts[name] = now + years
            return shifted(look.as_of, 12 * years, 0)
    return None


def _days_around(root: float) -> list[date]:
    days = (floor(root) + off for off in range(-3, 5))
    return [date.fromordinal(day) for day in days if 1 <= day <= date.max.toordinal()]


def _root(
    node: Compare, name: str, kind: Kind, facts: Mapping[str, Any], as_of: date
) -> float | None:
    """Where the two sides are equal as one word changes; a straight line is met at once."""
    trial = dict(facts)
    is_day = kind is Kind.DAY

    def gap(at: float) -> float | None:
        day = as_of
        left: Any
        right: Any
        if name == "as_of":
            day = _ordinal_day(at)
        else:
            trial[name] = _ordinal_day(at) if is_day else at
        look = Look(trial, day)
        left, right = look.at(node.left)[0], look.at(node.right)[0]
        if left is None or right is None:
            return None
        if isinstance(left, date):
            return float((left - right).days)
        return None if isinstance(left, str | bool) else float(left - right)

    start: Any = as_of if name == "as_of" else facts[name]
    here = float(start.toordinal()) if is_day else float(start)
    return _secant(gap, here, 30.0 if is_day else max(1.0, abs(here) / 16))


def _ordinal_day(at: float) -> date:
    return date.fromordinal(min(max(round(at), 1), date.max.toordinal()))


def _secant(gap: Callable[[float], float | None], here: float, step: float) -> float | None:
    before, there = gap(here), here + step
    now = gap(there)
    if before is not None and now is not None and now == before:  # flat that way: try the other
        there = here - step
        now = gap(there)
    for _time in range(8):
        if before is None or now is None or now == before:
            return None
        following = there - now * (there - here) / (now - before)
        if abs(following) > 1e18:
            return None
        if abs(following - there) <= 1e-9 * max(1.0, abs(following)):
            return following
        here, before, there = there, now, following
        now = gap(there)
        if now == 0:
            return there
    return there
