"""Tables of projects."""

from xiaoer.projects.models.elements import (
    ELEMENT_UNITS,
    DayMove,
    ElementKind,
    ElementNeed,
    ZonePromise,
)
from xiaoer.projects.models.entering import (
    EntryPath,
    StatCutoff,
    StatEntry,
    StatPaper,
    StatPaperKind,
    StatRule,
)
from xiaoer.projects.models.investing import InvestmentMonth, Series, YearPlan
from xiaoer.projects.models.livelihood import (
    LivelihoodCategory,
    LivelihoodFigure,
    LivelihoodItem,
    LivelihoodPicture,
    LivelihoodPlace,
    LivelihoodStep,
)
from xiaoer.projects.models.reserve import (
    ForceMember,
    Light,
    ListPlace,
    Project,
    ProjectList,
    Stage,
    StagePassage,
)

__all__ = [
    "ELEMENT_UNITS",
    "DayMove",
    "ElementKind",
    "ElementNeed",
    "EntryPath",
    "ForceMember",
    "InvestmentMonth",
    "Light",
    "ListPlace",
    "LivelihoodCategory",
    "LivelihoodFigure",
    "LivelihoodItem",
    "LivelihoodPicture",
    "LivelihoodPlace",
    "LivelihoodStep",
    "Project",
    "ProjectList",
    "Series",
    "Stage",
    "StagePassage",
    "StatCutoff",
    "StatEntry",
    "StatPaper",
    "StatPaperKind",
    "StatRule",
    "YearPlan",
    "ZonePromise",
]
