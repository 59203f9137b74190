"""A lot in the hall as its host sees it, and after it: the sale, its money, what is owed to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from xiaoer.assets.models import (
    Bidder,
    Flag,
    Hall,
    LedgerLine,
    Lot,
    LotFile,
    LotObjection,
    LotPayment,
    Refund,
    SecondChance,
    Watching,
)
from xiaoer.base.scope import Actor, on_behalf

LADDER = 30


class Phase(StrEnum):
    """Where a hall is, by its own clock."""

    BEFORE = "before"
    FREE = "free"
    TIMED = "timed"
    PAUSED = "paused"
    OVER = "over"


def lot_of(*, by: Actor, lot_id: int) -> Lot | None:
    """A lot of the zone with all a page says of it."""
    return (
        Lot.objects.filter(zone_id=by.zone_id, pk=lot_id)
        .select_related(
            "seller", "rules", "matter", "winner__party", "hall", "confirmed_by__person"
        )
        .first()
    )


def lot_seen(*, by: Actor, lot_id: int) -> Lot | None:
    """A lot as the asker sees it, a party from outside too, to whom the others' rows are hidden."""
    return Lot.objects.filter(zone_id=by.zone_id, pk=lot_id).first()


def phase_of(hall: Hall, now: datetime) -> Phase:
    if hall.ended_at is not None or (hall.paused_at is None and now >= hall.ends_at):
        return Phase.OVER
    if hall.paused_at is not None:
        return Phase.PAUSED
    if now < hall.opens_at:
        return Phase.BEFORE
    return Phase.FREE if now < hall.free_until else Phase.TIMED


@dataclass(frozen=True, slots=True)
class Seal:
    """The last line of a ledger that is closed: whoever has this hash has them all."""

    seq: int
    hash: str
    at: datetime


def seal_of(lot: Lot) -> Seal | None:
    line = LedgerLine.objects.filter(lot=lot, kind="end").first()
    return Seal(line.seq, bytes(line.hash).hex(), line.at) if line else None


def published_seal(hall: Hall | None) -> Seal | None:
    """What the verifier prints at the end: the last hash of a ledger that is closed.

    Bids that came too late still stand in it, each refused.
    """
    if hall is None or hall.ended_at is None:
        return None
    return Seal(hall.seq, bytes(hall.head).hex(), hall.ended_at)


def published_lines(*, lot_id: int, after: int, most: int = 5000) -> list[tuple[int, str, str]]:
    """Lines of a ledger that was closed, as anybody may read them; none of any other."""
    with connection.cursor() as cursor:
        cursor.execute("select * from published_ledger(%s, %s, %s)", [lot_id, after, most])
        return list(cursor.fetchall())


# The host's console ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """A line of the hall as the host reads it: with the firm behind the number."""

    seq: int
    kind: str
    alias: int | None
    firm: str
    amount_fen: int | None
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A bidder in the hall."""

    bidder: Bidder
    highest_fen: int | None
    bids: int
    seen_at: datetime | None
    places: int


@dataclass(frozen=True, slots=True)
class Console:
    """The hall of one lot at one moment of its own clock."""

    hall: Hall
    now: datetime
    phase: Phase
    leader: str
    rungs: Sequence[Rung]
    bidders: Sequence[Standing]
    flags: Sequence[Flag]
    watchers: int

    @property
    def open_flags(self) -> int:
        return sum(flag.cleared_at is None for flag in self.flags)

    @property
    def seconds(self) -> int:
        """What is left until the next turn: the opening, the timed bidding, or the end."""
        if self.phase == Phase.OVER:
            return 0
        hall, at = self.hall, self.hall.paused_at or self.now
        turns = (hall.opens_at, hall.free_until)
        until = next((turn for turn in turns if at < turn), hall.ends_at)
        return max(int((until - at).total_seconds()), 0)


def console_of(*, lot: Lot) -> Console | None:
    """What the host sees: seven questions, however long the bidding lasts."""
    hall = Hall.objects.filter(lot=lot).select_related("leader__party").first()
    if hall is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select hall_now(%s)", [lot.zone_id])
        now: datetime = cursor.fetchone()[0]
    lines = (
        LedgerLine.objects.filter(lot=lot).select_related("bidder__party").order_by("-seq")[:LADDER]
    )
    bidders = _standings(lot)
    known = {one.bidder.alias or 0: one.bidder.party.name for one in bidders}
    return Console(
        hall=hall,
        now=now,
        phase=phase_of(hall, now),
        leader=hall.leader.party.name if hall.leader else "",
        rungs=[_rung(line, known) for line in lines],
        bidders=bidders,
        flags=flags_of(lot),
        watchers=watchers_of(lot),
    )


def watchers_of(lot: Lot) -> int:
    """How many follow a hall through open streams, by what every process of the server said lately;
    who only asks for pictures of the moment, or is served by a cache before the server, is not in
    it. The database's own clock, not the hall's, which in a demo may run ahead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(a.watchers), 0) from auction_audience a where a.lot_id = %s"
            " and a.at > clock_timestamp() - interval '30 seconds'",
            [lot.pk],
        )
        return int(cursor.fetchone()[0])


