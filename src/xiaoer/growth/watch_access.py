"""Who may run the watch: lists, alerts, the weekly dispatch, targets."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.growth.models import Alert
from xiaoer.registry.models import Stewardship

# Economic operations run the watch; leaders and the desk may step in, statistics has the figures.
WATCHERS = frozenset(
    {Role.ECONOMY, Role.STATISTICS, Role.ZONE_LEADER, Role.SERVICE_DESK, Role.ADMINISTRATOR}
)


def keeps_watch(by: Actor) -> bool:
    """Economic operations, statistics, leaders, the desk, administrators; and the system itself."""
    return by.is_staff and (by.role is None or by.role in WATCHERS)


def must_keep_watch(by: Actor) -> None:
    if not keeps_watch(by):
        raise Refused(
            _("Economic operations keep lists, targets and the weekly dispatch; ask them to.")
        )


def must_read_watch(by: Actor) -> None:
    """Monitoring is for the staff of the zone and the city; no enterprise reads of another."""
    if by.database_role == OUTSIDE:
        raise Refused(_("Monitoring is read by the staff of the zone and by the city."))


def may_handle_alert(by: Actor, alert: Alert, now: datetime) -> bool:
    """Whoever owns it, the officer of the firm, those who stand in, and economic operations."""
    if keeps_watch(by):
        return True
    if not by.is_staff or by.post_id is None:
        return False
    on = timezone.localdate(now)
    mine = {by.post_id, *base.deputy_posts(zone_id=by.zone_id, deputy_id=by.post_id, on=on)}
    if alert.owner_id in mine:
        return True
    return Stewardship.objects.filter(
        zone_id=by.zone_id, party_id=alert.party_id, post_id__in=mine, until__isnull=True
    ).exists()


def must_handle_alert(by: Actor, alert: Alert, now: datetime) -> None:
    if not may_handle_alert(by, alert, now):
        raise Refused(_("This alert is somebody else's; ask its owner or economic operations."))
