"""Who keeps the reserve, who moves a project, who decides."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.projects.models import Project

# Who keeps the projects of the whole zone: entries, lists, batches.
KEEPERS = frozenset(
    {Role.PROJECT, Role.ECONOMY, Role.INVESTMENT, Role.ZONE_LEADER, Role.ADMINISTRATOR}
)
# Who sets the conditions of stages and the rules of lights.
SETTERS = frozenset({Role.PROJECT, Role.ADMINISTRATOR})


def is_system(by: Actor) -> bool:
    """A job, or the building of a zone: no person at all."""
    return by.is_staff and by.role is None


def keeps_projects(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in KEEPERS)


def must_keep_projects(by: Actor) -> None:
    if not keeps_projects(by):
        raise Refused(
            _(
                "Only the project office, economic operations, investment promotion, a zone leader or"
                " an administrator keeps the register of projects; ask them."
            )
        )


def may_move_project(by: Actor, project: Project) -> bool:
    """Keepers every project; its officer, its leader and the head of its office this one."""
    if keeps_projects(by):
        return True
    is_answerable = by.post_id is not None and by.post_id in {project.officer_id, project.leader_id}
    heads = by.is_lead and by.office_id is not None and by.office_id == project.office_id
    return by.is_staff and (is_answerable or heads)


def must_move_project(by: Actor, project: Project) -> None:
    if not may_move_project(by, project):
        raise Refused(
            _("“%(name)s” is kept by its officer, its leader and the project office; ask them.")
            % {"name": project.name}
        )


def decides_projects(by: Actor) -> bool:
    """A leader of the zone, or the head of the project office."""
    if not by.is_staff or by.post_id is None:
        return False
    return by.role == Role.ZONE_LEADER or (by.role == Role.PROJECT and by.is_lead)


def must_decide(by: Actor) -> int:
    """The post of a leader or of the head of the project office, who alone grants and refuses."""
    if not decides_projects(by) or by.post_id is None:
        raise Refused(
            _("Only a zone leader or the head of the project office decides this; ask them.")
        )
    return by.post_id


def sets_projects(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in SETTERS)


def must_set_projects(by: Actor) -> None:
    if not sets_projects(by):
        raise Refused(
            _("Only the project office or an administrator sets the conditions and the lights.")
        )


def must_be_staff(by: Actor) -> None:
    if not by.is_staff:
        raise Refused(_("Only staff of the zone do this; tell your officer."))


def must_be_person(by: Actor) -> int:
    """A machine may grant; that something is not so only a person says."""
    if by.post_id is None:
        raise Refused(_("Only a person with a post says that something is not so."))
    return by.post_id


def must_read_projects(by: Actor) -> None:
    """The register is read by the staff of the zone and the city; a firm reads its own project."""
    if by.database_role == OUTSIDE:
        raise Refused(
            _("The register of projects is read by the staff of the zone and by the city.")
        )
