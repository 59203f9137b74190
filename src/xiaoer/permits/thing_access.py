"""Who writes definitions, who puts them in force."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor

KEEPERS = frozenset({Role.APPROVAL, Role.ADMINISTRATOR})


def keeps_things(by: Actor) -> bool:
    """The approval bureau and administrators; a job, or the building of a zone."""
    return by.is_staff and (by.role is None or by.role in KEEPERS)


def must_keep_things(by: Actor) -> None:
    if not keeps_things(by):
        raise Refused(
            _("Only the approval bureau or an administrator writes definitions; ask them.")
        )


def must_read_drafts(by: Actor) -> None:
    """Drafts are read by the staff of the zone and the city; guides by everybody."""
    if by.database_role == OUTSIDE:
        raise Refused(_("What is not in force yet is read by the staff of the zone."))
