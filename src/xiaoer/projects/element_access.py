"""Who asks for elements, answers for them, and keeps the zone's promises."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.projects.models import ElementNeed, Project, ZonePromise

# Project teams run projects; leaders, the desk, economic operations and administrators step in.
RUNNERS = frozenset(
    {Role.PROJECT, Role.ZONE_LEADER, Role.SERVICE_DESK, Role.ECONOMY, Role.ADMINISTRATOR}
)
# Who else hears what a firm lacks.
HEARERS = RUNNERS | {Role.GRID_OFFICER, Role.STEWARD, Role.INVESTMENT}


def runs_projects(by: Actor, project: Project | None = None) -> bool:
    """Project teams and those above them; of one project also its officer, leader and office."""
    if not by.is_staff:
        return False
    if by.role is None or by.role in RUNNERS:
        return True
    if project is None or by.post_id is None:
        return False
    if by.post_id in {project.officer_id, project.leader_id}:
        return True
    return by.is_lead and by.office_id is not None and by.office_id == project.office_id


def must_run_project(by: Actor, project: Project | None = None) -> None:
    if not runs_projects(by, project):
        raise Refused(_("The project team, its officer or its leader does this; ask one of them."))


def asks_elements(by: Actor, project: Project | None = None) -> bool:
    """Whoever runs the project, and those who hear from firms what they lack."""
    return by.is_staff and (by.role in HEARERS or runs_projects(by, project))


def must_ask_elements(by: Actor, project: Project | None = None) -> None:
    if not asks_elements(by, project):
        raise Refused(
            _("Grid officers, stewards, the service desk and project teams register needs.")
        )


def answers(by: Actor, row: ElementNeed | ZonePromise) -> bool:
    """The post or office that answers for it, and whoever runs the project."""
    if runs_projects(by, row.project):
        return True
    if not by.is_staff or by.post_id is None:
        return False
    if row.post_id is not None and row.post_id == by.post_id:
        return True
    return by.office_id is not None and row.office_id == by.office_id


def must_answer(by: Actor, row: ElementNeed | ZonePromise) -> None:
    if not answers(by, row):
        raise Refused(
            _("“%(what)s” is for others to answer: ask whoever answers for it.")
            % {"what": row.what}
        )


def must_read_projects(by: Actor) -> None:
    """Lists over all projects are for the staff and the city; an enterprise reads its own."""
    if by.database_role == OUTSIDE:
        raise Refused(_("This list is read by the staff of the zone and by the city."))
