"""API of rules: each route as staff, as the other zone and as an enterprise; as the pages answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.rules import actions as rules
from xiaoer.rules import queries
from xiaoer.rules.models import RuleVersion, Verdict
from xiaoer.rules.origins import Asked, origins_of
from xiaoer.rules.queries import Moment
from xiaoer.rules.shipping import ShippedClause
from xiaoer.rules.tests.conftest import REVENUE, SHARE, drafted, firm, released
from xiaoer.rules.uses import uses_of

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
API = "/api/v1"
DAY = date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in force with three firms, and who asks about it."""

    by: Actor
    second: Actor
    version: RuleVersion
    firms: dict[str, Party]


@pytest.fixture
def told(of: Of) -> Told:
    by, second = of("east-economy"), of("east-statistics")
    with acting(by):
        firms = {
            "大厂": firm(by, "大厂", revenue_cny_y1=20_000_000, rd_expense_cny_y1=700_000),
            "小厂": firm(by, "小厂", revenue_cny_y1=10_000_000),
            "新厂": firm(by, "新厂"),
        }
        return Told(by, second, released(by, second, REVENUE, SHARE), firms)


def addresses(told: Told) -> list[str]:
    """Every question about this rule."""
    version, party = told.version, told.firms["大厂"]
    code, one = "a_rule", f"{API}/rules/versions/{version.pk}"
    return [
        f"{API}/rules/{code}",
        f"{API}/rules/{code}/firms",
        f"{API}/rules/{code}/firms/{party.pk}",
        f"{API}/rules/{code}/compare?old=1&new=1",
        f"{API}/enterprises/{party.pk}/rules",
        one,
        f"{one}/cases",
        f"{one}/lacking",
        f"{one}/agreement",
    ]


def test_staff_read_every_route(told: Told, sign_in: SignIn) -> None:
    for name in ("east-economy", "east-statistics", "east-leader"):
        browser = sign_in(name)
        for address in (*addresses(told), f"{API}/rules", f"{API}/rules/words"):
            assert browser.get(address).status_code == 200, (name, address)


def test_the_other_zone_finds_nothing(told: Told, sign_in: SignIn) -> None:
    browser = sign_in("west-economy")
    codes = {row["rule"]["code"] for row in browser.get(f"{API}/rules").json()}
    assert "a_rule" not in codes
    for address in addresses(told):
        assert browser.get(address).status_code == 404, address
    assert (
        post(
            browser, f"/rules/versions/{told.version.pk}/retire", version=1, reason="别区"
        ).status_code
        == 404
    )


def test_an_enterprise_reads_its_own_verdicts_and_nobody_elses(told: Told) -> None:
    with acting(told.second):
        rules.run_rules(by=told.second, now=NOW, as_of=DAY)
    own, other = told.firms["大厂"], told.firms["小厂"]
    as_firm = Actor(zone_id=own.zone_id, role=Role.ENTERPRISE, party_ref=own.pk, name="厂")
    with acting(as_firm):
        assert set(Verdict.objects.values_list("party_id", flat=True)) == {own.pk}
        assert not queries.firm_verdicts(zone_id=own.zone_id, party_id=other.pk)


def post(browser: Client, address: str, **said: object) -> Any:
    return browser.post(API + address, json.dumps(said), content_type="application/json")


def test_a_firms_reasons_name_where_each_fact_comes_from(told: Told, sign_in: SignIn) -> None:
    browser, big = sign_in("east-economy"), told.firms["大厂"]
    firms = f"{API}/rules/a_rule/firms"
    address = f"{firms}/{big.pk}?as_of={DAY}"
    found = browser.get(address).json()
    assert found["state"] == "met"
    origin = found["origins"]["revenue_cny_y1"]
    assert "年报" in origin["source"]
    assert origin["to"] == f"/enterprises/{big.pk}/dictionary/revenue_cny_y1/"
    assert origin["known_on"]
    page = browser.get(f"/rules/{told.version.rule_id}/firms/{big.pk}/?as_of={DAY}")
    assert origin["to"] in page.content.decode()
    none = browser.get(f"{firms}/{told.firms['新厂'].pk}?as_of={DAY}")
    assert "revenue_cny_y1" not in none.json()["origins"]


