"""Schemas of questions, answers, intervals, phrases and words of visits."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AfterValidator

from xiaoer.outreach.api.schemas import Day, Id, Light, Line, Name, Text, Version, Words, plain
from xiaoer.outreach.models import FieldQuestion

Points = Annotated[int, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=1, le=3650)]
Place = Annotated[int, Field(ge=0, le=32767)]
FieldCode = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[A-Za-z0-9_-]+$")]
FieldMark = Annotated[str, Field(max_length=1, pattern=r"^[AVSBCUD]?$")]
Reason = Annotated[str, AfterValidator(plain), Field(max_length=200)]


class HeardIn(Schema):
    """An answer to a question of the set: a choice, a day, or words."""

    question: Id
    choice: Id | None = None
    day: Day | None = None
    words: Reason = ""


class StepIn(Schema):
    """A next step that was promised; without a post it is who visited."""

    what: Line
    due_on: Day
    post: Id | None = None


class FinishStepIn(Schema):
    words: Words


class WordsCheckIn(Schema):
    said: Text


class WarningsOut(Schema):
    warnings: list[str]


class VisitChoiceOut(Schema):
    id: int
    words: str
    words_en: str
    growth: int | None
    risk: int | None
    satisfaction: int | None
    within_days: int | None


class VisitQuestionOut(Schema):
    id: int
    code: str
    text: str
    text_en: str
    expects: FieldQuestion.Expects
    holds_days: int | None
    order: int
    is_active: bool
    source: str
    mark: str
    version: int
    choices: list[VisitChoiceOut]

    @staticmethod
    def resolve_choices(row: FieldQuestion) -> list[object]:
        return [one for one in row.choices.all() if one.is_active]


class VisitChoiceIn(Schema):
    words: Name
    words_en: Annotated[str, AfterValidator(plain), Field(max_length=80)] = ""
    growth: Points | None = None
    risk: Points | None = None
    satisfaction: Points | None = None
    within_days: Days | None = None


class VisitQuestionIn(Schema):
    """Added where the code is new (version 0), else changed; choices left out are offered no more."""

    code: FieldCode
    text: Line
    text_en: Annotated[str, AfterValidator(plain), Field(max_length=160)] = ""
    expects: FieldQuestion.Expects = FieldQuestion.Expects.CHOICE
    holds_days: Days | None = None
    order: Place = 0
    is_active: bool = True
    source: Reason = ""
    mark: FieldMark = "D"
    version: Version = 0
    choices: Annotated[list[VisitChoiceIn], Field(max_length=12)] = []


class VisitIntervalOut(Schema):
    code: str
    name: str
    name_en: str
    days: int
    source: str
    mark: str
    version: int


class VisitIntervalIn(Schema):
    code: FieldCode
    days: Days
    name: Name = ""
    name_en: Annotated[str, AfterValidator(plain), Field(max_length=80)] = ""
    source: Reason = ""
    mark: FieldMark = "D"
    version: Version


class PhraseOut(Schema):
    id: int
    text: str
    office: int | None
    post: int | None

    @staticmethod
    def resolve_office(row: object) -> int | None:
        return getattr(row, "office_id", None)

    @staticmethod
    def resolve_post(row: object) -> int | None:
        return getattr(row, "post_id", None)


class PhraseIn(Schema):
    """Whose: ``own``, ``office`` (the asker's), or ``zone`` (the service desk's)."""

    text: Annotated[str, AfterValidator(plain), Field(max_length=100)]
    whose: Annotated[str, Field(pattern=r"^(own|office|zone)$")] = "own"


class FindingWordOut(Schema):
    id: int
    word: str
    source: str


class FindingWordIn(Schema):
    word: Annotated[str, AfterValidator(plain), Field(max_length=20)]
    source: Reason = ""


class VisitAnswerOut(Schema):
    question_id: int
    code: str
    asked: str
    words: str
    choice_id: int | None
    day: date | None


class VisitStepOut(Schema):
    id: int
    title: str
    state: str
    holder: str | None
    due_at: datetime | None
    outcome: str | None


class VisitHeardOut(Schema):
    """What was answered on a visit, and the next steps promised."""

    answers: list[VisitAnswerOut]
    steps: list[VisitStepOut]


class DueReasonOut(Schema):
    """``light`` is none where nothing is judged; ``address`` leads to what is meant, if anything."""

    light: Light | None
    words: str
    address: str


class DueRowOut(Schema):
    """An enterprise to visit, its gravest reason first; ``absent`` says why not now."""

    party_id: int
    enterprise: str
    cell: str
    is_deputy: bool
    last_visit: date | None
    due_on: date | None
    reasons: list[DueReasonOut]
    questions: list[str]
    planned_on: date | None
    absent: str


class DueListOut(Schema):
    """``visited_this_quarter`` of the ``answered_for`` enterprises of the officer; ``firms`` holds
    those of absent colleagues and deputies too."""

    post_id: int
    officer: str
    today: date
    rows: list[DueRowOut]
    absent: list[DueRowOut]
    firms: int
    not_due: int
    next_due_on: date | None
    visited_this_quarter: int
    answered_for: int


class DueQuery(Schema):
    """``post``: a colleague's list, for the desk and leaders."""

    post: Id | None = None


class ScoreOut(Schema):
    """From ``low`` to ``high``, 0 to 100; both none where nothing is known."""

    low: int | None
    high: int | None


class ScoreRowOut(Schema):
    party_id: int
    enterprise: str
    cell: str
    officer: str
    growth: ScoreOut
    risk: ScoreOut
    satisfaction: ScoreOut
    answered: int
    asked: int
    newest_on: date | None


class ScorePageOut(Schema):
    rows: list[ScoreRowOut]
    after: int | None
    total: int


class ScoreQuery(Schema):
    """``least`` is of the dimension ordered by; without ``certain`` also what may reach it."""

    order: Literal["growth", "risk", "satisfaction"] = "risk"
    least: Annotated[int, Field(ge=0, le=100)] | None = None
    certain: bool = False
    cell: Id | None = None
    post: Id | None = None
    text: Name = ""
    after: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    size: Annotated[int, Field(ge=1, le=500)] = 50


class StandingOut(Schema):
    """A question with the newest answer; ``is_stale``: too old to count."""

    code: str
    question: str
    answer: str | None
    day: date | None
    visit_id: int | None
    visited_on: date | None
    is_stale: bool
    points: dict[str, int | None]


class FirmScoresOut(Schema):
    scores: ScoreRowOut
    answers: list[StandingOut]
