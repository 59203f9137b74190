"""Tables of permits: definitions as data, cases with their branches, steps, papers and events."""

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
    "AutoBasis",
    "AutoDecision",
    "AutoPack",
    "AutoReview",
    "Case",
    "CaseEvent",
    "CaseItem",
    "CaseMaterial",
    "CaseStep",
    "ItemPause",
    "PostCheck",
    "Rating",
    "SharedEntry",
    "SharedRegister",
    "SharedUse",
    "Supplement",
    "Thing",
    "ThingVersion",
]
