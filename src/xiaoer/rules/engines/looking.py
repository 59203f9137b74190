"""Looking at a tree for one subject, slowly and with causes: what a value is for want of.

The fast functions of ``writing`` say the same; they are asked for verdicts, this for reasons.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite, sqrt
from typing import Any

from xiaoer.rules.engines.values import loaded, shifted
from xiaoer.rules.language.tree import (
    Arithmetic,
    AsOf,
    Band,
    Both,
    Case,
    Column,
    Compare,
    Constant,
    DaysBetween,
    Derived,
    Either,
    Fallback,
    IsMissing,
    Largest,
    Negative,
    Node,
    OneOf,
    Opposite,
    Power,
    Root,
    Score,
    Shifted,
    Smallest,
    StartsWith,
)

Causes = frozenset[str]
NONE: Causes = frozenset()
# Causes that are no word: a division by zero or a CASE in which nothing holds; experts' bands.
NAMELESS, EXPERTS = "", "*"

Found = tuple[Any, Causes]
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


@dataclass(frozen=True, slots=True)
class Points:
    """The points a scoring expression gives at least and at most, and which facts leave it open."""

    low: float
    high: float
    causes: Causes = NONE


@dataclass(frozen=True, slots=True)
class Look:
    """One subject on a day."""

    facts: Mapping[str, object]
    as_of: date

    def at(self, node: Node) -> Found:
        """The value of a node (None: missing) and what it is missing for want of."""
        return _LOOKS[type(node)](self, node)

    def all(self, nodes: Iterable[Node]) -> tuple[list[Any], Causes]:
        """Values that are all needed, and what is missing of them."""
        found = [self.at(node) for node in nodes]
        return [value for value, _causes in found], _causes_of(found)

    def points(self, node: Node) -> Points:
        match node:
            case Constant(value):
                return Points(float(value), float(value))  # type: ignore[arg-type]  # points are figures
            case Band(low, high):
                return Points(low, high)
            case Negative(of):
                found = self.points(of)
                return Points(-found.high, -found.low, found.causes)
            case Arithmetic(sign, left, right):
                return self._added(sign, self.points(left), self.points(right))
            case Largest(of) | Smallest(of):
                return self._extreme(max if isinstance(node, Largest) else min, of)
            case Case():
                return self._chosen(node)
        raise TypeError(node)

    def total(self, score: Score) -> Points:
        found = [self.points(clause) for clause in score.clauses]
        return Points(
            sum(each.low for each in found),
            sum(each.high for each in found),
            NONE.union(*(each.causes for each in found)),
        )

    def _added(self, sign: str, left: Points, right: Points) -> Points:
        causes = left.causes | right.causes
        if sign == "+":
            return Points(left.low + right.low, left.high + right.high, causes)
        return Points(left.low - right.high, left.high - right.low, causes)

    def _extreme(self, choose: Callable[[Iterable[float]], float], of: tuple[Node, ...]) -> Points:
        found = [self.points(each) for each in of]
        return Points(
            choose(each.low for each in found),
            choose(each.high for each in found),
            NONE.union(*(each.causes for each in found)),
        )

    def _chosen(self, node: Case) -> Points:
        """The hull of the branches that may still be reached."""
        reached: list[Points] = []
        causes = NONE
        for condition, value in node.branches:
            holds, why = self.at(condition)
            if holds is not False:
                reached.append(self.points(value))
            if holds:
                break
            causes |= why
        else:
            if node.otherwise is not None:
                reached.append(self.points(node.otherwise))
        return Points(
            min(each.low for each in reached),
            max(each.high for each in reached),
            causes.union(*(each.causes for each in reached)),
        )


def _causes_of(found: Iterable[Found]) -> Causes:
    return NONE.union(*(causes for value, causes in found if value is None))


def _constant(_look: Look, node: Constant) -> Found:
    return node.value, NONE


def _column(look: Look, node: Column) -> Found:
    value = loaded(node.name, node.kind, look.facts.get(node.name))
    return value, frozenset({node.name}) if value is None else NONE


def _as_of(look: Look, _node: AsOf) -> Found:
    return look.as_of, NONE


def _derived(look: Look, node: Derived) -> Found:
    return look.at(node.formula)


def _arithmetic(look: Look, node: Arithmetic) -> Found:
    (left, right), causes = look.all((node.left, node.right))
    if causes:
        return None, causes
    if node.sign == "/":
        return (None, frozenset({NAMELESS})) if right == 0 else _bounded(left / right)
    return _bounded(SIGNS[node.sign](left, right))


def _bounded(value: float) -> Found:
    """A figure; what overflowed is missing, for want of no fact in particular."""
    return (value, NONE) if isfinite(value) else (None, frozenset({NAMELESS}))


def _negative(look: Look, node: Negative) -> Found:
    value, causes = look.at(node.of)
    return (None, causes) if causes else (-value, NONE)


def _power(look: Look, node: Power) -> Found:
    base, causes = look.at(node.base)
    if causes:
        return None, causes
    value = base
    for _time in range(node.exponent - 1):
        value *= base
    return _bounded(value)


def _root(look: Look, node: Root) -> Found:
    value, causes = look.at(node.of)
    if causes:
        return None, causes
    return (None, frozenset({NAMELESS})) if value < 0 else (sqrt(value), NONE)


def _extreme(look: Look, node: Largest | Smallest) -> Found:
    values, causes = look.all(node.of)
    if causes:
        return None, causes
    return (max if isinstance(node, Largest) else min)(values), NONE


def _shifted(look: Look, node: Shifted) -> Found:
    value, causes = look.at(node.day)
    if causes:
        return None, causes
    value = shifted(value, node.months, node.days)
    return value, frozenset({NAMELESS}) if value is None else NONE


def _days_between(look: Look, node: DaysBetween) -> Found:
    (end, start), causes = look.all((node.end, node.start))
    return (None, causes) if causes else ((end - start).days * 1.0, NONE)


def _case(look: Look, node: Case) -> Found:
    for condition, value in node.branches:
        holds, causes = look.at(condition)
        if holds is None:
            return None, causes
        if holds:
            return look.at(value)
    return (None, frozenset({NAMELESS})) if node.otherwise is None else look.at(node.otherwise)


def _fallback(look: Look, node: Fallback) -> Found:
    found = [look.at(each) for each in node.of]
    value = next((value for value, _causes in found if value is not None), None)
    return value, _causes_of(found) if value is None else NONE


def _compare(look: Look, node: Compare) -> Found:
    if isinstance(node.left, Score):
        return _score_compare(look, node, node.left)
    (left, right), causes = look.all((node.left, node.right))
    return (None, causes) if causes else (ORDERS[node.order](left, right), NONE)


def _score_compare(look: Look, node: Compare, score: Score) -> Found:
    points = look.total(score)
    bound, _causes = look.at(node.right)
    holds = {ORDERS[node.order](points.low, bound), ORDERS[node.order](points.high, bound)}
    if len(holds) == 1:
        return holds.pop(), NONE
    return None, points.causes or frozenset({EXPERTS})


def _one_of(look: Look, node: OneOf) -> Found:
    value, causes = look.at(node.of)
    return (None, causes) if causes else (value in node.values, NONE)


def _starts_with(look: Look, node: StartsWith) -> Found:
    value, causes = look.at(node.of)
    return (None, causes) if causes else (value.startswith(node.beginning), NONE)


def _is_missing(look: Look, node: IsMissing) -> Found:
    return look.at(node.of)[0] is None, NONE


def _both(look: Look, node: Both) -> Found:
    return _connected(look, node.of, False)


def _either(look: Look, node: Either) -> Found:
    return _connected(look, node.of, True)


def _connected(look: Look, nodes: tuple[Node, ...], decides: bool) -> Found:
    """One operand that decides is enough; otherwise every missing one is a cause."""
    found = [look.at(node) for node in nodes]
    if any(value is decides for value, _causes in found):
        return decides, NONE
    causes = _causes_of(found)
    return (None, causes) if causes else (not decides, NONE)


def _opposite(look: Look, node: Opposite) -> Found:
    value, causes = look.at(node.of)
    return (None, causes) if causes else (not value, NONE)


_LOOKS: dict[type[Node], Callable[[Look, Any], Found]] = {
    Constant: _constant,
    Column: _column,
    AsOf: _as_of,
    Derived: _derived,
    Arithmetic: _arithmetic,
    Negative: _negative,
    Power: _power,
    Root: _root,
    Largest: _extreme,
    Smallest: _extreme,
    Shifted: _shifted,
    DaysBetween: _days_between,
    Case: _case,
    Fallback: _fallback,
    Compare: _compare,
    OneOf: _one_of,
    StartsWith: _starts_with,
    IsMissing: _is_missing,
    Both: _both,
    Either: _either,
    Opposite: _opposite,
}
