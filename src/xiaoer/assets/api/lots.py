"""API of lots up to the opening of the hall: put up, checked, announced; bidders, deposits, rules."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from xiaoer.assets import actions as assets
from xiaoer.assets.access import lots as access
from xiaoer.assets.auction import terms
from xiaoer.assets.models import AuctionRules, Bidder, DepositLine, DepositStatement, Lot, LotFile
from xiaoer.assets.queries import lots as queries
from xiaoer.base import files
from xiaoer.base.api.papers import BYTES
from xiaoer.base.api.shapes import Day, Number, PortionIn, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party

router = Router(tags=["auction lots"])
_NO_NUL = r"^[^\u0000]*$"
Fen = Annotated[int, Field(ge=0, le=10**15)]
Reason = Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
Long = Annotated[str, Field(max_length=4000, pattern=_NO_NUL)]
Short = Annotated[str, Field(max_length=120, pattern=_NO_NUL)]


class LotFactsIn(Schema):
    """A lot; money in fen. Step and deposit are reckoned by the rules where they are left out."""

    title: Short
    description: Long
    place: Short
    contact_name: Word
    contact_phone: Word
    start_fen: Fen
    sort: Word = ""
    quantity: Word = ""
    flaws: Long = ""
    step_fen: Fen | None = None
    deposit_fen: Fen | None = None
    valuation_fen: Fen | None = None
    has_reserve: bool = True
    viewing_from: Day | None = None
    viewing_until: Day | None = None
    viewing_place: Short = ""


class LotNewIn(LotFactsIn):
    """``seller``: for whom staff put it up; a firm puts up its own."""

    seller: Number | None = None


class LotFactsChangeIn(LotFactsIn):
    version: Number


class LotReasonIn(Schema):
    reason: Reason


class LotReserveIn(Schema):
    amount_fen: Fen


class LotNoticeIn(Schema):
    """``register_until`` and ``deposit_until`` follow from the rules where they are left out."""

    opens_at: datetime
    register_until: datetime | None = None
    deposit_until: datetime | None = None
    host: Number | None = None


class LotFileOut(Schema):
    id: int
    kind: LotFile.Kind
    name: str


class LotOut(Schema):
    """A lot as the asker sees it; money in fen, moments of the server's clock."""

    id: int
    number: str
    title: str
    sort: str
    quantity: str
    description: str
    flaws: str
    place: str
    seller_id: int
    state: Lot.State
    start_fen: int
    step_fen: int
    deposit_fen: int
    valuation_fen: int | None
    reserve: Lot.Reserve
    reserve_hash: str
    viewing_from: date | None
    viewing_until: date | None
    viewing_place: str
    noticed_at: datetime | None
    register_until: datetime | None
    deposit_until: datetime | None
    opens_at: datetime | None
    free_until: datetime | None
    price_fen: int | None
    returned_why: str
    closed_why: str
    version: int


class LotWithFilesOut(LotOut):
    files: list[LotFileOut]


class LotPageOut(Schema):
    total: int
    rows: list[LotOut]


class LotsQuery(PortionIn):
    """``group``: preparing, announced, settling or over."""

    group: Annotated[str, Field(max_length=12, pattern=r"^[a-z]*$")] = ""
    text: Annotated[str, Field(max_length=60, pattern=_NO_NUL)] = ""


class LotBidderOut(Schema):
    """A registration. ``number`` is what others see of it; ``deposit_code`` stands in the remark."""

    id: int
    lot_id: int
    party_id: int
    agent_name: str
    agent_phone: str
    state: Bidder.State
    number: int | None
    rank: int | None
    pre_emption: str
    deposit_code: str
    paid_fen: int
    refused_why: str
    applied_at: datetime


class PreEmptionIn(Schema):
    why: Annotated[str, Field(max_length=90, pattern=_NO_NUL)]


class AdmitBidderIn(Schema):
    """``rank``: of a right of pre-emption that was shown; else why it is not recognised."""

    rank: Annotated[int, Field(ge=1, le=99)] | None = None
    no_rank_why: Annotated[str, Field(max_length=90, pattern=_NO_NUL)] = ""


