"""Values of the language: figures, days, texts, and what is reckoned of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _
from sqlglot import exp

from xiaoer.base.words import Kind
from xiaoer.rules.language import tree, units
from xiaoer.rules.language.building import BROKEN, Builder, Reader, Typed, kind_name
from xiaoer.rules.language.guards import guarded, never_zero
from xiaoer.rules.language.reading import Place
from xiaoer.rules.language.tree import Node

LARGEST = 10**18


def number(value: Fraction, place: Place) -> Typed:
    return Typed(
        tree.Constant(float(value), Kind.NUMBER),
        Kind.NUMBER,
        None,
        exact=value,
        constants=((value, place),),
    )


def _paren(builder: Builder, here: exp.Expr) -> Typed:
    return builder.typed(here.this)


def _literal(builder: Builder, here: exp.Expr) -> Typed:
    place = builder.source.place(here)
    if here.is_string:
        text = str(here.this)
        return Typed(tree.Constant(text, Kind.TEXT), Kind.TEXT, constants=((text, place),))
    value = Fraction(str(here.this))
    if value > LARGEST:
        return builder.wrong(here, _("The number is too large; the most is 10^18."))
    return number(value, place)


def _boolean(builder: Builder, here: exp.Expr) -> Typed:
    return Typed(tree.Constant(bool(here.this), Kind.FLAG), Kind.FLAG)


def _null(builder: Builder, here: exp.Expr) -> Typed:
    return builder.wrong(here, _("Nothing equals NULL; whether it is missing asks word IS NULL."))


def _column(builder: Builder, here: exp.Expr) -> Typed:
    return builder.word(here)


def _day(builder: Builder, here: exp.Expr) -> Typed:
    text = str(here.this.this)
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        message = _("“%(text)s” is no day; write it like 2026-01-31.")
        return builder.wrong(here, message % {"text": text[:20]})
    return Typed(tree.Constant(day, Kind.DAY), Kind.DAY)


def _negative(builder: Builder, here: exp.Expr) -> Typed:
    of = builder.figure(here.this)
    if of.kind is None:
        return BROKEN
    if of.exact is not None:
        return number(-of.exact, builder.source.place(here))
    return replace(of, node=tree.Negative(of.node), constants=())


def _sum(builder: Builder, here: exp.Expr) -> Typed:
    sign = "+" if isinstance(here, exp.Add) else "-"
    if isinstance(here.expression, exp.Interval):
        return _shifted(builder, here, 1 if sign == "+" else -1)
    left, right = builder.typed(here.this), builder.typed(here.expression)
    if left.kind is None or right.kind is None:
        return BROKEN
    if left.kind is right.kind is Kind.DAY and sign == "-":
        return Typed(tree.DaysBetween(left.node, right.node), Kind.NUMBER, units.DAYS)
    if Kind.DAY in {left.kind, right.kind}:
        return builder.wrong(
            here, _("A day moves by an interval: as_of - INTERVAL 3 YEAR, or INTERVAL 30 DAY.")
        )
    for side, value in ((here.this, left), (here.expression, right)):
        if value.kind is not Kind.NUMBER:
            message = _("A figure is wanted here; this is %(is)s.")
            return builder.wrong(side, message % {"is": kind_name(value.kind)})
    if left.exact is not None and right.exact is not None:
        added = left.exact + right.exact if sign == "+" else left.exact - right.exact
        return _folded(builder, here, added)
    together = builder.agree(builder.source.place(here), [left, right], adding=True)
    if together is None:
        return BROKEN
    node = tree.Arithmetic("+" if sign == "+" else "-", left.node, right.node)
    return replace(together, node=node)


def _folded(builder: Builder, here: exp.Expr, value: Fraction) -> Typed:
    if abs(value) > LARGEST:
        return builder.wrong(here, _("The number is too large; the most is 10^18."))
    return number(value, builder.source.place(here))


_INTERVALS = {"YEAR": (12, 0), "MONTH": (1, 0), "WEEK": (0, 7), "DAY": (0, 1)}


def _shifted(builder: Builder, here: exp.Expr, sign: int) -> Typed:
    day = builder.typed(here.this)
    interval = here.expression
    unit = str(interval.args["unit"].name if interval.args.get("unit") else "").upper()
    count = str(interval.this.name if isinstance(interval.this, exp.Literal) else "")
    if unit.rstrip("S") not in _INTERVALS or not re.fullmatch(r"\d{1,5}", count):
        return builder.wrong(here, _("An interval is INTERVAL 3 YEAR, 6 MONTH, 2 WEEK or 30 DAY."))
    if day.kind is None:
        return BROKEN
    if day.kind is not Kind.DAY:
        return builder.wrong(here.this, _("An interval is added to a day, such as as_of."))
    months, days = _INTERVALS[unit.rstrip("S")]
    much = sign * int(count)
    return Typed(tree.Shifted(day.node, months * much, days * much), Kind.DAY)


def _product(builder: Builder, here: exp.Expr) -> Typed:
    left, right = builder.figure(here.this), builder.figure(here.expression)
    if left.kind is None or right.kind is None:
        return BROKEN
    if left.exact is not None and right.exact is not None:
        return _folded(builder, here, left.exact * right.exact)
    return Typed(
        tree.Arithmetic("*", left.node, right.node),
        Kind.NUMBER,
        units.multiplied(left.unit, right.unit),
    )


def _quotient(builder: Builder, here: exp.Expr) -> Typed:
    left, right = builder.figure(here.this), builder.figure(here.expression)
    if left.kind is None or right.kind is None:
        return BROKEN
    if right.exact == 0 or not never_zero(right.node, builder.known):
        return builder.wrong(
            here.expression,
            _(
                "This may be zero, and nothing is divided by zero: NULLIF(…, 0), or ask … > 0 before."
            ),
        )
    if left.exact is not None and right.exact is not None:
        return _folded(builder, here, left.exact / right.exact)
    unit = units.multiplied(left.unit, right.unit, -1)
    return Typed(
        tree.Arithmetic("/", left.node, right.node),
        Kind.NUMBER,
        unit,
        is_share=unit == units.BARE and left.unit is not None and left.unit == right.unit,
    )


def _power(builder: Builder, here: exp.Expr) -> Typed:
    base, exponent = builder.figure(here.this), builder.figure(here.expression)
    if base.kind is None or exponent.kind is None:
        return BROKEN
    if exponent.exact is None or exponent.exact not in range(2, 9):
        return builder.wrong(here.expression, _("A power is a whole number from 2 to 8."))
    times = int(exponent.exact)
    if base.exact is not None:
        return _folded(builder, here, base.exact**times)
    return Typed(tree.Power(base.node, times), Kind.NUMBER, units.raised(base.unit, times))


def _root(builder: Builder, here: exp.Expr) -> Typed:
    of = builder.figure(here.this)
    if of.kind is None:
        return BROKEN
    return Typed(tree.Root(of.node), Kind.NUMBER, units.rooted(of.unit))


def _several(builder: Builder, here: exp.Expr) -> list[Typed] | None:
    """The arguments of greatest, least, coalesce; None if they do not fit."""
    values = [builder.typed(each) for each in (here.this, *here.expressions)]
    if len(values) < 2:
        builder.wrong(here, _("Two values at least are wanted here."))
        return None
    together = builder.agree(builder.source.place(here), values)
    return None if together is None else [replace(v, unit=together.unit) for v in values]


def _extreme(builder: Builder, here: exp.Expr) -> Typed:
    values = _several(builder, here)
    if values is None:
        return BROKEN
    if values[0].kind is not Kind.NUMBER:
        message = _("A figure is wanted here; this is %(is)s.")
        return builder.wrong(here.this, message % {"is": kind_name(values[0].kind)})
    nodes = tuple(value.node for value in values)
    node: Node = tree.Largest(nodes) if isinstance(here, exp.Greatest) else tree.Smallest(nodes)
    return _joined(node, values)


def _joined(node: Node, values: Sequence[Typed]) -> Typed:
    return Typed(
        node,
        values[0].kind,
        values[0].unit,
        constants=tuple(c for v in values for c in v.constants),
        choices=next((v.choices for v in values if v.choices), ()),
        is_share=any(value.is_share for value in values),
    )


def _fallback(builder: Builder, here: exp.Expr) -> Typed:
    values = _several(builder, here)
    if values is None:
        return BROKEN
    builder.warn(
        builder.source.place(here),
        _("COALESCE hides a missing fact: nobody will be asked for it."),
    )
    return _joined(tree.Fallback(tuple(value.node for value in values)), values)


def _unless(builder: Builder, here: exp.Expr) -> Typed:
    """NULLIF(x, 0): x, or missing where it is zero."""
    value, zero = builder.figure(here.this), builder.figure(here.expression)
    if value.kind is None or zero.kind is None:
        return BROKEN
    if zero.exact != 0:
        return builder.wrong(here, _("NULLIF is only for a divisor: NULLIF(…, 0)."))
    differs = tree.Compare("<>", value.node, tree.Constant(0.0, Kind.NUMBER))
    return replace(value, node=tree.Case(((differs, value.node),)))


def _case(builder: Builder, here: exp.Expr) -> Typed:
    """Each branch may count on what the conditions before it said."""
    branches, values, known = [], [], frozenset[Node]()
    for branch in here.args["ifs"]:
        condition = builder.inside(known, branch.this, "condition").node
        value = builder.inside(known | guarded(condition, True), branch.args["true"], "value")
        known |= guarded(condition, False)
        branches.append((condition, value.node))
        values.append(value)
    otherwise = here.args.get("default")
    if otherwise is not None and not isinstance(otherwise, exp.Null):
        values.append(builder.inside(known, otherwise, "value"))
    together = builder.agree(builder.source.place(here), values)
    if together is None:
        return BROKEN
    last = values[-1].node if len(values) > len(branches) else None
    node = tree.Case(tuple(branches), last)
    return _joined(node, [replace(value, unit=together.unit) for value in values])


def _band(builder: Builder, here: exp.Expr) -> Typed:
    return builder.wrong(here, _("Only a clause of the kind score gives points from band(7, 8)."))


VALUES: Mapping[type[exp.Expr], Reader] = {
    exp.Paren: _paren,
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _null,
    exp.Column: _column,
    exp.Cast: _day,
    exp.Neg: _negative,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: _product,
    exp.Div: _quotient,
    exp.Pow: _power,
    exp.Sqrt: _root,
    exp.Greatest: _extreme,
    exp.Least: _extreme,
    exp.Coalesce: _fallback,
    exp.Nullif: _unless,
    exp.Case: _case,
    exp.Anonymous: _band,
}
