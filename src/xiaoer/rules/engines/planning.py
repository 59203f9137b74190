"""From trees to steps: what is computed for every chunk, each thing once, however often it is said.

A condition becomes two sets, where it is true and where it is known, and the cause of not knowing:
data, a person, or, where both occur, the set of those for whom it is data among others. What a
cause says of subjects for whom the condition is known does not matter.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from typing import Any

from xiaoer.base.words import Kind
from xiaoer.rules.engines import vectors as v
from xiaoer.rules.language import tree as t
from xiaoer.rules.language.sorts import is_points, is_truth


class Cause(Enum):
    """Why something is not known, where that is the same for everybody."""

    DATA = "data"
    PERSON = "person"


Slot = int
Why = Slot | Cause


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition: where it is true, where it is known (None: everywhere), and why not."""

    true: Slot
    known: Slot | None
    why: Why


@dataclass(frozen=True, slots=True)
class Number:
    """A number, day or text."""

    values: Slot
    known: Slot | None
    why: Why


@dataclass(frozen=True, slots=True)
class Span:
    """Points, from the low end to the high end; where a missing fact leaves them open, and where
    that is for want of data. Where they differ and are not open, experts choose."""

    low: Slot
    high: Slot
    open: Slot
    data: Slot


@dataclass(frozen=True, slots=True)
class Step:
    """One operation; ``done``: what nobody needs afterwards."""

    run: Callable[..., Any]
    said: object
    slots: tuple[Slot, ...]
    done: tuple[Slot, ...] = ()


ORDERS = {"<": v.less, "<=": v.at_most, ">": v.greater, ">=": v.at_least, "=": v.equal}
SIGNS = {"+": v.add, "-": v.subtract, "*": v.multiply, "/": v.divide}


