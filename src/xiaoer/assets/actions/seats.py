"""Seats: by the secret of one a bidder's page bids in the live hall."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from xiaoer.assets.models import Bidder, Seat, Watching
from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf


@transaction.atomic
def take_seat(
    *, by: Actor, now: datetime, bidder: Bidder, session_key: str, address: str, device: str
) -> str:
    """Seat a bidder's session in the hall of its lot; returns the secret its bids carry.

    The same session gets the same secret, on each of its pages and after a reload; another device is
    another session and another seat. Of address and device only hashes are kept, for the flags.
    """
    found = Bidder.objects.filter(zone_id=by.zone_id, pk=bidder.pk).first()
    if found is None or by.is_staff or found.party_id != by.party_ref:
        raise Refused(_("Only a bidder of this lot takes a seat in its hall."))
    if found.state != Bidder.State.ADMITTED:
        raise Refused(_("You are not admitted to this lot yet; its page says what is missing."))
    if not session_key:
        raise Refused(_("Sign in first; a seat belongs to a session."))
    secret = _hash("auction seat", f"{found.pk}:{session_key}")
    with on_behalf(by):
        _seat, is_new = Seat.objects.get_or_create(
            key_hash=sha256(secret.encode()).hexdigest(),
            defaults={
                "zone_id": by.zone_id, "bidder": found, "session_key": session_key, "taken_at": now,
            },
        )  # fmt: skip
        _watch(found, address, device, now)
        if is_new:
            journal.record(
                by=by, now=now, verb="take_seat", subject=found, party_ref=found.party_id
            )
    return secret


def _watch(bidder: Bidder, address: str, device: str, now: datetime) -> None:
    """From where the bidder was in the hall; never shown, compared for the host's flags."""
    watching, is_new = Watching.objects.get_or_create(
        bidder=bidder,
        address_hash=_hash("auction address", address),
        device_hash=_hash("auction device", device),
        defaults={"zone_id": bidder.zone_id, "first_at": now, "last_at": now},
    )
    if not is_new:
        watching.last_at = now
        watching.save(update_fields=["last_at"])


def _hash(salt: str, value: str) -> str:
    """Nobody without the key of this installation tells from the hash what was hashed."""
    return salted_hmac(salt, value, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
