"""Who keeps the register of carriers, and who runs a building."""

from django.utils.translation import gettext as _

from xiaoer.assets.models import Building
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor

# Who keeps parcels, buildings, units and leases of the whole zone.
KEEPERS = frozenset(
    {
        Role.INVESTMENT,
        Role.ECONOMY,
        Role.PROJECT,
        Role.SERVICE_DESK,
        Role.ZONE_LEADER,
        Role.ADMINISTRATOR,
    }
)


def is_system(by: Actor) -> bool:
    """A job, or the building of a zone: no person at all."""
    return by.is_staff and by.role is None


def keeps_carriers(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in KEEPERS)


def must_keep_carriers(by: Actor) -> None:
    if not keeps_carriers(by):
        raise Refused(
            _(
                "Only investment promotion, economic operations, the project office, the service desk,"
                " a zone leader or an administrator keeps the register of carriers; ask them."
            )
        )


def runs_building(by: Actor, building: Building) -> bool:
    """Keepers every building; the firm that runs it, its own."""
    return keeps_carriers(by) or (
        by.role == Role.PARK_OPERATOR
        and by.party_ref is not None
        and building.operator_id == by.party_ref
    )


def must_run_building(by: Actor, building: Building) -> None:
    """Of a building somebody outside does not run it is not said that there is one."""
    if runs_building(by, building):
        return
    if by.database_role == OUTSIDE:
        raise Refused(_("There is no such record here; it may be of another zone."))
    must_keep_carriers(by)


def must_be_person(by: Actor) -> None:
    """What ends a tenant's right is said by a person, never by a machine."""
    if is_system(by):
        raise Refused(_("Only a person breaks off a lease."))


def must_read_carriers(by: Actor) -> None:
    """The register is read by the staff of the zone and the city; an operator reads its own."""
    if by.database_role == OUTSIDE and by.role != Role.PARK_OPERATOR:
        raise Refused(
            _("The register of carriers is read by the staff of the zone and by the city.")
        )
