"""Deposits after the bidding: what is owed back to whom by when, and the day it was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.after_rows import ask, day_after, is_disputed
from xiaoer.assets.actions.lot_rows import end_tasks, locked_lot, record, terms_of
from xiaoer.assets.models import Bidder, DepositLine, Lot, Refund
from xiaoer.base import journal
from xiaoer.base.checking import locked, must_have_been, must_say
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

REFUND = "refund"
# States of a lot whose bidding is over; only the winner's money serves anything then, and in the
# unsold ones nobody's.
OVER = frozenset(
    {
        Lot.State.ENDED, Lot.State.CONFIRMED, Lot.State.PUBLISHED, Lot.State.PAID,
        Lot.State.HANDED_OVER, Lot.State.CLOSED, Lot.State.PASSED_IN, Lot.State.DEFAULTED,
        Lot.State.WITHDRAWN,
    }
)  # fmt: skip
UNSOLD = frozenset({Lot.State.PASSED_IN, Lot.State.WITHDRAWN})


@transaction.atomic
def owe_refunds(*, by: Actor, now: datetime) -> int:
    """Owe back every deposit that serves nothing any longer; how many lines.

    Also money that came after the end, of bidders not admitted, and of those who left. A lot whose
    deposits nobody can be asked to give back keeps no other back.
    """
    numbers = _idle(by.zone_id).values_list("bidder__lot_id", flat=True).distinct()
    left: dict[str, str] = {}
    count = 0
    for lot in [locked_lot(by, number) for number in sorted(numbers)]:
        with going_on(left, lot.number or lot.title):
            count += owe_refunds_of(by=by, now=now, lot=lot)
    tell_left(by=by, now=now, left=left)
    return count


def _idle(zone_id: int) -> QuerySet[DepositLine]:
    """Lines of a bidder that nothing was decided of and that nothing waits for."""
    gone = Q(bidder__state__in=[Bidder.State.REFUSED, Bidder.State.LEFT])
    lost = Q(bidder__lot__winner__isnull=True) | ~Q(bidder__lot__winner=F("bidder"))
    unsold = Q(bidder__lot__state__in=UNSOLD)
    return DepositLine.objects.filter(
        gone | (Q(bidder__lot__state__in=OVER) & (lost | unsold)),
        zone_id=zone_id, bidder__isnull=False, refund__isnull=True,
    )  # fmt: skip


@transaction.atomic
def owe_refunds_of(*, by: Actor, now: datetime, lot: Lot) -> int:
    """The same of one lot, whose row the caller holds."""
    lines = list(_idle(lot.zone_id).filter(bidder__lot=lot))
    if not lines:
        return 0
    owe(by=by, now=now, lot=lot, parts=[(line, line.amount_fen) for line in lines])
    record(by, now, "owe_refunds", lot, lines=[line.bank_number for line in lines])
    return len(lines)


def owe_back(*, by: Actor, now: datetime, bidders: Sequence[Bidder], lot: Lot, why: str) -> int:
    """Owe these bidders of a lot what came for them, whatever the lot's state; how many lines.

    What is owed already, kept for the price or forfeited is not owed twice.
    """
    lines = DepositLine.objects.filter(
        zone_id=by.zone_id, bidder__in=list(bidders), bidder__lot=lot, refund__isnull=True
    )
    parts = [(line, line.amount_fen) for line in lines]
    if parts:
        owe(by=by, now=now, lot=lot, parts=parts, why=why[:300])
    return len(parts)


def owe_all(*, by: Actor, now: datetime, lot: Lot, why: str) -> int:
    """Owe every bidder of a lot what came for it."""
    bidders = list(Bidder.objects.filter(zone_id=by.zone_id, lot=lot))
    return owe_back(by=by, now=now, bidders=bidders, lot=lot, why=why)


def owe(
    *, by: Actor, now: datetime, lot: Lot, parts: Sequence[tuple[DepositLine, int]], why: str = ""
) -> None:
    """Write down what goes back of which line, by the limit of the lot's rules.

    Called inside a verb, which says why in its own line of the journal.
    """
    days = terms_of(lot).refund_days
    due = day_after(lot.zone_id, now, days)
    Refund.objects.bulk_create(
        Refund(
            zone_id=lot.zone_id, line=line, kind=Refund.Kind.BACK, amount_fen=amount, due_at=due,
            why=why,
        )
        for line, amount in parts
    )  # fmt: skip
    # While somebody objects it is asked for by whoever decides.
    if not is_disputed(lot):
        ask(lot, REFUND, _("give deposits back"), by=by, now=now, days=days)


@dataclass(frozen=True, slots=True)
class PaidBack:
    """One refund as the bank paid it."""

    refund: int
    done_on: date
    bank_number: str


@transaction.atomic
def record_refund(
    *, by: Actor, now: datetime, refund: Refund, done_on: date, bank_number: str
) -> Refund:
    """Write down that a deposit went back, on which day and under which number of the bank.

    Not while somebody objects to the result of its lot: what is still here can still be decided of.
    """
    access.must_run_exchange(by)
    lot = _locked_lot_of(by, refund.pk)
    row = locked(Refund, by, refund.pk)
    _must_go_back(row, lot)
    row.done_on = must_have_been(done_on, "done_on", now)
    row.bank_number = _new_number(row, bank_number)
    row.version += 1
    row.save(update_fields=["done_on", "bank_number", "version"])
    journal.record(
        by=by, now=now, verb="record_refund", subject=row if lot is None else lot,
        party_ref=lot.seller_id if lot else None, line=row.line.bank_number,
        amount_fen=row.amount_fen, day=str(done_on), number=row.bank_number,
    )  # fmt: skip
    if lot is None:
        return row
    if not open_refunds(lot).exists():
        end_tasks(lot, [REFUND], by=by, now=now)
    return row


def _locked_lot_of(by: Actor, refund: int) -> Lot | None:
    """The lot whose deposit it is, held as whoever objects to its result holds it; none where the
    money was nobody's."""
    number = (
        Refund.objects.filter(zone_id=by.zone_id, pk=refund)
        .values_list("line__bidder__lot_id", flat=True)
        .first()
    )
    return None if number is None else locked_lot(by, number)


