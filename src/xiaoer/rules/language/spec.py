"""What goes into the language and what comes out: clauses as people write them, verdicts, mistakes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xiaoer.rules.language.tree import Derived, Node


class ClauseKind(StrEnum):
    """条款类别. A blocker that holds cannot be repaired within a year, so that no gap is counted."""

    CONDITION = "condition"
    BLOCKER = "blocker"
    PERSON = "person"
    SCORE = "score"


class State(StrEnum):
    """结论: of a clause and of a whole rule. There is no fifth."""

    MET = "met"
    NOT_MET = "not_met"
    NEEDS_DATA = "needs_data"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause as it is written and kept.

    ``condition``: must be true. ``blocker``: must be **false**; it names what stands in the way and
    cannot be repaired soon. ``person``: must be true, and where the facts do not decide it, a person
    does. ``score``: a scoring expression that belongs to ``part``; it decides nothing by itself:
    conditions compare ``score`` or ``score_<part>``.
    ``any_of``: clauses of one number stand for one another; one that is true suffices.
    """

    name: str
    name_en: str
    text: str
    kind: ClauseKind = ClauseKind.CONDITION
    any_of: int | None = None
    part: str = ""
    is_repairable: bool = True


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a text, where (from, to: characters of the text), and what may be meant.

    ``is_warning``: it may stand, but the writer should know (COALESCE hides a missing fact).
    """

    message: str
    start: int = 0
    end: int = 0
    nearest: str = ""
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class CompiledClause:
    """``tree`` is a condition, or a scoring expression; ``columns`` the stored words it reads.

    ``derived``: the derived words it names, so that reasons can show their values; where decimals
    were cleared, the tree itself has only their formulas.
    """

    text: ClauseText
    tree: Node
    columns: tuple[str, ...]
    derived: tuple[Derived, ...] = ()


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule both engines can run. ``key`` says which version it is, such as ``srdi/3``."""

    key: str
    clauses: tuple[CompiledClause, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseOutcome:
    """A clause of one subject: its state, the words it read with their values, and points."""

    state: State
    read: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule of one subject. ``clauses`` in the order of the rule; a score clause is always met
    unless its interval has a missing fact (then needs data) or is open to experts (needs a person).
    """

    state: State
    clauses: tuple[ClauseOutcome, ...]
    low: float | None = None
    high: float | None = None
