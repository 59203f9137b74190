"""Tables of permits: definitions as data, cases with their branches, steps, papers and events."""

from xiaoer.permits.models.acceptance import (
    Acceptance,
    AcceptanceCheck,
    AcceptanceKind,
    AcceptanceRule,
    Defect,
    Inspector,
    InspectorAbsence,
    SiteDay,
    SiteInspector,
    SiteSearch,
)
from xiaoer.permits.models.applying import CaseCounter, CaseLookup
from xiaoer.permits.models.automatic import (
    AutoBasis,
    AutoDecision,
    AutoPack,
    AutoReview,
    PostCheck,
    SharedEntry,
    SharedRegister,
    SharedUse,
)
from xiaoer.permits.models.cases import (
    Case,
    CaseEvent,
    CaseItem,
    CaseMaterial,
    CaseStep,
    ItemPause,
    Rating,
    Supplement,
)
from xiaoer.permits.models.things import Thing, ThingVersion

__all__ = [
    "Acceptance",
    "AcceptanceCheck",
    "AcceptanceKind",
    "AcceptanceRule",
    "AutoBasis",
    "AutoDecision",
    "AutoPack",
    "AutoReview",
    "Case",
    "CaseCounter",
    "CaseEvent",
    "CaseItem",
    "CaseLookup",
    "CaseMaterial",
    "CaseStep",
    "Defect",
    "Inspector",
    "InspectorAbsence",
    "ItemPause",
    "PostCheck",
    "Rating",
    "SharedEntry",
    "SharedRegister",
    "SharedUse",
    "SiteDay",
    "SiteInspector",
    "SiteSearch",
    "Supplement",
    "Thing",
    "ThingVersion",
]
