"""Who puts lots up, who runs the exchange, who bids."""

from django.utils.translation import gettext as _

from xiaoer.assets.models import Lot
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

# Who checks lots, announces them, admits bidders, counts deposits and hosts.
EXCHANGE = frozenset({Role.EXCHANGE, Role.ADMINISTRATOR})
# Who may put a lot up for a firm that comes in person.
DESK = EXCHANGE | {Role.SERVICE_DESK, Role.INVESTMENT}
# Who reads lists of lots with their bidders.
READERS = (*sorted(EXCHANGE), Role.ZONE_LEADER, Role.CITY)
# Who may sell and bid from outside: a firm's representative, or a party from elsewhere.
TRADERS = frozenset({Role.ENTERPRISE, Role.PARTY})


def runs_exchange(by: Actor) -> bool:
    """The exchange centre, an administrator, or the system itself."""
    return by.is_staff and (by.role is None or by.role in EXCHANGE)


def must_run_exchange(by: Actor) -> None:
    if not runs_exchange(by):
        raise Refused(_("Only the exchange centre does this; ask it."))


def sells(by: Actor, lot: Lot) -> bool:
    """Whether the actor speaks for the firm whose thing it is."""
    return by.role in TRADERS and by.party_ref is not None and by.party_ref == lot.seller_id


def may_put_up(by: Actor) -> bool:
    return (by.is_staff and (by.role is None or by.role in DESK)) or (
        by.role in TRADERS and by.party_ref is not None
    )


def must_put_up(by: Actor) -> None:
    if not may_put_up(by):
        raise Refused(
            _("Lots are put up by the firm itself, or for it by the exchange centre or the desk.")
        )


def must_keep_lot(by: Actor, lot: Lot) -> None:
    """Who changes a lot that is being prepared."""
    must_put_up(by)
    if not by.is_staff and not sells(by, lot):
        raise Refused(_("There is no such lot here; it may be of another zone."))


def preparing_states(by: Actor) -> tuple[str, ...]:
    """In which states what a lot says of itself changes, files too: its owner's hand is on it until it
    is brought in, the exchange centre's until it is announced."""
    if runs_exchange(by):
        return (Lot.State.DRAFT, Lot.State.SUBMITTED, Lot.State.CHECKED)
    return (Lot.State.DRAFT,)


def must_be_person(by: Actor) -> None:
    """A machine may grant; only a person refuses."""
    if by.post_id is None:
        raise Refused(_("Only a person with a post records this decision."))
