"""Walking a tree: its children, its columns, and the same tree with its parts changed."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from xiaoer.rules.language.tree import Column, Derived, Node, Score


def children(node: Node) -> Iterator[Node]:
    """The nodes right below one, from left to right."""
    for field in fields(node):
        yield from _nodes(getattr(node, field.name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)


def walk(node: Node, *, into_scores: bool = True) -> Iterator[Node]:
    """The node and all below it, parents first; a node that stands twice comes twice."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        if into_scores or not isinstance(here, Score):
            waiting.extend(reversed(list(children(here))))


def columns(node: Node, *, into_scores: bool = True) -> tuple[str, ...]:
    """The stored words a tree reads, each once, in the order they stand in."""
    found = (n.name for n in walk(node, into_scores=into_scores) if isinstance(n, Column))
    return tuple(dict.fromkeys(found))


def derived(node: Node) -> tuple[Derived, ...]:
    """The derived words a tree names, each once, the outer before the inner."""
    found = {n.name: n for n in walk(node, into_scores=False) if isinstance(n, Derived)}
    return tuple(found.values())


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node changed, from the leaves up."""
    new = {
        field.name: _rebuilt(value, change)
        for field in fields(node)
        if isinstance(value := getattr(node, field.name), Node | tuple)
    }
    return change(replace(node, **new) if new else node)


def _rebuilt(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return rebuilt(value, change)
    if isinstance(value, tuple):
        return tuple(_rebuilt(part, change) for part in value)
    return value
