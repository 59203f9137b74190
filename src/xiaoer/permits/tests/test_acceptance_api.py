"""The API of joint acceptance does what the pages do, and a phone's part arrives once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits.actions import acceptance
from xiaoer.permits.actions.acceptance_planning import watching_site_search
from xiaoer.permits.models import Acceptance, Defect, SiteDay, SiteSearch
from xiaoer.permits.siting.search import Found
from xiaoer.permits.tests.built_site import Ready, build

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def ground(of: Of) -> Ready:
    return build(of)


def post(client: Client, address: str, status: int = 200, **given: object) -> Any:
    answer = client.post(f"/api/v1/{address}", json.dumps(given), content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if answer.content else None


def get(client: Client, address: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_phone_that_sends_again_finds_its_own_signature(ground: Ready, sign_in: SignIn) -> None:
    today = timezone.localdate().isoformat()
    with acting(ground.desk):
        row = ground.scheduled()
        SiteDay.objects.update(day=today)
        check = ground.checks(row)["fire"]
        one, two = ground.people["住建局"]
        person = one.person
    with acting(system(row.zone_id)):
        base.give_account(
            by=system(row.zone_id), now=NOW, person=person, username="east-inspector",
            password=PASSWORD, must_change=False,
        )  # fmt: skip
    phone = sign_in("east-inspector")
    kept = get(phone, "acceptance-field")
    (site,) = kept["sites"]
    assert [each["id"] for each in site["checks"]] == [check.pk]
    assert {each["id"] for each in site["checks"][0]["seconds"]} == {two.pk}
    said: dict[str, Any] = {
        "client_key": "k-1", "second_id": two.pk, "claimed_at": timezone.now().isoformat(),
        "defects": [{"what": "防火门缺失", "clause": "消防法", "due_on": today, "key": "d-1"}],
    }  # fmt: skip
    first = post(phone, f"acceptance-checks/{check.pk}/sign", **said)
    again = post(phone, f"acceptance-checks/{check.pk}/sign", **said)
    assert (first["is_again"], again["is_again"]) == (False, True)
    assert first["defects"] == again["defects"]
    with acting(ground.desk):
        assert Defect.objects.count() == 1
    post(phone, f"acceptance-checks/{check.pk}/sign", 422, **{**said, "client_key": "k-2"})
    assert get(phone, "acceptance-field")["sites"] == []
    post(sign_in("west-desk"), f"acceptance-checks/{check.pk}/sign", 404, **said)


def test_the_way_of_an_acceptance_through_the_api(ground: Ready, sign_in: SignIn) -> None:
    desk = sign_in("east-desk")
    one = post(desk, "acceptances", project_id=ground.project.pk, is_special=True)
    assert {each["kind"] for each in one["checks"]} >= {"planning", "fire"} and one["blocks"]
    where = f"acceptances/{one['id']}"
    post(desk, "acceptances", 422, project_id=ground.project.pk)
    post(desk, f"{where}/guide", on=timezone.localdate().isoformat(), gaps="缺图")
    with acting(ground.desk):
        row = acceptance_of(ground, one["id"])
        ground.papers(row, timezone.now())
    post(desk, f"{where}/accept")
    found = post(desk, "site-searches", seconds=2)
    assert get(desk, f"site-searches/{found['id']}")["state"] == "waiting"
    with acting(system(row.zone_id)):
        begun = acceptance.begin_site_search(
            by=system(row.zone_id), now=timezone.now(), search_id=found["id"]
        )
        assert begun is not None
    # The solver may tell of what it found on a thread of its own.
    with (
        watching_site_search(zone_id=row.zone_id, search_id=found["id"], problem=begun[0]) as watch,
        ThreadPoolExecutor(1) as pool,
    ):
        wants_stop = pool.submit(watch, Found((), (), 0, is_best=False)).result()
        assert wants_stop is False
    done, better = acceptance.run_site_search(
        by=system(row.zone_id), search_id=found["id"], begun=begun
    )
    with acting(system(row.zone_id)):
        acceptance.finish_site_search(
            by=system(row.zone_id), now=timezone.now(), search_id=found["id"], problem=begun[0],
            found=done, better=better,
        )  # fmt: skip
    ready = get(desk, f"site-searches/{found['id']}")
    assert (ready["state"], ready["placed"], ready["left"]) == ("done", 1, [])
    assert "采用" in desk.get("/acceptances/days/").content.decode()
    (day,) = post(desk, f"site-searches/{found['id']}/take")
    post(desk, f"site-searches/{found['id']}/take", 422)
    post(desk, f"site-days/{day['id']}/hold", is_locked=False)
    post(desk, f"{where}/drop-day", reason="暴雨")
    post(desk, f"{where}/withdraw", reason="改期")
    until = timezone.localdate().isoformat()
    figures = get(desk, f"acceptance-figures?since=2026-01-01&until={until}")
    assert figures["served"] == 0 and figures["share"] is None
    for address in (
        "acceptances?group=all", "acceptance-kinds", "acceptance-rule", "inspectors", where,
        f"site-days?since={until}&until={until}",
    ):  # fmt: skip
        get(desk, address)
    get(sign_in("west-desk"), where, 404)


def acceptance_of(ground: Ready, key: int) -> Acceptance:
    return Acceptance.objects.get(zone_id=ground.desk.zone_id, pk=key)


def test_a_search_nobody_is_at_gives_way(ground: Ready) -> None:
    with acting(ground.desk):
        ground.accepted()
        row = acceptance.ask_for_site_days(by=ground.desk, now=NOW)
        later = NOW + timedelta(minutes=5)
        again = acceptance.ask_for_site_days(by=ground.desk, now=later)
        row.refresh_from_db()
        assert row.state == SiteSearch.State.FAILED and again.pk != row.pk
        acceptance.stop_site_search(by=ground.desk, now=later, row=again)
        again.refresh_from_db()
        assert again.wants_stop
