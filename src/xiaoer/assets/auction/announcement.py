"""竞价公告 The announcement of a lot as a paper: what is sold, by which rules and when, where to pay."""

from datetime import datetime
from pathlib import Path

from xiaoer.assets.auction import terms
from xiaoer.assets.models import Lot
from xiaoer.base.checking import today
from xiaoer.base.units import YUAN, money_in
from xiaoer.web import press

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "assets" / "announcement.typ"
RESERVES = {
    Lot.Reserve.NONE: "无保留价",
    Lot.Reserve.OPEN: "起始价即保留价",
    Lot.Reserve.SECRET: "设保留价，公告时密封",
}


def announcement_pdf(lot: Lot, *, zone_name: str, office: str, now: datetime) -> bytes:
    """The paper as it is published; official papers are always Chinese."""
    return press.compile_pdf(
        TEMPLATE,
        {
            "zone": zone_name,
            "office": office,
            "number": lot.number,
            "title": lot.title,
            "intro": f"受{lot.seller.name}委托，{office}对下列闲置资产组织网络竞价，现公告如下：",
            "thing": _thing(lot),
            "prices": _prices(lot),
            "moments": _moments(lot, now),
            "account": _account(lot),
            "rules": _rules(lot),
            "on": press.paper_date(today(lot.noticed_at or now)),
            "printed_at": press.paper_time(now),
        },
        made_at=now,
    )


def _thing(lot: Lot) -> list[tuple[str, str]]:
    viewing = "与联系人约定"
    if lot.viewing_from and lot.viewing_until:
        viewing = f"{press.paper_date(lot.viewing_from)}至{press.paper_date(lot.viewing_until)}"
    rows = [
        ("标的", f"{lot.title}（{lot.number}）"),
        ("数量", lot.quantity),
        ("出让方", lot.seller.name),
        ("存放地点", lot.place),
        ("标的说明", lot.description),
        ("已知瑕疵", lot.flaws or "出让方未告知瑕疵，以现场看样为准"),
        ("看样时间", viewing),
        ("看样地点", lot.viewing_place or lot.place),
        ("联系人", f"{lot.contact_name} {lot.contact_phone}"),
    ]
    return [row for row in rows if row[1]]


def _prices(lot: Lot) -> list[tuple[str, str]]:
    rows = [
        ("起始价", _yuan(lot.start_fen)),
        ("加价幅度", f"{_yuan(lot.step_fen)}或其整数倍"),
        ("保证金", _yuan(lot.deposit_fen)),
        ("保留价", RESERVES[Lot.Reserve(lot.reserve)]),
    ]
    if lot.reserve_hash:
        rows.append(("保留价密封值", lot.reserve_hash))
    return rows


def _yuan(fen: int) -> str:
    return f"{money_in(fen, YUAN)} 元"


def _moments(lot: Lot, now: datetime) -> list[tuple[str, str]]:
    days = [
        ("报名截止", lot.register_until),
        ("保证金到账截止", lot.deposit_until),
        ("自由竞价开始", lot.opens_at),
        ("限时竞价开始", lot.free_until),
    ]
    # In the order of the calendar, which another zone's rules may change.
    days.sort(key=lambda day: day[1] or now)
    return [(label, press.paper_time(at)) for label, at in days]


def _account(lot: Lot) -> list[tuple[str, str]]:
    account = lot.deposit_account
    if account is None or not lot.deposit_fen:
        return []
    return [("户名", account.holder), ("开户银行", account.bank), ("账号", account.number)]


def _rules(lot: Lot) -> list[str]:
    """What a bidder agrees to by registering, with the numbers of the lot's own rules."""
    own = terms.read(lot.rules.body)
    return [
        "竞买人以企业名义报名，代理人须提交授权委托书；保证金须从竞买人本单位账户转出，"
        "附言填写报名时取得的保证金码。",
        f"自由竞价结束后系统自动转入限时竞价，首个周期{own.timed_minutes}分钟；"
        f"限时竞价中每有一次有效出价，距结束不足{_span(own.extension_seconds)}的，"
        f"结束时间顺延至其后{_span(own.extension_seconds)}。以服务器时间为准。",
        *(["只有在自由竞价中有效出价的竞买人方可参加限时竞价。"] if own.must_bid_free else []),
        "出价不得撤回；同价以先到达服务器者为准，在场的优先购买权人以相同价格优先。",
        "出让方及其代理人、关联企业不得参加竞买。",
        f"竞价结果有异议的，出让方和竞买人可在{own.object_days}个工作日内提出；"
        "异议处理完毕前暂停确认结果和退还保证金。",
        f"结果公布后{own.contract_days}个工作日内签订合同，{own.pay_days}个工作日内付清价款。"
        "买受人反悔的，保证金不予退还"
        + (f"，{own.ban_months}个月内不得参加本区竞价。" if own.ban_months else "。"),
        f"未成交竞买人的保证金在{own.refund_days}个工作日内原路退还。",
        f"本标的适用《{lot.rules.name}》第{lot.rules.number}版；竞价全过程账本公开，可自行验算。",
    ]


def _span(seconds: int) -> str:
    return f"{seconds}秒" if seconds % 60 else f"{seconds // 60}分钟"
