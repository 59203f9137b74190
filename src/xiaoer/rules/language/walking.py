"""Walking a tree: its children, its columns, and the same tree with its parts changed."""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import get_type_hints

from xiaoer.base.words import Kind
from xiaoer.rules.language.tree import Column, Derived, Node, Score


def children(node: Node) -> Iterator[Node]:
    """The nodes right below one, from left to right."""
    for name in _names(type(node)):
        yield from _nodes(getattr(node, name))


_NAMES: dict[type, tuple[str, ...]] = {}


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a kind of node that may hold nodes: those of text, number and kind do not."""
    if kind not in _NAMES:
        hints = get_type_hints(kind)
        never = {str, int, float, Kind}
        _NAMES[kind] = tuple(
            name
            for name in kind.__match_args__  # type: ignore[attr-defined]  # of a dataclass: its fields
            if hints[name] not in never and name not in {"sign", "order"}
        )
    return _NAMES[kind]


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)


def walk(node: Node, *, into_scores: bool = True) -> Iterator[Node]:
    """The node and all below it, parents first; a derived word in several places comes once."""
    waiting, seen = [node], set[int]()
    while waiting:
        here = waiting.pop()
        if isinstance(here, Derived):
            if id(here) in seen:
                continue
            seen.add(id(here))
        yield here
        if into_scores or not isinstance(here, Score):
            waiting.extend(reversed(list(children(here))))


def depth(node: Node, known: Mapping[str, int]) -> int:
    """How deep a tree is, where it is ``known`` how deep the formulas of derived words are."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        here, level = waiting.pop()
        if isinstance(here, Derived):
            deepest = max(deepest, level + known.get(here.name, 0))
        elif not isinstance(here, Score):
            deepest = max(deepest, level)
            waiting.extend((child, level + 1) for child in children(here))
    return deepest


def columns(node: Node, *, into_scores: bool = True) -> tuple[str, ...]:
    """The stored words a tree reads, each once, in the order they stand in."""
    found = (n.name for n in walk(node, into_scores=into_scores) if isinstance(n, Column))
    return tuple(dict.fromkeys(found))


def derived(node: Node) -> tuple[Derived, ...]:
    """The derived words a tree names, each once, the outer before the inner."""
    found = {n.name: n for n in walk(node, into_scores=False) if isinstance(n, Derived)}
    return tuple(found.values())


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node changed, from the leaves up; what does not change stays itself.

    The formula of a derived word is not gone into: it was made whole by itself.
    """
    return _Rebuilding(change).node(node)


class _Rebuilding:
    """One rebuilding; what stands in several places is changed once."""

    def __init__(self, change: Callable[[Node], Node]) -> None:
        self._change = change
        self._done: dict[int, Node] = {}

    def node(self, node: Node) -> Node:
        found = self._done.get(id(node))
        if found is None and isinstance(node, Derived):
            return self._change(node)
        if found is None:
            new = {}
            for field in fields(node):
                old = getattr(node, field.name)
                value = self._value(old)
                if value is not old:
                    new[field.name] = value
            found = self._done[id(node)] = self._change(replace(node, **new) if new else node)
        return found

    def _value(self, value: object) -> object:
        if isinstance(value, Node):
            return self.node(value)
        if isinstance(value, tuple):
            parts = tuple(self._value(part) for part in value)
            return value if all(map(operator.is_, parts, value)) else parts
        return value
