"""What came of a hall: taken from the ledger by the system, confirmed and published by people."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.after_rows import ask, must_be_undisputed
from xiaoer.assets.actions.flagging import find_flags
from xiaoer.assets.actions.lot_rows import (
    ask_hall,
    end_tasks,
    exchange_office,
    hall_now,
    locked_lot,
    move,
    record,
    terms_of,
)
from xiaoer.assets.actions.refunding import owe_refunds_of
from xiaoer.assets.models import Flag, Hall, LedgerLine, Lot
from xiaoer.base.checking import said
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import show_money
from xiaoer.papers import actions as papers
from xiaoer.web import press

CONFIRM, PUBLISH, CONTRACT, PAY = "confirm_result", "publish_result", "contract", "payment"
AGAIN = "relist"
RESULT = "auction_result"
BIDDING = (Lot.State.NOTICED, Lot.State.LIVE)
SOLD = "sold"


# What the system does ----------------------------------------------------------------------------


@transaction.atomic
def take_results(*, by: Actor, now: datetime) -> list[Lot]:
    """Open what began, end what is over, and take over the results of halls that ended.

    Asked as often as anybody likes, by several at once: a lot is taken once, under its lock. One that
    cannot be taken, such as where nobody is there to be asked, keeps no other back.
    """
    left: dict[str, str] = {}
    moment = hall_now(by.zone_id)
    begun = Lot.objects.filter(
        zone_id=by.zone_id, state=Lot.State.NOTICED, hall__opens_at__lte=moment,
        hall__ended_at__isnull=True,
    )  # fmt: skip
    for lot in list(begun.order_by("id")):
        with going_on(left, lot.number):
            _go_live(by, now, lot)
    due = Hall.objects.filter(
        zone_id=by.zone_id, ended_at__isnull=True, paused_at__isnull=True, ends_at__lte=moment
    )
    for hall in list(due.order_by("lot_id")):
        ask_hall("end_hall", hall.lot_id, False, "")
    ended = Hall.objects.filter(
        zone_id=by.zone_id, ended_at__isnull=False, lot__state__in=BIDDING
    ).order_by("lot_id")
    taken: list[Lot | None] = []
    for hall in list(ended.select_related("lot")):
        with going_on(left, hall.lot.number):
            taken.append(_take(by, now, hall))
    tell_left(by=by, now=now, left=left)
    return [lot for lot in taken if lot is not None]


def _go_live(by: Actor, now: datetime, found: Lot) -> None:
    lot = locked_lot(by, found)
    if lot.state != Lot.State.NOTICED:
        return
    lot.state = Lot.State.LIVE
    move(lot, "state")
    record(by, now, "open_bidding", lot)


def _take(by: Actor, now: datetime, hall: Hall) -> Lot | None:
    lot = locked_lot(by, hall.lot_id)
    if lot.state not in BIDDING:
        return None
    result, why = result_of(lot)
    lot.ended_at = hall.ended_at
    if result == SOLD and hall.leader is not None:
        lot.winner, lot.price_fen = hall.leader, hall.price_fen
        lot.state, lot.closed_why = _state_of_sale(lot)
    elif result == "stopped":
        lot.state, lot.closed_why = Lot.State.WITHDRAWN, why or _("stopped by the host")
    else:
        lot.state = Lot.State.PASSED_IN
        lot.closed_why = _("nobody bid") if result == "no_bid" else _("the reserve was not reached")
    move(lot, "state", "winner", "price_fen", "ended_at", "closed_why")
    end_tasks(lot, ["host_lot"], by=by, now=now)
    find_flags(by=by, now=now, lot=lot)
    owe_refunds_of(by=by, now=now, lot=lot)
    _give_next(by, now, lot)
    record(by, now, "take_result", lot, result=result, amount_fen=lot.price_fen)
    return lot


def result_of(lot: Lot) -> tuple[str, str]:
    """The last word of the ledger on a hall that ended, and why it was stopped."""
    line = LedgerLine.objects.filter(lot=lot, kind="end").first()
    if line is None:
        return "", ""
    return line.outcome, line.text.split("|")[8]


def _state_of_sale(lot: Lot) -> tuple[str, str]:
    """A sale, unless the rules ask for two bidders and only one bid."""
    if terms_of(lot).one_bidder_suffices or _bidders_who_bid(lot) > 1:
        return Lot.State.ENDED, ""
    return Lot.State.PASSED_IN, _("only one bid, and the rules ask for two bidders")


def _bidders_who_bid(lot: Lot) -> int:
    lines = LedgerLine.objects.filter(lot=lot, kind="bid", outcome="accepted")
    return lines.values("bidder_id").distinct().count()


def _give_next(by: Actor, now: datetime, lot: Lot) -> None:
    days = terms_of(lot).confirm_days
    if lot.state == Lot.State.ENDED:
        ask(lot, CONFIRM, _("confirm the result"), by=by, now=now, days=days)
    elif lot.state == Lot.State.PASSED_IN:
        ask(lot, AGAIN, _("put up again or give back"), by=by, now=now, days=days)


# What people do ----------------------------------------------------------------------------------


@transaction.atomic
def confirm_result(
    *, by: Actor, now: datetime, lot: Lot, version: int | None = None, words: str = ""
) -> Lot:
    """A person of the exchange says that the result stands; every flag was looked at before."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_lot(by, lot, Lot.State.ENDED, version=version)
    must_be_undisputed(row)
    open_flags = Flag.objects.filter(lot=row, cleared_at__isnull=True).count()
    if open_flags:
        raise Refused(
            _("%(count)d doubts about this lot are open; look at them and say why they are none.")
            % {"count": open_flags}
        )
    row.state, row.confirmed_at, row.confirmed_by_id = Lot.State.CONFIRMED, now, by.post_id
    row.commission_fen = (row.price_fen or 0) * terms_of(row).commission_permille // 1000
    move(row, "state", "confirmed_at", "confirmed_by", "commission_fen")
    end_tasks(row, [CONFIRM], by=by, now=now)
    ask(row, PUBLISH, _("publish the result"), by=by, now=now, days=terms_of(row).confirm_days)
    record(
        by, now, "confirm_result", row, amount_fen=row.price_fen,
        words=said(words, "words", most=300),
    )  # fmt: skip
    return row


