"""Conditions of the language: what is compared, joined, negated, and asked whether it is missing."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from sqlglot import exp

from xiaoer.base.words import Kind
from xiaoer.rules.language import tree
from xiaoer.rules.language.building import BROKEN, Builder, Reader, Typed
from xiaoer.rules.language.guards import guarded
from xiaoer.rules.language.tree import Node, Order

ORDERS: dict[type[exp.Expr], Order] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
_MIRRORED: dict[Order, Order] = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}


def _flag(node: Node) -> Typed:
    return Typed(node, Kind.FLAG)


def _connected(builder: Builder, here: exp.Expr) -> Typed:
    """AND and OR: each operand may count on what those before it said."""
    kind = type(here)
    nodes: list[Node] = []
    known: frozenset[Node] = frozenset()
    for each in _operands(here, kind):
        node = builder.inside(known, each, "condition").node
        known |= guarded(node, kind is exp.And)
        nodes.append(node)
    return _flag(tree.Both(tuple(nodes)) if kind is exp.And else tree.Either(tuple(nodes)))


def _operands(here: exp.Expr, kind: type[exp.Expr]) -> list[exp.Expr]:
    found, waiting = [], [here]
    while waiting:
        each = waiting.pop()
        if isinstance(each, kind):
            waiting += [each.expression, each.this]
        else:
            found.append(each)
    return found


def _not(builder: Builder, here: exp.Expr) -> Typed:
    inner = here.this
    if isinstance(inner, exp.Is):
        return _is(builder, inner, negated=True)
    return _flag(tree.Opposite(builder.condition(inner)))


def _comparison(builder: Builder, here: exp.Expr) -> Typed:
    order = ORDERS[type(here)]
    for score_side, other, turned in (
        (here.this, here.expression, order),
        (here.expression, here.this, _MIRRORED[order]),
    ):
        if score := builder.score(score_side):
            return _score_compared(builder, here, turned, score, other)
    left, right = builder.typed(here.this), builder.typed(here.expression)
    return _compared(builder, here, order, left, right)


def _score_compared(
    builder: Builder, here: exp.Expr, order: Order, score: tree.Score, other: exp.Expr
) -> Typed:
    value = builder.typed(other)
    if value.kind is None:
        return BROKEN
    if value.exact is None or order in {"=", "<>"}:
        return builder.wrong(
            here, _("A score is compared with a number by <, <=, >= or >, such as score >= 60.")
        )
    return _flag(tree.Compare(order, score, value.node))


def _compared(builder: Builder, here: exp.Expr, order: Order, left: Typed, right: Typed) -> Typed:
    if builder.agree(builder.source.place(here), [left, right]) is None:
        return BROKEN
    if left.kind is Kind.FLAG:
        return _flags_compared(builder, here, order, left, right)
    if left.kind is Kind.TEXT and order not in {"=", "<>"}:
        return builder.wrong(here, _("Texts are only equal or not; there is no order among them."))
    if left.exact is not None and right.exact is not None:
        return builder.wrong(here, _("Two numbers are compared, and no fact of the firm."))
    return _flag(tree.Compare(order, left.node, right.node))


def _flags_compared(
    builder: Builder, here: exp.Expr, order: Order, left: Typed, right: Typed
) -> Typed:
    value, other = (left, right) if isinstance(right.node, tree.Constant) else (right, left)
    if not isinstance(other.node, tree.Constant) or order not in {"=", "<>"}:
        return builder.wrong(here, _("Yes or no is not compared: write the word, or NOT word."))
    is_same = bool(other.node.value) is (order == "=")
    return _flag(value.node if is_same else tree.Opposite(value.node))


def _between(builder: Builder, here: exp.Expr) -> Typed:
    low, high = here.args["low"], here.args["high"]
    if score := builder.score(here.this):
        above = _score_compared(builder, here, ">=", score, low)
        below = _score_compared(builder, here, "<=", score, high)
    else:
        value = builder.typed(here.this)
        least, most = builder.typed(low), builder.typed(high)
        if value.kind is Kind.FLAG:
            return builder.wrong(here, _("Yes or no is not compared: write the word, or NOT word."))
        if least.exact is not None and most.exact is not None and least.exact > most.exact:
            return builder.wrong(here, _("BETWEEN goes from the smaller to the larger."))
        above = _compared(builder, here, ">=", value, least)
        below = _compared(builder, here, "<=", value, most) if above.kind else BROKEN
    if above.kind is None or below.kind is None:
        return BROKEN
    return _flag(tree.Both((above.node, below.node)))


def _in(builder: Builder, here: exp.Expr) -> Typed:
    value = builder.typed(here.this)
    among = [builder.typed(each) for each in here.expressions]
    if not among:
        return builder.wrong(here, _("IN wants a list of values in brackets."))
    if builder.agree(builder.source.place(here), [value, *among]) is None:
        return BROKEN
    if value.kind is Kind.FLAG:
        return builder.wrong(here, _("Yes or no is not compared: write the word, or NOT word."))
    scalars = []
    for each, found in zip(here.expressions, among, strict=True):
        if not isinstance(found.node, tree.Constant):
            return builder.wrong(each, _("IN wants plain values, such as IN ('hotel', 'retail')."))
        scalars.append(found.node.value)
    return _flag(tree.OneOf(value.node, tuple(dict.fromkeys(scalars))))


def _like(builder: Builder, here: exp.Expr) -> Typed:
    value, pattern = builder.typed(here.this), builder.typed(here.expression)
    if value.kind is None or pattern.kind is None:
        return BROKEN
    if value.kind is not Kind.TEXT or not isinstance(pattern.node, tree.Constant):
        return builder.wrong(here, _("LIKE asks how a text begins: word LIKE 'service_%%'.") % {})
    text = str(pattern.node.value)
    if not re.fullmatch(r"[^%\\]+%", text):
        return builder.wrong(
            here.expression, _("LIKE asks how a text begins: word LIKE 'service_%%'.") % {}
        )
    beginning = text[:-1]
    if value.choices and not any(code.startswith(beginning) for code in value.choices):
        message = _("None of its values begins so: %(choices)s.")
        return builder.wrong(here.expression, message % {"choices": ", ".join(value.choices)})
    node: Node = tree.StartsWith(value.node, beginning)
    return _flag(tree.Opposite(node) if here.args.get("negate") else node)


def _is(builder: Builder, here: exp.Expr, *, negated: bool = False) -> Typed:
    negated = negated != bool(here.args.get("negate"))
    place = builder.source.place(here)
    if isinstance(here.expression, exp.Null):
        value = builder.typed(here.this)
        if value.kind is None:
            return BROKEN
        builder.warn(place, _("IS NULL decides by what is not known: nobody will be asked for it."))
        missing = tree.IsMissing(value.node)
        return _flag(tree.Opposite(missing) if negated else missing)
    if not isinstance(here.expression, exp.Boolean):
        return builder.wrong(here, _("IS asks for NULL, NOT NULL, TRUE or FALSE."))
    condition = builder.condition(here.this)
    builder.warn(place, _("IS TRUE and IS FALSE take what is not known for a no."))
    wanted: Node = condition if here.expression.this else tree.Opposite(condition)
    missing = tree.IsMissing(condition)
    if negated:
        return _flag(tree.Either((missing, tree.Opposite(wanted))))
    return _flag(tree.Both((tree.Opposite(missing), wanted)))


CONDITIONS: Mapping[type[exp.Expr], Reader] = {
    exp.And: _connected,
    exp.Or: _connected,
    exp.Not: _not,
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.Is: _is,
    **dict.fromkeys(ORDERS, _comparison),
}
