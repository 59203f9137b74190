"""A machine that is bid on as the reader comes: announced, three firms admitted, bids in free bidding.

By the same verbs and the same hall as any lot. The zone's clock is moved back while it is told and
stands right again at the end: the ledger's moments are those at which it would have happened.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from xiaoer.assets import actions as assets
from xiaoer.assets.actions.auction_rules import FIRST_NAME
from xiaoer.assets.auction.terms import DEFAULT
from xiaoer.assets.models import Bidder, DepositLine, DepositStatement, Lot, MovedClock
from xiaoer.base import files
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting, as_web
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.lots import ACCOUNT
from xiaoer.demo.machines import drawn, sheet
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.registry.models import Party

SELLER = "济宁凌渠智能装备有限公司"
FACTS = {
    "title": "数控龙门铣床 XK2120",
    "sort": "机床",
    "quantity": "一台",
    "description": "2018 年购入，工作台 2000×6000 毫米，数控系统 2022 年换过。\n"
    "随机床交付刀柄 24 把、说明书和保养记录。买方自行拆运，出让方配合吊装。",
    "flaws": "主轴在 4000 转以上有轻微异响；防护罩左侧有凹陷。",
    "contact_name": "卢经理",
    "contact_phone": "19900007351",
}
START, STEP, DEPOSIT = 18_000_000, 200_000, 1_800_000
RULES = timedelta(days=21)  # between the notice and the opening; long enough for any holiday
# Who bids how much, as steps above the start: the reader's own firm is the second.
BIDS = ((0, 0), (1, 2), (0, 5), (1, 9), (2, 12), (0, 20))


def bid_now(ground: Ground, firms: Firms, days: Days) -> None:
    """One lot whose timed bidding begins on the morning of the next working day, and whose free
    bidding began yesterday: on a Friday, or before a week of holidays, it is the longer."""
    by, zone = ground.by, ground.zone.pk
    seller, others = _who(ground, firms)
    day = days.working_day(days.now.astimezone().date() + timedelta(days=1))
    free_until = days.on(day, 0).replace(hour=10, minute=0)
    opens_at = days.on(days.today, 0).replace(hour=10, minute=0) - timedelta(days=1)
    told = opens_at - RULES
    assets.seed_auction_rules(by=by, now=FOUNDED)
    _move(ground, told)
    with _free_for(by, told, free_until - opens_at):
        lot = _announced(by, seller, told, opens_at)
    bidders = [_admitted(by, lot, party, told + timedelta(days=2)) for party in others]
    _bid(ground, lot, bidders, opens_at, days.now)
    with as_web():
        MovedClock.objects.filter(zone_id=zone).delete()


@contextmanager
def _free_for(by: Actor, now: datetime, free: timedelta) -> Iterator[None]:
    """Rules under which free bidding lasts so long; those before are in force again afterwards."""
    days = free // timedelta(days=1)
    for name, minutes, reason in (
        (
            f"企业闲置资产网络竞价规则（自由竞价{days}日）",
            days * 1440,
            "大型设备看样、询价需要更长时间",
        ),
        (FIRST_NAME, DEFAULT.free_minutes, "恢复一般标的的自由竞价时长"),
    ):
        new = replace(DEFAULT, free_minutes=minutes)
        assets.release_auction_rules(by=by, now=now, name=name, new=new, reason=reason)
        if name != FIRST_NAME:
            yield


def _who(ground: Ground, firms: Firms) -> tuple[Party, list[Party]]:
    """The seller and three firms that bid, the reader's own second."""
    mine = firms.by_name[SPEAKS_FOR]
    known = [one for one in firms.all if one.legal_representative and one.pk != mine.pk]
    seller = firms.by_name.get(SELLER) or known[40]
    return seller, [known[41], mine, known[42]]


def _move(ground: Ground, to: datetime) -> None:
    """Set the clock of the zone's halls; only the owner of the database can."""
    with as_web():
        MovedClock.objects.update_or_create(
            zone=ground.zone, defaults={"ahead": to - timezone.now()}
        )


