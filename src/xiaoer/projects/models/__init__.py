"""Tables of projects."""

from xiaoer.projects.models.elements import ElementKind, ElementNeed, ZonePromise
from xiaoer.projects.models.investing import InvestmentMonth, Series, YearPlan
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
    "ElementKind",
    "ElementNeed",
    "ForceMember",
    "InvestmentMonth",
    "Light",
    "ListPlace",
    "Project",
    "ProjectList",
    "Series",
    "Stage",
    "StagePassage",
    "YearPlan",
    "ZonePromise",
]
