"""Scoring expressions: numbers, ``band(7, 8)``, CASE, + and -, greatest and least; nothing else.

Words stand in the conditions only, so that points are an interval even where a fact is missing. A
CASE without ELSE would leave open how many points there are, and is refused.
"""

from fractions import Fraction

from django.utils.translation import gettext as _
from sqlglot import exp

from xiaoer.base.words import Kind
from xiaoer.rules.language import tree
from xiaoer.rules.language.building import Builder
from xiaoer.rules.language.guards import guarded
from xiaoer.rules.language.tree import Node

MOST_POINTS = 10_000


def points(builder: Builder, here: exp.Expr) -> Node:
    """The points an expression gives."""
    match here:
        case exp.Paren():
            return points(builder, here.this)
        case exp.Literal() if not here.is_string:
            return _number(builder, here, Fraction(str(here.this)))
        case exp.Neg():
            return tree.Negative(points(builder, here.this))
        case exp.Add() | exp.Sub():
            left, right = points(builder, here.this), points(builder, here.expression)
            return tree.Arithmetic("+" if isinstance(here, exp.Add) else "-", left, right)
        case exp.Greatest() | exp.Least():
            of = tuple(points(builder, each) for each in (here.this, *here.expressions))
            return tree.Largest(of) if isinstance(here, exp.Greatest) else tree.Smallest(of)
        case exp.Case():
            return _case(builder, here)
        case exp.Anonymous():
            return _band(builder, here)
    return builder.wrong(
        here,
        _(
            "Points are numbers, band(7, 8), CASE WHEN … THEN … ELSE … END, + and -, greatest, least."
        ),
    ).node


def _number(builder: Builder, here: exp.Expr, value: Fraction) -> Node:
    if value > MOST_POINTS:
        return builder.wrong(here, _("So many points are hardly meant; the most is 10000.")).node
    return tree.Constant(float(value), Kind.NUMBER)


def _case(builder: Builder, here: exp.Expr) -> Node:
    branches, known = [], frozenset[Node]()
    for branch in here.args["ifs"]:
        condition = builder.inside(known, branch.this, "condition").node
        known |= guarded(condition, False)
        branches.append((condition, points(builder, branch.args["true"])))
    otherwise = here.args.get("default")
    if otherwise is None:
        return builder.wrong(here, _("Say how many points there are otherwise: ELSE 0 END.")).node
    return tree.Case(tuple(branches), points(builder, otherwise))


def _band(builder: Builder, here: exp.Expr) -> Node:
    ends = [builder.typed(each).exact for each in here.expressions]
    match ends:
        case [Fraction() as low, Fraction() as high] if low <= high <= MOST_POINTS:
            return tree.Band(float(low), float(high))
    return builder.wrong(here, _("A band is two numbers, the smaller first: band(7, 8).")).node
