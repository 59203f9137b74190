"""Pages and API of the ladders: everybody reads what is theirs, and acts where they may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import acting, system
from xiaoer.growth import actions as growth
from xiaoer.growth.models import EntryCutoff, HandedPaper, LadderParameter, Standing
from xiaoer.growth.queries import standings as questions
from xiaoer.growth.queries.standings import StandingFilter
from xiaoer.growth.tests.conftest import Town
from xiaoer.growth.tests.figured import industry, lenders
from xiaoer.growth.tests.test_ladders import keep_register
from xiaoer.rules import vocabularies
from xiaoer.work.models import Question

SignIn = Callable[[str], Client]
PAGES = (
    "/ladders/",
    "/ladders/?ladder=technology",
    "/ladders/?told=at_least&mine=yes&q=变压器",
    "/ladders/entering/",
    "/ladders/falling-out/",
    "/ladders/settings/",
    "/ladders/settings/?code=p_near",
    "/ladders/calibration/",
    "/ladders/calibration/?p_near=0.5&p_sprout=0.3&p_seed=0.05",
    "/designations/",
    "/designations/?kind=in_register&ended=yes",
    "/designations/new/?kind=climb",
)


@pytest.fixture
def evaluated(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """One firm that reached the line, one in the register."""
    said: Any = {town.party.pk: industry(1.1), town.other.pk: industry(0.3)}
    monkeypatch.setattr(vocabularies, "_lenders", {"party": lenders(said)})
    keep_register(town)
    economy = town.of("east-economy")
    with acting(economy):
        growth.evaluate_ladders(by=economy, now=NOW)
    return town


@pytest.mark.parametrize("path", PAGES)
def test_staff_read_every_page_of_the_ladders(evaluated: Town, sign_in: SignIn, path: str) -> None:
    for who in ("east-economy", "east-officer"):
        assert sign_in(who).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_pages_stand_before_anything_was_evaluated(town: Town, sign_in: SignIn, path: str) -> None:
    assert sign_in("east-statistics").get(path).status_code == 200


def test_the_card_of_a_firm_says_how_far_it_is(evaluated: Town, sign_in: SignIn) -> None:
    officer = sign_in("east-officer")
    card = officer.get(f"/enterprises/{evaluated.party.pk}/ladder/").content.decode()
    assert "已达标，尚未入库" in card and "准四上" in card
    member = officer.get(f"/enterprises/{evaluated.other.pk}/ladder/").content.decode()
    assert "已在统计名录库" in member or "接近标准线" in member
    assert officer.get(f"/enterprises/{evaluated.party.pk}/rung/").status_code == 200
    stranger = sign_in("west-officer")
    for part in ("ladder", "rung", "entry"):
        assert stranger.get(f"/enterprises/{evaluated.party.pk}/{part}/").status_code == 404


def test_lists_leave_as_sheets(evaluated: Town, sign_in: SignIn) -> None:
    economy = sign_in("east-economy")
    for path in ("/ladders/", "/ladders/entering/", "/ladders/falling-out/", "/designations/"):
        sent: Any = economy.get(path + "?export=csv")
        assert sent.status_code == 200
        body = b"".join(sent.streaming_content).decode("utf-8-sig")
        assert "企业" in body.splitlines()[0]


def test_an_officer_takes_a_paper_in_and_gives_it_back(evaluated: Town, sign_in: SignIn) -> None:
    by = evaluated.of("east-officer")
    officer, address = sign_in("east-officer"), f"/enterprises/{evaluated.party.pk}/entry/"
    assert "增值税" in officer.get(address).content.decode()
    with acting(by):
        row = Standing.objects.get(party=evaluated.party, ladder="business")
        item = questions.papers_of_firm(by=by, standing=row)[0][0]
    officer.post(address, {"item": item.pk})
    with acting(by):
        paper = HandedPaper.objects.get(withdrawn_at__isnull=True)
        page = questions.standing_page(by=by, filters=StandingFilter(rung="l1_reached"))
    assert item.pk not in {one.pk for one in page.rows[0].papers_missing}
    officer.post(address, {"what": "take_back", "paper": paper.pk})
    with acting(by):
        assert not HandedPaper.objects.filter(withdrawn_at__isnull=True).exists()


def test_lines_are_kept_with_a_reason_and_an_officer_may_not(
    evaluated: Town, sign_in: SignIn
) -> None:
    typed = {
        "p_near": "0.6", "p_sprout": "0.3", "p_seed": "0.05", "reason": "人手",
        "version_p_near": 1, "version_p_sprout": 1, "version_p_seed": 1,
    }  # fmt: skip
    assert sign_in("east-officer").post("/ladders/calibration/", typed).status_code == 422
    assert sign_in("east-economy").post("/ladders/calibration/", typed).status_code == 302
    with acting(system(evaluated.zone_id)):
        assert str(LadderParameter.objects.get(code="p_near").number) == "0.6000"


def test_a_cutoff_is_added_and_removed_on_the_page(evaluated: Town, sign_in: SignIn) -> None:
    typed = {
        "path": "yearly",
        "day": "30",
        "month": "11",
        "year": "2026",
        "source": "通知",
        "mark": "A",
    }
    statistics = sign_in("east-statistics")
    assert statistics.post("/ladders/cutoffs/", typed).status_code == 302
    with acting(system(evaluated.zone_id)):
        row = EntryCutoff.objects.get(year=2026)
    statistics.post("/ladders/cutoffs/", {"id": row.pk, "what": "remove"})
    with acting(system(evaluated.zone_id)):
        assert EntryCutoff.objects.get(pk=row.pk).removed_at is not None


def test_a_list_of_decisions_is_typed_and_what_does_not_match_is_shown(
    evaluated: Town, sign_in: SignIn
) -> None:
    typed = {
        "kind": "climb", "since": "2026-03-01", "document": "名单", "decided_by": "管委会",
        "names": "东区水泥有限公司\n没有这家",
    }  # fmt: skip
    said = sign_in("east-economy").post("/designations/new/", typed).content.decode()
    assert "没有这家" in said


def test_missing_facts_are_asked_from_the_list(evaluated: Town, sign_in: SignIn) -> None:
    by = evaluated.of("east-economy")
    with acting(by):
        Standing.objects.filter(party=evaluated.party).update(
            missing=["construction_qualification"], told="at_least"
        )
    economy = sign_in("east-economy")
    sent = economy.post("/ladders/ask/", {"firms": [evaluated.party.pk], "ladder": "business"})
    assert sent.status_code == 302
    with acting(by):
        assert Question.objects.get().key == "construction_qualification"
    assert "已问" in economy.get("/ladders/?told=at_least").content.decode()


def test_the_city_reads_the_ladders_and_changes_nothing(evaluated: Town, sign_in: SignIn) -> None:
    city = sign_in("city")
    assert city.get("/ladders/").status_code == 200
    assert city.post("/ladders/evaluate/").status_code == 404


def test_calibration_counts_what_each_choice_gives(evaluated: Town) -> None:
    economy = evaluated.of("east-economy")
    with acting(economy):
        counted = questions.shares(by=economy, p_seed=0.1)
    assert counted.members == 1
    assert counted.choose(0.7, 0.4, 0.1).counts["reached"] == 1


@pytest.fixture
def representative(evaluated: Town, sign_in: SignIn) -> Client:
    """A browser of somebody who speaks for the first enterprise."""
    by = system(evaluated.zone_id)
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="赵一")
        base.give_account(
            by=by, now=NOW, person=person, username="firm", password=PASSWORD, must_change=False
        )
        Post.objects.create(
            zone_id=evaluated.zone_id,
            person=person,
            role=Role.ENTERPRISE,
            party_ref=evaluated.party.pk,
            since=NOW.date(),
        )
    return sign_in("firm")


def test_an_enterprise_reads_its_own_rung_in_plain_words_and_no_list(
    evaluated: Town, representative: Client
) -> None:
    said = representative.get("/my/rung/").content.decode()
    assert "已达标，尚未入库" in said and "增值税" in said
    assert representative.get("/my/rung/card/").status_code == 200
    for path in ("/ladders/", "/designations/", f"/enterprises/{evaluated.other.pk}/ladder/"):
        assert representative.get(path).status_code == 404


def test_the_api_says_what_the_pages_say(evaluated: Town, sign_in: SignIn) -> None:
    economy: Any = sign_in("east-economy")
    ladder = economy.get("/api/v1/ladders/business").json()
    assert {line["rung"]: line["now"] for line in ladder["rungs"]}["l1_reached"] == 1
    row = economy.get("/api/v1/standings?rung=l1_reached").json()["rows"][0]
    assert row["party_id"] == evaluated.party.pk and row["papers_missing"]
    own = economy.get(f"/api/v1/standings/{evaluated.party.pk}").json()
    assert {one["ladder"] for one in own} == {"business", "technology", "specialisation"}
    for path in (
        "ladder-parameters",
        "ladder-parameters/changes",
        "ladder-calibration?near=0.7&sprout=0.4&seed=0.1",
        "entry-cutoffs",
        f"entry-papers/{evaluated.party.pk}",
        "designations?kind=in_register",
    ):
        assert economy.get(f"/api/v1/{path}").status_code == 200, path
    assert sign_in("west-economy").get(f"/api/v1/standings/{evaluated.party.pk}").status_code == 404


def test_verbs_by_the_api_are_those_of_the_pages(evaluated: Town, sign_in: SignIn) -> None:
    statistics: Any = sign_in("east-statistics")

    def post(path: str, body: Any) -> Any:
        return statistics.post(f"/api/v1/{path}", body, content_type="application/json")

    assert post("ladder-evaluations", {}).json()["firms"] == 2
    kept = post(
        "ladder-parameters",
        {"values": {"p_near": {"value": "0.65", "version": 1}}, "reason": "校准"},
    )
    assert kept.json()[0]["value"] == "0.65"
    cutoff = post("entry-cutoffs", {"path": "yearly", "day": 28, "month": 11, "source": "通知"})
    number = cutoff.json()["id"]
    assert statistics.delete(f"/api/v1/entry-cutoffs/{number}").status_code == 200
    paper = statistics.get(f"/api/v1/entry-papers/{evaluated.party.pk}").json()[0]["item"]
    papers = post(f"entry-papers/{evaluated.party.pk}", {"item": paper}).json()
    handed = next(one["paper"] for one in papers if one["paper"])
    assert statistics.delete(f"/api/v1/handed-papers/{handed}").status_code == 200
    listed = post(
        "designations",
        {
            "kind": "in_register", "names": ["东区变压器有限公司", "无此企业"],
            "since": "2026-11-01", "document": "名录", "decided_by": "区统计局",
        },
    ).json()  # fmt: skip
    assert (listed["made"], len(listed["rejected"])) == (1, 1)
    row = statistics.get("/api/v1/designations?kind=in_register&text=变压器").json()[0]
    ended = post(
        f"designations/{row['id']}/end",
        {"until": "2026-11-19", "reason": "误录", "version": row["version"]},
    )
    assert ended.json()["until"] == "2026-11-19"
    asked = post("ladder-questions", {"parties": [evaluated.party.pk]})
    assert asked.status_code in (200, 422)


def test_an_enterprise_reads_its_rung_with_all_words_the_house_lends(
    representative: Client, evaluated: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = evaluated.of("east-economy")
    with acting(by):
        Standing.objects.filter(party=evaluated.party).update(
            missing=["construction_qualification"], told="at_least"
        )
    monkeypatch.undo()
    assert "建筑业资质" in representative.get("/my/rung/").content.decode()
