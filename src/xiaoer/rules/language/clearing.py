"""Decimals leave comparisons: ``rd >= 0.03*revenue`` becomes ``100*rd >= 3*revenue``.

An officer expects a ratio of exactly 3.00 % to meet "at least 3 %". No float is 0.03, but whole yuan
and whole factors are exact below 2^53, so that both sides are multiplied until their constants are
whole. What is stored with decimals itself (a share) is left alone: 0.29 is the float of 0.29, and a
hundred times it is not 29.
"""

from collections.abc import Callable
from fractions import Fraction
from math import lcm

from xiaoer.base.words import Kind
from xiaoer.rules.language.tree import (
    Arithmetic,
    Case,
    Column,
    Compare,
    Constant,
    Derived,
    Fallback,
    Largest,
    Negative,
    Node,
    Root,
    Smallest,
)
from xiaoer.rules.language.walking import rebuilt

# Beyond it money times the factor would leave the whole numbers of a float.
HIGHEST = 10**6


def cleared(tree: Node, is_whole: Callable[[str], bool]) -> Node:
    """The tree with the decimals of its comparisons cleared; ``is_whole`` tells counted words."""
    return rebuilt(
        tree, lambda node: _compare(node, is_whole) if isinstance(node, Compare) else node
    )


def _compare(node: Compare, is_whole: Callable[[str], bool]) -> Node:
    if not (_is_figure(node.left) and _is_figure(node.right)):
        return node
    if isinstance(_bare(node.left), Column | Constant) and isinstance(
        _bare(node.right), Column | Constant
    ):
        return node
    factor = lcm(_denominator(node.left), _denominator(node.right))
    if factor == 1 or factor > HIGHEST or not all(map(is_whole, _leaves(node))):
        return node
    return Compare(
        node.order, _times(node.left, Fraction(factor)), _times(node.right, Fraction(factor))
    )


def _is_figure(node: Node) -> bool:
    match node:
        case Constant(_, kind) | Column(_, kind) | Derived(_, _, kind):
            return kind is Kind.NUMBER
        case Case(branches):
            return _is_figure(branches[0][1])
        case Fallback(of):
            return _is_figure(of[0])
    return isinstance(node, Arithmetic | Negative | Root | Largest | Smallest)


def _bare(node: Node) -> Node:
    return _bare(node.formula) if isinstance(node, Derived) else node


def exact(value: object) -> Fraction:
    """The decimal number a constant was written as."""
    return Fraction(repr(value))


def _denominator(node: Node) -> int:
    """What a value must be multiplied with for its constants to be whole."""
    match node:
        case Constant(value):
            return exact(value).denominator
        case Arithmetic("/", left, Constant(value)):
            return (Fraction(1, _denominator(left)) / exact(value)).denominator
        case Arithmetic("/", left, _):
            return _denominator(left)
        case Arithmetic("*", Constant(value), of) | Arithmetic("*", of, Constant(value)):
            return (exact(value) / _denominator(of)).denominator
        case Arithmetic("*", left, right):
            return _denominator(left) * _denominator(right)
    return lcm(*map(_denominator, _values(node)))


def _values(node: Node) -> tuple[Node, ...]:
    """The parts whose value goes into a value, not those that only choose a branch."""
    match node:
        case Derived(_, of, _) | Negative(of) | Root(of):
            return (of,)
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return left, right
        case Largest(of) | Smallest(of) | Fallback(of):
            return of
        case Case(branches, otherwise):
            values = tuple(value for _condition, value in branches)
            return values if otherwise is None else (*values, otherwise)
    return ()


def _leaves(node: Node) -> list[str]:
    if isinstance(node, Column):
        return [node.name]
    return [name for part in _values(node) for name in _leaves(part)]


def _times(node: Node, factor: Fraction) -> Node:
    """The value times a factor, carried down to where the constants are."""
    if factor < 0:
        return Negative(_times(node, -factor))
    if factor == 0:  # of something missing it is still missing
        return Arithmetic("*", Constant(0.0, Kind.NUMBER), node)
    node = _bare(node)
    match node:
        case Constant(value):
            return Constant(float(exact(value) * factor), Kind.NUMBER)
        case Negative(of):
            return Negative(_times(of, factor))
        case Arithmetic():
            return _arithmetic_times(node, factor)
        case Root(of):
            return Root(_times(of, factor * factor))
        case Largest() | Smallest() | Fallback():
            return type(node)(tuple(_times(part, factor) for part in node.of))
        case Case():
            return _case_times(node, factor)
    if factor == 1:
        return node
    return Arithmetic("*", Constant(float(factor), Kind.NUMBER), node)


def _case_times(node: Case, factor: Fraction) -> Case:
    return Case(
        tuple((condition, _times(value, factor)) for condition, value in node.branches),
        None if node.otherwise is None else _times(node.otherwise, factor),
    )


def _arithmetic_times(node: Arithmetic, factor: Fraction) -> Node:
    match node:
        case Arithmetic("/", left, Constant(value)):
            return _times(left, factor / exact(value))
        case Arithmetic("/", left, right):
            below = _denominator(right)
            return Arithmetic("/", _times(left, factor * below), _times(right, Fraction(below)))
        case Arithmetic("*", Constant(value), of) | Arithmetic("*", of, Constant(value)):
            return _times(of, factor * exact(value))
        case Arithmetic("*", left, right):
            below = _denominator(right)
            return Arithmetic("*", _times(left, factor / below), _times(right, Fraction(below)))
    return Arithmetic(node.sign, _times(node.left, factor), _times(node.right, factor))
