"""What a zone sets for its visits, and what was answered and promised on one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from xiaoer.base.scope import Actor
from xiaoer.outreach.models import (
    FieldChoice,
    FieldQuestion,
    FindingWord,
    Phrase,
    Visit,
    VisitAnswer,
    VisitInterval,
)
from xiaoer.work import queries as work
from xiaoer.work.models import Task
from xiaoer.work.queries.matters import TaskLine, task_line


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of a visit in the words of its day."""

    question_id: int
    code: str
    asked: str
    words: str
    choice_id: int | None
    day: date | None


@dataclass(frozen=True, slots=True)
class VersionCell:
    """What one version of a log says of one thing, and whether the version before said the same."""

    said: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One thing of a log in all its versions, oldest first."""

    label: str
    cells: tuple[VersionCell, ...]


def field_questions(*, by: Actor, active: bool = True) -> QuerySet[FieldQuestion]:
    """Questions of visits in their order, each with the choices that are offered."""
    rows = FieldQuestion.objects.filter(zone_id=by.zone_id)
    if active:
        rows = rows.filter(is_active=True)
    offered = FieldChoice.objects.filter(zone_id=by.zone_id, is_active=True).order_by("order", "id")
    return rows.prefetch_related(Prefetch("choices", queryset=offered)).order_by("order", "id")


def visit_intervals(*, by: Actor) -> QuerySet[VisitInterval]:
    """Intervals between visits, the shortest first."""
    return VisitInterval.objects.filter(zone_id=by.zone_id).order_by("days", "id")


def phrases(*, by: Actor) -> QuerySet[Phrase]:
    """Phrases the asker may tap: one's own first, then the office's, then the zone's."""
    mine = Q(office__isnull=True, post__isnull=True) | Q(post_id=by.post_id)
    if by.office_id is not None:
        mine |= Q(office_id=by.office_id)
    return (
        Phrase.objects.filter(mine, zone_id=by.zone_id, removed_at__isnull=True)
        .select_related("office", "post__person")
        .order_by("post_id", "office_id", "id")
    )


def finding_word_rows(*, by: Actor) -> QuerySet[FindingWord]:
    """Words of inspections with their sources."""
    return FindingWord.objects.filter(zone_id=by.zone_id, removed_at__isnull=True).order_by("id")


def answers_of(visits: Sequence[Visit]) -> dict[int, list[AnswerLine]]:
    """Answers by the number of their visit, in the order of the questions; one query."""
    found: dict[int, list[AnswerLine]] = {visit.pk: [] for visit in visits}
    rows = VisitAnswer.objects.filter(visit__in=visits).select_related("question")
    for row in rows.order_by("question__order", "question_id"):
        found[row.visit_id].append(
            AnswerLine(
                question_id=row.question_id,
                code=row.question.code,
                asked=row.asked,
                words=row.words,
                choice_id=row.choice_id,
                day=row.day,
            )
        )
    return found


def steps_of(*, by: Actor, visit_ids: Sequence[int], now: datetime) -> list[TaskLine]:
    """Next steps promised on a visit, in whichever version of its log; what is due first first."""
    if by.zone_id is None:
        return []
    tasks = (
        Task.objects.filter(
            zone_id=by.zone_id, matter__kind="visit", matter__subject_id__in=visit_ids
        )
        .exclude(state=Task.State.TRANSFERRED)
        .select_related("matter", "office", "post__person", "post__office")
        .order_by("due_at", "id")
    )
    calendar = work.calendar_of(by.zone_id)
    return [task_line(task, "visit", now, calendar) for task in tasks]
