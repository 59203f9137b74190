"""Escalation: what is overdue goes one level up, once for each deadline and level."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from xiaoer.base import journal
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor
from xiaoer.work import access, queries
from xiaoer.work.actions.tasks import give_task
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.kinds import OVERSEE
from xiaoer.work.models import LimitRule, Task

TO_HEAD, TO_LEADER = 1, 2


@transaction.atomic
def escalate_overdue(*, by: Actor, now: datetime) -> int:
    """Raise overdue tasks: to the head of the office at once, to a zone leader when the head had
    the time of ``work.escalate`` too. How many were raised.

    The level is kept on the task and falls back only with a later deadline, so that running this
    twice, or in two processes, raises nothing twice.
    """
    access.must_keep_settings(by)
    raised = 0
    overdue = (
        Task.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("matter", "post")
        .filter(zone_id=by.zone_id, state=Task.State.OPEN, due_at__lt=now, level__lt=TO_LEADER)
        .exclude(kind=OVERSEE)
        .order_by("due_at", "id")
    )
    tasks = list(overdue)
    if not tasks:
        return 0
    chain, left = _Chain(by.zone_id, now), dict[str, str]()
    for task in tasks:
        with going_on(left, task.title):
            raised += chain.escalate(task, by)
    tell_left(by=by, now=now, left=left)
    return raised


class _Chain:
    """Who stands above whom in one zone at one moment; asked once for all tasks of a run."""

    def __init__(self, zone_id: int, now: datetime) -> None:
        self.now = now
        self.calendar: WorkCalendar = queries.calendar_of(zone_id)
        self.patience: LimitRule = queries.limit(zone_id, "work.escalate")
        self.limit: LimitRule = queries.limit(zone_id, "work.oversee")
        posts = _leading_posts(zone_id, now.astimezone(LOCAL).date())
        self.heads = {post.office_id: post for post in reversed(posts) if post.is_lead}
        leaders = [post for post in posts if post.role == Role.ZONE_LEADER]
        self.leader = min(leaders, key=lambda post: (not post.is_lead, post.pk), default=None)

    def escalate(self, task: Task, by: Actor) -> bool:
        """Raise one task if somebody stands above it and their turn has come."""
        level, post = self._next(task)
        if post is None:
            return False
        Task.objects.filter(pk=task.pk).update(level=level)
        give_task(
            by=by,
            now=self.now,
            matter=task.matter,
            kind=OVERSEE,
            title=task.title,
            post=post,
            limit=self.limit,
            parent=task,
        )
        journal.record(
            by=by,
            now=self.now,
            verb="escalate_task",
            subject=task,
            party_ref=task.matter.party_id,
            level=level,
            to=post.pk,
        )
        return True

    def _next(self, task: Task) -> tuple[int, Post | None]:
        head = self.heads.get(task.office_id)
        if task.level == 0 and head is not None and head.pk != task.post_id:
            return TO_HEAD, head
        if task.level == 0 or self._head_had_time(task):
            return (
                TO_LEADER,
                self.leader if self.leader and self.leader.pk != task.post_id else None,
            )
        return task.level, None

    def _head_had_time(self, task: Task) -> bool:
        """Counted from the deadline, not from when a job happened to run."""
        if task.due_at is None:
            return False
        end = queries.end_by_limit(
            calendar=self.calendar, limit=queries.limit_of(self.patience), start=task.due_at
        )
        return self.now > end.due_at


def _leading_posts(zone_id: int, on: date) -> list[Post]:
    return list(
        Post.objects.filter(zone_id=zone_id, since__lte=on)
        .filter(Q(until__isnull=True) | Q(until__gte=on))
        .filter(Q(is_lead=True, office__isnull=False) | Q(role=Role.ZONE_LEADER))
        .order_by("id")
    )
