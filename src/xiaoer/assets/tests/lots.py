"""Lots for tests, arranged by verbs: put up, checked, announced under rules that let a hall open now."""

import io
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.actions.lot_rows import hall_now
from xiaoer.assets.auction.terms import DEFAULT, Terms
from xiaoer.assets.models import Bidder, DepositLine, DepositStatement, Hall, Lot
from xiaoer.base import files
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Party
from xiaoer.registry.tests.people import make_firm

# Rules under which a lot announced now may open in a minute, at any hour of any day.
QUICK = replace(
    DEFAULT, publicity_days=0, viewing_days=0, free_minutes=1, timed_minutes=1,
    extension_seconds=60, only_working_days=False, hours_from=0, hours_to=24,
    deposit_before_minutes=0, register_before_minutes=0,
)  # fmt: skip
FACTS = assets.LotFacts(
    title="数控车床", description="二〇一九年购入，用过四年。", place="一号库", contact_name="甲一",
    contact_phone="13900000000", start_fen=1_000_000, step_fen=50_000, deposit_fen=100_000,
    sort="机床", quantity="一台", flaws="导轨有划痕",
)  # fmt: skip


def exchange(by: Actor) -> Actor:
    """Somebody of the exchange centre, in the post of a person of the town."""
    return replace(by, role=Role.EXCHANGE)


def firm_of(by: Actor, name: str = "", **facts: Any) -> tuple[Party, Actor]:
    """A firm of the zone, and the actor who speaks for it."""
    party = make_firm(by, name or f"示范{uuid.uuid4().hex[:10]}有限公司", **facts)
    return party, Actor(
        zone_id=by.zone_id, role=Role.ENTERPRISE, party_ref=party.pk, name="代一", office=party.name
    )


def picture(name: str = "车床.png", shade: int = 90) -> SimpleUploadedFile:
    """A small picture, another for each shade."""
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 90, 90)).save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/png")


def an_account(by: Actor) -> None:
    """Where deposits are paid: without it nothing is announced."""
    assets.keep_deposit_account(
        by=by,
        now=NOW,
        holder="示范交易中心",
        bank="示范银行高新支行",
        number="3708 0101 0400 1234 56",
    )


def quick_rules(by: Actor, new: Terms = QUICK) -> None:
    an_account(by)
    assets.release_auction_rules(by=by, now=NOW, name="测试规则", new=new, reason="试用")


def submitted(by: Actor, seller: Party, facts: assets.LotFacts = FACTS) -> Lot:
    """A lot at the exchange centre, with its picture and its paper."""
    lot = assets.draft_lot(by=by, now=NOW, facts=facts, seller=seller)
    assets.add_lot_file(by=by, now=NOW, lot=lot, kind="picture", upload=picture())
    assets.add_lot_file(by=by, now=NOW, lot=lot, kind="title", upload=picture("发票.png", 120))
    return assets.submit_lot(by=by, now=NOW, lot=lot)


def noticed(
    by: Actor, facts: assets.LotFacts = FACTS, *, seconds: float = 60, seller: Party | None = None
) -> Lot:
    """A lot announced, to open so many seconds from now."""
    lot = _checked(by, facts, seller)
    return assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=soon(by, seconds))


def opened(by: Actor, *, seller: Party | None = None) -> Lot:
    """A lot announced whose hall is open: a slow machine does not announce it within the first."""
    checked = _checked(by, FACTS, seller)
    lot = next(filter(None, (_in_time(by, checked, seconds) for seconds in (0.05, 0.5, 2, 8))))
    while hall_now(by.zone_id) < Hall.objects.get(lot=lot).opens_at:
        time.sleep(0.01)
    return lot


def _in_time(by: Actor, lot: Lot, seconds: float) -> Lot | None:
    """The lot announced to open so soon; None where that moment had passed meanwhile."""
    with suppress(Refused):
        return assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=soon(by, seconds))
    return None


def _checked(by: Actor, facts: assets.LotFacts, seller: Party | None) -> Lot:
    quick_rules(by)
    lot = submitted(by, seller or firm_of(by)[0], facts)
    return assets.check_lot(by=by, now=NOW, lot=lot)


def soon(by: Actor, seconds: float = 60) -> datetime:
    """A moment of the hall's clock."""
    return hall_now(by.zone_id) + timedelta(seconds=seconds)


def applied(by: Actor, lot: Lot, name: str = "", **facts: str) -> tuple[Bidder, Actor]:
    """A firm registered for a lot by its representative, and who speaks for it."""
    number = uuid.uuid4().int % 10**8
    _party, firm = firm_of(by, name, legal_representative=f"乙{number}")
    given = {"agent_name": f"乙{number}", "agent_phone": f"138{number:08d}", **facts}
    return assets.apply_to_bid(
        by=firm, now=NOW, lot=lot, facts=assets.BidderFacts(**given)
    ), firm  # fmt: skip


def paid(by: Actor, bidder: Bidder, fen: int | None = None) -> DepositLine:
    """Money that came for a bidder, as if a statement said so."""
    with on_behalf(by):
        file = files.keep_file(by=by, now=NOW, stream=picture("流水.png", 3), name="流水.png")
        statement = DepositStatement.objects.create(
            zone_id=by.zone_id,
            file=file,
            account="1",
            first_on=NOW.date(),
            last_on=NOW.date(),
            at=NOW,
        )
        line = DepositLine.objects.create(
            zone_id=by.zone_id, statement=statement, bank_number=uuid.uuid4().hex,
            at=hall_now(by.zone_id), payer=bidder.party.name, payer_account="62220001",
            amount_fen=fen or bidder.lot.deposit_fen, bidder=bidder, matched_at=NOW,
        )  # fmt: skip
        Bidder.objects.filter(pk=bidder.pk).update(paid_fen=line.amount_fen)
    return line


def admitted(by: Actor, lot: Lot, name: str = "", rank: int | None = None) -> tuple[Bidder, Actor]:
    """A bidder of a lot with its deposit and its number, and who speaks for it."""
    facts = {"pre_emption": "承租人"} if rank else {}
    bidder, firm = applied(by, lot, name, **facts)
    paid(by, bidder)
    return assets.admit_bidder(by=by, now=NOW, bidder=bidder, rank=rank), firm
