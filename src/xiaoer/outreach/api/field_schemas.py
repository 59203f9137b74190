"""What goes to a phone that keeps field work, and what comes from it."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime

from xiaoer.outreach.api.fieldwork_schemas import HeardIn, StepIn
from xiaoer.outreach.api.given import RequestIn, ToldOnVisitIn
from xiaoer.outreach.api.schemas import Day, FiledOut, Id, Light, Line, Name, Text, VisitOut


def _sane_moment(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2200:
        raise ValueError("a moment from 2000 to 2200")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_sane_moment)]


class DeviceIn(Schema):
    name: Name


class DeviceOut(Schema):
    """A phone that keeps field work; ``must_go``: it is to delete everything."""

    id: int
    name: str
    kept_at: datetime
    seen_at: datetime
    allowed_until: datetime
    wiped_at: datetime | None
    confirmed_at: datetime | None


class ReleasedOut(Schema):
    """``secret`` is what the phone's key is made from; ``token`` is told only at the first time."""

    id: int
    name: str
    post_id: int
    account_id: int
    officer: str
    secret: str
    token: str
    days: int
    allowed_until: datetime
    now: datetime


class DeviceStateOut(Schema):
    """``must_go``: the phone is to delete everything it keeps, and say so."""

    must_go: bool
    now: datetime


class FieldReasonOut(Schema):
    light: Light | None
    words: str


class FieldRequestOut(Schema):
    receipt_no: str
    title: str
    office: str
    light: Light
    remaining: str


class FieldVisitOut(Schema):
    visited_on: date
    visitor: str
    met: str
    said: str


class FieldQuestionOut(Schema):
    id: int
    text: str
    why: str
    expects: str
    unit: str
    choices: list[str]


class FieldAnswerOut(Schema):
    """A question of every visit with the choices that are offered: number and words."""

    id: int
    text: str
    expects: str
    choices: list[tuple[int, str]]


class FieldFirmOut(Schema):
    id: int
    name: str
    address: str
    longitude: float | None
    latitude: float | None
    contact_name: str
    contact_phone: str
    cell_id: int | None
    cell: str
    planned_on: date | None
    from_time: time | None
    until_time: time | None
    reasons: list[FieldReasonOut]
    absent: str
    requests: list[FieldRequestOut]
    visits: list[FieldVisitOut]
    questions: list[FieldQuestionOut]


class FieldPackageOut(Schema):
    """The firms of an officer, the most urgent first, and what a visit is logged with."""

    officer: str
    office: str
    post_id: int
    day: date
    firms: list[FieldFirmOut]
    left_out: int
    programmes: list[tuple[int, str]]
    programme: int | None
    kinds: list[tuple[int, str]]
    urgencies: list[tuple[str, str]]
    answers: list[FieldAnswerOut]
    phrases: list[str]


class NotedIn(Schema):
    """A visit as a phone kept it; ``claimed_at`` is by its own clock.

    ``is_day_sure``: the officer chose the day, so that a wrong clock does not move it. ``choice`` says
    what to do about a visit of the same day that is there already.
    """

    client_key: UUID
    claimed_at: Moment
    party_id: Id
    programme: Id
    visited_on: Day
    met: Line
    said: Text = ""
    requests: Annotated[list[RequestIn], Field(max_length=20)] = []
    told: Annotated[list[ToldOnVisitIn], Field(max_length=20)] = []
    answers: Annotated[list[HeardIn], Field(max_length=40)] = []
    steps: Annotated[list[StepIn], Field(max_length=10)] = []
    cell_id: Id | None = None
    is_day_sure: bool = False
    choice: Literal["", "companion", "separate"] = ""


class ArrivedOut(Schema):
    """``told`` is what the phone could not know; ``is_again``: it was there already.

    ``contact_to_explain``: the contact, made beyond the quota or on a quiet day, whose reason is asked.
    """

    visit_id: int
    filed: list[FiledOut]
    warnings: list[str]
    told: list[str]
    is_again: bool
    is_companion: bool
    contact_to_explain: int | None


class ClashOut(Schema):
    """A person must choose. ``other`` is the visit of that day, for side by side."""

    message: str
    field: str | None
    kind: Literal["clock", "same_day"]
    claimed_on: date
    corrected_on: date | None
    other: VisitOut | None


class FieldRuleIn(Schema):
    """``version`` is that of the rule as it was read; 1 where there is none yet."""

    days: Annotated[int, Field(ge=1, le=31)]
    source: Annotated[str, Field(max_length=200)] = ""
    version: Annotated[int, Field(ge=0, le=2147483647)]


class FieldRuleOut(Schema):
    days: int
    source: str
    mark: str
    version: int
