"""Who may set ladders, evaluate them, designate, and say what was handed in."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.growth.models import Designation

# Who sets parameters and cut-offs of the ladders, and has them evaluated.
LADDER_KEEPERS = frozenset({Role.ECONOMY, Role.STATISTICS, Role.ADMINISTRATOR})
# Who asks enterprises for what a ladder lacks.
ASKERS = LADDER_KEEPERS | {Role.SERVICE_DESK, Role.ZONE_LEADER, Role.INNOVATION}
DESIGNATORS = {
    # A fact of the statistics office, which nobody else states.
    Designation.Kind.IN_REGISTER: frozenset({Role.STATISTICS}),
    Designation.Kind.CLIMB: frozenset({Role.ECONOMY, Role.ZONE_LEADER}),
    Designation.Kind.CHAIN_LEADER: frozenset({Role.ECONOMY, Role.ZONE_LEADER}),
    Designation.Kind.TECH_LEADER: frozenset({Role.INNOVATION, Role.ECONOMY, Role.ZONE_LEADER}),
}


def is_system(by: Actor) -> bool:
    """A job, or the building of a zone: no person at all."""
    return by.is_staff and by.role is None


def keeps_ladders(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in LADDER_KEEPERS)


def must_keep_ladders(by: Actor) -> None:
    if not keeps_ladders(by):
        raise Refused(
            _(
                "Only economic operations, statistics or an administrator set the ladders and have"
                " them evaluated; ask them."
            )
        )


def may_ask_missing(by: Actor) -> bool:
    return by.is_staff and by.role in ASKERS


def must_ask_missing(by: Actor) -> None:
    if not may_ask_missing(by):
        raise Refused(
            _(
                "Only those who keep the ladders, the service desk and leaders ask many enterprises"
                " at once; put a single question from the enterprise's page."
            )
        )


def may_designate(by: Actor, kind: str) -> bool:
    return is_system(by) or (
        by.is_staff and by.role in DESIGNATORS.get(Designation.Kind(kind), frozenset())
    )


def must_designate(by: Actor, kind: str) -> None:
    if may_designate(by, kind):
        return
    if kind == Designation.Kind.IN_REGISTER:
        raise Refused(_("Only the statistics office says who is in its register; ask it."))
    raise Refused(
        _("Only economic operations, a zone leader or the office in charge record this decision.")
    )


def must_be_staff(by: Actor) -> None:
    if not by.is_staff:
        raise Refused(_("Only staff of the zone do this; tell your officer."))


# Titles ------------------------------------------------------------------------------------------

# Whoever keeps the register of titles, batches, lists and technology contracts for the whole zone.
TITLE_KEEPERS = frozenset({Role.INNOVATION, Role.ECONOMY, Role.SERVICE_DESK, Role.ADMINISTRATOR})


def keeps_titles(by: Actor) -> bool:
    """The innovation centre, economic operations, the desk, administrators; and the system itself."""
    return by.is_staff and (by.role is None or by.role in TITLE_KEEPERS)


def must_keep_titles(by: Actor) -> None:
    if not keeps_titles(by):
        raise Refused(
            _(
                "Only the innovation centre, economic operations, the service desk or an"
                " administrator keeps the register of titles; ask them."
            )
        )


def must_plan_applications(by: Actor) -> None:
    """Any staff may plan an application with a firm; what the authority decided a keeper records."""
    if not by.is_staff:
        raise Refused(_("Staff of the zone plan applications; talk to your officer."))


def must_be_person(by: Actor) -> None:
    """A machine may grant; that something was refused or withdrawn only a person says."""
    if by.post_id is None:
        raise Refused(_("Only a person with a post records a refusal or a withdrawal."))


def must_read_register(by: Actor) -> None:
    """The register of the zone is for its staff and the city; a firm reads its own titles."""
    if by.database_role == OUTSIDE:
        raise Refused(_("The register of titles is read by the staff of the zone and by the city."))
