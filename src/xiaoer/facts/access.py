"""Who may define metrics and write figures."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor

# Statistics never edits what firms report; it adds its own column beside.
KEEPERS = frozenset({Role.STATISTICS, Role.ECONOMY, Role.ADMINISTRATOR})


def keeps_figures(by: Actor) -> bool:
    """Statistics, economic operations and administrators; and the system itself."""
    return by.is_staff and (by.role is None or by.role in KEEPERS)


def must_keep_figures(by: Actor) -> None:
    if not keeps_figures(by):
        raise Refused(
            _("Only statistics, economic operations or an administrator write figures; ask them.")
        )


def must_read_figures(by: Actor) -> None:
    """Indicators of the zone are for its staff and the city; an enterprise sees its own figures."""
    if by.database_role == OUTSIDE:
        raise Refused(_("Indicators of the zone are read by its staff and by the city."))
