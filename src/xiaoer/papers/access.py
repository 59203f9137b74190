"""Who sets the kinds of paper, lets in a file kept apart, holds papers, issues and ends licences."""

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers.models import HeldPaper, Licence

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


# Licences and held papers ------------------------------------------------------------------------

# Whoever decides items of a case; their own room says which item is whose.
ISSUERS = frozenset({Role.APPROVAL, Role.DEPARTMENT, Role.PROJECT, Role.ADMINISTRATOR})
# Whoever sends licences to the province's platform again.
SENDERS = frozenset({Role.APPROVAL, Role.ADMINISTRATOR})


def speaks_for(by: Actor, party_id: int) -> bool:
    return by.party_ref == party_id and not by.key


def must_hold(by: Actor, party_id: int) -> None:
    """The party itself gives its papers, or staff take them in for it."""
    if not (by.is_staff or speaks_for(by, party_id)):
        raise Refused(_("You may give papers of your own only."))


def may_withdraw(by: Actor, paper: HeldPaper) -> bool:
    """What was given its giver takes back; what was issued goes with the licence."""
    if paper.origin == HeldPaper.Origin.ISSUED:
        return is_system(by)
    return by.is_staff or speaks_for(by, paper.party_id)


def may_issue(by: Actor) -> bool:
    return is_system(by) or (by.is_staff and by.role in ISSUERS)


def must_issue(by: Actor) -> None:
    if not may_issue(by):
        raise Refused(
            _("Only the approval bureau or the department in charge issues licences; ask them.")
        )


def may_change(by: Actor, licence: Licence) -> bool:
    """The approval bureau, or the office that issued it; always a person."""
    if not by.is_staff or by.post_id is None:
        return False
    if by.role in (Role.APPROVAL, Role.ADMINISTRATOR):
        return True
    return (
        by.role in ISSUERS and licence.office_id is not None and by.office_id == licence.office_id
    )


def must_change(by: Actor, licence: Licence) -> None:
    if not may_change(by, licence):
        raise Refused(
            _(
                "Only a person of the approval bureau, or of the office that issued it, changes what"
                " became of a licence; ask them."
            )
        )


def must_send(by: Actor) -> None:
    if not (by.is_staff and by.role in SENDERS):
        raise Refused(
            _("Only the approval bureau or an administrator asks the platform again; tell them.")
        )


def must_read_register(by: Actor) -> None:
    """The register is for staff and the city; a party reads its own licences."""
    if not by.is_staff and by.role != Role.CITY:
        raise Refused(
            _("The register of licences is read by the staff of the zone and by the city.")
        )


# Who lets in a file that was kept apart, or throws it away.
JUDGES = frozenset({Role.SERVICE_DESK, Role.APPROVAL, Role.ADMINISTRATOR})


def judges_files(by: Actor) -> bool:
    return by.is_staff and by.role in JUDGES


def must_judge_files(by: Actor) -> None:
    """A person, never the system."""
    if not judges_files(by):
        raise Refused(
            _(
                "Only the approval office, the desk or an administrator lets in a file that was kept"
                " apart; ask them."
            )
        )
