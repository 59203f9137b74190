"""A rule as one Python function: fast verdicts for one subject.

Written from our tree only, never from what people typed: names and texts stand in it as Python's
own literals. Missing is None; conditions are True, False or None. Nothing in it can raise once the
facts are loaded, so that derived words and points are worked out ahead and only once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any

from xiaoer.base.words import Kind
from xiaoer.rules.engines import values
from xiaoer.rules.language.spec import ClauseKind, CompiledRule
from xiaoer.rules.language.tree import (
    Arithmetic,
    AsOf,
    Band,
    Both,
    Case,
    Column,
    Compare,
    Constant,
    DaysBetween,
    Derived,
    Either,
    Fallback,
    IsMissing,
    Largest,
    Negative,
    Node,
    OneOf,
    Opposite,
    Power,
    Root,
    Score,
    Shifted,
    Smallest,
    StartsWith,
)
from xiaoer.rules.language.walking import walk

# Bits: a rule is the worst of its clauses, whose codes are put together by "or".
MET, PERSON, DATA, NOT_MET = 0, 1, 2, 4

# Points: the least, the most, and whether a missing fact leaves them open.
Interval = tuple[float, float, bool]
Verdict = Callable[[Mapping[str, object], date], Any]
ORDERS = {"=": "==", "<>": "!="}
# What a fact of a kind is of, and what makes it so, or says that it is not.
_KINDS = {
    Kind.NUMBER: ("float", "number"),
    Kind.FLAG: ("bool", "flag"),
    Kind.DAY: ("date", "day"),
    Kind.TEXT: ("str", "text"),
}


@dataclass(frozen=True, slots=True)
class Code:
    """A Python expression. ``guards``: if one of them holds it is missing, and is not worked out.

    With ``is_open`` the expression may be None by itself and has no guards.
    """

    text: str
    guards: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def may_miss(self) -> bool:
        return self.is_open or bool(self.guards)

    def closed(self) -> str:
        """The expression with its guards, None where it is missing."""
        if not self.guards:
            return self.text
        return f"(None if {' or '.join(self.guards)} else {self.text})"


@dataclass
class Writer:
    """Writes one function. ``names`` of its locals by the node whose value they hold; ``worth``
    by the scoring expression whose points they hold."""

    names: dict[Node, str] = field(default_factory=dict)
    worth: dict[Node, str] = field(default_factory=dict)
    constants: dict[str, object] = field(default_factory=dict)
    loads: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def fresh(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def constant(self, value: object) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def solid(self, code: Code) -> tuple[tuple[str, ...], str]:
        """Guards and an expression that is never None behind them."""
        if not code.is_open:
            return code.guards, code.text
        if code.text.isidentifier():
            return (f"{code.text} is None",), code.text
        name = self.fresh()
        return (f"({name} := {code.text}) is None",), name

    def named(self, code: Code) -> tuple[tuple[str, ...], str]:
        """The same, with a name that may be used more than once."""
        guards, text = self.solid(code)
        if text.isidentifier():
            return guards, text
        name = self.fresh()
        return (*guards, f"({name} := {text}) is None"), name

    def solids(self, nodes: Iterable[Node]) -> tuple[tuple[str, ...], list[str]]:
        found = [self.solid(self.code(node)) for node in nodes]
        guards = dict.fromkeys(guard for each, _text in found for guard in each)
        return tuple(guards), [text for _guards, text in found]

    def code(self, node: Node) -> Code:
        if name := self.names.get(node):
            return Code(name, is_open=True)
        return _CODES[type(node)](self, node)

    # Ahead ----------------------------------------------------------------------------------------

    def load(self, columns: Sequence[Column]) -> None:
        """Lines that read facts and refuse what is none of its kind; None stays None.

        Figures are mostly all floats, which one test for all of them says; only where one is not is
        each looked at. (What is no finite number taken from itself is not zero.)
        """
        checks: dict[Kind, list[str]] = {kind: [] for kind in Kind}
        figures = []
        for column in columns:
            name = self.names[column] = f"c{len(self.names)}"
            key = repr(column.name)
            self.loads.append((name, key))
            kind, reader = _KINDS[column.kind]
            odd = f"{name}.__class__ is not {kind}"
            if column.kind is Kind.NUMBER:
                figures.append(name)
                odd = f"({odd} or {name} - {name})"
            check = f"if {name} is not None and {odd}: {name} = {reader}({key}, {name})"
            checks[column.kind].append(check)
        if figures:
            classes = " is ".join(f"{name}.__class__" for name in figures)
            added = " + ".join(figures)
            self.lines.append(f"if not ({classes} is float and not (t0 := {added}) - t0):")
            self.lines += [f"    {check}" for check in checks.pop(Kind.NUMBER)]
        self.lines += [check for of_kind in checks.values() for check in of_kind]

    def work_out(self, node: Node, text: str) -> None:
        name = f"c{len(self.names)}"
        self.lines.append(f"{name} = {text}")
        self.names[node] = name

    # Points ---------------------------------------------------------------------------------------

    def points(self, node: Node) -> str:
        """An expression for an ``Interval``."""
        match node:
            case Constant(value):
                return self.constant((value, value, False))
            case Band(low, high):
                return self.constant((low, high, False))
            case Negative(of):
                return f"minus(nothing, {self.points(of)})"
            case Arithmetic("+", left, right):
                return f"total(({self.points(left)}, {self.points(right)}))"
            case Arithmetic(_, left, right):
                return f"minus({self.points(left)}, {self.points(right)})"
            case Largest(of):
                return f"largest(({', '.join(map(self.points, of))},))"
            case Smallest(of):
                return f"smallest(({', '.join(map(self.points, of))},))"
            case Case(branches, otherwise):
                conditions = ", ".join(self.code(each).closed() for each, _value in branches)
                worth = [self.points(value) for _condition, value in branches]
                worth += [self.points(otherwise)] if otherwise else []
                return f"chosen(({conditions},), ({', '.join(worth)},))"
        raise TypeError(node)


# Points at work ----------------------------------------------------------------------------------


def total(parts: Iterable[Interval]) -> Interval:
    low = high = 0.0
    is_open = False
    for least, most, unknown in parts:
        low += least
        high += most
        is_open = is_open or unknown
    return low, high, is_open


def minus(left: Interval, right: Interval) -> Interval:
    return left[0] - right[1], left[1] - right[0], left[2] or right[2]


def largest(of: tuple[Interval, ...]) -> Interval:
    return max(p[0] for p in of), max(p[1] for p in of), any(p[2] for p in of)


def smallest(of: tuple[Interval, ...]) -> Interval:
    return min(p[0] for p in of), min(p[1] for p in of), any(p[2] for p in of)


def chosen(conditions: tuple[bool | None, ...], worth: tuple[Interval, ...]) -> Interval:
    """The points of the branch that holds; the hull of all that may be reached if one is missing."""
    for at, holds in enumerate(conditions):
        if holds:
            return worth[at]
        if holds is None:
            return _hull(conditions, worth, at)
    return worth[-1]


def _hull(conditions: tuple[bool | None, ...], worth: tuple[Interval, ...], first: int) -> Interval:
    low, high, _is_open = worth[first]
    for at in range(first + 1, len(worth)):
        holds = conditions[at] if at < len(conditions) else True
        if holds is False:
            continue
        low, high = min(low, worth[at][0]), max(high, worth[at][1])
        if holds:
            break
    return low, high, True


def score_compared(order: str) -> Callable[[Interval, float], bool | None]:
    """A comparison of points with a number: both ends must say the same."""
    is_up = order in {">", ">="}
    test: Callable[[float, float], bool] = {
        ">": float.__gt__,
        ">=": float.__ge__,
        "<": float.__lt__,
        "<=": float.__le__,
    }[order]

    def compared(points: Interval, bound: float) -> bool | None:
        sure, hopeful = (points[0], points[1]) if is_up else (points[1], points[0])
        if test(sure, bound):
            return True
        return None if test(hopeful, bound) else False

    return compared


def any_of(*codes: int) -> int:
    """The state of clauses that stand for one another."""
    if MET in codes:
        return MET
    return DATA if DATA in codes else PERSON if PERSON in codes else NOT_MET


def days_between(end: date, start: date) -> float:
    return (end - start).days * 1.0


# Nodes -------------------------------------------------------------------------------------------


def _constant(writer: Writer, node: Constant) -> Code:
    if isinstance(node.value, date):
        return Code(writer.constant(node.value))
    return Code(repr(node.value) if not isinstance(node.value, float) else f"({node.value!r})")


def _as_of(_writer: Writer, _node: AsOf) -> Code:
    return Code("as_of")


def _derived(writer: Writer, node: Derived) -> Code:
    return writer.code(node.formula)


def _arithmetic(writer: Writer, node: Arithmetic) -> Code:
    left_guards, left = writer.solid(writer.code(node.left))
    if node.sign != "/":
        right_guards, right = writer.solid(writer.code(node.right))
        guards = tuple(dict.fromkeys(left_guards + right_guards))
        return _bounded(writer, f"{left} {node.sign} {right}", guards)
    if isinstance(node.right, Constant) and node.right.value:
        return _bounded(writer, f"{left} / {node.right.value!r}", left_guards)
    right_guards, right = writer.named(writer.code(node.right))
    return _bounded(writer, f"{left} / {right}", (*left_guards, *right_guards, f"not {right}"))


def _bounded(writer: Writer, text: str, guards: tuple[str, ...]) -> Code:
    """A figure that is missing where it overflows: what is infinite, taken from itself, is not zero."""
    name = writer.fresh()
    return Code(name, (*guards, f"({name} := {text}) - {name}"))


def _negative(writer: Writer, node: Negative) -> Code:
    guards, of = writer.solid(writer.code(node.of))
    return Code(f"(-{of})", guards)


def _power(writer: Writer, node: Power) -> Code:
    guards, base = writer.named(writer.code(node.base))
    return _bounded(writer, " * ".join([base] * node.exponent), guards)


def _root(writer: Writer, node: Root) -> Code:
    guards, of = writer.named(writer.code(node.of))
    return Code(f"sqrt({of})", (*guards, f"{of} < 0"))


def _extreme(writer: Writer, node: Largest | Smallest) -> Code:
    guards, of = writer.solids(node.of)
    return Code(f"{'max' if isinstance(node, Largest) else 'min'}({', '.join(of)})", guards)


def _shifted(writer: Writer, node: Shifted) -> Code:
    guards, of = writer.solid(writer.code(node.day))
    text = f"shifted({of}, {node.months}, {node.days})"
    closed = Code(text, guards).closed()
    return Code(closed, is_open=True)


def _days(writer: Writer, node: DaysBetween) -> Code:
    guards, (end, start) = writer.solids((node.end, node.start))
    return Code(f"days_between({end}, {start})", guards)


def _case(writer: Writer, node: Case) -> Code:
    text = []
    for condition, value in node.branches:
        asked = writer.code(condition)
        worth = writer.code(value).closed()
        if asked.may_miss:
            name = writer.fresh()
            text.append(
                f"{worth} if ({name} := {asked.closed()}) else None if {name} is None else "
            )
        else:
            text.append(f"{worth} if {asked.text} else ")
    text.append("None" if node.otherwise is None else writer.code(node.otherwise).closed())
    return Code(f"({''.join(text)})", is_open=True)


def _fallback(writer: Writer, node: Fallback) -> Code:
    text = ""
    for each in node.of[:-1]:
        name = writer.fresh()
        text += f"{name} if ({name} := {writer.code(each).closed()}) is not None else "
    return Code(f"({text}{writer.code(node.of[-1]).closed()})", is_open=True)


def _compare(writer: Writer, node: Compare) -> Code:
    if isinstance(node.left, Score):
        compared = writer.constant(score_compared(node.order))
        return Code(f"{compared}({writer.names[node.left]}, {_literal(node.right)})", is_open=True)
    guards, (left, right) = writer.solids((node.left, node.right))
    return Code(f"({left} {ORDERS.get(node.order, node.order)} {right})", guards)


def _literal(node: Node) -> str:
    return repr(node.value) if isinstance(node, Constant) else "0.0"


def _one_of(writer: Writer, node: OneOf) -> Code:
    guards, of = writer.solid(writer.code(node.of))
    return Code(f"({of} in {writer.constant(frozenset(node.values))})", guards)


def _starts_with(writer: Writer, node: StartsWith) -> Code:
    guards, of = writer.solid(writer.code(node.of))
    return Code(f"{of}.startswith({node.beginning!r})", guards)


def _is_missing(writer: Writer, node: IsMissing) -> Code:
    found = writer.code(node.of)
    return Code(f"({found.closed()} is None)" if found.may_miss else "False")


def _connected(writer: Writer, node: Both | Either) -> Code:
    """Kleene: one that decides is enough; else one that is missing makes it missing."""
    decides = "False" if isinstance(node, Both) else "True"
    tests, missing = [], []
    for each in node.of:
        found = writer.code(each)
        if found.may_miss:
            name = found.text if found.text.isidentifier() else writer.fresh()
            held = name if found.text == name else f"({name} := {found.closed()})"
            tests.append(f"{held} is {decides}")
            missing.append(f"{name} is None")
        else:
            tests.append(f"not {found.text}" if decides == "False" else found.text)
    other = "True" if decides == "False" else "False"
    if not missing:
        return Code(f"({decides} if {' or '.join(tests)} else {other})")
    return Code(
        f"({decides} if {' or '.join(tests)} else None if {' or '.join(missing)} else {other})",
        is_open=True,
    )


def _opposite(writer: Writer, node: Opposite) -> Code:
    guards, of = writer.solid(writer.code(node.of))
    return Code(f"(not {of})", guards)


_CODES: dict[type[Node], Callable[[Writer, Any], Code]] = {
    Constant: _constant,
    AsOf: _as_of,
    Derived: _derived,
    Arithmetic: _arithmetic,
    Negative: _negative,
    Power: _power,
    Root: _root,
    Largest: _extreme,
    Smallest: _extreme,
    Shifted: _shifted,
    DaysBetween: _days,
    Case: _case,
    Fallback: _fallback,
    Compare: _compare,
    OneOf: _one_of,
    StartsWith: _starts_with,
    IsMissing: _is_missing,
    Both: _connected,
    Either: _connected,
    Opposite: _opposite,
}


# The function ------------------------------------------------------------------------------------


def written(rule: CompiledRule, cause: Callable[..., int], told: type, owner: object) -> Verdict:
    """The function of a rule, which gives a ``told`` of its ``owner`` that holds what it found.

    ``cause(clause, facts, as_of)`` says what a missing clause waits for.
    """
    writer = Writer()
    _work_ahead(writer, rule)
    codes = [_clause(writer, rule, at) for at in range(len(rule.clauses))]
    low, high = _whole_score(writer, rule)
    states = "".join(f"s{at}, " for at in range(len(codes)))
    body = [
        *_loads(writer),
        *writer.lines,
        *(f"s{at} = {code}" for at, code in enumerate(codes)),
        "found = new(told)",
        f"found._held = owner, facts, as_of, {_state(rule)}, ({states}), {low}, {high}",
        "return found",
    ]
    source = "def verdict(facts, as_of):\n" + "\n".join(f"    {line}" for line in body)
    known: dict[str, Any] = {
        **writer.constants,
        "number": values.number,
        "flag": values.flag,
        "day": values.day,
        "text": values.text,
        "date": date,
        "shifted": values.shifted,
        "days_between": days_between,
        "sqrt": sqrt,
        "total": total,
        "minus": minus,
        "largest": largest,
        "smallest": smallest,
        "chosen": chosen,
        "nothing": (0.0, 0.0, False),
        "any_of": any_of,
        "cause": cause,
        "told": told,
        "owner": owner,
        "new": object.__new__,
    }
    exec(compile(source, f"<rule {rule.key!r}>", "exec"), known)  # noqa: S102 (written above, from our tree)
    found: Verdict = known["verdict"]
    return found


def _loads(writer: Writer) -> list[str]:
    """Facts are mostly all there, if only as None: asking for them one by one is for the rest."""
    if not writer.loads:
        return []
    return [
        "try:",
        *(f"    {name} = facts[{key}]" for name, key in writer.loads),
        "except KeyError:",
        "    get = facts.get",
        *(f"    {name} = get({key})" for name, key in writer.loads),
    ]


def _work_ahead(writer: Writer, rule: CompiledRule) -> None:
    """Facts are loaded, then derived words (the inner first), points, and sums of points."""
    nodes = [node for clause in rule.clauses for node in walk(clause.tree)]
    writer.load(list(dict.fromkeys(node for node in nodes if isinstance(node, Column))))
    for word in _inner_first(nodes):
        writer.work_out(word, writer.code(word).closed())
    for clause in rule.clauses:
        if clause.text.kind is ClauseKind.SCORE and clause.tree not in writer.worth:
            writer.worth[clause.tree] = name = f"p{len(writer.worth)}"
            writer.lines.append(f"{name} = {writer.points(clause.tree)}")
    for score in dict.fromkeys(node for node in nodes if isinstance(node, Score)):
        parts = "".join(f"{writer.worth[each]}, " for each in score.clauses)
        writer.work_out(score, f"total(({parts}))")


def _inner_first(nodes: Iterable[Node]) -> list[Derived]:
    """The derived words, each behind those its formula names."""
    found: dict[Derived, None] = {}
    for word in dict.fromkeys(node for node in nodes if isinstance(node, Derived)):
        if word not in found:
            found |= dict.fromkeys(_inner_first(walk(word.formula)))
            found[word] = None
    return list(found)


def _clause(writer: Writer, rule: CompiledRule, at: int) -> str:
    """The state of a clause as an expression."""
    clause = rule.clauses[at]
    kind = clause.text.kind
    if kind is ClauseKind.SCORE:
        name = writer.worth[clause.tree]
        open_ = f"{PERSON} if {name}[0] < {name}[1] else {MET}"
        return f"cause({at}, facts, as_of) if {name}[2] else {open_}"
    code = writer.code(clause.tree)
    yes, no = (NOT_MET, MET) if kind is ClauseKind.BLOCKER else (MET, NOT_MET)
    if not code.may_miss:
        return f"{yes} if {code.text} else {no}"
    if code.guards:
        waits = _waits_for(rule, at)
        return f"{waits} if {' or '.join(code.guards)} else {yes} if {code.text} else {no}"
    name = code.text if code.text.isidentifier() else "v"
    held = name if name != "v" else f"(v := {code.closed()})"
    return f"{yes} if {held} else {no} if {name} is False else {_waits_for(rule, at)}"


def _waits_for(rule: CompiledRule, at: int) -> str:
    clause = rule.clauses[at]
    if clause.text.kind is ClauseKind.PERSON:
        return str(PERSON)
    nodes = list(walk(clause.tree))
    if any(
        isinstance(node, Score) or (isinstance(node, Column) and node.is_judged) for node in nodes
    ):
        return f"cause({at}, facts, as_of)"
    return str(DATA)


def _whole_score(writer: Writer, rule: CompiledRule) -> tuple[str, str]:
    names = [writer.worth[c.tree] for c in rule.clauses if c.text.kind is ClauseKind.SCORE]
    if not names:
        return "None", "None"
    writer.lines.append(f"whole = total(({', '.join(names)},))")
    return "whole[0]", "whole[1]"


def _state(rule: CompiledRule) -> str:
    """The state of the rule: the worst of its clauses, where clauses of one group are one."""
    alone, groups = [], dict[int, list[str]]()
    for at, clause in enumerate(rule.clauses):
        if clause.text.kind is ClauseKind.SCORE:
            continue
        if clause.text.any_of is None:
            alone.append(f"s{at}")
        else:
            groups.setdefault(clause.text.any_of, []).append(f"s{at}")
    alone += [f"any_of({', '.join(members)})" for members in groups.values()]
    return " | ".join(alone) or str(MET)
