"""Questions to enterprises: what is still to be asked, most decisive first, and what was answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from xiaoer.base.scope import Actor
from xiaoer.work.models import Question

PAGE = 50


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """What the queue is narrowed to."""

    state: str = Question.State.OPEN
    party: int | None = None
    room: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A page of questions; ``after`` is how many to skip for the next one, None at the end."""

    rows: tuple[Question, ...]
    after: int | None


def open_questions(by: Actor, party_ids: Iterable[int]) -> list[Question]:
    """What is to be asked of some enterprises, in one query: what decides most first."""
    return list(
        Question.objects.filter(
            zone_id=by.zone_id, party_id__in=list(party_ids), state=Question.State.OPEN
        )
        .select_related("party")
        .order_by("-worth", "id")
    )


def questions(by: Actor, filters: QuestionFilter) -> QuerySet[Question]:
    """The queue as it is filtered, what decides most first; ended ones newest first."""
    rows = Question.objects.filter(zone_id=by.zone_id).select_related(
        "party", "asked_by__person", "answered_by__person"
    )
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.party is not None:
        rows = rows.filter(party_id=filters.party)
    if filters.room:
        rows = rows.filter(room=filters.room)
    for word in filters.text.replace("\x00", "").split()[:5]:
        rows = rows.filter(party__name__icontains=word) | rows.filter(text__icontains=word)
    if filters.state == Question.State.OPEN:
        return rows.order_by("-worth", "id")
    return rows.order_by("-ended_at", "-id")


def question_page(
    by: Actor, filters: QuestionFilter, *, after: int = 0, size: int = PAGE
) -> QuestionPage:
    rows = list(questions(by, filters)[after : after + size + 1])
    return QuestionPage(tuple(rows[:size]), after + size if len(rows) > size else None)


def question_by_id(by: Actor, question_id: int) -> Question | None:
    """A question the asker may see."""
    return (
        Question.objects.filter(zone_id=by.zone_id, pk=question_id)
        .select_related("party", "asked_by__person", "answered_by__person")
        .first()
    )


def questions_of_firm(by: Actor, party_id: int) -> list[Question]:
    """All questions put to one enterprise: open ones first, then what was said, newest first."""
    rows = Question.objects.filter(zone_id=by.zone_id, party_id=party_id).exclude(
        state=Question.State.DROPPED
    )
    opened = rows.filter(state=Question.State.OPEN).order_by("-worth", "id")
    return [*opened, *rows.exclude(state=Question.State.OPEN).order_by("-ended_at", "-id")[:50]]
