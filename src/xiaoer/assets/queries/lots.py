"""Questions about lots: lists, one lot with its files and bidders, whose money waits, the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from xiaoer.assets.auction import terms
from xiaoer.assets.auction.statements import is_same_name, plain_signs
from xiaoer.assets.models import (
    AuctionRules,
    Bidder,
    DepositAccount,
    DepositLine,
    DepositStatement,
    LedgerLine,
    Lot,
    LotFile,
    Refund,
)
from xiaoer.assets.queries.shown_lots import Phase, Standing, hall_clock, hall_of, standing
from xiaoer.base.models import StoredFile
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.work.models import Task

State = Lot.State
# Digits of the number of an account; with fewer it was hidden in part, or a name was typed.
LEAST_ACCOUNT = 8
# How lists are narrowed: what has to be done, what runs, what is over.
GROUPS = {
    "preparing": (State.DRAFT, State.SUBMITTED, State.CHECKED),
    "announced": (State.NOTICED, State.LIVE),
    "settling": (
        State.ENDED, State.CONFIRMED, State.PUBLISHED, State.PAID, State.HANDED_OVER,
        State.DEFAULTED,
    ),
    "over": (State.CLOSED, State.PASSED_IN, State.WITHDRAWN),
}  # fmt: skip
# The way of a lot, as its page draws it.
STEPS = (
    State.DRAFT, State.SUBMITTED, State.CHECKED, State.NOTICED, State.LIVE, State.ENDED,
    State.CONFIRMED, State.PAID, State.CLOSED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LotFilter:
    """What a list is narrowed by; ``text``: a part of title, number or sort."""

    group: str = ""
    text: str = ""
    seller: int | None = None


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot in a list: how many registered and were let in, what is bid, what comes when.

    ``phase``: of one that is announced or bid on, by the clock of its hall; of any other ``task`` is
    what is to be done next.
    """

    row: Lot
    registered: int
    admitted: int
    price_fen: int | None
    phase: Phase | None
    next_at: datetime | None
    task: str
    bids: int
    seller_name: str

    @property
    def start_yuan(self) -> Decimal:
        return Decimal(self.row.start_fen) / 100

    @property
    def price_yuan(self) -> Decimal | None:
        return None if self.price_fen is None else Decimal(self.price_fen) / 100


@dataclass(frozen=True, slots=True)
class BidderLine:
    """A bidder of a lot with what came for it; ``in_time_fen`` until deposits had to be there."""

    row: Bidder
    in_time_fen: int
    is_there: bool
    has_bid: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a lot's way: passed, present, or to come."""

    state: Lot.State
    is_done: bool
    is_now: bool

    @property
    def label(self) -> str:
        return Lot.said(self.state)


@dataclass(frozen=True, slots=True)
class UnknownMoney:
    """A line nobody's yet, and the bidders its payer's name or its amount make likely; where a code
    stands in its remark, whose it is: somebody else paid."""

    line: DepositLine
    likely: tuple[Bidder, ...]
    is_coded: bool = False


def lots(by: Actor, wanted: LotFilter | None = None) -> QuerySet[Lot]:
    """Lots as the asker sees them, the nearest moment first within its group."""
    asked = wanted or LotFilter()
    rows = Lot.objects.filter(zone_id=by.zone_id).select_related("seller", "hall", "rules")
    if asked.group in GROUPS:
        rows = rows.filter(state__in=GROUPS[asked.group])
    if asked.seller is not None:
        rows = rows.filter(seller_id=asked.seller)
    if asked.text:
        rows = rows.filter(
            Q(title__icontains=asked.text)
            | Q(number__icontains=asked.text)
            | Q(sort__icontains=asked.text)
        )
    return rows.order_by("-opened_at", "-pk")


def lines(rows: Sequence[Lot]) -> list[LotLine]:
    """Lots with their counts, in as many questions for a hundred as for one."""
    counts = {
        one["lot"]: one
        for one in Bidder.objects.filter(lot__in=[row.pk for row in rows])
        .values("lot")
        .annotate(
            registered=Count("pk", filter=~Q(state__in=("left", "refused"))),
            admitted=Count("pk", filter=Q(state="admitted")),
        )
    }
    tasks = _next_tasks(rows)
    now = hall_clock(zone_id=rows[0].zone_id) if rows else None
    return [_line(row, counts.get(row.pk), tasks.get(row.matter_id or 0), now) for row in rows]


def _next_tasks(rows: Sequence[Lot]) -> dict[int, Task]:
    """The most urgent thing to be done of each matter."""
    matters = [row.matter_id for row in rows if row.matter_id]
    found: dict[int, Task] = {}
    tasks = Task.objects.filter(matter__in=matters, state=Task.State.OPEN)
    for task in tasks.order_by(F("due_at").asc(nulls_last=True), "pk"):
        found.setdefault(task.matter_id, task)
    return found


