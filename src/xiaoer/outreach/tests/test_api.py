"""What other systems may count on: tokens, versions, secrets, and one meaning to every name."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from ninja import Schema

from xiaoer.base.scope import acting, system
from xiaoer.config.api import api
from xiaoer.outreach.api import given, schemas
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.tests.conftest import Town

SignIn = Callable[[str], Client]
ROOT = "/api/v1"
ASKED = {"title": "厂区变压器增容", "body": "没有电开不了。", "contact_phone": "13900000001"}


def send(client: Client, address: str, **given: object) -> Any:
    return client.post(ROOT + address, json.dumps(given), content_type="application/json")


def version_of(town: Town, appeal: Appeal) -> int:
    return town.now_of(appeal).version


def test_a_request_walks_by_the_api_and_only_the_link_closes_it(
    town: Town, sign_in: SignIn
) -> None:
    stranger = Client()
    filed = send(stranger, f"/public/cards/{town.card.code}/appeals", **ASKED).json()
    with acting(system(town.zone_id)):
        row = Appeal.objects.get(pk=filed["id"])
    steps: list[tuple[str, str, dict[str, object]]] = [
        ("east-officer", "register", {"kind": town.kind.pk}),
        ("east-desk", "dispatch", {"office": town.power.pk, "joint": [town.land.pk]}),
        ("east-power", "sign", {}),
        ("east-power", "answer", {"result": "solved", "text": "已送电。"}),
    ]
    for who, verb, more in steps:
        answer = send(
            sign_in(who), f"/appeals/{row.pk}/{verb}", version=version_of(town, row), **more
        )
        assert answer.status_code == 200, (verb, answer.content.decode())
    said = {"version": version_of(town, row), "satisfaction": 5}
    refused = send(sign_in("east-power"), f"/appeals/{row.pk}/confirm", **said)
    assert refused.status_code == 422
    own = send(stranger, f"/public/links/{filed['token']}/confirm", **said)
    assert own.json()["state"] == Appeal.State.CONFIRMED


def test_the_api_tells_a_stale_version_who_was_faster(town: Town, sign_in: SignIn) -> None:
    filed = town.working()
    stale = version_of(town, filed.appeal)
    town.do("east-power", "note_progress", filed.appeal, words="已勘查。", is_public=True)
    answer = send(
        sign_in("east-power"),
        f"/appeals/{town.now_of(filed.appeal).pk}/answer",
        version=stale,
        result="solved",
        text="已送电。",
    )
    assert answer.status_code == 422
    assert "电一" in answer.json()["message"]


def test_the_api_shows_a_mask_of_the_telephone_and_no_secret(town: Town, sign_in: SignIn) -> None:
    filed = town.working()
    row = town.now_of(filed.appeal)
    shown = sign_in("east-power").get(f"{ROOT}/appeals/{row.pk}").content.decode()
    assert "13900000001" not in shown
    assert row.track_hash not in shown and filed.token not in shown


@pytest.mark.parametrize("address", ["/public/cards/nothing", "/public/links/nothing"])
def test_an_unknown_secret_is_not_found_without_a_reason(db: None, address: str) -> None:
    answer = Client().get(ROOT + address)
    assert (answer.status_code, set(answer.json())) == (404, {"message", "field"})


def test_another_zones_request_is_not_there_for_the_api(town: Town, sign_in: SignIn) -> None:
    row = town.now_of(town.working().appeal)
    client = sign_in("west-desk")
    assert client.get(f"{ROOT}/appeals/{row.pk}").status_code == 404
    assert send(client, f"/appeals/{row.pk}/sign", version=1).status_code == 404


def _descendants(of: type[Schema]) -> Iterator[type[Schema]]:
    for one in of.__subclasses__():
        yield one
        yield from _descendants(one)


def test_no_name_of_this_room_means_something_else_in_another() -> None:
    """The description keeps one meaning a name: a second one silently replaces the first."""
    homes: dict[str, set[str]] = defaultdict(set)
    for one in _descendants(Schema):
        if one.__module__.startswith("xiaoer."):
            homes[one.__name__].add(one.__module__)
    ours = {schemas.__name__, given.__name__}
    assert not [name for name, where in homes.items() if where & ours and len(where) > 1]


def keyed(client: Client, address: str, key: str, **given: object) -> Any:
    return client.post(
        ROOT + address,
        json.dumps(given),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_a_filing_sent_again_gives_the_same_answer_and_files_nothing(
    town: Town, sign_in: SignIn
) -> None:
    asked = {"party_id": town.party.pk, "channel": "phone", **ASKED}
    officer = sign_in("east-officer")
    first, again = (keyed(officer, "/appeals", "one", **asked) for _time in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Content-Type"] == first["Content-Type"]
    other = keyed(officer, "/appeals", "two", **asked)
    assert other.json()["receipt_no"] != first.json()["receipt_no"]


def test_a_key_used_for_another_call_is_refused_by_its_name(town: Town, sign_in: SignIn) -> None:
    asked = {"party_id": town.party.pk, "channel": "phone", **ASKED}
    officer = sign_in("east-officer")
    keyed(officer, "/appeals", "one", **asked)
    answer = keyed(officer, "/appeals", "one", **(asked | {"title": "另一件"}))
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")


def test_nobody_reads_another_s_answer_with_his_key(town: Town, sign_in: SignIn) -> None:
    asked = {"party_id": town.party.pk, "channel": "phone", **ASKED}
    mine = keyed(sign_in("east-officer"), "/appeals", "one", **asked).json()
    theirs = keyed(sign_in("east-desk"), "/appeals", "one", **asked).json()
    assert mine["token"] != theirs["token"]


def test_a_refused_call_may_be_mended_and_sent_with_its_key(town: Town, sign_in: SignIn) -> None:
    officer = sign_in("east-officer")
    asked = {"party_id": town.party.pk, "channel": "phone", **ASKED}
    assert keyed(officer, "/appeals", "one", **(asked | {"title": " "})).status_code == 422
    assert keyed(officer, "/appeals", "one", **asked).status_code == 200


@pytest.mark.parametrize("key", ["", "长", "k" * 201])
def test_a_key_nobody_could_mean_is_refused(town: Town, sign_in: SignIn, key: str) -> None:
    asked = {"party_id": town.party.pk, "channel": "phone", **ASKED}
    answer = keyed(sign_in("east-officer"), "/appeals", key, **asked)
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")


def test_an_answer_sent_again_is_given_once(town: Town, sign_in: SignIn) -> None:
    """Also verbs on a version: sent again they are not called stale."""
    row = town.now_of(town.working().appeal)
    said = {"version": row.version, "result": "solved", "text": "已送电。"}
    power = sign_in("east-power")
    first, again = (keyed(power, f"/appeals/{row.pk}/answer", "a", **said) for _time in range(2))
    assert (first.status_code, again.content) == (200, first.content)


def test_every_verb_says_in_its_description_that_it_takes_a_key() -> None:
    paths = api.get_openapi_schema()["paths"]
    verbs = paths["/api/v1/appeals"]["post"], paths["/api/v1/visits"]["post"]
    for verb in verbs:
        assert "Idempotency-Key" in {one["name"] for one in verb["parameters"]}
    kept = paths["/api/v1/appeals"]["get"]["parameters"]
    assert "Idempotency-Key" not in {one["name"] for one in kept}


def test_the_desk_asks_again_by_the_api_when_the_day_has_come(town: Town, sign_in: SignIn) -> None:
    just = town.answered()
    holder = town.holder(just.token)
    town.do(holder, "confirm_solved", just.appeal, satisfaction=5, now=timezone.now())
    early = town.now_of(just.appeal)
    desk, office = sign_in("east-desk"), sign_in("east-power")
    assert send(desk, f"/appeals/{early.pk}/ask-again", version=early.version).status_code == 422
    filed = town.answered()
    forty_days_ago = timezone.now() - timedelta(days=40)
    holder = town.holder(filed.token)
    town.do(holder, "confirm_solved", filed.appeal, satisfaction=5, now=forty_days_ago)
    row = town.now_of(filed.appeal)
    address = f"/appeals/{row.pk}/ask-again"
    assert send(office, address, version=row.version).status_code == 422
    assert "ask_again" in desk.get(f"{ROOT}/appeals/{row.pk}").json()["may"]
    assert "再问企业" in desk.get(f"/appeals/{row.pk}/").content.decode()
    asked = send(desk, address, version=row.version)
    assert (asked.status_code, asked.json()["ball"]) == (200, Appeal.Ball.ENTERPRISE)


@pytest.mark.parametrize(("kind", "first"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_transfer_sheet_is_there_for_other_systems(
    town: Town, sign_in: SignIn, kind: str, first: bytes
) -> None:
    row = town.now_of(town.working().appeal)
    answer = sign_in("east-power").get(f"{ROOT}/appeals/{row.pk}/transfer-sheet?kind={kind}")
    assert answer.content.startswith(first)
