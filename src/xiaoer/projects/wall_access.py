"""Who sees the wall, and who says where a project lies."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.projects.models import Project

# Who draws the spot of every project; its own officer and leader draw the one.
PLACERS = frozenset(
    {Role.PROJECT, Role.ECONOMY, Role.INVESTMENT, Role.ZONE_LEADER, Role.ADMINISTRATOR}
)


def places_all(by: Actor) -> bool:
    """The project office and its like, and the system itself."""
    return by.is_staff and (by.role is None or by.role in PLACERS)


def may_place(by: Actor, project: Project) -> bool:
    is_own = by.post_id is not None and by.post_id in {project.officer_id, project.leader_id}
    return places_all(by) or (by.is_staff and is_own)


def must_place(by: Actor, project: Project) -> None:
    if not may_place(by, project):
        raise Refused(
            _("Where “%(name)s” lies is drawn by its officer, its leader and the project office.")
            % {"name": project.name}
        )


def must_see_the_wall(by: Actor) -> None:
    """The wall is for the staff of the zone and the city; a firm sees its own project."""
    if by.database_role == OUTSIDE:
        raise Refused(_("The wall is seen by the staff of the zone and by the city."))
