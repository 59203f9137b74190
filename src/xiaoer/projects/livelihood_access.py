"""Who keeps the livelihood list, and who reports of an item."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.projects.models import LivelihoodItem

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.ZONE_LEADER, Role.SERVICE_DESK, Role.PROJECT})


def keeps_list(by: Actor) -> bool:
    """Leaders, administrators, the desk, the project team; and the system itself."""
    return by.is_staff and (by.role is None or by.role in KEEPERS)


def must_keep_list(by: Actor) -> None:
    if not keeps_list(by):
        raise Refused(
            _("Leaders, the desk and the project team keep the livelihood list; ask them to.")
        )


def reports_of(by: Actor, item: LivelihoodItem) -> bool:
    """The office that answers for an item reports of it, and whoever keeps the list."""
    return keeps_list(by) or (by.is_staff and by.office_id == item.office_id)


def must_report_of(by: Actor, item: LivelihoodItem) -> None:
    if not reports_of(by, item):
        raise Refused(
            _("%(office)s answers for “%(name)s” and reports of it.")
            % {"office": item.office.name, "name": item.name}
        )


def must_read_list(by: Actor) -> None:
    """The working list is for staff and the city; residents have their own page."""
    if by.database_role == OUTSIDE:
        raise Refused(_("Residents read the public page of the livelihood list."))
