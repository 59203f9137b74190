"""Who holds a secret: asked before any scope is open, answered by functions of the search role."""

import hashlib

from django.db import connection

from xiaoer.base.scope import Actor

LONGEST_SECRET = 64


def hash_of(secret: str) -> str:
    """Under what a card's code or a link's token is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_card(code: str) -> Actor | None:
    """Whoever scanned a contact card: sees the card, its enterprise and its officers, no request.

    None for a code that is unknown or withdrawn, without saying which.
    """
    row = holder("holder_of_card", code)
    if row is None:
        return None
    zone_id, party_id, name = row
    return Actor(zone_id=zone_id, key=hash_of(code), party_ref=party_id, name=name)


def find_track(token: str) -> Actor | None:
    """Whoever holds a receipt's link: sees that one request and nothing else of its enterprise.

    The link ends a year after the request was closed.
    """
    row = holder("holder_of_track", token)
    if row is None:
        return None
    zone_id, _party_id, name = row
    return Actor(zone_id=zone_id, key=hash_of(token), name=name)


def holder(function: str, secret: str) -> tuple[int, int, str] | None:
    """Zone, number and name of what a secret opens, by one of this room's functions."""
    if not secret.isascii() or len(secret) > LONGEST_SECRET:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {function}(%s)", [hash_of(secret)])  # noqa: S608  (names of this room's own)
        row: tuple[int, int, str] | None = cursor.fetchone()
    return row
