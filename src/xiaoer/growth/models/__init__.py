"""Tables of growth."""

from xiaoer.growth.models.ladders import (
    Designation,
    EntryCutoff,
    EvidenceItem,
    HandedPaper,
    Ladder,
    LadderParameter,
    ParameterChange,
    Path,
    Sector,
    Standing,
)

__all__ = [
    "Designation",
    "EntryCutoff",
    "EvidenceItem",
    "HandedPaper",
    "Ladder",
    "LadderParameter",
    "ParameterChange",
    "Path",
    "Sector",
    "Standing",
]
