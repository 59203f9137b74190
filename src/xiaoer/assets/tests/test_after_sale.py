"""A lot after the hall: the result, the money, the contract, and what happens when a buyer fails."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.actions.lot_rows import EXCHANGES
from xiaoer.assets.models import Ban, LotFile, LotHost, LotPayment, Refund, SecondChance
from xiaoer.assets.tests.halls import a_hall, call
from xiaoer.assets.tests.sold import DEPOSIT, Of, Sold, a_sale, deposit, exchange, firm_of, paper
from xiaoer.assets.tests.test_halls import verified
from xiaoer.base import actions as base
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.papers.models import OfficialNotice
from xiaoer.work.models import Task

ON = NOW.date()


@pytest.fixture
def by(of: Of) -> Actor:
    return exchange(of)


def open_tasks(sold: Sold) -> set[str]:
    return set(
        Task.objects.filter(matter=sold.lot.matter, state="open").values_list("kind", flat=True)
    )


def test_a_result_is_taken_once_and_the_losers_deposit_is_owed_back(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        lot = sold.lot
        assert (lot.state, lot.price_fen, lot.winner) == ("ended", 1_100_000, sold.bidders[0])
        owed = Refund.objects.get()
        assert (owed.line.bidder, owed.amount_fen, owed.kind) == (sold.bidders[1], DEPOSIT, "back")
        assert owed.due_at and owed.due_at > NOW
        assert open_tasks(sold) == {"confirm_result", "refund"}
        assert assets.take_results(by=by, now=NOW) == []
        assert assets.owe_refunds(by=by, now=NOW) == 0


def test_a_host_who_left_holds_nothing_up(of: Of, by: Actor) -> None:
    host, admin = of("east-officer"), of("east-admin")
    with acting(by):
        sold = a_sale(by)
        post, own = (Post.objects.get(pk=who.post_id or 0) for who in (host, by))
        assert own.office is not None
        LotHost.objects.create(zone_id=by.zone_id, lot=sold.lot, office=own.office, post=post)
    with acting(admin):
        base.end_post(by=admin, now=NOW, post=post, until=ON - timedelta(days=1))
    with acting(by):
        sold.confirmed()
        task = Task.objects.get(matter=sold.lot.matter, kind="publish_result", state="open")
        assert (task.office_id, task.post) == (by.office_id, None)


def test_without_an_office_somebody_of_the_exchange_is_asked(of: Of, by: Actor) -> None:
    admin = of("east-admin")
    with acting(admin):
        Post.objects.filter(role__in=EXCHANGES).update(office=None)
    with acting(by):
        sold = a_sale(by)
        task = Task.objects.get(matter=sold.lot.matter, kind="confirm_result", state="open")
        assert task.office is None and task.post is not None and task.post.role in EXCHANGES
        assert "没有科室" in task.title


def test_a_lot_nobody_bid_for_passes_in_and_every_deposit_goes_back(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by, wanted=())
        assert sold.lot.state == "passed_in"
        assert Refund.objects.count() == 2
        assert open_tasks(sold) == {"relist", "refund"}


def test_money_that_came_after_the_end_is_owed_back_too(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        late = deposit(by, sold.bidders[1], 5_000)
        assert assets.owe_refunds(by=system(by.zone_id), now=NOW) == 1
        assert Refund.objects.get(line=late).amount_fen == 5_000


def test_a_sale_goes_from_confirmation_to_the_sellers_money(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        sold.published()
        notice = OfficialNotice.objects.get()
        assert (notice.title, notice.party) == ("成交确认书", sold.bidders[0].party)
        with pytest.raises(Refused, match="1"):
            assets.record_payment(
                by=by, now=NOW, lot=sold.lot, amount_fen=1_000_001, paid_on=ON, bank_number="1"
            )
        assets.record_payment(
            by=by, now=NOW, lot=sold.lot, amount_fen=1_000_000, paid_on=ON, bank_number="1"
        )
        assert sold.lot.state == "published", "the contract is not there yet"
        assets.make_contract(by=by, now=NOW, lot=sold.lot, signed_on=ON, paper=paper(by))
        assert sold.lot.state == "paid"
        kept = Refund.objects.get(kind="to_price")
        assert (kept.line.bidder, kept.amount_fen) == (sold.bidders[0], DEPOSIT)
        assets.record_handover(by=by, now=NOW, lot=sold.lot, on=ON, paper=paper(by, "form"))
        with pytest.raises(Refused, match="1"):
            assets.close_lot(by=by, now=NOW, lot=sold.lot)
        back = Refund.objects.get(kind="back")
        assets.record_refund(by=by, now=NOW, refund=back, done_on=ON, bank_number="R1")
        with pytest.raises(Refused, match=r"1\.1"):
            assets.close_lot(by=by, now=NOW, lot=sold.lot)
        assets.record_payout(
            by=by, now=NOW, lot=sold.lot, amount_fen=1_100_000, paid_on=ON, bank_number="2"
        )
        assert open_tasks(sold) == {"close_lot"}
        lot = assets.close_lot(by=by, now=NOW, lot=sold.lot)
        assert (lot.state, open_tasks(sold)) == ("closed", set())
        assert set(LotFile.objects.values_list("kind", flat=True)) == {"contract", "handover"}


def test_a_deposit_larger_than_the_price_goes_back_in_part(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by, wanted=((0, 10_000),), deposits=1_200_000)
        sold.published()
        assets.make_contract(by=by, now=NOW, lot=sold.lot, signed_on=ON, paper=paper(by))
        parts = Refund.objects.filter(line__bidder=sold.bidders[0])
        assert dict(parts.values_list("kind", "amount_fen")) == {
            "to_price": 1_000_000,
            "back": 200_000,
        }
        assert sold.lot.state == "paid"


def test_only_a_person_of_the_exchange_confirms_and_only_without_open_doubts(
    by: Actor, of: Of
) -> None:
    officer = of("east-officer")
    with acting(by):
        sold = a_sale(by, wanted=((0, 10_000),))
        assert {flag.why for flag in sold.lot.flags.all()} == {"one_bidder"}
        for who in (system(by.zone_id), officer):
            with pytest.raises(Refused):
                assets.confirm_result(by=who, now=NOW, lot=sold.lot)
        with pytest.raises(Refused, match="1"):
            assets.confirm_result(by=by, now=NOW, lot=sold.lot)
        assert sold.confirmed().state == "confirmed"
        with pytest.raises(Refused):
            assets.confirm_result(by=by, now=NOW, lot=sold.lot)


def test_a_sale_the_seller_does_not_keep_to_is_called_off_and_the_buyer_loses_nothing(
    by: Actor,
) -> None:
    with acting(by):
        sold = a_sale(by)
        sold.published()
        assets.make_contract(by=by, now=NOW, lot=sold.lot, signed_on=ON, paper=paper(by))
        assets.record_payment(
            by=by, now=NOW, lot=sold.lot, amount_fen=1_000_000, paid_on=ON, bank_number="1"
        )
        assert (sold.lot.state, open_tasks(sold)) == ("paid", {"refund", "handover"})
        for who in (system(by.zone_id), firm_of(sold.bidders[0])):
            with pytest.raises(Refused):
                assets.call_off_sale(by=who, now=NOW, lot=sold.lot, why="不交付")
        with pytest.raises(Refused, match="出让方"):
            assets.call_off_sale(by=by, now=NOW, lot=sold.lot, why=" ")
        lot = assets.call_off_sale(by=by, now=NOW, lot=sold.lot, why="设备被法院查封，无法交付")
        assert (lot.state, lot.winner, lot.price_fen, lot.paid_at) == (
            "passed_in",
            None,
            None,
            None,
        )
        assert "法院查封" in lot.closed_why
        assert open_tasks(sold) == {"refund", "relist"}
        buyer = Refund.objects.get(line__bidder=sold.bidders[0])
        assert (buyer.kind, buyer.amount_fen, buyer.done_on) == ("back", DEPOSIT, None)
        assert "终止交易通知书" in OfficialNotice.objects.values_list("title", flat=True)
        assert not Ban.objects.exists()
        with pytest.raises(Refused):
            assets.call_off_sale(by=by, now=NOW, lot=sold.lot, why="再来一次")
        for one in Refund.objects.filter(kind="back"):
            assets.record_refund(by=by, now=NOW, refund=one, done_on=ON, bank_number=f"B{one.pk}")
        with pytest.raises(Refused, match="还应退"):
            assets.close_lot(by=by, now=NOW, lot=sold.lot, words="退回出让方")
        assets.record_return(
            by=by, now=NOW, lot=sold.lot, amount_fen=1_000_000, paid_on=ON, bank_number="2"
        )
        assert assets.close_lot(by=by, now=NOW, lot=sold.lot, words="查封").state == "closed"


def test_what_was_handed_over_is_called_off_by_nobody(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by, wanted=((0, 10_000),), deposits=1_000_000)
        sold.published()
        assets.make_contract(by=by, now=NOW, lot=sold.lot, signed_on=ON, paper=paper(by))
        assets.record_handover(by=by, now=NOW, lot=sold.lot, on=ON, paper=paper(by, "form"))
        with pytest.raises(Refused):
            assets.call_off_sale(by=by, now=NOW, lot=sold.lot, why="反悔")


def test_a_refund_is_written_down_once_and_a_number_of_the_bank_once(by: Actor) -> None:
    with acting(by):
        a_sale(by, wanted=())
        first, second = Refund.objects.order_by("id")
        said: dict[str, Any] = {"by": by, "now": NOW, "done_on": ON}
        assets.record_refund(refund=first, bank_number="R1", **said)
        with pytest.raises(Refused):
            assets.record_refund(refund=first, bank_number="R2", **said)
        with pytest.raises(Refused):
            assets.record_refund(refund=second, bank_number="R1", **said)


def test_many_refunds_are_written_down_together_or_none(by: Actor) -> None:
    with acting(by):
        a_sale(by, wanted=())
        first, second = Refund.objects.order_by("id")
        with pytest.raises(Refused):
            assets.record_refunds(
                by=by, now=NOW,
                paid=[assets.PaidBack(first.pk, ON, "R1"), assets.PaidBack(second.pk, ON, "R1")],
            )  # fmt: skip
        assert not Refund.objects.filter(done_on__isnull=False).exists()


def test_a_buyer_in_default_loses_its_deposit_and_may_not_bid_for_a_year(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by, deposits=150_000)
        sold.published()
        assets.declare_default(by=by, now=NOW, lot=sold.lot, why="逾期未签订合同")
        parts = Refund.objects.filter(line__bidder=sold.bidders[0])
        assert dict(parts.values_list("kind", "amount_fen")) == {
            "forfeited": DEPOSIT,
            "back": 50_000,
        }
        ban = Ban.objects.get()
        assert (ban.party, ban.until.year) == (sold.bidders[0].party, ON.year + 1)
        assert sold.lot.state == "defaulted"
        assert open_tasks(sold) == {"relist", "refund"}


def test_the_next_bidder_buys_at_its_own_last_bid(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by, wanted=((0, 10_000), (1, 10_500), (2, 11_000)), bidders=3)
        sold.confirmed()
        assets.declare_default(by=by, now=NOW, lot=sold.lot, why="拒绝签订合同")
        with pytest.raises(Refused, match="2"):
            assets.second_chance(by=by, now=NOW, lot=sold.lot, bidder=sold.bidders[0])
        chance = assets.second_chance(by=by, now=NOW, lot=sold.lot)
        assert (chance.bidder, chance.amount_fen) == (sold.bidders[1], 1_050_000)
    with acting(firm_of(sold.bidders[0])):
        assert not SecondChance.objects.exists(), "another bidder reads nothing of it"
    with acting(firm_of(sold.bidders[1])):
        assets.answer_chance(by=firm_of(sold.bidders[1]), now=NOW, chance=chance, accepts=True)
    with acting(by):
        lot = sold.lot
        assert (lot.state, lot.price_fen, lot.winner) == ("ended", 1_050_000, sold.bidders[1])
        assert not Refund.objects.filter(line__bidder=sold.bidders[1]).exists()
        assert "confirm_result" in open_tasks(sold)
        sold.published()
        assets.record_payment(
            by=by, now=NOW, lot=sold.lot, amount_fen=950_000, paid_on=ON, bank_number="1"
        )
        assets.make_contract(by=by, now=NOW, lot=sold.lot, signed_on=ON, paper=paper(by))
        assert sold.lot.state == "paid"


def test_who_does_not_answer_in_time_is_passed_over(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by, wanted=((0, 10_000), (1, 10_500), (2, 11_000)), bidders=3)
        sold.confirmed()
        assets.declare_default(by=by, now=NOW, lot=sold.lot, why="拒绝签订合同")
        chance = assets.second_chance(by=by, now=NOW, lot=sold.lot)
        later = chance.due_at
        # An offer with a day stands until that day.
        with pytest.raises(Refused):
            assets.relist_lot(by=by, now=NOW, lot=sold.lot, start_fen=1_000_000)
        with pytest.raises(Refused):
            assets.close_lot(by=by, now=NOW, lot=sold.lot)
        with pytest.raises(Refused):
            assets.answer_chance(by=by, now=later, chance=chance, accepts=True, words="电话答复")
        assert assets.lapse_chances(by=system(by.zone_id), now=later) == 1
        again = assets.second_chance(by=by, now=later, lot=sold.lot)
        assert again.bidder == sold.bidders[0]
        assets.answer_chance(by=by, now=later, chance=again, accepts=False, words="电话答复不买")
        with pytest.raises(Refused):
            assets.second_chance(by=by, now=later, lot=sold.lot)


def test_a_lot_is_put_up_again_within_the_rules_and_not_a_third_time(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by, wanted=())
        with pytest.raises(Refused):
            assets.relist_lot(by=by, now=NOW, lot=sold.lot, start_fen=799_999)
        with pytest.raises(Refused):
            assets.relist_lot(by=by, now=NOW, lot=sold.lot, start_fen=1_000_001)
        new = assets.relist_lot(by=by, now=NOW, lot=sold.lot, start_fen=800_000)
        assert (new.state, new.round, new.relisted_from, new.title) == (
            "draft", 2, sold.lot, sold.lot.title,
        )  # fmt: skip
        with pytest.raises(Refused):
            assets.relist_lot(by=by, now=NOW, lot=sold.lot, start_fen=800_000)
        new.state, new.round, new.closed_why = "passed_in", 3, "流拍"
        new.save()
        with pytest.raises(Refused, match="2"):
            assets.relist_lot(by=by, now=NOW, lot=new, start_fen=700_000)


def test_the_host_pauses_goes_on_and_stops_and_bidders_get_their_money(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by)
        deposit(by, hall.bidders[0])
        said: dict[str, Any] = {"by": by, "now": NOW, "lot": hall.lot}
        with pytest.raises(Refused):
            assets.pause_lot(why=" ", **said)
        with pytest.raises(Refused):
            assets.resume_lot(why="没有暂停", **said)
        assets.pause_lot(why="现场停电", **said)
        assert hall.bid(0, 10_000).outcome == "paused"
        with pytest.raises(Refused):
            assets.pause_lot(why="再次", **said)
        assets.resume_lot(why="已恢复", **said)
        assert hall.bid(0, 10_000).outcome == "accepted"
        assets.stop_lot(why="权属有异议", **said)
        hall.lot.refresh_from_db()
        assert (hall.lot.state, hall.lot.closed_why) == ("withdrawn", "权属有异议")
        assert hall.bid(1, 10_500).outcome == "late"
        assert Refund.objects.get().kind == "back"
        assert "stopped" in hall.words()


def test_what_the_clock_ended_no_host_stops(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by, ends=-1)
        for verb, why in ((assets.stop_lot, "why"), (assets.withdraw_lot, "reason")):
            with pytest.raises(Refused, match=r"已经?结束"):
                verb(by=by, now=NOW, lot=hall.lot, **{why: "权属有异议"})
        assert "|end|" not in hall.words()
        paused = a_hall(by)
        assets.pause_lot(by=by, now=NOW, lot=paused.lot, why="停电")
        assert assets.stop_lot(by=by, now=NOW, lot=paused.lot, why="不能恢复").state == "withdrawn"
        kept = hall.words()
        last = kept.splitlines()[-1].split("|")
        words = f"{int(last[0]) + 1}|end|{last[2]}|stopped|0|0|-|-|停"
        head = bytes.fromhex(kept.split("\t")[-1].strip())
        late = f"{words}\t{sha256(head + words.encode()).hexdigest()}\n"
        assert verified(hall, tmp_path, kept)[0] == 0
        assert "over" in verified(hall, tmp_path, kept + late)[1]


def test_who_was_in_a_hall_that_ended_stays_in_its_ledger(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by)
        call("end_hall", hall.lot.pk, True, "停")
    firm = firm_of(hall.bidders[0])
    with acting(firm), pytest.raises(Refused, match=r"已经?结束"):
        assets.leave_lot(by=firm, now=NOW, bidder=hall.bidders[0])
    with acting(by):
        with pytest.raises(Refused, match=r"已经?结束"):
            assets.refuse_bidder(by=by, now=NOW, bidder=hall.bidders[1], reason="资料不全")
        assert verified(hall, tmp_path)[0] == 0


def test_another_zone_and_a_firm_reach_nothing(by: Actor, of: Of) -> None:
    with acting(by):
        sold = a_sale(by)
        refund = Refund.objects.get()
    west = replace(exchange(of, "west"))
    with acting(west):
        assert not Refund.objects.exists()
        for verb in (
            lambda: assets.confirm_result(by=west, now=NOW, lot=sold.hall.lot),
            lambda: assets.stop_lot(by=west, now=NOW, lot=sold.hall.lot, why="x"),
            lambda: assets.record_refund(
                by=west, now=NOW, refund=refund, done_on=ON, bank_number="1"
            ),
        ):
            with pytest.raises(Refused):
                verb()
    winner, loser = firm_of(sold.bidders[0]), firm_of(sold.bidders[1])
    with acting(loser):
        assert Refund.objects.get().amount_fen == DEPOSIT, "it reads what becomes of its own"
        with pytest.raises(Refused):
            assets.confirm_result(by=loser, now=NOW, lot=sold.hall.lot)
    with acting(winner):
        assert not Refund.objects.exists()
        assert not LotPayment.objects.exists()
