"""A firm's facts word by word: each with its source, missing ones said to be missing, said anew."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base.models import Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.models import Attribute, Column, SourceKind
from xiaoer.facts.periods import Period, months_of
from xiaoer.facts.queries import Known
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
AS_OF = date(2026, 11, 20)


@pytest.fixture
def keeper(of: Of) -> Iterator[Actor]:
    by = of("east-admin")
    with acting(by):
        yield by


@pytest.fixture
def party(keeper: Actor) -> Party:
    return Party.objects.create(zone_id=keeper.zone_id, name="甲厂", industry="3511", section="C")


def say(
    by: Actor,
    party: Party,
    word: str,
    value: object,
    kind: str = SourceKind.OFFICIAL,
    period: Period | None = None,
) -> None:
    facts.record_fact(
        by=by, now=NOW, party=party, word=word, value=value, source_kind=kind, source="年报",
        period=period,
    )  # fmt: skip


def known(party: Party, *names: str) -> dict[str, Known]:
    return queries.provenance(
        zone_id=party.zone_id, party_id=party.pk, names=names or queries.all_words().keys(),
        as_of=AS_OF, known_at=NOW + timedelta(days=1),
    )  # fmt: skip


def test_a_word_says_its_period_column_and_source(keeper: Actor, party: Party) -> None:
    say(keeper, party, "revenue_cny_y1", "3.78亿元", SourceKind.DECLARED)
    say(keeper, party, "revenue_cny_y1", "3.75亿元", SourceKind.TAX)
    one = known(party, "revenue_cny_y1")["revenue_cny_y1"]
    assert (one.value, one.period, one.column) == (3.75e8, months_of(2025, 1, 12), Column.OFFICIAL)
    assert (one.source, one.known_at) == ("年报", NOW)


def test_a_year_put_together_from_months_names_each_of_them(keeper: Actor, party: Party) -> None:
    say(keeper, party, "main_revenue_cny_ytd", "600万", period=months_of(2026, 1, 6))
    for month in (7, 8):
        say(keeper, party, "main_revenue_cny_ytd", "100万", period=months_of(2026, month, month))
    one = known(party, "main_revenue_cny_ytd")["main_revenue_cny_ytd"]
    assert (one.value, one.period) == (8e6, months_of(2026, 1, 8))
    assert [value.ends_on.month for value in one.values] == [8, 7, 6]


def test_what_is_missing_is_there_and_says_so(keeper: Actor, party: Party) -> None:
    say(keeper, party, "abnormal_list", "否")
    say(keeper, party, "revenue_cny_y2", "≥2000万元")
    found = known(party)
    assert set(found) == set(queries.all_words())
    assert (found["abnormal_list"].value, found["serious_dishonesty"].value) == (False, None)
    assert found["division"].value == 35.0
    assert found["revenue_cny_y2"].value is None and found["revenue_cny_y2"].bound is not None
    missing = {word.name for word in queries.missing(found.values())}
    assert {"revenue_cny_y2", "uscc"} <= missing and "abnormal_list" not in missing


def test_the_questions_asked_do_not_grow_with_the_history(keeper: Actor, party: Party) -> None:
    counts = []
    for year in (2025, 2024):
        say(keeper, party, "revenue_cny_y1", "100万", period=months_of(year, 1, 12))
        with CaptureQueriesContext(connection) as seen:
            known(party)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_an_officer_may_write_figures_of_firms_of_theirs_and_no_others(of: Of) -> None:
    admin, officer = of("east-admin"), of("east-officer")
    with acting(admin):
        grid = registry.open_grid(by=admin, now=NOW, code="1", name="一网格")
        cell = registry.open_cell(by=admin, now=NOW, grid=grid, code="1-1", name="一号")
        mine, other = (
            registry.add_party(
                by=admin, now=NOW, facts=registry.PartyFacts(name=name, credit_code=""), cell=cell
            )
            for name in ("甲厂", "乙厂")
        )
        post = Post.objects.get(pk=officer.post_id or 0)
        registry.assign_steward(by=admin, now=NOW, party=mine, post=post)
    with acting(officer):
        say(officer, mine, "ip1_main", 3, SourceKind.STAFF)
        assert known(mine, "ip1_main")["ip1_main"].value == 3.0
        for party, kind in ((other, SourceKind.STAFF), (mine, SourceKind.TAX)):
            with pytest.raises(Refused):
                say(officer, party, "ip1_main", 4, kind)
        with pytest.raises(Refused):
            say(officer, mine, "no_such_word", 4, SourceKind.STAFF)


def test_the_pages_show_and_take_a_fact(sign_in: SignIn, of: Of) -> None:
    by = of("east-statistics")
    with acting(by):
        party = Party.objects.create(zone_id=by.zone_id, name="甲厂")
    client = sign_in("east-statistics")
    page = client.get(f"/enterprises/{party.pk}/dictionary/").content.decode()
    assert "主营业务收入（上年）" in page and "缺" in page
    to = f"/enterprises/{party.pk}/dictionary/main_revenue_cny_y1/"
    said = {"value": "3.78亿元", "source_kind": "audit", "source": "审计报告"}
    assert client.post(to, said).status_code == 302
    assert "审计报告" in client.get(to).content.decode()
    assert "3.78" in client.get(f"/enterprises/{party.pk}/dictionary/").content.decode()
    flag = f"/enterprises/{party.pk}/dictionary/abnormal_list/"
    said = {
        "value": "no",
        "source_kind": "official",
        "source": "公示系统",
        "valid_from": "2026-01-01",
    }
    assert client.post(flag, said).status_code == 302
    assert "公示系统" in client.get(flag).content.decode()
    assert client.post(flag, {**said, "value": "也许"}).status_code == 422
    only = client.get(f"/enterprises/{party.pk}/dictionary/?missing=yes").content.decode()
    assert "经营异常名录" not in only
    assert client.get(f"/enterprises/{party.pk}/dictionary/no_such/").status_code == 404
    assert sign_in("west-statistics").get(flag).status_code == 404


def test_a_count_people_judge_is_not_answered_by_the_enterprise(of: Of) -> None:
    admin, officer = of("east-admin"), of("east-statistics")
    with acting(admin):
        party = Party.objects.create(zone_id=admin.zone_id, name="甲厂")
    own = Actor(zone_id=admin.zone_id, role=Role.ENTERPRISE, party_ref=party.pk, name="甲厂")
    with acting(own):
        say(own, party, "ip1_main", 5, SourceKind.DECLARED)
        one = known(party, "ip1_main")["ip1_main"]
        assert one.value is None and one.stated is not None
    with acting(officer):
        row = vocabularies.facts(
            zone_id=party.zone_id, names={"ip1_main"}, as_of=AS_OF,
            known_at=NOW + timedelta(days=1), ids=[party.pk],
        ).to_pylist()[0]  # fmt: skip
        assert row["ip1_main"] is None, "it needs a person"
        say(officer, party, "ip1_main", 2, SourceKind.STAFF)
        one = known(party, "ip1_main")["ip1_main"]
        assert (one.value, one.source_kind) == (2.0, SourceKind.STAFF)
        say(officer, party, "core_ip_owned", 3, SourceKind.DECLARED)
        assert known(party, "core_ip_owned")["core_ip_owned"].value is None


def test_what_an_enterprise_states_of_a_judged_count_is_shown_beside(
    sign_in: SignIn, of: Of
) -> None:
    by = of("east-statistics")
    with acting(by):
        party = Party.objects.create(zone_id=by.zone_id, name="甲厂")
        say(by, party, "ip1_main", 5, SourceKind.DECLARED)
    client = sign_in("east-statistics")
    listed = client.get(f"/enterprises/{party.pk}/dictionary/").content.decode()
    assert "企业自报：5" in listed
    page = client.get(f"/enterprises/{party.pk}/dictionary/ip1_main/").content.decode()
    assert "企业自报（未核实）" in page


# The API of facts ----------------------------------------------------------------------------------


def post(client: Client, to: str, said: dict[str, object], key: str = "k1") -> Any:
    return client.post(to, said, content_type="application/json", headers={"Idempotency-Key": key})


def test_the_api_takes_a_fact_once_and_takes_it_back(sign_in: SignIn, of: Of) -> None:
    by = of("east-statistics")
    with acting(by):
        party = Party.objects.create(zone_id=by.zone_id, name="甲厂")
    client, to = sign_in("east-statistics"), f"/api/v1/enterprises/{party.pk}/facts"
    said: dict[str, object] = {
        "word": "abnormal_list", "value": "是", "source_kind": "official", "source": "公示系统",
    }  # fmt: skip
    for _again in range(2):
        answer = post(client, to, said)
        assert (answer.status_code, answer.json()["value"]) == (200, True)
    with acting(by):
        row = Attribute.objects.get()
    undo = f"/api/v1/facts/{row.pk}/withdraw"
    assert post(sign_in("west-statistics"), undo, {"reason": "别区"}, "k2").status_code == 404
    assert post(client, undo, {"reason": " "}, "k3").status_code == 422
    answer = post(client, undo, {"reason": "录入到另一家企业"}, "k4")
    assert (answer.status_code, answer.json()["value"]) == (200, None)
    assert post(client, undo, {"reason": "再次"}, "k5").status_code == 422
    listed = {one["word"]: one for one in client.get(to).json()}
    assert listed["abnormal_list"]["value"] is None and listed["ip1_main"]["is_judged"] is True
    names = {one["name"] for one in client.get("/api/v1/dictionary").json()}
    assert names == set(queries.all_words())


def test_the_api_shows_facts_to_no_other_zone_and_no_other_enterprise(
    sign_in: SignIn, of: Of
) -> None:
    by = of("east-statistics")
    with acting(by):
        party = Party.objects.create(zone_id=by.zone_id, name="甲厂")
        other = Party.objects.create(zone_id=by.zone_id, name="乙厂")
    to = f"/api/v1/enterprises/{party.pk}/facts"
    said: dict[str, object] = {"word": "abnormal_list", "value": "否", "source_kind": "official",
                               "source": "公示系统"}  # fmt: skip
    stranger = sign_in("west-statistics")
    assert stranger.get(to).status_code == 404
    assert post(stranger, to, said).status_code == 404
    own = Actor(zone_id=by.zone_id, role=Role.ENTERPRISE, party_ref=other.pk, name="乙厂")
    with acting(own):
        assert not Attribute.objects.exists()
        with pytest.raises(Refused):
            say(own, party, "rd_ledger_kept", "有", SourceKind.DECLARED)
