"""Who sets the kinds of paper, and who lets in a file that was kept apart."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

# Who sets which papers are asked for, and how they are read.
SETTERS = frozenset({Role.APPROVAL, Role.SERVICE_DESK, Role.ADMINISTRATOR})


def is_system(by: Actor) -> bool:
    """A job, or the building of a zone: no person at all."""
    return by.is_staff and by.role is None


def sets_kinds(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in SETTERS)


def must_set_kinds(by: Actor) -> None:
    if not sets_kinds(by):
        raise Refused(
            _("Only the approval office, the desk or an administrator sets the kinds of paper.")
        )
