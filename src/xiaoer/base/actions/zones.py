"""Verbs about the zone itself."""

import re
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaoer.base import access, journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

PHONE = re.compile(r"[0-9+][0-9 ()+-]{2,29}")


@transaction.atomic
def set_complaint_phone(*, by: Actor, now: datetime, phone: str, before: str) -> Zone:
    """监督电话: the number enterprises complain at, on contact cards and public pages; empty takes it off.

    ``before`` is the number the asker saw. Zones are read by everybody, so the table is written
    through a function that knows only the scope's own zone.
    """
    access.must_be_administrator(by)
    phone = " ".join(phone.split())
    if phone and not PHONE.fullmatch(phone):
        raise Refused(
            _("Type the number in figures, such as 0537-1234567 or 12345."), field="complaint_phone"
        )
    zone = Zone.objects.get(pk=by.zone_id)
    if zone.complaint_phone != before:
        raise Refused(
            _("The number was changed to %(phone)s since you opened it; load the page again.")
            % {"phone": zone.complaint_phone or "–"},
            field="complaint_phone",
        )
    if zone.complaint_phone == phone:
        return zone
    with connection.cursor() as cursor:
        cursor.execute("select set_complaint_phone(%s)", [phone])
    zone.refresh_from_db()
    journal.record(
        by=by, now=now, verb="set_complaint_phone", subject=zone, complaint_phone=[before, phone]
    )
    return zone
