"""Whatever carries a secret is kept by nobody on the way, and by the database only sealed."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings

from tests.records import Records, make_records
from xiaoer.base import envelopes
from xiaoer.base.models import OnceKey
from xiaoer.base.scope import Actor

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def records(db: None) -> Records:
    return make_records("east")


def test_a_text_in_an_envelope_is_read_with_the_key_of_the_installation_only() -> None:
    sealed = envelopes.put_in("/t/secret/")
    assert "secret" not in sealed
    assert envelopes.take_out(sealed) == "/t/secret/"
    with override_settings(SECRET_KEY="another"):
        assert envelopes.take_out(sealed) == ""
    assert envelopes.put_in("") == envelopes.take_out("") == ""


def test_a_form_sent_twice_leads_to_one_link_that_the_database_does_not_hold(
    records: Records,
) -> None:
    client, once = Client(), str(uuid.uuid4())
    form = {"title": "门口道路坑洼", "body": "货车进不来", "urgency": "normal", "once": once}
    first = client.post(f"/r/{records.card_code}/", form)
    again = client.post(f"/r/{records.card_code}/", form)
    link = first["Location"]
    assert link.startswith("/t/")
    assert again["Location"] == link
    token = link.split("/")[2]
    assert token not in OnceKey.objects.get(key=once).answer
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from once_key k where k::text like %s", [f"%{token}%"])
        assert cursor.fetchone() == (0,)


def test_a_call_sent_twice_answers_the_same_password_and_keeps_it_sealed(
    of: Of, sign_in: SignIn, records: Records
) -> None:
    client, address = (
        sign_in("east-admin"),
        f"/api/v1/people/{records.numbers['person_id']}/account",
    )
    headers = {"Idempotency-Key": "a-key"}
    answers = [
        client.post(address, json.dumps({"username": "mark"}), "application/json", headers=headers)
        for _time in range(2)
    ]
    told = [json.loads(answer.content)["password"] for answer in answers]
    assert told[0] == told[1]
    assert all(told[0] not in kept.body for kept in OnceKey.objects.all())


def test_answers_with_a_secret_are_kept_by_nobody(sign_in: SignIn, records: Records) -> None:
    admin, officer, stranger = sign_in("east-admin"), sign_in("east-officer"), Client()
    person, party = records.numbers["person_id"], records.numbers["party_id"]
    form = {"title": "门口道路坑洼", "body": "货车进不来", "urgency": "normal", "channel": "phone"}
    filed = officer.post(f"/appeals/new/{party}/", {**form, "same": "new"})
    token = {"name": "数据平台", "scopes": ["read"], "days": "30"}
    answers: list[Any] = [
        admin.post(f"/people/{person}/account/", {"username": "mark"}),
        admin.post(f"/people/{person}/password/"),
        admin.post("/me/tokens/", token),
        admin.post("/api/v1/tokens", json.dumps({**token, "days": 30}), "application/json"),
        admin.get("/api/v1/tokens"),
        admin.post(f"/enterprises/{party}/people/code/"),
        officer.get(filed["Location"]),
        stranger.get(f"/r/{records.card_code}/"),
        stranger.post(f"/r/{records.card_code}/", {**form, "same": "new"}),
        stranger.get(f"/t/{records.track_token}/"),
        stranger.get(f"/api/v1/public/links/{records.track_token}"),
        stranger.get("/api/v1/public/links/unknown"),
    ]
    for answer in answers:
        assert answer.status_code < 405, answer.request["PATH_INFO"]
        assert answer.headers.get("Cache-Control") == "no-store", answer.request["PATH_INFO"]
