"""What the API of licences and held papers takes and gives."""

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import StringConstraints

from xiaoer.base.api.shapes import Day, Line, Number, Phrase, Word
from xiaoer.papers.models import HeldPaper, Licence, LicenceEvent
from xiaoer.papers.queries import Checked, LicenceRow
from xiaoer.papers.queries.licences import HeldRow, LicenceStory

_NO_NUL = r"^[^\u0000]*$"
Why = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True, pattern=_NO_NUL)]
Content = dict[Word, Annotated[str, StringConstraints(max_length=2000, pattern=_NO_NUL)]]


class LicenceFieldOut(Schema):
    """One thing a licence of a kind says; what is public stands on the check page."""

    code: str
    name: str
    name_en: str = ""
    is_public: bool = False


class LicenceKindOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    type_code: str
    number_form: str
    fields: list[LicenceFieldOut]
    valid_months: int | None
    ended_on: date | None
    source: str
    mark: str
    version: int


class LicenceKindIn(Schema):
    """``{year}``, ``{serial:05d}`` and ``{region}`` stand in the form of the number."""

    number_form: Word
    valid_months: Annotated[int, Field(ge=1, le=600)] | None = None
    type_code: Annotated[str, StringConstraints(max_length=40, pattern=_NO_NUL)] = ""
    ended_on: Day | None = None
    version: Number


class LicenceQuery(Schema):
    kind: Number | None = None
    state: Word = "in_force"
    year: Annotated[int, Field(ge=1980, le=2200)] | None = None
    automatic: bool | None = None
    handover: Word = ""
    text: Word = ""
    party: Number | None = None
    after: Word = ""


class LicenceOut(Schema):
    """A licence with its standing on the day it was asked for."""

    id: int
    kind: str
    kind_name: str
    number: str
    party_id: int | None
    holder_name: str
    holder_code: str
    issuer: str
    content: dict[str, str]
    conditions: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    state: Licence.State
    standing: str
    standing_words: str
    is_automatic: bool
    signed_with: str
    handover: Licence.Handover
    identifier: str
    version: int


def licence_out(row: LicenceRow) -> LicenceOut:
    one = row.licence
    return LicenceOut(
        id=one.pk,
        kind=one.kind.code,
        kind_name=one.kind.name,
        number=one.number,
        party_id=one.party_id,
        holder_name=one.holder_name,
        holder_code=one.holder_code,
        issuer=one.issuer,
        content={str(code): str(value) for code, value in one.content.items()},
        conditions=one.conditions,
        issued_on=one.issued_on,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        state=Licence.State(one.state),
        standing=row.standing.code,
        standing_words=row.standing.words,
        is_automatic=one.is_automatic,
        signed_with=one.signed_with,
        handover=Licence.Handover(one.handover),
        identifier=one.identifier,
        version=one.version,
    )


class LicencePageOut(Schema):
    rows: list[LicenceOut]
    after: str | None


class LicenceEventOut(Schema):
    what: LicenceEvent.What
    why: str
    document: str
    who: str
    at: datetime


class LicenceStoryOut(Schema):
    """One licence with what became of it."""

    licence: LicenceOut
    events: list[LicenceEventOut]
    replaces: int | None
    followed_by: int | None


def story_out(row: LicenceRow, story: LicenceStory) -> LicenceStoryOut:
    return LicenceStoryOut(
        licence=licence_out(row),
        events=[LicenceEventOut.from_orm(event) for event in story.events],
        replaces=row.licence.replaces_id,
        followed_by=story.followed_by.pk if story.followed_by else None,
    )


class LicenceIn(Schema):
    """A licence to issue outside a case; cases issue theirs when an item is granted."""

    kind: Number
    party: Number | None = None
    holder_name: Line
    holder_code: Annotated[str, StringConstraints(max_length=18, pattern=_NO_NUL)] = ""
    issuer: Phrase
    content: Content = {}
    conditions: Why = ""
    valid_from: Day
    valid_until: Day | None = None


class TurnIn(Schema):
    """Why, on which decision; the version that was looked at."""

    why: Why
    document: Line = ""
    version: Number | None = None


class ReplaceIn(TurnIn):
    """What the newer one says otherwise; what is left out stays."""

    holder_name: Line | None = None
    holder_code: Annotated[str, StringConstraints(max_length=18, pattern=_NO_NUL)] | None = None
    content: Content | None = None
    conditions: Why | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    is_extension: bool = False


class PaperUseOut(Schema):
    """A use agreed to; ``withdrawn_at`` when that was taken back."""

    id: int
    words: str
    who: str
    at: datetime
    withdrawn_at: datetime | None


class HeldPaperOut(Schema):
    """A held paper, whether it may be used, and what it was used for last."""

    id: int
    kind: str
    kind_name: str
    name: str
    number: str
    origin: HeldPaper.Origin
    issued_on: date | None
    valid_until: date | None
    given_at: datetime
    standing: str
    standing_words: str
    uses: list[PaperUseOut]


def held_out(row: HeldRow) -> HeldPaperOut:
    one = row.paper
    return HeldPaperOut(
        id=one.pk,
        kind=one.kind.code,
        kind_name=one.kind.name,
        name=one.name,
        number=one.number,
        origin=HeldPaper.Origin(one.origin),
        issued_on=one.issued_on,
        valid_until=one.valid_until,
        given_at=one.given_at,
        standing=row.standing.code,
        standing_words=row.standing.words,
        uses=[PaperUseOut.from_orm(use) for use in row.uses],
    )


class PartyPapersOut(Schema):
    licences: list[LicenceOut]
    held: list[HeldPaperOut]


class PaperBackIn(Schema):
    reason: Line


class CheckIn(Schema):
    """Number and holder, exactly as they stand on the paper."""

    number: Word
    holder: Line


class CheckedFieldOut(Schema):
    name: str
    name_en: str
    value: str


class CheckedOut(Schema):
    """What a stranger learns of a paper."""

    is_notice: bool
    zone: str
    title: str
    number: str
    holder: str
    issuer: str
    issued_on: date
    valid_from: date | None
    valid_until: date | None
    standing: str
    standing_words: str
    holds: bool
    state_since: date | None
    is_automatic: bool
    identifier: str
    fields: list[CheckedFieldOut]


def checked_out(paper: Checked) -> CheckedOut:
    return CheckedOut(
        is_notice=paper.is_notice,
        zone=paper.zone_name,
        title=paper.title,
        number=paper.number,
        holder=paper.holder,
        issuer=paper.issuer,
        issued_on=paper.issued_on,
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        standing=paper.standing.code,
        standing_words=paper.standing.words,
        holds=paper.holds,
        state_since=paper.changed_on,
        is_automatic=paper.is_automatic,
        identifier=paper.identifier,
        fields=[
            CheckedFieldOut(name=name, name_en=name_en, value=value)
            for name, name_en, value in paper.fields
        ],
    )
