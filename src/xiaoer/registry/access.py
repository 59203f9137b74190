"""Who may change the registry, and who speaks for an enterprise."""

from datetime import date

from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.registry.models import Party, Stewardship

# Whoever draws grids, gives stewards and merges duplicates for the whole zone.
KEEPERS = frozenset({Role.ADMINISTRATOR, Role.SERVICE_DESK, Role.ECONOMY})


def must_write_registry(by: Actor) -> None:
    """Any staff may add a firm or mend its facts: a miss must never stop a visit."""
    if not by.is_staff:
        raise Refused(
            _("Only staff of the zone change the registry; tell your officer what is wrong.")
        )


def keeps_registry(by: Actor) -> bool:
    """Administrators, the service desk and economic operations; and the system itself."""
    return by.is_staff and (by.role is None or by.role in KEEPERS)


def must_keep_registry(by: Actor) -> None:
    if not keeps_registry(by):
        raise Refused(
            _(
                "Only an administrator, the service desk or economic operations can do this; ask them."
            )
        )


# Who may have cells and caseloads re-drawn: a proposal moves everybody's enterprises.
REDRAWERS = KEEPERS | {Role.ZONE_LEADER}


def redraws(by: Actor) -> bool:
    return by.is_staff and (by.role is None or by.role in REDRAWERS)


def must_redraw(by: Actor) -> None:
    if not redraws(by):
        raise Refused(
            _(
                "Only a zone leader, an administrator, the service desk or economic operations"
                " re-draw cells and caseloads; ask them."
            )
        )


def answers_for(by: Actor, party: Party, on: date) -> bool:
    """Whether the actor is a steward of the enterprise, or the deputy of one who is away."""
    if by.post_id is None:
        return False
    posts = [by.post_id, *base.deputy_posts(zone_id=by.zone_id, deputy_id=by.post_id, on=on)]
    return Stewardship.objects.filter(party=party, post_id__in=posts, until__isnull=True).exists()


def speaks_for(by: Actor, party: Party) -> bool:
    """Whether the actor is an approved representative: their post carries the party's number."""
    return by.role == Role.ENTERPRISE and by.party_ref == party.pk


def must_answer_for(by: Actor, party: Party, on: date) -> None:
    if by.is_staff and (keeps_registry(by) or answers_for(by, party, on)):
        return
    raise Refused(
        _("Only the officer who answers for %(name)s or the service desk can do this.")
        % {"name": party.name}
    )


def must_know_the_people_of(by: Actor, party: Party, on: date) -> None:
    """Who may say that somebody speaks for an enterprise: one who knows its people."""
    if speaks_for(by, party) or answers_for(by, party, on):
        return
    if by.is_staff and by.role in {None, Role.ADMINISTRATOR}:
        return
    raise Refused(
        _(
            "Who speaks for %(name)s is approved by its officer, an administrator or its representative."
        )
        % {"name": party.name}
    )


def must_see_the_registry(by: Actor) -> None:
    """Lists are for the zone and the city; outside, each sees its own record by its address."""
    if by.database_role == OUTSIDE:
        raise Refused(
            _("Lists of the registry are for staff; ask for your own enterprise instead.")
        )
