"""Our trees as SQL of DuckDB and PostgreSQL, saying our meaning and not SQL's.

An independent check of both engines, and a way to ask a database the same question. Each word is a
column of that name, the day of evaluation the column ``as_of``. A number column holds neither NaN
nor infinity; PostgreSQL refuses a number that overflows where the engines call it missing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal

from xiaoer.rules.language import tree as t
from xiaoer.rules.language.sorts import is_points, is_text
from xiaoer.rules.language.spec import ClauseKind, CompiledClause, CompiledRule, State

Dialect = Literal["duckdb", "postgres"]

_LEAST, _MOST = "'-infinity'::float8", "'infinity'::float8"
_RANKED = (State.MET, State.NEEDS_PERSON, State.NEEDS_DATA, State.NOT_MET)
"""A rule is as its worst clause; among clauses that stand for one another the order is turned."""


def condition_sql(node: t.Node, dialect: Dialect) -> str:
    """A condition or value as an expression; null is missing."""
    return _Writer(dialect).value(node)


def clause_sql(clause: CompiledClause, dialect: Dialect) -> str:
    """The four-valued state of a clause, a text."""
    return _named(_Writer(dialect).rank(clause))


def state_sql(rule: CompiledRule, dialect: Dialect) -> str:
    """The four-valued verdict of a rule, a text."""
    writer = _Writer(dialect)
    ranks: list[str] = []
    groups: dict[int, list[str]] = {}
    for clause in rule.clauses:
        if clause.text.kind == ClauseKind.SCORE:
            continue
        of = ranks if clause.text.any_of is None else groups.setdefault(clause.text.any_of, [])
        of.append(writer.rank(clause))
    # Turned so that met is highest and not met lowest, and back.
    ranks += [
        _turned(f"greatest({', '.join(_turned(rank) for rank in group)})")
        for group in groups.values()
    ]
    return _named(f"greatest({', '.join(ranks)})") if ranks else f"'{State.MET}'"


def _turned(rank: str) -> str:
    return f"(case {rank} when 0 then 3 when 3 then 0 when 1 then 1 else 2 end)"


def _named(rank: str) -> str:
    cases = " ".join(f"when {at} then '{state}'" for at, state in enumerate(_RANKED))
    return f"(case {rank} {cases} end)"


def points_sql(rule: CompiledRule, dialect: Dialect) -> tuple[str, str] | None:
    """The low and the high end of a rule's points."""
    trees = [one.tree for one in rule.clauses if one.text.kind == ClauseKind.SCORE]
    return _Writer(dialect).ends(t.Score("", tuple(trees))) if trees else None


