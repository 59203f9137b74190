"""Objections to a result: who may raise them, what they hold back, and what a decision does."""

import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.actions.refunding import open_refunds
from xiaoer.assets.live.views import VIEWS, Shown, View
from xiaoer.assets.models import Ban, Bidder, Lot, LotObjection, Refund
from xiaoer.assets.pages.hall_view import data_of
from xiaoer.assets.queries import after_sale as queries
from xiaoer.assets.queries import lots as lot_queries
from xiaoer.assets.queries import shown_lots
from xiaoer.assets.queries.counting import sold_lots
from xiaoer.assets.tests.halls import a_hall, call
from xiaoer.assets.tests.lots import firm_of as a_firm
from xiaoer.assets.tests.sold import Of, Sold, a_sale, exchange, firm_of, paper
from xiaoer.assets.tests.test_auction_pages import speak_for
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, as_web, system
from xiaoer.papers.models import OfficialNotice
from xiaoer.work.models import Task

ON = NOW.date()


@pytest.fixture
def by(of: Of) -> Actor:
    return exchange(of)


def seller_of(sold: Sold) -> Actor:
    return Actor(
        zone_id=sold.by.zone_id, role=sold.by.role.ENTERPRISE if sold.by.role else None,
        party_ref=sold.lot.seller_id, name="卖一",
    )  # fmt: skip


def open_tasks(sold: Sold) -> set[str]:
    return set(
        Task.objects.filter(matter=sold.lot.matter, state="open").values_list("kind", flat=True)
    )


def objects(sold: Sold, who: int, words: str = "我方最后一次出价未被受理") -> LotObjection:
    firm = firm_of(sold.bidders[who])
    with acting(firm):
        return assets.raise_objection(by=firm, now=NOW, lot=sold.lot, words=words)


