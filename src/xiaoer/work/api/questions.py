"""API of questions: the queue, asking, answering, declining, dropping."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.answers import answer_words
from xiaoer.work.api.contacts import Id, Words, the_party
from xiaoer.work.models import Question

router = Router(tags=["questions"])
# Questions from outside are asked under one name; rooms ask under their own.
ROOM = "api"


class QuestionOut(Schema):
    """A question to an enterprise; ``answer`` as it was said, ``answer_words`` as people read it."""

    id: int
    party_id: int
    enterprise: str
    room: str
    key: str
    text: str
    why: str
    expects: Question.Expects
    unit: str
    choices: list[str]
    worth: int
    asked_at: datetime
    state: Question.State
    answer: str
    answer_words: str
    through: str
    ended_at: datetime | None

    @staticmethod
    def resolve_enterprise(row: Question) -> str:
        return row.party.name

    @staticmethod
    def resolve_answer_words(row: Question) -> str:
        return answer_words(row)


class QuestionPageOut(Schema):
    rows: list[QuestionOut]
    after: int | None


class QuestionQuery(Schema):
    """The filters of the queue."""

    state: Question.State = Question.State.OPEN
    party: Id | None = None
    text: Words = ""
    size: int = Field(50, ge=1, le=500)
    after: int = Field(0, ge=0, le=100_000)


class QuestionIn(Schema):
    """``key`` says what is asked: the same key is asked of an enterprise once."""

    party_id: Id
    key: Annotated[Words, Field(min_length=1, max_length=80)]
    text: Words
    why: Words = ""
    expects: Question.Expects = Question.Expects.WORDS
    unit: Words = ""
    choices: Annotated[list[Words], Field(max_length=20)] = []
    worth: int = Field(0, ge=0, le=1_000_000)


class QuestionAnswerIn(Schema):
    """``through`` is visit or call; an enterprise's own answer needs none."""

    answer: Words
    through: Question.Through = Question.Through.VISIT


class QuestionDeclineIn(Schema):
    words: Words = ""
    through: Question.Through = Question.Through.VISIT


class QuestionDropIn(Schema):
    reason: Words


def _question(by: Actor, question_id: int) -> Question:
    return found(queries.question_by_id(by, question_id))


def _must_read(by: Actor) -> None:
    """Staff and the city read the queue; an enterprise what it is asked, by row security."""
    if by.role not in {Role.CITY, Role.ENTERPRISE}:
        must_be_staff(by)


@router.get("/questions", response={200: QuestionPageOut, **PROBLEMS})
@api(READ)
def list_questions(request: HttpRequest, by: Actor, asked: Query[QuestionQuery]) -> object:
    """What is to be asked, what decides most first; an enterprise sees what it is asked."""
    _must_read(by)
    filters = queries.QuestionFilter(state=asked.state, party=asked.party, text=asked.text)
    return queries.question_page(by, filters, after=asked.after, size=asked.size)


@router.post("/questions", response={200: QuestionOut, **PROBLEMS})
@api(WRITE)
def ask_question(request: HttpRequest, by: Actor, what: QuestionIn) -> Question:
    """Put a question, or find the one that was put before."""
    must_be_staff(by)
    asked = work.ask_question(
        by=by,
        now=timezone.now(),
        party=the_party(by, what.party_id),
        room=ROOM,
        key=what.key,
        text=what.text,
        why=what.why,
        expects=what.expects,
        unit=what.unit,
        choices=what.choices,
        worth=what.worth,
    )
    return _question(by, asked.pk)


@router.get("/questions/{int:question_id}", response={200: QuestionOut, **PROBLEMS})
@api(READ)
def read_question(request: HttpRequest, by: Actor, question_id: Id) -> Question:
    """One question."""
    _must_read(by)
    return _question(by, question_id)


@router.post("/questions/{int:question_id}/answer", response={200: QuestionOut, **PROBLEMS})
@api(WRITE)
def answer_question(
    request: HttpRequest, by: Actor, question_id: Id, said: QuestionAnswerIn
) -> Question:
    """Write down what the enterprise said, or answer for one's own enterprise."""
    row = _question(by, question_id)
    work.answer_question(
        by=by, now=timezone.now(), question=row, answer=said.answer, through=said.through
    )
    return _question(by, question_id)


@router.post("/questions/{int:question_id}/decline", response={200: QuestionOut, **PROBLEMS})
@api(WRITE)
def decline_question(
    request: HttpRequest, by: Actor, question_id: Id, said: QuestionDeclineIn
) -> Question:
    """The enterprise does not say; it is not asked again."""
    row = _question(by, question_id)
    work.decline_question(
        by=by, now=timezone.now(), question=row, words=said.words, through=said.through
    )
    return _question(by, question_id)


@router.post("/questions/{int:question_id}/drop", response={200: QuestionOut, **PROBLEMS})
@api(WRITE)
def drop_question(
    request: HttpRequest, by: Actor, question_id: Id, why: QuestionDropIn
) -> Question:
    """Nobody needs the answer any more."""
    must_be_staff(by)
    row = _question(by, question_id)
    work.drop_question(by=by, now=timezone.now(), question=row, reason=why.reason)
    return _question(by, question_id)
