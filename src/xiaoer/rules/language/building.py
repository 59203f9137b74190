"""From what sqlglot read to our tree, with kinds and units checked on the way.

A builder goes on after a mistake, so that a writer learns of all of them: what is wrong becomes
``BROKEN``, which fits everything and is told once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _
from sqlglot import exp

from xiaoer.base.words import Kind, Word
from xiaoer.rules.language import tree, units
from xiaoer.rules.language.clearing import cleared
from xiaoer.rules.language.guards import guarded, never_zero
from xiaoer.rules.language.reading import Place, Source, Wrong, closest, read
from xiaoer.rules.language.spec import Mistake
from xiaoer.rules.language.tree import Node, Order
from xiaoer.rules.language.units import Unit
from xiaoer.rules.language.walking import depth

LARGEST = 10**18
MOST_INSIDE = 8
ORDERS: dict[type[exp.Expr], Order] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
_MIRRORED: dict[Order, Order] = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}
_SMALL_MONEY = 10_000
# Growth and ratios go above 1; from here on a percentage is meant.
_HARDLY_A_SHARE = 2


@dataclass(frozen=True, slots=True)
class Typed:
    """A node with what it is: kind, unit (None: a constant takes any), and the constants in it.

    ``exact``: the number of a constant. ``choices``: the texts it may be, if they are known.
    ``is_share``: it is called a share, so that 5 is hardly meant.
    """

    node: Node
    kind: Kind | None
    unit: Unit | None = units.BARE
    exact: Fraction | None = None
    constants: tuple[tuple[object, Place], ...] = ()
    choices: tuple[str, ...] = ()
    is_share: bool = False
    place: Place = (0, 0)


BROKEN = Typed(tree.Constant(False, Kind.FLAG), None)

Reader = Callable[["Builder", exp.Expr], Typed]


@dataclass
class Vocabulary:
    """The words of one compilation, and the derived ones that were already put in place."""

    words: Mapping[str, Word]
    parts: Mapping[str, tuple[Node, ...]]
    expanded: dict[str, Typed] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    depths: dict[str, int] = field(default_factory=dict)

    def is_whole(self, name: str) -> bool:
        """Whether a word is counted, in yuan or persons or items, and not a share of something."""
        return units.unit_of(self.words[name].unit) != units.BARE

    def nearest(self, name: str) -> str:
        """The word most like a mistyped one, or the one people call so."""
        for word in self.words.values():
            if name in {word.zh, word.en}:
                return word.name
        return closest(name, [*self.words, "as_of"])


@dataclass
class Builder:
    """Builds one text. ``known``: what cannot be zero where the builder stands."""

    source: Source
    vocabulary: Vocabulary
    mistakes: list[Mistake] = field(default_factory=list)
    known: frozenset[Node] = frozenset()

    # Telling --------------------------------------------------------------------------------------

    def wrong(self, where: exp.Expr | Place, message: str, nearest: str = "") -> Typed:
        start, end = where if isinstance(where, tuple) else self.source.place(where)
        self.mistakes.append(Mistake(message, start, end, nearest))
        return BROKEN

    def warn(self, place: Place, message: str) -> None:
        mistake = Mistake(message, *place, is_warning=True)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    # Reading --------------------------------------------------------------------------------------

    def typed(self, here: exp.Expr) -> Typed:
        """Any expression, with its kind."""
        reader = _READERS.get(type(here))
        if reader is None:
            return self.wrong(here, _("This cannot stand alone here."))
        return replace(reader(self, here), place=self.source.place(here))

    def condition(self, here: exp.Expr) -> Node:
        """An expression that must be a condition."""
        found = self.typed(here)
        if found.kind in {Kind.FLAG, None}:
            return found.node
        message = _(
            "A condition is wanted here, such as revenue_cny_y1 >= 10000000; this is %(is)s."
        )
        return self.wrong(here, message % {"is": _kind_name(found.kind)}).node

    def figure(self, here: exp.Expr) -> Typed:
        """An expression that must be a figure."""
        found = self.typed(here)
        if found.kind in {Kind.NUMBER, None}:
            return found
        message = _("A figure is wanted here; this is %(is)s.")
        return self.wrong(here, message % {"is": _kind_name(found.kind)})

    def inside(self, known: frozenset[Node], here: exp.Expr, reader: str) -> Typed:
        """Read an expression where more is known not to be zero."""
        before, self.known = self.known, self.known | known
        try:
            if reader == "condition":
                return Typed(self.condition(here), Kind.FLAG)
            return self.typed(here)
        finally:
            self.known = before

    # Words ----------------------------------------------------------------------------------------

    def word(self, here: exp.Expr) -> Typed:
        name = here.name if here.name in self.vocabulary.words else here.name.lower()
        if name in self.vocabulary.words:
            return self._known_word(here, self.vocabulary.words[name])
        if name == "as_of":
            return Typed(tree.AsOf(), Kind.DAY)
        if name == "score" or name.startswith("score_"):
            return self.wrong(here, self._score_message(name))
        nearest = self.vocabulary.nearest(here.name)
        message = _("There is no word %(name)s.") % {"name": here.name}
        if nearest:
            message = _("There is no word %(name)s; perhaps %(nearest)s.") % {
                "name": here.name,
                "nearest": nearest,
            }
        return self.wrong(here, message, nearest)

    def _known_word(self, here: exp.Expr, word: Word) -> Typed:
        if not word.formula:
            node: Node = tree.Column(word.name, word.kind, word.is_judged)
            return _of_word(node, word)
        if word.name in self.vocabulary.opened:
            circle = [*self.vocabulary.opened, word.name][self.vocabulary.opened.index(word.name) :]
            return self.wrong(
                here,
                _("Words explain one another in a circle: %(words)s.")
                % {"words": " → ".join(circle)},
            )
        if len(self.vocabulary.opened) >= MOST_INSIDE:
            message = _("Derived words stand one in another more than %(most)d times.")
            return self.wrong(here, message % {"most": MOST_INSIDE})
        if word.name not in self.vocabulary.expanded:
            try:
                self.vocabulary.expanded[word.name] = expand(word, self.vocabulary)
            except Wrong as wrong:
                message = _("The formula of %(word)s is not right: %(why)s") % {
                    "word": word.name,
                    "why": wrong.mistakes[0].message,
                }
                return self.wrong(here, message)
        return self.vocabulary.expanded[word.name]

    def _score_message(self, name: str) -> str:
        if not self.vocabulary.parts:
            return _("This rule has no clause that gives points, so that there is no score.")
        if name == "score" or name.removeprefix("score_") in self.vocabulary.parts:
            return _("A score is compared with a number, such as score >= 60.")
        parts = ", ".join(f"score_{part}" for part in self.vocabulary.parts if part)
        return _("No clause gives points to %(name)s; there are score, %(parts)s.") % {
            "name": name,
            "parts": parts,
        }

    def score(self, here: exp.Expr) -> tree.Score | None:
        """``score`` or ``score_<part>``, if that is what stands here."""
        inner = here.unnest()
        if not isinstance(inner, exp.Column) or inner.name.lower() in self.vocabulary.words:
            return None
        name = inner.name.lower()
        part = name.removeprefix("score").removeprefix("_")
        if not name.startswith("score") or part not in self.vocabulary.parts:
            return None
        return tree.Score(part, self.vocabulary.parts[part])

    # Comparing ------------------------------------------------------------------------------------

    def agree(self, place: Place, values: Sequence[Typed], *, adding: bool = False) -> Typed | None:
        """Whether values may be compared or added; then what they are together, else None."""
        known = [value for value in values if value.kind is not None]
        if len(known) < len(values) or not known:
            return None
        kinds = [value.kind for value in known]
        if len(set(kinds)) > 1:
            self.wrong(place, _unlike(known))
            return None
        together = next((v for v in known if v.unit is not None), known[0])
        for value in known:
            if value.unit is not None and value.unit != together.unit:
                message = _("%(one)s and %(other)s do not go together: they are different units.")
                words = {"one": units.named(together.unit), "other": units.named(value.unit)}
                self.wrong(place, message % words)
                return None
        is_share = any(value.is_share for value in known)
        choices = next((v.choices for v in known if v.choices), ())
        if not adding:
            is_right = self._check_constants(known, together.unit, is_share, choices)
            if not is_right:
                return None
        return replace(
            together,
            constants=tuple(c for v in known for c in v.constants) if together.unit is None else (),
            is_share=is_share,
            choices=choices,
            exact=None,
        )

    def _check_constants(
        self, values: Sequence[Typed], unit: Unit | None, is_share: bool, choices: Sequence[str]
    ) -> bool:
        """Constants against what they are compared with: texts, percentages, 万元."""
        is_right = True
        for value, place in (c for v in values for c in v.constants):
            if isinstance(value, str) and choices and value not in choices:
                message = _("“%(text)s” is none of its values: %(choices)s.")
                words = {"text": value, "choices": ", ".join(choices)}
                self.wrong(place, message % words, closest(value, choices))
                is_right = False
            elif isinstance(value, Fraction):
                self._check_size(value, place, unit, is_share)
        return is_right

    def _check_size(self, value: Fraction, place: Place, unit: Unit | None, is_share: bool) -> None:
        if is_share and value >= _HARDLY_A_SHARE:
            message = _("A share is written from 0 to 1: %(percent)s %% is %(share)s.")
            words = {"percent": _figure(value), "share": _figure(value / 100)}
            self.warn(place, message % words)
        elif unit == units.MONEY and 0 < abs(value) < _SMALL_MONEY:
            message = _("Money is in yuan: if %(value)s means 万元, write %(yuan)s.")
            self.warn(place, message % {"value": _figure(value), "yuan": _figure(value * 10_000)})


def _kind_name(kind: Kind | None) -> str:
    names = {
        Kind.NUMBER: _("a figure"),
        Kind.FLAG: _("yes or no"),
        Kind.DAY: _("a day"),
        Kind.TEXT: _("a text"),
    }
    return names[kind] if kind else ""


def _unlike(values: Sequence[Typed]) -> str:
    one = values[0]
    other = next(value for value in values if value.kind is not one.kind)
    kinds = {one.kind, other.kind}
    words = {"one": _kind_name(one.kind), "other": _kind_name(other.kind)}
    if kinds == {Kind.DAY, Kind.TEXT}:
        return _("A day is written DATE '2026-01-31'; a text is no day.")
    if kinds == {Kind.TEXT, Kind.NUMBER}:
        return (
            _("%(one)s is compared with %(other)s: a text stands in '…', a figure does not.")
            % words
        )
    return _("%(one)s cannot be compared with %(other)s.") % words


def _figure(value: Fraction) -> str:
    return f"{float(value):.15g}"


def _of_word(node: Node, word: Word) -> Typed:
    return Typed(
        node,
        word.kind,
        units.unit_of(word.unit),
        choices=tuple(choice.code for choice in word.choices),
        is_share=word.unit == "share",
    )


def expand(word: Word, vocabulary: Vocabulary) -> Typed:
    """A derived word as a node, its formula checked against what the word says it is."""
    vocabulary.opened.append(word.name)
    try:
        # Without the scores of a rule: a word means the same in all of them.
        builder = Builder(read(word.formula), replace(vocabulary, parts={}))
        found = builder.typed(builder.source.tree)
    finally:
        vocabulary.opened.pop()
    builder.mistakes += _unlike_word(word, found)
    mistakes = [mistake for mistake in builder.mistakes if not mistake.is_warning]
    if mistakes:
        raise Wrong(mistakes)
    node = tree.Derived(word.name, cleared(found.node, vocabulary.is_whole), word.kind)
    vocabulary.depths[word.name] = depth(node.formula, vocabulary.depths)
    hash(node)  # kept from here on, so that no deep formula is gone through at once
    return _of_word(node, word)


def _unlike_word(word: Word, found: Typed) -> list[Mistake]:
    if found.kind is None:
        return []
    if found.kind is not word.kind:
        message = _("It gives %(is)s, but the word is %(wanted)s.")
        return [Mistake(message % {"is": _kind_name(found.kind), "wanted": _kind_name(word.kind)})]
    if found.kind is Kind.NUMBER and found.unit not in {None, units.unit_of(word.unit)}:
        message = _("It gives %(is)s, but the word is in %(wanted)s.")
        words = {"is": units.named(found.unit), "wanted": word.unit or units.named(units.BARE)}
        return [Mistake(message % words)]
    codes = [choice.code for choice in word.choices]
    odd = [str(value) for value, _place in found.constants if codes and value not in codes]
    if found.kind is Kind.TEXT and odd:
        message = _("“%(text)s” is none of its values: %(choices)s.")
        return [Mistake(message % {"text": odd[0], "choices": ", ".join(codes)})]
    return []


# Values ------------------------------------------------------------------------------------------


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
            return builder.wrong(side, message % {"is": _kind_name(value.kind)})
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
        return builder.wrong(here.this, message % {"is": _kind_name(values[0].kind)})
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


# Conditions --------------------------------------------------------------------------------------


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


_READERS: dict[type[exp.Expr], Reader] = {
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
    exp.And: _connected,
    exp.Or: _connected,
    exp.Not: _not,
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.Is: _is,
    **dict.fromkeys(ORDERS, _comparison),
}
