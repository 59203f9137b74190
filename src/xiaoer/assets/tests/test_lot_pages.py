"""Pages of lots: the exchange centre's, the firm's own, deposits and rules."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.town import NOW, coming
from xiaoer.assets import actions as assets
from xiaoer.assets.auction import terms
from xiaoer.assets.models import AuctionRules, Bidder, Lot
from xiaoer.assets.queries.lots import unknown_money
from xiaoer.assets.tests.lots import (
    FACTS,
    QUICK,
    admitted,
    an_account,
    applied,
    exchange,
    firm_of,
    noticed,
    paid,
    picture,
    soon,
    submitted,
)
from xiaoer.assets.tests.test_deposits import sheet
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting, system

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
FORM: dict[str, Any] = {
    "title": "数控车床", "description": "一台", "place": "一号库", "contact_name": "甲",
    "contact_phone": "13900000000", "start_fen": "30000", "has_reserve": "yes",
    "viewing_from": coming(1), "viewing_until": coming(38),
}  # fmt: skip


def get(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == status, answer.content[:400]
    return answer.content.decode()


def post(client: Client, page: str, *args: object, status: int = 302, **form: object) -> str:
    answer = client.post(reverse(page, args=args), form)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.headers.get("Location", "")


def test_a_lot_is_put_up_checked_and_announced_on_pages(of: Of, sign_in: SignIn) -> None:
    by = exchange(of("east-desk"))
    with acting(by):
        assets.release_auction_rules(by=by, now=NOW, name="快", new=QUICK, reason="试")
        seller, _firm = firm_of(by, "示范泗源精密机械有限公司")
    desk, host = sign_in("east-desk"), sign_in("east-admin")
    assert "标的" in get(desk, "lots")
    get(desk, "lot_new")
    assert "企业" in desk.post(reverse("lot_new"), {**FORM, "seller": "没有"}).content.decode()
    post(desk, "lot_new", **FORM, seller=seller.name)
    with acting(by):
        lot = Lot.objects.get()
        assert (lot.start_fen, lot.step_fen, lot.deposit_fen) == (3_000_000, 20_000, 300_000)
    get(desk, "lot", lot.pk)
    for kind in ("picture", "title"):
        post(desk, "lot_do", lot.pk, "add-file", kind=kind, paper=picture(f"{kind}.png"))
    get(desk, "lot", lot.pk, query="?do=seal")
    post(desk, "lot_do", lot.pk, "seal", amount_fen="40000")
    post(desk, "lot_do", lot.pk, "drop-reserve")
    post(desk, "lot_do", lot.pk, "submit")
    post(desk, "lot_do", lot.pk, "check", status=422)
    get(host, "lot", lot.pk, query="?do=return")
    post(host, "lot_do", lot.pk, "return", reason="补照片")
    assert "补照片" in get(desk, "lot", lot.pk)
    get(desk, "lot_change", lot.pk)
    with acting(by):
        version = Lot.objects.get().version
    post(desk, "lot_change", lot.pk, **{**FORM, "title": "数控车床两台"}, version=version)
    post(desk, "lot_do", lot.pk, "submit")
    post(host, "lot_do", lot.pk, "check")
    assert "datetime-local" in get(host, "lot", lot.pk, query="?do=notice")
    assert "目前尚未设定" in get(host, "lot", lot.pk)
    assert "尚未设定保证金账户" in get(host, "auction_rules")
    account: dict[str, Any] = {"holder": "示范交易中心", "bank": "示范银行高新支行"}
    post(host, "deposit_account", **account, number="no number", status=422)
    post(host, "deposit_account", **account, number="3708010104001234")
    assert "3708 0101 0400 1234" in get(host, "auction_rules", query="?do=account")
    with acting(by):
        opens_at = soon(by, 3600)
    post(host, "lot_do", lot.pk, "notice", opens_at="garbage", status=422)
    post(host, "lot_do", lot.pk, "notice", opens_at=opens_at.isoformat())
    page = get(host, "lot", lot.pk)
    assert f"{coming(0).year}-001" in page
    assert "数控车床两台" in get(host, "lots", query="?group=announced")
    answer = host.get(reverse("lots") + "?export=csv")
    sent = answer.getvalue()
    assert "数控车床两台" in sent.decode("utf-8-sig")


def test_nobody_passes_a_lot_that_changed_since_it_was_read(of: Of, sign_in: SignIn) -> None:
    by = exchange(of("east-desk"))
    with acting(by):
        an_account(by)
        lot = submitted(by, firm_of(by)[0])
        read = lot.version
        facts = replace(FACTS, start_fen=900_000, step_fen=None)
        lot = assets.change_lot(by=by, now=NOW, lot=lot, facts=facts, version=read)
    host = sign_in("east-admin")
    assert f'name="version" value="{lot.version}"' in get(host, "lot", lot.pk)
    post(host, "lot_do", lot.pk, "check", version=read, status=422)
    post(host, "lot_do", lot.pk, "check", version=lot.version)
    page = get(host, "lot", lot.pk, query="?do=notice")
    assert "自由竞价 24 小时，之后限时竞价 5 分钟" in page


def test_who_was_let_in_by_mistake_is_put_out_before_its_first_bid(of: Of, sign_in: SignIn) -> None:
    by = exchange(of("east-desk"))
    with acting(by):
        lot = noticed(by, seconds=3600)
        bidder, _firm = admitted(by, lot)
    host = sign_in("east-admin")
    assert "取消资格" in get(host, "lot", lot.pk)
    assert "取消资格" in get(host, "lot", lot.pk, query=f"?do=refuse&bidder={bidder.pk}")
    post(host, "lot_bidder_do", lot.pk, "refuse", bidder=bidder.pk, reason="系出让方子公司")
    page = get(host, "lot", lot.pk)
    assert "系出让方子公司" in page
    assert "取消资格" not in page


def test_bidders_are_registered_and_let_in_on_the_page_of_the_lot(of: Of, sign_in: SignIn) -> None:
    by = exchange(of("east-desk"))
    with acting(by):
        lot = noticed(by, seconds=3600)
        bidder, _firm = applied(by, lot, pre_emption="承租人")
        walk_in, _other = firm_of(by, "示范恒岳模具有限公司", legal_representative="辛一")
    host = sign_in("east-admin")
    get(host, "lot", lot.pk, query="?do=register")
    post(
        host, "lot_bidder_do", lot.pk, "register", party=walk_in.name, agent_name="壬一",
        agent_phone="13500000000", mandate=picture("委托书.png"),
    )  # fmt: skip
    with acting(by):
        second = Bidder.objects.get(party=walk_in)
        paid(by, bidder)
    page = get(host, "lot", lot.pk)
    assert second.deposit_code in page
    assert host.get(reverse("lot_mandate", args=[second.pk])).status_code == 200
    get(host, "lot", lot.pk, query=f"?do=admit&bidder={bidder.pk}")
    post(host, "lot_bidder_do", lot.pk, "admit", bidder=second.pk, status=422)
    post(host, "lot_bidder_do", lot.pk, "admit", bidder=bidder.pk, rank="1")
    get(host, "lot", lot.pk, query=f"?do=refuse&bidder={second.pk}")
    post(host, "lot_bidder_do", lot.pk, "refuse", bidder=second.pk, reason="没有公章")
    assert "没有公章" in get(host, "lot", lot.pk)
    assert sign_in("east-officer").get(reverse("lot", args=[lot.pk])).status_code == 200
    assert second.deposit_code not in get(sign_in("east-officer"), "lot", lot.pk)
    get(sign_in("city"), "lot", lot.pk)
    assert sign_in("west-admin").get(reverse("lot", args=[lot.pk])).status_code == 404


def test_a_statement_is_read_in_and_unknown_money_assigned_on_the_page(
    of: Of, sign_in: SignIn
) -> None:
    by = exchange(of("east-desk"))
    with acting(by):
        bidder, _firm = applied(by, noticed(by, seconds=3600))
        name, code = bidder.party.name, bidder.deposit_code
    host = sign_in("east-admin")
    assert "流水" in get(host, "deposits")
    file = sheet(
        ("2026-11-21", "09:00:00", "PAY-1", None, 600, name, "1", code),
        ("2026-11-21", "09:01:00", "PAY-2", None, 400, name, "1", "尾款"),
        ("哪天", "", "PAY-3", None, 400, name, "1", ""),
    )
    where = post(host, "deposits", paper=file)
    assert "PAY-3" not in host.get(where).content.decode()
    assert "PAY-2" in host.get(where).content.decode()
    with acting(by):
        line = unknown_money(by)[0].line.pk
    assert "PAY-2" in get(host, "deposits")
    post(host, "deposit_do", "match", line=line, bidder=bidder.pk)
    with acting(by):
        assert Bidder.objects.get(pk=bidder.pk).paid_fen == 100_000
    assert sign_in("east-desk").get(reverse("deposits")).status_code == 404
    answer = host.get(reverse("deposits") + "?export=xlsx")
    assert answer.status_code == 200


def test_a_new_version_of_the_rules_is_released_on_the_page(of: Of, sign_in: SignIn) -> None:
    host = sign_in("east-admin")
    assert "法释" in get(host, "auction_rules")
    get(host, "auction_rules", query="?do=change")
    form = {
        one.code: getattr(terms.DEFAULT, one.code) // (100 if one.is_money else 1)
        for one in terms.PARAMETERS
        if not one.is_choice
    }
    given = {
        **form,
        "free_minutes": 60,
        "one_bidder_suffices": "yes",
        "name": "二版",
        "reason": "缩短",
    }
    post(host, "auction_rules", **given)
    with acting(of("east-admin")):
        body = AuctionRules.objects.get(number=2).body
        assert terms.read(body) == replace(terms.DEFAULT, free_minutes=60, only_working_days=False)
    post(host, "auction_rules", **{**given, "extension_seconds": "5"}, status=422)
    assert "二版" in get(host, "auction_rules", query="?version=2")
    post(sign_in("east-officer"), "auction_rules", **given, status=422)


@pytest.fixture
def owner(of: Of, sign_in: SignIn) -> Client:
    """A firm with an account of its own."""
    desk = exchange(of("east-desk"))
    by = system(desk.zone_id)
    with acting(by):
        assets.release_auction_rules(by=by, now=NOW, name="快", new=QUICK, reason="试")
        an_account(desk)
        party, _firm = firm_of(by, "示范恒泰机械有限公司")
        person = base.add_person(by=by, now=NOW, name="赵一", phone="13900000000")
        base.give_post(
            by=by, now=NOW, person=person, role=Role.ENTERPRISE, party_ref=party.pk,
            since=NOW.date(),
        )  # fmt: skip
        base.give_account(
            by=by, now=NOW, person=person, username="east-owner", password="correct-horse-7",
            must_change=False,
        )  # fmt: skip
    return sign_in("east-owner")


def test_a_firm_puts_up_its_own_lot_on_its_pages(owner: Client, of: Of, sign_in: SignIn) -> None:
    by = exchange(of("east-desk"))
    assert "我们的标的" in get(owner, "my_lots")
    get(owner, "my_lot_new")
    post(owner, "my_lot_new", **{**FORM, "start_fen": "abc"}, status=422)
    where = post(owner, "my_lot_new", **FORM)
    lot_id = int(where.strip("/").split("/")[-1])
    get(owner, "my_lot", lot_id)
    for kind in ("picture", "title"):
        post(owner, "my_lot_do", lot_id, "add-file", kind=kind, paper=picture(f"{kind}.png"))
    page = get(owner, "my_lot", lot_id, query="?do=seal")
    assert "/lot-files/" in page
    file_id = page.split("/lot-files/")[1].split("/")[0]
    answer = owner.get(reverse("lot_file", args=[file_id]))
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    post(owner, "my_lot_do", lot_id, "seal", amount_fen="36000")
    get(owner, "my_lot_change", lot_id)
    with acting(by):
        version = Lot.objects.get(pk=lot_id).version
    post(owner, "my_lot_change", lot_id, **{**FORM, "title": "闲置叉车"}, version=version)
    post(owner, "my_lot_do", lot_id, "submit")
    post(owner, "my_lot_do", lot_id, "check", status=404)
    host = sign_in("east-admin")
    post(host, "lot_do", lot_id, "check")
    with acting(by):
        other = assets.draft_lot(by=by, now=NOW, facts=FACTS, seller=firm_of(by)[0])
        moment = soon(by, 3600).isoformat()
    post(host, "lot_do", lot_id, "notice", opens_at=moment)
    assert "闲置叉车" in get(owner, "my_lots")
    get(owner, "my_lot", lot_id, query="?do=withdraw")
    get(owner, "my_lot", other.pk, status=404)
    get(owner, "lot", lot_id, status=404)
    get(owner, "deposits", status=404)
    post(owner, "my_lot_do", lot_id, "withdraw", reason="自用")
    assert "自用" in get(owner, "my_lot", lot_id)


def test_a_statement_of_another_account_says_so(of: Of, sign_in: SignIn) -> None:
    by = exchange(of("east-desk"))
    with acting(by):
        an_account(by)
    host = sign_in("east-admin")
    for account, is_said in (("3708010104009999", True), ("3708 0101 0400 1234 56", False)):
        row = ("2026-11-21", "09:00:00", f"ACC-{account[-2:]}", None, 600, "甲", "1", "")
        where = post(host, "deposits", paper=sheet(row), account=account)
        assert ("不是公告过的保证金账户" in host.get(where).content.decode()) is is_said
