"""Idle things on their way to auction: one announced with its bidders, one that firms may still
register for, others in preparation.

The lots that were sold are made by the halls themselves; these are what an exchange centre has on its
desk. Pictures are drawn, no thing and no firm is real.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xiaoer.assets import actions as assets
from xiaoer.assets.actions.lot_rows import hall_now
from xiaoer.assets.models import Bidder, Lot
from xiaoer.assets.pages.lots import proposed_opening
from xiaoer.base.scope import Actor
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.machines import drawn, sheet
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.registry.models import Party
from xiaoer.web.words import local_date

ZONE, OTHER = "jhtz", "jedz"
ACCOUNT = "3708 0101 0400 0888 86"
BANK = "示范银行济宁分行"


@dataclass(frozen=True, slots=True)
class Thing:
    """An idle thing as its owner describes it; money in yuan."""

    title: str
    sort: str
    quantity: str
    words: str
    flaws: str
    start: int


PRESS = Thing("315吨闭式压力机", "锻压设备", "1台", "2016年购入，冲压线改造后闲置。滑块行程 400 mm，"
              "随机附件齐全，存放于原厂房，可现场通电试机。\n税费按国家规定由双方各自承担；拆卸、运输由买受人负责。",
              "液压垫密封件老化，需更换；防护罩有碰痕。", 86_000)  # fmt: skip
MILL = Thing("行星式球磨机", "粉体设备", "2台", "2019年购入，工艺调整后停用，累计运行约 3000 小时。\n"
             "开具增值税发票；买受人自提。", "其中一台变频器已拆除。", 28_000)  # fmt: skip
VANS = Thing("厢式货车（2018款）", "车辆", "3辆", "配送业务外包后闲置，年检有效期内，行驶里程 9 万至 13 万公里。\n"
             "过户费用由买受人承担。", "一辆右侧车门有修补。", 54_000)  # fmt: skip
RACKS = Thing("重型仓储货架", "仓储设备", "约 60 吨", "立体库搬迁后拆下，立柱、横梁、层板成套，堆放于三号库。",
              "", 42_000)  # fmt: skip
AIR = Thing("螺杆式空气压缩机", "动力设备", "2台", "2019年购入，空压站集中改造后闲置，单台功率 75 kW，排气量 13 m³/min，"
            "附储气罐、冷干机各一台，可现场通电试机。\n开具增值税发票；拆卸、运输由买受人负责。",
            "一台油冷却器换过；储气罐外壁有浮锈。", 38_000)  # fmt: skip
CHILLER = Thing("螺杆式冷水机组", "制冷设备", "1台", "2018年购入，车间改用集中供冷后闲置，可现场通电试机。\n"
                "拆卸、运输由买受人负责。", "压缩机累计运行约 9000 小时。", 46_000)  # fmt: skip
BELTS = Thing("皮带输送线", "输送设备", "4条", "2020年购入，产线自动化改造后拆下，每条长 12 m，电控箱齐全。",
              "一条皮带有修补。", 15_000)  # fmt: skip


def keep_account(ground: Ground) -> None:
    """Where deposits of the zone's lots are paid."""
    assets.keep_deposit_account(
        by=ground.hands["exchange.1"].actor, now=FOUNDED, bank=BANK, number=ACCOUNT,
        holder=f"{ground.plan.name}公共资源交易中心",
    )  # fmt: skip


def keep_lots(ground: Ground, firms: Firms, days: Days) -> None:
    """What is on the desk of the exchange centre. Called inside the zone's scope."""
    host = ground.hands["exchange.1"].actor
    if ground.plan.code == OTHER:
        _submitted(host, days.now, CHILLER, firms.industrial[0])
        assets.check_lot(
            by=host, now=days.now, lot=_submitted(host, days.now, BELTS, firms.industrial[1])
        )
    if ground.plan.code != ZONE:
        return
    speaker = firms.by_name[SPEAKS_FOR]
    others = _strangers(firms, speaker)
    _announced(host, days.now, others, speaker)
    # By the firm itself, and waiting for it; by a firm, waiting for the centre; found in order.
    mill = _drafted(host, days.now, MILL, speaker)
    assets.seal_lot_reserve(by=host, now=days.now, lot=mill, amount_fen=3_600_000)
    _submitted(host, days.now, VANS, others[4])
    assets.check_lot(by=host, now=days.now, lot=_submitted(host, days.now, RACKS, others[5]))


def keep_open_lot(ground: Ground, firms: Firms, days: Days) -> None:
    """A lot nobody registered for yet: whoever looks in as the speaker of a firm can."""
    seller = _strangers(firms, firms.by_name[SPEAKS_FOR])[6]
    _noticed(ground.hands["exchange.1"].actor, days.now, AIR, seller)


