"""What the host should look at before a result stands: found by the system, cleared by a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.lot_rows import hall_now, record, terms_of
from xiaoer.assets.actions.related import plain_numbers
from xiaoer.assets.auction.price_patterns import Bid, Seen, by_turns, pushed
from xiaoer.assets.models import Bidder, Flag, Hall, LedgerLine, Lot, Watching
from xiaoer.base.checking import locked, must_say
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Representation

# A row of bids is looked at from its end: what is older was looked at before.
MOST_BIDS = 2000
Why = Flag.Why


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something found: why, whom it is about by number, and what else a host needs to look at it."""

    why: str
    aliases: tuple[int, ...]
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        return (self.why, self.aliases, self.more.get("pattern"), self.more.get("with_seller"))


@transaction.atomic
def find_flags(*, by: Actor, now: datetime, lot: Lot) -> list[Flag]:
    """Look a lot over and write down what is new; what was seen before is not said twice."""
    access.must_run_exchange(by)
    known = {
        (flag.why, tuple(flag.detail.get("aliases", ())), flag.detail.get("pattern"),
         flag.detail.get("with_seller"))
        for flag in Flag.objects.filter(lot=lot)
    }  # fmt: skip
    bidders = list(
        Bidder.objects.filter(lot=lot, state=Bidder.State.ADMITTED).select_related("party")
    )
    doubts = [
        *_together(lot, bidders),
        *_related(lot, bidders),
        *_alone(lot, bidders),
        *_patterns(lot),
    ]
    new = Flag.objects.bulk_create(
        Flag(
            zone_id=lot.zone_id, lot=lot, why=one.why, found_at=now,
            detail={"aliases": list(one.aliases), **one.more},
        )
        for one in doubts
        if one.key not in known
    )  # fmt: skip
    if new:
        record(by, now, "find_flags", lot, codes=sorted({flag.why for flag in new}))
    return new


@transaction.atomic
def find_flags_of_zone(*, by: Actor, now: datetime) -> int:
    """Look over every lot that is being bid on; how much was found."""
    live = Lot.objects.filter(zone_id=by.zone_id, state=Lot.State.LIVE).select_related(
        "rules", "seller"
    )
    return sum(len(find_flags(by=by, now=now, lot=lot)) for lot in live)


@transaction.atomic
def clear_flag(*, by: Actor, now: datetime, flag: Flag, why: str) -> Flag:
    """A person looked at it and says why it is nothing, or what was done about it."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked(Flag, by, flag.pk)
    if row.cleared_at is not None:
        raise Refused(_("This was looked at already: %(why)s") % {"why": row.cleared_why})
    row.cleared_why = must_say(why, "why", most=300)
    row.cleared_at, row.cleared_by_id = now, by.post_id
    row.save(update_fields=["cleared_why", "cleared_at", "cleared_by"])
    record(by, now, "clear_flag", row.lot, code=row.why, words=row.cleared_why)
    return row


# What is looked for ------------------------------------------------------------------------------


def _together(lot: Lot, bidders: Iterable[Bidder]) -> Iterator[Doubt]:
    """Two bidders from one address, or on one device."""
    alias = {bidder.pk: bidder.alias or 0 for bidder in bidders}
    places: dict[tuple[str, str], set[int]] = defaultdict(set)
    for seen in Watching.objects.filter(bidder_id__in=alias):
        places[Why.SAME_ADDRESS, seen.address_hash].add(alias[seen.bidder_id])
        places[Why.SAME_DEVICE, seen.device_hash].add(alias[seen.bidder_id])
    for (why, place), who in sorted(places.items()):
        if place and len(who) > 1:
            yield Doubt(why, tuple(sorted(who)))


def _related(lot: Lot, bidders: Iterable[Bidder]) -> Iterator[Doubt]:
    """Bidders tied to the seller, or to each other, by a telephone number or by who speaks."""
    rows = list(bidders)
    ties = _ties(lot, rows)
    holders: dict[str, set[int]] = defaultdict(set)
    for alias, tied in ties.items():
        for tie in tied:
            holders[tie].add(alias)
    pairs = {tuple(sorted(who)) for who in holders.values() if len(who) > 1}
    for who in sorted(pairs):
        others = tuple(alias for alias in who if alias)
        yield Doubt(Why.RELATED, others, {"with_seller": 0 in who})


def _ties(lot: Lot, bidders: list[Bidder]) -> dict[int, set[str]]:
    """What each side is known by, under its number; the seller's is 0."""
    alias = {bidder.party_id: bidder.alias or 0 for bidder in bidders} | {lot.seller_id: 0}
    ties: dict[int, set[str]] = defaultdict(set)
    ties[0] |= plain_numbers(lot.seller.contact_phone, lot.contact_phone)
    ties[0] |= _names(lot.seller.legal_representative)
    for bidder in bidders:
        mine = ties[bidder.alias or 0]
        mine |= plain_numbers(bidder.party.contact_phone, bidder.agent_phone)
        mine |= _names(bidder.party.legal_representative)
    spoken = Representation.objects.filter(
        zone_id=lot.zone_id, party_id__in=alias, state=Representation.State.APPROVED
    )
    for party, phone, person in spoken.values_list("party_id", "phone", "person_id"):
        ties[alias[party]] |= plain_numbers(phone) | ({f"person {person}"} if person else set())
    return ties


def _names(name: str) -> set[str]:
    return {f"name {name.strip()}"} if name.strip() else set()


def _alone(lot: Lot, bidders: Iterable[Bidder]) -> Iterator[Doubt]:
    """One bidder only: nobody else was admitted in time, or nobody else bid."""
    hall = Hall.objects.filter(lot=lot).first()
    if hall is None or hall_now(lot.zone_id) < hall.free_until:
        return
    who = {bidder.alias or 0 for bidder in bidders}
    if hall.ended_at is not None:
        lines = LedgerLine.objects.filter(lot=lot, kind="bid", outcome="accepted")
        bid = set(lines.values_list("bidder__alias", flat=True).distinct())
        who = {alias or 0 for alias in bid} or who
    if len(who) == 1:
        yield Doubt(Why.ONE_BIDDER, tuple(who))


def _patterns(lot: Lot) -> Iterator[Doubt]:
    """Prices that look agreed."""
    rules = terms_of(lot)
    lines = (
        LedgerLine.objects.filter(lot=lot, kind="bid", outcome="accepted")
        .order_by("-seq")
        .values_list("bidder__alias", "amount_fen", "at")[:MOST_BIDS]
    )
    bids = [Bid(alias or 0, amount or 0, at) for alias, amount, at in reversed(lines)]
    winner = bids[-1].alias if bids else None
    within = timedelta(seconds=rules.flag_seconds)
    seen: list[Seen] = [
        *by_turns(bids, lot.step_fen, rules.flag_turns),
        *pushed(bids, lot.step_fen, rules.flag_answers, within, winner),
    ]
    for one in seen:
        yield Doubt(Why.PATTERN, one.aliases, {"pattern": one.pattern.value, "count": one.count})
