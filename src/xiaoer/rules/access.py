"""Who may write rules and read them."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor

WRITERS = frozenset(
    {
        Role.ECONOMY,
        Role.INNOVATION,
        Role.STATISTICS,
        Role.FINANCE,
        Role.APPROVAL,
        Role.ADMINISTRATOR,
    }
)


def writes_rules(by: Actor) -> bool:
    """Offices that answer for programmes, administrators; and the system itself."""
    return by.is_staff and (by.role is None or by.role in WRITERS)


def must_write_rules(by: Actor) -> None:
    if not writes_rules(by):
        raise Refused(
            _(
                "Rules are written by economy, innovation, statistics, finance, approval and"
                " administrators; ask them."
            )
        )


def must_read_results(by: Actor) -> None:
    """What a rule says of all firms is for staff and the city; an enterprise sees its own."""
    if by.database_role == OUTSIDE:
        raise Refused(_("What rules say of enterprises is read by staff of the zone and the city."))
