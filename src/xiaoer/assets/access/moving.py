"""Who sees a move-in through, who says an opinion, who decides; who keeps the sites of cage-change."""

from datetime import datetime

from django.utils.translation import gettext as _

from xiaoer.assets.models import MoveIn, MoveInOpinion
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.work import access as work_access

# Who opens move-ins and sees them through.
KEEPERS = frozenset(
    {Role.INVESTMENT, Role.SERVICE_DESK, Role.ECONOMY, Role.PROJECT, Role.ZONE_LEADER,
     Role.ADMINISTRATOR}
)  # fmt: skip
SETTERS = frozenset({Role.INVESTMENT, Role.ADMINISTRATOR})


def is_system(by: Actor) -> bool:
    """A job, or the building of a zone: no person at all."""
    return by.is_staff and by.role is None


def keeps_move_ins(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in KEEPERS)


def must_keep_move_ins(by: Actor) -> None:
    if not keeps_move_ins(by):
        raise Refused(
            _(
                "Only investment promotion, the service desk, economic operations, the project office"
                " or a leader sees a move-in through; ask them."
            )
        )


def sets_review(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in SETTERS)


def must_set_review(by: Actor) -> None:
    if not sets_review(by):
        raise Refused(
            _("Only investment promotion or an administrator sets what a joint review asks.")
        )


def must_read_move_ins(by: Actor) -> None:
    """The register is the staff's and the city's; firms and operators have pages of their own."""
    if by.database_role == OUTSIDE:
        raise Refused(
            _("The register of move-ins is read by the staff of the zone and by the city.")
        )


def speaks_for(by: Actor, party_id: int | None) -> bool:
    """The firm itself, signed in."""
    return by.party_ref is not None and by.party_ref == party_id and not by.key


def is_applicant(by: Actor, row: MoveIn) -> bool:
    return speaks_for(by, row.party_id)


def operates(by: Actor, opinion: MoveInOpinion) -> bool:
    """Somebody of the operator an opinion is asked of."""
    return speaks_for(by, opinion.operator_id)


def may_say(by: Actor, opinion: MoveInOpinion, now: datetime) -> bool:
    """The office that was asked, whoever has its task, or the operator itself."""
    if not by.is_staff:
        return operates(by, opinion)
    if is_system(by):
        return True
    if opinion.operator_id is not None:
        return False
    if by.office_id is not None and by.office_id == opinion.office_id:
        return True
    return opinion.task is not None and work_access.holds(by, opinion.task, now)


def must_say(by: Actor, opinion: MoveInOpinion, now: datetime) -> None:
    if not may_say(by, opinion, now):
        raise Refused(
            _("Only the operator itself says its half of the review; ask it to sign in.")
            if opinion.operator_id is not None
            else _("Only the office that was asked says its opinion; ask it.")
        )


def decides_move_ins(by: Actor) -> bool:
    """A leader of the zone, or the head of investment promotion."""
    if not by.is_staff or by.post_id is None:
        return False
    return by.role == Role.ZONE_LEADER or (by.role == Role.INVESTMENT and by.is_lead)


def must_decide(by: Actor) -> int:
    """The post of who decides: always a person."""
    if not decides_move_ins(by) or by.post_id is None:
        raise Refused(
            _("Only a zone leader or the head of investment promotion decides a move-in; ask them.")
        )
    return by.post_id