def _must_go_back(row: Refund, lot: Lot | None) -> None:
    if row.kind != Refund.Kind.BACK:
        raise Refused(
            _("This deposit does not go back: it is %(kind)s.") % {"kind": row.get_kind_display()}
        )
    if row.done_on is not None:
        raise Refused(
            _("This deposit went back already, on %(day)s under %(number)s.")
            % {"day": row.done_on, "number": row.bank_number},
            field="bank_number",
        )
    bidder = row.line.bidder
    if lot is not None and bidder is not None and is_held(bidder) and is_disputed(lot):
        raise Refused(
            _(
                "Somebody objects to the result of “%(lot)s”; decide that first, then deposits go back."
            )
            % {"lot": lot.title}
        )


def is_held(bidder: Bidder) -> bool:
    """Whether an objection to the result concerns a bidder's deposit: that of whoever was let in."""
    return bidder.state == Bidder.State.ADMITTED


def _new_number(row: Refund, bank_number: str) -> str:
    number = must_say(
        bank_number, "bank_number", most=60, why=_("Enter the bank's number of the payment.")
    )
    known = Refund.objects.filter(zone_id=row.zone_id, bank_number=number).exclude(pk=row.pk)
    if known.exists():
        raise Refused(
            _("The payment %(number)s was written down for another deposit already; check it.")
            % {"number": number},
            field="bank_number",
        )
    return number


