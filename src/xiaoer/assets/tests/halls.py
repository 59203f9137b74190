"""What tests of the hall share: a lot of a firm, bidders with a seat each, and a way to bid."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.contrib.sessions.models import Session
from django.db import connection

from tests.town import NOW
from xiaoer.assets.models import AuctionRules, Bidder, LedgerLine, Lot, Seat
from xiaoer.base.scope import Actor
from xiaoer.registry.tests.people import make_firm

START, STEP, MOST = 1_000_000, 50_000, 100_000_000


class Answer(NamedTuple):
    """What the hall said to one bid; money in fen."""

    place: int
    line: int | None
    outcome: str
    at: datetime | None
    price: int | None
    leader: int | None
    ends_at: datetime | None
    alias: int | None


@dataclass
class TestHall:
    """A lot whose hall is open, and the secrets of its bidders' seats."""

    __test__ = False

    lot: Lot
    bidders: list[Bidder]
    seats: list[str] = field(default_factory=list)

    def bid(self, who: int, yuan: float, ref: uuid.UUID | None = None) -> Answer:
        """One bid of one bidder, by its place among the bidders."""
        return bids([self.lot], [self.seats[who]], [int(yuan * 100)], [ref or uuid.uuid4()])[0]

    def words(self) -> str:
        """The ledger as it is published."""
        lines = LedgerLine.objects.filter(lot=self.lot).order_by("seq")
        return "".join(f"{line.text}\t{bytes(line.hash).hex()}\n" for line in lines)


def bids(
    lots: Sequence[Lot],
    seats: Sequence[str],
    amounts: Sequence[int | None],
    refs: Sequence[uuid.UUID],
) -> list[Answer]:
    """Many bids in one call, answered in the order of the call."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from place_bids(%s::bigint[], %s, %s::bigint[], %s::uuid[])",
            [
                [lot.pk for lot in lots],
                [sha256(seat.encode()).hexdigest() for seat in seats],
                list(amounts),
                list(refs),
            ],
        )
        return sorted(Answer(*row) for row in cursor.fetchall())


def call(function: str, *values: Any) -> Any:
    """What a function of the hall returns."""
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(values))
        cursor.execute(f"select {function}({places})", list(values))
        return cursor.fetchone()[0]


def a_lot(by: Actor) -> Lot:
    """A lot that was noticed, without a hall."""
    rules = AuctionRules.objects.filter(zone_id=by.zone_id).latest("number")
    return Lot.objects.create(
        zone_id=by.zone_id, number=f"T-{uuid.uuid4().hex[:8]}", title="数控车床", description="一台",
        place="一号库", seller=make_firm(by, uuid.uuid4().hex[:12]), contact_name="甲",
        contact_phone="13900000000", rules=rules, state=Lot.State.LIVE, start_fen=START,
        step_fen=STEP, deposit_fen=100_000, opened_at=NOW,
    )  # fmt: skip


def a_hall(
    by: Actor,
    bidders: int = 2,
    *,
    opens: float = -60,
    free: float = -30,
    ends: float = 600,
    extend: int = 120,
    must_free: bool = False,
    reserve: tuple[int, str] | None = None,
    ranks: Sequence[int | None] = (),
    most: int = MOST,
) -> TestHall:
    """An open hall; moments in seconds from now."""
    lot = a_lot(by)
    if reserve:
        call("seal_reserve", lot.pk, *reserve)
        lot.reserve_hash = sha256(f"{reserve[1]}|{reserve[0]}".encode()).hexdigest()
        Lot.objects.filter(pk=lot.pk).update(reserve_hash=lot.reserve_hash, reserve="secret")
    now = call("hall_now", by.zone_id)
    opens_at, free_until, ends_at = (now + timedelta(seconds=s) for s in (opens, free, ends))
    call(
        "open_hall", lot.pk, opens_at, free_until, ends_at, extend, must_free, START, STEP, most,
        lot.number, lot.reserve_hash,
    )  # fmt: skip
    hall = TestHall(lot, [])
    for n in range(bidders):
        _admit(by, hall, ranks[n] if n < len(ranks) else None)
    return hall


def _admit(by: Actor, hall: TestHall, rank: int | None) -> None:
    number = len(hall.bidders) + 1
    bidder = Bidder.objects.create(
        zone_id=by.zone_id, lot=hall.lot, party=make_firm(by, uuid.uuid4().hex[:12]),
        agent_name="乙", agent_phone="13900000001", alias=number, rank=rank,
        state=Bidder.State.ADMITTED, deposit_code=uuid.uuid4().hex[:12], applied_at=NOW,
    )  # fmt: skip
    hall.bidders.append(bidder)
    hall.seats.append(seat(by, bidder))
    call("admit_to_hall", bidder.pk)


def seat(by: Actor, bidder: Bidder) -> str:
    """The secret of a new seat of a session that is signed in."""
    key, secret = uuid.uuid4().hex, uuid.uuid4().hex
    _session(key)
    Seat.objects.create(
        zone_id=by.zone_id, bidder=bidder, key_hash=sha256(secret.encode()).hexdigest(),
        session_key=key, taken_at=NOW,
    )  # fmt: skip
    return secret


def _session(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        Session.objects.create(
            session_key=key, session_data="", expire_date=NOW + timedelta(days=3650)
        )
        cursor.execute("select set_config('role', 'xiaoer_app', true)")
