"""A buyer that does not keep its word: what it loses, who is asked next, and the lot put up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.after_rows import (
    ask,
    day_after,
    drop_tasks,
    in_hand,
    must_be_undisputed,
    must_not_be_asking,
)
from xiaoer.assets.actions.lot_rows import (
    end_tasks,
    hall_now,
    locked_lot,
    move,
    record,
    terms_of,
)
from xiaoer.assets.actions.refunding import hold_again, owe_refunds_of, part_deposit
from xiaoer.assets.actions.results import AGAIN, CONFIRM, CONTRACT, PAY, PUBLISH
from xiaoer.assets.models import (
    AuctionRules,
    Ban,
    Bidder,
    LedgerLine,
    Lot,
    LotFile,
    Refund,
    SecondChance,
)
from xiaoer.base.checking import must_say, said, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.units import show_money
from xiaoer.papers.months import last_day

CHANCE = "second_chance"
State = Lot.State


@transaction.atomic
def declare_default(
    *, by: Actor, now: datetime, lot: Lot, why: str, version: int | None = None
) -> Lot:
    """Say that the buyer does not keep its word: its deposit is forfeited, and it may not bid.

    What it paid beyond the deposit goes back. Only a person says so, in words the buyer reads.
    """
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_lot(by, lot, State.ENDED, State.CONFIRMED, State.PUBLISHED, version=version)
    must_be_undisputed(row)
    why = must_say(why, "why", most=300, why=_("Say what the buyer did not do; it reads it."))
    buyer = row.winner
    if buyer is None:
        raise Refused(_("This lot has no buyer."))
    forfeited = part_deposit(
        by=by, now=now, lot=row, bidder=buyer, kind=Refund.Kind.FORFEITED,
        most_fen=row.deposit_fen, why=why,
    )  # fmt: skip
    months, day = terms_of(row).ban_months, today(now)
    if months:
        Ban.objects.create(
            zone_id=row.zone_id, party=buyer.party, lot=row, why=why, since=day,
            until=last_day(day, months),
        )  # fmt: skip
    row.state, row.closed_why = State.DEFAULTED, why
    move(row, "state", "closed_why")
    drop_tasks(row, CONFIRM, PUBLISH, CONTRACT, PAY, by=by, now=now)
    ask(
        row, AGAIN, _("ask the next bidder, or put up again"), by=by, now=now,
        days=terms_of(row).confirm_days,
    )  # fmt: skip
    record(by, now, "declare_default", row, words=why, amount_fen=forfeited, alias=buyer.alias)
    return row


# The next bidder ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LastBid:
    """A bidder of a hall and the highest it bid."""

    bidder: Bidder
    amount_fen: int


def next_bidders(lot: Lot) -> list[LastBid]:
    """Who may be asked after a default, the highest bid first: each at its own last accepted bid.

    Not who defaulted, who was asked already, who may not bid now, nor who stayed below the reserve.
    """
    highest = {
        row["bidder_id"]: (row["most"], row["last"])
        for row in LedgerLine.objects.filter(lot=lot, kind="bid", outcome="accepted")
        .values("bidder_id")
        .annotate(most=Max("amount_fen"), last=Max("seq"))
    }
    asked = set(SecondChance.objects.filter(lot=lot).values_list("bidder_id", flat=True))
    on = today(hall_now(lot.zone_id))
    banned = set(
        Ban.objects.filter(
            zone_id=lot.zone_id, lifted_at__isnull=True, since__lte=on, until__gte=on
        ).values_list("party_id", flat=True)
    )
    reserve = _opened_reserve(lot)
    rows = (
        Bidder.objects.filter(lot=lot, pk__in=highest, state=Bidder.State.ADMITTED)
        .exclude(pk__in=asked | {lot.winner_id or 0})
        .select_related("party")
    )
    found = [
        LastBid(row, highest[row.pk][0])
        for row in rows
        if row.party_id not in banned and highest[row.pk][0] >= reserve
    ]
    return sorted(found, key=lambda one: (-one.amount_fen, -highest[one.bidder.pk][1]))


def _opened_reserve(lot: Lot) -> int:
    """The secret reserve as the ledger opened it at the end; nought where there was none."""
    line = LedgerLine.objects.filter(lot=lot, kind="end").first()
    words = line.text.split("|")[6] if line else "-"
    return 0 if words == "-" else int(words)


@transaction.atomic
def second_chance(
    *, by: Actor, now: datetime, lot: Lot, bidder: Bidder | None = None
) -> SecondChance:
    """Ask the next bidder whether it buys at its own last bid; one at a time, the highest first."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_lot(by, lot, State.DEFAULTED)
    must_be_undisputed(row)
    if SecondChance.objects.filter(lot=row, state=SecondChance.State.ASKED).exists():
        raise Refused(_("Another bidder is being asked; wait for its answer."))
    first = next(iter(next_bidders(row)), None)
    if first is None:
        raise Refused(_("Nobody else bid who could be asked; put the lot up again."))
    if bidder is not None and bidder.pk != first.bidder.pk:
        raise Refused(
            _("Bidder %(alias)s bid more and is asked first.") % {"alias": first.bidder.alias},
            field="bidder",
        )
    days = terms_of(row).offer_days
    chance = SecondChance.objects.create(
        zone_id=row.zone_id, lot=row, bidder=first.bidder, amount_fen=first.amount_fen,
        offered_at=now, due_at=day_after(row.zone_id, now, days),
    )  # fmt: skip
    ask(row, CHANCE, _("hear whether the next bidder buys"), by=by, now=now, days=days)
    record(
        by, now, "second_chance", row, alias=first.bidder.alias, amount_fen=first.amount_fen,
        until=chance.due_at.isoformat(),
    )  # fmt: skip
    return chance


