"""Ends of tasks: computed from when they began, their limit and the lawful stops; never counted up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access, queries
from xiaoer.work.actions.checking import locked_matter, locked_task, must_be_open, needed
from xiaoer.work.calendar import WorkCalendar
from xiaoer.work.clocks import PauseReason
from xiaoer.work.kinds import OVERSEE
from xiaoer.work.models import LimitRule, Matter, Pause, Task

# Sent inside the verb's transaction after a calendar changed: zone_id, by, now. Rooms that keep due
# dates of their own recompute them.
deadlines_recomputed = Signal()


def set_end(
    task: Task,
    *,
    limit: LimitRule | None,
    due_at: datetime | None,
    calendar: WorkCalendar | None = None,
) -> None:
    """Put the end on a task that begins: a fixed moment, or a limit remembered as it is today."""
    if due_at is not None:
        _fix_end(task, due_at, calendar)
    elif limit is not None:
        task.limit_count, task.limit_unit = limit.count, limit.unit
        pauses = list(task.matter.pauses.all()) if limit.is_pausable else []
        _compute_end(task, pauses, queries.calendar_of(task.zone_id))


def _fix_end(task: Task, due_at: datetime, calendar: WorkCalendar | None = None) -> None:
    end = queries.end_by_date(
        calendar=calendar or queries.calendar_of(task.zone_id),
        start=task.started_at,
        due_at=due_at,
    )
    task.due_at, task.amber_at = end.due_at, end.amber_at
    task.limit_count, task.limit_unit = None, ""


def _compute_end(task: Task, pauses: Sequence[Pause], calendar: WorkCalendar) -> None:
    end = queries.end_of_task(task, calendar=calendar, pauses=pauses)
    task.due_at, task.amber_at = (end.due_at, end.amber_at) if end else (None, None)


def _free_urgings(task: Task, *, by: Actor, now: datetime) -> None:
    """A later end is a new deadline: nobody need press for the old one, and it may escalate anew."""
    task.level = 0
    Task.objects.filter(
        zone_id=task.zone_id, parent=task, kind=OVERSEE, state=Task.State.OPEN
    ).update(state=Task.State.DROPPED, done_at=now, done_by_id=by.post_id)


@transaction.atomic
def move_due(*, by: Actor, now: datetime, task: Task, due_at: datetime, reason: str) -> Task:
    """Fix another end, as granted by whoever the matter's room says may grant it."""
    kept = locked_task(by, task)
    reason = needed(reason, "reason", most=300)
    if due_at <= now:
        raise Refused(_("The new date has passed already; choose a later one."), field="due_at")
    old = kept.due_at
    _fix_end(kept, due_at)
    _free_urgings(kept, by=by, now=now)
    kept.version += 1
    kept.save(update_fields=["due_at", "amber_at", "limit_count", "limit_unit", "level", "version"])
    journal.record(
        by=by,
        now=now,
        verb="move_due",
        subject=kept,
        party_ref=kept.matter.party_id,
        old=old.isoformat() if old else None,
        new=due_at.isoformat(),
        words=reason,
    )
    return kept


def _stoppable(matter: Matter) -> list[Task]:
    return list(
        matter.tasks.select_for_update(of=("self",))
        .select_related("limit_rule")
        .filter(state=Task.State.OPEN, limit_count__isnull=False, limit_rule__is_pausable=True)
    )


