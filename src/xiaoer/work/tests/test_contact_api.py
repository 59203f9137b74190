"""Contacts and questions over the API: what the pages do, by whoever has a token."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from xiaoer.base.scope import acting
from xiaoer.work.models import Contact, Question
from xiaoer.work.tests.conftest import Firms
from xiaoer.work.tests.test_contact_pages import ask, plan, spokesman, today

__all__ = ["spokesman"]


def call(client: Client, verb: str, path: str, **given: Any) -> tuple[int, Any]:
    answer = client.generic(
        verb, f"/api/v1{path}", json.dumps(given) if given else "", content_type="application/json"
    )
    return answer.status_code, answer.json()


def test_a_contact_is_planned_read_moved_merged_and_ended(firms: Firms, sign_in: Any) -> None:
    client = sign_in("east-officer")
    asked = {
        "party_id": firms.party.pk, "kind": "visit", "purpose": "季度走访",
        "planned_on": today().isoformat(),
    }  # fmt: skip
    status, first = call(client, "POST", "/contacts", **asked)
    assert (status, first["state"], first["office"]) == (200, "planned", "企业服务中心")
    second = call(client, "POST", "/contacts", **asked)[1]
    status, said = call(client, "POST", "/contacts", **asked)
    assert (status, said["field"]) == (422, "planned_on")
    cost = call(
        client, "GET", f"/enterprises/{firms.party.pk}/contact-cost?day={today().isoformat()}"
    )[1]
    assert (cost["budget"]["used"], cost["budget"]["left"]) == (2, 0)
    assert len(cost["candidates"]) == 2
    merged = call(client, "POST", f"/contacts/{second['id']}/merge", into=first["id"])[1]
    assert merged["merged_into_id"] == first["id"]
    later = (today() + timedelta(days=1)).isoformat()
    moved = call(client, "POST", f"/contacts/{first['id']}/move", planned_on=later)[1]
    assert moved["planned_on"] == later
    since, until = today() - timedelta(days=40), today() + timedelta(days=40)
    rows = call(client, "GET", f"/contacts?since={since}&until={until}&only=merged")[1]["rows"]
    assert [row["id"] for row in rows] == [second["id"]]
    on = today().isoformat()
    assert call(client, "POST", f"/contacts/{first['id']}/finish", on=on)[1]["state"] == "done"
    made = call(
        client,
        "POST",
        "/contacts/made",
        party_id=firms.party.pk,
        kind="call",
        purpose="问订单",
        on=on,
    )
    assert made[0] == 200
    again = call(
        client,
        "POST",
        "/contacts/made",
        party_id=firms.party.pk,
        kind="call",
        purpose="问订单",
        on=on,
    )[1]
    assert again["is_above_quota"]
    explained = call(client, "POST", f"/contacts/{again['id']}/explain", reason="企业来电")
    assert explained[1]["reason"] == "企业来电"
    figures = call(client, "GET", f"/contacts/figures?month={on}")[1]
    assert (figures["merged"], figures["above"], figures["asked_twice"]) == (1, 1, 0)


def test_the_rule_over_the_api(firms: Firms, sign_in: Any) -> None:
    rule = call(sign_in("east-officer"), "GET", "/contacts/rule")[1]
    assert (rule["monthly_quota"], rule["mark"]) == (2, "D")
    new = {"version": rule["version"], "monthly_quota": 3, "source": "纪要"}
    assert call(sign_in("east-officer"), "PUT", "/contacts/rule", **new)[0] == 422
    assert call(sign_in("east-admin"), "PUT", "/contacts/rule", **new)[1]["monthly_quota"] == 3


def test_questions_over_the_api(firms: Firms, sign_in: Any) -> None:
    client = sign_in("east-officer")
    asked = {
        "party_id": firms.party.pk,
        "key": "staff",
        "text": "现有多少职工？",
        "expects": "number",
        "unit": "人",
    }
    one = call(client, "POST", "/questions", **asked)[1]
    assert call(client, "POST", "/questions", **asked)[1]["id"] == one["id"]
    status, said = call(client, "POST", f"/questions/{one['id']}/answer", answer="好多")
    assert (status, said["field"]) == (422, "answer")
    done = call(client, "POST", f"/questions/{one['id']}/answer", answer="320", through="call")[1]
    assert (done["state"], done["answer_words"]) == ("answered", "320 人")
    two, three = ask(firms, "x"), ask(firms, "y")
    assert (
        call(client, "POST", f"/questions/{two.pk}/decline", words="不便")[1]["state"] == "declined"
    )
    assert (
        call(client, "POST", f"/questions/{three.pk}/drop", reason="不用")[1]["state"] == "dropped"
    )
    assert call(client, "GET", "/questions?state=answered")[1]["rows"][0]["id"] == one["id"]
    assert call(client, "GET", f"/questions/{one['id']}")[1]["enterprise"] == firms.party.name


def test_an_enterprise_reads_and_answers_its_own_and_no_more(
    firms: Firms, spokesman: Client
) -> None:
    visit, question, other = plan(firms), ask(firms), ask(firms, party=firms.other)
    since, until = today() - timedelta(days=3), today() + timedelta(days=3)
    rows = call(spokesman, "GET", f"/contacts?since={since}&until={until}")[1]["rows"]
    assert [row["id"] for row in rows] == [visit.pk]
    assert call(spokesman, "POST", f"/contacts/{visit.pk}/cancel", reason="x")[0] in {403, 404, 422}
    assert (
        call(spokesman, "POST", f"/contacts/{visit.pk}/refuse", reason="盘点")[1]["state"]
        == "refused"
    )
    assert (
        call(spokesman, "POST", f"/questions/{question.pk}/answer", answer="320")[1]["through"]
        == "enterprise"
    )
    assert call(spokesman, "POST", f"/questions/{other.pk}/answer", answer="320")[0] == 404
    with acting(firms.of("east-desk")):
        assert Question.objects.get(pk=other.pk).state == "open"


def test_another_zone_finds_nothing(firms: Firms, sign_in: Any) -> None:
    visit, question = plan(firms), ask(firms)
    client = sign_in("west-desk")
    for verb, path, given in (
        ("GET", f"/contacts/{visit.pk}", {}),
        ("POST", f"/contacts/{visit.pk}/cancel", {"reason": "x"}),
        ("POST", f"/contacts/{visit.pk}/refuse", {}),
        ("GET", f"/questions/{question.pk}", {}),
        ("POST", f"/questions/{question.pk}/drop", {"reason": "x"}),
        ("GET", f"/enterprises/{firms.party.pk}/contact-cost?day=2026-11-20", {}),
    ):
        assert (
            call(client, verb, path, **(given or ({"reason": ""} if verb == "POST" else {})))[0]
            == 404
        )
    with acting(firms.of("east-desk")):
        assert Contact.objects.get(pk=visit.pk).state == "planned"