@transaction.atomic
def answer_chance(
    *, by: Actor, now: datetime, chance: SecondChance, accepts: bool, words: str = ""
) -> SecondChance:
    """The bidder says whether it buys, itself or by words the exchange writes down.

    Who accepts is the buyer at its own bid; the result is confirmed and published anew.
    """
    seen = SecondChance.objects.filter(zone_id=by.zone_id, pk=chance.pk).first()
    if seen is None:
        raise Refused(_("There is no such offer here; it may be of another bidder."))
    if by.is_staff:
        access.must_run_exchange(by)
        access.must_be_person(by)
        words = must_say(
            words, "words", most=300, why=_("Say who answered for the bidder, when and how.")
        )
    with on_behalf(by):
        row = locked_lot(by, seen.lot_id, State.DEFAULTED)
        kept = _asked(seen, now)
        kept.state = SecondChance.State.ACCEPTED if accepts else SecondChance.State.DECLINED
        kept.answered_at, kept.words = now, said(words, "words", most=300)
        kept.save(update_fields=["state", "answered_at", "words"])
        end_tasks(row, [CHANCE], by=by, now=now)
        if accepts:
            _take_buyer(by, now, row, kept)
        record(
            by, now, "answer_chance", row, alias=kept.bidder.alias, is_granted=accepts,
            words=kept.words,
        )  # fmt: skip
    return kept


def _asked(seen: SecondChance, now: datetime) -> SecondChance:
    kept = SecondChance.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    if kept.state != SecondChance.State.ASKED:
        raise Refused(
            _("This offer was answered already: %(state)s.") % {"state": kept.get_state_display()}
        )
    if now >= kept.due_at:
        raise Refused(_("The time to answer this offer is over; ask the exchange centre."))
    return kept


def _take_buyer(by: Actor, now: datetime, lot: Lot, chance: SecondChance) -> None:
    hold_again(lot=lot, bidder=chance.bidder)
    lot.winner, lot.price_fen = chance.bidder, chance.amount_fen
    lot.state, lot.closed_why, lot.contract_on = State.ENDED, "", None
    lot.confirmed_at = lot.published_at = None
    lot.commission_fen = 0
    move(
        lot, "winner", "price_fen", "state", "closed_why", "contract_on", "confirmed_at",
        "published_at", "commission_fen",
    )  # fmt: skip
    end_tasks(lot, [AGAIN], by=by, now=now)
    days = terms_of(lot).confirm_days
    ask(lot, CONFIRM, _("confirm the result"), by=by, now=now, days=days)


