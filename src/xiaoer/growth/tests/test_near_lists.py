"""Work lists of a rule: who is nearest, whom to ask, and who may not look."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base.models import Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.queries import NearFilter
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, Party
from xiaoer.rules import actions as rules
from xiaoer.rules.models import Rule
from xiaoer.rules.shipping import ShippedClause, ShippedRule, ShippedVersion
from xiaoer.work.models import Question

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
CAPITAL = ShippedClause("注册资本 ≥ 100 万元", "capital", "capital_cny >= 1000000")
SAID = ShippedClause("已建研发台账", "a ledger of research", "rd_ledger_kept")


def firm(by: Actor, name: str, capital_cny: int | None, *, officer: Actor | None = None) -> Party:
    cell = Cell.objects.filter(zone_id=by.zone_id).first()
    if cell is None:
        grid = registry.open_grid(by=by, now=NOW, code="G1", name="一网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="C1", name="一单元")
    fen = None if capital_cny is None else capital_cny * 100
    facts = registry.PartyFacts(name=name, capital_fen=fen)
    party = registry.add_party(by=by, now=NOW, facts=facts, cell=cell)
    if officer:
        post = Post.objects.get(pk=officer.post_id or 0)
        registry.assign_steward(by=by, now=NOW, party=party, post=post)
    return party


@pytest.fixture
def rule(of: Of) -> Rule:
    """A rule in force of two clauses: one of the register, one only the firm itself can say."""
    by, officer = of("east-admin"), of("east-officer")
    live = ShippedVersion(1, "A", date(2026, 1, 1), (CAPITAL, SAID), is_live=True)
    with acting(by):
        rules.seed_rules(
            by=system(by.zone_id),
            now=NOW,
            rules=[ShippedRule("near_one", "近在眼前企业", "Near", "title", versions=(live,))],
        )
        firm(by, "半厂", 500_000, officer=officer)
        firm(by, "小厂", 100_000)
        firm(by, "大厂", 2_000_000)
        firm(by, "谜厂", None)
        return Rule.objects.get(zone_id=by.zone_id, code="near_one")


def test_the_smallest_change_comes_first_with_what_is_not_known(of: Of, rule: Rule) -> None:
    by, officer = of("east-economy"), of("east-officer")
    with acting(by):
        found = queries.near_page(by=by, rule=rule, filters=NearFilter(), now=NOW)
        one = queries.near_page(by=by, rule=rule, filters=NearFilter(show="one"), now=NOW)
        own = NearFilter(officer=officer.post_id)
        mine = queries.near_page(by=by, rule=rule, filters=own, now=NOW)
    assert [row.enterprise for row in found.rows][:2] == ["半厂", "小厂"]
    half = found.rows[0]
    assert [(said.now, said.needed, said.delta) for said in half.changes] == [
        ("50\u2009万元", "100\u2009万元", "+50\u2009万元")
    ]
    assert [lack.name for lack in half.to_ask] == ["rd_ledger_kept"]
    assert {row.enterprise for row in one.rows} == {"半厂", "小厂"}
    assert [row.enterprise for row in mine.rows] == ["半厂"]
    assert found.counts[""] == 4


def test_questions_do_not_grow_with_firms(of: Of, rule: Rule) -> None:
    by = of("east-admin")
    with acting(by):
        queries.near_page(by=by, rule=rule, filters=NearFilter(), now=NOW)
        with CaptureQueriesContext(connection) as few:
            queries.near_page(by=by, rule=rule, filters=NearFilter(), now=NOW)
        for at in range(10):
            firm(by, f"厂{at}", 100_000)
        with CaptureQueriesContext(connection) as many:
            queries.near_page(by=by, rule=rule, filters=NearFilter(), now=NOW)
    assert len(many) == len(few)


def test_what_a_rule_lacks_is_asked_once(of: Of, rule: Rule) -> None:
    desk, officer = of("east-economy"), of("east-officer")
    with acting(desk):
        ids = list(Party.objects.filter(name__in=("半厂", "小厂")).values_list("pk", flat=True))
        asked = growth.ask_for_rule(by=desk, now=NOW, rule=rule, party_ids=ids)
        again = growth.ask_for_rule(by=desk, now=NOW, rule=rule, party_ids=ids)
        found = queries.near_page(by=desk, rule=rule, filters=NearFilter(), now=NOW)
        questions = list(Question.objects.all())
    assert (asked.questions, again.questions) == (2, 0)
    assert asked.words == ("rd_ledger_kept",)
    assert {one.why for one in questions} == {"“近在眼前企业”缺这项"}
    assert all(lack.is_asked for row in found.rows[:2] for lack in row.missing)
    with acting(officer):
        with pytest.raises(Refused):
            growth.ask_for_rule(by=officer, now=NOW, rule=rule, party_ids=ids)
        with pytest.raises(Refused):
            growth.ask_for_rule(by=officer, now=NOW, rule=rule, party_ids=[])


def test_the_list_opens_is_sent_as_a_sheet_and_asks(of: Of, rule: Rule, sign_in: SignIn) -> None:
    desk, by = sign_in("east-economy"), of("east-economy")
    page = f"/rules/{rule.pk}/near/"
    assert "半厂" in desk.get(page).content.decode()
    assert desk.get(page, {"export": "xlsx"}).status_code == 200
    with acting(by):
        half = Party.objects.get(name="半厂")
    assert desk.get(f"/rules/{rule.pk}/firms/{half.pk}/").status_code == 200
    assert desk.post(f"{page}ask/", {"firms": half.pk}).status_code < 400
    said = desk.get("/api/v1/rules/near_one/near?show=one").json()
    assert [row["enterprise"] for row in said["rows"]] == ["半厂", "小厂"]
    one = desk.get(f"/api/v1/rules/near_one/near/{half.pk}").json()["firm"]
    assert one["changes"][0]["delta"] and one["missing"][0]["is_asked"]
    with acting(by):
        assert Question.objects.filter(party=half).count() == 1


def test_another_zone_and_an_enterprise_find_no_list(rule: Rule, sign_in: SignIn) -> None:
    page = f"/rules/{rule.pk}/near/"
    assert sign_in("west-economy").get(page).status_code == 404
    assert sign_in("west-economy").post(f"{page}ask/", {"firms": 1}).status_code == 404


def test_an_enterprise_reads_what_would_bring_its_next_titles(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        party = firm(by, "半厂", 500_000)
    spokesman = Actor(zone_id=by.zone_id, role=Role.ENTERPRISE, party_ref=party.pk, name="赵一")
    with acting(spokesman):
        found = queries.next_titles(party=party, on=NOW.date(), now=NOW)
    assert all(len(one.changes) <= 2 for one in found)
    assert not any(one.is_met for one in found)