@dataclass(slots=True)
class Planner:
    """Collects steps; the same step is never taken twice."""

    steps: list[Step] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    texts: dict[str, None] = field(default_factory=dict)
    _slots: dict[tuple[Callable[..., Any], object, tuple[Slot, ...]], Slot] = field(
        default_factory=dict
    )
    _truths: dict[t.Node, Truth] = field(default_factory=dict)
    _numbers: dict[t.Node, Number] = field(default_factory=dict)
    _spans: dict[t.Node, Span] = field(default_factory=dict)

    def step(self, run: Callable[..., Any], *slots: Slot, said: object = None) -> Slot:
        key = (run, said, slots)
        if key not in self._slots:
            self._slots[key] = len(self.steps)
            self.steps.append(Step(run, said, slots))
        return self._slots[key]

    def read(self, column: t.Column) -> Cause:
        self.kinds[column.name] = column.kind
        return Cause.PERSON if column.is_judged else Cause.DATA

    # Sets -----------------------------------------------------------------------------------------

    def known_in_all(self, parts: Iterable[Truth | Number]) -> Slot | None:
        """Of whom all parts are known; None is everybody."""
        some = {part.known for part in parts if part.known is not None}
        return self.all_of(some) if some else None

    def all_of(self, sets: Iterable[Slot]) -> Slot:
        some = sorted(set(sets))
        return reduce(lambda a, b: self.step(v.both, a, b), some) if some else self.everybody()

    def any_of(self, sets: Iterable[Slot]) -> Slot:
        some = sorted(set(sets))
        return reduce(lambda a, b: self.step(v.either, a, b), some) if some else self.nobody()

    def nobody(self) -> Slot:
        return self.step(v.nobody)

    def everybody(self) -> Slot:
        return self.step(v.everybody)

    def false(self, truth: Truth) -> Slot:
        if truth.known is None:
            return self.step(v.others, truth.true)
        return self.step(v.without, truth.known, truth.true)

    def unknown(self, known: Slot | None) -> Slot:
        return self.nobody() if known is None else self.step(v.others, known)

    def for_data(self, why: Why) -> Slot:
        """The cause as a set, whoever it is said of."""
        if isinstance(why, Cause):
            return self.everybody() if why == Cause.DATA else self.nobody()
        return why

    def why(self, parts: Sequence[Truth | Number], *, may_fail: bool = False) -> Why:
        """Why something made of parts is not known: for the parts' reasons, of those not known.

        ``may_fail``: with all parts known it may be missing too (a division by zero), for data.
        """
        open_parts = [part for part in parts if part.known is not None]
        causes = {part.why for part in open_parts}
        if causes <= {Cause.DATA}:
            return Cause.DATA
        if causes == {Cause.PERSON} and not may_fail:
            return Cause.PERSON
        found = [
            self.step(v.both, self.unknown(part.known), self.for_data(part.why))
            for part in open_parts
        ]
        known = self.known_in_all(parts)
        if may_fail and known is not None:
            found.append(known)
        return self.any_of(found)

    # Conditions -----------------------------------------------------------------------------------

    def truth(self, node: t.Node) -> Truth:
        if node not in self._truths:
            self._truths[node] = self._truth(node)
        return self._truths[node]

    def _truth(self, node: t.Node) -> Truth:
        match node:
            case t.Constant(value=value):
                return Truth(self.everybody() if value else self.nobody(), None, Cause.DATA)
            case t.Column(name=name):
                return Truth(
                    self.step(v.flag, said=name),
                    self.step(v.flag_known, said=name),
                    self.read(node),
                )
            case t.Derived(formula=formula):
                return self.truth(formula)
            case t.Both(of=parts):
                return self.all_true([self.truth(part) for part in parts])
            case t.Either(of=parts):
                return self.one_true([self.truth(part) for part in parts])
            case t.Opposite(of=of):
                turned = self.truth(of)
                return Truth(self.false(turned), turned.known, turned.why)
            case t.Case():
                return self._case_of_truths(node)
            case t.Fallback(of=parts):
                return self._first_known_truth([self.truth(part) for part in parts])
        return self._test(node)

    def _test(self, node: t.Node) -> Truth:
        """A condition about values."""
        match node:
            case t.Compare(order=order, left=left, right=right):
                if is_points(left) or is_points(right):
                    return self._compare_spans(order, self.span(left), self.span(right))
                return self._compare(order, self.number(left), self.number(right))
            case t.OneOf(of=of, values=values):
                number = self.number(of)
                among = [self._constant(value) for value in values]
                found = self.step(v.one_of, number.values, *among) if among else self.nobody()
                return Truth(found, number.known, number.why)
            case t.StartsWith(of=of, beginning=beginning):
                number = self.number(of)
                return Truth(
                    self.step(v.starts, number.values, said=beginning), number.known, number.why
                )
            case t.IsMissing(of=of):
                known = self.truth(of).known if is_truth(of) else self.number(of).known
                return Truth(self.unknown(known), None, Cause.DATA)
        raise TypeError(f"{type(node).__name__} is no condition")

    def all_true(self, parts: Sequence[Truth]) -> Truth:
        """Kleene's and: one that is false decides."""
        true = self.all_of(part.true for part in parts)
        if all(part.known is None for part in parts):
            return Truth(true, None, Cause.DATA)
        false = self.any_of(self.false(part) for part in parts)
        return Truth(true, self.step(v.either, true, false), self.why(parts))

    def one_true(self, parts: Sequence[Truth]) -> Truth:
        """Kleene's or: one that is true decides."""
        true = self.any_of(part.true for part in parts)
        if all(part.known is None for part in parts):
            return Truth(true, None, Cause.DATA)
        false = self.all_of(self.false(part) for part in parts)
        return Truth(true, self.step(v.either, true, false), self.why(parts))

    def _compare(self, order: t.Order, left: Number, right: Number) -> Truth:
        known = self.known_in_all((left, right))
        why = self.why((left, right))
        if order != "<>":
            return Truth(self.step(ORDERS[order], left.values, right.values), known, why)
        same = Truth(self.step(v.equal, left.values, right.values), known, why)
        return Truth(self.false(same), known, why)

    def _case_of_truths(self, node: t.Case) -> Truth:
        rest = self.truth(node.otherwise) if node.otherwise else self._missing_truth()
        for condition, value in reversed(node.branches):
            rest = self._choose_truth(self.truth(condition), self.truth(value), rest)
        return rest

    def _choose_truth(self, condition: Truth, value: Truth, rest: Truth) -> Truth:
        false = self.false(condition)
        true = self.any_of(
            (
                self.step(v.both, condition.true, value.true),
                self.step(v.both, false, rest.true),
            )
        )
        known = self.any_of(
            (
                self._known_within(condition.true, value.known),
                self._known_within(false, rest.known),
            )
        )
        return Truth(true, known, self._why_chosen(condition, value.why, rest.why))

    def _known_within(self, where: Slot, known: Slot | None) -> Slot:
        return where if known is None else self.step(v.both, where, known)

    def _why_chosen(self, condition: Truth, value: Why, rest: Why) -> Why:
        """Why a branch is not known: for its own reason, or because it is unknown which branch."""
        causes = {value, rest} | (set() if condition.known is None else {condition.why})
        if len(causes) == 1 and isinstance(value, Cause):
            return value
        return self.any_of(
            (
                self.step(v.both, condition.true, self.for_data(value)),
                self.step(v.both, self.false(condition), self.for_data(rest)),
                self.step(v.both, self.unknown(condition.known), self.for_data(condition.why)),
            )
        )

    def _first_known_truth(self, parts: Sequence[Truth]) -> Truth:
        rest = parts[-1]
        for part in reversed(parts[:-1]):
            if part.known is None:
                rest = part
                continue
            true = self.any_of((part.true, self.step(v.without, rest.true, part.known)))
            known = None if rest.known is None else self.any_of((part.known, rest.known))
            rest = Truth(true, known, self._union((part.why, rest.why)))
        return rest

    def _union(self, causes: Sequence[Why]) -> Why:
        """Causes that all hold at once."""
        if Cause.DATA in causes:
            return Cause.DATA
        sets = [one for one in causes if not isinstance(one, Cause)]
        return self.any_of(sets) if sets else Cause.PERSON

    def _missing_truth(self) -> Truth:
        return Truth(self.nobody(), self.nobody(), Cause.DATA)

    # Values ---------------------------------------------------------------------------------------

    def number(self, node: t.Node) -> Number:
        if node not in self._numbers:
            self._numbers[node] = self._truth_as_number(node) if is_truth(node) else self._of(node)
        return self._numbers[node]

    def _truth_as_number(self, node: t.Node) -> Number:
        truth = self.truth(node)
        known = self.everybody() if truth.known is None else truth.known
        return Number(self.step(v.from_flags, truth.true, known), truth.known, truth.why)

    def _of(self, node: t.Node) -> Number:
        match node:
            case t.Constant(value=value):
                return Number(self._constant(value), None, Cause.DATA)
            case t.AsOf():
                return Number(self.step(v.as_of), None, Cause.DATA)
            case t.Column(name=name):
                slot = self.step(v.column, said=name)
                return Number(slot, self.step(v.known, slot), self.read(node))
            case t.Derived(formula=formula):
                return self.number(formula)
            case t.Case():
                return self._case(node)
            case t.Fallback(of=parts):
                return self._first_known([self.number(part) for part in parts])
        return self._computed(node)

    def _computed(self, node: t.Node) -> Number:
        match node:
            case t.Arithmetic(sign=sign, left=left, right=right):
                return self._made(SIGNS[sign], (left, right), may_fail=True)
            case t.Negative(of=of):
                return self._made(v.negative, (of,))
            case t.Power(base=base, exponent=exponent):
                return self._made(v.power, (base,), said=exponent, may_fail=True)
            case t.Root(of=of):
                return self._made(v.root, (of,), may_fail=True)
            case t.Largest(of=of):
                return self._folded(v.largest, of)
            case t.Smallest(of=of):
                return self._folded(v.smallest, of)
            case t.Shifted(day=day, months=months, days=days):
                return self._made(v.shifted, (day,), said=(months, days), may_fail=True)
            case t.DaysBetween(end=end, start=start):
                return self._made(v.subtract, (end, start))
        raise TypeError(f"{type(node).__name__} is no value")

    def _made(
        self,
        run: Callable[..., Any],
        of: Sequence[t.Node],
        said: object = None,
        may_fail: bool = False,
    ) -> Number:
        parts = [self.number(one) for one in of]
        slot = self.step(run, *(part.values for part in parts), said=said)
        known = self.step(v.known, slot) if may_fail else self.known_in_all(parts)
        return Number(slot, known, self.why(parts, may_fail=may_fail))

    def _folded(self, run: Callable[..., Any], of: Sequence[t.Node]) -> Number:
        parts = [self.number(one) for one in of]
        slot = reduce(lambda a, b: self.step(run, a, b), (part.values for part in parts))
        return Number(slot, self.known_in_all(parts), self.why(parts))

    def _case(self, node: t.Case) -> Number:
        rest = (
            self.number(node.otherwise)
            if node.otherwise
            else Number(self.step(v.constant, said=float("nan")), self.nobody(), Cause.DATA)
        )
        for condition, value in reversed(node.branches):
            which, number = self.truth(condition), self.number(value)
            slot = self.step(v.choose, *self._flags(which), number.values, rest.values)
            why = self._why_chosen(which, number.why, rest.why)
            rest = Number(slot, self.step(v.known, slot), why)
        return rest

    def _flags(self, truth: Truth) -> tuple[Slot, Slot]:
        known = self.everybody() if truth.known is None else truth.known
        return self.step(v.unpack, truth.true), self.step(v.unpack, known)

    def _first_known(self, parts: Sequence[Number]) -> Number:
        rest = parts[-1]
        for part in reversed(parts[:-1]):
            if part.known is None:
                rest = part
                continue
            slot = self.step(v.first_known, part.values, rest.values)
            known = None if rest.known is None else self.any_of((part.known, rest.known))
            rest = Number(slot, known, self._union((part.why, rest.why)))
        return rest

    def _constant(self, value: t.Scalar) -> Slot:
        if isinstance(value, str):
            self.texts[value] = None
            return self.step(v.text, said=value)
        number = float(value) if isinstance(value, (int, float)) else v.day_number(value)
        return self.step(v.constant, said=number)

    # Scores ---------------------------------------------------------------------------------------

    def span(self, node: t.Node) -> Span:
        if node not in self._spans:
            self._spans[node] = self._span(node)
        return self._spans[node]

    def _span(self, node: t.Node) -> Span:
        match node:
            case t.Band(low=low, high=high):
                least, most = (self.step(v.constant, said=float(end)) for end in (low, high))
                return Span(least, most, self.nobody(), self.nobody())
            case t.Score(clauses=clauses):
                return self.sum([self.span(clause) for clause in clauses])
            case t.Derived(formula=formula):
                return self.span(formula)
            case t.Case():
                return self._case_of_spans(node)
            case t.Arithmetic(sign="+", left=left, right=right):
                return self.sum([self.span(left), self.span(right)])
            case t.Arithmetic(sign="-", left=left, right=right):
                return self.sum([self.span(left), self._turned(self.span(right))])
            case t.Negative(of=of):
                return self._turned(self.span(of))
            case t.Largest(of=parts) | t.Smallest(of=parts):
                run = v.largest if isinstance(node, t.Largest) else v.smallest
                return self._of_spans(run, [self.span(one) for one in parts])
        return self._point(self.number(node))

    def _turned(self, span: Span) -> Span:
        low, high = self.step(v.negative, span.high), self.step(v.negative, span.low)
        return Span(low, high, span.open, span.data)

    def _point(self, number: Number) -> Span:
        if number.known is None:
            return Span(number.values, number.values, self.nobody(), self.nobody())
        unknown = self.unknown(number.known)
        return Span(
            self.step(v.low_end, number.values),
            self.step(v.high_end, number.values),
            unknown,
            self.step(v.both, unknown, self.for_data(number.why)),
        )

    def sum(self, spans: Sequence[Span]) -> Span:
        return self._of_spans(v.plus, spans)

    def _of_spans(self, run: Callable[..., Any], spans: Sequence[Span]) -> Span:
        return Span(
            reduce(lambda a, b: self.step(run, a, b), (span.low for span in spans)),
            reduce(lambda a, b: self.step(run, a, b), (span.high for span in spans)),
            self.any_of(span.open for span in spans),
            self.any_of(span.data for span in spans),
        )

    def settled(self, span: Span) -> Truth:
        """Where points are one number that nothing more will change."""
        wide = self.step(v.less, span.low, span.high)
        known = self.step(v.others, self.any_of((wide, span.open)))
        return Truth(known, known, span.data)

    def _case_of_spans(self, node: t.Case) -> Span:
        rest = (
            self.span(node.otherwise)
            if node.otherwise
            else self._point(Number(self._constant(float("nan")), self.nobody(), Cause.DATA))
        )
        for condition, value in reversed(node.branches):
            which, span = self.truth(condition), self.span(value)
            flags = self._flags(which)
            unknown = self.unknown(which.known)
            wanting = self.step(v.both, unknown, self.for_data(which.why))
            rest = Span(
                self.step(v.reach_low, *flags, span.low, rest.low),
                self.step(v.reach_high, *flags, span.high, rest.high),
                self._reached(which, span.open, rest.open, unknown),
                self._reached(which, span.data, rest.data, wanting),
            )
        return rest

    def _reached(self, condition: Truth, here: Slot, there: Slot, besides: Slot) -> Slot:
        """What is so of a branch that is reached; while it is unknown which, of both."""
        return self.any_of(
            (
                self.step(v.without, here, self.false(condition)),
                self.step(v.without, there, condition.true),
                besides,
            )
        )

    def _compare_spans(self, order: t.Order, left: Span, right: Span) -> Truth:
        true, false = self._apart(order, left, right)
        wanting = self.any_of((left.data, right.data))
        return Truth(true, self.step(v.either, true, false), wanting)

    def _apart(self, order: t.Order, left: Span, right: Span) -> tuple[Slot, Slot]:
        """Where a comparison holds whatever the points will be, and where it cannot."""
        if order in ("<", "<="):
            true = self.step(ORDERS[order], left.high, right.low)
            turned = v.at_least if order == "<" else v.greater
            return true, self.step(turned, left.low, right.high)
        if order in (">", ">="):
            true = self.step(ORDERS[order], left.low, right.high)
            turned = v.at_most if order == ">" else v.less
            return true, self.step(turned, left.high, right.low)
        same = self.step(v.equal, left.low, right.high)
        for slots in ((left.low, left.high), (right.low, right.high)):
            same = self.step(v.both, same, self.step(v.equal, *slots))
        apart = self.any_of(
            (
                self.step(v.less, left.high, right.low),
                self.step(v.greater, left.low, right.high),
            )
        )
        return (same, apart) if order == "=" else (apart, same)
