"""The first forty days of the exchange in 2023: eight lots sold for 320,000 yuan.

Nothing is typed in: lots are put up, bid for and settled by the verbs and functions that serve every
day, while the clock of the zone's halls is moved to each moment. Firms and prices are invented; how
many lots and how much money is what the article prints.
"""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from xiaoer.assets import actions as assets
from xiaoer.assets.actions.refunding import open_refunds
from xiaoer.assets.actions.selling import account_of
from xiaoer.assets.models import (
    Bidder,
    DepositLine,
    DepositStatement,
    Flag,
    Hall,
    Lot,
    LotFile,
    MovedClock,
)
from xiaoer.base import files
from xiaoer.base.models import Role, StoredFile
from xiaoer.base.scope import Actor, as_web
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import Ground
from xiaoer.demo.lots import ACCOUNT
from xiaoer.demo.machines import drawn, sheet
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.registry.models import Party

OPENED = date(2023, 9, 21)


@dataclass(frozen=True, slots=True)
class Thing:
    """One lot: what it is, its prices in yuan, and after how many working days it is announced."""

    title: str
    sort: str
    quantity: str
    flaws: str
    start: int
    step: int
    price: int
    bidders: int
    after: int


THINGS = (
    Thing("数控车床 CK6150", "机床", "1 台", "2016 年购入，导轨有轻微划痕", 36_000, 500, 52_000, 4, 0),
    Thing("3 kW 光纤激光切割机", "钣金设备", "1 台", "激光器已用约 6,000 小时", 68_000, 1_000, 86_000, 5, 1),
    Thing("螺杆空压机及储气罐", "通用设备", "1 套", "需更换油滤", 22_000, 500, 31_500, 3, 2),
    Thing("3 吨内燃叉车", "搬运设备", "2 台", "其中 1 台轮胎磨损", 18_000, 200, 24_000, 4, 3),
    Thing("10 吨单梁桥式起重机", "起重设备", "1 台", "拆除由买受人负责", 30_000, 500, 38_500, 3, 6),
    Thing("重型货架一批", "仓储设备", "120 组", "部分立柱补漆", 12_000, 200, 18_000, 3, 7),
    Thing("630 kVA 干式变压器", "电气设备", "1 台", "停用一年，试验合格", 38_000, 500, 45_000, 4, 8),
    Thing("120 吨注塑机", "塑料机械", "1 台", "合模系统需保养", 20_000, 200, 25_000, 3, 9),
)  # fmt: skip
AGENTS = tuple(
    ["齐远", "岳桥", "卜宁", "樊溪", "路石", "鲍川", "车明", "汤野", "庄和", "缪真", "蒲岩", "冉青"]
)


def keep_auctions(ground: Ground, firms: Firms, days: Days) -> None:
    """Run all eight, each to its end. Called inside the zone's scope."""
    house = _House(ground, firms, days)
    for number, thing in enumerate(THINGS):
        house.sell(number, thing)
    house.leave()


DEFAULTED = Thing(
    "立式加工中心 VMC850", "机床", "1 台", "主轴轴承 2025 年更换", 88_000, 1_000, 112_000, 3, 0
)


def keep_default(ground: Ground, firms: Firms, days: Days) -> None:
    """A buyer of last month did not pay; the next bidder, the reader's own firm, is asked now."""
    house = _House(ground, firms, days)
    noticed = days.calendar.add_working_days(days.today, -25)
    lot = house.announce(0, DEFAULTED, noticed)
    house.sell_to_first_of(lot, DEFAULTED, firms.by_name[SPEAKS_FOR])
    house.leave()


