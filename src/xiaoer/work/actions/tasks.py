"""Giving, moving and ending tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access, queries
from xiaoer.work.actions.checking import locked_task, must_be_open, needed
from xiaoer.work.actions.deadlines import set_end
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.kinds import OVERSEE, OWN_TASKS
from xiaoer.work.models import LimitRule, Matter, Task

# Sent inside the verb's transaction when a task changes hands: old, task (the same row when taken),
# how ("taken", "transferred", "returned"), by, now. The room of the matter keeps in step.
task_moved = Signal()


@transaction.atomic
def give_task(
    *,
    by: Actor,
    now: datetime,
    matter: Matter,
    kind: str,
    title: str,
    post: Post | None = None,
    office: Office | None = None,
    limit: LimitRule | None = None,
    due_at: datetime | None = None,
    started_at: datetime | None = None,
    is_joint: bool = False,
    parent: Task | None = None,
) -> Task:
    """Give a task to a post, or to an office, whose people then take it.

    Its clock runs from ``started_at`` (an event that may lie before), else from now, by ``limit``
    as it stands today, or to the moment ``due_at``; with neither it has no end and a grey light.
    """
    must_be_open(matter)
    _must_name_someone(post, office, now)
    task = Task(
        zone_id=by.zone_id,
        matter=matter,
        parent=parent,
        kind=kind,
        title=title[:120],
        post=post,
        office_id=office.pk if office else (post.office_id if post else None),
        is_joint=is_joint,
        started_at=started_at or now,
        limit_rule=limit,
        given_by_id=by.post_id,
    )
    set_end(task, limit=limit, due_at=due_at)
    task.save()
    record_task(by, now, "give_task", task, kind=kind, post=task.post_id, office=task.office_id)
    return task


@dataclass(frozen=True, slots=True)
class Errand:
    """One of several tasks that are given together: what, to whom, and by when."""

    kind: str
    title: str
    post: Post | None = None
    office: Office | None = None
    due_at: datetime | None = None


@transaction.atomic(savepoint=False)
def give_tasks(
    *,
    by: Actor,
    now: datetime,
    matter: Matter,
    errands: Sequence[Errand],
    calendar: WorkCalendar | None = None,
) -> list[Task]:
    """Give the tasks of one matter that begin together, in as few statements as one alone.

    ``calendar``: the zone's, where whoever calls has it at hand.
    """
    must_be_open(matter)
    calendar = calendar or queries.calendar_of(by.zone_id)
    tasks = []
    for one in errands:
        _must_name_someone(one.post, one.office, now)
        task = Task(
            zone_id=by.zone_id, matter=matter, kind=one.kind, title=one.title[:120], post=one.post,
            office_id=one.office.pk if one.office else (one.post.office_id if one.post else None),
            started_at=now, given_by_id=by.post_id,
        )  # fmt: skip
        set_end(task, limit=None, due_at=one.due_at, calendar=calendar)
        tasks.append(task)
    given = Task.objects.bulk_create(tasks)
    journal.record_each(
        by=by, now=now, verb="give_task",
        told=(
            (task, matter.party_id,
             {"kind": task.kind, "post": task.post_id, "office": task.office_id})
            for task in given
        ),
    )  # fmt: skip
    return given


def _must_name_someone(post: Post | None, office: Office | None, now: datetime) -> None:
    if post is None and office is None:
        raise Refused(_("A task needs a person or an office; choose one."), field="to")
    today = now.astimezone(LOCAL).date()
    if post is not None and post.until is not None and post.until < today:
        raise Refused(
            _("The post chosen ended on %(day)s; choose somebody in office.")
            % {"day": post.until.isoformat()},
            field="to",
        )


def record_task(by: Actor, now: datetime, verb: str, task: Task, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=task, party_ref=task.matter.party_id, **detail
    )


def _end(task: Task, state: Task.State, *, by: Actor, now: datetime, outcome: str = "") -> None:
    task.state = state
    task.done_at = now
    task.done_by_id = by.post_id
    task.outcome = outcome[:500]
    task.version += 1
    task.save(update_fields=["state", "done_at", "done_by", "outcome", "version"])


def _drop(tasks: Iterable[Task], *, by: Actor, now: datetime) -> int:
    dropped = list(tasks)
    for task in dropped:
        _end(task, Task.State.DROPPED, by=by, now=now)
    return len(dropped)


def _open_urgings(task: Task) -> Iterable[Task]:
    """Tasks of those who see that this one is done."""
    return Task.objects.select_for_update().filter(parent=task, kind=OVERSEE, state=Task.State.OPEN)


@transaction.atomic
def finish_task(*, by: Actor, now: datetime, task: Task, outcome: str = "") -> Task:
    """End a task as done; whoever was to see to it is freed too.

    Called by verbs of the matter's own room, which ask who may; an enterprise that confirms ends
    the desk's task this way.
    """
    kept = locked_task(by, task)
    _end(kept, Task.State.DONE, by=by, now=now, outcome=outcome)
    _drop(_open_urgings(kept), by=by, now=now)
    record_task(by, now, "finish_task", kept, kind=kept.kind, outcome=outcome)
    return kept


@transaction.atomic
def retitle_task(*, by: Actor, now: datetime, task: Task, title: str) -> Task:
    """Say what is left of an open task of which a part was done. Called by verbs of its room."""
    kept = locked_task(by, task)
    if kept.title != title[:120]:
        old, kept.title = kept.title, title[:120]
        kept.version += 1
        kept.save(update_fields=["title", "version"])
        record_task(by, now, "retitle_task", kept, old=old, title=kept.title)
    return kept


@transaction.atomic
def carry_out(*, by: Actor, now: datetime, task: Task, words: str) -> Task:
    """Report that an instruction was carried out, or that an overdue task was seen to."""
    kept = locked_task(by, task)
    access.must_hold(by, kept, now)
    if kept.kind not in OWN_TASKS:
        raise Refused(_("This task is done on the page of its matter; open it there."))
    words = needed(words, "words", most=500)
    _end(kept, Task.State.DONE, by=by, now=now, outcome=words)
    record_task(by, now, "carry_out", kept, kind=kept.kind, words=words)
    return kept


@transaction.atomic
def drop_task(*, by: Actor, now: datetime, task: Task) -> Task:
    """End one open task that nobody needs any longer, and whoever was to see to it is freed."""
    kept = locked_task(by, task)
    _end(kept, Task.State.DROPPED, by=by, now=now)
    _drop(_open_urgings(kept), by=by, now=now)
    record_task(by, now, "drop_task", kept, kind=kept.kind)
    return kept


_END = """
update task set
    state = case when id = any(%(tasks)s) then %(state)s else 'dropped' end,
    outcome = case when id = any(%(tasks)s) then %(outcome)s else '' end,
    done_at = %(now)s, done_by_id = %(post)s, version = version + 1
