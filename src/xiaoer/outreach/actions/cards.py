"""Contact cards: made in bulk, printed, handed out, withdrawn when lost."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks
from xiaoer.outreach.actions.story import must_say
from xiaoer.outreach.models import ContactCard
from xiaoer.outreach.queries.keys import hash_of
from xiaoer.registry.models import Party

CODE_BYTES = 18


@transaction.atomic
def make_cards(*, by: Actor, now: datetime, parties: Sequence[Party]) -> list[ContactCard]:
    """Make a card for each enterprise that has none in force; done twice it makes none.

    Enterprises outside the zone's cells get none: a card names the officer of a cell.
    """
    ids = [party.pk for party in parties]
    # Locked in one order, so that two runs over the same list do not make two cards.
    found = list(
        Party.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk__in=ids, cell__isnull=False, merged_into__isnull=True)
        .order_by("pk")
    )
    for party in found:
        _must_keep_cards(by, party.pk, now)
    carded = set(
        ContactCard.objects.filter(
            zone_id=by.zone_id, party__in=found, withdrawn_at__isnull=True
        ).values_list("party_id", flat=True)
    )
    cards = [_new_card(party, now) for party in found if party.pk not in carded]
    ContactCard.objects.bulk_create(cards, batch_size=1000)
    if cards:
        _record(by, now, "make_cards", cards)
    return cards


def _new_card(party: Party, now: datetime) -> ContactCard:
    code = secrets.token_urlsafe(CODE_BYTES)
    return ContactCard(
        zone_id=party.zone_id, party=party, code=code, code_hash=hash_of(code), made_at=now
    )


def _must_keep_cards(by: Actor, party_id: int, now: datetime) -> None:
    if not (access.is_desk(by) or access.is_system(by) or access.is_steward(by, party_id, now)):
        raise Refused(_("Only the service desk or the officer of the enterprise keeps its card."))


def _record(by: Actor, now: datetime, verb: str, cards: Sequence[ContactCard], **more: Any) -> None:
    """One line for one verb, however many cards; of a single card it names the enterprise."""
    if len(cards) == 1:
        journal.record(
            by=by, now=now, verb=verb, subject=cards[0], party_ref=cards[0].party_id, **more
        )
        return
    journal.record(
        by=by,
        now=now,
        verb=verb,
        subject=Zone.objects.get(pk=by.zone_id),
        cards=[card.pk for card in cards],
        **more,
    )


def _in_force(by: Actor, now: datetime, cards: Sequence[ContactCard]) -> list[ContactCard]:
    rows = list(
        ContactCard.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk__in=[card.pk for card in cards], withdrawn_at__isnull=True)
        .order_by("pk")
    )
    for row in rows:
        _must_keep_cards(by, row.party_id, now)
    return rows


@transaction.atomic
def print_cards(*, by: Actor, now: datetime, cards: Sequence[ContactCard]) -> list[ContactCard]:
    """Say that cards went to the printer; withdrawn ones are left out and not returned."""
    rows = _in_force(by, now, cards)
    for row in rows:
        row.printed_at = now
    ContactCard.objects.bulk_update(rows, ["printed_at"], batch_size=1000)
    if rows:
        _record(by, now, "print_cards", rows)
    return rows


@transaction.atomic
def hand_out_cards(
    *, by: Actor, now: datetime, cards: Sequence[ContactCard], handed_out_on: date | None = None
) -> list[ContactCard]:
    """Say that cards were handed to their enterprises; the first day it was said stays."""
    day = handed_out_on or clocks.local_day(now)
    if day > clocks.local_day(now):
        raise Refused(_("A card cannot be handed out on a day to come."), field="handed_out_on")
    rows = [row for row in _in_force(by, now, cards) if row.handed_out_on is None]
    for row in rows:
        row.handed_out_on = day
    ContactCard.objects.bulk_update(rows, ["handed_out_on"], batch_size=1000)
    if rows:
        _record(by, now, "hand_out_cards", rows, day=day.isoformat())
    return rows


@transaction.atomic
def withdraw_card(*, by: Actor, now: datetime, card: ContactCard, reason: str) -> ContactCard:
    """Withdraw a card that was lost or misused: its code opens nothing from now on."""
    row = next(iter(_in_force(by, now, [card])), None)
    if row is None:
        raise Refused(_("This card is already withdrawn; make a new one."))
    reason = must_say(reason, "reason", _("Say why the card is withdrawn."))
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    _record(by, now, "withdraw_card", [row], reason=reason)
    return row