def test_a_bidders_objection_holds_everything_until_a_person_decides_it(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        for flag in sold.lot.flags.all():
            assets.clear_flag(by=by, now=NOW, flag=flag, why="已核实")
        assert open_tasks(sold) == {"confirm_result", "refund"}
    raised = objects(sold, 1)
    with acting(by):
        assert open_tasks(sold) == {"objection"}
        back = open_refunds(sold.lot).get()
        for verb in (
            lambda: assets.confirm_result(by=by, now=NOW, lot=sold.lot),
            lambda: assets.declare_default(by=by, now=NOW, lot=sold.lot, why="未付款"),
            lambda: assets.record_refund(by=by, now=NOW, refund=back, done_on=ON, bank_number="R1"),
        ):
            with pytest.raises(Refused, match="异议"):
                verb()
        assert list(queries.refunds(by=by, state="due")) == []
        assert list(queries.refunds(by=by, state="held")) == [back]
        for who in (system(by.zone_id), firm_of(sold.bidders[1])):
            with pytest.raises(Refused):
                assets.decide_objection(
                    by=who, now=NOW, objection=raised, is_upheld=False, words="无误"
                )
        with pytest.raises(Refused):
            assets.decide_objection(by=by, now=NOW, objection=raised, is_upheld=False, words=" ")
        later = NOW + timedelta(days=4)
        assets.decide_objection(
            by=by, now=later, objection=raised, is_upheld=False, words="账本显示该出价晚到 3 毫秒"
        )
        assert open_tasks(sold) == {"confirm_result", "refund"}
        fresh = open_refunds(sold.lot).get()
        assert fresh.due_at and back.due_at and fresh.due_at > back.due_at
        assets.record_refund(by=by, now=later, refund=fresh, done_on=ON, bank_number="R1")
        assert assets.confirm_result(by=by, now=later, lot=sold.lot).state == "confirmed"


def test_upheld_the_sale_is_none_and_every_deposit_goes_back(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        sold.published()
        assets.record_payment(
            by=by, now=NOW, lot=sold.lot, amount_fen=500_000, paid_on=ON, bank_number="P1"
        )
        seller = seller_of(sold)
    with acting(seller):
        raised = assets.raise_objection(by=seller, now=NOW, lot=sold.lot, words="标的已被查封")
    with acting(by):
        assets.decide_objection(
            by=by, now=NOW, objection=raised, is_upheld=True, words="标的存在查封，成交撤销"
        )
        lot = sold.lot
        assert (lot.state, lot.winner, lot.price_fen) == ("passed_in", None, None)
        assert open_refunds(lot).count() == 2
        assert set(OfficialNotice.objects.values_list("title", flat=True)) == {
            "成交确认书", "撤销成交通知书",
        }  # fmt: skip
        for one in open_refunds(lot):
            assets.record_refund(by=by, now=NOW, refund=one, done_on=ON, bank_number=f"B{one.pk}")
        with pytest.raises(Refused, match="5,000"):
            assets.close_lot(by=by, now=NOW, lot=lot, words="退回出让方")
        assets.record_return(
            by=by, now=NOW, lot=lot, amount_fen=500_000, paid_on=ON, bank_number="P2"
        )
        assert assets.close_lot(by=by, now=NOW, lot=lot, words="退回出让方").state == "closed"


def test_a_buyer_wrongly_in_default_stands_again(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        sold.published()
        assets.declare_default(by=by, now=NOW, lot=sold.lot, why="逾期未付款")
        assert Refund.objects.filter(kind="forfeited").exists()
    raised = objects(sold, 0, "款已于当日付至专户")
    with acting(by):
        with pytest.raises(Refused, match="异议"):
            assets.second_chance(by=by, now=NOW, lot=sold.lot)
        assets.decide_objection(
            by=by, now=NOW, objection=raised, is_upheld=True, words="银行回单属实"
        )
        lot = sold.lot
        assert (lot.state, lot.winner, lot.closed_why) == ("ended", sold.bidders[0], "")
        assert not Refund.objects.filter(kind="forfeited").exists()
        assert Ban.objects.get().lifted_at == NOW
        assert "confirm_result" in open_tasks(sold)


def test_whoever_watches_reads_what_became_of_a_sale(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        sold.published()
        assert said_in_the_hall(by, sold) == ("sold", "stands", "sold")
        assets.declare_default(by=by, now=NOW, lot=sold.lot, why="逾期未付款")
        assert said_in_the_hall(by, sold) == ("sold", "default", "default")
        raised = assets.raise_objection(by=by, now=NOW, lot=sold.lot, words="款已付", bidder=None)
        assets.decide_objection(by=by, now=NOW, objection=raised, is_upheld=False, words="未到账")
        chance = assets.second_chance(by=by, now=NOW, lot=sold.lot)
        assets.answer_chance(by=by, now=NOW, chance=chance, accepts=True, words="电话确认")
        assert said_in_the_hall(by, sold) == ("sold", "stands", "sold")
    raised = objects(sold, 0)
    with acting(by):
        assets.decide_objection(by=by, now=NOW, objection=raised, is_upheld=True, words="标的查封")
        assert said_in_the_hall(by, sold) == ("sold", "none", "no_sale")


def test_of_a_closed_lot_everybody_reads_whether_it_was_sold(by: Actor) -> None:
    with acting(by):
        annulled, kept = a_sale(by), a_sale(by)
        annulled.confirmed()
    raised = objects(annulled, 1)
    with acting(by):
        assets.decide_objection(by=by, now=NOW, objection=raised, is_upheld=True, words="标的查封")
        paid_back(annulled)
        assets.close_lot(by=by, now=NOW, lot=annulled.lot, words="卖方自用")
        handed_over(kept)
        paid_back(kept)
        assets.close_lot(by=by, now=NOW, lot=kept.lot)
        assert (annulled.lot.state, kept.lot.state) == ("closed", "closed")
        assert said_in_the_hall(by, annulled) == ("sold", "none", "no_sale")
        assert said_in_the_hall(by, kept) == ("sold", "stands", "sold")
        assert [one.lot.get_state_display() for one in (annulled, kept)] == ["已结束", "已办结"]
        assert [lot_queries.steps_of(one.lot)[-1].is_done for one in (annulled, kept)] == [
            False,
            True,
        ]
        counted = sold_lots(zone_id=by.zone_id, since=ON - timedelta(days=400), days=800)
        assert list(counted) == [kept.lot], "what nobody bought is no sale in the zone's figures"


def handed_over(sold: Sold) -> None:
    """Published, signed, paid, handed over, and the seller has its money."""
    by, lot_id = sold.by, sold.lot_id
    sold.published()
    assets.make_contract(by=by, now=NOW, lot=sold.lot, signed_on=ON, paper=paper(by))
    for verb, fen in ((assets.record_payment, 1_000_000), (assets.record_payout, 1_100_000)):
        verb(
            by=by, now=NOW, lot=sold.lot, amount_fen=fen, paid_on=ON, bank_number=f"{fen}-{lot_id}"
        )
        if verb is assets.record_payment:
            assets.record_handover(by=by, now=NOW, lot=sold.lot, on=ON, paper=paper(by, "form"))


def paid_back(sold: Sold) -> None:
    """Every deposit that is to go back went back."""
    assets.owe_refunds(by=system(sold.by.zone_id), now=NOW)
    for refund in open_refunds(sold.lot):
        assets.record_refund(
            by=sold.by, now=NOW, refund=refund, done_on=ON, bank_number=f"R{refund.pk}"
        )


def said_in_the_hall(by: Actor, sold: Sold) -> tuple[str, str, str]:
    """The ledger's last word and what became of it, as the live address says it; and the page's."""
    with as_web(), connection.cursor() as cursor:
        cursor.execute(VIEWS, [[sold.lot_id], [0]])
        *columns, _now, _ladder = cursor.fetchone()
    shown = Shown(sold.lot_id)
    shown.take(View(*columns), [])
    live = json.loads(shown.body(time.time()))
    one = shown_lots.shown_lot(by=by, lot_id=sold.lot_id)
    assert one is not None
    data = data_of(one, shown_lots.hall_clock(zone_id=by.zone_id), [], None)["snapshot"]
    assert data["sale"] == live["sale"]
    return live["result"], live["sale"], one.standing.phase.value


def test_only_parties_of_the_hall_object_once_at_a_time_and_in_time(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by, bidders=3)
        Bidder.objects.filter(pk=sold.bidders[2].pk).update(state="refused", refused_why="资料不全")
        stranger = a_firm(by)[1]
    for who in (stranger, firm_of(sold.bidders[2])):
        with acting(who), pytest.raises(Refused, match="已准入"):
            assets.raise_objection(by=who, now=NOW, lot=sold.lot, words="不服")
    raised = objects(sold, 1)
    with pytest.raises(Refused, match="待处理"):
        objects(sold, 1)
    other = firm_of(sold.bidders[0])
    with acting(other):
        assert list(LotObjection.objects.all()) == [], "others read no words of it"
        with pytest.raises(Refused):
            assets.withdraw_objection(by=other, now=NOW, objection=raised)
        told = queries.told_objections(by=other, lot=sold.lot, bidder=sold.bidders[0])
        assert [(one.alias, one.is_mine) for one in told] == [(2, False)]
    mine = firm_of(sold.bidders[1])
    with acting(mine):
        taken = assets.withdraw_objection(by=mine, now=NOW, objection=raised)
        assert taken.state == "withdrawn"
    with acting(by):
        ended = sold.lot.ended_at
        assert ended is not None
        Lot.objects.filter(pk=sold.lot_id).update(ended_at=ended - timedelta(days=30))
    with pytest.raises(Refused, match="截至"):
        objects(sold, 1)


def test_the_exchange_writes_an_objection_down_and_another_zone_sees_none(
    by: Actor, of: Of
) -> None:
    with acting(by):
        sold = a_sale(by)
        raised = assets.raise_objection(
            by=by, now=NOW, lot=sold.lot, words="来电称标的与公告不符", bidder=sold.bidders[1]
        )
        assert raised.raised_by_id == by.post_id
        with pytest.raises(Refused):
            assets.withdraw_objection(by=by, now=NOW, objection=raised)
        assets.withdraw_objection(by=by, now=NOW, objection=raised, words="当事人来电撤回")
    west = exchange(of, "west")
    with acting(west):
        assert not LotObjection.objects.exists()
        with pytest.raises(Refused):
            assets.decide_objection(
                by=west, now=NOW, objection=raised, is_upheld=True, words="成立"
            )


def test_a_party_objects_on_its_page_and_the_exchange_decides_on_its_own(
    by: Actor, sign_in: Callable[[str], Client]
) -> None:
    with acting(by):
        sold = a_sale(by)
    for who, name in ((1, "east-loser"), (0, "east-buyer")):
        speak_for(by, sold.bidders[who].party_id, name)
    loser, buyer, host = (sign_in(one) for one in ("east-loser", "east-buyer", "east-admin"))
    mine, sale = f"/my-auctions/{sold.lot_id}/", f"/lots/{sold.lot_id}/sale/"
    assert "对结果提出异议" in loser.get(mine).content.decode()
    assert loser.post(mine + "do/object/", {"words": ""}).status_code == 422
    assert loser.post(mine + "do/object/", {"words": "x" * 1001}).status_code == 422
    words = "最后一次出价<b>未受理</b>"
    assert loser.post(mine + "do/object/", {"words": words}).status_code == 302
    page = loser.get(mine).content.decode()
    assert "我方异议" in page
    assert "&lt;b&gt;" in page
    assert "异议处理完毕前暂停退还" in page
    other = buyer.get(mine).content.decode()
    assert "02 号竞买人的异议" in other
    assert "未受理" not in other
    page = host.get(sale).content.decode()
    assert "未受理" in page
    assert "作出处理" in page
    assert "未受理" not in host.get("/refunds/").content.decode()
    assert "查看异议" in host.get("/refunds/?state=held").content.decode()
    with acting(by):
        raised = LotObjection.objects.get()
    asked = {"objection": raised.pk, "version": 1, "words": "账本无误"}
    assert host.post(sale + "decide/", {**asked, "answer": "perhaps"}).status_code == 422
    assert (
        host.post(sale + "decide/", {**asked, "version": 9, "answer": "rejected"}).status_code
        == 422
    )
    assert host.post(sale + "decide/", {**asked, "answer": "rejected"}).status_code == 302
    for reader in (loser, buyer):
        assert "账本无误" in reader.get(mine).content.decode()
    assert host.get(sale + "?do=object").status_code == 200
    assert host.post(sale + "object/", {"bidder": 10**9, "words": "不服"}).status_code == 422
    assert (
        host.post(sale + "object/", {"bidder": "seller", "words": "代出让方登记"}).status_code
        == 302
    )
    with acting(by):
        again = LotObjection.objects.get(state="open")
        assert again.bidder is None
    asked = {"objection": again.pk, "words": "出让方来电撤回"}
    assert host.post(sale + "take-back/", asked).status_code == 302


def test_watchers_are_added_up_over_processes_and_forgotten(by: Actor) -> None:
    with acting(by):
        lot = a_hall(by).lot
    with as_web():
        call("tell_audience", "one", [lot.pk], [3])
        call("tell_audience", "two", [lot.pk, 10**12], [4, 9])
    with acting(by):
        assert queries.watchers_of(lot) == 7
        with pytest.raises(DatabaseError), transaction.atomic():
            call("tell_audience", "three", [lot.pk], [1])
    with as_web():
        call("tell_audience", "one", [], [])
    with acting(by):
        assert queries.watchers_of(lot) == 4