@transaction.atomic
def publish_result(*, by: Actor, now: datetime, lot: Lot) -> StoredFile:
    """Publish a confirmed result; the buyer gets a signed confirmation with its ledger's last hash."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_lot(by, lot, Lot.State.CONFIRMED)
    must_be_undisputed(row)
    row.state, row.published_at = Lot.State.PUBLISHED, now
    move(row, "state", "published_at")
    end_tasks(row, [PUBLISH], by=by, now=now)
    rules = terms_of(row)
    ask(row, CONTRACT, _("have the contract signed"), by=by, now=now, days=rules.contract_days)
    ask(row, PAY, _("see that the price is paid"), by=by, now=now, days=rules.pay_days)
    record(by, now, "publish_result", row, amount_fen=row.price_fen)
    return _notice(by, now, row)


def _notice(by: Actor, now: datetime, lot: Lot) -> StoredFile:
    """成交确认书: official papers are always Chinese."""
    bidder = lot.winner
    if bidder is None:
        raise Refused(_("This lot was not sold; there is nothing to publish."))
    with translation.override("zh-hans"):
        return papers.make_notice(
            by=by, now=now, kind=RESULT, title="成交确认书", number=f"{lot.number}-成交-{bidder.pk}",
            addressee=bidder.party.name, paragraphs=_paragraphs(lot),
            office_name=exchange_office(lot.zone_id).name, subject=lot, party=bidder.party,
        )  # fmt: skip


def _paragraphs(lot: Lot) -> list[str]:
    end = LedgerLine.objects.filter(lot=lot, kind="end").first()
    bidder = lot.winner
    alias = bidder.alias if bidder else None
    price = show_money(lot.price_fen, "zh", exact=True)
    return [
        f"标的“{lot.title}”（编号{lot.number}，出让方{lot.seller.name}）于"
        f"{press.paper_time(lot.ended_at)}结束网络竞价，贵单位（竞买号 {alias}）成交，"
        f"成交价{price}。",
        f"请自收到本确认书之日起{terms_of(lot).contract_days}个工作日内与出让方签订转让合同，"
        f"{terms_of(lot).pay_days}个工作日内付清价款；已交纳的保证金抵作价款。"
        "逾期不签订合同或者不付款的，保证金不予退还，并按竞价规则限制参加本区竞价。",
        f"竞价全过程账本已公开，可自行验算；账本第 {end.seq} 行为结束行，校验值 "
        f"{bytes(end.hash).hex()}。"
        if end
        else "",
    ]