class _Writer:
    """Writes for one dialect. ``wants`` says where a node is missing for want of data among others."""

    def __init__(self, dialect: Dialect) -> None:
        self.collated = ' collate "C"' if dialect == "postgres" else ""

    def rank(self, clause: CompiledClause) -> str:
        kind, node = clause.text.kind, clause.tree
        if kind == ClauseKind.SCORE:
            low, high = self.ends(node)
            wants, opens = self.wants_points(node), self.opens_points(node)
            return f"(case when {wants} then 2 when {opens} or {low} < {high} then 1 else 0 end)"
        holds, fails = ("3", "0") if kind == ClauseKind.BLOCKER else ("0", "3")
        said = self.value(node)
        unknown = (
            "1" if kind == ClauseKind.PERSON else f"case when {self.wants(node)} then 2 else 1 end"
        )
        return f"(case when {said} then {holds} when not {said} then {fails} else {unknown} end)"

    # Values and conditions ------------------------------------------------------------------------

    def value(self, node: t.Node) -> str:
        match node:
            case t.Constant(value=value):
                return literal(value)
            case t.Column(name=name):
                return _quoted(name)
            case t.AsOf():
                return _quoted("as_of")
            case t.Derived(formula=formula):
                return self.value(formula)
            case t.Case():
                return self._case(node)
            case t.Fallback(of=of):
                return f"coalesce({self._list(of)})"
            case t.Arithmetic(sign=sign, left=left, right=right):
                return self._arithmetic(sign, self.value(left), self.value(right))
            case t.Shifted() | t.DaysBetween():
                return self._days(node)
            case t.Negative() | t.Power() | t.Root() | t.Largest() | t.Smallest():
                return self._number(node)
        return self._condition(node)

    def _list(self, nodes: Iterable[t.Node]) -> str:
        return ", ".join(self.value(one) for one in nodes)

    def _arithmetic(self, sign: str, left: str, right: str) -> str:
        if sign == "/":
            right = f"nullif({right}, 0::float8)"
        return f"({left} {sign} {right})"

    def _number(self, node: t.Node) -> str:
        match node:
            case t.Negative(of=of):
                return f"(- {self.value(of)})"
            case t.Power(base=base, exponent=exponent):
                return f"({' * '.join([self.value(base)] * exponent)})"
            case t.Root(of=of):
                said = self.value(of)
                return f"(case when {said} >= 0 then sqrt({said}) end)"
            case t.Largest(of=of):
                return self._strict("greatest", of)
            case t.Smallest(of=of):
                return self._strict("least", of)
        raise TypeError(f"{type(node).__name__} is no number")

    def _strict(self, function: str, of: Sequence[t.Node]) -> str:
        """SQL's greatest passes over what is missing; ours is missing then."""
        missing = " or ".join(f"{self.value(one)} is null" for one in of)
        return f"(case when {missing} then null else {function}({self._list(of)}) end)"

    def _days(self, node: t.Shifted | t.DaysBetween) -> str:
        if isinstance(node, t.DaysBetween):
            return f"({self.value(node.end)} - {self.value(node.start)})::float8"
        moved = f"({self.value(node.day)} + interval '{node.months} months')::date"
        return f"({moved} + ({node.days}))"

    def _case(self, node: t.Case) -> str:
        """SQL goes on where a condition is missing; ours stops there."""
        branches = " ".join(
            f"when {said} is null then null when {said} then {self.value(value)}"
            for said, value in ((self.value(one), value) for one, value in node.branches)
        )
        rest = f" else {self.value(node.otherwise)}" if node.otherwise else ""
        return f"(case {branches}{rest} end)"

    def _condition(self, node: t.Node) -> str:
        match node:
            case t.Compare(order=order, left=left, right=right):
                if is_points(left) or is_points(right):
                    return self._compare_points(order, left, right)
                collated = self.collated if is_text(left) and order not in ("=", "<>") else ""
                return f"({self.value(left)} {order} {self.value(right)}{collated})"
            case t.OneOf(of=of, values=values):
                if not values:
                    return f"(case when {self.value(of)} is not null then false end)"
                return f"({self.value(of)} in ({', '.join(map(literal, values))}))"
            case t.StartsWith(of=of, beginning=beginning):
                return f"starts_with({self.value(of)}, {literal(beginning)})"
            case t.IsMissing(of=of):
                return f"({self.value(of)} is null)"
            case t.Both(of=of):
                return f"({' and '.join(self.value(one) for one in of)})"
            case t.Either(of=of):
                return f"({' or '.join(self.value(one) for one in of)})"
            case t.Opposite(of=of):
                return f"(not {self.value(of)})"
        raise TypeError(f"{type(node).__name__} cannot be written")

    # Causes ---------------------------------------------------------------------------------------

    def wants(self, node: t.Node) -> str:
        """Where a node is missing and a fact, not only a person, is missing for it. Never null."""
        match node:
            case t.Constant() | t.AsOf() | t.IsMissing():
                return "false"
            case t.Column(name=name, is_judged=is_judged):
                return "false" if is_judged else f"({_quoted(name)} is null)"
            case t.Derived(formula=formula):
                return self.wants(formula)
            case t.Opposite(of=of) | t.Negative(of=of) | t.OneOf(of=of) | t.StartsWith(of=of):
                return self.wants(of)
            case t.Case():
                return self._case_wants(node)
            case t.Compare(left=left, right=right) if is_points(left) or is_points(right):
                wanted = f"({self.wants_points(left)} or {self.wants_points(right)})"
                return f"({self.value(node)} is null and {wanted})"
            case t.Both(of=of) | t.Either(of=of) | t.Fallback(of=of):
                return f"({self.value(node)} is null and {self._one_wants(of)})"
        return self._value_wants(node)

    def _value_wants(self, node: t.Node) -> str:
        match node:
            case t.Largest(of=of) | t.Smallest(of=of):
                return self._one_wants(of)
            case t.Compare(left=left, right=right) | t.DaysBetween(end=left, start=right):
                return self._one_wants((left, right))
            case t.Arithmetic(left=left, right=right):
                parts: tuple[t.Node, ...] = (left, right)
            case t.Power(base=of) | t.Root(of=of) | t.Shifted(day=of):
                parts = (of,)
            case _:
                raise TypeError(f"{type(node).__name__} cannot be written")
        known = " and ".join(f"{self.value(one)} is not null" for one in parts)
        failed = f"({known} and {self.value(node)} is null)"
        return f"({self._one_wants(parts)} or {failed})"

    def _one_wants(self, nodes: Iterable[t.Node]) -> str:
        return f"({' or '.join(self.wants(one) for one in nodes)})"

    def _case_wants(self, node: t.Case) -> str:
        branches = " ".join(
            f"when {said} is null then {self.wants(one)} when {said} then {self.wants(value)}"
            for said, one, value in ((self.value(one), one, value) for one, value in node.branches)
        )
        rest = self.wants(node.otherwise) if node.otherwise else "true"
        return f"(case {branches} else {rest} end)"

    # Points ---------------------------------------------------------------------------------------

    def ends(self, node: t.Node) -> tuple[str, str]:
        """The low and the high end of a scoring expression; never null."""
        match node:
            case t.Band(low=low, high=high):
                return literal(float(low)), literal(float(high))
            case t.Score(clauses=clauses):
                ends = [self.ends(one) for one in clauses]
                return tuple(f"({' + '.join(part)})" for part in zip(*ends, strict=True))  # type: ignore[return-value]  # two ends
            case t.Derived(formula=formula):
                return self.ends(formula)
            case t.Case():
                return self._case_ends(node)
            case t.Arithmetic(sign="+" | "-" as sign, left=left, right=right):
                one, other = self.ends(left), self.ends(right)[:: 1 if sign == "+" else -1]
                return f"({one[0]} {sign} {other[0]})", f"({one[1]} {sign} {other[1]})"
            case t.Negative(of=one):
                least, most = self.ends(one)
                return f"(- {most})", f"(- {least})"
            case t.Largest(of=of) | t.Smallest(of=of):
                word = "greatest" if isinstance(node, t.Largest) else "least"
                ends = [self.ends(one) for one in of]
                least, most = (", ".join(part) for part in zip(*ends, strict=True))
                return f"{word}({least})", f"{word}({most})"
        said = self.value(node)
        return f"coalesce({said}, {_LEAST})", f"coalesce({said}, {_MOST})"

    def _case_ends(self, node: t.Case) -> tuple[str, str]:
        """Where a condition is missing, all that may still be reached is open."""
        low, high = self.ends(node.otherwise) if node.otherwise else (_LEAST, _MOST)
        for condition, value in reversed(node.branches):
            said, (least, most) = self.value(condition), self.ends(value)
            low, high = (
                f"(case when {said} then {here} when not {said} then {rest}"
                f" else {word}({here}, {rest}) end)"
                for word, here, rest in (("least", least, low), ("greatest", most, high))
            )
        return low, high

    def wants_points(self, node: t.Node) -> str:
        """Where a missing fact, not only a missing judgement, leaves points open. Never null."""
        return self._left_open(node, self.wants)

    def opens_points(self, node: t.Node) -> str:
        """Where anything missing leaves points open. Never null."""
        return self._left_open(node, lambda one: f"({self.value(one)} is null)")

    def _left_open(self, node: t.Node, by: Callable[[t.Node], str]) -> str:
        match node:
            case t.Band():
                return "false"
            case t.Score(clauses=of) | t.Largest(of=of) | t.Smallest(of=of):
                return f"({' or '.join(self._left_open(one, by) for one in of)})"
            case t.Derived(formula=one) | t.Negative(of=one):
                return self._left_open(one, by)
            case t.Arithmetic(sign="+" | "-", left=left, right=right):
                return f"({self._left_open(left, by)} or {self._left_open(right, by)})"
            case t.Case():
                return self._case_left_open(node, by)
        return by(node)

    def _case_left_open(self, node: t.Case, by: Callable[[t.Node], str]) -> str:
        rest = self._left_open(node.otherwise, by) if node.otherwise else "true"
        for condition, value in reversed(node.branches):
            said, here = self.value(condition), self._left_open(value, by)
            rest = (
                f"(case when {said} then {here} when not {said} then {rest}"
                f" else ({by(condition)} or {here} or {rest}) end)"
            )
        return rest

    def _compare_points(self, order: t.Order, left: t.Node, right: t.Node) -> str:
        (low, high), (least, most) = self.ends(left), self.ends(right)
        if order in ("<", "<="):
            turned = ">=" if order == "<" else ">"
            return f"(case when {high} {order} {least} then true when {low} {turned} {most} then false end)"
        if order in (">", ">="):
            turned = "<=" if order == ">" else "<"
            return f"(case when {low} {order} {most} then true when {high} {turned} {least} then false end)"
        same, apart = ("true", "false") if order == "=" else ("false", "true")
        return (
            f"(case when {low} = {high} and {least} = {most} and {low} = {least} then {same}"
            f" when {high} < {least} or {low} > {most} then {apart} end)"
        )


def literal(value: t.Scalar) -> str:
    """A constant; numbers go as text, so that no decimal is rounded on the way."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"'{float(value)!r}'::float8"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
