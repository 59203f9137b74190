"""Who may fill in, submit, withdraw and rate an application, and who answers a rating."""

from datetime import date

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits.models import Case
from xiaoer.permits.point_access import may_act_for
from xiaoer.work.models import Plan, Step
from xiaoer.work.plan_access import may_report

SPEAKS = frozenset({Role.ENTERPRISE, Role.PARTY})
ANSWERS_RATINGS = frozenset(
    {Role.SERVICE_DESK, Role.APPROVAL, Role.ENVIRONMENT, Role.ADMINISTRATOR, Role.ZONE_LEADER}
)
HELPING = frozenset({Case.Channel.POINT, Case.Channel.AGENT})


def is_applicant(by: Actor, case: Case) -> bool:
    """The holder of the case's link, or whoever speaks for its party; never staff."""
    if by.is_staff:
        return False
    if by.key:
        return by.key == case.key_hash
    return by.role in SPEAKS and by.party_ref is not None and by.party_ref == case.party_id


def is_agent(by: Actor, case: Case, on: date) -> bool:
    """A firm that acts for the applicant by a power of attorney in force: it reads the case, fills
    it in, gives papers, submits and supplements. It promises, consents, withdraws and rates nothing.
    """
    if by.is_staff or by.key or by.role not in SPEAKS or is_applicant(by, case):
        return False
    return may_act_for(by, case, on)


def may_fill(by: Actor, case: Case, on: date) -> bool:
    """The applicant, or its agent; staff where it was begun at a point or by a helping agent."""
    if not by.is_staff:
        return is_applicant(by, case) or is_agent(by, case, on)
    return by.role is None or (by.post_id is not None and case.channel in HELPING)


def must_fill(by: Actor, case: Case, on: date) -> None:
    if not may_fill(by, case, on):
        raise Refused(
            _("The applicant fills in this application; help with it at a service point instead.")
        )


def may_open_for_step(by: Actor, plan: Plan, step: Step) -> bool:
    """The plan's enterprise; whoever reports on the step for the zone, as its helping agent."""
    if plan.party_id is None or plan.closed_at is not None:
        return False
    if by.is_staff:
        return by.post_id is not None and may_report(by, plan, step)
    return by.role in SPEAKS and not by.key and by.party_ref == plan.party_id


def must_open_for_step(by: Actor, plan: Plan, step: Step) -> None:
    if not may_open_for_step(by, plan, step):
        raise Refused(
            _(
                "The plan's enterprise opens the case of “%(step)s”, or whoever reports on the step; ask"
                " there."
            )
            % {"step": step.name}
        )


def must_not_be_agent(by: Actor, case: Case) -> None:
    """What a power of attorney does not cover: the end of an application, by whoever made it."""
    if not by.is_staff:
        must_be_applicant(by, case)


def must_be_applicant(by: Actor, case: Case) -> None:
    if not is_applicant(by, case):
        raise Refused(_("Only the applicant says this."))


def may_answer_ratings(by: Actor) -> bool:
    return by.is_staff and by.post_id is not None and by.role in ANSWERS_RATINGS


def must_answer_ratings(by: Actor) -> None:
    if not may_answer_ratings(by):
        raise Refused(
            _("The service desk, the approval bureau and whoever watches them answer ratings.")
        )
