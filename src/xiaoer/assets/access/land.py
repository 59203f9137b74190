"""Who keeps land: its stages, its indicators, what is checked after signing."""

from django.utils.translation import gettext as _

from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor

# Natural resources and the other bureaus are departments; investment and projects bring the user.
KEEPERS = frozenset(
    {Role.DEPARTMENT, Role.INVESTMENT, Role.PROJECT, Role.ECONOMY, Role.ADMINISTRATOR}
)
READERS = (*sorted(STAFF_ROLES), Role.CITY)


def keeps_land(by: Actor) -> bool:
    """Also the system itself, which furnishes a zone and asks when something is due."""
    return by.is_staff and (by.role is None or by.role in KEEPERS)


def must_keep_land(by: Actor) -> None:
    if not keeps_land(by):
        raise Refused(
            _("Natural resources, investment promotion or the project team keep land; ask them.")
        )


def must_judge_land(by: Actor) -> None:
    """That a promise was kept or not a person says, who keeps land."""
    must_keep_land(by)
    if by.post_id is None:
        raise Refused(_("Only a person with a post records this decision."))


def must_read_land(by: Actor) -> None:
    """Stages and promises of all land are read by the staff of the zone and the city."""
    if by.database_role == OUTSIDE:
        raise Refused(_("The land of the zone is read by its staff and by the city."))
