"""Tables of outreach: contact cards, visits, and requests that only the enterprise closes."""

from xiaoer.outreach.models.cards import CardPrint, ContactCard
from xiaoer.outreach.models.corrections import Correction
from xiaoer.outreach.models.days import Booking, DayEscort, DaySlot, DayVisit
from xiaoer.outreach.models.field import FieldDevice, FieldLog, FieldRule
from xiaoer.outreach.models.fieldwork import (
    FieldChoice,
    FieldQuestion,
    FindingWord,
    Phrase,
    VisitAnswer,
    VisitInterval,
)
from xiaoer.outreach.models.requests import (
    Appeal,
    AppealEvent,
    AppealKind,
    DateChange,
    JointOffice,
    ReceiptCounter,
    ReturnVisit,
)
from xiaoer.outreach.models.routes import (
    RoadDistance,
    RoadSheet,
    Round,
    RouteRule,
    RouteSearch,
    Stop,
)
from xiaoer.outreach.models.visits import Companion, Gathering, Programme, Visit

__all__ = [
    "Appeal",
    "AppealEvent",
    "AppealKind",
    "Booking",
    "CardPrint",
    "Companion",
    "ContactCard",
    "Correction",
    "DateChange",
    "DayEscort",
    "DaySlot",
    "DayVisit",
    "FieldChoice",
    "FieldDevice",
    "FieldLog",
    "FieldQuestion",
    "FieldRule",
    "FindingWord",
    "Gathering",
    "JointOffice",
    "Phrase",
    "Programme",
    "ReceiptCounter",
    "ReturnVisit",
    "RoadDistance",
    "RoadSheet",
    "Round",
    "RouteRule",
    "RouteSearch",
    "Stop",
    "Visit",
    "VisitAnswer",
    "VisitInterval",
]
