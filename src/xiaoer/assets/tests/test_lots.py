"""Lots up to the opening of the hall: put up, checked, announced, taken back."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.auction import terms
from xiaoer.assets.auction.announcement import announcement_pdf
from xiaoer.assets.models import (
    AuctionRules,
    Ban,
    Bidder,
    DepositAccount,
    Hall,
    LedgerLine,
    Lot,
    LotFile,
    Refund,
    SealedReserve,
)
from xiaoer.assets.tests.halls import bids, seat
from xiaoer.assets.tests.lots import (
    FACTS,
    QUICK,
    admitted,
    an_account,
    applied,
    exchange,
    firm_of,
    noticed,
    opened,
    paid,
    picture,
    quick_rules,
    soon,
    submitted,
)
from xiaoer.base import files
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.registry import actions as registry
from xiaoer.web import press
from xiaoer.work.models import Matter, Task

Of = Callable[[str], Actor]


@pytest.fixture
def by(of: Of) -> Actor:
    return exchange(of("east-desk"))


def open_tasks(lot: Lot) -> list[str]:
    tasks = Task.objects.filter(matter=lot.matter, state="open")
    return list(tasks.order_by("id").values_list("kind", flat=True))


def test_a_firm_puts_up_its_own_thing_and_the_exchange_announces_it(by: Actor, of: Of) -> None:
    with acting(of("east-desk")):
        party, firm = firm_of(by)
        quick_rules(by)
    with acting(firm):
        lot = submitted(firm, party)
        assert (lot.state, lot.seller_id) == ("submitted", party.pk)
    with acting(by):
        assert open_tasks(lot) == ["check_lot"]
        lot = assets.check_lot(by=by, now=NOW, lot=lot)
        assert (lot.number, open_tasks(lot)) == ("2026-001", ["notice_lot"])
        lot = assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=soon(by))
        hall = Hall.objects.get(lot=lot)
        assert (hall.opens_at, hall.free_until) == (lot.opens_at, lot.free_until)
        assert hall.ends_at - hall.free_until == timedelta(minutes=1)
        assert (hall.start_fen, hall.step_fen, hall.most_fen) == (1_000_000, 50_000, 100_000_000)
        assert LedgerLine.objects.get(lot=lot).kind == "open"
        assert (open_tasks(lot), lot.host.post_id) == (["host_lot"], by.post_id)


def test_what_is_put_up_is_whole(by: Actor) -> None:
    with acting(by):
        seller, _firm = firm_of(by)
        lot = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=seller)
        with pytest.raises(Refused, match=r"图片|picture"):
            assets.submit_lot(by=by, now=NOW, lot=lot)
        assets.add_lot_file(by=by, now=NOW, lot=lot, kind="picture", upload=picture())
        with pytest.raises(Refused) as no:
            assets.submit_lot(by=by, now=NOW, lot=lot)
        assert no.value.field == "title_paper"


def test_what_was_brought_in_keeps_its_papers_and_numbers_go_on_past_a_thousand(by: Actor) -> None:
    with acting(by):
        seller, owner = firm_of(by)
        lot = submitted(by, seller)
        proof = LotFile.objects.get(lot=lot, kind="title")
    with acting(owner):
        with pytest.raises(Refused):
            assets.remove_lot_file(by=owner, now=NOW, file=proof)
        with pytest.raises(Refused):
            more = picture("另一台.png", 30)
            assets.add_lot_file(by=owner, now=NOW, lot=lot, kind="picture", upload=more)
    with acting(by):
        assert assets.check_lot(by=by, now=NOW, lot=lot).number == "2026-001"
        for last, then in (("2026-999", "2026-1000"), ("2026-1000", "2026-1001")):
            Lot.objects.filter(number__startswith="2026-").exclude(pk=lot.pk).update(number="")
            Lot.objects.filter(pk=lot.pk).update(number=last)
            other = submitted(by, seller)
            assert assets.check_lot(by=by, now=NOW, lot=other).number == then


def test_a_picture_with_a_script_is_refused(by: Actor) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    with acting(by):
        lot = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=firm_of(by)[0])
        for name, media_type in (("车床.svg", "image/svg+xml"), ("车床.png", "image/png")):
            upload = SimpleUploadedFile(name, svg, media_type)
            with pytest.raises(Refused):
                assets.add_lot_file(by=by, now=NOW, lot=lot, kind="picture", upload=upload)
        assert not LotFile.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start_fen": 0}, "start_fen"),
        ({"start_fen": 10**18}, "start_fen"),
        ({"step_fen": 1}, "step_fen"),
        ({"step_fen": 900_000}, "step_fen"),
        ({"deposit_fen": 0}, "deposit_fen"),
        ({"deposit_fen": 900_000}, "deposit_fen"),
        ({"valuation_fen": 2_000_000}, "start_fen"),
        ({"title": " "}, "title"),
        ({"description": "字" * 4001}, "description"),
        ({"viewing_until": date(2026, 12, 1)}, "viewing_from"),
    ],
)
def test_prices_that_cannot_be_meant_are_refused(
    by: Actor, change: dict[str, object], field: str
) -> None:
    with acting(by):
        seller, _firm = firm_of(by)
        with pytest.raises(Refused) as no:
            assets.draft_lot(by=by, now=NOW, facts=replace(FACTS, **change), seller=seller)  # type: ignore[arg-type]  # wrong facts on purpose
        assert no.value.field == field


def test_step_and_deposit_follow_from_the_rules_where_none_is_said() -> None:
    rules = terms.DEFAULT
    assert rules.step_for(1_000_000) == 10_000
    assert rules.step_for(3_450_000) == 20_000
    assert rules.deposit_for(3_450_000) == 340_000
    assert rules.deposit_for(100_000) == 50_000
    # What is proposed is always allowed.
    for start in (1, 99, 100, 4_200_000, 7_777_777, 123_456_789, 10**13):
        least, most = rules.steps_for(start)
        assert least <= rules.step_for(start) <= most
        least, most = rules.deposits_for(start)
        assert least <= rules.deposit_for(start) <= most


def test_who_is_not_the_owner_does_not_change_a_lot(by: Actor, of: Of) -> None:
    with acting(by):
        party, firm = firm_of(by)
        _other, stranger = firm_of(by)
        lot = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=party)
    with acting(stranger), pytest.raises(Refused):
        assets.change_lot(by=stranger, now=NOW, lot=lot, facts=FACTS, version=lot.version)
    officer = of("east-officer")
    with acting(officer), pytest.raises(Refused):
        assets.change_lot(by=officer, now=NOW, lot=lot, facts=FACTS, version=lot.version)
    with acting(firm):
        facts = replace(FACTS, title="数控铣床")
        changed = assets.change_lot(by=firm, now=NOW, lot=lot, facts=facts, version=lot.version)
        assert changed.title == "数控铣床"
        with pytest.raises(Refused):
            assets.change_lot(by=firm, now=NOW, lot=lot, facts=FACTS, version=lot.version)
    west = exchange(of("west-desk"))
    with acting(west), pytest.raises(Refused):
        assets.withdraw_lot(by=west, now=NOW, lot=lot, reason="不是本区的")


def test_a_lot_sent_back_says_why_and_comes_again(by: Actor) -> None:
    with acting(by):
        lot = submitted(by, firm_of(by)[0])
        with pytest.raises(Refused):
            assets.return_lot(by=by, now=NOW, lot=lot, reason=" ")
        lot = assets.return_lot(by=by, now=NOW, lot=lot, reason="请补发票")
        assert (lot.state, lot.returned_why, open_tasks(lot)) == ("draft", "请补发票", [])
        lot = assets.submit_lot(by=by, now=NOW, lot=lot)
        assert (lot.returned_why, open_tasks(lot)) == ("", ["check_lot"])
        assert Matter.objects.filter(kind="auction_lot", subject_id=lot.pk).count() == 1


def test_a_secret_reserve_is_sealed_and_read_by_nobody(by: Actor) -> None:
    with acting(by):
        party, firm = firm_of(by)
        quick_rules(by)
    with acting(firm):
        lot = submitted(firm, party)
    with acting(by):
        lot = assets.return_lot(by=by, now=NOW, lot=lot, reason="请定保留价")
    with acting(firm):
        with pytest.raises(Refused):
            assets.seal_lot_reserve(by=firm, now=NOW, lot=lot, amount_fen=1_000_000)
        lot = assets.seal_lot_reserve(by=firm, now=NOW, lot=lot, amount_fen=1_200_000)
        assert (lot.reserve, len(lot.reserve_hash)) == ("secret", 64)
        lot = assets.drop_lot_reserve(by=firm, now=NOW, lot=lot)
        lot = assets.seal_lot_reserve(by=firm, now=NOW, lot=lot, amount_fen=1_300_000)
        assets.submit_lot(by=firm, now=NOW, lot=lot)
    with acting(by):
        assert not SealedReserve.objects.exists()
        assets.check_lot(by=by, now=NOW, lot=lot)
        lot = assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=soon(by))
        assert Hall.objects.get(lot=lot).has_secret
        with pytest.raises(Refused):
            assets.drop_lot_reserve(by=by, now=NOW, lot=lot)
        assets.withdraw_lot(by=by, now=NOW, lot=lot, reason="试验结束")
        amount, salt = LedgerLine.objects.get(lot=lot, kind="end").text.split("|")[6:8]
        assert sha256(f"{salt}|{amount}".encode()).hexdigest() == lot.reserve_hash
        assert amount == "1300000"


def test_a_lot_is_public_long_enough_and_a_host_is_awake(by: Actor) -> None:
    with acting(by):
        lot = submitted(by, firm_of(by)[0])
        assets.check_lot(by=by, now=NOW, lot=lot)
        with pytest.raises(Refused) as no:
            assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=soon(by, 40 * 86_400))
        assert no.value.field == "deposit_account"
        an_account(by)
        for seconds, said in ((-1, r"服务器"), (60, "5")):
            with pytest.raises(Refused, match=said):
                assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=soon(by, seconds))
        with pytest.raises(Refused):
            assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=soon(by, 40 * 86_400))
        assert not Hall.objects.exists()


def test_a_night_or_a_day_off_begins_no_timed_bidding(by: Actor) -> None:
    with acting(by):
        new = replace(QUICK, only_working_days=True, hours_from=9, hours_to=10)
        assets.release_auction_rules(by=by, now=NOW, name="白天", new=new, reason="试用")
        an_account(by)
        lot = submitted(by, firm_of(by)[0])
        assets.check_lot(by=by, now=NOW, lot=lot)
        midnight = soon(by).replace(hour=16, minute=30) + timedelta(days=1)
        with pytest.raises(Refused) as no:
            assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=midnight)
        assert no.value.field == "opens_at"


def test_a_firm_registers_with_its_agent_and_is_admitted_once_its_deposit_came(by: Actor) -> None:
    with acting(by):
        lot = noticed(by)
    with acting(by):
        bidder, firm = applied(by, lot)
        assert bidder.deposit_code.startswith("26001")
        with pytest.raises(Refused) as no:
            assets.admit_bidder(by=by, now=NOW, bidder=bidder)
        assert no.value.field == "deposit"
        paid(by, bidder)
        bidder = assets.admit_bidder(by=by, now=NOW, bidder=bidder)
        assert (bidder.state, bidder.alias is not None) == ("admitted", True)
        assert LedgerLine.objects.filter(lot=lot, kind="admit").count() == 1
        assert open_tasks(lot) == ["host_lot"]
        with pytest.raises(Refused):
            assets.apply_to_bid(
                by=firm,
                now=NOW,
                lot=lot,
                facts=assets.BidderFacts(bidder.agent_name, "13800001234"),
            )


def test_an_agent_who_is_not_the_representative_brings_a_mandate(by: Actor) -> None:
    with acting(by):
        lot = noticed(by)
        _party, firm = firm_of(by, legal_representative="丙一")
    facts = assets.BidderFacts("丁一", "13700001111")
    with acting(firm):
        with pytest.raises(Refused) as no:
            assets.apply_to_bid(by=firm, now=NOW, lot=lot, facts=facts)
        assert no.value.field == "mandate"
        bidder = assets.apply_to_bid(
            by=firm, now=NOW, lot=lot, facts=facts, mandate=picture("委托书.png")
        )
        assert bidder.mandate_id is not None


def test_the_seller_and_who_is_tied_to_it_may_not_bid(by: Actor) -> None:
    with acting(by):
        seller, own = firm_of(by, legal_representative="卖一", contact_phone="0537-1234567")
        lot = noticed(by, seller=seller)
        _one, same_phone = firm_of(by, legal_representative="戊一", contact_phone="05371234567")
        _two, same_agent = firm_of(by, legal_representative="己一")
        third, namesake = firm_of(by, legal_representative="卖一")
    for who, name, phone in (
        (own, "卖一", "13600000001"),
        (same_phone, "戊一", "13600000002"),
        (same_agent, "己一", "13900000000"),
        (namesake, "卖一", "13600000003"),
    ):
        with acting(who), pytest.raises(Refused):
            assets.apply_to_bid(by=who, now=NOW, lot=lot, facts=assets.BidderFacts(name, phone))
    with acting(by):
        facts = assets.BidderFacts("卖一", "13600000003", namesake_why="核对身份证，不是同一人")
        assert assets.apply_to_bid(by=by, now=NOW, lot=lot, facts=facts, party=third).pk


def test_a_firm_that_is_banned_may_not_bid_until_the_day(by: Actor) -> None:
    with acting(by):
        lot = noticed(by)
        party, firm = firm_of(by, legal_representative="庚一")
        Ban.objects.create(
            zone_id=by.zone_id, party=party, why="悔拍", since=NOW.date(), until=date(2027, 1, 1)
        )
    with acting(firm), pytest.raises(Refused, match="2027-01-01"):
        facts = assets.BidderFacts("庚一", "13600000001")
        assets.apply_to_bid(by=firm, now=NOW, lot=lot, facts=facts)


def test_a_ban_follows_a_firm_into_the_entry_it_is_merged_with(by: Actor, of: Of) -> None:
    keeper = of("east-admin")
    with acting(by):
        lot = noticed(by)
        kept, firm = firm_of(by, legal_representative="庚二")
        other, _spoken = firm_of(by)
        # Both entries registered for one lot: what the second did stays with it.
        applied_as = [
            assets.apply_to_bid(
                by=by, now=NOW, lot=lot, party=one, mandate=picture("委托书.png", shade),
                facts=assets.BidderFacts("辛二", f"1370000000{shade}"),
            )
            for shade, one in enumerate((kept, other))
        ]  # fmt: skip
        Ban.objects.create(
            zone_id=by.zone_id, party=other, why="悔拍", since=NOW.date(), until=date(2027, 1, 1)
        )
    with acting(keeper):
        registry.merge_parties(by=keeper, now=NOW, kept=kept, duplicate=other)
        assert Ban.objects.get().party == kept
        assert [Bidder.objects.get(pk=one.pk).party for one in applied_as] == [kept, other]
    with acting(by):
        another = submitted(by, firm_of(by)[0])
        assets.check_lot(by=by, now=NOW, lot=another)
        assets.notice_lot(by=by, now=NOW, lot=another, opens_at=soon(by))
    with acting(firm), pytest.raises(Refused, match="2027-01-01"):
        facts = assets.BidderFacts("庚二", "13600000001")
        assets.apply_to_bid(by=firm, now=NOW, lot=another, facts=facts)


def test_a_right_of_pre_emption_is_claimed_and_recognised_by_a_person(by: Actor) -> None:
    with acting(by):
        lot = noticed(by)
        bidder, firm = applied(by, lot)
        paid(by, bidder)
    with acting(firm):
        assets.claim_pre_emption(by=firm, now=NOW, bidder=bidder, why="承租人")
    with acting(by):
        with pytest.raises(Refused) as no:
            assets.admit_bidder(by=by, now=NOW, bidder=bidder)
        assert no.value.field == "no_rank_why"
        assert assets.admit_bidder(by=by, now=NOW, bidder=bidder, rank=1).rank == 1
        other, _firm = applied(by, lot, pre_emption="共有人")
        paid(by, other)
        other = assets.admit_bidder(by=by, now=NOW, bidder=other, no_rank_why="没有登记")
        assert (other.rank, "没有登记" in other.rank_why) == (None, True)


def test_who_leaves_or_is_refused_gets_the_deposit_back_but_a_bid_stays(by: Actor) -> None:
    with acting(by):
        lot = opened(by)
        stays, _firm = admitted(by, lot)
        leaves, firm = admitted(by, lot)
        late, _other = applied(by, lot)
        assert stays.alias != leaves.alias
    with acting(firm):
        assert assets.leave_lot(by=firm, now=NOW, bidder=leaves).state == "left"
    with acting(by):
        assert Refund.objects.get().line.bidder_id == leaves.pk
        with pytest.raises(Refused):
            assets.refuse_bidder(by=by, now=NOW, bidder=late, reason="")
        assets.refuse_bidder(by=by, now=NOW, bidder=late, reason="授权书无公章")
        seats = [seat(by, one) for one in (stays, leaves)]
        said = bids([lot, lot], seats, [1_000_000, 1_050_000], [uuid.uuid4(), uuid.uuid4()])
        assert [one.outcome for one in said] == ["accepted", "not_admitted"]
        with pytest.raises(Refused):
            assets.leave_lot(by=by, now=NOW, bidder=stays)
        with pytest.raises(Refused):
            assets.refuse_bidder(by=by, now=NOW, bidder=stays, reason="反悔")


def test_a_lot_withdrawn_after_bids_stops_the_hall_and_owes_everybody(by: Actor) -> None:
    with acting(by):
        party, owner = firm_of(by)
        lot = opened(by, seller=party)
        bidder, _firm = admitted(by, lot)
        admitted(by, lot)
        assert bids([lot], [seat(by, bidder)], [1_000_000], [uuid.uuid4()])[0].outcome == "accepted"
    with acting(owner), pytest.raises(Refused):
        assets.withdraw_lot(by=owner, now=NOW, lot=lot, reason="不卖了")
    with acting(by):
        lot = assets.withdraw_lot(by=by, now=NOW, lot=lot, reason="权属有异议")
        assert (lot.state, lot.closed_why) == ("withdrawn", "权属有异议")
        assert Hall.objects.get(lot=lot).ended_at is not None
        assert Refund.objects.filter(kind="back").count() == 2
        assert open_tasks(lot) == ["refund"]
        with pytest.raises(Refused):
            assets.withdraw_lot(by=by, now=NOW, lot=lot, reason="再撤")


def test_an_enterprise_sees_its_own_lots_and_what_is_announced(by: Actor) -> None:
    with acting(by):
        party, firm = firm_of(by)
        mine = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=party)
        shown = noticed(by)
        bidder, bidding = applied(by, shown)
        hidden = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=firm_of(by)[0])
    with acting(firm):
        assert set(Lot.objects.values_list("pk", flat=True)) == {mine.pk, shown.pk}
        assert hidden.pk not in set(Lot.objects.values_list("pk", flat=True))
        assert not Bidder.objects.exists()
        assert set(LotFile.objects.values_list("kind", flat=True)) == {"picture"}
        with pytest.raises(DatabaseError), transaction.atomic():
            Lot.objects.filter(pk=mine.pk).update(title="改")
    with acting(bidding):
        assert Bidder.objects.get().pk == bidder.pk


def test_rules_are_released_in_versions_and_a_lot_keeps_its_own(by: Actor) -> None:
    with acting(by):
        before = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=firm_of(by)[0])
        quick_rules(by)
        after = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=firm_of(by)[0])
        assert (before.rules.number, after.rules.number) == (1, 2)
        body = AuctionRules.objects.get(number=2).body
        assert body["free_minutes"] == {"value": 1, "source": "本区规定", "mark": ""}
        assert body["ban_months"]["mark"] == "D"
        assert terms.read(body) == QUICK
        for wrong in ({"extension_seconds": 5}, {"deposit_percent": 50}, {"hours_to": 0}):
            with pytest.raises(Refused):
                assets.release_auction_rules(
                    by=by,
                    now=NOW,
                    name="错",
                    reason="试",
                    new=replace(QUICK, **wrong),  # type: ignore[arg-type]  # wrong rules on purpose
                )
        assert assets.seed_auction_rules(by=by, now=NOW) == 0


def test_a_lot_keeps_the_account_and_the_paper_of_its_announcement(by: Actor, of: Of) -> None:
    with acting(by):
        lot = noticed(by)
        first = lot.deposit_account
        paper = LotFile.objects.select_related("file").get(lot=lot, kind="notice")
        assert files.bytes_of(paper.file).startswith(b"%PDF")
        with pytest.raises(Refused) as no:
            assets.keep_deposit_account(
                by=by, now=NOW, holder="示范交易中心", bank="示范银行", number="37O8 0101"
            )
        assert no.value.field == "number"
        second = assets.keep_deposit_account(
            by=by, now=NOW, holder="示范交易中心", bank="示范银行", number="37080101040099"
        )
        assert second.number == "3708 0101 0400 99"
        kept = Lot.objects.select_related("deposit_account").get(pk=lot.pk)
        assert kept.deposit_account == first, "its bidders were told that one"
        assert list(DepositAccount.objects.filter(until=None)) == [second]
    with acting(exchange(of("west-desk"))):
        assert not DepositAccount.objects.exists()
    with acting(by), pytest.raises(Refused):
        assets.keep_deposit_account(
            by=system(by.zone_id), now=NOW, holder="甲", bank="乙", number="37080101"
        )


def test_an_announcement_made_after_midnight_is_of_that_day(
    by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(press, "compile_pdf", lambda _paper, words, **_more: said.append(words))
    with acting(by):
        lot = assets.check_lot(by=by, now=NOW, lot=submitted(by, firm_of(by)[0]))
        lot.noticed_at = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
        announcement_pdf(lot, zone_name="东区", office="交易中心", now=NOW)
    assert said[0]["on"] == "2026年3月2日"


def test_a_year_that_was_mistyped_is_not_announced(by: Actor) -> None:
    with acting(by):
        quick_rules(by)
        lot = submitted(by, firm_of(by)[0])
        assets.check_lot(by=by, now=NOW, lot=lot)
        with pytest.raises(Refused) as no:
            assets.notice_lot(by=by, now=NOW, lot=lot, opens_at=soon(by, 4 * 366 * 86_400))
        assert no.value.field == "opens_at"
        assert not Hall.objects.filter(lot=lot).exists()


def test_a_start_price_is_not_raised_over_a_reserve_nobody_can_read(by: Actor) -> None:
    with acting(by):
        lot = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=firm_of(by)[0])
        lot = assets.seal_lot_reserve(by=by, now=NOW, lot=lot, amount_fen=1_200_000)
        facts = replace(FACTS, start_fen=1_500_000, deposit_fen=150_000)
        with pytest.raises(Refused) as no:
            assets.change_lot(by=by, now=NOW, lot=lot, facts=facts, version=lot.version)
        assert no.value.field == "start_fen"
        lower = replace(FACTS, start_fen=800_000, step_fen=None)
        lot = assets.change_lot(by=by, now=NOW, lot=lot, facts=lower, version=lot.version)
        assert (lot.start_fen, lot.reserve) == (800_000, "secret")


@pytest.mark.parametrize("number", ["不知道", "110", "无 12"])
def test_a_telephone_nobody_can_call_is_refused(by: Actor, number: str) -> None:
    with acting(by):
        seller, _owner = firm_of(by)
        with pytest.raises(Refused) as no:
            facts = replace(FACTS, contact_phone=number)
            assets.draft_lot(by=by, now=NOW, facts=facts, seller=seller)
        assert no.value.field == "contact_phone"
        lot = noticed(by)
        with pytest.raises(Refused) as no:
            applied(by, lot, agent_phone=number)
        assert no.value.field == "agent_phone"


def test_the_sellers_telephone_in_wide_digits_is_the_sellers_telephone(by: Actor) -> None:
    with acting(by):
        lot = noticed(by)
        with pytest.raises(Refused, match="关联"):
            applied(by, lot, agent_phone="１３９０００ ０００００")
