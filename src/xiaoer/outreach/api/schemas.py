"""What comes out of the API of outreach, and the limits the tables set to words and numbers."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AfterValidator

from xiaoer.outreach.actions.filing import MOST_MONEY_FEN
from xiaoer.outreach.models import Appeal, Gathering, Programme

# What PostgreSQL's bigint and integer hold.
LARGEST, LARGEST_VERSION = 9223372036854775807, 2147483647


def plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text without NUL")
    return text.strip()


def _sane_day(day: date) -> date:
    if not 1900 <= day.year <= 2200:
        raise ValueError("a day from 1900 to 2200")
    return day


Id = Annotated[int, Field(ge=1, le=LARGEST)]
Version = Annotated[int, Field(ge=0, le=LARGEST_VERSION)]
Day = Annotated[date, AfterValidator(_sane_day)]
Money = Annotated[int, Field(ge=0, le=MOST_MONEY_FEN)]
Name = Annotated[str, AfterValidator(plain), Field(max_length=60)]
Phone = Annotated[str, AfterValidator(plain), Field(max_length=40)]
Title = Annotated[str, AfterValidator(plain), Field(max_length=80)]
Line = Annotated[str, AfterValidator(plain), Field(max_length=120)]
Words = Annotated[str, AfterValidator(plain), Field(max_length=500)]
Text = Annotated[str, AfterValidator(plain), Field(max_length=4000)]
Short = Annotated[str, AfterValidator(plain), Field(max_length=300)]
Code = Annotated[str, Field(max_length=30, pattern=r"^[A-Za-z0-9_-]*$")]
Secret = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Mark = Annotated[int, Field(ge=1, le=5)]
Light = Literal["red", "amber", "green", "grey"]


# Out -------------------------------------------------------------------------------------------
class AppealRowOut(Schema):
    """A request as a line of a list; ``light`` and ``remaining`` judge the clock that runs now."""

    id: int
    receipt_no: str
    title: str
    party_id: int
    enterprise: str
    kind: str
    channel: Appeal.Channel
    state: Appeal.State
    ball: Appeal.Ball
    result: str
    office: str
    handler: str
    urgency: Appeal.Urgency
    is_hard: bool
    is_supervised: bool
    reopened: int
    money_fen: int | None
    filed_at: datetime
    due_at: datetime | None
    solve_due_at: datetime | None
    promised_on: date | None
    answered_at: datetime | None
    confirmed_at: datetime | None
    satisfaction: int | None
    light: Light
    remaining: str


class PoolOut(Schema):
    """A page; ``after`` asks for the next one. ``total`` is exact unless ``is_capped``."""

    rows: list[AppealRowOut]
    after: str | None
    total: int
    is_capped: bool


class AppealCountsOut(Schema):
    """What is open now, by state, by who has to move, by light."""

    open: int
    mine: int
    red: int
    amber: int
    supervised: int
    states: dict[str, int]
    balls: dict[str, int]


class ClockOut(Schema):
    """One clock in working days: start, reply, solve, or rule (of the superior)."""

    code: str
    name: str
    days: int | None
    started_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    used: int
    light: Light
    remaining: str


class StoryOut(Schema):
    at: datetime
    who: str
    verb: str
    text: str
    result_words: str
    is_public: bool
    is_between_offices: bool


class JointOut(Schema):
    office_id: int
    office: str
    asked_at: datetime
    done_at: datetime | None
    note: str


class LaterDateOut(Schema):
    """``granted`` is null while nobody decided."""

    asked_at: datetime
    asked_by: str
    old_due_at: datetime
    new_due_at: datetime
    reason: str
    granted: bool | None
    decided_by: str
    words: str


class HolderOut(Schema):
    post_id: int
    name: str
    office: str


class AlikeOut(Schema):
    appeal_id: int
    receipt_no: str
    title: str
    enterprise: str
    answer: str
    result: str
    days_used: int | None
    is_confirmed: bool
    satisfaction: int | None
    reopened: int
    date_changes: int


class AppealOut(Schema):
    """A request as the asker may see it. ``version`` goes back with every verb; ``may`` says which
    verbs are possible now. Of the telephone only a mask is shown."""

    id: int
    receipt_no: str
    version: int
    title: str
    body: str
    enterprise: str
    party_id: int
    channel: Appeal.Channel
    kind: str
    urgency: Appeal.Urgency
    is_hard: bool
    money_fen: int | None
    contact_name: str
    phone: str | None
    is_phone_verified: bool
    state: Appeal.State
    ball: Appeal.Ball
    result: str
    office: str
    handler: HolderOut | None
    first: HolderOut | None
    light: Light
    remaining: str
    working_day: int
    filed_at: datetime
    solve_due_at: datetime | None
    promised_on: date | None
    answered_at: datetime | None
    confirmed_at: datetime | None
    confirmed_through: str
    satisfaction: int | None
    satisfaction_words: str
    reopened: int
    merged_into: str
    transferred_to: str
    supervised_at: datetime | None
    clocks: list[ClockOut]
    story: list[StoryOut]
    joint: list[JointOut]
    later_dates: list[LaterDateOut]
    similar: list[AlikeOut]
    may: list[str]


class NearOut(Schema):
    """A request that may be the same thing; its title is null for whoever only scanned a card."""

    appeal_id: int
    receipt_no: str
    filed_at: datetime
    state: Appeal.State
    title: str | None
    score: float


class KindOut(Schema):
    id: int
    code: str
    name: str
    office_id: int | None


class FiledOut(Schema):
    """The receipt. ``token`` is shown once, here; ``link`` is the page it opens."""

    id: int
    receipt_no: str
    token: str
    link: str


class ContactPhoneOut(Schema):
    phone: str


class CardOut(Schema):
    """Behind a card's code."""

    enterprise: str
    officer: str | None
    office: str | None
    kinds: list[KindOut]


