"""What goes in and out of the API of rules."""

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import AfterValidator

from xiaoer.base.api.shapes import Day
from xiaoer.base.words import Word
from xiaoer.rules.language.spec import ClauseKind, Mistake, State
from xiaoer.rules.models import Rule, RuleVersion
from xiaoer.rules.queries import Counts


def _plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text without NUL")
    return text.strip()


Text = Annotated[str, AfterValidator(_plain), Field(max_length=300)]
Name = Annotated[str, AfterValidator(_plain), Field(max_length=120)]
Long = Annotated[str, AfterValidator(_plain), Field(max_length=8000)]
RuleCode = Annotated[str, Field(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class RuleIn(Schema):
    code: RuleCode
    name: Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=80)]
    name_en: Name = ""
    kind: Rule.Kind
    level: Rule.Level = Rule.Level.ZONE
    ladder: Annotated[str, Field(max_length=20, pattern=r"^[a-z0-9_-]*$")] = ""
    step: int = Field(0, ge=0, le=100)
    validity_months: int | None = Field(None, ge=1, le=600)
    purpose: Text = ""


class RuleCountsOut(Schema):
    """Subjects by verdict; the four add up to all that were evaluated."""

    met: int
    not_met: int
    needs_data: int
    needs_person: int


class RuleClauseSaid(Schema):
    """A clause as it is written; see the rule language."""

    name: Name
    name_en: Annotated[str, AfterValidator(_plain), Field(max_length=200)] = ""
    text: Long
    kind: ClauseKind = ClauseKind.CONDITION
    any_of: int | None = Field(None, ge=0, le=999)
    part: Annotated[str, Field(max_length=30, pattern=r"^[a-z0-9_]*$")] = ""
    is_repairable: bool = True
    advice: Text = ""
    advice_en: Text = ""


class RuleVersionOut(Schema):
    """A version; ``version`` is sent back with every change of it."""

    id: int
    number: int
    applicant: RuleVersion.Applicant
    region: str
    effective_from: date
    effective_to: date | None
    document: str
    document_no: str
    mark: RuleVersion.Mark
    mark_note: str
    review_no: str
    reviewed_on: date | None
    state: RuleVersion.State
    written_at: datetime
    released_at: datetime | None
    retired_at: datetime | None
    reason: str
    version: int


class RuleTextOut(RuleVersionOut):
    rule: str
    clauses: list[RuleClauseSaid]

    @staticmethod
    def resolve_rule(version: RuleVersion) -> str:
        return version.rule.code

    @staticmethod
    def resolve_clauses(version: RuleVersion) -> list[object]:
        return list(version.clauses.all())


class RuleOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    kind: Rule.Kind
    level: Rule.Level
    subject: str
    ladder: str
    step: int
    validity_months: int | None
    purpose: str


class RuleRowOut(Schema):
    """A rule, the version that speaks today, the one in work, and what the last run found."""

    rule: RuleOut
    live: RuleVersionOut | None
    draft: RuleVersionOut | None
    counts: RuleCountsOut | None


class RuleWithVersions(RuleOut):
    versions: list[RuleVersionOut]


class RuleHeadIn(Schema):
    effective_from: Day
    effective_to: Day | None = None
    applicant: RuleVersion.Applicant = RuleVersion.Applicant.ANY
    region: Annotated[str, Field(max_length=12, pattern=r"^\d*$")] = ""
    document: Annotated[str, AfterValidator(_plain), Field(max_length=200)] = ""
    document_no: Annotated[str, AfterValidator(_plain), Field(max_length=80)] = ""
    mark: RuleVersion.Mark = RuleVersion.Mark.U
    mark_note: Text = ""
    review_no: Annotated[str, AfterValidator(_plain), Field(max_length=80)] = ""
    reviewed_on: Day | None = None


class RuleDraftIn(Schema):
    """The draft as a whole: its head and all clauses in order."""

    version: int = Field(ge=1)
    head: RuleHeadIn
    clauses: list[RuleClauseSaid] = Field(max_length=60)


