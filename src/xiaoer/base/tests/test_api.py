"""The base's API: tokens open what they were given for, zones stay apart, a no has its field."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiaoer.base import actions as base
from xiaoer.base.models import Account, Person
from xiaoer.base.scope import Actor, acting
from xiaoer.base.tokens import READ, WRITE

Of = Callable[[str], Actor]
ROOT = "/api/v1"


class Caller:
    """Another system with a token."""

    def __init__(self, by: Actor, *scopes: str) -> None:
        with acting(by):
            self.token, self.key = base.make_token(
                by=by, now=timezone.now(), name="tests", scopes=list(scopes), days=1
            )

    def get(self, address: str, **asked: str | int) -> Any:
        return Client().get(ROOT + address, asked, HTTP_AUTHORIZATION=f"Bearer {self.key}")

    def send(self, address: str, **given: object) -> Any:
        return Client().post(
            ROOT + address,
            json.dumps(given),
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {self.key}",
        )


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


def test_a_token_of_west_finds_no_person_of_east(of: Of) -> None:
    east, west = of("east-officer"), Caller(of("west-admin"), READ, WRITE)
    told(west.get(f"/people/{east.person_id}"), 404)
    told(west.send(f"/people/{east.person_id}/return"), 404)
    told(west.send(f"/posts/{east.post_id}/end", until="2026-12-01"), 404)
    told(west.get(f"/offices/{east.office_id}"), 404)
    assert east.person_id not in {row["id"] for row in told(west.get("/people", size=500))}


@pytest.mark.parametrize("address", ["/people", "/offices", "/tokens"])
def test_a_token_for_reading_writes_nothing(of: Of, address: str) -> None:
    given = {"name": "新一", "scopes": ["read", "write"], "days": 1}
    told(Caller(of("east-admin"), READ).send(address, **given), 403)


def test_a_refusal_names_the_field(of: Of) -> None:
    caller = Caller(of("east-admin"), READ, WRITE)
    problem = told(caller.send("/people", name="新一", work_no="east-desk"), 422)
    assert problem["field"] == "work_no"
    assert problem["message"]


def test_a_revoked_token_opens_nothing(of: Of) -> None:
    caller, other = Caller(of("east-admin"), READ, WRITE), Caller(of("east-admin"), READ)
    assert caller.send(f"/tokens/{other.token.pk}/revoke").status_code == 204
    told(other.get("/me"), 401)
    told(caller.get("/me"))


def test_nobody_revokes_a_token_of_somebody_else(of: Of) -> None:
    caller, other = Caller(of("east-admin"), WRITE), Caller(of("east-desk"), READ)
    told(caller.send(f"/tokens/{other.token.pk}/revoke"), 422)
    told(other.get("/me"))


def test_a_person_comes_works_and_leaves_by_the_api(of: Of) -> None:
    by = of("east-admin")
    caller = Caller(by, READ, WRITE)
    new = told(caller.send("/people", name="新一", phone="13800000009"))["id"]
    given = told(caller.send(f"/people/{new}/account", username="east-new"))
    assert Account.objects.get(username="east-new").check_password(given["password"])
    post = {"person_id": new, "office_id": by.office_id, "role": "department"}
    assert told(caller.send("/posts", **post))["person"] == "新一"
    assert [row["role"] for row in told(caller.get("/posts", person=new))] == ["department"]
    again = told(caller.send(f"/people/{new}/account/reset-password"))
    assert again["password"] != given["password"]
    assert told(caller.send(f"/people/{new}/account/close"))["account"]["is_open"] is False
    assert told(caller.send(f"/people/{new}/leave", on="2026-11-20"))["left_on"] == "2026-11-20"


def test_a_post_that_speaks_for_a_party_is_not_given_by_an_office(of: Of) -> None:
    by = of("east-admin")
    post = {"person_id": by.person_id, "office_id": by.office_id, "role": "bank"}
    assert told(Caller(by, WRITE).send("/posts", **post), 422)["field"] == "role"


def test_an_officer_names_a_deputy_for_the_own_post_only(of: Of) -> None:
    by, other = of("east-officer"), of("east-steward")
    caller = Caller(by, READ, WRITE)
    days = {"since": "2030-01-01", "until": "2030-01-05"}
    named = told(caller.send(f"/posts/{by.post_id}/deputies", deputy_id=other.post_id, **days))
    told(caller.send(f"/posts/{other.post_id}/deputies", deputy_id=by.post_id, **days), 422)
    assert told(caller.get(f"/posts/{by.post_id}/deputies")) == [named]
    assert caller.send(f"/deputies/{named['id']}/end").status_code == 204


def test_the_journal_is_read_in_portions_without_a_gap(of: Of) -> None:
    caller = Caller(of("east-admin"), READ)
    whole = [line["id"] for line in told(caller.get("/journal", size=20))["lines"]]
    first = told(caller.get("/journal", size=10))
    rest = told(caller.get("/journal", size=10, after=first["after"]))
    assert [line["id"] for line in first["lines"] + rest["lines"]] == whole
    assert told(caller.get("/journal/seals"))["waiting"] >= 0


def test_an_officer_reads_only_the_own_part_of_the_journal(of: Of) -> None:
    by = of("east-officer")
    lines = told(Caller(by, READ).get("/journal", subject_type="person"))["lines"]
    assert {line["subject_id"] for line in lines} == {by.person_id}


def test_the_city_changes_nobody_by_the_api(of: Of) -> None:
    caller, person = Caller(of("city"), READ, WRITE), of("east-officer").person_id
    told(caller.send("/people", name="新一"), 422)
    told(caller.send(f"/people/{person}/return"), 422)
    told(caller.get("/people"))


def test_neither_list_nor_rights_tell_a_key_or_a_password(of: Of) -> None:
    by = of("east-admin")
    caller = Caller(by, READ)
    with acting(by):
        account = Person.objects.get(pk=by.person_id or 0).account_id
    shown = "".join(
        caller.get(address).content.decode() for address in ("/tokens", "/me", "/rights")
    )
    assert account is not None
    assert caller.key not in shown and caller.token.token_hash not in shown


def test_papers_of_a_record_that_is_not_there_are_not_there(of: Of) -> None:
    caller = Caller(of("west-admin"), READ)
    told(caller.get(f"/attachments/office/{of('east-admin').office_id}"), 404)
    assert told(caller.get(f"/attachments/office/{of('west-admin').office_id}")) == []


def test_a_token_of_the_city_reads_every_zone_of_the_city_and_changes_none(of: Of) -> None:
    city = Caller(of("city"), READ, WRITE)
    seen = {}
    for zone in told(city.get("/zones")):
        headers = {"Authorization": f"Bearer {city.key}", "X-Zone": zone["code"]}
        people = told(Client().get(f"{ROOT}/people", {"size": 500}, headers=headers))
        seen[zone["code"]] = {row["id"] for row in people}
        told(
            Client().post(
                f"{ROOT}/people", '{"name": "新一"}', "application/json", headers=headers
            ),
            422,
        )
    assert of("east-officer").person_id in seen["east"]
    assert of("west-officer").person_id in seen["west"]
    assert not seen["east"] & seen["west"]
    assert {row["id"] for row in told(city.get("/people", size=500))} == seen["east"]
    told(city.get(f"/people/{of('east-officer').person_id}"))


def test_a_zone_that_is_not_of_the_city_is_not_there(of: Of) -> None:
    city = Caller(of("city"), READ)
    headers = {"Authorization": f"Bearer {city.key}", "X-Zone": "elsewhere"}
    told(Client().get(f"{ROOT}/people", headers=headers), 404)


def test_nobody_of_a_zone_looks_at_another_by_naming_it(of: Of) -> None:
    east = Caller(of("east-admin"), READ)
    headers = {"Authorization": f"Bearer {east.key}", "X-Zone": "west"}
    people = told(Client().get(f"{ROOT}/people", {"size": 500}, headers=headers))
    assert of("east-officer").person_id in {row["id"] for row in people}
    assert of("west-officer").person_id not in {row["id"] for row in people}


def test_the_city_makes_and_revokes_its_own_tokens(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("city")
    given = {"name": "市级平台", "scopes": ["read"], "days": 30}
    made = told(client.post(f"{ROOT}/tokens", given, "application/json"))
    answer = client.post(f"{ROOT}/tokens/{made['token']['id']}/revoke")
    assert answer.status_code == 204
