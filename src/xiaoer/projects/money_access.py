"""Who may report, plan and enter what projects cost."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects.models import InvestmentMonth, Project

Reporter = InvestmentMonth.Reporter
# The project office and whoever keeps its books.
KEEPERS = frozenset({Role.PROJECT, Role.ECONOMY, Role.INVESTMENT, Role.ADMINISTRATOR})
# Who looks at investment over all projects.
READERS = (
    Role.PROJECT,
    Role.ECONOMY,
    Role.INVESTMENT,
    Role.STATISTICS,
    Role.ZONE_LEADER,
    Role.FINANCE,
    Role.ADMINISTRATOR,
    Role.CITY,
)


def is_system(by: Actor) -> bool:
    """A job, or the building of a zone: no person at all."""
    return by.is_staff and by.role is None


def keeps_money(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in KEEPERS)


def answers_for(by: Actor, project: Project) -> bool:
    """The officer of the project, whatever the office."""
    return by.is_staff and by.post_id is not None and by.post_id == project.officer_id


def is_bureau(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role == Role.STATISTICS)


def may_report(by: Actor, project: Project, reporter: str) -> bool:
    """Each reports in its own name only: the firm, the project office, the bureau."""
    if reporter == Reporter.FIRM:
        return by.role == Role.ENTERPRISE and by.party_ref == project.party_id is not None
    if reporter == Reporter.STATISTICS:
        return is_bureau(by)
    return keeps_money(by) or answers_for(by, project)


def must_report(by: Actor, project: Project, reporter: str) -> None:
    if may_report(by, project, reporter):
        return
    if reporter == Reporter.FIRM:
        raise Refused(
            _(
                "Only the enterprise reports its own month; the zone reports what it counted"
                " itself, in its own line."
            )
        )
    if reporter == Reporter.STATISTICS:
        raise Refused(_("Only statistics records what the bureau counted; ask it."))
    raise Refused(_("Only the project office and the project's officer report for the zone."))


def must_keep_money(by: Actor, project: Project | None = None) -> None:
    if keeps_money(by) or (project is not None and answers_for(by, project)):
        return
    raise Refused(_("Only the project office or the project's officer does this; ask them."))


def must_be_bureau(by: Actor) -> None:
    if not is_bureau(by):
        raise Refused(_("Only statistics says what is in its library; ask it."))


def must_be_person(by: Actor) -> None:
    """A machine may grant; that something was returned only a person says."""
    if by.post_id is None:
        raise Refused(_("Only a person with a post records this decision."))
