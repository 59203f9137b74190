"""A sale carried out: contract, price, handing over, the seller's money, the end."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.after_rows import ask, close, must_be_undisputed, must_not_be_asking
from xiaoer.assets.actions.lot_rows import end_tasks, locked_lot, move, record, terms_of
from xiaoer.assets.actions.refunding import (
    kept_fen,
    open_refunds,
    owe_refunds_of,
    part_deposit,
    to_price_fen,
)
from xiaoer.assets.actions.results import AGAIN, CONTRACT, PAY
from xiaoer.assets.models import Lot, LotFile, LotPayment, Refund
from xiaoer.base.checking import must_have_been, must_say, said
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import show_money

HAND_OVER, PAY_OUT, CLOSE = "handover", "pay_seller", "close_lot"
Way = LotPayment.Way
State = Lot.State
# A sale that somebody is carrying out.
SELLING = (State.PUBLISHED, State.PAID, State.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Account:
    """The money of a sale, in fen: the price and where each part of it is."""

    price: int
    deposit: int
    paid: int
    commission: int
    passed_on: int
    returned: int

    @property
    def due(self) -> int:
        """What the buyer still has to pay."""
        return max(self.price - self.deposit - self.paid, 0)

    @property
    def to_seller(self) -> int:
        """What the seller still has to get."""
        return self.price - self.commission - self.passed_on


def account_of(lot: Lot) -> Account:
    """How the money of a lot stands with its buyer of today."""
    moved = dict(
        LotPayment.objects.filter(lot=lot)
        .filter(Q(way=Way.TO_SELLER) | _of_buyer(lot))
        .values_list("way")
        .annotate(total=Sum("amount_fen"))
        .order_by()
    )
    price, deposit = lot.price_fen or 0, 0
    if lot.winner is not None:
        deposit = min(to_price_fen(lot.winner) or kept_fen(lot.winner), price)
    return Account(
        price=price,
        deposit=deposit,
        paid=moved.get(Way.FROM_BUYER, 0),
        commission=lot.commission_fen,
        passed_on=moved.get(Way.TO_SELLER, 0),
        returned=moved.get(Way.TO_BUYER, 0),
    )


def _of_buyer(lot: Lot) -> Q:
    """Payments of the buyer of today; of a sale that was annulled, of whoever paid."""
    return Q(bidder__isnull=False) if lot.winner_id is None else Q(bidder_id=lot.winner_id)


@transaction.atomic
def make_contract(*, by: Actor, now: datetime, lot: Lot, signed_on: date, paper: StoredFile) -> Lot:
    """Keep the contract that seller and buyer signed after the result was published."""
    access.must_run_exchange(by)
    row = locked_lot(by, lot, *SELLING)
    must_be_undisputed(row)
    if row.contract_on is not None:
        raise Refused(_("The contract was signed on %(day)s.") % {"day": row.contract_on})
    row.contract_on = must_have_been(signed_on, "signed_on", now)
    _keep(row, LotFile.Kind.CONTRACT, paper, _("Contract"))
    move(row, "contract_on")
    end_tasks(row, [CONTRACT], by=by, now=now)
    record(by, now, "make_contract", row, day=str(signed_on), file=paper.sha256)
    _be_paid(by, now, row)
    return row


def _keep(lot: Lot, kind: str, paper: StoredFile, name: str) -> None:
    LotFile.objects.create(
        zone_id=lot.zone_id, lot=lot, kind=kind, file=paper, name=f"{name} {lot.number}".strip()
    )


@transaction.atomic
def record_payment(
    *,
    by: Actor,
    now: datetime,
    lot: Lot,
    amount_fen: int,
    paid_on: date,
    bank_number: str,
    note: str = "",
) -> LotPayment:
    """Write down money of the buyer; with the deposit it makes the price, and the lot is paid."""
    access.must_run_exchange(by)
    row = locked_lot(by, lot, State.PUBLISHED)
    _must_be_left(
        amount_fen, account_of(row).due,
        _("%(left)s is left to pay, the deposit counted; more than that is a mistake."),
    )  # fmt: skip
    payment = _write(by, now, row, Way.FROM_BUYER, amount_fen, paid_on, bank_number, note)
    record(
        by, now, "record_payment", row, amount_fen=amount_fen, day=str(paid_on),
        number=payment.bank_number,
    )  # fmt: skip
    _be_paid(by, now, row)
    return payment


def _must_be_left(amount_fen: int, left_fen: int, words: str) -> None:
    """More than is left is a mistake; ``words`` say of what, with ``%(left)s``."""
    if amount_fen > left_fen:
        raise Refused(words % {"left": show_money(left_fen, "zh", exact=True)}, field="amount")


def _write(
    by: Actor, now: datetime, lot: Lot, way: str, fen: int, on: date, bank_number: str, note: str
) -> LotPayment:
    if fen <= 0:
        raise Refused(_("Enter how much was paid, in yuan."), field="amount")
    number = must_say(
        bank_number, "bank_number", most=60, why=_("Enter the bank's number of the payment.")
    )
    known = LotPayment.objects.filter(zone_id=by.zone_id, bank_number=number).first()
    if known is not None:
        raise Refused(
            _("The payment %(number)s was written down already, on %(day)s; once is enough.")
            % {"number": number, "day": known.paid_on},
            field="bank_number",
        )
    return LotPayment.objects.create(
        zone_id=by.zone_id, lot=lot, way=way, amount_fen=fen, bank_number=number,
        bidder_id=None if way == Way.TO_SELLER else lot.winner_id or _last_payer(lot),
        paid_on=must_have_been(on, "paid_on", now), note=said(note, "note", most=200), at=now,
        by_post_id=by.post_id,
    )  # fmt: skip


def _last_payer(lot: Lot) -> int | None:
    paid = LotPayment.objects.filter(lot=lot, way=Way.FROM_BUYER).order_by("-id")
    return paid.values_list("bidder_id", flat=True).first()


def _be_paid(by: Actor, now: datetime, lot: Lot) -> None:
    """Once contract and price are there, the deposit becomes part of the price, and the lot is paid."""
    if lot.state != State.PUBLISHED or lot.contract_on is None or lot.winner is None:
        return
    account = account_of(lot)
    if account.due:
        return
    part_deposit(
        by=by, now=now, lot=lot, bidder=lot.winner, kind=Refund.Kind.TO_PRICE,
        most_fen=account.price - account.paid,
    )  # fmt: skip
    lot.state, lot.paid_at = State.PAID, now
    move(lot, "state", "paid_at")
    end_tasks(lot, [PAY], by=by, now=now)
    days = terms_of(lot).handover_days
    ask(lot, HAND_OVER, _("see that the lot is handed over"), by=by, now=now, days=days)
    record(by, now, "pay_lot", lot, amount_fen=account.price)


@transaction.atomic
def record_handover(
    *, by: Actor, now: datetime, lot: Lot, on: date, paper: StoredFile, words: str = ""
) -> Lot:
    """Keep the form with which seller and buyer handed the thing over; the seller's money is next."""
    access.must_run_exchange(by)
    row = locked_lot(by, lot, State.PAID)
    row.handed_over_on = must_have_been(on, "on", now)
    row.state = State.HANDED_OVER
    _keep(row, LotFile.Kind.HANDOVER, paper, _("Handover form"))
    move(row, "state", "handed_over_on")
    end_tasks(row, [HAND_OVER], by=by, now=now)
    days = terms_of(row).handover_days
    if account_of(row).to_seller > 0:
        ask(row, PAY_OUT, _("pay the seller"), by=by, now=now, days=days)
    else:
        ask(row, CLOSE, _("close the lot"), by=by, now=now, days=days)
    record(by, now, "record_handover", row, day=str(on), words=said(words, "words", most=300))
    return row


