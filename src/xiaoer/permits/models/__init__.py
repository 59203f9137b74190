"""Tables of permits: definitions as data, cases with their branches, steps, papers and events."""

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
    "Case",
    "CaseEvent",
    "CaseItem",
    "CaseMaterial",
    "CaseStep",
    "ItemPause",
    "Rating",
    "Supplement",
    "Thing",
    "ThingVersion",
]
