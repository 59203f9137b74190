"""Routes by the API: the same verbs, the same refusals, each done once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xiaoer.base.scope import acting
from xiaoer.outreach import jobs
from xiaoer.outreach.models import RouteSearch
from xiaoer.outreach.tests.conftest import Town
from xiaoer.outreach.tests.outing import Field, built
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact

SignIn = Callable[[str], Client]
ROOT = "/api/v1"


@pytest.fixture
def field(town: Town) -> Field:
    return built(town)


@pytest.fixture
def planned(field: Field) -> list[Contact]:
    now, by = timezone.now(), field.of("east-desk")
    with acting(by):
        return [
            work.plan_contact(
                by=by, now=now, party=firm, kind="visit", purpose="看看", post=field.officer,
                planned_on=now.astimezone(LOCAL).date(),
            )
            for firm in field.firms
        ]  # fmt: skip


def today() -> str:
    return timezone.now().astimezone(LOCAL).date().isoformat()


def send(client: Client, address: str, **given: Any) -> Any:
    return client.post(ROOT + address, json.dumps(given), content_type="application/json")


def searched(client: Client, field: Field) -> Any:
    asked = send(client, "/route-searches", since=today(), posts=[field.officer.pk]).json()
    with acting(field.of("east-desk")):
        row = RouteSearch.objects.get(pk=asked["id"])
    jobs.find_routes(zone_id=row.zone_id, search_id=row.pk, post_id=row.post_id)
    return client.get(f"{ROOT}/route-searches/{asked['id']}").json()


def test_a_day_is_searched_for_changed_and_kept(
    field: Field, planned: list[Contact], sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    assert searched(officer, field)["state"] == "done"
    board = officer.get(f"{ROOT}/rounds", {"day": today()}).json()
    (row,) = board["rounds"]
    assert (row["state"], len(row["stops"]), board["left"]) == ("draft", 3, [])
    first = row["stops"][0]["contact_id"]
    moved = send(
        officer, "/rounds/place", contact=first, post=field.officer.pk, place=3,
        version=row["version"],
    ).json()  # fmt: skip
    assert moved["stops"][2]["contact_id"] == first
    assert moved["metres"] >= row["metres"]
    at = f"/rounds/{row['id']}/stops/{first}"
    locked = send(officer, f"{at}/lock", lock="hour", version=moved["version"]).json()
    assert locked["stops"][2]["lock"] == "hour"
    out = send(officer, f"{at}/take-out", version=locked["version"]).json()
    assert len(out["stops"]) == 2
    kept = send(officer, "/rounds/keep", versions={row["id"]: out["version"]}).json()
    assert kept[0]["state"] == "kept"
    day = officer.get(f"{ROOT}/rounds/today").json()
    assert [stop["is_next"] for stop in day["stops"]] == [True, False, False]
    assert day["metres"] == kept[0]["metres"]


def test_files_and_refusals_are_those_of_the_pages(
    field: Field, planned: list[Contact], sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    asked = {"since": today()}
    assert officer.get(f"{ROOT}/rounds/calendar", asked).status_code == 422
    row = searched(officer, field)
    assert officer.get(f"{ROOT}/rounds/calendar", asked).content.startswith(b"BEGIN:VCALENDAR")
    assert officer.get(f"{ROOT}/rounds/paper", asked).content.startswith(b"%PDF")
    stranger = sign_in("west-desk")
    assert stranger.get(f"{ROOT}/route-searches/{row['id']}").status_code == 404
    far = (timezone.now() + timedelta(days=30)).date().isoformat()
    refused = send(officer, "/route-searches", since=far, posts=[field.officer.pk])
    assert refused.status_code == 422 and refused.json()["message"]
    others = send(officer, "/route-searches", since=today(), posts=[field.steward.pk])
    assert others.json()["field"] == "posts"


def test_the_same_call_twice_searches_once(
    field: Field, planned: list[Contact], sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    body = json.dumps({"since": today(), "posts": [field.officer.pk]})
    answers = [
        officer.post(
            f"{ROOT}/route-searches", body, content_type="application/json",
            headers={"Idempotency-Key": "once"},
        ).json()["id"]
        for _time in range(2)
    ]  # fmt: skip
    assert answers[0] == answers[1]


def test_rules_and_roads_are_read_and_set(field: Field, sign_in: SignIn) -> None:
    desk = sign_in("east-desk")
    rule = desk.get(f"{ROOT}/route-rule").json()
    rule["speed_kmh"] = 35
    answer = desk.put(f"{ROOT}/route-rule", json.dumps(rule), content_type="application/json")
    assert (answer.status_code, answer.json()["speed_kmh"]) == (200, 35)
    stale = desk.put(f"{ROOT}/route-rule", json.dumps(rule), content_type="application/json")
    assert stale.status_code == 422
    text = f"起点,终点,里程（公里）\n驻地,{field.firms[0].name},3.5\n驻地,没有这家,2\n"
    sheet = SimpleUploadedFile("里程.csv", text.encode(), "text/csv")
    taken = desk.post(f"{ROOT}/road-sheets", {"file": sheet}).json()
    assert (taken["taken"], taken["rejected"], taken["problems"][0][0]) == (1, 1, 3)
    assert len(desk.get(f"{ROOT}/road-sheets").json()) == 1
