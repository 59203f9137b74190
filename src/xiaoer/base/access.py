"""Who may do what in the base."""

from django.utils.translation import gettext as _

from xiaoer.base import queries
from xiaoer.base.models import Office, Person, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

# Posts only an administrator gives, and accounts only an administrator may open again.
HIGH_ROLES = frozenset({Role.ADMINISTRATOR, Role.ZONE_LEADER})


def is_administrator(by: Actor) -> bool:
    """An administrator of the zone, or the system that opens one."""
    return by.role in (None, Role.ADMINISTRATOR) and by.is_staff


def manages_people(by: Actor) -> bool:
    return is_administrator(by) or (by.is_staff and by.is_lead)


def must_manage_people(by: Actor) -> None:
    """Administrators manage everybody; the head of an office manages the office's own people."""
    if not manages_people(by):
        raise Refused(_("Only an administrator or the head of an office manages people."))


def must_be_administrator(by: Actor) -> None:
    if not is_administrator(by):
        raise Refused(_("Only an administrator of the zone does this; ask yours."))


def must_manage_office(by: Actor, office: Office | None) -> None:
    """Administrators every office, its head this one."""
    must_manage_people(by)
    if is_administrator(by) or (office is not None and office.pk == by.office_id):
        return
    raise Refused(_("You lead another office; ask its head or an administrator."))


def may_manage_person(by: Actor, person: Person) -> bool:
    """Administrators everybody; a head those who work in this office alone, or nowhere yet.

    Somebody who also works elsewhere answers to another head too, so an administrator decides.
    """
    if is_administrator(by):
        return True
    if not manages_people(by):
        return False
    posts = queries.posts_held(person_id=person.pk, zone_id=person.zone_id)
    return all(post.office_id == by.office_id and post.role not in HIGH_ROLES for post in posts)


def must_manage_person(by: Actor, person: Person) -> None:
    must_manage_people(by)
    if not may_manage_person(by, person):
        raise Refused(
            _("%(name)s does not work in your office alone; ask an administrator.")
            % {"name": person.name}
        )


def must_manage_account(by: Actor, person: Person) -> None:
    """Whoever opens an account with a new password gets at every post of it, in every zone."""
    must_manage_person(by, person)
    if by.role is None or person.account_id is None:
        return
    for post in queries.posts_of_account(account_id=person.account_id):
        if post.zone_id != by.zone_id:
            raise Refused(
                _("%(name)s also works outside this zone with this account; ask the city.")
                % {"name": person.name}
            )


def must_give_role(by: Actor, role: Role) -> None:
    """Nobody lifts anybody, themselves included, above their own station."""
    if role in HIGH_ROLES and not is_administrator(by):
        raise Refused(_("Only an administrator gives this role."), field="role")


def must_manage_post(by: Actor, post: Post) -> None:
    must_manage_office(by, post.office)
    must_give_role(by, Role(post.role))


def must_be_staff(by: Actor) -> None:
    if not by.is_staff:
        raise Refused(_("Only staff of the zone can do this."))
