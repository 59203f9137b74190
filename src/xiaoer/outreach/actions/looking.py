"""Looking at the telephone somebody left with a request: whoever looks leaves a line."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.models import Appeal


@transaction.atomic
def look_at_contact(*, by: Actor, now: datetime, appeal: Appeal) -> str:
    """The full telephone number of a request, for those who work on it."""
    row = Appeal.objects.filter(pk=appeal.pk, zone_id=by.zone_id).first()
    if row is None:
        raise Refused(_("There is no such request here for you."))
    access.must_take_part(by, row, now)
    if not row.contact_phone:
        raise Refused(_("No telephone was stated; ask the enterprise for one."))
    journal.record(by=by, now=now, verb="look_at_contact", subject=row, party_ref=row.party_id)
    return row.contact_phone
