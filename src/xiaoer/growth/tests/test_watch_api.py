"""The API of monitoring, as those who keep the watch, as officers and as another zone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.growth import actions as growth
from xiaoer.growth.models import Alert
from xiaoer.growth.tests.test_alerts import release
from xiaoer.growth.tests.watched import POWER, REVENUE, TAX, firm, last_month, report
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def party(of: Of) -> Party:
    """A firm of the east that stopped, with its months and its alert."""
    by = of("east-economy")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        release(by)
        stopped = firm(by, "停产厂")
        report(by, POWER, {stopped: [100] * 25 + [1]})
        report(by, REVENUE, {stopped: [100] * 26})
        growth.raise_alerts(by=by, now=NOW)
    return stopped


def post(client: Client, path: str, status: int = 200, **body: object) -> dict[str, Any]:
    answer = client.post(f"/api/v1/economy/{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def test_a_list_is_kept_computed_read_and_changed_by_hand(
    party: Party, sign_in: SignIn, of: Of
) -> None:
    by = of("east-economy")
    with acting(by):
        report(by, TAX, {party: [100] * 26}, last=last_month())
    economy = sign_in("east-economy")
    kept = post(economy, "lists", code="own", name="用电大户", metric=TAX, size=5)
    assert post(economy, "lists/compute")["counts"][str(kept["id"])] == 1
    rows = economy.get("/api/v1/economy/lists").json()
    row = next(one for one in rows if one["code"] == "own")
    assert (row["code"], row["metric"], row["count"]) == ("own", TAX, 1)
    member = economy.get(f"/api/v1/economy/lists/{kept['id']}").json()[0]
    assert (member["party"], member["place"]) == ("停产厂", 1)
    hand = post(
        economy, f"lists/{kept['id']}/hand", party_id=party.pk, is_on=False, reason="已停产"
    )
    assert (hand["party_id"], hand["kind"]) == (party.pk, "remove")
    assert economy.get(f"/api/v1/economy/lists/{kept['id']}").json() == []
    post(economy, "lists", 422, code="own", name="用电大户")


def test_a_campaign_has_targets_that_are_set_and_given_up(party: Party, sign_in: SignIn) -> None:
    economy = sign_in("east-economy")
    row = post(economy, "campaigns", name="2026年度目标", period="2026年1-12月")
    said = {"campaign_id": row["id"], "name": "营收", "metric": REVENUE, "value": "1500万元"}
    post(economy, "targets", 422, **said, source="")
    target = post(economy, "targets", **said, source="工作报告")
    assert economy.get("/api/v1/economy/targets").json()[0]["id"] == target["id"]
    post(economy, f"targets/{target['id']}/drop", reason="年中调整")
    assert economy.get("/api/v1/economy/targets").json() == []
    post(economy, f"campaigns/{row['id']}/close")
    post(economy, "targets", 422, **said, source="工作报告")


def test_a_line_of_the_sheet_is_written_and_its_alert_says_the_same(
    party: Party, sign_in: SignIn, of: Of
) -> None:
    economy = sign_in("east-economy")
    week = post(economy, "dispatch")
    line = next(one for one in week["lines"] if one["what"] == "疑似停产")
    post(economy, f"dispatch/lines/{line['id']}", measure="专班上门", due_on="2099-01-01")
    with acting(of("east-economy")):
        alert = Alert.objects.get(rule__code="alert_stoppage_t")
    assert (alert.state, alert.measure) == ("confirmed", "专班上门")
    post(economy, f"dispatch/{week['id']}/lines", what="用地手续", who="重点项目")
    assert post(economy, f"dispatch/{week['id']}/close", note="按周推进")["closed_at"]
    post(economy, f"dispatch/{week['id']}/lines", 422, what="又一项", who="重点项目")


def test_a_month_is_read_by_part(party: Party, sign_in: SignIn) -> None:
    asked = f"/api/v1/economy/analysis?metric={REVENUE}&period=2026年10月"
    for by, key in (("division", "34"), ("section", "C"), ("park", ""), ("rung", "")):
        row = sign_in("east-economy").get(f"{asked}&by={by}").json()[0]
        assert (row["key"], row["firms"]) == (key, 1)


def test_others_write_nothing_and_another_zone_finds_nothing(party: Party, sign_in: SignIn) -> None:
    economy, officer, west = (
        sign_in(who) for who in ("east-economy", "east-officer", "west-economy")
    )
    kept = post(economy, "lists", code="own", name="用电大户", metric=POWER, size=5)
    week = post(economy, "dispatch")
    line = week["lines"][0]["id"]
    post(officer, "lists/compute", 422)
    post(officer, f"dispatch/lines/{line}", 422, measure="上门")
    post(officer, "campaigns", 422, name="行动", period="2026年1-12月")
    post(west, f"dispatch/lines/{line}", 404, measure="上门")
    post(west, f"lists/{kept['id']}/hand", 404, party_id=party.pk, is_on=True, reason="看看")
    codes = {one["code"] for one in west.get("/api/v1/economy/lists").json()}
    assert "own" not in codes
    assert west.get(f"/api/v1/economy/lists/{kept['id']}").status_code == 404
