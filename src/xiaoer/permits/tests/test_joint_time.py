"""The limit all items share, its one extension, and results handed out without a desk."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.papers.models import LicenceKind
from xiaoer.permits import actions as permits
from xiaoer.permits import notice_words, queries
from xiaoer.permits.definition import Decides, Definition, Period
from xiaoer.permits.models import Case, CaseNotice
from xiaoer.permits.tests.casework import RESTAURANT, SIGN, Town, at, build, with_item
from xiaoer.work.models import LimitRule, Task

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
WHY = "跨部门联合论证需要更多时间"


@pytest.fixture
def town(of: Of) -> Town:
    return build(of)


def of_two(town: Town, **changed: object) -> Case:
    """Two licences of two departments."""
    definition = replace(RESTAURANT, items=RESTAURANT.items[:2], **changed)  # type: ignore[arg-type]  # fields of a definition
    return town.accepted(town.thing(definition))


def view(town: Town, case: Case, now: datetime = NOW) -> queries.CaseView:
    with acting(town.by("desk")):
        fresh = queries.case_by_number(zone_id=town.zone_id, case_id=case.pk)
        assert fresh is not None
        return queries.case_view(fresh, now=now)


def test_a_leader_gives_all_items_more_time_once_and_the_applicant_is_told(town: Town) -> None:
    case = of_two(town)
    before = view(town, case)
    assert before.joint is not None
    item = town.item(case, "sign")
    town.run("leader", permits.extend_case, case=case, days=15, words=WHY)
    after = view(town, case)
    assert after.joint is not None
    assert round(after.joint.used + after.joint.remaining) == 60
    assert after.joint.due_on > before.joint.due_on
    # Each item keeps its own clocks.
    assert town.item(case, "sign").statutory_due_at == item.statutory_due_at
    with pytest.raises(Refused, match="15"):
        town.run("leader", permits.extend_case, case=case, days=1, words=WHY)
    with acting(town.by("desk")):
        notice = CaseNotice.objects.select_related(
            "event", "case__thing_version__thing", "case__desk"
        ).get(case=case, kind=CaseNotice.Kind.EXTENDED)
        text = notice_words.text_of(notice, deliver=Period(10))
    assert "第四十二条第二款" in "".join(text.paragraphs) and WHY in "".join(text.paragraphs)
    assert "45 个工作日" in text.paragraphs[0] and "extend_case" in town.verbs(case)


@pytest.mark.parametrize("who", ["desk", "economy", "land", "admin"])
def test_nobody_but_a_leader_gives_it(town: Town, who: str) -> None:
    case = of_two(town)
    with pytest.raises(Refused):
        town.run(who, permits.extend_case, case=case, days=15, words=WHY)


@pytest.mark.parametrize(
    ("days", "words", "field"), [(16, WHY, "days"), (0, WHY, "days"), (15, " ", "words")]
)
def test_how_much_and_why_are_bounded(town: Town, days: int, words: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        town.run("leader", permits.extend_case, case=of_two(town), days=days, words=words)
    assert refusal.value.field == field


def test_how_much_is_what_the_definition_says(town: Town) -> None:
    case = of_two(town, joint_limit=Period(20, extend_by=3, source="某市规定", mark="U"))
    with pytest.raises(Refused, match="3"):
        town.run("leader", permits.extend_case, case=case, days=4, words=WHY)
    town.run("leader", permits.extend_case, case=case, days=3, words=WHY)


def test_it_is_given_before_the_time_has_passed(town: Town) -> None:
    with pytest.raises(Refused):
        town.run("leader", permits.extend_case, case=of_two(town), days=5, words=WHY, now=at(90))


def test_one_licence_alone_has_no_time_together(town: Town) -> None:
    case = town.accepted(town.thing(with_item(SIGN)))
    assert view(town, case).joint is None
    with pytest.raises(Refused):
        town.run("leader", permits.extend_case, case=case, days=5, words=WHY)


def test_the_database_knows_who_extended_and_why(town: Town) -> None:
    case = of_two(town)
    with acting(town.by("leader")), pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(joint_more=15)


def test_the_page_and_the_api_offer_it_to_leaders(town: Town, sign_in: SignIn) -> None:
    case = of_two(town)
    leader, desk = sign_in("east-leader"), sign_in("east-desk")
    page = f"/cases/{case.pk}/"
    assert "批准延长" in leader.get(page).content.decode()
    assert "批准延长" not in desk.get(page).content.decode()
    said = {"what_to_do": "extend", "days": "15", "words": WHY}
    assert desk.post(f"{page}act/", said).status_code == 422
    assert leader.post(f"{page}act/", {**said, "days": "很多"}).status_code == 422
    assert sign_in("west-leader").post(f"{page}act/", said).status_code == 404
    leader.post(f"{page}act/", said)
    assert WHY in desk.get(page).content.decode()
    shown = desk.get(f"/api/v1/cases/{case.pk}").json()
    assert shown["joint_more"] == 15 and shown["joint"]["due_at"]
    again = leader.post(
        f"/api/v1/cases/{case.pk}/extend",
        {"days": 1, "words": WHY},
        content_type="application/json",
    )
    assert again.status_code == 422


# Limits are rows ----------------------------------------------------------------------------------


def test_the_desk_is_silent_as_long_as_the_definition_lets_it(town: Town) -> None:
    short = replace(RESTAURANT, supplement_limit=Period(2, source="某市规定", mark="U"))
    case = town.submitted(town.thing(short))
    with acting(town.by("desk")):
        shown = queries.desk(zone_id=town.zone_id, state="submitted", now=NOW)
    assert shown.rows[0].limit == short.supplement_limit
    assert shown.rows[0].due_at is not None and shown.rows[0].due_at < at(5)
    assert town.run(town.system, permits.deem_accepted, now=at(1)) == 0
    assert town.run(town.system, permits.deem_accepted, now=at(4.9)) == 1
    assert "deem_accepted" in town.verbs(case)


def test_results_are_due_by_the_zones_own_limit(town: Town, sign_in: SignIn) -> None:
    case = town.accepted(town.thing(with_item(SIGN)))
    town.grant("land", case, "sign")
    with acting(town.by("admin")):
        LimitRule.objects.filter(code="permit.deliver").update(count=3, source="本区承诺", mark="D")
    with acting(town.by("desk")):
        row = queries.desk(zone_id=town.zone_id, state="decided", now=NOW).rows[0]
    assert row.due_at is not None and row.due_at < at(7)
    shown = sign_in("east-desk").get("/cases/desk/?state=decided").content.decode()
    assert "本区承诺" in shown and "工作日内颁发" in shown


# Results as each is ready -------------------------------------------------------------------------


def test_results_taken_as_each_is_ready_close_the_case_without_a_desk(town: Town) -> None:
    definition = Definition(items=(replace(SIGN, decides=Decides.GRANT),))
    case = town.accepted(town.thing(definition), is_early_release=True)
    town.grant("land", case, "sign")
    with acting(town.by("desk")):
        kept = Case.objects.get(pk=case.pk)
        assert kept.state == Case.State.ISSUED and kept.closed_at == NOW
        assert not Task.objects.filter(matter=kept.matter, kind="issue_case").exists()
        last = kept.events.order_by("-id").get(verb="issue_case")
        assert last.who == "system"


def test_results_kept_for_one_day_wait_for_the_desk(town: Town) -> None:
    case = town.accepted(town.thing(with_item(SIGN)))
    town.grant("land", case, "sign")
    with acting(town.by("desk")):
        assert Case.objects.get(pk=case.pk).state == Case.State.DECIDED
        assert Task.objects.filter(kind="issue_case", state="open").exists()


def test_the_service_desk_hands_out_licences_though_it_issues_none_itself(town: Town) -> None:
    with acting(town.by("admin")):
        code = LicenceKind.objects.order_by("id").values_list("code", flat=True)[0]
    definition = Definition(items=(replace(SIGN, licence=code),))
    case = town.accepted(town.thing(definition))
    town.grant("land", case, "sign")
    town.run("desk", permits.issue_case, case=case)
    licence = town.item(case, "sign").licence
    assert licence is not None and licence.number
    assert "issue_case" in town.verbs(case)
