"""Which divisors cannot be zero, by what was asked before: ``x > 0 AND y / x >= 0.03``."""

from collections.abc import Callable

from xiaoer.rules.language.tree import (
    Arithmetic,
    Both,
    Case,
    Compare,
    Constant,
    Derived,
    Either,
    Largest,
    Negative,
    Node,
    Opposite,
    Order,
    Power,
)

_OPPOSITE: dict[Order, Order] = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "<>", "<>": "="}
_MIRRORED: dict[Order, Order] = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}
# What a comparison with a constant must be for the other side not to be zero.
_NOT_ZERO: dict[Order, Callable[[float], bool]] = {
    ">": lambda bound: bound >= 0,
    ">=": lambda bound: bound > 0,
    "<": lambda bound: bound <= 0,
    "<=": lambda bound: bound < 0,
    "=": lambda bound: bound != 0,
    "<>": lambda bound: bound == 0,
}


def guarded(condition: Node, holds: bool) -> frozenset[Node]:
    """The values that cannot be zero if a condition holds, or if it does not."""
    match condition:
        case Opposite(of):
            return guarded(of, not holds)
        case Both(of) if holds:
            return frozenset().union(*(guarded(part, True) for part in of))
        case Either(of) if not holds:
            return frozenset().union(*(guarded(part, False) for part in of))
        case Compare(order, left, right):
            order = order if holds else _OPPOSITE[order]
            return _compared(order, left, right) | _compared(_MIRRORED[order], right, left)
    return frozenset()


def _compared(order: Order, value: Node, bound: Node) -> frozenset[Node]:
    if isinstance(bound, Constant) and isinstance(bound.value, float):
        return frozenset({value}) if _NOT_ZERO[order](bound.value) else frozenset()
    return frozenset()


def never_zero(node: Node, known: frozenset[Node]) -> bool:
    """Whether a divisor cannot be zero, where ``known`` cannot."""
    if node in known:
        return True
    match node:
        case Constant(value):
            return value != 0
        case Arithmetic("*", left, right):
            return never_zero(left, known) and never_zero(right, known)
        case Negative(of) | Power(of, _) | Derived(_, of, _):
            return never_zero(of, known)
        case Largest(of):
            return any(_is_above_zero(part) for part in of)
        case Case(branches, otherwise):
            return _case_never_zero(branches, otherwise, known)
    return False


def _is_above_zero(node: Node) -> bool:
    return isinstance(node, Constant) and isinstance(node.value, float) and node.value > 0


def _case_never_zero(
    branches: tuple[tuple[Node, Node], ...], otherwise: Node | None, known: frozenset[Node]
) -> bool:
    for condition, value in branches:
        if not never_zero(value, known | guarded(condition, True)):
            return False
        known |= guarded(condition, False)
    return otherwise is None or never_zero(otherwise, known)