@transaction.atomic
def record_payout(
    *,
    by: Actor,
    now: datetime,
    lot: Lot,
    amount_fen: int,
    paid_on: date,
    bank_number: str,
    note: str = "",
) -> LotPayment:
    """Write down what the exchange passed on to the seller, once the thing was handed over."""
    access.must_run_exchange(by)
    row = locked_lot(by, lot, State.HANDED_OVER)
    left = account_of(row).to_seller
    _must_be_left(
        amount_fen, left, _("%(left)s is left for the seller; more than that is a mistake.")
    )
    payment = _write(by, now, row, Way.TO_SELLER, amount_fen, paid_on, bank_number, note)
    if amount_fen == left:
        end_tasks(row, [PAY_OUT], by=by, now=now)
        ask(row, CLOSE, _("close the lot"), by=by, now=now, days=terms_of(row).handover_days)
    record(
        by, now, "record_payout", row, amount_fen=amount_fen, day=str(paid_on),
        number=payment.bank_number,
    )  # fmt: skip
    return payment


@transaction.atomic
def record_return(
    *, by: Actor, now: datetime, lot: Lot, amount_fen: int, paid_on: date, bank_number: str
) -> LotPayment:
    """Write down what of its payments a buyer got back: one in default, whose deposit stays
    forfeited, or of a sale that was annulled."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_lot(by, lot, State.DEFAULTED, State.PASSED_IN)
    account = account_of(row)
    _must_be_left(
        amount_fen, account.paid - account.returned,
        _("%(left)s of the buyer's payments is still here; more than that is a mistake."),
    )  # fmt: skip
    payment = _write(by, now, row, Way.TO_BUYER, amount_fen, paid_on, bank_number, "")
    record(
        by, now, "record_return", row, amount_fen=amount_fen, day=str(paid_on),
        number=payment.bank_number,
    )  # fmt: skip
    return payment


@transaction.atomic
def close_lot(
    *, by: Actor, now: datetime, lot: Lot, words: str = "", version: int | None = None
) -> Lot:
    """Take a lot off the zone's hands once no money of anybody is left with the exchange."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_lot(
        by, lot, State.HANDED_OVER, State.PASSED_IN, State.DEFAULTED, State.WITHDRAWN,
        version=version,
    )  # fmt: skip
    must_be_undisputed(row)
    must_not_be_asking(row, now)
    owe_refunds_of(by=by, now=now, lot=row)
    _must_be_settled(row)
    if row.state == State.HANDED_OVER:
        row.closed_why = said(words, "words", most=500)
    elif row.state == State.PASSED_IN:
        row.closed_why = must_say(
            words, "words", most=500, why=_("Say what becomes of it, such as: the seller keeps it.")
        )
    end_tasks(row, [CLOSE, AGAIN], by=by, now=now)
    # What was withdrawn or defaulted on stays called so; it only leaves our hands.
    if row.state in (State.HANDED_OVER, State.PASSED_IN):
        row.state = State.CLOSED
    row.closed_at = now
    move(row, "state", "closed_at", "closed_why")
    close(row, by=by, now=now)
    record(by, now, "close_lot", row, words=row.closed_why)
    return row


def _must_be_settled(lot: Lot) -> None:
    waiting = open_refunds(lot).count()
    if waiting:
        raise Refused(
            _("%(count)d deposits are still to go back; pay them first.") % {"count": waiting}
        )
    account = account_of(lot)
    if lot.state == State.HANDED_OVER and account.to_seller > 0:
        raise Refused(
            _("%(left)s is still to be paid to the seller.")
            % {"left": show_money(account.to_seller, "zh", exact=True)}
        )
    if lot.state in (State.DEFAULTED, State.PASSED_IN) and account.paid > account.returned:
        raise Refused(
            _("%(left)s of the buyer's payments is still to go back.")
            % {"left": show_money(account.paid - account.returned, "zh", exact=True)}
        )