where zone_id = %(zone)s and state = 'open'
  and (id = any(%(tasks)s) or (parent_id = any(%(tasks)s) and kind = %(oversee)s))
returning id
"""


@transaction.atomic(savepoint=False)
def end_tasks(
    *, by: Actor, now: datetime, tasks: Sequence[Task], is_done: bool, outcome: str = ""
) -> None:
    """End open tasks of one matter together, done or no longer needed, and free who oversaw them.

    Called by verbs of the matter's room that hold these rows locked: two statements for any number.
    One that ended meanwhile is told as everywhere.
    """
    if not tasks:
        return
    numbers = [task.pk for task in tasks]
    state = Task.State.DONE if is_done else Task.State.DROPPED
    with connection.cursor() as cursor:
        cursor.execute(
            _END,
            {"tasks": numbers, "state": state.value, "outcome": outcome[:500], "now": now,
             "post": by.post_id, "zone": by.zone_id, "oversee": OVERSEE},
        )  # fmt: skip
        ended = {number for (number,) in cursor.fetchall()}
    for task in tasks:
        if task.pk not in ended:
            locked_task(by, task)
    said = {"outcome": outcome} if is_done else {}
    journal.record_each(
        by=by, now=now, verb="finish_task" if is_done else "drop_task",
        told=((task, task.matter.party_id, {"kind": task.kind, **said}) for task in tasks),
    )  # fmt: skip


@transaction.atomic
def drop_tasks(
    *, by: Actor, now: datetime, matter: Matter, kinds: Iterable[str] | None = None
) -> int:
    """End open tasks that nobody needs any longer; all of the matter, or of some kinds."""
    tasks = Task.objects.select_for_update(of=("self",)).filter(
        zone_id=by.zone_id, matter=matter, state=Task.State.OPEN
    )
    if kinds is not None:
        named = list(kinds)
        tasks = tasks.filter(kind__in=named) | tasks.filter(parent__kind__in=named, kind=OVERSEE)
    dropped = list(tasks.order_by("id"))
    _drop(dropped, by=by, now=now)
    if dropped:
        journal.record(
            by=by,
            now=now,
            verb="drop_tasks",
            subject=matter,
            party_ref=matter.party_id,
            tasks=[task.pk for task in dropped],
        )
    return len(dropped)


@transaction.atomic
def take_task(*, by: Actor, now: datetime, task: Task) -> Task:
    """Take a task that was given to one's office."""
    kept = locked_task(by, task)
    if kept.post_id is not None:
        holder = Post.objects.select_related("person").get(pk=kept.post_id).person.name
        raise Refused(_("%(name)s has this task already.") % {"name": holder})
    access.must_hold(by, kept, now)
    kept.post_id = by.post_id
    kept.version += 1
    kept.save(update_fields=["post", "version"])
    record_task(by, now, "take_task", kept)
    task_moved.send(sender=Task, old=kept, task=kept, how="taken", by=by, now=now)
    return kept


