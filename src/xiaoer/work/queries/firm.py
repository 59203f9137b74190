"""What is to be done for one firm, whoever has to do it."""

from datetime import datetime

from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of
from xiaoer.work.models import Task
from xiaoer.work.queries.calendars import calendar_of
from xiaoer.work.queries.matters import TaskLine, task_line


def tasks_of_firm(*, by: Actor, party: Party, now: datetime, most: int = 5) -> list[TaskLine]:
    """Open tasks on matters of a firm, what is due first."""
    tasks = (
        Task.objects.filter(
            zone_id=by.zone_id,
            matter__party_id__in=numbers_of(party=party),
            state=Task.State.OPEN,
        )
        .select_related("matter", "office", "post__person", "post__office")
        .order_by("due_at", "id")[:most]
    )
    calendar = calendar_of(party.zone_id)
    return [task_line(task, task.matter.kind, now, calendar) for task in tasks]
