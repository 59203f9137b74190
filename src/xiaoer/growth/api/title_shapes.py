"""What the API of titles takes and gives."""

from datetime import date
from typing import Annotated

from ninja import Field, Schema
from pydantic import StringConstraints

from xiaoer.base.api.shapes import Day, Line, Number, Phrase, Word
from xiaoer.growth.actions import TitleFacts
from xiaoer.growth.models import (
    Application,
    Batch,
    Level,
    TechContract,
    Title,
    TitleKind,
    TitleSheet,
)
from xiaoer.growth.queries import NextStep, TitleRow

Reason = Annotated[
    str, StringConstraints(max_length=300, strip_whitespace=True, pattern=r"^[^\u0000]*$")
]
YearNo = Annotated[int, Field(ge=1980, le=2100)]


class TitleKindOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    level: Level
    family: TitleKind.Family
    validity_months: int | None
    is_single: bool
    feeds: str
    rule_code: str
    complete_on: date | None
    source: str
    mark: str
    version: int


class CompleteIn(Schema):
    """As of which day the register of a kind is complete; null takes it back."""

    complete_on: Day | None = None


class TitleQuery(Schema):
    family: Word = ""
    level: Word = ""
    kind: Number | None = None
    year: YearNo | None = None
    batch: Number | None = None
    party: Number | None = None
    state: Word = "in_force"
    text: Word = ""
    after: Word = ""


class TitleOut(Schema):
    """A title with its standing on the day it was asked for."""

    id: int
    kind: str
    kind_name: str
    level: str
    party_id: int | None
    holder: str
    name: str
    year: int
    granted_on: date
    valid_to: date | None
    batch_id: int | None
    document: str
    document_no: str
    certificate_no: str
    is_exclusive: bool
    scope: str
    state: str
    state_words: str
    ended_on: date | None
    end_reason: str
    version: int


class TitlePageOut(Schema):
    rows: list[TitleOut]
    after: str | None


class TitleFactsIn(Schema):
    """What the document says. Without ``valid_to`` the title holds as long as its kind says."""

    granted_on: Day
    valid_to: Day | None = None
    is_without_end: bool = False
    name: Line = ""
    year: YearNo | None = None
    batch: Number | None = None
    document: Line = ""
    document_no: Phrase = ""
    certificate_no: Phrase = ""
    scope: Title.Scope | None = None
    scope_words: Phrase = ""
    is_exclusive: bool = False
    ordinal: Annotated[int, Field(ge=1, le=9999)] | None = None
    window_years: Annotated[int, Field(ge=1, le=99)] | None = None

    def facts(self, batch: Batch | None) -> TitleFacts:
        return TitleFacts(
            granted_on=self.granted_on,
            valid_to=self.valid_to,
            is_without_end=self.is_without_end,
            name=self.name,
            year=self.year,
            batch=batch,
            document=self.document,
            document_no=self.document_no,
            certificate_no=self.certificate_no,
            scope=self.scope or "",
            scope_words=self.scope_words,
            is_exclusive=self.is_exclusive,
            ordinal=self.ordinal,
            window_years=self.window_years,
        )


class TitleIn(TitleFactsIn):
    kind: Number
    party: Number | None = None
    upgraded_from: Number | None = None


class TitleCorrectionIn(TitleFactsIn):
    reason: Reason
    version: int


class TitleEndIn(Schema):
    ended_on: Day
    reason: Reason
    is_mistake: bool = False
    version: int | None = None


class TaskDoneIn(Schema):
    task: Number
    words: Reason


class BatchIn(Schema):
    kind: Number
    name: Phrase
    year: YearNo
    opens_on: Day | None = None
    closes_on: Day | None = None


class BatchChangeIn(Schema):
    opens_on: Day | None = None
    closes_on: Day | None = None
    state: Batch.State
    version: int


class BatchOut(Schema):
    id: int
    kind_id: int
    name: str
    year: int
    opens_on: date | None
    closes_on: date | None
    state: Batch.State
    version: int


class ApplicationQuery(Schema):
    kind: Number | None = None
    batch: Number | None = None
    year: YearNo | None = None


class ApplicationIn(Schema):
    party: Number
    kind: Number
    batch: Number | None = None
    renews: Number | None = None
    note: Reason = ""


class ApplicationMoveIn(Schema):
    to: Application.State
    on: Day
    note: Reason = ""
    batch: Number | None = None
    version: int | None = None


class ApplicationGrantIn(TitleFactsIn):
    version: int | None = None


class ApplicationRefusalIn(Schema):
    on: Day
    reason: Reason
    document: Line = ""
    version: int | None = None


class ApplicationOut(Schema):
    id: int
    party_id: int
    kind_id: int
    batch_id: int | None
    renews_id: int | None
    title_id: int | None
    state: Application.State
    since: date
    planned_on: date
    submitted_on: date | None
    decided_on: date | None
    reason: str
    version: int


