"""Pages of a lot in the hall and after it: who reads them, what they do, and the published ledger."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.auction.price_patterns import Bid, by_turns, pushed
from xiaoer.assets.models import Bidder, Flag, Refund, Watching
from xiaoer.assets.queries import after_sale as queries
from xiaoer.assets.tests.halls import TestHall, a_hall
from xiaoer.assets.tests.sold import Of, a_sale, deposit, exchange, paper
from xiaoer.assets.tests.test_auction_pages import speak_for
from xiaoer.base.scope import Actor, acting

VERIFIER = Path(__file__).parents[4] / "tools" / "verify_auction.py"


@pytest.fixture
def by(of: Of) -> Actor:
    return exchange(of)


@pytest.fixture
def host(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("east-admin")


def test_the_host_sees_the_firms_pauses_and_clears_a_doubt(
    by: Actor, host: Client, sign_in: Callable[[str], Client]
) -> None:
    with acting(by):
        hall = a_hall(by)
        hall.bid(0, 10_000)
        together(hall)
        assets.find_flags(by=by, now=NOW, lot=hall.lot)
        name = hall.bidders[0].party.name
        flag = Flag.objects.filter(why="same_address").get()
    here = f"/lots/{hall.lot.pk}/hall/"
    page = host.get(here).content.decode()
    assert name in page
    # A line of who was let in says whom.
    assert page.count(f"02 {hall.bidders[1].party.name}") == 1
    assert "疑点" in page
    assert "every 2s" in host.get(here + "?part=1").content.decode()
    assert host.post(here + "pause/", {"why": "现场停电"}).status_code == 302
    assert "恢复" in host.get(here).content.decode()
    assert host.post(here + "resume/", {"why": "已恢复"}).status_code == 302
    assert host.post(here + "clear/", {"flag": flag.pk, "why": "同一园区网络"}).status_code == 302
    assert "同一园区网络" in host.get(here).content.decode()
    for other in ("east-officer", "west-admin"):
        assert sign_in(other).get(here).status_code == 404


def test_after_a_default_nothing_is_said_to_be_due(by: Actor, host: Client) -> None:
    with acting(by):
        sold = a_sale(by)
        assets.declare_default(by=by, now=NOW, lot=sold.lot, why="没有付款")
    page = host.get(f"/lots/{sold.lot_id}/sale/").content.decode()
    assert "不予退还的保证金" in page
    assert "买受人尚应付" not in page
    assert "尚应付出让方" not in page


def test_a_sale_is_called_off_on_its_page_and_by_the_api(by: Actor, host: Client) -> None:
    with acting(by):
        first, second = a_sale(by), a_sale(by)
        first.published()
    here = f"/lots/{first.lot_id}/sale/"
    assert "终止交易" in host.get(here + "?do=call-off").content.decode()
    assert host.post(here + "call-off/", {"why": ""}).status_code == 422
    stale = {"why": "设备被查封", "version": "1"}
    assert host.post(here + "call-off/", stale).status_code == 422
    with acting(by):
        said = {**stale, "version": first.lot.version}
    assert host.post(here + "call-off/", said).status_code == 302
    shown = host.get(here).content.decode()
    assert "交易终止：设备被查封" in shown and "重新挂出" in shown
    answer = host.post(
        f"/api/v1/lot-sales/{second.lot_id}/call-off", {"why": "双方协商终止"},
        content_type="application/json",
    )  # fmt: skip
    assert (answer.status_code, answer.json()["state"]) == (200, "passed_in")


def test_a_pause_in_free_bidding_leaves_the_time_until_timed_bidding(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by, opens=-60, free=3600, ends=7200)
        assets.pause_lot(by=by, now=NOW, lot=hall.lot, why="现场停电")
        console = queries.console_of(lot=hall.lot)
    assert console is not None
    assert 3000 < console.seconds <= 3660


def together(hall: TestHall) -> None:
    for bidder in hall.bidders:
        Watching.objects.create(
            zone_id=bidder.zone_id, bidder=bidder, address_hash="a", device_hash=str(bidder.pk),
            first_at=NOW, last_at=NOW,
        )  # fmt: skip


def test_a_sale_is_carried_out_on_its_page(by: Actor, host: Client, tmp_path: Path) -> None:
    with acting(by):
        sold = a_sale(by)
        lot = sold.lot
    here = f"/lots/{lot.pk}/sale/"
    assert "确认成交结果" in host.get(here + "?do=confirm").content.decode()
    assert host.post(here + "confirm/", {"version": lot.version}).status_code == 302
    assert host.post(here + "publish/").status_code == 302
    paid = {"amount": "10,000", "paid_on": "2026-11-20", "bank_number": "P1"}
    assert host.post(here + "pay/", paid).status_code == 302
    assert host.post(here + "pay/", paid).status_code == 422
    page = host.get(here).content.decode()
    assert "P1" in page
    assert host.post(here + "nonsense/").status_code == 404
    sheet = host.get(f"/lots/{lot.pk}/settlement/export/pdf/")
    assert sheet.content[:5] == b"%PDF-"
    assert host.get(f"/lots/{lot.pk}/settlement/export/xlsx/").status_code == 200
    with acting(by):
        refund = Refund.objects.select_related("line").get()
    listed = host.get("/refunds/").content.decode()
    assert refund.line.payer in listed
    assert host.get("/refunds/?export=csv").status_code == 200
    said = {"done_on": "2026-11-20", "bank_number": "R1"}
    assert host.post(f"/refunds/{refund.pk}/record/", said).status_code == 302
    assert "R1" in host.get("/refunds/?state=done").content.decode()


def test_the_ledger_of_a_hall_that_ended_is_published_and_verifies(
    by: Actor, client: Client, tmp_path: Path
) -> None:
    with acting(by):
        sold = a_sale(by)
        running = a_hall(by)
        head = sold.lot.hall.head
    assert client.get(f"/auction/lots/{running.lot.pk}/ledger.txt").status_code == 404
    answer = client.get(f"/auction/lots/{sold.lot_id}/ledger.txt")
    path = tmp_path / "ledger.txt"
    path.write_bytes(answer.getvalue())
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert bytes(head).hex() in done.stdout
    check = client.get(f"/auction/east/{sold.lot_id}/check/").content.decode()
    assert bytes(head).hex() in check
    assert client.get("/auction/verify_auction.py").content == VERIFIER.read_bytes()


def test_an_offer_is_answered_on_the_bidders_own_page(
    by: Actor, sign_in: Callable[[str], Client], host: Client
) -> None:
    with acting(by):
        sold = a_sale(by, wanted=((0, 10_000), (1, 10_500)))
        sold.confirmed()
        assets.declare_default(by=by, now=NOW, lot=sold.lot, why="拒签")
        chance = assets.second_chance(by=by, now=NOW, lot=sold.lot)
    assert "10,000" in host.get(f"/lots/{sold.lot_id}/sale/").content.decode()
    assert host.get(f"/my-chances/{chance.pk}/").status_code == 404, "a page of the bidder"
    speak_for(by, chance.bidder.party_id, "east-next")
    asked, here = sign_in("east-next"), f"/my-chances/{chance.pk}/"
    for page in ("/my-auctions/", f"/my-auctions/{sold.lot_id}/"):
        assert here in asked.get(page).content.decode(), "the offer is led to"
    assert "买受人违约" in asked.get("/my-auctions/").content.decode()
    speak_for(by, sold.bidders[1].party_id, "east-first")
    assert "我方违约" in sign_in("east-first").get("/my-auctions/").content.decode()
    assert asked.post(here, {"answer": ""}).status_code == 422, "left open is no answer"
    sale = f"/lots/{sold.lot_id}/sale/"
    given = {"chance": chance.pk, "words": "来电"}
    assert host.post(f"{sale}answer/", {**given, "answer": "perhaps"}).status_code == 422
    assert "合同原件" not in host.get(f"{sale}?do=contract").content.decode()
    assert asked.post(here, {"answer": "no"}).status_code == 302
    assert "不购买" in asked.get(here).content.decode()
    assert here not in asked.get("/my-auctions/").content.decode(), "once answered it asks no more"


def test_the_page_of_a_lot_leads_to_its_hall_its_money_and_its_ledger(
    by: Actor, host: Client
) -> None:
    with acting(by):
        lot = a_sale(by).published()
        assets.make_contract(by=by, now=NOW, lot=lot, signed_on=NOW.date(), paper=paper(by))
        file = lot.files.get(kind="contract")
    shown = host.get(f"/lots/{lot.pk}/").content.decode()
    for there in (
        f"/lots/{lot.pk}/hall/", f"/lots/{lot.pk}/sale/", f"/refunds/?q={lot.number}",
        f"/auction/east/{lot.pk}/", f"/auction/east/{lot.pk}/live/", f"/auction/east/{lot.pk}/check/",
    ):  # fmt: skip
        assert f'href="{there}"' in shown
    sale = host.get(f"/lots/{lot.pk}/sale/").content.decode()
    assert f"/lot-files/{file.pk}/file/" in sale
    assert host.get(f"/lot-files/{file.pk}/file/").getvalue()[:5] == b"%PDF-"


# Doubts ------------------------------------------------------------------------------------------


def row(*bids: tuple[int, int, float]) -> list[Bid]:
    start = datetime(2026, 11, 20, 10)
    return [Bid(alias, amount, start + timedelta(seconds=at)) for alias, amount, at in bids]


def test_two_who_go_by_turns_are_seen_only_when_the_row_is_long() -> None:
    steps = row(*((n % 2 + 1, 100 + n * 10, n * 60.0) for n in range(9)))
    assert by_turns(steps, 10, 9) == []
    assert [(one.aliases, one.count) for one in by_turns(steps, 10, 8)] == [((1, 2), 8)]
    jumps = row(*((n % 2 + 1, 100 + n * 20, n * 60.0) for n in range(9)))
    assert by_turns(jumps, 10, 2) == []


def test_who_answers_within_moments_and_never_buys_is_seen() -> None:
    bids = row(*((n % 2 + 1, 100 + n * 10, n * 30.0 - (n % 2) * 27) for n in range(9)))
    within = timedelta(seconds=10)
    assert [one.aliases for one in pushed(bids, 10, 4, within, 1)] == [(2,)]
    assert pushed(bids, 10, 4, within, 2) == []
    assert pushed(bids, 10, 5, within, 1) == []


def test_a_doubt_is_said_once_and_related_firms_are_told_apart(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by, 3)
        together(hall)
        Bidder.objects.filter(pk=hall.bidders[2].pk).update(agent_phone="13911112222")
        found: list[Any] = assets.find_flags(by=by, now=NOW, lot=hall.lot)
        told = {(flag.why, tuple(flag.detail["aliases"])) for flag in found}
        assert told == {("same_address", (1, 2, 3)), ("related", (1, 2))}
        assert assets.find_flags(by=by, now=NOW, lot=hall.lot) == []


def test_another_zone_finds_no_doubts(by: Actor, of: Of) -> None:
    with acting(by):
        hall = a_hall(by)
        together(hall)
        deposit(by, hall.bidders[0])
        assets.find_flags(by=by, now=NOW, lot=hall.lot)
        assert Flag.objects.exists()
    with acting(replace(exchange(of, "west"))):
        assert not Flag.objects.exists()
