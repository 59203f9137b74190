"""API of the inbox and everything that moves in it, the calendar, the limits."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.base import queries as base
from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work import kinds, queries
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import CalendarYear, LimitRule, Matter, Pause, Task
from xiaoer.work.queries import InboxFilter, Whose

router = Router(tags=["work"])
Light = Literal["red", "amber", "green", "grey"]
# What PostgreSQL's bigint holds.
LARGEST = 9223372036854775807


class InboxRowOut(Schema):
    """What is to be done first in one matter; ``due_at`` is null where no end is set or its clock
    stands, ``also`` counts the same holder's further tasks in it."""

    task_id: int
    matter_id: int
    kind: str
    title: str
    why: str
    address: str
    party: str | None
    office: str | None
    holder: str | None
    deputising_for: str | None
    is_joint: bool
    is_supervised: bool
    is_taken: bool
    level: int
    due_at: datetime | None
    light: Light
    remaining: str
    also: int


class InboxCountsOut(Schema):
    red: int
    amber: int
    green: int
    grey: int
    total: int


class InboxQuery(Schema):
    """The filters of the page."""

    whose: Whose = Whose.MINE
    light: Light | None = None
    kind: str | None = Field(None, max_length=30, pattern=r"^[a-z_]+$")
    office: int | None = Field(None, ge=1, le=LARGEST)
    size: int = Field(50, ge=1, le=500)
    after: int = Field(0, ge=0, le=100_000)

    def chosen(self) -> InboxFilter:
        return InboxFilter(self.whose, self.light, self.kind, self.office)


class TaskOut(Schema):
    """A task of a matter."""

    task_id: int
    name: str
    title: str
    office: str | None
    holder: str | None
    state: Task.State
    is_joint: bool
    is_supervised: bool
    started_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    light: Light
    remaining: str
    outcome: str


class InstructionOut(Schema):
    at: datetime
    leader: str
    text: str
    task_id: int | None
    is_carried_out: bool | None


class PauseOut(Schema):
    """A lawful stop of the clocks; ``until`` is null while it lasts."""

    since: datetime
    until: datetime | None
    reason: str
    note: str


class MatterOut(Schema):
    """A matter with all that hangs on it."""

    matter_id: int
    kind: str
    kind_name: str
    title: str
    address: str
    opened_at: datetime
    closed_at: datetime | None
    tasks: list[TaskOut]
    instructions: list[InstructionOut]
    pauses: list[PauseOut]


class NoticeOut(Schema):
    at: datetime
    who: str
    did: str
    words: str
    kind: str
    title: str
    address: str
    is_new: bool


class ReasonIn(Schema):
    reason: str


class WordsIn(Schema):
    words: str


class ToIn(Schema):
    """Whom: a post or an office of the zone."""

    post: int | None = Field(None, ge=1, le=LARGEST)
    office: int | None = Field(None, ge=1, le=LARGEST)


class TransferIn(ToIn):
    reason: str


class InstructIn(ToIn):
    text: str


class PauseIn(Schema):
    reason: str
    note: str


class DayOut(Schema):
    """A day of the calendar: plain, off (weekend), holiday (a weekday off), swapped (a weekend worked)."""

    day: date
    state: str
    is_working: bool
    name: str
    is_own: bool


class YearOut(Schema):
    year: int
    is_provisional: bool
    source: str
    working_days: int
    days: list[DayOut]


class DayIn(Schema):
    """``seen`` is what the calendar said before the change."""

    day: date
    is_working: bool
    seen: bool
    name: str = ""


class SourceIn(Schema):
    source: str


class LimitOut(Schema):
    code: str
    name: str
    count: int
    unit: str
    amber_share: int
    is_pausable: bool
    source: str
    mark: str
    version: int


class LimitIn(Schema):
    """``version`` is that of the limit as it was read."""

    version: int
    count: int
    unit: str
    amber_share: int
    source: str
    is_pausable: bool = False


class MovedOut(Schema):
    """How many open deadlines moved."""

    moved: int


def _task(by: Actor, task_id: int) -> Task:
    must_be_staff(by)
    return found(queries.task_of(by, task_id))


def _matter(by: Actor, matter_id: int) -> Matter:
    must_be_staff(by)
    return found(queries.matter_by_number(by, matter_id))


def _to(by: Actor, to: ToIn, now: datetime) -> tuple[Post | None, Office | None]:
    posts = base.posts_in_force(zone_id=by.zone_id, on=now.astimezone(LOCAL).date())
    offices = base.offices(zone_id=by.zone_id)
    return (
        found(posts.filter(pk=to.post).first()) if to.post else None,
        found(offices.filter(pk=to.office).first()) if to.office else None,
    )


