"""What goes into the API of outreach: verbs, and the filters of questions."""

from datetime import time
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AfterValidator

from xiaoer.outreach.api.fieldwork_schemas import HeardIn, Reason, StepIn
from xiaoer.outreach.api.schemas import (
    Code,
    Day,
    Id,
    Light,
    Line,
    Mark,
    Money,
    Name,
    Phone,
    Short,
    Text,
    Title,
    Version,
    Words,
    plain,
)
from xiaoer.outreach.models import Appeal, Programme, ReturnVisit


class AppealVersionIn(Schema):
    """``version`` is that of the request as it was read; another one means somebody was faster."""

    version: Version


class RequestIn(Schema):
    """A difficulty in the enterprise's words."""

    title: Title
    body: Text
    kind: Id | None = None
    urgency: Appeal.Urgency = Appeal.Urgency.NORMAL
    money_fen: Money | None = None
    contact_name: Name = ""
    contact_phone: Phone = ""


class FileIn(RequestIn):
    """Filed for an enterprise by staff, or by the enterprise itself (channel ``enterprise``)."""

    party_id: Id
    channel: Appeal.Channel
    programme: Id | None = None


class NearIn(Schema):
    party_id: Id
    title: Title
    body: Text = ""


class SheetQuery(Schema):
    kind: Literal["pdf", "docx"] = "pdf"


class TextIn(Schema):
    text: Text


class AppealWordsIn(AppealVersionIn):
    words: Text = ""


class AppealReasonIn(AppealVersionIn):
    reason: Text


class ConfirmIn(AppealVersionIn):
    satisfaction: Mark | None = None
    words: Words = ""


class RegisterIn(AppealVersionIn):
    kind: Id
    urgency: Appeal.Urgency = Appeal.Urgency.NORMAL
    is_hard: bool = False
    money_fen: Money | None = None
    contact_name: Name | None = None
    contact_phone: Phone | None = None
    note: Text = ""


class NotAcceptIn(AppealVersionIn):
    reason: Appeal.Refusal
    words: Text


class AppealMergeIn(AppealVersionIn):
    into: Id
    words: Text = ""


class AppealTransferIn(AppealVersionIn):
    to: Line
    external_ref: Name = ""
    words: Text


class DispatchIn(AppealVersionIn):
    office: Id
    handler: Id | None = None
    joint: Annotated[list[Id], Field(max_length=50)] = []
    words: Text = ""


class ReassignIn(AppealVersionIn):
    office: Id
    handler: Id | None = None
    reason: Text


class HelpIn(AppealVersionIn):
    offices: Annotated[list[Id], Field(min_length=1, max_length=50)]
    words: Text


class NoteIn(AppealVersionIn):
    words: Text
    is_public: bool


class ParkIn(AppealVersionIn):
    promised_on: Day
    reason: Text


class AnswerIn(AppealVersionIn):
    result: Appeal.Result
    text: Text
    promised_on: Day | None = None


class DateIn(AppealVersionIn):
    new_due_on: Day
    reason: Short


class DecideIn(AppealVersionIn):
    is_granted: bool
    words: Short = ""


class SuperviseIn(AppealVersionIn):
    words: Short


class AppealInstructionIn(Schema):
    text: Annotated[str, Field(max_length=1000)]
    office: Id | None = None


class ReturnVisitIn(AppealVersionIn):
    outcome: ReturnVisit.Outcome
    spoke_with: Name = ""
    words: Words = ""
    satisfaction: Mark | None = None


class PoolQuery(Schema):
    """The filters of the page."""

    state: Appeal.State | Literal["open"] | None = None
    light: Light | None = None
    ball: Appeal.Ball | None = None
    kind: Id | None = None
    channel: Appeal.Channel | None = None
    urgency: Appeal.Urgency | None = None
    office: Id | None = None
    handler: Id | None = None
    party: Id | None = None
    programme: Id | None = None
    mine: bool = False
    supervised: bool = False
    text: Name = ""
    since: Day | None = None
    until: Day | None = None
    order: Literal["latest", "due"] = "latest"
    after: Annotated[str, Field(max_length=120)] | None = None
    size: Annotated[int, Field(ge=1, le=500)] = 50


class PeriodQuery(Schema):
    """Days of filing, both counted; ``programme`` is its code."""

    since: Day
    until: Day
    programme: Code | None = None


class VisitQuery(Schema):
    programme: Code = ""
    party: Id | None = None
    post: Id | None = None
    since: Day | None = None
    until: Day | None = None
    text: Name = ""
    after: Annotated[str, Field(max_length=20, pattern=r"^[0-9]*$")] | None = None
    size: Annotated[int, Field(ge=1, le=500)] = 50


class ToldOnVisitIn(Schema):
    """What the enterprise said to an open question, or that it does not say."""

    question: Id
    answer: Annotated[Text, Field(max_length=500)] = ""
    is_declined: bool = False


