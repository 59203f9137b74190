"""Keeping in step with the room of work: a task moved in the inbox moves the request, a changed
calendar moves its clocks."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach.actions import clocks, tasks
from xiaoer.outreach.actions.story import OPEN, UNDER_WAY, State, tell
from xiaoer.outreach.models import Appeal, DateChange
from xiaoer.work.models import Task

Ball = Appeal.Ball


def follow_task(*, task: Task, how: str, by: Actor, now: datetime, **_signal: Any) -> None:
    """Who takes, hands on or returns the task to solve a request has done so with the request."""
    if task.matter.kind != tasks.APPEAL or task.kind != tasks.SOLVE:
        return
    row = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("party", "office", "matter")
        .filter(zone_id=by.zone_id, matter_id=task.matter_id, state__in=UNDER_WAY)
        .first()
    )
    if row is None:
        return
    {"taken": _taken, "transferred": _transferred, "returned": _returned}[how](row, task, by, now)
    row.version += 1
    clocks.set_running(row)
    row.save()


def _taken(row: Appeal, task: Task, by: Actor, now: datetime) -> None:
    row.handler = task.post
    row.state, row.ball = State.WORKING, Ball.HANDLER
    tasks.drop(row, tasks.DECIDE, by=by, now=now)
    _rest_to_holder(row, by, now)
    tell(row, by=by, now=now, verb="sign_appeal")


def _transferred(row: Appeal, task: Task, by: Actor, now: datetime) -> None:
    row.handler, row.office = task.post, task.office or row.office
    if row.handler is None:
        row.state = State.DISPATCHED
    row.ball = Ball.HANDLER
    _rest_to_holder(row, by, now)
    tell(
        row,
        by=by,
        now=now,
        verb="reassign",
        is_between_offices=True,
        office=row.office_id,
        handler=row.handler_id,
    )


def _returned(row: Appeal, task: Task, by: Actor, now: datetime) -> None:
    if row.was_returned:
        raise Refused(
            _("%(no)s was returned once already; say on its page why, and the desk decides.")
            % {"no": row.receipt_no}
        )
    row.was_returned = True
    row.state, row.ball = State.REGISTERED, Ball.DESK
    row.office = row.handler = None
    tasks.drop(row, tasks.REPLY, tasks.SOLVE, tasks.PROMISE, by=by, now=now)
    tasks.ask_dispatch(row, by=by, now=now)
    tell(row, by=by, now=now, verb="return_appeal", is_public=False, is_between_offices=True)


def _rest_to_holder(row: Appeal, by: Actor, now: datetime) -> None:
    """The other tasks of the leading office go with the one that moved."""
    promised = row.promised_on if tasks.is_promised(row) else None
    tasks.drop(row, tasks.REPLY, tasks.PROMISE, by=by, now=now)
    tasks.ask_office(row, by=by, now=now)
    if promised is not None:
        tasks.promise(row, promised, by=by, now=now)


@transaction.atomic
def recompute_clocks(*, zone_id: int, by: Actor, now: datetime, **_signal: Any) -> None:
    """Compute the clocks of open requests anew after the calendar changed.

    A date a supervisor granted, or a promise given anew at a reopening, stands as it was said.
    """
    rows = (
        Appeal.objects.select_for_update(of=("self",))
        .filter(zone_id=zone_id, state__in=OPEN)
        .order_by("id")
    )
    granted = set(
        DateChange.objects.filter(zone_id=zone_id, granted=True).values_list("appeal_id", flat=True)
    )
    moved = []
    for row in rows:
        before, promised = _moments(row), row.solve_due_at
        row.solve_due_at = None
        clocks.start_clocks(row)
        if row.pk in granted or row.reopened:
            row.solve_due_at = promised
        clocks.set_running(row)
        if _moments(row) != before:
            row.version += 1
            moved.append(row)
    Appeal.objects.bulk_update(moved, [*_CLOCKS, "version"], batch_size=500)
    if moved:
        journal.record(
            by=by,
            now=now,
            verb="recompute_clocks",
            subject=Zone.objects.get(pk=zone_id),
            moved=[row.pk for row in moved],
        )


_CLOCKS = (
    "start_due_at",
    "reply_due_at",
    "solve_due_at",
    "rule_due_at",
    "running_due_at",
    "running_amber_at",
)


def _moments(row: Appeal) -> tuple[datetime | None, ...]:
    return tuple(getattr(row, name) for name in _CLOCKS)