class ReceiptOut(Schema):
    receipt_no: str


class VisitOut(Schema):
    id: int
    visited_on: date
    party_id: int
    enterprise: str
    visitor: str
    office: str
    companions: list[str]
    programme: str
    met: str
    said: str
    appeals: int
    logged_at: datetime
    is_corrected: bool


class VisitPageOut(Schema):
    rows: list[VisitOut]
    after: str | None


class LoggedOut(Schema):
    """A visit that was written down; ``warnings`` say what to look at again."""

    id: int
    filed: list[FiledOut]
    warnings: list[str]
    steps: list[int] = []


class ProgrammeOut(Schema):
    id: int
    code: str
    name: str
    kind: Programme.Kind
    source: str


class GatheringOut(Schema):
    id: int
    day: date
    place: str
    note: str
    state: Gathering.State
    result: str
    version: int


class BroughtOut(Schema):
    """A request a day brought; only the enterprise's own word makes it solved."""

    id: int
    receipt_no: str
    title: str
    state: str
    is_counted: bool
    is_solved: bool


class GoingOut(Schema):
    """A line of a visit day; without ``planned_id`` a visit that was not on the programme."""

    planned_id: int | None
    version: int
    day: date
    party_id: int
    enterprise: str
    leader_id: int
    leader: str
    purpose: str
    from_time: time | None
    until_time: time | None
    escorts: list[str]
    is_within_quota: bool
    reason: str
    refusal: str
    told_at: datetime | None
    is_cancelled: bool
    cancel_reason: str
    visit_id: int | None
    met: str
    brought: list[BroughtOut]


class SlotOut(Schema):
    id: int
    from_time: time
    until_time: time
    desk: str
    capacity: int
    taken: int


class QueuedOut(Schema):
    id: int
    version: int
    party_id: int
    enterprise: str
    who: str
    phone: str
    matter: str
    state: str
    slot_id: int | None
    at: time | None
    desk: str
    ticket_no: int | None
    outcome: str
    brought: list[BroughtOut]


class GatheringPageOut(Schema):
    """One day with its lines or its slots, and what came of it."""

    gathering: GatheringOut
    lines: list[GoingOut]
    slots: list[SlotOut]
    bookings: list[QueuedOut]
    visited: int
    leaders: int
    requests: int
    solved: int
    served: int
    places: int
    taken: int


class CopiedOut(Schema):
    lines: int
    left_out: list[str]


class ToldVisitOut(Schema):
    """What the asking enterprise was told of a leader's visit."""

    day: date
    programme: str
    who: str
    along: str
    purpose: str
    from_time: time | None
    until_time: time | None
    is_cancelled: bool
    cancel_reason: str


class OpenDayOut(Schema):
    """A problem day open for booking, with the asker's own place on it."""

    gathering: GatheringOut
    slots: list[SlotOut]
    own: QueuedOut | None
    left: int


class CardRowOut(Schema):
    party_id: int
    enterprise: str
    grid: str | None
    cell: str | None
    card_id: int | None
    made_at: datetime | None
    printed_at: datetime | None
    handed_out_on: date | None


class CardPageOut(Schema):
    rows: list[CardRowOut]
    after: str | None


class CoverOut(Schema):
    enterprises: int
    made: int
    printed: int
    handed_out: int


class CardPrintOut(Schema):
    """A print of many cards; ``is_stopped``: nobody has been at it for two minutes, ask anew."""

    id: int
    state: str
    cards: int
    done: int
    is_stopped: bool
    message: str


class CardsOut(Schema):
    """The numbers of the cards an act was done to."""

    cards: list[int]


class AppealFigureOut(Schema):
    """A figure with what it is a share of; ``percent`` is null where the whole is nothing."""

    name: str
    part: int
    whole: int | None
    percent: Decimal | None


class AppealFiguresOut(Schema):
    since: date
    until: date
    as_of: datetime
    figures: list[AppealFigureOut]
    median_working_days: Decimal | None
    satisfaction: Decimal | None
    rated: int


class VisitFiguresOut(Schema):
    since: date
    until: date
    visits: int
    visited: int
    visited_industrial: int
    industrial: int
    coverage: Decimal | None
    leaders: int
    visitors: int
    days: int
    appeals: int
    appeals_solved: int


class FigureAskedOut(Schema):
    """How many enterprises were asked now."""

    asked: int