def _rung(line: LedgerLine, known: Mapping[int, str]) -> Rung:
    alias, firm = None, ""
    if line.bidder:
        alias, firm = line.bidder.alias, line.bidder.party.name
    elif line.kind == "admit":
        # Whom the line is about stands in its words alone.
        alias = int(line.text.split("|")[3])
        firm = known.get(alias, "")
    return Rung(
        seq=line.seq, kind=line.kind, alias=alias, firm=firm, amount_fen=line.amount_fen,
        outcome=line.outcome, at=line.at,
    )  # fmt: skip


def _standings(lot: Lot) -> list[Standing]:
    """Admitted bidders, the highest bid first; who has not bid yet last."""
    bids = {
        number: (most, times)
        for number, most, times in LedgerLine.objects.filter(
            lot=lot, kind="bid", outcome="accepted"
        )
        .values_list("bidder_id")
        .annotate(most=Max("amount_fen"), times=Count("pk"))
    }
    seen = {
        number: (last, places)
        for number, last, places in Watching.objects.filter(bidder__lot=lot)
        .values_list("bidder_id")
        .annotate(last=Max("last_at"), places=Count("address_hash", distinct=True))
    }
    rows = []
    for bidder in Bidder.objects.filter(lot=lot, state=Bidder.State.ADMITTED).select_related(
        "party"
    ):
        highest, times = bids.get(bidder.pk, (None, 0))
        last, places = seen.get(bidder.pk, (None, 0))
        rows.append(Standing(bidder, highest, times, last, places))
    return sorted(rows, key=lambda one: (-(one.highest_fen or 0), one.bidder.alias or 0))


def flags_of(lot: Lot) -> list[Flag]:
    """Doubts about a lot, open ones first."""
    rows = Flag.objects.filter(lot=lot).select_related("cleared_by__person")
    return list(rows.order_by(F("cleared_at").asc(nulls_first=True), "id"))


def flag_of(*, by: Actor, lot: Lot, flag_id: int) -> Flag | None:
    return Flag.objects.filter(zone_id=by.zone_id, lot=lot, pk=flag_id).first()


# After it ----------------------------------------------------------------------------------------


def own_refunds(*, by: Actor, bidder: Bidder) -> list[Refund]:
    """What becomes of a bidder's own deposit."""
    rows = Refund.objects.filter(zone_id=by.zone_id, line__bidder=bidder)
    return list(rows.order_by("id"))


def refunds_of(lot: Lot) -> list[Refund]:
    """What becomes of the deposits of a lot, those that are still to go first."""
    rows = Refund.objects.filter(line__bidder__lot=lot).select_related("line__bidder__party")
    return list(rows.order_by(F("done_on").asc(nulls_first=True), "due_at", "id"))


def payments_of(lot: Lot) -> list[LotPayment]:
    return list(
        LotPayment.objects.filter(lot=lot)
        .select_related("bidder__party", "by_post__person")
        .order_by("paid_on", "id")
    )


def chances_of(lot: Lot) -> list[SecondChance]:
    """Bidders asked after a default, in the order they were asked."""
    return list(SecondChance.objects.filter(lot=lot).select_related("bidder__party").order_by("id"))


def chance_of(*, by: Actor, chance_id: int) -> SecondChance | None:
    """An offer as far as the asker sees it: the exchange every one, a bidder its own."""
    return (
        SecondChance.objects.filter(zone_id=by.zone_id, pk=chance_id)
        .select_related("lot", "bidder")
        .first()
    )


def offers_to(*, by: Actor) -> list[SecondChance]:
    """What the asker's own firm is asked after a default and has not answered, the nearest first."""
    rows = SecondChance.objects.filter(
        zone_id=by.zone_id, bidder__party_id=by.party_ref or 0, state=SecondChance.State.ASKED
    )
    return list(rows.select_related("lot").order_by("due_at", "id"))


# Objections --------------------------------------------------------------------------------------


