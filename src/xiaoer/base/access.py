"""Who may do what in the base."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor


def must_manage_people(by: Actor) -> None:
    """Administrators manage everybody; the head of an office manages the office's own people."""
    if by.role is None or by.role == Role.ADMINISTRATOR or (by.is_staff and by.is_lead):
        return
    raise Refused(_("Only an administrator or the head of an office manages people."))


def must_be_staff(by: Actor) -> None:
    if not by.is_staff:
        raise Refused(_("Only staff of the zone can do this."))