class DepositStatementOut(Schema):
    """``taken``: payments that were new; ``rows``: those that could not be read, with the reason."""

    id: int
    account: str
    file_name: str
    first_on: date
    last_on: date
    at: datetime
    taken: int
    known: int
    out: int
    rejected: int
    rows: list[dict[str, object]]


class DepositLineOut(Schema):
    id: int
    statement_id: int
    bank_number: str
    at: datetime
    payer: str
    payer_account: str
    remark: str
    amount_fen: int
    bidder_id: int | None


class DepositMatchIn(Schema):
    bidder: Number
    why: Annotated[str, Field(max_length=300, pattern=_NO_NUL)] = ""


class DepositReturnIn(Schema):
    why: Annotated[str, Field(max_length=300, pattern=_NO_NUL)]


class DepositOwedOut(Schema):
    id: int
    amount_fen: int
    due_at: datetime | None
    why: str


class AuctionRulesIn(Schema):
    """Parameters by code; those left out stay as they are in the version in force."""

    name: Annotated[str, Field(max_length=80, pattern=_NO_NUL)]
    reason: Annotated[str, Field(max_length=300, pattern=_NO_NUL)]
    values: dict[
        Annotated[str, Field(max_length=40)], bool | Annotated[int, Field(ge=0, le=10**12)]
    ]


class AuctionRulesOut(Schema):
    """``body``: each parameter with its value, source and mark."""

    number: int
    name: str
    since: date
    body: dict[str, dict[str, object]]


class DepositAccountOut(Schema):
    """Where the deposits of lots announced now are paid."""

    holder: str
    bank: str
    number: str
    since: datetime


class DepositAccountIn(Schema):
    holder: Annotated[str, Field(max_length=80, pattern=_NO_NUL)]
    bank: Annotated[str, Field(max_length=80, pattern=_NO_NUL)]
    number: Annotated[str, Field(max_length=60, pattern=_NO_NUL)]


ONE = {200: LotOut, **PROBLEMS}
BIDDER = {200: LotBidderOut, **PROBLEMS}


def _lot(by: Actor, number: int) -> Lot:
    return found(queries.lot_of(by, number))


def _bidder(by: Actor, number: int) -> Bidder:
    return found(queries.bidder_of(by, number))