def objections_of(lot: Lot) -> list[LotObjection]:
    """What was objected to in a lot, open ones first."""
    rows = LotObjection.objects.filter(lot=lot).select_related(
        "bidder__party", "raised_by__person", "decided_by__person"
    )
    return list(rows.order_by(F("decided_at").asc(nulls_first=True), "-id"))


def objection_of(*, by: Actor, objection_id: int) -> LotObjection | None:
    """An objection as far as the asker sees it: the exchange every one, a party its own."""
    rows = LotObjection.objects.filter(zone_id=by.zone_id, pk=objection_id)
    return rows.select_related("lot", "bidder").first()


def bidder_in(*, by: Actor, lot: Lot) -> Bidder | None:
    """The asker's own firm in the hall of a lot."""
    rows = Bidder.objects.filter(zone_id=by.zone_id, lot=lot, party_id=by.party_ref or 0)
    return rows.filter(state=Bidder.State.ADMITTED).first()


def bidder_of_lot(*, by: Actor, lot: Lot, bidder_id: int) -> Bidder | None:
    return Bidder.objects.filter(zone_id=by.zone_id, lot=lot, pk=bidder_id).first()


@dataclass(frozen=True, slots=True)
class ToldObjection:
    """An objection as a party of the lot reads it: its words only where they are its own."""

    row: LotObjection
    is_mine: bool

    @property
    def alias(self) -> int | None:
        """Which bidder; none: the seller."""
        return self.row.bidder.alias if self.row.bidder else None


def told_objections(*, by: Actor, lot: Lot, bidder: Bidder | None) -> list[ToldObjection]:
    """What a party of a lot reads of objections to its result: the seller, or a bidder let in.

    Fetched on behalf of the asker, who was found to be a party: who objects is a number to others.
    """
    with on_behalf(by):
        rows = objections_of(lot)
    mine = bidder.pk if bidder else None
    return [ToldObjection(row, row.bidder_id == mine) for row in rows]


def open_objections(rows: Sequence[LotObjection]) -> list[LotObjection]:
    return [row for row in rows if row.state == LotObjection.State.OPEN]


def is_disputed() -> Exists:
    """Of refunds: whether an objection to the result of its lot holds a deposit back."""
    return Exists(
        LotObjection.objects.filter(
            lot=OuterRef("line__bidder__lot"), state=LotObjection.State.OPEN
        )
    )


def sale_papers(lot: Lot) -> list[LotFile]:
    """The contract and the form of handing over."""
    kinds = (LotFile.Kind.CONTRACT, LotFile.Kind.HANDOVER)
    return list(
        LotFile.objects.filter(lot=lot, kind__in=kinds, removed_at__isnull=True)
        .select_related("file")
        .order_by("id")
    )


# Refunds of the zone -----------------------------------------------------------------------------


class RefundState(StrEnum):
    DUE = "due"
    HELD = "held"
    DONE = "done"
    FORFEITED = "forfeited"


def refunds(*, by: Actor, state: str, query: str = "") -> QuerySet[Refund]:
    """Deposits of all lots: to go back, held by an objection, gone back, or forfeited; the most
    urgent first."""
    rows = Refund.objects.filter(zone_id=by.zone_id).select_related(
        "line__bidder__party", "line__bidder__lot"
    )
    if state == RefundState.FORFEITED:
        rows = rows.filter(kind=Refund.Kind.FORFEITED).order_by("-id")
    elif state == RefundState.DONE:
        rows = rows.filter(kind=Refund.Kind.BACK, done_on__isnull=False).order_by("-done_on", "-id")
    else:
        held = Q(is_disputed()) & Q(line__bidder__state=Bidder.State.ADMITTED)
        rows = rows.filter(kind=Refund.Kind.BACK, done_on__isnull=True).order_by("due_at", "id")
        rows = rows.filter(held) if state == RefundState.HELD else rows.exclude(held)
    if query:
        rows = rows.filter(
            Q(line__payer__icontains=query)
            | Q(line__bidder__lot__number__icontains=query)
            | Q(line__bidder__lot__title__icontains=query)
            | Q(line__bidder__party__name__icontains=query)
        )
    return rows


def due_refunds(*, by: Actor) -> QuerySet[Refund]:
    """What is still to go back, the most urgent first: the list the bank is given."""
    return refunds(by=by, state=RefundState.DUE)


def refund_of(*, by: Actor, refund_id: int) -> Refund | None:
    return (
        Refund.objects.filter(zone_id=by.zone_id, pk=refund_id)
        .select_related("line__bidder__lot")
        .first()
    )