def _line(task: Task, now: datetime) -> queries.TaskLine:
    lines = queries.tasks_of_matter(task.matter, now)
    return next(line for line in lines if line.task_id == task.pk)


def _matter_out(matter: Matter, now: datetime) -> dict[str, Any]:
    return {
        "matter_id": matter.pk,
        "kind": matter.kind,
        "kind_name": kinds.kind_name(matter.kind),
        "title": matter.title,
        "address": matter.address,
        "opened_at": matter.opened_at,
        "closed_at": matter.closed_at,
        "tasks": queries.tasks_of_matter(matter, now),
        "instructions": queries.instructions_on(matter),
        "pauses": queries.pauses_of(matter),
    }


@router.get("/inbox", response={200: list[InboxRowOut], **PROBLEMS})
@api(READ)
def read_inbox(request: HttpRequest, by: Actor, asked: Query[InboxQuery]) -> object:
    """What the asker has to do across all rooms, what is due first first."""
    must_be_staff(by)
    return queries.inbox(by, timezone.now(), asked.chosen(), size=asked.size, after=asked.after)


@router.get("/inbox/counts", response={200: InboxCountsOut, **PROBLEMS})
@api(READ)
def count_inbox(request: HttpRequest, by: Actor, asked: Query[InboxQuery]) -> object:
    """How many open tasks have which light."""
    must_be_staff(by)
    return queries.inbox_counts(by, timezone.now(), asked.chosen())


@router.get("/notices", response={200: list[NoticeOut], **PROBLEMS})
@api(READ)
def read_notices(request: HttpRequest, by: Actor) -> object:
    """What others did on the asker's matters in the last month, newest first."""
    must_be_staff(by)
    return queries.notices(by, timezone.now())


@router.post("/notices/seen", response={204: None, **PROBLEMS})
@api(WRITE)
def see_notices(request: HttpRequest, by: Actor) -> object:
    """Say that the notices were read up to now."""
    must_be_staff(by)
    work.see_notices(by=by, now=timezone.now())
    return 204, None


@router.get("/tasks/{task_id}", response={200: TaskOut, **PROBLEMS})
@api(READ)
def read_task(request: HttpRequest, by: Actor, task_id: int) -> object:
    """One task."""
    return _line(_task(by, task_id), timezone.now())


@router.post("/tasks/{task_id}/take", response={200: TaskOut, **PROBLEMS})
@api(WRITE)
def take_task(request: HttpRequest, by: Actor, task_id: int) -> object:
    """Take a task that was given to one's office."""
    now = timezone.now()
    return _line(work.take_task(by=by, now=now, task=_task(by, task_id)), now)


@router.post("/tasks/{task_id}/transfer", response={200: TaskOut, **PROBLEMS})
@api(WRITE)
def transfer_task(request: HttpRequest, by: Actor, task_id: int, to: TransferIn) -> object:
    """Hand a task on with its clock as it is; the answer is the new task."""
    now = timezone.now()
    task = _task(by, task_id)
    post, office = _to(by, to, now)
    new = work.transfer_task(by=by, now=now, task=task, post=post, office=office, reason=to.reason)
    return _line(new, now)


@router.post("/tasks/{task_id}/return", response={200: TaskOut, **PROBLEMS})
@api(WRITE)
def return_task(request: HttpRequest, by: Actor, task_id: int, why: ReasonIn) -> object:
    """Give a task back to whoever gave it, once in a matter."""
    now = timezone.now()
    return _line(work.return_task(by=by, now=now, task=_task(by, task_id), reason=why.reason), now)


@router.post("/tasks/{task_id}/supervise", response={200: TaskOut, **PROBLEMS})
@api(WRITE)
def supervise_task(request: HttpRequest, by: Actor, task_id: int, said: WordsIn) -> object:
    """Put a task under supervision (督办)."""
    now = timezone.now()
    return _line(
        work.supervise_task(by=by, now=now, task=_task(by, task_id), words=said.words), now
    )


@router.post("/tasks/{task_id}/carry-out", response={200: TaskOut, **PROBLEMS})
@api(WRITE)
def carry_out(request: HttpRequest, by: Actor, task_id: int, said: WordsIn) -> object:
    """Report that an instruction was carried out, or that an overdue task was seen to."""
    now = timezone.now()
    return _line(work.carry_out(by=by, now=now, task=_task(by, task_id), words=said.words), now)


