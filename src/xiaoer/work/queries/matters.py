"""What hangs on one matter: its tasks and its instructions, with who did what."""

from dataclasses import dataclass
from datetime import date, datetime

from xiaoer.base.scope import Actor
from xiaoer.web.marks import Colour
from xiaoer.work import kinds
from xiaoer.work.calendar import WorkCalendar
from xiaoer.work.models import Matter, Pause, Task
from xiaoer.work.queries.calendars import calendar_of
from xiaoer.work.queries.deadlines import last_day, remaining_words, task_light


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task of a matter as a line: what, who, until when, what came of it."""

    task_id: int
    name: str
    title: str
    office: str | None
    holder: str | None
    state: str
    state_words: str
    is_joint: bool
    is_supervised: bool
    started_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    light: Colour
    remaining: str
    outcome: str

    @property
    def due_on(self) -> date | None:
        return last_day(self.due_at)


@dataclass(frozen=True, slots=True)
class InstructionLine:
    """What a leader wrote on a matter, and how far the task that came of it is."""

    at: datetime
    leader: str
    text: str
    task_id: int | None
    is_carried_out: bool | None


def task_of(by: Actor, task_id: int) -> Task | None:
    """A task of the asker's zone with all a page shows of it."""
    return (
        Task.objects.filter(zone_id=by.zone_id, pk=task_id)
        .select_related(
            "matter__party", "office", "post__person", "post__office", "given_by__person"
        )
        .first()
    )


def matter_of(by: Actor, *, kind: str, subject_id: int) -> Matter | None:
    """The matter a record of a room hangs on."""
    return Matter.objects.filter(zone_id=by.zone_id, kind=kind, subject_id=subject_id).first()


def matter_by_number(by: Actor, matter_id: int) -> Matter | None:
    """A matter of the asker's zone."""
    return Matter.objects.filter(zone_id=by.zone_id, pk=matter_id).first()


def tasks_of_matter(matter: Matter, now: datetime) -> list[TaskLine]:
    """Every task of a matter in the order they were given."""
    calendar = calendar_of(matter.zone_id)
    tasks = matter.tasks.select_related("office", "post__person", "post__office").order_by("id")
    return [task_line(task, matter.kind, now, calendar) for task in tasks]


def task_line(task: Task, kind: str, now: datetime, calendar: WorkCalendar) -> TaskLine:
    """A task as a line; ``kind`` is its matter's."""
    return TaskLine(
        task_id=task.pk,
        name=kinds.task_name(kind, task.kind),
        title=task.title,
        office=_office_name(task),
        holder=task.post.person.name if task.post else None,
        state=task.state,
        state_words=str(Task.State(task.state).label),
        is_joint=task.is_joint,
        is_supervised=task.is_supervised,
        started_at=task.started_at,
        due_at=task.due_at,
        done_at=task.done_at,
        light=task_light(task, now),
        remaining=remaining_words(task.due_at, task.limit_unit, now=now, calendar=calendar),
        outcome=task.outcome,
    )


def _office_name(task: Task) -> str | None:
    office = task.office or (task.post.office if task.post else None)
    return office.name if office else None


def instructions_on(matter: Matter) -> list[InstructionLine]:
    """What leaders wrote on a matter, latest first."""
    rows = matter.instructions.select_related("post__person", "task").order_by("-at", "-id")
    return [
        InstructionLine(
            at=row.at,
            leader=row.post.person.name,
            text=row.text,
            task_id=row.task_id,
            is_carried_out=None if row.task is None else row.task.state == Task.State.DONE,
        )
        for row in rows
    ]


def pauses_of(matter: Matter) -> list[Pause]:
    """Every stop of the clocks of a matter."""
    return list(matter.pauses.order_by("since", "id"))
