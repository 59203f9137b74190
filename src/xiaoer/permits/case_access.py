"""Who accepts a case, who acts in a branch, who decides, who issues."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits.models import Case, CaseItem, CaseStep
from xiaoer.work.calendar import LOCAL

# The comprehensive window (综合受理): the approval bureau and the service desk, for every thing.
WINDOW = frozenset({Role.APPROVAL, Role.SERVICE_DESK})
# Who moves what is stuck elsewhere.
DIRECTS = WINDOW | {Role.ZONE_LEADER}


def is_system(by: Actor) -> bool:
    """A job, or the building of a zone: no person at all."""
    return by.is_staff and by.role is None


def may_accept(by: Actor, case: Case) -> bool:
    """People of the window, and those of the office that has the case at its desk."""
    if not by.is_staff or by.post_id is None:
        return False
    return by.role in WINDOW or (case.desk_id is not None and by.office_id == case.desk_id)


def must_accept(by: Actor, case: Case) -> None:
    if not may_accept(by, case):
        raise Refused(
            _("Case %(number)s is at the acceptance desk; its people do this. Ask them.")
            % {"number": case.number}
        )


def holds(by: Actor, step: CaseStep, now: datetime) -> bool:
    """Whether the step is the asker's: by post, as deputy, or by office while nobody took it."""
    if by.post_id is None or not by.is_staff:
        return False
    if step.post_id is None:
        return step.office_id is not None and step.office_id == by.office_id
    if step.post_id == by.post_id:
        return True
    today = now.astimezone(LOCAL).date()
    return step.post_id in base.deputy_posts(zone_id=by.zone_id, deputy_id=by.post_id, on=today)


def heads(by: Actor, office_id: int | None) -> bool:
    return by.is_staff and by.is_lead and office_id is not None and by.office_id == office_id


def may_act(by: Actor, step: CaseStep, now: datetime) -> bool:
    """Whoever has the step, and the head of that office."""
    return heads(by, step.office_id) or holds(by, step, now)


def must_act(by: Actor, step: CaseStep, now: datetime) -> None:
    if not may_act(by, step, now):
        raise Refused(
            _(
                "“%(step)s” is with %(office)s; ask whoever has it there, or the head of that office."
            )
            % {"step": step.name, "office": step.office.name if step.office else "–"}
        )


def may_move(by: Actor, step: CaseStep, now: datetime) -> bool:
    """To hand a step on, the window and leaders may too: they see what is stuck."""
    return (by.is_staff and by.role in DIRECTS) or may_act(by, step, now)


def must_move(by: Actor, step: CaseStep, now: datetime) -> None:
    if not may_move(by, step, now):
        must_act(by, step, now)


def may_handle(by: Actor, item: CaseItem) -> bool:
    """People of the office that answers for the item."""
    return (
        by.is_staff
        and by.post_id is not None
        and item.office_id is not None
        and by.office_id == item.office_id
    )


def must_handle(by: Actor, item: CaseItem) -> None:
    if not may_handle(by, item):
        raise Refused(
            _("“%(item)s” is handled by %(office)s; ask its people.")
            % {"item": item.name, "office": item.office.name if item.office else "–"}
        )


def may_extend(by: Actor, item: CaseItem) -> bool:
    """The head of the authority, and a zone leader (Licensing Law, article 42)."""
    return heads(by, item.office_id) or (by.is_staff and by.role == Role.ZONE_LEADER)


def must_extend(by: Actor, item: CaseItem) -> int:
    """The post of the head who answers for more time."""
    if not may_extend(by, item) or by.post_id is None:
        raise Refused(
            _("Only the head of %(office)s or a leader of the zone grants more time; ask them.")
            % {"office": item.office.name if item.office else "–"}
        )
    return by.post_id


def may_extend_case(by: Actor) -> bool:
    """A leader of the zone: more time for all together is the government's to give (art. 42 (2))."""
    return by.is_staff and by.post_id is not None and by.role == Role.ZONE_LEADER


def must_extend_case(by: Actor) -> int:
    """The post of the leader who answers for more time of all branches."""
    if not may_extend_case(by) or by.post_id is None:
        raise Refused(_("Only a leader of the zone grants more time for all together; ask one."))
    return by.post_id


def must_be_person(by: Actor) -> int:
    """A machine may grant; only a person refuses."""
    if by.post_id is None or not by.is_staff:
        raise Refused(_("Only a person with a post says no; a machine never does."))
    return by.post_id


def must_be_system(by: Actor) -> None:
    if not is_system(by):
        raise Refused(_("Only the system itself does this."))


def reads_cases(by: Actor) -> bool:
    """Staff of the zone, and the city."""
    return by.is_staff or by.role == Role.CITY


def may_open_papers(by: Actor, case: Case, offices: Collection[str]) -> bool:
    """Who looks into the papers given with a case: the desk, a leader, the departments it goes to.

    ``offices``: those its definition names. Besides, whoever a step was handed to or asked to sign,
    and whoever of the staff acts for the applicant; nobody else who may read how the case stands.
    """
    if not by.is_staff or by.post_id is None:
        return False
    if may_accept(by, case) or by.role == Role.ZONE_LEADER or by.office in offices:
        return True
    theirs = Q(office_id=by.office_id or 0) | Q(post_id=by.post_id)
    return (
        CaseItem.objects.filter(case=case, office_id=by.office_id or 0).exists()
        or CaseStep.objects.filter(theirs, item__case=case).order_by("pk").exists()
    )


def must_open_papers(by: Actor, case: Case, offices: Collection[str]) -> None:
    if not may_open_papers(by, case, offices):
        raise Refused(
            _("The papers of case %(number)s are opened by the desk and the departments that"
              " handle it; ask them.")
            % {"number": case.number}
        )  # fmt: skip


def must_read_cases(by: Actor) -> None:
    if not reads_cases(by):
        raise Refused(_("Cases of all applicants are read by staff; find yours on your own page."))
