"""Questions anybody may ask of an auction: what is announced, how a lot stands, who bids as a number.

Row security keeps back drafts. Names of sellers and lines of the ledger are fetched on behalf of the
asker, for lots it has found itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.models import AuctionRules, Bidder, Hall, LedgerLine, Lot, LotFile
from xiaoer.base.models import StoredFile, Zone
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Party

# Not a key anybody holds: who reads a public page is nobody in particular.
ANYBODY = "anybody"
LADDER = 20
LATELY = 6
STEP = 24
HIDDEN = (Lot.State.DRAFT, Lot.State.SUBMITTED, Lot.State.CHECKED)
OPEN = (Lot.State.NOTICED, Lot.State.LIVE)


class Phase(models.TextChoices):
    """竞价阶段: how a lot stands by the clock of its hall."""

    BEFORE = "before", _("not open yet")
    FREE = "free", _("free bidding")
    TIMED = "timed", _("timed bidding")
    PAUSED = "paused", _("paused")
    SOLD = "sold", _("knocked down")
    NO_BID = "no_bid", _("no bid came")
    BELOW = "below", _("reserve not reached")
    STOPPED = "stopped", _("withdrawn")
    NO_SALE = "no_sale", _("not sold")
    DEFAULT = "default", _("buyer in default")

    @property
    def is_open(self) -> bool:
        return self in (Phase.FREE, Phase.TIMED, Phase.PAUSED)

    @property
    def is_over(self) -> bool:
        return self not in (Phase.BEFORE, Phase.FREE, Phase.TIMED, Phase.PAUSED)


# What became of a sale after the hammer, as the live address and the page's script say it.
SALES = {Phase.SOLD: "stands", Phase.NO_SALE: "none", Phase.DEFAULT: "default"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lot stands at a moment of its hall; ``until`` is what its clock runs to."""

    phase: Phase
    until: datetime | None = None
    price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class ShownLot:
    """A lot as everybody sees it."""

    lot: Lot
    hall: Hall | None
    standing: Standing
    seller: str
    pictures: tuple[int, ...]
    # Until when a firm may still register; none where that is over.
    registers_until: datetime | None

    @property
    def price_fen(self) -> int:
        return self.standing.price_fen or self.lot.start_fen


@dataclass(frozen=True, slots=True)
class Rung:
    """A line of the ladder: an accepted bid under its bidder's number."""

    place: int
    seq: int
    alias: int
    at: datetime
    amount_fen: int
    has_right: bool
    hash: str


@dataclass(frozen=True, slots=True)
class HostAct:
    """A pause, its end, or the end of all, as the ledger has it."""

    at: datetime
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What the public list shows; ``older`` leads on where more lots are over."""

    live: list[ShownLot]
    coming: list[ShownLot]
    over: list[ShownLot]
    older: int | None


@dataclass(frozen=True, slots=True)
class OpenLots:
    """How many lots are bid on now, and how many are announced for later."""

    live: int
    coming: int


def zones() -> QuerySet[Zone]:
    return Zone.objects.order_by("id")


def anybody(zone: Zone) -> Actor:
    """Who looks at a public page of a zone: the outside role, of no party."""
    return Actor(zone_id=zone.pk, key=ANYBODY, name=zone.name)


def anybody_in(zone_code: str, **_rest: object) -> Actor | None:
    """``anybody`` of the zone an address names."""
    zone = Zone.objects.filter(code=zone_code).first()
    return None if zone is None else anybody(zone)


def hall_clock(*, zone_id: int) -> datetime:
    """The time of the halls of a zone: the database's, moved only in a demo zone."""
    with connection.cursor() as cursor:
        cursor.execute("select hall_now(%s)", [zone_id])
        now: datetime = cursor.fetchone()[0]
    return now


# How a lot stands ---------------------------------------------------------------------------------


def standing(lot: Lot, hall: Hall | None, now: datetime) -> Standing:
    """The phase by the hall's clock; a lot's own state follows it only when its result is taken."""
    if hall is None:
        over = lot.state == Lot.State.WITHDRAWN
        return Standing(Phase.STOPPED if over else Phase.BEFORE, lot.opens_at)
    if hall.ended_at is not None or (now >= hall.ends_at and hall.paused_at is None):
        # After a default the next bidder may have bought at its own last bid.
        return Standing(_ending(lot, hall), None, lot.price_fen or hall.price_fen)
    if hall.paused_at is not None:
        return Standing(Phase.PAUSED, _next(hall, hall.paused_at), hall.price_fen)
    if now < hall.opens_at:
        return Standing(Phase.BEFORE, hall.opens_at)
    phase = Phase.FREE if now < hall.free_until else Phase.TIMED
    return Standing(phase, _next(hall, now), hall.price_fen)