@transaction.atomic
def lapse_chances(*, by: Actor, now: datetime) -> int:
    """End offers whose time is over without an answer; how many."""
    over = SecondChance.objects.filter(
        zone_id=by.zone_id, state=SecondChance.State.ASKED, due_at__lte=now
    )
    count = 0
    for seen in list(over.order_by("lot_id")):
        row = locked_lot(by, seen.lot_id)
        kept = SecondChance.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        if kept.state != SecondChance.State.ASKED:
            continue
        kept.state, kept.answered_at = SecondChance.State.LAPSED, now
        kept.save(update_fields=["state", "answered_at"])
        end_tasks(row, [CHANCE], by=by, now=now)
        record(by, now, "lapse_chance", row, alias=kept.bidder.alias)
        count += 1
    return count


# Put up again ------------------------------------------------------------------------------------

COPIED = (
    "title", "sort", "quantity", "description", "flaws", "place", "seller_id", "contact_name",
    "contact_phone", "step_fen", "deposit_fen", "valuation_fen", "viewing_place",
)  # fmt: skip


@transaction.atomic
def relist_lot(
    *, by: Actor, now: datetime, lot: Lot, start_fen: int, version: int | None = None
) -> Lot:
    """Begin a new lot for a thing that found no buyer, at the same price or, within the rules, less.

    The new lot is a draft: viewing days are set and it is checked and announced like any other. Who
    defaulted on the old one may not bid on it.
    """
    access.must_run_exchange(by)
    row = locked_lot(by, lot, State.PASSED_IN, State.DEFAULTED, version=version)
    must_be_undisputed(row)
    must_not_be_asking(row, now)
    _must_be_relistable(row, start_fen, now)
    new = Lot.objects.create(
        zone_id=row.zone_id,
        rules=_rules(row),
        start_fen=start_fen,
        reserve=Lot.Reserve.NONE if row.reserve == Lot.Reserve.NONE else Lot.Reserve.OPEN,
        round=row.round + 1,
        relisted_from=row,
        opened_at=now,
        **{name: getattr(row, name) for name in COPIED},
    )
    _copy_files(row, new)
    owe_refunds_of(by=by, now=now, lot=row)
    SecondChance.objects.filter(lot=row, state=SecondChance.State.ASKED).update(
        state=SecondChance.State.DROPPED, answered_at=now
    )
    end_tasks(row, [AGAIN], by=by, now=now)
    drop_tasks(row, CHANCE, by=by, now=now)
    in_hand(by, now, new)
    record(by, now, "relist_lot", row, new=new.pk, amount_fen=start_fen)
    return new


def _rules(lot: Lot) -> AuctionRules:
    """The rules in force; a zone that has released none goes on by those of the old lot."""
    released = AuctionRules.objects.filter(zone_id=lot.zone_id, released_at__isnull=False)
    return released.order_by("-number").first() or lot.rules


def _must_be_relistable(lot: Lot, start_fen: int, now: datetime) -> None:
    rules = terms_of(lot)
    if hasattr(lot, "relisted_as"):
        raise Refused(_("This lot was put up again already; look at the new one."))
    if lot.round > rules.relist_times:
        raise Refused(
            _("By its rules a lot is put up again %(times)d times at most; close it.")
            % {"times": rules.relist_times}
        )
    if (
        lot.ended_at is not None
        and (today(now) - today(lot.ended_at)).days > rules.relist_within_days
    ):
        raise Refused(
            _("By its rules it is put up again within %(days)d days; begin a new lot instead.")
            % {"days": rules.relist_within_days}
        )
    least = -(-lot.start_fen * (100 - rules.relist_cut_percent) // 100)
    if not least <= start_fen <= lot.start_fen:
        raise Refused(
            _("By its rules the start price lies between %(least)s and %(most)s.")
            % {
                "least": show_money(least, "zh", exact=True),
                "most": show_money(lot.start_fen, "zh", exact=True),
            },
            field="start",
        )


def _copy_files(old: Lot, new: Lot) -> None:
    kinds: Sequence[str] = (LotFile.Kind.PICTURE, LotFile.Kind.TITLE, LotFile.Kind.PAPER)
    files = LotFile.objects.filter(lot=old, kind__in=kinds, removed_at__isnull=True)
    LotFile.objects.bulk_create(
        LotFile(
            zone_id=new.zone_id, lot=new, kind=one.kind, file_id=one.file_id, name=one.name,
            order=one.order,
        )
        for one in files
    )  # fmt: skip
