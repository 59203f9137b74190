"""Who does what in a joint acceptance: the window, each department its own part, the owner."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.permits.models import Acceptance, AcceptanceCheck

WINDOW = frozenset({Role.SERVICE_DESK, Role.PROJECT, Role.ADMINISTRATOR})
SETTERS = frozenset({Role.ADMINISTRATOR, Role.SERVICE_DESK})


def is_system(by: Actor) -> bool:
    return by.is_staff and by.role is None


def keeps_window(by: Actor) -> bool:
    """The service desk, the project office, administrators, and the system itself."""
    return is_system(by) or (by.is_staff and by.role in WINDOW)


def must_keep_window(by: Actor) -> None:
    if not keeps_window(by):
        raise Refused(_("The window of joint acceptance does this; ask the service desk."))


def must_be_window_person(by: Actor) -> int:
    """Somebody at the window, by name: a machine does not turn an owner away."""
    must_keep_window(by)
    if by.post_id is None:
        raise Refused(_("Only a person at the window says no, and why."))
    return by.post_id


def sets_acceptance(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in SETTERS)


def must_set_acceptance(by: Actor) -> None:
    if not sets_acceptance(by):
        raise Refused(_("Only an administrator or the service desk changes this; ask them."))


def sets_office(by: Actor, office_id: int) -> bool:
    """Its own people: the head of an office, and whoever keeps the settings."""
    return sets_acceptance(by) or (by.is_staff and by.is_lead and by.office_id == office_id)


def must_set_office(by: Actor, office_id: int) -> None:
    if not sets_office(by, office_id):
        raise Refused(_("The head of the department authorises its own people; ask there."))


def answers_for(by: Actor, check: AcceptanceCheck) -> bool:
    """People of the department itself, and nobody in their place."""
    return (
        by.is_staff
        and by.post_id is not None
        and check.office_id is not None
        and by.office_id == check.office_id
    )


def must_answer_for(by: Actor, check: AcceptanceCheck) -> int:
    """The post of somebody of the department, who alone says what it has to say."""
    if not answers_for(by, check) or by.post_id is None:
        raise Refused(
            _("“%(check)s” is for %(office)s to say; ask there.")
            % {
                "check": check.kind.name,
                "office": check.office.name if check.office else check.kind.authority,
            }
        )
    return by.post_id


def owns(by: Actor, party_id: int | None) -> bool:
    """Somebody who speaks for the owner, signed in."""
    return (
        by.role == Role.ENTERPRISE and not by.key and party_id is not None
    ) and by.party_ref == party_id


def must_own(by: Actor, acceptance: Acceptance) -> None:
    """The owner, or the window that writes down what the owner brings."""
    if not owns(by, acceptance.party_id) and not keeps_window(by):
        raise Refused(_("The owner does this, or the window for it."))


def must_read(by: Actor) -> None:
    """Lists over all owners are for the staff and the city."""
    if by.database_role == OUTSIDE:
        raise Refused(_("An owner reads its own acceptances."))