def _ending(lot: Lot, hall: Hall) -> Phase:
    if hall.result == "stopped":
        return Phase.STOPPED
    if hall.price_fen is None:
        return Phase.NO_BID
    if not hall.is_reserve_met:
        return Phase.BELOW
    return after_hammer(lot.state, has_buyer=lot.winner_id is not None)


def after_hammer(state: str, *, has_buyer: bool) -> Phase:
    """What became of a lot that was knocked down, by its state and whether it has a buyer: by the
    rules or after an objection nobody may have bought."""
    if state == Lot.State.DEFAULTED:
        return Phase.DEFAULT
    return Phase.SOLD if state in OPEN or has_buyer else Phase.NO_SALE


def _next(hall: Hall, at: datetime) -> datetime:
    """What the clock of a hall runs to."""
    return next((one for one in (hall.opens_at, hall.free_until) if at < one), hall.ends_at)


def left_when_paused(hall: Hall) -> timedelta:
    """The time that stands still with a hall."""
    return _next(hall, hall.paused_at) - hall.paused_at if hall.paused_at else timedelta()


# Lists --------------------------------------------------------------------------------------------


def open_lots(*, by: Actor) -> OpenLots:
    """How many lots of a zone wait for bidders."""
    now = hall_clock(zone_id=by.zone_id)
    rows = Lot.objects.filter(zone_id=by.zone_id, state__in=OPEN, hall__ended_at__isnull=True)
    live = rows.filter(hall__opens_at__lte=now).count()
    return OpenLots(live, rows.count() - live)


def listed(*, by: Actor, words: str = "", before: int | None = None) -> Listed:
    """What is bid on now, what will be, and what is over, the latest first."""
    now = hall_clock(zone_id=by.zone_id)
    rows = _rows(by, words)
    is_over = ~Q(state__in=OPEN) | Q(hall__ended_at__isnull=False)
    is_live = Q(hall__opens_at__lte=now)
    over = list(_over(rows.filter(is_over), before)[: (STEP if before else LATELY) + 1])
    shown, more = _cut(over, STEP if before else LATELY)
    if before is not None:
        return Listed([], [], _shown(by, shown, now), more)
    still = rows.exclude(is_over)
    live = list(still.filter(is_live).order_by("hall__ends_at", "id"))
    coming = list(still.exclude(is_live).order_by("opens_at", "id"))
    told = {one.lot.pk: one for one in _shown(by, [*live, *coming, *shown], now)}
    return Listed(
        [told[one.pk] for one in live],
        [told[one.pk] for one in coming],
        [told[one.pk] for one in shown],
        more,
    )


def _rows(by: Actor, words: str) -> QuerySet[Lot]:
    rows = Lot.objects.filter(zone_id=by.zone_id).exclude(state__in=HIDDEN)
    rows = rows.select_related("hall", "deposit_account")
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(number__icontains=words) | Q(sort__icontains=words)
        )
    return rows


def _over(rows: QuerySet[Lot], before: int | None) -> QuerySet[Lot]:
    """The latest first; ``before`` is the number of the last lot of the page before."""
    ended = Coalesce("hall__ended_at", "closed_at", "opened_at")
    rows = rows.annotate(over_at=ended).order_by("-over_at", "-id")
    if before is None:
        return rows
    last = rows.filter(pk=before).first()
    if last is None:
        return rows
    return rows.filter(Q(over_at__lt=last.over_at) | Q(over_at=last.over_at, pk__lt=before))


def _cut(rows: list[Lot], most: int) -> tuple[list[Lot], int | None]:
    return rows[:most], rows[most - 1].pk if len(rows) > most else None


def _shown(by: Actor, lots: Sequence[Lot], now: datetime) -> list[ShownLot]:
    pictures = _pictures(by, [lot.pk for lot in lots])
    names = _names(by, {lot.seller_id for lot in lots})
    return [
        ShownLot(
            lot,
            hall := hall_of(lot),
            standing(lot, hall, now),
            names.get(lot.seller_id, ""),
            tuple(pictures.get(lot.pk, ())),
            lot.register_until if lot.register_until and now < lot.register_until else None,
        )
        for lot in lots
    ]


def hall_of(lot: Lot) -> Hall | None:
    return getattr(lot, "hall", None)


def _pictures(by: Actor, lots: list[int]) -> dict[int, list[int]]:
    rows = LotFile.objects.filter(
        zone_id=by.zone_id, lot__in=lots, kind=LotFile.Kind.PICTURE, removed_at__isnull=True
    )
    found: dict[int, list[int]] = {}
    for lot, number in rows.order_by("order", "id").values_list("lot_id", "pk"):
        found.setdefault(lot, []).append(number)
    return found


def _names(by: Actor, parties: Iterable[int]) -> dict[int, str]:
    """Names of sellers: they stand in the notice, though no row of theirs is public."""
    with on_behalf(by):
        rows = Party.objects.filter(zone_id=by.zone_id, pk__in=set(parties))
        return dict(rows.values_list("pk", "name"))


