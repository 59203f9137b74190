"""API of what is held about an enterprise, and of asking to correct it."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema
from pydantic import AfterValidator

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.facts.models import Value
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.api.rows import must_have
from xiaoer.outreach.api.schemas import Id, Version, Words, plain
from xiaoer.outreach.models import Correction

router = Router(tags=["held"])


class HeldFactOut(Schema):
    """A registration datum; ``words`` is null where nothing is held."""

    field: str
    label: str
    words: str | None
    source: str
    since: datetime
    is_asked: bool


class HeldFigureOut(Schema):
    """``kind`` says by whose word: reported, estimated, official."""

    value_id: int
    metric: str
    period: str
    words: str
    kind: str
    source: str
    known_at: datetime
    note: str
    is_asked: bool


class HeldNameOut(Schema):
    name: str
    kind: str
    since: date | None


class HeldStewardOut(Schema):
    name: str
    office: str
    title: str
    phone: str
    kind: str
    since: date


class HeldSpeakerOut(Schema):
    name: str
    title: str
    phone: str
    state: str
    asked_at: datetime


class HeldContactOut(Schema):
    day: date
    office: str
    kind: str
    tag: str
    purpose: str
    state: str


class HeldVisitOut(Schema):
    visited_on: date
    programme: str
    met: str


class HeldAnswerOut(Schema):
    asked_at: datetime
    text: str
    state: str
    answer: str


class CorrectionOut(Schema):
    id: int
    version: int
    party_id: int
    about: Correction.About
    field: str
    value_id: int | None
    was: str
    stated: str
    reason: str
    state: Correction.State
    asked_at: datetime
    decided_at: datetime | None
    decided_who: str
    words: str
    recorded_id: int | None


class HeldOut(Schema):
    """Everything held about the asking enterprise, each datum with its source."""

    facts: list[HeldFactOut]
    figures: list[HeldFigureOut]
    names: list[HeldNameOut]
    stewards: list[HeldStewardOut]
    representations: list[HeldSpeakerOut]
    contacts: list[HeldContactOut]
    visits: list[HeldVisitOut]
    answers: list[HeldAnswerOut]
    corrections: list[CorrectionOut]


class CorrectionIn(Schema):
    """``field`` for a registration datum, ``value`` for a figure, neither for something else."""

    stated: Words
    reason: Words
    field: Annotated[str, AfterValidator(plain), Field(max_length=30)] = ""
    value: Id | None = None


class DecideCorrectionIn(Schema):
    version: Version
    words: Words = ""


@router.get("/my/data", response={200: HeldOut, **PROBLEMS})
@api(READ)
def my_data(request: HttpRequest, by: Actor) -> object:
    """What is held about the asking enterprise and where it comes from."""
    return found(queries.held_about(by=by))


@router.get("/corrections", response={200: list[CorrectionOut], **PROBLEMS})
@api(READ)
def list_corrections(
    request: HttpRequest, by: Actor, state: Correction.State | None = None
) -> object:
    """Requests to correct the asker may see, latest first; at most 500."""
    return list(queries.corrections(by=by, state=state or "")[:500])


@router.post("/corrections", response={200: CorrectionOut, **PROBLEMS})
@api(WRITE)
def ask_correction(request: HttpRequest, by: Actor, what: CorrectionIn) -> object:
    """State what is right; a person of the zone decides."""
    value = None if what.value is None else must_have(Value, what.value, by=by, field="value")
    return outreach.ask_correction(
        by=by,
        now=timezone.now(),
        stated=what.stated,
        reason=what.reason,
        field=what.field,
        value=value,
    )


def _the_correction(by: Actor, correction_id: int) -> Correction:
    return found(queries.correction(by=by, correction_id=correction_id))


@router.post("/corrections/{correction_id}/grant", response={200: CorrectionOut, **PROBLEMS})
@api(WRITE)
def grant_correction(
    request: HttpRequest, by: Actor, correction_id: Id, what: DecideCorrectionIn
) -> object:
    """Put right what the enterprise stated."""
    must_be_staff(by)
    return outreach.grant_correction(
        by=by,
        now=timezone.now(),
        correction=_the_correction(by, correction_id),
        version=what.version,
        words=what.words,
    )


@router.post("/corrections/{correction_id}/decline", response={200: CorrectionOut, **PROBLEMS})
@api(WRITE)
def decline_correction(
    request: HttpRequest, by: Actor, correction_id: Id, what: DecideCorrectionIn
) -> object:
    """Leave it as it is and say why."""
    must_be_staff(by)
    return outreach.decline_correction(
        by=by,
        now=timezone.now(),
        correction=_the_correction(by, correction_id),
        version=what.version,
        words=what.words,
    )


@router.post("/corrections/{correction_id}/withdraw", response={200: CorrectionOut, **PROBLEMS})
@api(WRITE)
def withdraw_correction(
    request: HttpRequest, by: Actor, correction_id: Id, what: DecideCorrectionIn
) -> object:
    """The enterprise takes its own request back."""
    return outreach.withdraw_correction(
        by=by,
        now=timezone.now(),
        correction=_the_correction(by, correction_id),
        version=what.version,
    )
