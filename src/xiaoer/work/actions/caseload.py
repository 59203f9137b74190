"""Tasks go along when an enterprise changes hands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base.models import Post
from xiaoer.base.scope import Actor
from xiaoer.registry.actions import Moved
from xiaoer.work.actions.tasks import hand_on, record_task, task_moved
from xiaoer.work.models import Task


def follow_caseload(*, moves: Sequence[Moved], by: Actor, now: datetime, **_signal: Any) -> None:
    """Give the open tasks the former officer has about these enterprises to the new one.

    Whoever hands an enterprise over may do so with its tasks; their clocks go on as they were.
    """
    takers = {(move.party_id, move.giver_id): move.taker_id for move in moves}
    open_tasks = Task.objects.filter(
        zone_id=by.zone_id,
        state=Task.State.OPEN,
        post_id__in={move.giver_id for move in moves},
        matter__party_id__in={move.party_id for move in moves},
    )
    found = [
        (task_id, takers[party_id, post_id])
        for task_id, party_id, post_id in open_tasks.order_by("id").values_list(
            "id", "matter__party_id", "post_id"
        )
        if (party_id, post_id) in takers
    ]
    posts = Post.objects.select_related("office").in_bulk({taker for _task, taker in found})
    for task_id, taker in found:
        _hand_over(task_id, posts[taker], by=by, now=now)


def _hand_over(task_id: int, taker: Post, *, by: Actor, now: datetime) -> None:
    task = (
        Task.objects.select_for_update(of=("self",))
        .select_related("matter")
        .filter(zone_id=by.zone_id, pk=task_id, state=Task.State.OPEN)
        .first()
    )
    if task is None:
        return  # The room of its matter dropped it when a task beside it moved.
    reason = _("the enterprise changed hands")
    new = hand_on(
        task, Task.State.TRANSFERRED, by=by, now=now, post=taker, office=None, reason=reason
    )
    record_task(
        by, now, "transfer_task", new, old=task.pk, post=new.post_id, office=new.office_id,
        words=reason,
    )  # fmt: skip
    task_moved.send(sender=Task, old=task, task=new, how="transferred", by=by, now=now)