def _announced(by: Actor, seller: Party, told: datetime, opens_at: datetime) -> Lot:
    lot = assets.draft_lot(
        by=by,
        now=told,
        seller=seller,
        facts=assets.LotFacts(
            place=seller.address or "二号厂房",
            start_fen=START,
            step_fen=STEP,
            deposit_fen=DEPOSIT,
            viewing_from=(told + timedelta(days=7)).date(),
            viewing_until=(told + timedelta(days=9)).date(),
            **FACTS,  # type: ignore[arg-type]  # words only
        ),
    )
    for number in range(2):
        assets.add_lot_file(
            by=by, now=told, lot=lot, kind="picture", upload=drawn(lot.title, number)
        )
    invoice = sheet("购机发票", "随机文件及发票齐全，权属清晰。")
    assets.add_lot_file(by=by, now=told, lot=lot, kind="title", upload=invoice)
    assets.submit_lot(by=by, now=told, lot=lot)
    assets.check_lot(by=by, now=told, lot=lot)
    return assets.notice_lot(by=by, now=told, lot=lot, opens_at=opens_at)


def _admitted(by: Actor, lot: Lot, party: Party, at: datetime) -> Bidder:
    """Registered at the exchange's counter by its representative, its deposit in the account."""
    facts = assets.BidderFacts(
        agent_name=party.legal_representative, agent_phone=f"199{party.pk:08d}"[:11]
    )
    bidder = assets.apply_to_bid(by=by, now=at, lot=lot, facts=facts, party=party)
    page = sheet("保证金专户对账单", "本日入账明细见导入记录。")
    statement = DepositStatement.objects.create(
        zone_id=by.zone_id,
        file=files.keep_file(by=by, now=at, stream=page, name="保证金专户对账单.pdf"),
        account=ACCOUNT,
        first_on=at.date(),
        last_on=at.date(),
        at=at,
    )
    DepositLine.objects.create(
        zone_id=by.zone_id,
        statement=statement,
        bank_number=uuid.uuid4().hex[:20],
        at=at,
        payer=party.name,
        remark=bidder.deposit_code,
        amount_fen=DEPOSIT,
        bidder=bidder,
        matched_at=at,
    )
    Bidder.objects.filter(pk=bidder.pk).update(paid_fen=DEPOSIT)
    return assets.admit_bidder(by=by, now=at, bidder=bidder)


def _bid(
    ground: Ground, lot: Lot, bidders: list[Bidder], opens_at: datetime, now: datetime
) -> None:
    """Bids spread over the time that has passed since the opening, each from a seat of its own."""
    seats = [_seat(ground, one, now) for one in bidders]
    for turn, (who, steps) in enumerate(BIDS, start=1):
        _move(ground, opens_at + (now - opens_at) * turn / (len(BIDS) + 1))
        amount = START + steps * STEP
        with connection.cursor() as cursor:
            hashed = sha256(seats[who].encode()).hexdigest()
            cursor.execute(
                "select outcome from place_bids(%s::bigint[], %s, %s::bigint[], %s::uuid[])",
                [[lot.pk], [hashed], [amount], [uuid.uuid4()]],
            )
    with as_web():
        Session.objects.filter(session_key__startswith="demo-bidder-").delete()


def _seat(ground: Ground, bidder: Bidder, now: datetime) -> str:
    """A seat of a session that ends with the telling."""
    key = f"demo-bidder-{bidder.pk}"
    with as_web():
        Session.objects.create(
            session_key=key,
            session_data="",
            expire_date=timezone.now() + timedelta(hours=1),
        )
    firm = Actor(
        zone_id=ground.zone.pk, role=Role.ENTERPRISE, party_ref=bidder.party_id, name="竞买人"
    )
    with acting(firm):
        return assets.take_seat(
            by=firm, now=now, bidder=bidder, session_key=key,
            address=f"10.0.0.{bidder.pk % 250}", device=f"device-{bidder.pk}",
        )  # fmt: skip