class AskFigureIn(Schema):
    """A figure of a period to ask the monitored enterprises for; period as 2026年1-6月."""

    metric: Code
    period: Name
    why: Text = ""
    worth: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class LogIn(Schema):
    """A visit; a day long past, or a second visit of a day, comes with a reason in words."""

    party_id: Id
    programme: Id
    visited_on: Day
    met: Line
    said: Text = ""
    post: Id | None = None
    companions: Annotated[list[Id], Field(max_length=50)] = []
    requests: Annotated[list[RequestIn], Field(max_length=20)] = []
    answers: Annotated[list[HeardIn], Field(max_length=40)] = []
    steps: Annotated[list[StepIn], Field(max_length=10)] = []
    contact: Id | None = None
    told: Annotated[list[ToldOnVisitIn], Field(max_length=40)] = []
    late_reason: Reason = ""
    another_reason: Reason = ""


class CorrectIn(Schema):
    """What is not given stays as it was."""

    programme: Id | None = None
    visited_on: Day | None = None
    met: Line | None = None
    said: Text | None = None
    companions: Annotated[list[Id], Field(max_length=50)] | None = None
    answers: Annotated[list[HeardIn], Field(max_length=40)] | None = None


class ProgrammeIn(Schema):
    code: Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[A-Za-z0-9_-]+$")]
    name: Name
    kind: Programme.Kind
    source: Annotated[str, AfterValidator(plain), Field(max_length=200)] = ""


class GatheringIn(Schema):
    day: Day
    place: Annotated[str, AfterValidator(plain), Field(max_length=100)] = ""
    note: Annotated[str, AfterValidator(plain), Field(max_length=200)] = ""


class DayVersionIn(Schema):
    """``version`` is that of the day as it was read."""

    version: Version


class DayResultIn(DayVersionIn):
    result: Annotated[str, AfterValidator(plain), Field(max_length=1000)]


class DayReasonIn(DayVersionIn):
    reason: Short


class CopyDayIn(Schema):
    source: Id


class DayVisitIn(Schema):
    """``offices`` and ``escorts`` (posts) go along with the leader (a post)."""

    leader: Id
    purpose: Annotated[str, AfterValidator(plain), Field(max_length=200)]
    from_time: time | None = None
    until_time: time | None = None
    offices: Annotated[list[Id], Field(max_length=50)] = []
    escorts: Annotated[list[Id], Field(max_length=50)] = []


class PlanDayVisitIn(DayVisitIn):
    """``reason``: a leader's, where the quota is used up or the day is quiet."""

    party_id: Id
    reason: Short = ""


class ChangeDayVisitIn(DayVisitIn):
    version: Version


class SlotsIn(Schema):
    desk: Name
    from_time: time
    until_time: time
    minutes: Annotated[int, Field(ge=5, le=600)]
    capacity: Annotated[int, Field(ge=1, le=50)] = 1


class BookIn(Schema):
    slot: Id
    party_id: Id
    who: Name
    phone: Phone = ""
    matter: Annotated[str, AfterValidator(plain), Field(max_length=200)] = ""


class WalkInIn(Schema):
    party_id: Id
    who: Name
    phone: Phone = ""
    matter: Annotated[str, AfterValidator(plain), Field(max_length=200)] = ""


class BookingVersionIn(Schema):
    """``words``: to which desk when called, what came of it when heard, why when cancelled."""

    version: Version
    words: Name = ""


class BookingFileIn(Schema):
    title: Title
    body: Text = ""
    kind: Id | None = None
    urgency: Appeal.Urgency = Appeal.Urgency.NORMAL


class CardQuery(Schema):
    state: Literal["missing", "made", "unprinted", "held_back", "handed_out"] | None = None
    grid: Id | None = None
    cell: Id | None = None
    officer: Id | None = None
    text: Name = ""
    after: Annotated[str, AfterValidator(plain), Field(max_length=300)] | None = None


class PartiesIn(Schema):
    parties: Annotated[list[Id], Field(min_length=1, max_length=5000)]


class CardsIn(Schema):
    cards: Annotated[list[Id], Field(min_length=1, max_length=5000)]


class FewCardsIn(Schema):
    """As many as one waits for; more are asked for as a print."""

    cards: Annotated[list[Id], Field(min_length=1, max_length=160)]


class HandOutIn(CardsIn):
    handed_out_on: Day | None = None


class WithdrawIn(Schema):
    reason: Annotated[str, AfterValidator(plain), Field(max_length=200)]


class AppealKindIn(Schema):
    """A kind of request: added, or renamed where the code is known."""

    code: Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[A-Za-z0-9_-]+$")]
    name: Name
    name_en: Name = ""
    office: Id | None = None
    order: Annotated[int, Field(ge=0, le=32767)] = 0