class RuleBeginIn(Schema):
    effective_from: Day
    is_copy: bool = True


class RuleFreshIn(Schema):
    version: int = Field(ge=1)


class RuleReleaseIn(RuleFreshIn):
    ends_older: bool = False


class RuleReasonIn(RuleFreshIn):
    reason: Text


RuleFact = Annotated[float, Field(allow_inf_nan=False)] | bool | Name


class RuleCaseIn(Schema):
    """Facts of an invented subject; days as ISO texts; a word left out is missing."""

    name: Name
    as_of: Day
    facts: dict[RuleCode, RuleFact] = Field(max_length=200)
    expected: State


class RuleCaseOut(Schema):
    id: int
    name: str
    as_of: date
    facts: dict[str, float | bool | str]
    expected: State
    found: State | None
    passes: bool


class RuleTryIn(Schema):
    """Clauses to be tried on what is known, beside a version by its number."""

    clauses: list[RuleClauseSaid] = Field(max_length=60)
    as_of: Day | None = None
    known_on: Day | None = None
    against: Number | None = None


class RuleMistakeOut(Schema):
    """``start`` to ``end``: characters of the text; ``nearest``: what may be meant."""

    message: str
    start: int
    end: int
    nearest: str
    is_warning: bool


class RuleTrialOut(Schema):
    """``gains``, ``loses``, ``unknown``: numbers of firms against the version compared with."""

    mistakes: list[list[RuleMistakeOut]]
    clauses: list[RuleCountsOut | None]
    total: RuleCountsOut | None
    difference: RuleCountsOut | None
    gains: list[int]
    loses: list[int]
    unknown: list[int]


class RuleFirmOut(Schema):
    """``letters``: a letter for each clause: m(et), n(ot met), d(ata missing), p(erson needed)."""

    party_id: int
    name: str
    credit_code: str
    state: State
    letters: str


class RuleReasonOut(Schema):
    name: str
    text: str
    state: State
    read: dict[str, float | bool | date | str | None]
    missing: list[str]
    low: float | None
    high: float | None


class RuleOriginOut(Schema):
    """Where a fact comes from; ``to``: the page of its proof."""

    source: str
    period: str
    known_on: date | None
    to: str
    has_paper: bool


class RuleAgreementOut(Schema):
    """``agreed`` of ``all`` firms come out alike both ways; ``apart``: the numbers of the others."""

    agreed: int
    all: int
    apart: list[int]


class RuleFirmReasons(Schema):
    """``origins``: of each word read that somebody can account for."""

    party_id: int
    rule: str
    number: int
    as_of: date
    known_at: datetime
    state: State
    low: float | None
    high: float | None
    clauses: list[RuleReasonOut]
    origins: dict[str, RuleOriginOut]


class RuleVerdictOut(Schema):
    rule: str
    number: int
    state: State
    letters: str
    low: float | None
    high: float | None
    since: date


class RuleWordOut(Schema):
    name: str
    zh: str
    en: str
    kind: str
    unit: str
    group: str
    period: str
    meaning_zh: str
    meaning_en: str
    sources: list[str]
    choices: list[str]
    is_judged: bool
    formula: str
    rules: list[str]


def counts_out(counts: Counts | None) -> dict[str, int] | None:
    if counts is None:
        return None
    return {
        "met": counts.met,
        "not_met": counts.not_met,
        "needs_data": counts.needs_data,
        "needs_person": counts.needs_person,
    }


def mistake_out(mistake: Mistake) -> dict[str, object]:
    return {
        "message": mistake.message,
        "start": mistake.start,
        "end": mistake.end,
        "nearest": mistake.nearest,
        "is_warning": mistake.is_warning,
    }


def word_out(word: Word, rules: list[str]) -> dict[str, object]:
    names = (
        "name", "zh", "en", "kind", "unit", "group", "period", "meaning_zh", "meaning_en",
        "is_judged", "formula",
    )  # fmt: skip
    said = {name: getattr(word, name) for name in names}
    choices = [choice.code for choice in word.choices]
    return said | {"sources": list(word.sources), "choices": choices, "rules": rules}
