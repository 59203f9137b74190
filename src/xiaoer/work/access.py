"""Who may do what to tasks, calendars, limits, contacts and questions."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work.calendar import LOCAL
from xiaoer.work.kinds import OWN_TASKS
from xiaoer.work.models import Contact, Hook, Question, Task

DIRECTS = frozenset({Role.ZONE_LEADER, Role.SERVICE_DESK})
SUPERVISES = DIRECTS | {Role.ENVIRONMENT}
# Who plans contacts for any office; others plan for their own.
PLANS_FOR_ALL = DIRECTS | {Role.ADMINISTRATOR}


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


def may_lift_quota(by: Actor) -> bool:
    """Only a zone leader goes above the quota or onto a quiet day, with a reason."""
    return by.role == Role.ZONE_LEADER and by.post_id is not None


def may_plan_for(by: Actor, office_id: int | None) -> bool:
    """Staff plan for their own office; the desk, leaders and administrators for any."""
    if not by.is_staff:
        return False
    return _is_system(by) or by.role in PLANS_FOR_ALL or by.office_id == office_id


def must_plan_for(by: Actor, office_id: int) -> None:
    if not may_plan_for(by, office_id):
        raise Refused(
            _("You plan for your own office; for another ask it, or the service desk."),
            field="office",
        )


def may_move_contact(by: Actor, contact: Contact) -> bool:
    """Who planned it, who goes, their office, and whoever plans for all."""
    is_mine = by.post_id is not None and by.post_id in {contact.planned_by_id, contact.post_id}
    return by.is_staff and (is_mine or may_plan_for(by, contact.office_id))


def must_move_contact(by: Actor, contact: Contact) -> None:
    if not may_move_contact(by, contact):
        raise Refused(
            _("This contact is planned by %(office)s; ask it, or the service desk.")
            % {"office": contact.office.name}
        )


def speaks_for_party(by: Actor, party_id: int) -> bool:
    """The enterprise's own representative, signed in."""
    return by.role == Role.ENTERPRISE and by.party_ref == party_id and not by.key


def must_ask(by: Actor) -> None:
    """Staff and the rooms themselves put questions; an enterprise files a request instead."""
    if not by.is_staff:
        raise Refused(_("Only staff of the zone put questions to an enterprise."))


def answers_through(by: Actor, party_id: int, through: str) -> str:
    """By which way an answer comes: an enterprise's own on its page, staff's from where they heard it."""
    if speaks_for_party(by, party_id):
        return Question.Through.ENTERPRISE
    if not by.is_staff:
        raise Refused(_("Only the enterprise itself, or staff who heard it, answers this."))
    if through not in {Question.Through.VISIT, Question.Through.CALL}:
        raise Refused(_("Say whether you heard it on a visit or by telephone."), field="through")
    return through


def may_drop_question(by: Actor, question: Question) -> bool:
    """Who asked it, the desk, leaders and administrators."""
    if not by.is_staff:
        return False
    is_mine = by.post_id is not None and by.post_id == question.asked_by_id
    return is_mine or _is_system(by) or by.role in PLANS_FOR_ALL


def must_drop_question(by: Actor, question: Question) -> None:
    if not may_drop_question(by, question):
        raise Refused(_("Only who asked the question or the service desk drops it."))


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


def must_be_staff(by: Actor) -> None:
    if not by.is_staff:
        raise Refused(_("Only staff of the zone can do this."))


def own_post(by: Actor) -> int:
    """The post of somebody of the staff, who alone is reminded."""
    if not by.is_staff or by.post_id is None:
        raise Refused(_("Only staff of the zone are reminded; sign in with your own post."))
    return by.post_id


def keeps_every_hook(by: Actor) -> bool:
    return by.role in {Role.ADMINISTRATOR, Role.SERVICE_DESK}


def keeps_hooks(by: Actor, office_id: int) -> bool:
    """Whose robots one keeps: administrators and the desk those of all offices, heads their own."""
    return keeps_every_hook(by) or (by.is_lead and by.office_id == office_id)


def must_keep_hooks(by: Actor, office_id: int) -> None:
    if not keeps_hooks(by, office_id):
        raise Refused(
            _("The head of the office, the service desk or an administrator keeps its robots."),
            field="office",
        )


def must_keep_hook(by: Actor, hook: Hook) -> None:
    """A person's own robot is that person's alone."""
    if hook.office_id is not None:
        must_keep_hooks(by, hook.office_id)
    elif hook.post_id != by.post_id:
        raise Refused(_("This robot is somebody else's."))


def must_be_system(by: Actor) -> None:
    if not _is_system(by):
        raise Refused(_("Only the system itself does this."))
