"""Clocks of items tell the truth: only article 45 stops them, a head extends once, promises stand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.town import NOW
from xiaoer.base.models import JournalLine, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits import actions as permits
from xiaoer.permits import keys
from xiaoer.permits.actions import Found
from xiaoer.permits.clocks import clocks_of
from xiaoer.permits.definition import Step, StepKind
from xiaoer.permits.models import (
    Case,
    CaseMaterial,
    CaseNotice,
    CaseVisit,
    CaseVisitPart,
    ItemPause,
)
from xiaoer.permits.tests.casework import (
    DAY,
    ECONOMY,
    FOOD,
    LAND,
    RESTAURANT,
    SIGN,
    Town,
    at,
    build,
    with_item,
)
from xiaoer.work import queries as works
from xiaoer.work.models import Matter, Task

Of = Callable[[str], Actor]
VISITED = replace(
    FOOD, steps=(Step(StepKind.SITE_VISIT, "现场核查"), Step(StepKind.DECIDE, "决定"))
)


@pytest.fixture
def town(of: Of) -> Town:
    return build(of)


def faces(town: Town, case: Case, code: str, days: float):  # type: ignore[no-untyped-def]  # as the test arranged it
    by = town.by("desk")
    with acting(by):
        item = case.items.get(code=code)
        return clocks_of(item, calendar=works.calendar_of(by.zone_id), now=at(days))


def pause(town: Town, case: Case, days: int = 5, when: float = 0) -> ItemPause:
    stopped: ItemPause = town.run(
        "economy", permits.pause_item, item=town.item(case, "food"), reason="expert_review",
        words="区专家库三名专家评审", expected_days=days, now=at(when),
    )  # fmt: skip
    return stopped


def test_only_a_reason_of_article_45_stops_a_clock(town: Town) -> None:
    case = town.accepted()
    with pytest.raises(Refused, match="第四十五条"):
        town.run(
            "economy", permits.pause_item, item=town.item(case, "food"), reason="site_visit",
            words="去现场", expected_days=3,
        )  # fmt: skip
    with pytest.raises(Refused):
        town.run(
            "land", permits.pause_item, item=town.item(case, "food"), reason="hearing",
            words="听证", expected_days=3,
        )  # fmt: skip


def test_a_pause_is_told_in_writing_and_is_not_counted(town: Town) -> None:
    case = town.accepted()
    before = town.item(case, "food").promised_due_at
    pause(town, case, when=3)
    assert faces(town, case, "food", 5).promised.is_paused
    assert faces(town, case, "food", 5).light == "grey"
    with acting(town.by("desk")):
        assert CaseNotice.objects.filter(case=case, kind="paused").count() == 1
    paused = town.item(case, "food")
    assert before is not None and paused.promised_due_at is not None
    assert paused.promised_due_at > before
    # Three days of working time later it runs on: Monday to Thursday.
    town.run("economy", permits.resume_item, item=town.item(case, "food"), now=at(6))
    after = town.item(case, "food").promised_due_at
    assert after is not None and after - before == timedelta(days=5)  # over a weekend
    with acting(town.by("desk")):
        task = Task.objects.get(kind="review", state="open")
    assert task.due_at == after


def test_a_clock_set_back_breaks_nothing_and_events_keep_their_order(town: Town) -> None:
    case = town.accepted()
    pause(town, case, when=3)
    town.run("economy", permits.resume_item, item=town.item(case, "food"), now=at(1))
    town.finish("economy", case, "food", now=at(-2))
    assert town.verbs(case)[-3:] == ["pause_item", "resume_item", "finish_step"]
    assert faces(town, case, "food", -3).promised.used == 0


def test_the_head_extends_once_and_the_promise_stays(town: Town) -> None:
    case = town.accepted()
    item = town.item(case, "food")
    colleague = town.colleague(ECONOMY)
    with pytest.raises(Refused):
        town.run(colleague, permits.extend_item, item=item, days=5, words="疑难")
    with pytest.raises(Refused):
        town.run("economy", permits.extend_item, item=item, days=6, words="疑难")
    town.run("economy", permits.extend_item, item=item, days=5, words="需补充核验")
    after = town.item(case, "food")
    assert after.promised_due_at == item.promised_due_at
    assert after.statutory_due_at is not None and item.statutory_due_at is not None
    assert after.statutory_due_at - item.statutory_due_at == timedelta(days=7)
    with pytest.raises(Refused):
        town.run("economy", permits.extend_item, item=item, days=1, words="再延")


def test_an_item_late_is_red_though_the_case_is_not(town: Town) -> None:
    case = town.accepted()
    assert faces(town, case, "food", 3).light == "green"
    assert faces(town, case, "food", 8).light == "red"
    assert faces(town, case, "food", 8).promised.is_overdue
    assert not faces(town, case, "food", 8).statutory.is_overdue


def test_a_year_without_its_notice_is_marked_provisional(town: Town) -> None:
    case = town.submitted(at=at(800))
    town.run("desk", permits.accept_case, case=case, now=at(801))
    assert faces(town, case, "food", 802).promised.is_provisional


def test_a_step_on_hold_stops_the_clock_and_is_not_done(town: Town) -> None:
    case = town.accepted()
    step = town.step(case, "food")
    town.run(
        "economy", permits.hold_step, step=step, reason="inspection", words="送检",
        expected_days=4,
    )  # fmt: skip
    with pytest.raises(Refused):
        town.run("economy", permits.finish_step, step=step, agrees=True)
    town.run("economy", permits.release_step, step=step, now=at(4))
    with acting(town.by("desk")):
        assert ItemPause.objects.get(item__case=case).until == at(4)
    town.finish("economy", case, "food")


# Visits -------------------------------------------------------------------------------------------


def second_of(town: Town, by: Actor) -> Post:
    with acting(by):
        return Post.objects.get(pk=by.post_id or 0)


def visit_of(town: Town, case: Case) -> tuple[CaseVisit, dict[str, CaseVisitPart]]:
    with acting(town.by("desk")):
        visit = CaseVisit.objects.filter(case=case).latest("id")
        parts = visit.parts.select_related("item")
        return visit, {one.item.code: one for one in parts}


def test_the_applicant_says_ready_and_repaired_on_its_own_page(town: Town, client: Client) -> None:
    case = town.accepted(town.thing(replace(RESTAURANT, items=(VISITED,))))
    with acting(system(town.zone_id)):
        Case.objects.filter(pk=case.pk).update(key_hash=keys.hash_of("link-of-the-restaurant"))
    home = "/services/apply/link-of-the-restaurant/"
    assert "请来核查" in client.get(home).content.decode()
    assert client.post(f"{home}do/ready/").status_code == 302
    assert "和您约日子" in client.get(home).content.decode()
    assert client.post(f"{home}do/ready/").status_code == 422
    town.run("economy", permits.book_visit, case=case, on=date(2026, 11, 24))
    assert "上门核查" in client.get(home).content.decode()
    second = second_of(town, town.colleague(ECONOMY))

    def found_wanting(verb: Callable[..., object], **said: object) -> None:
        _visit, parts = visit_of(town, case)
        town.run("economy", verb, part=parts["food"], second=second, **said)

    found_wanting(permits.record_visit, passed=False, defects=[Found("烟道过低")], now=at(4))
    assert "烟道过低" in (page := client.get(home).content.decode())
    assert "请复核" in page
    assert client.post(f"{home}do/repaired/").status_code == 302
    assert "请复核" not in client.get(home).content.decode()
    assert client.post(f"{home}do/repaired/").status_code == 422
    # Found not to be so, it is said again once it is repaired.
    found_wanting(permits.recheck_visit, fixed=[], now=timezone.now() + DAY)
    assert "请复核" in client.get(home).content.decode()


def test_one_visit_by_two_officers_for_all_items_with_one_list_of_defects(town: Town) -> None:
    sign = replace(SIGN, steps=VISITED.steps)
    case = town.accepted(town.thing(replace(RESTAURANT, items=(VISITED, sign))))
    firm = Actor(zone_id=town.zone_id, role=None, party_ref=town.party.pk, name="赵一")
    town.run(firm, permits.ask_visit, case=case)
    with pytest.raises(Refused):
        town.run(firm, permits.ask_visit, case=case)
    town.run("land", permits.book_visit, case=case, on=date(2026, 11, 24))
    _visit, parts = visit_of(town, case)
    assert set(parts) == {"food", "sign"}
    one, other = town.colleague(ECONOMY), town.by("economy")
    with pytest.raises(Refused, match="两名"):
        town.run(
            "economy", permits.record_visit, part=parts["food"], second=second_of(town, other),
            passed=True,
        )  # fmt: skip
    town.run(
        "economy", permits.record_visit, part=parts["food"], second=second_of(town, one),
        passed=False, defects=[Found("烟道过低", "第九条", date(2026, 11, 30))], now=at(4),
    )  # fmt: skip
    town.run(
        "land", permits.record_visit, part=parts["sign"], second=second_of(town, one),
        passed=True, now=at(4),
    )  # fmt: skip
    assert town.step(case, "sign").kind == "decide"
    with acting(town.by("desk")):
        assert CaseNotice.objects.filter(case=case, kind="defects").count() == 1
        assert Case.objects.get(pk=case.pk).trips == 1
    visit, parts = visit_of(town, case)
    assert visit.state == "recheck"
    town.run(firm, permits.report_repair, visit=visit, now=at(6))
    with acting(town.by("desk")):
        defect = visit.defects.get()
        assert Task.objects.filter(kind="recheck_visit", state="open").count() == 1
    town.run(
        "economy", permits.recheck_visit, part=parts["food"], second=second_of(town, one),
        fixed=[defect.pk], now=at(7),
    )  # fmt: skip
    assert town.step(case, "food").kind == "decide"
    visit, _parts = visit_of(town, case)
    assert visit.state == "done"
    # The visit stopped no clock.
    assert not faces(town, case, "food", 6).promised.is_paused


def test_what_does_not_pass_comes_to_a_decision_that_cannot_grant(town: Town) -> None:
    case = town.accepted(town.thing(with_item(VISITED)))
    town.run("economy", permits.book_visit, case=case, on=date(2026, 11, 24))
    _visit, parts = visit_of(town, case)
    one = town.colleague(ECONOMY)
    town.run(
        "economy", permits.record_visit, part=parts["food"], second=second_of(town, one),
        passed=False, defects=[Found("无烟道")],
    )  # fmt: skip
    town.run("economy", permits.end_visit, part=parts["food"], words="无法整改")
    with pytest.raises(Refused, match="无法整改"):
        town.grant("economy", case, "food")
    town.run("economy", permits.refuse_item, item=town.item(case, "food"), reasons="不符合第九条")


# Papers promised ----------------------------------------------------------------------------------


def test_one_case_that_cannot_be_followed_keeps_no_other_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = town.thing()
    cases = [town.submitted(thing), town.submitted(thing)]
    for case in cases:
        with acting(town.by("desk")):
            CaseMaterial.objects.create(
                zone_id=case.zone_id, case=case, paper_code="health_proof", name="健康证明",
                state="promised", promised_until=date(2026, 12, 4),
            )  # fmt: skip
        town.run("desk", permits.accept_case, case=case)
    first, second = cases

    def not_the_first(case: Case) -> Matter:
        if case.pk == first.pk:
            raise Refused("没有在办事项")
        assert case.matter is not None
        return case.matter

    monkeypatch.setattr("xiaoer.permits.actions.promised.matter_of", not_the_first)
    assert town.run(town.system, permits.follow_promises, now=at(15)) == 1
    with acting(town.by("desk")):
        states = dict(
            CaseMaterial.objects.filter(case__in=cases, paper_code="health_proof").values_list(
                "case", "state"
            )
        )
        assert states == {first.pk: "promised", second.pk: "broken"}
        told = JournalLine.objects.get(verb="leave_tasks")
        assert (told.detail["names"], told.detail["why"]) == ([first.number], "没有在办事项")


def test_a_promised_paper_is_reminded_of_then_broken_once_and_settled_by_a_person(
    town: Town,
) -> None:
    case = town.submitted()
    with acting(town.by("desk")):
        paper = CaseMaterial.objects.create(
            zone_id=case.zone_id, case=case, paper_code="health_proof", name="健康证明",
            state="promised", promised_until=date(2026, 12, 4),
        )  # fmt: skip
    town.run("desk", permits.accept_case, case=case)
    assert town.run(town.system, permits.follow_promises, now=at(3)) == 0
    assert town.run(town.system, permits.follow_promises, now=at(12)) == 1
    assert town.run(town.system, permits.follow_promises, now=at(12)) == 0
    assert town.run(town.system, permits.follow_promises, now=at(15)) == 1
    assert town.run(town.system, permits.follow_promises, now=at(15)) == 0
    with acting(town.by("desk")):
        paper.refresh_from_db()
        assert paper.state == "broken"
        assert Task.objects.filter(kind="follow_paper", state="open").count() == 1
        assert Case.objects.get(pk=case.pk).state == "running"
    town.run("economy", permits.settle_paper, material=paper, words="已补交原件")
    with acting(town.by("desk")):
        assert not Task.objects.filter(kind="follow_paper", state="open").exists()


def test_nothing_is_archived_before_it_is_over(town: Town) -> None:
    case = town.accepted(town.thing(with_item(SIGN)))
    with pytest.raises(Refused):
        town.run("desk", permits.archive, case=case)
    town.grant("land", case, "sign")
    town.run("desk", permits.issue_case, case=case)
    kept = town.run("desk", permits.archive, case=case, now=NOW)
    assert kept.archive_id is not None and kept.archived_at == NOW
    with acting(town.by("desk")):
        assert Case.objects.select_related("matter").get(pk=case.pk).matter.closed_at == NOW  # type: ignore[union-attr]  # as the test arranged it


def test_somebody_of_another_office_does_not_hold_or_extend(town: Town) -> None:
    case = town.accepted()
    with pytest.raises(Refused, match=ECONOMY):
        town.run("land", permits.resume_item, item=town.item(case, "food"))
    with pytest.raises(Refused):
        town.run("land", permits.extend_item, item=town.item(case, "food"), days=1, words=LAND)