@transaction.atomic
def record_refunds(*, by: Actor, now: datetime, paid: Sequence[PaidBack]) -> int:
    """Many at once, such as a file of the bank; all of them, or none and which was wrong."""
    numbers = Refund.objects.filter(
        zone_id=by.zone_id, pk__in=[one.refund for one in paid], line__bidder__isnull=False
    ).values_list("line__bidder__lot_id", flat=True)
    # In the order everybody locks lots in.
    for number in sorted(set(numbers)):
        locked_lot(by, number)
    for one in sorted(paid, key=lambda one: one.refund):
        row = locked(Refund, by, one.refund)
        record_refund(by=by, now=now, refund=row, done_on=one.done_on, bank_number=one.bank_number)
    return len(paid)


def open_refunds(lot: Lot) -> QuerySet[Refund]:
    """What is still to go back of a lot."""
    return Refund.objects.filter(
        zone_id=lot.zone_id, line__bidder__lot=lot, kind=Refund.Kind.BACK, done_on__isnull=True
    )


# The winner's deposit ----------------------------------------------------------------------------


def kept_fen(bidder: Bidder) -> int:
    """What of a bidder's deposit is still there: neither given back, nor owed back, nor forfeited."""
    return sum(rest for _line, rest in _unspent(bidder))


def to_price_fen(bidder: Bidder) -> int:
    """What of a bidder's deposit became part of its price."""
    rows = Refund.objects.filter(
        zone_id=bidder.zone_id, line__bidder=bidder, kind=Refund.Kind.TO_PRICE
    )
    return rows.aggregate(total=Sum("amount_fen"))["total"] or 0


def _unspent(bidder: Bidder) -> list[tuple[DepositLine, int]]:
    """Lines of a bidder's deposit, each with what nothing was decided of."""
    lines = (
        DepositLine.objects.filter(zone_id=bidder.zone_id, bidder=bidder)
        .annotate(spent=Coalesce(Sum("refund__amount_fen"), 0))
        .order_by("at", "id")
    )
    return [(line, line.amount_fen - line.spent) for line in lines]


def part_deposit(
    *, by: Actor, now: datetime, lot: Lot, bidder: Bidder, kind: str, most_fen: int, why: str = ""
) -> int:
    """Keep of a bidder's deposit what is due under ``kind``, owe the rest back; how much was kept."""
    left = most_fen
    kept: list[Refund] = []
    back: list[tuple[DepositLine, int]] = []
    for line, rest in _unspent(bidder):
        take = min(left, rest)
        left -= take
        if take:
            kept.append(Refund(zone_id=lot.zone_id, line=line, kind=kind, amount_fen=take, why=why))
        if rest > take:
            back.append((line, rest - take))
    Refund.objects.bulk_create(kept)
    if back:
        owe(by=by, now=now, lot=lot, parts=back)
    return most_fen - left


def give_up_forfeit(*, lot: Lot, bidder: Bidder) -> int:
    """Take back that a deposit was forfeited: it is the bidder's again; how many lines."""
    rows = Refund.objects.filter(
        zone_id=lot.zone_id, line__bidder=bidder, kind=Refund.Kind.FORFEITED, done_on__isnull=True
    )
    return rows.delete()[0]


def give_up_price(*, lot: Lot, bidder: Bidder) -> int:
    """Take back that a deposit became part of the price: it is the bidder's again; how many lines."""
    rows = Refund.objects.filter(
        zone_id=lot.zone_id, line__bidder=bidder, kind=Refund.Kind.TO_PRICE
    )
    return rows.delete()[0]


def owe_rest(*, by: Actor, now: datetime, lot: Lot, bidder: Bidder, why: str) -> None:
    """Owe a bidder what is still there of its deposit."""
    parts = [(line, rest) for line, rest in _unspent(bidder) if rest]
    if parts:
        owe(by=by, now=now, lot=lot, parts=parts, why=why)


def hold_again(*, lot: Lot, bidder: Bidder) -> None:
    """Keep a deposit that was to go back and did not yet: its bidder buys after all."""
    Refund.objects.filter(
        zone_id=lot.zone_id, line__bidder=bidder, kind=Refund.Kind.BACK, done_on__isnull=True
    ).delete()
