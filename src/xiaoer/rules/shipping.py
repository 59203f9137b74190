"""Rules as the product ships them: data with their marks, which a zone then owns and changes.

A room above writes its rules in these shapes and gives them to ``actions.seed_rules``. What a zone
has is never overwritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from xiaoer.rules.language.spec import ClauseKind, State


@dataclass(frozen=True, slots=True)
class ShippedClause:
    """A clause; see ``language.spec.ClauseText``. ``advice``: what the firm can do about it."""

    name: str
    name_en: str
    text: str
    kind: ClauseKind = ClauseKind.CONDITION
    any_of: int | None = None
    part: str = ""
    is_repairable: bool = True
    advice: str = ""
    advice_en: str = ""


@dataclass(frozen=True, slots=True)
class ShippedCase:
    """Facts of an invented subject (a word left out is missing) and what the rule must say."""

    name: str
    as_of: date
    facts: Mapping[str, object]
    expected: State = State.MET


@dataclass(frozen=True, slots=True)
class ShippedVersion:
    """A version. ``is_live`` counts for marks A and B alone: C and U wait for a person to read the
    document and release them."""

    number: int
    mark: str
    effective_from: date
    clauses: tuple[ShippedClause, ...]
    applicant: str = "any"
    region: str = ""
    effective_to: date | None = None
    document: str = ""
    document_no: str = ""
    mark_note: str = ""
    is_live: bool = False
    cases: tuple[ShippedCase, ...] = ()

    @property
    def goes_live(self) -> bool:
        return self.is_live and self.mark in ("A", "B", "D")


@dataclass(frozen=True, slots=True)
class ShippedRule:
    """A rule with its versions. ``kind``, ``level``: as ``models.Rule`` names them."""

    code: str
    name: str
    name_en: str
    kind: str
    level: str = "zone"
    subject: str = "party"
    ladder: str = ""
    step: int = 0
    validity_months: int | None = None
    purpose: str = ""
    versions: tuple[ShippedVersion, ...] = field(default=())
