"""Who keeps service points, who serves at them, and who may act for a party."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.permits.models import AgencyMandate, Case

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.APPROVAL, Role.SERVICE_DESK})


def keeps_points(by: Actor) -> bool:
    """Administrators, the approval bureau, the service desk; and the system itself."""
    return by.is_staff and (by.role is None or by.role in KEEPERS)


def must_keep_points(by: Actor) -> None:
    if not keeps_points(by):
        raise Refused(
            _("The approval bureau, the service desk and administrators keep service points; ask them to.")
        )  # fmt: skip


def must_serve(by: Actor) -> None:
    """Whoever of the staff stands at the window writes down whom they served."""
    if not by.is_staff:
        raise Refused(_("Only staff at the point do this; ask at the counter."))


def must_read_points(by: Actor) -> None:
    """The working pages are for staff and the city; everybody else has the public ones."""
    if by.database_role == OUTSIDE:
        raise Refused(
            _("The public page of the service points is open to everybody; read it there.")
        )


def may_act_for(by: Actor, case: Case, on: date) -> bool:
    """Whether a power of attorney in force on a day lets ``by`` act for the case's applicant.

    Of a staff member by the post, of a firm by the party it speaks for. Without an applicant nobody
    can have given one.
    """
    if case.party_id is None:
        return False
    if by.is_staff and by.post_id is not None:
        agent = Q(agent_post_id=by.post_id)
    elif by.party_ref is not None and not by.key:
        agent = Q(agent_party_id=by.party_ref)
    else:
        return False
    rows = AgencyMandate.objects.filter(
        agent,
        Q(case__isnull=True) | Q(case_id=case.pk),
        zone_id=by.zone_id,
        party_id=case.party_id,
        ended_at__isnull=True,
        valid_from__lte=on,
        valid_until__gte=on,
    )
    code = case.thing_version.thing.code
    return any(not things or code in things for things in rows.values_list("things", flat=True))
