"""Who may make plans, report on their steps and move what was promised."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.work.access import speaks_for_party
from xiaoer.work.models import Doer, Plan, Step

# In a zone without a project office of its own, economic operations is it.
PLANNERS = frozenset({Role.PROJECT, Role.ECONOMY, Role.ADMINISTRATOR})
PROMISERS = PLANNERS | {Role.ZONE_LEADER}
# Steps an enterprise may report: its own, and those of whom it hired.
OWN_DOERS = frozenset({Doer.OWNER, Doer.CONTRACTOR})


def makes_plans(by: Actor) -> bool:
    """The project office, economic operations, administrators, and the system itself."""
    return by.is_staff and (by.role is None or by.role in PLANNERS)


def must_make_plans(by: Actor) -> None:
    if not makes_plans(by):
        raise Refused(_("The project office makes and changes plans; ask it to."))


def moves_promises(by: Actor) -> bool:
    return by.is_staff and (by.role is None or by.role in PROMISERS)


def must_move_promises(by: Actor) -> None:
    if not moves_promises(by):
        raise Refused(_("A leader or the project office moves a promised day; ask one of them."))


def must_close_plans(by: Actor) -> None:
    """Who gives a project up, a leader too, ends its plan with it."""
    if not moves_promises(by):
        raise Refused(_("A leader or the project office closes a plan; ask one of them."))


def may_report(by: Actor, plan: Plan, step: Step) -> bool:
    """The project office; the post or the office that has the step; the enterprise its own steps."""
    if makes_plans(by):
        return True
    if by.is_staff:
        is_mine = by.post_id is not None and by.post_id == step.post_id
        return is_mine or (by.office_id is not None and by.office_id == step.office_id)
    return (
        plan.party_id is not None and speaks_for_party(by, plan.party_id) and step.doer in OWN_DOERS
    )


def must_report(by: Actor, plan: Plan, step: Step) -> None:
    if may_report(by, plan, step):
        return
    if not by.is_staff:
        raise Refused(
            _("“%(step)s” is not the enterprise's own step; whoever has it reports on it.")
            % {"step": step.name}
        )
    raise Refused(
        _(
            "“%(step)s” is somebody else's step; the office that has it or the project office reports."
        )
        % {"step": step.name}
    )


def must_hold_up(by: Actor) -> None:
    """Elements and their kin hold steps up; the room above has asked who may."""
    if not by.is_staff:
        raise Refused(_("Only staff of the zone can do this."))


def must_read_all_plans(by: Actor) -> None:
    """Lists over all plans are for the zone and the city; an enterprise has its own plan's page."""
    if by.database_role == OUTSIDE:
        raise Refused(_("An enterprise sees its own plans, not those of others."))