def _strangers(firms: Firms, speaker: Party) -> list[Party]:
    """Firms without a telephone number in common, so that nobody is related to anybody."""
    phones, found = {speaker.contact_phone}, list[Party]()
    for one in firms.industrial:
        if one.legal_representative and one.contact_phone and one.contact_phone not in phones:
            phones.add(one.contact_phone)
            found.append(one)
        if len(found) == 7:
            break
    return found


def _facts(thing: Thing, firm: Party, zone_id: int) -> assets.LotFacts:
    first = local_date(hall_now(zone_id)) + timedelta(days=1)
    return assets.LotFacts(
        title=thing.title, description=thing.words, place=firm.address or "高新区厂区内",
        contact_name=firm.contact_name or "设备部", contact_phone=firm.contact_phone or "0537-5550101",
        start_fen=thing.start * 100, sort=thing.sort, quantity=thing.quantity, flaws=thing.flaws,
        viewing_from=first, viewing_until=first + timedelta(days=6), viewing_place="厂区南门门卫室",
    )  # fmt: skip


def _drafted(by: Actor, now: datetime, thing: Thing, seller: Party) -> Lot:
    lot = assets.draft_lot(by=by, now=now, facts=_facts(thing, seller, by.zone_id), seller=seller)
    for number in range(2):
        assets.add_lot_file(
            by=by, now=now, lot=lot, kind="picture", upload=drawn(thing.title, number)
        )
    invoice = sheet("购置发票", "随机文件及发票齐全，权属清晰。")
    assets.add_lot_file(by=by, now=now, lot=lot, kind="title", upload=invoice)
    return lot


def _submitted(by: Actor, now: datetime, thing: Thing, seller: Party) -> Lot:
    return assets.submit_lot(by=by, now=now, lot=_drafted(by, now, thing, seller))


def _noticed(host: Actor, now: datetime, thing: Thing, seller: Party) -> Lot:
    lot = assets.check_lot(by=host, now=now, lot=_submitted(host, now, thing, seller))
    return assets.notice_lot(by=host, now=now, lot=lot, opens_at=proposed_opening(host, lot))


def _announced(host: Actor, now: datetime, others: Sequence[Party], speaker: Party) -> None:
    lot = _noticed(host, now, PRESS, others[0])
    bidders = [_applied(host, now, lot, one) for one in (speaker, *others[1:4])]
    _statement(host, now, lot, bidders)
    for bidder in bidders[:2]:
        assets.admit_bidder(by=host, now=now, bidder=bidder, rank=1 if bidder.rank_why else None)


def _applied(host: Actor, now: datetime, lot: Lot, firm: Party) -> Bidder:
    is_tenant = firm.name == SPEAKS_FOR
    facts = assets.BidderFacts(
        agent_name=firm.contact_name or "经办人", agent_phone=firm.contact_phone or "0537-5550102",
        pre_emption="承租该压力机所在厂房" if is_tenant else "",
        namesake_why="核对身份证，不是同一人",
    )  # fmt: skip
    paper = sheet("授权委托书", "委托代理人参加闲置资产网络竞价。")
    return assets.apply_to_bid(by=host, now=now, lot=lot, facts=facts, mandate=paper, party=firm)


def _statement(host: Actor, now: datetime, lot: Lot, bidders: Sequence[Bidder]) -> None:
    """The account of the day: two deposits found, one paid by a person, one to be asked about."""
    day = local_date(hall_now(host.zone_id)).isoformat()
    yuan = f"{lot.deposit_fen / 100:.2f}"
    first, second, third, _fourth = bidders
    rows = (
        ("09:12:44", "20880412300017", yuan, first.party.name, f"保证金 {first.deposit_code}"),
        (
            "10:03:20",
            "20880412300029",
            yuan,
            second.party.name,
            f"竞价{second.deposit_code.lower()}",
        ),
        ("10:41:05", "20880412300031", yuan, third.party.name, "投标保证金"),
        ("11:20:18", "20880412300046", "500.00", "示范路人", "货款"),
    )
    text = f"账号：{ACCOUNT}\n交易日期,交易时间,流水号,贷方发生额,对方户名,附言\n" + "".join(
        ",".join((day, *row)) + "\n" for row in rows
    )
    assets.import_statement(
        by=host, now=now, stream=io.BytesIO(text.encode("gb18030")),
        file_name=f"保证金专户流水{day}.csv", account=ACCOUNT,
    )  # fmt: skip