@transaction.atomic
def transfer_task(
    *,
    by: Actor,
    now: datetime,
    task: Task,
    post: Post | None = None,
    office: Office | None = None,
    reason: str,
) -> Task:
    """Hand a task on. The clock goes on as it was: whoever gets it gets what is left."""
    kept = locked_task(by, task)
    access.must_handle(by, kept, now)
    _must_name_someone(post, office, now)
    reason = needed(reason, "reason", most=200)
    if (post and kept.post_id == post.pk) or (not post and office and _is_with(kept, office)):
        raise Refused(_("The task is there already; choose somebody else."), field="to")
    new = hand_on(
        kept, Task.State.TRANSFERRED, by=by, now=now, post=post, office=office, reason=reason
    )
    record_task(
        by, now, "transfer_task", new, old=kept.pk, post=new.post_id, office=new.office_id,
        words=reason,
    )  # fmt: skip
    task_moved.send(sender=Task, old=kept, task=new, how="transferred", by=by, now=now)
    return new


def _is_with(task: Task, office: Office) -> bool:
    return task.office_id == office.pk and task.post_id is None


def hand_on(
    old: Task,
    state: Task.State,
    *,
    by: Actor,
    now: datetime,
    post: Post | None,
    office: Office | None,
    reason: str,
) -> Task:
    """End the old task and begin the same one elsewhere, with the same clock."""
    _end(old, state, by=by, now=now, outcome=reason)
    new = Task.objects.create(
        zone_id=old.zone_id,
        matter=old.matter,
        parent_id=old.parent_id,
        kind=old.kind,
        title=old.title,
        post=post,
        office_id=office.pk if office else (post.office_id if post else None),
        is_joint=old.is_joint,
        is_supervised=old.is_supervised,
        level=old.level,
        started_at=old.started_at,
        due_at=old.due_at,
        amber_at=old.amber_at,
        limit_rule_id=old.limit_rule_id,
        limit_count=old.limit_count,
        limit_unit=old.limit_unit,
        given_by_id=by.post_id,
    )
    Task.objects.filter(zone_id=old.zone_id, parent=old, state=Task.State.OPEN).update(parent=new)
    return new


@transaction.atomic
def return_task(*, by: Actor, now: datetime, task: Task, reason: str) -> Task:
    """Give a task back to whoever gave it, with the reason; an office may do so once in a matter."""
    kept = locked_task(by, task)
    access.must_handle(by, kept, now)
    reason = needed(reason, "reason", most=200)
    giver = Post.objects.filter(pk=kept.given_by_id).first() if kept.given_by_id else None
    if giver is None:
        raise Refused(_("Nobody gave this task that could take it back; transfer it instead."))
    if _was_returned(kept):
        raise Refused(
            _("It was returned once already; who should do it is for the service desk to decide.")
        )
    new = hand_on(kept, Task.State.RETURNED, by=by, now=now, post=giver, office=None, reason=reason)
    record_task(by, now, "return_task", new, old=kept.pk, post=giver.pk, words=reason)
    task_moved.send(sender=Task, old=kept, task=new, how="returned", by=by, now=now)
    return new


def _was_returned(task: Task) -> bool:
    return Task.objects.filter(
        Q(office_id=task.office_id),
        zone_id=task.zone_id,
        matter_id=task.matter_id,
        kind=task.kind,
        state=Task.State.RETURNED,
    ).exists()


@transaction.atomic
def supervise_task(*, by: Actor, now: datetime, task: Task, words: str) -> Task:
    """督办: mark a task for everybody to see and say what is expected; its holder is told."""
    kept = locked_task(by, task)
    access.must_supervise(by, kept)
    words = needed(words, "words", most=300)
    kept.is_supervised = True
    kept.version += 1
    kept.save(update_fields=["is_supervised", "version"])
    record_task(by, now, "supervise_task", kept, words=words)
    return kept
