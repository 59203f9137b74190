"""Tables of the registry: places, parties and who answers for them."""

from xiaoer.registry.models.imports import ImportRow, ImportRun, KnownLayout
from xiaoer.registry.models.parties import (
    MonitoringFirm,
    Party,
    PartyName,
    Representation,
    RepresentationCode,
    Stewardship,
)
from xiaoer.registry.models.places import Cell, CellDuty, Grid, Park
from xiaoer.registry.models.redrawing import (
    Redrawing,
    RedrawingLine,
    RedrawingPin,
    RedrawingRule,
)

__all__ = [
    "Cell",
    "CellDuty",
    "Grid",
    "ImportRow",
    "ImportRun",
    "KnownLayout",
    "MonitoringFirm",
    "Park",
    "Party",
    "PartyName",
    "Redrawing",
    "RedrawingLine",
    "RedrawingPin",
    "RedrawingRule",
    "Representation",
    "RepresentationCode",
    "Stewardship",
]
