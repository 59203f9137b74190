"""Tables of growth."""

from xiaoer.growth.models.campaigns import Campaign as Campaign
from xiaoer.growth.models.campaigns import Target as Target
from xiaoer.growth.models.campaigns import TargetRule as TargetRule
from xiaoer.growth.models.dispatch import DispatchLine as DispatchLine
from xiaoer.growth.models.dispatch import DispatchWeek as DispatchWeek
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
from xiaoer.growth.models.standards import (
    ForecastOverride,
    SizeStandard,
    StatThreshold,
)
from xiaoer.growth.models.titles import (
    Application,
    ApplicationStep,
    Batch,
    FirmList,
    Level,
    ListMember,
    RenewalNotice,
    TechContract,
    Title,
    TitleKind,
    TitleSheet,
)
from xiaoer.growth.models.watching import Alert as Alert
from xiaoer.growth.models.watching import AlertEvent as AlertEvent
from xiaoer.growth.models.watching import WatchHand as WatchHand
from xiaoer.growth.models.watching import WatchList as WatchList
from xiaoer.growth.models.watching import WatchMember as WatchMember

__all__ = [
    "Application",
    "ApplicationStep",
    "Batch",
    "Designation",
    "EntryCutoff",
    "EvidenceItem",
    "FirmList",
    "ForecastOverride",
    "HandedPaper",
    "Ladder",
    "LadderParameter",
    "Level",
    "ListMember",
    "ParameterChange",
    "Path",
    "RenewalNotice",
    "Sector",
    "SizeStandard",
    "Standing",
    "StatThreshold",
    "TechContract",
    "Title",
    "TitleKind",
    "TitleSheet",
]
