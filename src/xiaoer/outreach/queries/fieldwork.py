"""What a zone sets for its visits, and what was answered and promised on one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor
from xiaoer.outreach.models import (
    Companion,
    FieldChoice,
    FieldQuestion,
    FindingWord,
    Phrase,
    Visit,
    VisitAnswer,
    VisitInterval,
)
from xiaoer.web import words
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

    @property
    def shown(self) -> str:
        """The answer as it was given: words, or a day."""
        return self.words or words.full_day(self.day)

    @property
    def pair(self) -> tuple[str, str]:
        return self.asked, self.shown


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


def steps_of(*, by: Actor, visit_ids: Sequence[int], now: datetime) -> list[tuple[Task, TaskLine]]:
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
    return [(task, task_line(task, "visit", now, calendar)) for task in tasks]


def version_lines(
    versions: Sequence[Visit], answers: Mapping[int, Sequence[AnswerLine]]
) -> list[VersionLine]:
    """What the versions of a log say, side by side, oldest first; each in the words of its day."""
    along = _along(versions)
    lines = [
        (_("Day"), [words.full_day(each.visited_on) for each in versions]),
        (_("Programme"), [each.programme.name for each in versions]),
        (_("Whom they met"), [each.met for each in versions]),
        (_("What they told us"), [each.said for each in versions]),
        (_("Went along"), ["、".join(along.get(each.pk, ())) for each in versions]),
    ]
    asked = {line.question_id: line.asked for rows in answers.values() for line in rows}
    for question_id, text in asked.items():
        lines.append(
            (text, [_answered(answers.get(each.pk, ()), question_id) for each in versions])
        )
    return [
        VersionLine(
            str(label),
            tuple(
                VersionCell(said, place > 0 and said != cells[place - 1])
                for place, said in enumerate(cells)
            ),
        )
        for label, cells in lines
    ]


def _answered(rows: Sequence[AnswerLine], question_id: int) -> str:
    return next((row.shown for row in rows if row.question_id == question_id), "")


def _along(versions: Sequence[Visit]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for each in (
        Companion.objects.filter(visit__in=versions).select_related("post__person").order_by("id")
    ):
        found.setdefault(each.visit_id, []).append(each.post.person.name)
    return found
