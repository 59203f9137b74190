"""What tests of lots after the hall share: a lot sold, with deposits, and a paper to keep."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from django.db import transaction

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Bidder, DepositLine, DepositStatement, Hall, Lot
from xiaoer.assets.tests.halls import TestHall, a_hall, bids, call
from xiaoer.base import files
from xiaoer.base.models import Role, StoredFile
from xiaoer.base.scope import Actor

Of = Callable[[str], Actor]
DEPOSIT = 100_000
PAPER = (
    b"%%PDF-1.4\n%% %s\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
)


def exchange(of: Of, zone: str = "east") -> Actor:
    """Somebody of the exchange centre."""
    return replace(of(f"{zone}-desk"), role=Role.EXCHANGE)


def firm_of(bidder: Bidder) -> Actor:
    """Whoever speaks for a bidder."""
    return Actor(
        zone_id=bidder.zone_id, role=Role.ENTERPRISE, party_ref=bidder.party_id, name="赵一"
    )


def paper(by: Actor, name: str = "contract") -> StoredFile:
    return files.keep_file(
        by=by, now=NOW, stream=BytesIO(PAPER % name.encode()), name=f"{name}.pdf"
    )


@dataclass
class Sold:
    """A hall that ended, its lot as it is now, and whoever runs the exchange."""

    by: Actor
    hall: TestHall

    @property
    def lot(self) -> Lot:
        return Lot.objects.select_related("winner", "rules", "matter").get(pk=self.hall.lot.pk)

    @property
    def lot_id(self) -> int:
        return int(self.hall.lot.pk)

    @property
    def bidders(self) -> list[Bidder]:
        return self.hall.bidders

    def confirmed(self) -> Lot:
        for flag in self.lot.flags.filter(cleared_at__isnull=True):
            assets.clear_flag(by=self.by, now=NOW, flag=flag, why="已核实")
        return assets.confirm_result(by=self.by, now=NOW, lot=self.lot)

    def published(self) -> Lot:
        self.confirmed()
        assets.publish_result(by=self.by, now=NOW, lot=self.lot)
        return self.lot


def deposit(by: Actor, bidder: Bidder, fen: int = DEPOSIT) -> DepositLine:
    """Money of a bidder on a statement of the bank."""
    statement = DepositStatement.objects.create(
        zone_id=by.zone_id, file=paper(by, uuid.uuid4().hex), account="1", first_on=NOW.date(),
        last_on=NOW.date(), at=NOW,
    )  # fmt: skip
    return DepositLine.objects.create(
        zone_id=by.zone_id, statement=statement, bank_number=uuid.uuid4().hex, at=NOW, payer="甲",
        amount_fen=fen, bidder=bidder, matched_at=NOW,
    )  # fmt: skip


def a_sale(
    by: Actor,
    wanted: Sequence[tuple[int, float]] = ((0, 10_000), (1, 10_500), (0, 11_000)),
    bidders: int = 2,
    deposits: int = DEPOSIT,
    **hall: Any,
) -> Sold:
    """A lot whose hall ended with these bids; every bidder had paid its deposit."""
    made = next(filter(None, (_bid_in(by, wanted, bidders, hall, s) for s in (0.5, 2, 8, 32))))
    for number, bidder in enumerate(made.bidders):
        # Each its own agent, so that nothing ties them.
        Bidder.objects.filter(pk=bidder.pk).update(agent_phone=f"1380000{number:04d}")
        deposit(by, bidder, deposits)
    assets.take_results(by=by, now=NOW)
    return Sold(by, made)


def _bid_in(
    by: Actor, wanted: Sequence[tuple[int, float]], bidders: int, more: Any, seconds: float
) -> TestHall | None:
    """A hall that ended; None where a slow machine did not bid within these seconds."""
    with transaction.atomic():
        made = a_hall(by, bidders, ends=seconds, extend=0, **more)
        said = bids(
            [made.lot] * len(wanted),
            [made.seats[who] for who, _yuan in wanted],
            [int(yuan * 100) for _who, yuan in wanted],
            [uuid.uuid4() for _bid in wanted],
        )
        if {answer.outcome for answer in said} - {"accepted"}:
            transaction.set_rollback(True)
            return None
    while call("hall_now", by.zone_id) < Hall.objects.get(lot=made.lot).ends_at:
        time.sleep(0.05)
    return made
