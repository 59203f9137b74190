"""The tree an expression becomes. Both engines and the SQL writer walk it; it has one meaning.

Every node is hashable, so that a condition that stands in many rules is evaluated once. Numbers are
float64 everywhere. Logic is three-valued (Kleene): ``false and missing`` is false, ``true or
missing`` is true, anything else with a missing operand is missing.

Where SQL lets a missing operand slip, we do not: ``Case`` is missing as soon as a branch before the
one that holds is missing (SQL would go on to ELSE); ``Largest`` and ``Smallest`` are missing when
one operand is; a division by zero and the root of a negative number are missing. Only
``Fallback`` (COALESCE) and ``IsMissing`` (IS NULL) speak of missing facts, openly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from xiaoer.base.words import Kind

Scalar = float | bool | date | str
Order = Literal["<", "<=", "=", "<>", ">=", ">"]


@dataclass(frozen=True)
class Node:
    """Any part of an expression. Its hash is worked out once: trees are looked up by the thousand."""

    __slots__ = ("_hash",)


# Values ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Constant(Node):
    value: Scalar
    kind: Kind


@dataclass(frozen=True, slots=True)
class Column(Node):
    """A stored word. ``is_judged``: missing here means that a person must say it."""

    name: str
    kind: Kind
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The day of the evaluation."""


@dataclass(frozen=True, slots=True)
class Derived(Node):
    """A derived word with its formula in place, kept by name so that reasons can show its value."""

    name: str
    formula: Node
    kind: Kind


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Two numbers; the sign says how. Division by zero is missing."""

    sign: Literal["+", "-", "*", "/"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative(Node):
    of: Node


@dataclass(frozen=True, slots=True)
class Power(Node):
    """A whole power from 2 to 8, multiplied out from the left, the same in every engine."""

    base: Node
    exponent: int


@dataclass(frozen=True, slots=True)
class Root(Node):
    """The square root; missing for a negative number."""

    of: Node


@dataclass(frozen=True, slots=True)
class Largest(Node):
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Smallest(Node):
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Shifted(Node):
    """A day so many months and days later (both may be negative); clipped to the month's last day."""

    day: Node
    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class DaysBetween(Node):
    """Whole days from ``start`` to ``end``, a number."""

    end: Node
    start: Node


@dataclass(frozen=True, slots=True)
class Case(Node):
    """The value of the first branch whose condition holds; missing if one before it is missing.

    Without ``otherwise``, nothing holds means missing.
    """

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None = None


@dataclass(frozen=True, slots=True)
class Fallback(Node):
    """The first of the values that is not missing (COALESCE); told to the writer as a warning."""

    of: tuple[Node, ...]


# Conditions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare(Node):
    order: Order
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """A text, number or day among some."""

    of: Node
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class StartsWith(Node):
    """``LIKE 'service_%'``: only a fixed beginning is allowed."""

    of: Node
    beginning: str


@dataclass(frozen=True, slots=True)
class IsMissing(Node):
    of: Node


@dataclass(frozen=True, slots=True)
class Both(Node):
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either(Node):
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Opposite(Node):
    of: Node


# Scores: intervals -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Band(Node):
    """``band(7, 8)``: points an expert chooses within. A plain number is a band of one value.

    In a scoring expression ``Case``, ``Arithmetic`` (+, -), ``Largest`` and ``Smallest`` work on
    intervals, and a missing condition gives the hull of all branches that may still be reached.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score(Node):
    """The sum of the score clauses of this rule, or of one part of it: ``score``, ``score_growth``.

    Comparing it with a number is true when its low end satisfies it, false when its high end cannot,
    else missing: for want of data if a fact is missing, else for want of a person (the experts).
    """

    part: str
    clauses: tuple[Node, ...]


def _keep_hash(kind: type[Node]) -> None:
    worked_out: Callable[[Any], int] = kind.__hash__

    def kept(self: Any) -> int:
        try:
            found: int = self._hash
        except AttributeError:
            found = worked_out(self)
            object.__setattr__(self, "_hash", found)
        return found

    kind.__hash__ = kept  # type: ignore[method-assign]  # the same, kept; it is not pickled


for _kind in Node.__subclasses__():
    _keep_hash(_kind)
