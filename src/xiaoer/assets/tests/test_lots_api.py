"""The API of lots does what the pages do."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client

from tests.town import NOW, coming
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Bidder
from xiaoer.assets.queries.lots import unknown_money
from xiaoer.assets.tests.lots import (
    FACTS,
    QUICK,
    an_account,
    exchange,
    firm_of,
    paid,
    picture,
    soon,
)
from xiaoer.assets.tests.test_deposits import sheet
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


def post(client: Client, address: str, status: int = 200, **given: object) -> Any:
    answer = client.post(f"/api/v1/{address}", json.dumps(given), content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def send(client: Client, address: str, status: int = 200, **form: object) -> Any:
    answer = client.post(f"/api/v1/{address}", form)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client: Client, address: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


@pytest.fixture
def by(of: Of) -> Actor:
    by = exchange(of("east-desk"))
    with acting(by):
        assets.release_auction_rules(by=by, now=NOW, name="快", new=QUICK, reason="试")
        an_account(by)
    return by


def test_a_lot_goes_from_draft_to_notice_and_bidders_come(by: Actor, sign_in: SignIn) -> None:
    host = sign_in("east-admin")
    with acting(by):
        seller, _firm = firm_of(by)
        buyer, _other = firm_of(by, legal_representative="辛一")
    facts = {name: value for name, value in asdict(FACTS).items() if value is not None}
    post(host, "auction-lots", 422, **facts)
    post(host, "auction-lots", 422, **{**facts, "start_fen": 10**18, "seller": seller.pk})
    lot = post(host, "auction-lots", **facts, seller=seller.pk)
    at = f"auction-lots/{lot['id']}"
    lot = post(host, f"{at}/change", **{**facts, "title": "新名"}, version=lot["version"])
    assert lot["title"] == "新名"
    for kind in ("picture", "title"):
        kept = send(host, f"{at}/files", kind=kind, paper=picture(f"{kind}.png"))
    extra = send(host, f"{at}/files", kind="paper", paper=picture("说明.png", 7))
    post(host, f"auction-lots/files/{extra['id']}/remove")
    assert host.get(f"/api/v1/auction-lots/files/{kept['id']}").status_code == 200
    assert post(host, f"{at}/reserve", amount_fen=1_500_000)["reserve"] == "secret"
    assert post(host, f"{at}/reserve/drop")["reserve"] == "open"
    post(host, f"{at}/submit")
    post(host, f"{at}/return", reason="补")
    post(host, f"{at}/submit")
    assert post(host, f"{at}/check")["number"] == f"{coming(0).year}-001"
    with acting(by):
        moment = soon(by, 3600).isoformat()
    slip = post(host, f"{at}/notice", 422, opens_at=moment, register_until="0206-11-20T09:00:00")
    assert slip["field"] == "register_until"
    assert post(host, f"{at}/notice", opens_at=moment)["state"] == "noticed"
    assert [one["kind"] for one in get(host, at)["files"]] == ["picture", "title"]
    bidder = send(
        host, f"{at}/bidders", agent_name="辛一", agent_phone="13611112222", party=buyer.pk
    )
    post(host, f"auction-bidders/{bidder['id']}/pre-emption", why="承租人")
    post(host, f"auction-bidders/{bidder['id']}/admit", 422)
    with acting(by):
        paid(by, Bidder.objects.get())
    let_in = post(host, f"auction-bidders/{bidder['id']}/admit", rank=1)
    assert (let_in["state"], let_in["rank"]) == ("admitted", 1)
    assert len(get(host, f"{at}/bidders")) == 1
    get(sign_in("east-officer"), f"{at}/bidders", 422)
    get(sign_in("west-admin"), at, 404)
    assert post(host, f"auction-bidders/{bidder['id']}/leave")["state"] == "left"
    assert post(host, f"{at}/withdraw", reason="自用")["state"] == "withdrawn"
    assert get(host, "auction-lots?group=over")["total"] == 1


def test_statements_and_rules_by_api(by: Actor, sign_in: SignIn) -> None:
    host = sign_in("east-admin")
    made = send(
        host,
        "auction-deposits/statements",
        paper=sheet(("2026-11-21", "", "Q1", None, 10, "某", "1", "误付")),
    )
    assert (made["taken"], made["account"]) == (1, "37050168410000000001")
    assert len(get(host, "auction-deposits/statements")) == 1
    line = get(host, "auction-deposits/unknown")[0]
    assert post(host, f"auction-deposits/{line['id']}/return", why="误付")["amount_fen"] == 1000
    with acting(by):
        assert not unknown_money(by)
    get(sign_in("east-officer"), "auction-deposits/unknown", 422)
    new = post(host, "auction-rules", name="三版", reason="试", values={"free_minutes": 30})
    assert new["body"]["free_minutes"]["value"] == 30
    post(host, "auction-rules", 422, name="四版", reason="试", values={"nothing": 30})
    post(host, "auction-rules", 422, name="四版", reason="试", values={"free_minutes": True})
    assert [one["number"] for one in get(host, "auction-rules")] == [3, 2, 1]