@transaction.atomic
def pause_matter(*, by: Actor, now: datetime, matter: Matter, reason: str, note: str = "") -> Pause:
    """Stop the clocks that the law lets stop, for a reason of article 45 of the Licensing Law.

    The time needed must be told to the applicant in writing; ``note`` says how that was done.
    """
    kept = locked_matter(by, matter)
    must_be_open(kept)
    if reason not in PauseReason.values:
        raise Refused(
            _(
                "This is no lawful reason to stop a clock (Licensing Law, article 45: hearing,"
                " tender, auction, inspection and testing, appraisal, expert review)."
            ),
            field="reason",
        )
    tasks = _stoppable(kept)
    if not tasks:
        raise Refused(
            _(
                "None of its clocks may stop: their limits know no pause. Ask for a later date instead."
            )
        )
    access.must_handle(by, tasks[0], now)
    if kept.pauses.filter(until__isnull=True).exists():
        raise Refused(_("Its clocks stand still already."))
    pause = Pause.objects.create(
        zone_id=kept.zone_id,
        matter=kept,
        reason=reason,
        note=needed(note, "note", most=200),
        since=now,
        post_id=by.post_id,
    )
    _recompute(tasks, {kept.pk: list(kept.pauses.all())}, by=by, now=now)
    _tell(by, now, "pause_matter", kept, pause)
    return pause


@transaction.atomic
def resume_matter(*, by: Actor, now: datetime, matter: Matter) -> Pause:
    """Let the clocks run on; every end moves by what the stop took."""
    kept = locked_matter(by, matter)
    pause = kept.pauses.select_for_update().filter(until__isnull=True).first()
    if pause is None:
        raise Refused(_("Its clocks are running; there is nothing to resume."))
    tasks = _stoppable(kept)
    if tasks:
        access.must_handle(by, tasks[0], now)
    pause.until = now
    pause.save(update_fields=["until"])
    _recompute(tasks, {kept.pk: list(kept.pauses.all())}, by=by, now=now)
    _tell(by, now, "resume_matter", kept, pause)
    return pause


def _tell(by: Actor, now: datetime, verb: str, matter: Matter, pause: Pause) -> None:
    journal.record(
        by=by,
        now=now,
        verb=verb,
        subject=matter,
        party_ref=matter.party_id,
        pause=pause.pk,
        words=str(PauseReason(pause.reason).label),
    )


def _recompute(
    tasks: Sequence[Task], pauses: Mapping[int, Sequence[Pause]], *, by: Actor, now: datetime
) -> int:
    """Compute ends anew by the pauses of each matter, write those that moved, and say how many."""
    moved = []
    calendar = queries.calendar_of(tasks[0].zone_id) if tasks else None
    for task in tasks:
        before = task.due_at, task.amber_at
        if calendar is not None:
            _compute_end(task, pauses.get(task.matter_id, ()), calendar)
        if (task.due_at, task.amber_at) == before:
            continue
        if task.level and task.due_at is not None and task.due_at > now:
            _free_urgings(task, by=by, now=now)
        task.version += 1
        moved.append(task)
    Task.objects.bulk_update(moved, ["due_at", "amber_at", "level", "version"], batch_size=500)
    return len(moved)


@transaction.atomic
def recompute_deadlines(*, by: Actor, now: datetime) -> int:
    """Compute the ends of open tasks anew after the calendar changed; how many moved.

    Finished tasks keep the ends they were judged by.
    """
    access.must_keep_settings(by)
    moved = recompute_zone(by, now)
    journal.record(
        by=by,
        now=now,
        verb="recompute_deadlines",
        subject=Zone.objects.get(pk=by.zone_id),
        moved=moved,
    )
    return moved


def recompute_zone(by: Actor, now: datetime) -> int:
    """The part of changing a calendar that moves deadlines; told by the verb that changed it."""
    tasks = list(
        Task.objects.select_for_update(of=("self",))
        .select_related("limit_rule")
        .filter(zone_id=by.zone_id, state=Task.State.OPEN, limit_count__isnull=False)
        .order_by("id")
    )
    pauses: defaultdict[int, list[Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(
        zone_id=by.zone_id, matter_id__in={task.matter_id for task in tasks}
    ):
        pauses[pause.matter_id].append(pause)
    moved = _recompute(tasks, pauses, by=by, now=now)
    deadlines_recomputed.send(sender=Task, zone_id=by.zone_id, by=by, now=now)
    return moved
