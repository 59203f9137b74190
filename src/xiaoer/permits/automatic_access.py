"""Who looks at what the machine left open, who switches packs, who authorises them."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor

OFFICERS = frozenset({Role.APPROVAL, Role.ADMINISTRATOR})
# Whoever sees that something goes wrong may stop it; nobody is asked first.
STOPPERS = OFFICERS | {Role.ZONE_LEADER, Role.SERVICE_DESK}


def reviews(by: Actor) -> bool:
    """Persons of the approval bureau and administrators; never a machine."""
    return by.is_staff and by.post_id is not None and by.role in OFFICERS


def must_review(by: Actor) -> None:
    if not reviews(by):
        raise Refused(
            _("The approval bureau looks at what the machine left open; hand it on to them.")
        )


def stops(by: Actor) -> bool:
    return by.is_staff and by.post_id is not None and by.role in STOPPERS


def must_stop(by: Actor) -> None:
    if not stops(by):
        raise Refused(
            _("The approval bureau, the desk, a leader or an administrator switches an item off; call one of them.")
        )  # fmt: skip


def must_see_automatic(by: Actor) -> None:
    """The working pages are for staff and the city; the public reads the published decisions."""
    if by.database_role == OUTSIDE:
        raise Refused(_("What was decided is published; the working pages are for staff."))