class _House:
    """The exchange centre at work, and the clock of its halls."""

    def __init__(self, ground: Ground, firms: Firms, days: Days) -> None:
        self.ground, self.days = ground, days
        self.host = ground.hands["exchange.1"].actor
        self.firms = firms.industrial[40:]
        self.sessions: list[str] = []

    def sell(self, number: int, thing: Thing) -> None:
        """One lot from its first line to the money in the seller's hands."""
        noticed = self._day(OPENED, thing.after)
        lot = self.announce(number, thing, noticed)
        bidders = self._admitted(number, thing, lot)
        self._bid(number, thing, lot, bidders)
        self._settle(lot)

    def sell_to_first_of(self, lot: Lot, thing: Thing, second: Party) -> None:
        """Sold to the first of the bidders, which does not pay; the second is asked."""
        bidders = self._admitted(0, thing, lot, also=second)
        self._bid(0, thing, lot, bidders, last=(len(bidders) - 1, 0))
        host, ended = self.host, Hall.objects.get(lot=lot).ends_at.date()
        at = [self._at(self._day(ended, n), 10, False) for n in (1, 8)]
        for flag in Flag.objects.filter(lot=lot, cleared_at__isnull=True):
            assets.clear_flag(by=host, now=at[0], flag=flag, why="核对账本和登记资料，未见异常")
        assets.confirm_result(by=host, now=at[0], lot=lot)
        assets.publish_result(by=host, now=at[0], lot=lot)
        assets.declare_default(
            by=host, now=at[1], lot=lot, why="逾期未签合同、未付款，催告后仍未履行"
        )
        assets.second_chance(by=host, now=self._move(self.days.now), lot=lot)

    def leave(self) -> None:
        """The clock of the halls is the database's again, and nobody sits in them."""
        with as_web():
            MovedClock.objects.filter(zone_id=self.ground.zone.pk).delete()
            Session.objects.filter(session_key__in=self.sessions).delete()

    # Before the hall ----------------------------------------------------------------------------

    def announce(self, number: int, thing: Thing, day: date) -> Lot:
        """Put up, checked and announced on one day."""
        seller, host = self.firms[number], self.host
        now = self._at(day, 9.5)
        facts = assets.LotFacts(
            title=thing.title, sort=thing.sort, quantity=thing.quantity, flaws=thing.flaws,
            description=f"{thing.title}，{thing.quantity}，闲置在库，现状转让，可现场查看。",
            place=seller.address or "出让方厂区", contact_name=AGENTS[-1], contact_phone="0537-1000190",
            start_fen=thing.start * 100, step_fen=thing.step * 100,
            viewing_from=day + timedelta(days=1), viewing_until=day + timedelta(days=6),
            viewing_place="出让方厂区，先电话预约",
        )  # fmt: skip
        lot = assets.draft_lot(by=host, now=now, facts=facts, seller=seller)
        for kind, upload in (
            (LotFile.Kind.PICTURE, drawn(thing.sort, number)),
            (LotFile.Kind.TITLE, sheet("购置凭证", "随机文件及发票齐全，权属清晰。")),
        ):
            assets.add_lot_file(by=host, now=now, lot=lot, kind=kind, upload=upload)
        assets.submit_lot(by=host, now=now, lot=lot)
        assets.check_lot(by=host, now=self._at(day, 10.5), lot=lot)
        return assets.notice_lot(
            by=host, now=self._at(day, 11), lot=lot, opens_at=self._at(self._opening(day), 10, False)
        )  # fmt: skip

    def _opening(self, noticed: date) -> date:
        """After the publicity period; timed bidding a day later falls on a working day too."""
        calendar = self.days.calendar
        day = calendar.add_working_days(noticed, 6)
        while not calendar.is_working(day + timedelta(days=1)):
            day = calendar.add_working_days(day, 1)
        return day

    def _admitted(
        self, number: int, thing: Thing, lot: Lot, also: Party | None = None
    ) -> list[tuple[Bidder, str]]:
        opens = lot.opens_at or lot.opened_at
        now = self._move(opens - timedelta(days=1))
        parties = self.firms[60 + number * 6 :][: thing.bidders]
        parties += [also] if also else []
        made = [
            assets.apply_to_bid(
                by=self.host, now=now, lot=lot, party=party,
                facts=assets.BidderFacts(
                    agent_name=AGENTS[place], agent_phone=f"139{number:04d}{place:04d}"
                ),
                mandate=sheet("授权委托书", "委托代理人参加闲置资产网络竞价。"),
            )
            for place, party in enumerate(parties)
        ]  # fmt: skip
        self._pay_in(lot, made, now)
        admitted = [
            assets.admit_bidder(by=self.host, now=self._move(now + timedelta(hours=1)), bidder=one)
            for one in made
        ]
        return [(one, self._seat(one, now, place)) for place, one in enumerate(admitted)]

    def _pay_in(self, lot: Lot, bidders: Sequence[Bidder], now: datetime) -> None:
        """The day's statement of the deposit account."""
        zone, day = self.ground.zone.pk, now.date()
        file = self._kept("保证金专户对账单", "本日入账明细见导入记录。", now)
        statement = DepositStatement.objects.create(
            zone_id=zone, file=file, account=ACCOUNT, first_on=day, last_on=day, at=now,
            by_post_id=self.host.post_id, file_name="保证金专户对账单.pdf",
            result={"taken": len(bidders)},
        )  # fmt: skip
        DepositLine.objects.bulk_create(
            DepositLine(
                zone_id=zone, statement=statement, bank_number=f"{day:%y%m%d}{one.deposit_code}",
                at=now, payer=one.party.name, payer_account=f"6222{one.pk:012d}",
                remark=one.deposit_code, amount_fen=lot.deposit_fen, bidder=one, matched_at=now,
                matched_by_id=self.host.post_id,
            )
            for one in bidders
        )  # fmt: skip
        for one in bidders:
            Bidder.objects.filter(pk=one.pk).update(paid_fen=lot.deposit_fen)

    def _seat(self, bidder: Bidder, now: datetime, place: int) -> str:
        key = uuid.uuid4().hex
        with as_web():
            Session.objects.create(
                session_key=key, session_data="", expire_date=timezone.now() + timedelta(hours=1)
            )
        self.sessions.append(key)
        party: Party = bidder.party
        speaker = Actor(
            zone_id=self.ground.zone.pk, role=Role.ENTERPRISE, party_ref=party.pk,
            name=bidder.agent_name, office=party.name,
        )  # fmt: skip
        return assets.take_seat(
            by=speaker, now=now, bidder=bidder, session_key=key,
            address=f"10.{bidder.lot_id % 250}.{place}.9", device=f"{bidder.pk}",
        )  # fmt: skip

    # In the hall --------------------------------------------------------------------------------

    def _bid(
        self,
        number: int,
        thing: Thing,
        lot: Lot,
        bidders: Sequence[tuple[Bidder, str]],
        last: Sequence[int] = (),
    ) -> None:
        """``last``: who makes the last bids, by their places."""
        dice = random.Random(f"bids {number}")
        free = lot.free_until or lot.opened_at
        moment, leader = (lot.opens_at or lot.opened_at), -1
        prices = list(_rising(dice, thing))
        for at, yuan in enumerate(prices, start=len(last) - len(prices)):
            late = yuan > thing.start + (thing.price - thing.start) * 2 // 3
            moment = max(moment, free) if late else min(moment, free - timedelta(hours=2))
            moment += timedelta(
                seconds=dice.randrange(20, 200) if late else dice.randrange(600, 5000)
            )
            others = [
                n for n in range(len(bidders)) if n not in (leader, *(last if at < 0 else ()))
            ]
            leader = last[at] if at >= 0 and last else dice.choice(others)
            self._move(moment)
            self._place(lot, bidders[leader][1], yuan * 100)
        ends = Hall.objects.get(lot=lot).ends_at
        assets.take_results(by=self.host, now=self._move(ends + timedelta(seconds=1)))

    def _place(self, lot: Lot, seat: str, fen: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select outcome from place_bids(%s::bigint[], %s, %s::bigint[], %s::uuid[])",
                [[lot.pk], [sha256(seat.encode()).hexdigest()], [fen], [uuid.uuid4()]],
            )

    # After it -----------------------------------------------------------------------------------

    def _settle(self, lot: Lot) -> None:
        host, ended = self.host, Hall.objects.get(lot=lot).ends_at.date()
        at = [self._at(self._day(ended, n), 10, False) for n in range(9)]
        for flag in Flag.objects.filter(lot=lot, cleared_at__isnull=True):
            assets.clear_flag(by=host, now=at[1], flag=flag, why="核对账本和登记资料，未见异常")
        assets.confirm_result(by=host, now=at[1], lot=lot)
        assets.publish_result(by=host, now=at[1], lot=lot)
        for refund in open_refunds(lot):
            assets.record_refund(
                by=host, now=at[2], refund=refund, done_on=at[2].date(),
                bank_number=f"TK{refund.pk:08d}",
            )  # fmt: skip
        paper = self._kept("转让合同", "转让方与受让方已签章。", at[3])
        assets.make_contract(by=host, now=at[3], lot=lot, signed_on=at[3].date(), paper=paper)
        lot.refresh_from_db()
        assets.record_payment(
            by=host, now=at[4], lot=lot, amount_fen=account_of(lot).due, paid_on=at[4].date(),
            bank_number=f"FK{lot.number}",
        )  # fmt: skip
        form = self._kept("交割单", "标的已现场清点交付。", at[6])
        assets.record_handover(by=host, now=at[6], lot=lot, on=at[6].date(), paper=form)
        lot.refresh_from_db()
        assets.record_payout(
            by=host, now=at[7], lot=lot, amount_fen=account_of(lot).to_seller,
            paid_on=at[7].date(), bank_number=f"ZF{lot.number}",
        )  # fmt: skip
        assets.close_lot(by=host, now=at[8], lot=lot)

    # Days, clock and papers ---------------------------------------------------------------------

    def _day(self, day: date, working_days: int) -> date:
        return self.days.calendar.add_working_days(day, working_days) if working_days else day

    def _at(self, day: date, hour: float, moves: bool = True) -> datetime:
        moment = timezone.make_aware(datetime(day.year, day.month, day.day)) + timedelta(hours=hour)
        return self._move(moment) if moves else moment

    def _move(self, moment: datetime) -> datetime:
        """Let the halls of the zone live at a moment."""
        with as_web():
            MovedClock.objects.update_or_create(
                zone_id=self.ground.zone.pk, defaults={"ahead": moment - timezone.now()}
            )
        return moment

    def _kept(self, title: str, words: str, now: datetime) -> StoredFile:
        upload = sheet(title, words)
        return files.keep_file(
            by=self.host, now=now, stream=BytesIO(upload.read()), name=upload.name or title
        )


def _rising(dice: random.Random, thing: Thing) -> Iterator[int]:
    """Prices from the start to the last, by one to five steps at a time."""
    price = thing.start
    while price < thing.price:
        yield price
        price += thing.step * dice.randrange(1, 6)
    yield thing.price