class CandidateOut(Schema):
    """A firm on a work list of the board."""

    party_id: int
    party: str
    title_id: int | None
    valid_to: date | None
    low: float | None
    high: float | None
    gaps: int
    lacks: int
    is_applying: bool


class NextStepOut(Schema):
    """A title of one firm: what it holds or how far it is."""

    kind: str
    kind_name: str
    title_id: int | None
    state_words: str
    verdict: str
    gaps: int
    lacks: int
    gap: str
    application_id: int | None


class NearQuery(Schema):
    """Show: one (change is enough), data (is missing), time (only), blocked; empty: all."""

    officer: Number | None = None
    cell: Number | None = None
    show: Word = ""
    page: Annotated[int, Field(ge=1, le=1000)] = 1


class ChangeSaidOut(Schema):
    """What would have to be another, in people's units."""

    label: str
    now: str
    needed: str
    delta: str


class LackOut(Schema):
    """A fact not known; whether the firm can be asked for it, and was."""

    name: str
    label: str
    can_be_asked: bool
    is_asked: bool


class NearFirmOut(Schema):
    """A firm that does not meet a rule, and the smallest change that would qualify it."""

    party_id: int
    enterprise: str
    credit_code: str
    cell: str
    officer: str
    lacks: int
    changes: list[ChangeSaidOut]
    missing: list[LackOut]
    blocked_by: list[str]
    waits_until: date | None
    is_enough: bool


class NearPageOut(Schema):
    rows: list[NearFirmOut]
    page: int
    pages: int
    total: int
    counts: dict[str, int]
    days_left: int | None


class NearOneOut(Schema):
    """``firm`` is null where the rule is met or not in force."""

    firm: NearFirmOut | None


class AskFirmsIn(Schema):
    firms: Annotated[list[Number], Field(max_length=300)]


class AskedForRuleOut(Schema):
    """Questions put, about which words; ``left`` no enterprise can say."""

    questions: int
    words: list[str]
    left: list[str]


class KindCountOut(Schema):
    kind: str
    kind_name: str
    level: str
    in_force: int
    new: int


class HonourOut(Schema):
    title: TitleOut
    years: int


class FirmListIn(Schema):
    code: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_]+$")]
    name: Phrase
    name_en: Line = ""
    level: Level
    year: YearNo
    is_of_projects: bool = False
    feeds: Word = ""
    document: Line = ""
    document_no: Phrase = ""


class FirmListOut(Schema):
    id: int
    code: str
    name: str
    level: Level
    year: int
    is_of_projects: bool
    feeds: str
    document: str
    document_no: str


class ListMemberIn(Schema):
    party: Number
    since: Day
    project: Phrase = ""


class ListMemberEndIn(Schema):
    until: Day
    reason: Reason


class ListMemberOut(Schema):
    id: int
    party_id: int
    project: str
    since: date
    until: date | None
    reason: str


class TechContractIn(Schema):
    number: Annotated[str, Field(max_length=40, pattern=r"^[^\u0000]+$")]
    registered_on: Day
    party: Number
    amount_fen: Annotated[int, Field(ge=0, le=10**17)]
    kind: TechContract.Kind | None = None
    name: Line = ""
    counterpart: Phrase = ""


class TechContractOut(Schema):
    id: int
    number: str
    registered_on: date
    party_id: int
    amount_fen: int
    kind: str
    name: str
    counterpart: str


class TechContractPageOut(Schema):
    rows: list[TechContractOut]
    after: str | None


class ContractYearOut(Schema):
    """Contracts of a year so far; growth in per cent on the same days of the year before."""

    year: int
    count: int
    amount_fen: int
    count_growth: float | None
    amount_growth: float | None


class TakeBackIn(Schema):
    reason: Reason


class TitleSheetOut(Schema):
    id: int
    file_name: str
    holds: TitleSheet.Holds
    state: TitleSheet.State
    created: int
    unchanged: int
    rejected: int
    rows: list[dict[str, str | int]]


def title_out(row: TitleRow) -> TitleOut:
    one = row.title
    return TitleOut(
        id=one.pk,
        kind=one.kind.code,
        kind_name=one.kind.name,
        level=one.kind.level,
        party_id=one.party_id,
        holder=row.holder,
        name=one.name,
        year=one.year,
        granted_on=one.granted_on,
        valid_to=one.valid_to,
        batch_id=one.batch_id,
        document=one.document,
        document_no=one.document_no,
        certificate_no=one.certificate_no,
        is_exclusive=one.is_exclusive,
        scope=one.scope,
        state=row.standing.code,
        state_words=row.standing.words,
        ended_on=one.ended_on,
        end_reason=one.end_reason,
        version=one.version,
    )


def step_out(one: NextStep) -> NextStepOut:
    return NextStepOut(
        kind=one.kind.code,
        kind_name=one.kind.name,
        title_id=one.title.pk if one.title else None,
        state_words=one.words,
        verdict=one.verdict,
        gaps=one.gaps,
        lacks=one.lacks,
        gap=one.gap,
        application_id=one.application.pk if one.application else None,
    )