def _line(
    row: Lot, counted: Mapping[str, Any] | None, task: Task | None, now: datetime | None
) -> LotLine:
    hall = hall_of(row)
    stands = None
    if now is not None and row.state in GROUPS["announced"]:
        stands = standing(row, hall, now)
    phase = stands.phase if stands and not stands.phase.is_over else None
    next_at = task.due_at if task else None
    if stands is not None and phase is not None:
        next_at = None if phase is Phase.PAUSED else stands.until
    return LotLine(
        row, counted["registered"] if counted else 0, counted["admitted"] if counted else 0,
        hall.price_fen if hall else None, phase, next_at, task.kind if task else "",
        hall.bids if hall else 0, row.seller.name,
    )  # fmt: skip


def group_counts(by: Actor) -> dict[str, int]:
    """How many lots stand in each group."""
    of_state = dict(
        Lot.objects.filter(zone_id=by.zone_id)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    return {name: sum(of_state.get(one, 0) for one in states) for name, states in GROUPS.items()}


def lot_of(by: Actor, number: int) -> Lot | None:
    """One lot as the asker sees it."""
    return (
        Lot.objects.filter(zone_id=by.zone_id, pk=number)
        .select_related(
            "rules", "matter", "hall", "host__office", "host__post__person", "deposit_account"
        )
        .first()
    )


def own_lots(by: Actor) -> QuerySet[Lot]:
    """What the asker's own firm put up."""
    return lots(by, LotFilter(seller=by.party_ref or 0)).select_related(None).select_related("hall")


def own_standings(by: Actor, most: int = 200) -> list[tuple[Lot, Standing | None]]:
    """What the asker's own firm put up, each with how it stands by the clock while it is announced
    or bid on."""
    now = hall_clock(zone_id=by.zone_id)
    return [
        (row, standing(row, hall_of(row), now) if row.state in GROUPS["announced"] else None)
        for row in own_lots(by)[:most]
    ]


def files_of(lot: Lot) -> list[LotFile]:
    """Pictures and papers of a lot the asker sees, pictures first."""
    rows = LotFile.objects.filter(zone_id=lot.zone_id, lot=lot, removed_at__isnull=True)
    rows = rows.exclude(kind=LotFile.Kind.NOTICE)  # anybody's, and shown beside
    order = {"picture": 0, "title": 1}
    return sorted(rows, key=lambda one: (order.get(one.kind, 2), one.order))


def file_of(by: Actor, number: int) -> LotFile | None:
    """A file of a lot, as far as the asker sees it."""
    return LotFile.objects.filter(zone_id=by.zone_id, pk=number).first()


def bytes_behind(by: Actor, file: LotFile) -> StoredFile:
    """What is kept of a file the asker sees; fetched for it, since outside sees no store."""
    with on_behalf(by):
        return StoredFile.objects.get(zone_id=by.zone_id, pk=file.file_id)


def steps_of(lot: Lot) -> list[Step]:
    """The way of a lot with where it stands; one that left the way shows how far it came."""
    standing = {State.PUBLISHED: State.CONFIRMED, State.HANDED_OVER: State.PAID}
    here = standing.get(State(lot.state), State(lot.state))
    is_over = lot.state == State.CLOSED and lot.winner_id is not None
    is_here = here in STEPS and lot.state != State.CLOSED
    place = STEPS.index(here) if is_here else _reached(lot)
    return [Step(one, n < place or is_over, n == place and is_here) for n, one in enumerate(STEPS)]


def _reached(lot: Lot) -> int:
    """How far a lot came that was withdrawn, passed in, or whose buyer did not pay."""
    if lot.confirmed_at:
        return STEPS.index(State.CONFIRMED) + 1
    if lot.ended_at or lot.state in (State.PASSED_IN, State.CLOSED):
        return STEPS.index(State.ENDED) + 1
    if lot.noticed_at:
        return STEPS.index(State.NOTICED) + 1
    return STEPS.index(State.CHECKED) + 1 if lot.checked_at else 1


def bidders_of(lot: Lot) -> list[BidderLine]:
    """Who registered for a lot, in the order of coming, with what came for each in time."""
    came = DepositLine.objects.filter(bidder=OuterRef("pk"), refund__isnull=True)
    if lot.deposit_until is not None:
        came = came.filter(at__lte=lot.deposit_until)
    total = came.order_by().values("bidder").annotate(total=Sum("amount_fen")).values("total")
    bid = LedgerLine.objects.filter(lot=lot, bidder=OuterRef("pk"), outcome="accepted")
    rows = (
        Bidder.objects.filter(zone_id=lot.zone_id, lot=lot)
        .annotate(came=Subquery(total), has_bid=Exists(bid))
        .select_related("party", "mandate", "decided_by__person")
        .order_by("applied_at", "pk")
    )
    return [
        BidderLine(row, row.came or 0, (row.came or 0) >= lot.deposit_fen, row.has_bid)
        for row in rows
    ]


def bidder_of(by: Actor, number: int) -> Bidder | None:
    """One bidder as the asker sees it: outside only one's own."""
    return (
        Bidder.objects.filter(zone_id=by.zone_id, pk=number)
        .select_related("lot__rules", "mandate")
        .first()
    )


def own_bidders(by: Actor) -> list[Bidder]:
    """What the asker's own firm registered for."""
    return list(
        Bidder.objects.filter(zone_id=by.zone_id, party_id=by.party_ref or 0)
        .select_related("lot")
        .order_by("-applied_at", "-pk")
    )


# Deposits ----------------------------------------------------------------------------------------


def statements(by: Actor, most: int = 50) -> list[DepositStatement]:
    """Statements read in, the latest first."""
    rows = DepositStatement.objects.filter(zone_id=by.zone_id).select_related("by_post__person")
    return list(rows.order_by("-at", "-pk")[:most])


def statement_of(by: Actor, number: int) -> DepositStatement | None:
    return (
        DepositStatement.objects.filter(zone_id=by.zone_id, pk=number)
        .select_related("by_post__person")
        .first()
    )


def deposit_lines(by: Actor, statement: DepositStatement | None = None) -> QuerySet[DepositLine]:
    """Money that came, of one statement or of all, the latest first."""
    rows = DepositLine.objects.filter(zone_id=by.zone_id).select_related(
        "bidder__party", "bidder__lot"
    )
    if statement is not None:
        rows = rows.filter(statement=statement)
    return rows.order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as a sheet shows it, with whose deposit it is where that is known."""

    line: DepositLine

    @property
    def yuan(self) -> Decimal:
        return Decimal(self.line.amount_fen) / 100

    @property
    def lot(self) -> str:
        return self.line.bidder.lot.number if self.line.bidder else ""

    @property
    def bidder(self) -> str:
        return self.line.bidder.party.name if self.line.bidder else ""


def payments(by: Actor, most: int = 20_000) -> list[Payment]:
    """All money that came, for a sheet."""
    return [Payment(line) for line in deposit_lines(by)[:most]]


def line_of(by: Actor, number: int) -> DepositLine | None:
    return DepositLine.objects.filter(zone_id=by.zone_id, pk=number).first()


def unknown_money(by: Actor, most: int = 100) -> list[UnknownMoney]:
    """Lines nobody's yet, each with the bidders who may have paid it."""
    owed = Refund.objects.filter(line=OuterRef("pk"))
    waiting = list(
        DepositLine.objects.filter(zone_id=by.zone_id, bidder=None)
        .exclude(Exists(owed))
        .order_by("-at", "-pk")[:most]
    )
    open_bidders = bidders_waiting(by)
    return [_unknown(line, open_bidders) for line in waiting]


def _unknown(line: DepositLine, bidders: list[Bidder]) -> UnknownMoney:
    signs = plain_signs(line.remark)
    coded = tuple(one for one in bidders if plain_signs(one.deposit_code) in signs)
    if coded:
        return UnknownMoney(line, coded[:5], is_coded=True)
    likely = (
        one
        for one in bidders
        if is_same_name(line.payer, one.party.name)
        or (one.paid_fen == 0 and one.lot.deposit_fen == line.amount_fen)
    )
    return UnknownMoney(line, tuple(likely)[:5])


def bidders_waiting(by: Actor) -> list[Bidder]:
    """Who registered for a lot that is announced and is not out."""
    return list(
        Bidder.objects.filter(
            zone_id=by.zone_id,
            lot__state__in=GROUPS["announced"],
            state__in=("applied", "admitted"),
        )
        .select_related("party", "lot")
        .order_by("lot__number", "pk")
    )


# Rules -------------------------------------------------------------------------------------------


def deposit_account(by: Actor) -> DepositAccount | None:
    """Where the deposits of lots announced now are paid."""
    rows = DepositAccount.objects.filter(zone_id=by.zone_id, until__isnull=True)
    return rows.select_related("by_post__person").first()


def is_of_another_account(by: Actor, statement: DepositStatement) -> bool:
    """Whether a statement names an account no deposit of the zone was ever to be paid to."""
    here = _digits(statement.account)
    ours = DepositAccount.objects.filter(zone_id=by.zone_id).values_list("number", flat=True)
    known = {_digits(number) for number in ours}
    return len(here) >= LEAST_ACCOUNT and bool(known) and here not in known


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def rules_versions(by: Actor) -> list[AuctionRules]:
    """Versions of the rules, the one in force first, each with how many lots it has."""
    return list(
        AuctionRules.objects.filter(zone_id=by.zone_id, released_at__isnull=False)
        .select_related("released_by__person")
        .annotate(lots_under=Count("lots"))
        .order_by("-number")
    )


def rules_now(by: Actor) -> terms.Terms:
    """The terms in force, or what a zone would begin with."""
    found = rules_versions(by)
    return terms.read(found[0].body) if found else terms.DEFAULT
