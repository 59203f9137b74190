"""The rule of contacts: a monthly quota and quiet days, as data with source and mark."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access
from xiaoer.work.actions.checking import last_hand, plain
from xiaoer.work.models import ContactRule

# What a zone begins with: no authority's number. Quiet days are local custom and none is assumed.
QUOTA = 2
SOURCE = "系统建议值，不是任何机关的规定"
MARK = "D"
MOST = 31


@transaction.atomic
def seed_contact_rule(*, by: Actor, now: datetime) -> bool:
    """Give a zone its first rule; what it set itself stays. Whether one was added."""
    access.must_keep_settings(by)
    _rule, made = ContactRule.objects.get_or_create(
        zone_id=by.zone_id,
        defaults={"monthly_quota": QUOTA, "source": SOURCE, "mark": MARK},
    )
    if made:
        journal.record(
            by=by,
            now=now,
            verb="seed_contact_rule",
            subject=Zone.objects.get(pk=by.zone_id),
            monthly_quota=QUOTA,
        )
    return made


@transaction.atomic
def set_contact_rule(
    *,
    by: Actor,
    now: datetime,
    version: int,
    monthly_quota: int,
    quiet_from: int | None,
    quiet_until: int | None,
    source: str,
) -> ContactRule:
    """Change the quota and the quiet days for what is planned from now on; what stands, stays.

    A changed rule is the zone's own word: its mark falls to D.
    """
    access.must_keep_settings(by)
    source = plain(source, "source", most=200)
    _must_be_sound(monthly_quota, quiet_from, quiet_until, source)
    rule, made = ContactRule.objects.select_for_update().get_or_create(
        zone_id=by.zone_id, defaults={"monthly_quota": monthly_quota, "mark": "D"}
    )
    if not made and rule.version != version:
        raise Refused(
            _("This rule was changed meanwhile (%(who)s). Load the page again and look at it.")
            % {"who": last_hand("contact_rule", rule.pk, by) or "–"}
        )
    changed = journal.changes(
        rule,
        {
            "monthly_quota": monthly_quota,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "source": source,
        },
    )
    if changed:
        rule.mark = "D"
    rule.version += 1
    rule.save()
    journal.record(by=by, now=now, verb="set_contact_rule", subject=rule, **changed)
    return rule


def _must_be_sound(
    monthly_quota: int, quiet_from: int | None, quiet_until: int | None, source: str
) -> None:
    if not 0 <= monthly_quota <= MOST:
        raise Refused(
            _("Type a whole number from 0 to %(most)d.") % {"most": MOST}, field="monthly_quota"
        )
    if (quiet_from is None) != (quiet_until is None):
        raise Refused(
            _("Quiet days have a first and a last day; leave both empty where there are none."),
            field="quiet_until",
        )
    if quiet_from is not None and quiet_until is not None:
        for field, day in (("quiet_from", quiet_from), ("quiet_until", quiet_until)):
            if not 1 <= day <= 31:
                raise Refused(_("Type a day of the month, 1 to 31."), field=field)
        if quiet_until < quiet_from:
            raise Refused(
                _("The last quiet day does not lie before the first."), field="quiet_until"
            )
    if not source:
        raise Refused(_("Say where the rule comes from."), field="source")
