"""From what sqlglot read to our tree, with kinds and units checked on the way.

A builder goes on after a mistake, so that a writer learns of all of them: what is wrong becomes
``BROKEN``, which fits everything and is told once. What reads which expression stands in ``values``
and ``conditions``; here stands what they share: words, and what may be compared or added.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from django.utils.translation import gettext as _
from sqlglot import exp

from xiaoer.base.words import Kind, Word
from xiaoer.rules.language import tree, units
from xiaoer.rules.language.clearing import cleared
from xiaoer.rules.language.reading import Place, Source, Wrong, closest, read
from xiaoer.rules.language.spec import Mistake
from xiaoer.rules.language.tree import Node
from xiaoer.rules.language.units import Unit
from xiaoer.rules.language.walking import depth

MOST_INSIDE = 8
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
    """The words of one compilation, who reads which expression, and the derived words that were
    already put in place."""

    words: Mapping[str, Word]
    parts: Mapping[str, tuple[Node, ...]]
    readers: Mapping[type[exp.Expr], "Reader"]
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
        reader = self.vocabulary.readers.get(type(here))
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
        return self.wrong(here, message % {"is": kind_name(found.kind)}).node

    def figure(self, here: exp.Expr) -> Typed:
        """An expression that must be a figure."""
        found = self.typed(here)
        if found.kind in {Kind.NUMBER, None}:
            return found
        message = _("A figure is wanted here; this is %(is)s.")
        return self.wrong(here, message % {"is": kind_name(found.kind)})

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


def kind_name(kind: Kind | None) -> str:
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
    words = {"one": kind_name(one.kind), "other": kind_name(other.kind)}
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
        return [Mistake(message % {"is": kind_name(found.kind), "wanted": kind_name(word.kind)})]
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
