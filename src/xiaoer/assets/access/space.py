"""Who keeps needs for space, and who may answer for one."""

from django.utils.translation import gettext as _

from xiaoer.assets.models import SpaceNeed
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor

# Who hears that somebody looks for space, and who goes and looks with them.
SEEKERS = frozenset(
    {
        Role.INVESTMENT,
        Role.SERVICE_DESK,
        Role.PROJECT,
        Role.ECONOMY,
        Role.GRID_OFFICER,
        Role.STEWARD,
        Role.ZONE_LEADER,
        Role.ADMINISTRATOR,
    }
)


def seeks(by: Actor) -> bool:
    return by.is_staff and (by.role is None or by.role in SEEKERS)


def must_seek(by: Actor) -> None:
    if not seeks(by):
        raise Refused(
            _(
                "Needs for space are kept by investment promotion, the service desk, project teams"
                " and the officers of enterprises; ask one of them."
            )
        )


def is_own(by: Actor, party_id: int | None) -> bool:
    """An enterprise about itself."""
    return by.role == Role.ENTERPRISE and by.party_ref is not None and by.party_ref == party_id


def must_speak(by: Actor, party_id: int | None) -> None:
    """Who keeps needs, and the enterprise the need is of."""
    if not is_own(by, party_id):
        must_seek(by)


def must_read_needs(by: Actor) -> None:
    """The list and the search are for the staff and the city; an enterprise reads its own need."""
    if by.database_role == OUTSIDE:
        raise Refused(_("This list is read by the staff of the zone and by the city."))


def may_change(by: Actor, need: SpaceNeed) -> bool:
    return seeks(by) or is_own(by, need.party_id)
