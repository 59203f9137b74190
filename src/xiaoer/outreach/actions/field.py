"""Phones that keep field work: kept, opened after a sign-in, left, wiped; and for how many days.

The key of a phone is derived from a secret that lies sealed on the server and nowhere else. It is
given out over the session of whoever kept the phone, in the post it was kept in.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import access as base
from xiaoer.base import envelopes, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.outreach import access, queries
from xiaoer.outreach.actions.story import may_say, must_say
from xiaoer.outreach.models import FieldDevice, FieldRule
from xiaoer.outreach.models.field import DAYS, MOST_DAYS

# An officer has a phone and a tablet, and now and then a new one.
MOST_DEVICES = 5
SOURCE = "系统建议值，不是任何机关的规定"
MARK = "D"


@dataclass(frozen=True, slots=True)
class Released:
    """What a phone gets after a sign-in: what its key is made from, and until when it may keep it.

    ``token`` is told only when the phone is kept for the first time.
    """

    device: FieldDevice
    secret: str
    days: int
    token: str = ""


@transaction.atomic
def seed_field_rule(*, by: Actor) -> FieldRule:
    """The days a new zone begins with."""
    if not access.is_system(by):
        base.must_be_administrator(by)
    rule, _made = FieldRule.objects.get_or_create(
        zone_id=by.zone_id, defaults={"days": DAYS, "source": SOURCE, "mark": MARK}
    )
    return rule


@transaction.atomic
def set_field_days(
    *, by: Actor, now: datetime, days: int, source: str = "", version: int
) -> FieldRule:
    """For how many days after its last contact a phone keeps field work in this zone."""
    base.must_be_administrator(by)
    if not 1 <= days <= MOST_DAYS:
        raise Refused(
            _("Type a number of days from 1 to %(most)d.") % {"most": MOST_DAYS}, field="days"
        )
    FieldRule.objects.get_or_create(
        zone_id=by.zone_id, defaults={"days": DAYS, "source": SOURCE, "mark": MARK}
    )
    rule = FieldRule.objects.select_for_update().get(zone_id=by.zone_id)
    journal.must_be_fresh(rule, version)
    new = {"days": days, "source": may_say(source, "source", 200)}
    changed = journal.changes(rule, new)
    if changed:
        rule.mark = "C"
        rule.version += 1
        rule.save()
        journal.record(by=by, now=now, verb="set_field_days", subject=rule, **changed)
    return rule


@transaction.atomic
def keep_device(*, by: Actor, now: datetime, name: str) -> Released:
    """外勤设备: let this phone keep the officer's field work; its token and secret are told once."""
    post_id = access.staff_post(by)
    if by.account_id is None:
        raise Refused(_("Sign in yourself on the phone that is to keep your field work."))
    name = must_say(name, "name", _("Give the phone a name you know it by."), most=60)
    if queries.devices_in_use(by=by).count() >= MOST_DEVICES:
        raise Refused(
            _("At most %(most)d phones keep your field work; wipe one you no longer use.")
            % {"most": MOST_DEVICES},
            field="name",
        )
    token, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    days = queries.field_days(by=by)
    device = FieldDevice.objects.create(
        zone_id=by.zone_id,
        post_id=post_id,
        account_ref=by.account_id,
        name=name,
        key_hash=hashlib.sha256(token.encode()).hexdigest(),
        secret=envelopes.put_in(secret),
        kept_at=now,
        released_at=now,
        allowed_until=now + timedelta(days=days),
        seen_at=now,
    )
    journal.record(by=by, now=now, verb="keep_device", subject=device, name=name, days=days)
    return Released(device, secret, days, token)


@transaction.atomic
def open_device(*, by: Actor, now: datetime, device: FieldDevice) -> Released:
    """After a sign-in: give the phone what its key is made from, and its days anew."""
    device = FieldDevice.objects.select_for_update().get(pk=device.pk, zone_id=by.zone_id)
    must_be_own(by, device)
    if device.wiped_at is not None:
        raise Refused(_("This phone was wiped; keep it anew if it is in your hands."))
    secret = envelopes.take_out(device.secret)
    if not secret:
        raise Refused(
            _("What this phone kept cannot be opened with the present key of the installation.")
        )
    days = queries.field_days(by=by)
    device.released_at = device.seen_at = now
    device.allowed_until = now + timedelta(days=days)
    device.save(update_fields=["released_at", "seen_at", "allowed_until"])
    journal.record(by=by, now=now, verb="open_device", subject=device, name=device.name, days=days)
    return Released(device, secret, days)


def must_be_own(by: Actor, device: FieldDevice) -> None:
    """A phone keeps the work of one post of one account, and works in that post alone."""
    if device.account_ref != by.account_id:
        raise Refused(
            _("This phone keeps the work of somebody else; let them sign in, or wipe it.")
        )
    if device.post_id != by.post_id:
        raise Refused(_("This phone keeps the work of another of your posts; switch to that one."))


@transaction.atomic
def rename_device(*, by: Actor, now: datetime, device: FieldDevice, name: str) -> FieldDevice:
    """Call a phone of one's own something else."""
    device = FieldDevice.objects.select_for_update().get(pk=device.pk, zone_id=by.zone_id)
    if device.account_ref != by.account_id:
        raise Refused(_("Only its owner names a phone."))
    name = must_say(name, "name", _("Give the phone a name you know it by."), most=60)
    changed = journal.changes(device, {"name": name})
    if changed:
        device.save(update_fields=["name"])
        journal.record(by=by, now=now, verb="rename_device", subject=device, **changed)
    return device


@transaction.atomic
def wipe_device(*, by: Actor, now: datetime, device: FieldDevice) -> FieldDevice:
    """Wipe a phone from afar: its owner, or an administrator for anybody.

    Its secret is gone at once, so that nothing on it can be opened anew; at its next contact the
    phone deletes everything, what was not sent included.
    """
    device = FieldDevice.objects.select_for_update().get(pk=device.pk, zone_id=by.zone_id)
    if device.account_ref != by.account_id and not base.is_administrator(by):
        raise Refused(_("Only its owner or an administrator wipes a phone."))
    if device.wiped_at is not None:
        return device
    device.wiped_at = now
    device.wiped_by_id = by.post_id
    device.secret = ""
    device.save(update_fields=["wiped_at", "wiped_by", "secret"])
    journal.record(by=by, now=now, verb="wipe_device", subject=device, name=device.name)
    return device


@transaction.atomic
def confirm_wiped(*, by: Actor, now: datetime) -> FieldDevice:
    """The phone itself, by its token: everything on it is deleted."""
    own = queries.device_of_key(by=by)
    if own is None:
        raise Refused(_("There is no such phone here for you."))
    with on_behalf(by):
        device = FieldDevice.objects.select_for_update().get(pk=own.pk, zone_id=by.zone_id)
        if not queries.must_go(device):
            raise Refused(_("Nobody asked for this phone to be wiped."))
        if device.confirmed_at is None:
            device.confirmed_at = device.seen_at = now
            device.save(update_fields=["confirmed_at", "seen_at"])
            journal.record(by=by, now=now, verb="confirm_wiped", subject=device, name=device.name)
    return device