# One lot ------------------------------------------------------------------------------------------


def shown_lot(*, by: Actor, lot_id: int) -> ShownLot | None:
    """A lot that is announced or later, as anybody may see it."""
    lot = _rows(by, "").filter(pk=lot_id).first()
    if lot is None:
        return None
    return _shown(by, [lot], hall_clock(zone_id=by.zone_id))[0]


def rules_of(*, by: Actor, lot: Lot) -> AuctionRules:
    """The version of the rules a lot was announced under: it stands in the notice."""
    with on_behalf(by):
        return AuctionRules.objects.get(zone_id=by.zone_id, pk=lot.rules_id)


def picture_of(*, by: Actor, lot_id: int, picture_id: int) -> tuple[LotFile, StoredFile] | None:
    """A public picture of a lot and its file."""
    row = LotFile.objects.filter(
        zone_id=by.zone_id,
        lot_id=lot_id,
        pk=picture_id,
        kind=LotFile.Kind.PICTURE,
        removed_at__isnull=True,
    ).first()
    if row is None:
        return None
    with on_behalf(by):
        return row, StoredFile.objects.get(zone_id=by.zone_id, pk=row.file_id)


def announcement_of(*, by: Actor, lot: Lot) -> LotFile | None:
    """The paper a lot was announced by. The lot was found as anybody sees it, and so is its notice."""
    with on_behalf(by):
        rows = LotFile.objects.filter(zone_id=by.zone_id, lot=lot, kind=LotFile.Kind.NOTICE)
        return rows.select_related("file").order_by("-id").first()


def ladder(*, by: Actor, lot: Lot, most: int = LADDER) -> list[Rung]:
    """The last accepted bids, the highest first, under the numbers of their bidders."""
    hall = hall_of(lot)
    if hall is None:
        return []
    with on_behalf(by):
        rows = list(
            LedgerLine.objects.filter(zone_id=by.zone_id, lot=lot, kind="bid", outcome="accepted")
            .select_related("bidder")
            .order_by("-seq")[:most]
        )
    return [
        Rung(
            hall.bids - place, row.seq, row.bidder.alias or 0, row.at, row.amount_fen or 0,
            row.bidder.rank is not None, bytes(row.hash).hex()[:16],
        )
        for place, row in enumerate(rows)
        if row.bidder is not None
    ]  # fmt: skip


# What the host did, and where its words stand in a line of the ledger.
SAID_AT = {"pause": 3, "resume": 6, "end": 8}


def host_acts(*, by: Actor, lot: Lot, most: int = 5) -> list[HostAct]:
    """What the host did in a hall and why, the latest first; everybody reads it."""
    if hall_of(lot) is None:
        return []
    with on_behalf(by):
        lines = list(
            LedgerLine.objects.filter(zone_id=by.zone_id, lot=lot)
            .filter(Q(kind__in=["pause", "resume"]) | Q(kind="end", outcome="stopped"))
            .order_by("-seq")[:most]
        )
    return [HostAct(line.at, line.kind, line.text.split("|")[SAID_AT[line.kind]]) for line in lines]


# A bidder's own -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MyLot:
    """A lot and how we stand in it."""

    shown: ShownLot
    bidder: Bidder

    @property
    def won(self) -> bool:
        """Whether we are the buyer: since the result was taken that of the lot, which after a default
        may be another than who led."""
        winner = self.shown.lot.winner_id
        return self.leads if winner is None else winner == self.bidder.pk

    @property
    def leads(self) -> bool:
        hall = self.shown.hall
        return hall is not None and hall.leader_id == self.bidder.pk


def my_bidder(*, by: Actor, lot_id: int) -> Bidder | None:
    """Our registration for a lot, found as we see it."""
    rows = Bidder.objects.filter(zone_id=by.zone_id, lot_id=lot_id, party_id=by.party_ref or 0)
    return rows.first()


def my_lots(*, by: Actor) -> list[MyLot]:
    """The lots we registered for, the latest first."""
    mine = Bidder.objects.filter(zone_id=by.zone_id, party_id=by.party_ref or 0)
    rows = list(mine.order_by("-applied_at")[:STEP])
    lots = _rows(by, "").filter(pk__in=[row.lot_id for row in rows])
    shown = {one.lot.pk: one for one in _shown(by, list(lots), hall_clock(zone_id=by.zone_id))}
    return [MyLot(shown[row.lot_id], row) for row in rows if row.lot_id in shown]


def has_bid(*, by: Actor, bidder: Bidder) -> bool:
    """Whether a bid of ours counts in the ledger: then nobody withdraws."""
    with on_behalf(by):
        lines = LedgerLine.objects.filter(zone_id=by.zone_id, lot_id=bidder.lot_id, bidder=bidder)
        return lines.filter(outcome="accepted").exists()