def test_what_nobody_knew_yet_has_no_origin(told: Told) -> None:
    early = NOW.replace(year=NOW.year - 5)
    with acting(told.by):
        assert origins_of(Asked(told.firms["大厂"], ["revenue_cny_y1"], DAY, early)) == {}


def test_both_ways_of_computing_agree_on_every_firm(told: Told, sign_in: SignIn) -> None:
    with acting(told.by):
        agreed = queries.agreement(version=told.version, moment=Moment(DAY, NOW))
        assert agreed.is_whole
        assert agreed.all == Party.objects.filter(cell__isnull=False).count()
    browser = sign_in("east-economy")
    said = browser.get(f"{API}/rules/versions/{told.version.pk}/agreement").json()
    assert (said["agreed"], said["apart"]) == (agreed.all, [])
    page = browser.get(f"/rules/{told.version.rule_id}/agreement/?version=1").content.decode()
    assert f"{agreed.all} / {agreed.all}" in page


def test_a_draft_with_a_mistake_says_so_instead_of_agreeing(of: Of, sign_in: SignIn) -> None:
    by = of("east-economy")
    with acting(by):
        wrong = drafted(by, ShippedClause("错", "wrong", "no_such_word > 1"))
    browser = sign_in("east-economy")
    assert browser.get(f"/rules/{wrong.rule_id}/agreement/?version=1").status_code == 200
    assert browser.get(f"{API}/rules/versions/{wrong.pk}/agreement").status_code == 422


def test_a_rule_is_written_and_released_by_two_people(told: Told, sign_in: SignIn) -> None:
    writer, other = sign_in("east-economy"), sign_in("east-statistics")
    assert post(writer, "/rules", code="own", name="本区规则", kind="other").status_code == 200
    begun = post(writer, "/rules/own/versions", effective_from="2026-01-01").json()
    clause = {"name": "营收", "name_en": "", "text": "revenue_cny_y1 >= 1"}
    kept = writer.put(
        f"{API}/rules/versions/{begun['id']}",
        json.dumps({"version": begun["version"], "head": {"effective_from": "2026-01-01",
                    "mark": "A", "document": "某办法"}, "clauses": [clause]}),
        content_type="application/json",
    )  # fmt: skip
    assert kept.status_code == 200, kept.content.decode()
    asked = post(writer, f"/rules/versions/{begun['id']}/ask", version=kept.json()["version"])
    assert asked.status_code == 200, asked.content.decode()
    version = asked.json()["version"]
    itself = post(writer, f"/rules/versions/{begun['id']}/release", version=version)
    assert itself.status_code in (403, 409, 422)
    done = post(other, f"/rules/versions/{begun['id']}/release", version=version)
    assert (done.status_code, done.json()["state"]) == (200, "live")


def test_firms_with_verdicts_are_merged_and_what_was_said_stays(told: Told, of: Of) -> None:
    admin, duplicate = of("east-admin"), told.firms["小厂"]
    with acting(told.second):
        rules.run_rules(by=told.second, now=NOW, as_of=DAY)
        before = Verdict.objects.filter(party=duplicate).count()
    with acting(admin):
        registry.merge_parties(by=admin, now=NOW, kept=told.firms["大厂"], duplicate=duplicate)
    with acting(told.by):
        assert Verdict.objects.filter(party=duplicate).count() == before > 0
        assert queries.agreement(version=told.version, moment=Moment(DAY, NOW)).is_whole


def test_a_rule_tells_what_uses_it(economy: Actor) -> None:
    alert = drafted(economy, REVENUE, code="an_alert", kind="alert").rule
    rung = rules.open_rule(
        by=economy, now=NOW, code="a_rung", name="一级", kind="rung", ladder="business", step=2
    )
    assert [use.to for use in uses_of(alert)] == ["/economy/alerts/?rule=an_alert"]
    assert [use.to for use in uses_of(rung)] == ["/ladders/"]
    assert uses_of(drafted(economy, REVENUE, code="alone").rule) == []
