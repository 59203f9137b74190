"""Who may do what to tasks, calendars and limits."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work.calendar import LOCAL
from xiaoer.work.kinds import OWN_TASKS
from xiaoer.work.models import Task

DIRECTS = frozenset({Role.ZONE_LEADER, Role.SERVICE_DESK})
SUPERVISES = DIRECTS | {Role.ENVIRONMENT}


def _is_system(by: Actor) -> bool:
    return by.is_staff and by.role is None


def holds(by: Actor, task: Task, now: datetime) -> bool:
    """Whether the task is the asker's: by post, as deputy, or by office while nobody took it."""
    if by.post_id is None:
        return False
    if task.post_id is None:
        return task.office_id == by.office_id
    if task.post_id == by.post_id:
        return True
    today = now.astimezone(LOCAL).date()
    return task.post_id in base.deputy_posts(zone_id=by.zone_id, deputy_id=by.post_id, on=today)


def heads(by: Actor, task: Task) -> bool:
    """Whether the asker leads the office that has the task."""
    return by.is_lead and by.office_id is not None and task.office_id == by.office_id


def must_handle(by: Actor, task: Task, now: datetime) -> None:
    """The one who has it, the head of that office, the desk and leaders move a task."""
    if _is_system(by) or by.role in DIRECTS or heads(by, task) or holds(by, task, now):
        return
    raise Refused(_("This task is not yours; ask whoever has it, or the head of that office."))


def must_hold(by: Actor, task: Task, now: datetime) -> None:
    if not _is_system(by) and not holds(by, task, now):
        raise Refused(_("This task is not yours; ask whoever has it, or the head of that office."))


def must_supervise(by: Actor, task: Task) -> None:
    if _is_system(by) or by.role in SUPERVISES or heads(by, task):
        return
    raise Refused(
        _("Only leaders, the service desk and the head of the office put a task under supervision.")
    )


def leader_post(by: Actor) -> int:
    """The post of a leader, who alone writes instructions."""
    if by.role != Role.ZONE_LEADER or by.post_id is None:
        raise Refused(_("Only a leader of the zone writes instructions."))
    return by.post_id


def must_keep_settings(by: Actor) -> None:
    """Calendars and limits: administrators, and the system when it opens a zone."""
    if not _is_system(by) and by.role != Role.ADMINISTRATOR:
        raise Refused(_("Only an administrator changes calendars and time limits."))


def may_keep_settings(by: Actor) -> bool:
    return by.role == Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class TaskActs:
    """What the asker may do with a task, so that a page offers nothing it would refuse."""

    take: bool
    transfer: bool
    hand_back: bool
    supervise: bool
    instruct: bool
    carry_out: bool


def acts_on(by: Actor, task: Task, now: datetime) -> TaskActs:
    """The verbs a page offers for a task."""
    is_open = task.state == Task.State.OPEN
    is_mine = is_open and holds(by, task, now)
    moves = is_open and (is_mine or by.role in DIRECTS or heads(by, task))
    return TaskActs(
        take=is_mine and task.post_id is None,
        transfer=moves,
        hand_back=moves and task.given_by_id not in {None, by.post_id},
        supervise=is_open and (by.role in SUPERVISES or heads(by, task)) and not is_mine,
        instruct=is_open and by.role == Role.ZONE_LEADER,
        carry_out=is_mine and task.kind in OWN_TASKS,
    )