def _party(by: Actor, number: int | None, field: str) -> Party | None:
    if number is None:
        return None
    row = Party.objects.filter(zone_id=by.zone_id, merged_into=None, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


def _facts(said: LotFactsIn) -> assets.LotFacts:
    return assets.LotFacts(**said.dict(exclude={"seller", "version"}))


def _moment(given: datetime, field: str) -> datetime:
    """A moment without a zone is of the zone's wall clock; one of another age is a slip."""
    if not 2000 <= given.year <= 2100:
        raise Refused(_("Check the year of this day."), field=field)
    return given if timezone.is_aware(given) else timezone.make_aware(given)


def _bidder_out(row: Bidder) -> object:
    return {
        "id": row.pk, "lot_id": row.lot_id, "party_id": row.party_id,
        "agent_name": row.agent_name, "agent_phone": row.agent_phone, "state": row.state,
        "number": row.alias, "rank": row.rank, "pre_emption": row.rank_why,
        "deposit_code": row.deposit_code, "paid_fen": row.paid_fen,
        "refused_why": row.refused_why, "applied_at": row.applied_at,
    }  # fmt: skip


def _statement_out(row: DepositStatement) -> object:
    counts = {name: row.result.get(name, 0) for name in ("taken", "known", "out", "rejected")}
    return {
        "id": row.pk, "account": row.account, "file_name": row.file_name,
        "first_on": row.first_on, "last_on": row.last_on, "at": row.at, **counts,
        "rows": row.result.get("rows", []),
    }  # fmt: skip


# Lots --------------------------------------------------------------------------------------------


@router.get("/auction-lots", response={200: LotPageOut, **PROBLEMS})
@api(READ)
def list_auction_lots(request: HttpRequest, by: Actor, asked: Query[LotsQuery]) -> object:
    """Lots the asker sees: staff all of the zone, others their own and what is announced."""
    rows = queries.lots(by, queries.LotFilter(asked.group, asked.text)).select_related(None)
    return {"total": rows.count(), "rows": list(rows[asked.after : asked.after + asked.size])}


@router.post("/auction-lots", response=ONE)
@api(WRITE)
def draft_auction_lot(request: HttpRequest, by: Actor, said: LotNewIn) -> object:
    """Begin a lot."""
    seller = _party(by, said.seller, "seller") if by.is_staff else None
    return assets.draft_lot(by=by, now=timezone.now(), facts=_facts(said), seller=seller)


@router.get("/auction-lots/{lot_id}", response={200: LotWithFilesOut, **PROBLEMS})
@api(READ)
def read_auction_lot(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """One lot with its pictures, and its papers where the asker sees them."""
    row = _lot(by, lot_id)
    return {**LotOut.from_orm(row).dict(), "files": queries.files_of(row)}


@router.post("/auction-lots/{lot_id}/change", response=ONE)
@api(WRITE)
def change_auction_lot(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotFactsChangeIn
) -> object:
    """Change a lot that is not announced yet."""
    row = _lot(by, lot_id)
    return assets.change_lot(
        by=by, now=timezone.now(), lot=row, facts=_facts(said), version=said.version
    )


@router.post("/auction-lots/{lot_id}/files", response={200: LotFileOut, **PROBLEMS})
@api(WRITE)
def add_auction_lot_file(
    request: HttpRequest, by: Actor, lot_id: Number, paper: File[UploadedFile], kind: Form[str]
) -> object:
    """Add a picture, or a paper that shows whose it is."""
    row = _lot(by, lot_id)
    return assets.add_lot_file(by=by, now=timezone.now(), lot=row, kind=kind, upload=paper)


@router.get("/auction-lots/files/{file_id}", response=PROBLEMS, openapi_extra=BYTES)
@api(READ)
def read_auction_lot_file(request: HttpRequest, by: Actor, file_id: Number) -> HttpResponseBase:
    """The picture or paper itself."""
    row = found(queries.file_of(by, file_id))
    return files.shown_inside(queries.bytes_behind(by, row), row.name)


@router.post("/auction-lots/files/{file_id}/remove", response={200: LotFileOut, **PROBLEMS})
@api(WRITE)
def remove_auction_lot_file(request: HttpRequest, by: Actor, file_id: Number) -> object:
    """Take a file off a lot that is not announced yet."""
    row = found(queries.file_of(by, file_id))
    return assets.remove_lot_file(by=by, now=timezone.now(), file=row)


@router.post("/auction-lots/{lot_id}/reserve", response=ONE)
@api(WRITE)
def seal_auction_lot_reserve(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotReserveIn
) -> object:
    """Seal a secret reserve; only its hash is kept where people read."""
    row = _lot(by, lot_id)
    return assets.seal_lot_reserve(by=by, now=timezone.now(), lot=row, amount_fen=said.amount_fen)


@router.post("/auction-lots/{lot_id}/reserve/drop", response=ONE)
@api(WRITE)
def drop_auction_lot_reserve(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """Take a sealed reserve back before the notice."""
    return assets.drop_lot_reserve(by=by, now=timezone.now(), lot=_lot(by, lot_id))


@router.post("/auction-lots/{lot_id}/submit", response=ONE)
@api(WRITE)
def submit_auction_lot(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """Bring a lot to the exchange centre."""
    return assets.submit_lot(by=by, now=timezone.now(), lot=_lot(by, lot_id))


@router.post("/auction-lots/{lot_id}/return", response=ONE)
@api(WRITE)
def return_auction_lot(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotReasonIn
) -> object:
    """Send a lot back to its owner."""
    row = _lot(by, lot_id)
    return assets.return_lot(by=by, now=timezone.now(), lot=row, reason=said.reason)


@router.post("/auction-lots/{lot_id}/check", response=ONE)
@api(WRITE)
def check_auction_lot(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """Find a lot in order; it gets its number."""
    return assets.check_lot(by=by, now=timezone.now(), lot=_lot(by, lot_id))


@router.post("/auction-lots/{lot_id}/notice", response=ONE)
@api(WRITE)
def notice_auction_lot(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotNoticeIn
) -> object:
    """Announce a lot; its hall is made with it."""
    host = Post.objects.filter(zone_id=by.zone_id, pk=said.host).first() if said.host else None
    if said.host and host is None:
        raise Refused(_("Choose one of the list."), field="host")
    register, deposit = said.register_until, said.deposit_until
    return assets.notice_lot(
        by=by, now=timezone.now(), lot=_lot(by, lot_id), host=host,
        opens_at=_moment(said.opens_at, "opens_at"),
        register_until=register and _moment(register, "register_until"),
        deposit_until=deposit and _moment(deposit, "deposit_until"),
    )  # fmt: skip


@router.post("/auction-lots/{lot_id}/withdraw", response=ONE)
@api(WRITE)
def withdraw_auction_lot(
    request: HttpRequest, by: Actor, lot_id: Number, said: LotReasonIn
) -> object:
    """Take a lot back; after the bidding opened only the exchange centre does."""
    row = _lot(by, lot_id)
    return assets.withdraw_lot(by=by, now=timezone.now(), lot=row, reason=said.reason)


# Bidders -----------------------------------------------------------------------------------------


@router.get("/auction-lots/{lot_id}/bidders", response={200: list[LotBidderOut], **PROBLEMS})
@api(READ)
def list_auction_bidders(request: HttpRequest, by: Actor, lot_id: Number) -> object:
    """Who registered for a lot: for the exchange centre all, for others only themselves."""
    row = _lot(by, lot_id)
    if by.is_staff:
        access.must_run_exchange(by)
        return [_bidder_out(one.row) for one in queries.bidders_of(row)]
    return [_bidder_out(one) for one in queries.own_bidders(by) if one.lot_id == row.pk]


@router.post("/auction-lots/{lot_id}/bidders", response=BIDDER)
@api(WRITE)
def apply_to_bid(
    request: HttpRequest,
    by: Actor,
    lot_id: Number,
    agent_name: Form[Word],
    agent_phone: Form[Word],
    pre_emption: Form[str] = "",
    namesake_why: Form[str] = "",
    party: Form[int | None] = None,
    mandate: File[UploadedFile | None] = None,
) -> object:
    """Register for a lot; the agent brings a power of attorney unless it is the representative."""
    facts = assets.BidderFacts(agent_name, agent_phone, pre_emption, namesake_why)
    row = assets.apply_to_bid(
        by=by, now=timezone.now(), lot=_lot(by, lot_id), facts=facts, mandate=mandate,
        party=_party(by, party, "party") if by.is_staff else None,
    )  # fmt: skip
    return _bidder_out(row)


@router.post("/auction-bidders/{bidder_id}/pre-emption", response=BIDDER)
@api(WRITE)
def claim_pre_emption(
    request: HttpRequest, by: Actor, bidder_id: Number, said: PreEmptionIn
) -> object:
    """Claim a right of pre-emption before registration closes."""
    row = _bidder(by, bidder_id)
    return _bidder_out(
        assets.claim_pre_emption(by=by, now=timezone.now(), bidder=row, why=said.why)
    )


@router.post("/auction-bidders/{bidder_id}/admit", response=BIDDER)
@api(WRITE)
def admit_bidder(request: HttpRequest, by: Actor, bidder_id: Number, said: AdmitBidderIn) -> object:
    """Let a bidder in once its deposit came."""
    row = assets.admit_bidder(
        by=by, now=timezone.now(), bidder=_bidder(by, bidder_id), rank=said.rank,
        no_rank_why=said.no_rank_why,
    )  # fmt: skip
    return _bidder_out(row)


@router.post("/auction-bidders/{bidder_id}/refuse", response=BIDDER)
@api(WRITE)
def refuse_bidder(request: HttpRequest, by: Actor, bidder_id: Number, said: LotReasonIn) -> object:
    """Do not let a bidder in."""
    row = _bidder(by, bidder_id)
    return _bidder_out(
        assets.refuse_bidder(by=by, now=timezone.now(), bidder=row, reason=said.reason)
    )


@router.post("/auction-bidders/{bidder_id}/leave", response=BIDDER)
@api(WRITE)
def leave_lot(request: HttpRequest, by: Actor, bidder_id: Number) -> object:
    """Withdraw a registration before a bid was made."""
    row = _bidder(by, bidder_id)
    return _bidder_out(assets.leave_lot(by=by, now=timezone.now(), bidder=row))


# Deposits ----------------------------------------------------------------------------------------


@router.post("/auction-deposits/statements", response={200: DepositStatementOut, **PROBLEMS})
@api(WRITE)
def import_deposit_statement(
    request: HttpRequest, by: Actor, paper: File[UploadedFile], account: Form[str] = ""
) -> object:
    """Read a statement of the deposit account in; a payment counts once by the bank's number."""
    row = assets.import_statement(
        by=by, now=timezone.now(), stream=paper,
        file_name=(paper.name or "").replace("\x00", ""), account=account,
    )  # fmt: skip
    return _statement_out(row)


@router.get("/auction-deposits/statements", response={200: list[DepositStatementOut], **PROBLEMS})
@api(READ)
def list_deposit_statements(request: HttpRequest, by: Actor) -> object:
    """Statements read in, the latest first."""
    access.must_run_exchange(by)
    return [_statement_out(row) for row in queries.statements(by)]


@router.get("/auction-deposits/unknown", response={200: list[DepositLineOut], **PROBLEMS})
@api(READ)
def list_unknown_deposits(request: HttpRequest, by: Actor) -> object:
    """Payments nobody knows the bidder of yet."""
    access.must_run_exchange(by)
    return [one.line for one in queries.unknown_money(by)]


def _line(by: Actor, number: int) -> DepositLine:
    access.must_run_exchange(by)
    return found(queries.line_of(by, number))


@router.post("/auction-deposits/{line_id}/match", response={200: DepositLineOut, **PROBLEMS})
@api(WRITE)
def match_deposit(request: HttpRequest, by: Actor, line_id: Number, said: DepositMatchIn) -> object:
    """Say whose deposit a payment is."""
    return assets.match_deposit(
        by=by, now=timezone.now(), line=_line(by, line_id), bidder=_bidder(by, said.bidder),
        why=said.why,
    )  # fmt: skip


@router.post("/auction-deposits/{line_id}/return", response={200: DepositOwedOut, **PROBLEMS})
@api(WRITE)
def return_deposit(
    request: HttpRequest, by: Actor, line_id: Number, said: DepositReturnIn
) -> object:
    """Owe a payment back that is nobody's deposit."""
    return assets.return_deposit(by=by, now=timezone.now(), line=_line(by, line_id), why=said.why)


# Rules -------------------------------------------------------------------------------------------


@router.get("/auction-rules", response={200: list[AuctionRulesOut], **PROBLEMS})
@api(READ)
def list_auction_rules(request: HttpRequest, by: Actor) -> object:
    """Versions of the rules, the one in force first."""
    rows = AuctionRules.objects.filter(zone_id=by.zone_id, released_at__isnull=False)
    return list(rows.order_by("-number"))


@router.post("/auction-rules", response={200: AuctionRulesOut, **PROBLEMS})
@api(WRITE)
def release_auction_rules(request: HttpRequest, by: Actor, said: AuctionRulesIn) -> object:
    """Release a new version; lots put up before keep theirs."""
    return assets.release_auction_rules(
        by=by, now=timezone.now(), name=said.name, reason=said.reason,
        new=terms.changed(queries.rules_now(by), said.values),
    )  # fmt: skip


@router.get("/deposit-account", response={200: DepositAccountOut, **PROBLEMS})
@api(READ)
def read_deposit_account(request: HttpRequest, by: Actor) -> object:
    """Where deposits are paid."""
    return found(queries.deposit_account(by))


@router.post("/deposit-account", response={200: DepositAccountOut, **PROBLEMS})
@api(WRITE)
def keep_deposit_account(request: HttpRequest, by: Actor, said: DepositAccountIn) -> object:
    """Say where deposits are paid; lots announced before keep the account of their notice."""
    return assets.keep_deposit_account(by=by, now=timezone.now(), **said.dict())
