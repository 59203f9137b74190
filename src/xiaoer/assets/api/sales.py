"""API of lots in the hall and after it: for the exchange centre, and for a bidder that is asked."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from xiaoer.assets import actions as assets
from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.selling import account_of
from xiaoer.assets.models import Flag, Lot, LotObjection, LotPayment, Refund, SecondChance
from xiaoer.assets.queries import after_sale as queries
from xiaoer.assets.queries.after_sale import Phase, RefundState
from xiaoer.assets.words import sales as words
from xiaoer.base import files
from xiaoer.base.api.shapes import Day, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import StoredFile
from xiaoer.base.scope import Actor

router = Router(tags=["lots after the hall"])
_NO_NUL = r"^[^\u0000]*$"
Why = Annotated[str, Field(max_length=300, pattern=_NO_NUL)]
Bank = Annotated[str, Field(max_length=60, pattern=_NO_NUL)]
Fen = Annotated[int, Field(ge=1, le=10**15)]
Version = Annotated[int, Field(ge=1, le=2**31)]


class LotSaleOut(Schema):
    """A lot after the hall; money in fen."""

    id: int
    number: str
    title: str
    state: Lot.State
    price_fen: int | None
    winner: int | None
    ended_at: datetime | None
    closed_why: str
    due_fen: int
    deposit_fen: int
    paid_fen: int
    to_seller_fen: int
    version: int


class LotRefundOut(Schema):
    id: int
    lot: int | None
    firm: str
    payer: str
    payer_account: str
    amount_fen: int
    kind: Refund.Kind
    due_at: datetime | None
    done_on: date | None
    bank_number: str
    why: str


class LotPaymentOut(Schema):
    id: int
    way: LotPayment.Way
    amount_fen: int
    paid_on: date
    bank_number: str
    note: str


class SecondChanceOut(Schema):
    id: int
    lot: int
    alias: int | None
    amount_fen: int
    state: SecondChance.State
    due_at: datetime


class LotObjectionOut(Schema):
    """An objection to what came of a lot; ``alias`` empty: the seller's. Its words are read by whoever
    objects and by the exchange, the answer by every party."""

    id: int
    lot: int
    alias: int | None
    words: str
    state: LotObjection.State
    raised_at: datetime
    due_at: datetime
    decided_at: datetime | None
    answer: str
    version: int


class LotObjectionIn(Schema):
    """``bidder``: for whom the exchange writes it down; whoever objects itself leaves it out."""

    words: Annotated[str, Field(max_length=1000, pattern=_NO_NUL)]
    bidder: Number | None = None


class ObjectionDecisionIn(Schema):
    is_upheld: bool
    words: Annotated[str, Field(max_length=400, pattern=_NO_NUL)]
    version: Version | None = None


class ObjectionBackIn(Schema):
    words: Annotated[str, Field(max_length=400, pattern=_NO_NUL)] = ""


class LotFlagOut(Schema):
    """A doubt, for the host alone."""

    id: int
    why: Flag.Why
    words: str
    found_at: datetime
    cleared_at: datetime | None
    cleared_why: str


class HallBidderOut(Schema):
    alias: int | None
    firm: str
    highest_fen: int | None
    bids: int


class LotConsoleOut(Schema):
    phase: Phase
    now: datetime
    ends_at: datetime
    price_fen: int | None
    leader: int | None
    bids: int
    extensions: int
    watchers: int
    bidders: list[HallBidderOut]
    flags: list[LotFlagOut]


class LotWhyIn(Schema):
    why: Why


class LotConfirmIn(Schema):
    version: Version | None = None
    words: Why = ""


class LotPaymentIn(Schema):
    amount_fen: Fen
    paid_on: Day
    bank_number: Bank
    note: Annotated[str, Field(max_length=200, pattern=_NO_NUL)] = ""


class LotReturnIn(Schema):
    amount_fen: Fen
    paid_on: Day
    bank_number: Bank


class RefundDoneIn(Schema):
    done_on: Day
    bank_number: Bank


class RefundPaidIn(RefundDoneIn):
    refund: Number


class RefundsPaidIn(Schema):
    paid: Annotated[list[RefundPaidIn], Field(min_length=1, max_length=500)]


class RefundsPaidOut(Schema):
    count: int


class LotRelistIn(Schema):
    start_fen: Fen
    version: Version | None = None


class LotCloseIn(Schema):
    words: Annotated[str, Field(max_length=500, pattern=_NO_NUL)] = ""
    version: Version | None = None


class ChanceAnswerIn(Schema):
    accepts: bool
    words: Why = ""


class RefundQuery(Schema):
    state: RefundState = RefundState.DUE
    q: Word = ""
    size: Annotated[int, Field(ge=1, le=500)] = 100
    after: Annotated[int, Field(ge=0, le=100_000)] = 0


class RefundPageOut(Schema):
    total: int
    rows: list[LotRefundOut]


SALE = {200: LotSaleOut, **PROBLEMS}


def _lot(by: Actor, lot_id: int) -> Lot:
    access.must_run_exchange(by)
    return found(queries.lot_of(by=by, lot_id=lot_id))


def _sale(by: Actor, lot_id: int) -> dict[str, object]:
    lot = _lot(by, lot_id)
    account = account_of(lot)
    return {
        "id": lot.pk, "number": lot.number, "title": lot.title, "state": lot.state,
        "price_fen": lot.price_fen, "winner": lot.winner.alias if lot.winner else None,
        "ended_at": lot.ended_at, "closed_why": lot.closed_why, "due_fen": account.due,
        "deposit_fen": account.deposit, "paid_fen": account.paid,
        "to_seller_fen": account.to_seller, "version": lot.version,
    }  # fmt: skip


def _refund(row: Refund) -> dict[str, object]:
    bidder = row.line.bidder
    return {
        "id": row.pk, "lot": bidder.lot_id if bidder else None,
        "firm": bidder.party.name if bidder else "", "payer": row.line.payer,
        "payer_account": row.line.payer_account, "amount_fen": row.amount_fen, "kind": row.kind,
        "due_at": row.due_at, "done_on": row.done_on, "bank_number": row.bank_number,
        "why": row.why,
    }  # fmt: skip


def _flag(row: Flag) -> dict[str, object]:
    return {
        "id": row.pk, "why": row.why, "words": words.flag_words(row), "found_at": row.found_at,
        "cleared_at": row.cleared_at, "cleared_why": row.cleared_why,
    }  # fmt: skip


def _chance(row: SecondChance) -> dict[str, object]:
    return {
        "id": row.pk, "lot": row.lot_id, "alias": row.bidder.alias, "amount_fen": row.amount_fen,
        "state": row.state, "due_at": row.due_at,
    }  # fmt: skip


def _objection(row: LotObjection, *, is_read: bool = True) -> dict[str, object]:
    return {
        "id": row.pk, "lot": row.lot_id, "alias": row.bidder.alias if row.bidder else None,
        "words": row.words if is_read else "", "state": row.state, "raised_at": row.raised_at,
        "due_at": row.due_at, "decided_at": row.decided_at, "answer": row.answer,
        "version": row.version,
    }  # fmt: skip


# Reading -----------------------------------------------------------------------------------------


@router.get("/lot-sales/{lot_id}", response=SALE)
@api(READ)
def read_lot_sale(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """A lot after the hall, with where its money is."""
    return _sale(by, lot_id)


@router.get("/lot-sales/{lot_id}/console", response={200: LotConsoleOut, **PROBLEMS})
@api(READ)
def read_lot_console(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """The hall as its host sees it, with the firms behind the numbers and the doubts."""
    console = found(queries.console_of(lot=_lot(by, lot_id)))
    hall = console.hall
    return {
        "phase": console.phase, "now": console.now, "ends_at": hall.ends_at,
        "price_fen": hall.price_fen, "leader": hall.leader_alias, "bids": hall.bids,
        "extensions": hall.extensions, "watchers": console.watchers, "flags": [_flag(row) for row in console.flags],
        "bidders": [
            {"alias": one.bidder.alias, "firm": one.bidder.party.name,
             "highest_fen": one.highest_fen, "bids": one.bids}
            for one in console.bidders
        ],
    }  # fmt: skip


@router.get("/lot-sales/{lot_id}/payments", response={200: list[LotPaymentOut], **PROBLEMS})
@api(READ)
def list_lot_payments(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """Money of the sale as the bank moved it."""
    return queries.payments_of(_lot(by, lot_id))


@router.get("/lot-sales/{lot_id}/refunds", response={200: list[LotRefundOut], **PROBLEMS})
@api(READ)
def list_lot_refunds(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """What becomes of the deposits of a lot."""
    return [_refund(row) for row in queries.refunds_of(_lot(by, lot_id))]


@router.get("/lot-refunds", response={200: RefundPageOut, **PROBLEMS})
@api(READ)
def list_refunds(request: HttpRequest, by: Actor, asked: Query[RefundQuery]) -> object:
    """Deposits of all lots: to go back, gone back, or forfeited."""
    access.must_run_exchange(by)
    rows = queries.refunds(by=by, state=asked.state, query=asked.q)
    some = rows[asked.after : asked.after + asked.size]
    return {"total": rows.order_by().count(), "rows": [_refund(row) for row in some]}


# The host ----------------------------------------------------------------------------------------


@router.post("/lot-sales/{lot_id}/pause", response=SALE)
@api(WRITE)
def pause_lot(request: HttpRequest, by: Actor, lot_id: Number, said: LotWhyIn) -> object:
    """Let no time pass and no bid count."""
    assets.pause_lot(by=by, now=timezone.now(), lot=_lot(by, lot_id), why=said.why)
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/resume", response=SALE)
@api(WRITE)
def resume_lot(request: HttpRequest, by: Actor, lot_id: Number, said: LotWhyIn) -> object:
    """Go on with the time that was left."""
    assets.resume_lot(by=by, now=timezone.now(), lot=_lot(by, lot_id), why=said.why)
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/stop", response=SALE)
@api(WRITE)
def stop_lot(request: HttpRequest, by: Actor, lot_id: Number, said: LotWhyIn) -> object:
    """End a hall without a sale."""
    assets.stop_lot(by=by, now=timezone.now(), lot=_lot(by, lot_id), why=said.why)
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/flags/{flag_id}/clear", response={200: LotFlagOut, **PROBLEMS})
@api(WRITE)
def clear_lot_flag(
    request: HttpRequest, by: Actor, lot_id: Number, flag_id: Number, said: LotWhyIn
) -> object:
    """Say of a doubt what it is."""
    flag = found(queries.flag_of(by=by, lot=_lot(by, lot_id), flag_id=flag_id))
    return _flag(assets.clear_flag(by=by, now=timezone.now(), flag=flag, why=said.why))


# The sale ----------------------------------------------------------------------------------------


@router.post("/lot-sales/{lot_id}/confirm", response=SALE)
@api(WRITE)
def confirm_lot_result(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotConfirmIn
) -> object:
    """Say that the result stands."""
    assets.confirm_result(
        by=by, now=timezone.now(), lot=_lot(by, lot_id), version=said.version, words=said.words
    )
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/publish", response=SALE)
@api(WRITE)
def publish_lot_result(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """Publish a confirmed result, with a signed confirmation for the buyer."""
    assets.publish_result(by=by, now=timezone.now(), lot=_lot(by, lot_id))
    return _sale(by, lot_id)


def _paper(by: Actor, paper: UploadedFile) -> StoredFile:
    return files.keep_file(by=by, now=timezone.now(), stream=paper, name=paper.name or "")


@router.post("/lot-sales/{lot_id}/contract", response=SALE)
@api(WRITE)
def keep_lot_contract(
    request: HttpRequest, by: Actor, lot_id: Number, signed_on: Form[Day], paper: File[UploadedFile]
) -> object:
    """Keep the contract seller and buyer signed."""
    lot = _lot(by, lot_id)
    assets.make_contract(
        by=by, now=timezone.now(), lot=lot, signed_on=signed_on, paper=_paper(by, paper)
    )
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/payments", response=SALE)
@api(WRITE)
def record_lot_payment(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotPaymentIn
) -> object:
    """Write down money of the buyer."""
    assets.record_payment(by=by, now=timezone.now(), lot=_lot(by, lot_id), **said.dict())
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/handover", response=SALE)
@api(WRITE)
def record_lot_handover(
    request: HttpRequest, by: Actor, lot_id: Number, on: Form[Day], paper: File[UploadedFile]
) -> object:
    """Keep the signed form of handing over."""
    lot = _lot(by, lot_id)
    assets.record_handover(by=by, now=timezone.now(), lot=lot, on=on, paper=_paper(by, paper))
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/payouts", response=SALE)
@api(WRITE)
def record_lot_payout(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotPaymentIn
) -> object:
    """Write down what was passed on to the seller."""
    assets.record_payout(by=by, now=timezone.now(), lot=_lot(by, lot_id), **said.dict())
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/returns", response=SALE)
@api(WRITE)
def record_lot_return(request: HttpRequest, by: Actor, lot_id: Number, said: LotReturnIn) -> object:
    """Write down what a buyer in default got back of its payments."""
    assets.record_return(by=by, now=timezone.now(), lot=_lot(by, lot_id), **said.dict())
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/default", response=SALE)
@api(WRITE)
def declare_lot_default(request: HttpRequest, by: Actor, lot_id: Number, said: LotWhyIn) -> object:
    """Say that the buyer does not keep its word."""
    assets.declare_default(by=by, now=timezone.now(), lot=_lot(by, lot_id), why=said.why)
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/call-off", response=SALE)
@api(WRITE)
def call_off_lot_sale(request: HttpRequest, by: Actor, lot_id: Number, said: LotWhyIn) -> object:
    """End a sale the seller does not keep to; the buyer gets all its money back."""
    assets.call_off_sale(by=by, now=timezone.now(), lot=_lot(by, lot_id), why=said.why)
    return _sale(by, lot_id)


@router.post("/lot-sales/{lot_id}/second-chance", response={200: SecondChanceOut, **PROBLEMS})
@api(WRITE)
def offer_second_chance(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """Ask the next bidder whether it buys at its own last bid."""
    return _chance(assets.second_chance(by=by, now=timezone.now(), lot=_lot(by, lot_id)))


@router.post("/second-chances/{chance_id}/answer", response={200: SecondChanceOut, **PROBLEMS})
@api(WRITE)
def answer_second_chance(
    request: HttpRequest, by: Actor, chance_id: Number, said: ChanceAnswerIn
) -> object:
    """The bidder that is asked answers itself, or the exchange writes its answer down."""
    chance = found(queries.chance_of(by=by, chance_id=chance_id))
    assets.answer_chance(
        by=by, now=timezone.now(), chance=chance, accepts=said.accepts, words=said.words
    )
    return _chance(found(queries.chance_of(by=by, chance_id=chance_id)))


@router.post("/lot-sales/{lot_id}/relist", response=SALE)
@api(WRITE)
def relist_lot(request: HttpRequest, by: Actor, lot_id: Number, said: LotRelistIn) -> object:
    """Put a lot that found no buyer up again; the answer is the new lot."""
    new = assets.relist_lot(
        by=by, now=timezone.now(), lot=_lot(by, lot_id), start_fen=said.start_fen,
        version=said.version,
    )  # fmt: skip
    return _sale(by, new.pk)


@router.post("/lot-sales/{lot_id}/close", response=SALE)
@api(WRITE)
def close_lot(request: HttpRequest, by: Actor, lot_id: Number, said: LotCloseIn) -> object:
    """Take a lot off the zone's hands."""
    assets.close_lot(
        by=by, now=timezone.now(), lot=_lot(by, lot_id), words=said.words, version=said.version
    )
    return _sale(by, lot_id)