@router.get("/matters/{matter_id}", response={200: MatterOut, **PROBLEMS})
@api(READ)
def read_matter(request: HttpRequest, by: Actor, matter_id: int) -> object:
    """A matter with its tasks, instructions and lawful stops."""
    return _matter_out(_matter(by, matter_id), timezone.now())


@router.post("/matters/{matter_id}/instructions", response={200: MatterOut, **PROBLEMS})
@api(WRITE)
def instruct(request: HttpRequest, by: Actor, matter_id: int, said: InstructIn) -> object:
    """A leader writes on a matter (批示); naming somebody makes a task of it."""
    now = timezone.now()
    matter = _matter(by, matter_id)
    post, office = _to(by, said, now)
    work.instruct(by=by, now=now, matter=matter, text=said.text, post=post, office=office)
    return _matter_out(matter, now)


@router.post("/matters/{matter_id}/pause", response={200: PauseOut, **PROBLEMS})
@api(WRITE)
def pause_matter(request: HttpRequest, by: Actor, matter_id: int, why: PauseIn) -> Pause:
    """Stop the clocks for a reason of article 45 of the Licensing Law."""
    return work.pause_matter(
        by=by,
        now=timezone.now(),
        matter=_matter(by, matter_id),
        reason=why.reason,
        note=why.note,
    )


@router.post("/matters/{matter_id}/resume", response={200: PauseOut, **PROBLEMS})
@api(WRITE)
def resume_matter(request: HttpRequest, by: Actor, matter_id: int) -> Pause:
    """Let the clocks run on."""
    return work.resume_matter(by=by, now=timezone.now(), matter=_matter(by, matter_id))


def _year_out(by: Actor, year: int) -> dict[str, Any]:
    view = queries.calendar_year(zone_id=by.zone_id, year=year)
    return {
        "year": view.year,
        "is_provisional": view.is_provisional,
        "source": view.source,
        "working_days": view.working_days,
        "days": [cell for month in view.months for week in month.weeks for cell in week if cell],
    }


@router.get("/calendar/years/{year}", response={200: YearOut, **PROBLEMS})
@api(READ)
def read_calendar(request: HttpRequest, by: Actor, year: int) -> object:
    """Every day of a year from 2000 to 2099, as the zone works it."""
    return _year_out(by, queries.kept_year(year))


@router.post("/calendar/days", response={200: YearOut, **PROBLEMS})
@api(WRITE)
def set_calendar_day(request: HttpRequest, by: Actor, day: DayIn) -> object:
    """Make a day a working day of the zone or a day off; open deadlines move with it."""
    work.set_calendar_day(
        by=by,
        now=timezone.now(),
        day=day.day,
        is_working=day.is_working,
        seen=day.seen,
        name=day.name,
    )
    return _year_out(by, day.day.year)


@router.delete("/calendar/days/{day}", response={200: YearOut, **PROBLEMS})
@api(WRITE)
def remove_calendar_day(request: HttpRequest, by: Actor, day: date) -> object:
    """Undo the zone's own change of a day."""
    work.remove_calendar_day(by=by, now=timezone.now(), day=day)
    return _year_out(by, day.year)


@router.post("/calendar/years/{year}/confirm", response={200: YearOut, **PROBLEMS})
@api(WRITE)
def confirm_calendar_year(request: HttpRequest, by: Actor, year: int, why: SourceIn) -> object:
    """Say that the notice of a year is out and its days are entered."""
    kept: CalendarYear = work.confirm_calendar_year(
        by=by, now=timezone.now(), year=year, source=why.source
    )
    return _year_out(by, kept.year)


@router.post("/calendar/recompute", response={200: MovedOut, **PROBLEMS})
@api(WRITE)
def recompute_deadlines(request: HttpRequest, by: Actor) -> object:
    """Compute the ends of open tasks anew."""
    return {"moved": work.recompute_deadlines(by=by, now=timezone.now())}


@router.get("/limits", response={200: list[LimitOut], **PROBLEMS})
@api(READ)
def read_limits(request: HttpRequest, by: Actor) -> object:
    """How long things may take in the zone, and where each limit comes from."""
    return queries.limits(zone_id=by.zone_id)


@router.put("/limits/{code}", response={200: LimitOut, **PROBLEMS})
@api(WRITE)
def set_limit(request: HttpRequest, by: Actor, code: str, new: LimitIn) -> LimitRule:
    """Change a limit for what begins from now on."""
    return work.set_limit(
        by=by,
        now=timezone.now(),
        code=code,
        version=new.version,
        count=new.count,
        unit=new.unit,
        amber_share=new.amber_share,
        source=new.source,
        is_pausable=new.is_pausable,
    )
