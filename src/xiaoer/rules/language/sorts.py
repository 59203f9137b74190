"""What sort of thing a node says: yes or no, a text, or points."""

from xiaoer.base.words import Kind
from xiaoer.rules.language import tree as t

_TRUTHS = (t.Compare, t.OneOf, t.StartsWith, t.IsMissing, t.Both, t.Either, t.Opposite)


def is_truth(node: t.Node) -> bool:
    """Whether it says yes or no, rather than how much, when or which."""
    return _kind(node) == Kind.FLAG or isinstance(node, _TRUTHS)


def is_text(node: t.Node) -> bool:
    return _kind(node) == Kind.TEXT


def _kind(node: t.Node) -> Kind | None:
    """The kind where a column or constant says it; the branches of a choice are of one kind."""
    match node:
        case t.Constant(kind=kind) | t.Column(kind=kind) | t.Derived(kind=kind):
            return kind
        case t.Case(branches=branches):
            return Kind.FLAG if is_truth(branches[0][1]) else _kind(branches[0][1])
        case t.Fallback(of=of):
            return Kind.FLAG if is_truth(of[0]) else _kind(of[0])
    return None


def is_points(node: t.Node) -> bool:
    """Whether it is made of points, so that it has a low and a high end."""
    match node:
        case t.Score() | t.Band():
            return True
        case t.Arithmetic(left=left, right=right):
            return is_points(left) or is_points(right)
        case t.Negative(of=of) | t.Derived(formula=of):
            return is_points(of)
        case t.Largest(of=parts) | t.Smallest(of=parts):
            return any(is_points(one) for one in parts)
        case t.Case(branches=branches, otherwise=otherwise):
            values = [value for _condition, value in branches]
            return any(is_points(one) for one in (*values, *([otherwise] if otherwise else [])))
    return False