# Objections --------------------------------------------------------------------------------------


@router.get("/lot-sales/{lot_id}/objections", response={200: list[LotObjectionOut], **PROBLEMS})
@api(READ)
def list_lot_objections(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """What was objected to: for the exchange, and for the seller and the bidders that were let in."""
    lot = found(queries.lot_seen(by=by, lot_id=lot_id))
    if access.runs_exchange(by):
        return [_objection(row) for row in queries.objections_of(lot)]
    mine = None if access.sells(by, lot) else found(queries.bidder_in(by=by, lot=lot))
    told = queries.told_objections(by=by, lot=lot, bidder=mine)
    return [_objection(one.row, is_read=one.is_mine) for one in told]


@router.post("/lot-sales/{lot_id}/objections", response={200: LotObjectionOut, **PROBLEMS})
@api(WRITE)
def raise_lot_objection(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotObjectionIn
) -> object:
    """Object to what came of a lot; until it is decided nothing is confirmed and paid back."""
    lot = found(queries.lot_seen(by=by, lot_id=lot_id))
    bidder = queries.bidder_of_lot(by=by, lot=lot, bidder_id=said.bidder) if said.bidder else None
    row = assets.raise_objection(
        by=by, now=timezone.now(), lot=lot, words=said.words,
        bidder=found(bidder) if said.bidder else None,
    )  # fmt: skip
    return _objection(row)


@router.post("/lot-objections/{objection_id}/decide", response={200: LotObjectionOut, **PROBLEMS})
@api(WRITE)
def decide_lot_objection(
    request: HttpRequest, by: Actor, objection_id: Number, said: ObjectionDecisionIn
) -> object:
    """Decide an objection, in words every party reads."""
    row = found(queries.objection_of(by=by, objection_id=objection_id))
    return _objection(
        assets.decide_objection(by=by, now=timezone.now(), objection=row, **said.dict())
    )


@router.post("/lot-objections/{objection_id}/withdraw", response={200: LotObjectionOut, **PROBLEMS})
@api(WRITE)
def withdraw_lot_objection(
    request: HttpRequest, by: Actor, objection_id: Number, said: ObjectionBackIn
) -> object:
    """Take an objection back."""
    row = found(queries.objection_of(by=by, objection_id=objection_id))
    return _objection(
        assets.withdraw_objection(by=by, now=timezone.now(), objection=row, words=said.words)
    )


# Refunds -----------------------------------------------------------------------------------------


@router.post("/lot-refunds/{refund_id}/record", response={200: LotRefundOut, **PROBLEMS})
@api(WRITE)
def record_refund(request: HttpRequest, by: Actor, refund_id: Number, said: RefundDoneIn) -> object:
    """Write down that a deposit went back."""
    access.must_run_exchange(by)
    row = found(queries.refund_of(by=by, refund_id=refund_id))
    assets.record_refund(
        by=by, now=timezone.now(), refund=row, done_on=said.done_on, bank_number=said.bank_number
    )
    return _refund(found(queries.refund_of(by=by, refund_id=refund_id)))


@router.post("/lot-refunds/record", response={200: RefundsPaidOut, **PROBLEMS})
@api(WRITE)
def record_refunds(request: HttpRequest, by: Actor, said: RefundsPaidIn) -> object:
    """Many at once, such as a file of the bank: all of them or none."""
    paid = [assets.PaidBack(one.refund, one.done_on, one.bank_number) for one in said.paid]
    return {"count": assets.record_refunds(by=by, now=timezone.now(), paid=paid)}
