"""The staff's side of a case: accepted once, signed in parallel, decided by people, told truly."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.permits import actions as permits
from xiaoer.permits.actions import Gap
from xiaoer.permits.case_words import VERBS
from xiaoer.permits.definition import Decides, Item, Step, StepKind
from xiaoer.permits.models import Case, CaseItem, CaseNotice, CaseStep, Supplement
from xiaoer.permits.tests.casework import (
    DAY,
    ECONOMY,
    FOOD,
    LAND,
    POWER,
    POWER_ON,
    RESTAURANT,
    SIGN,
    Town,
    at,
    build,
    with_item,
)
from xiaoer.work import actions as work
from xiaoer.work.models import Task

Of = Callable[[str], Actor]


@pytest.fixture
def town(of: Of) -> Town:
    return build(of)


# Acceptance ---------------------------------------------------------------------------------------


def test_accepting_starts_every_item_that_waits_for_none(town: Town) -> None:
    case = town.accepted()
    states = {code: town.item(case, code).state for code in ("food", "sign", "power", "drain")}
    assert states == {
        "food": "running", "sign": "running", "power": "waiting", "drain": "waiting",
    }  # fmt: skip
    food = town.item(case, "food")
    assert food.started_at == NOW
    assert food.promised_due_at is not None and food.statutory_due_at is not None
    # Five and ten working days after Friday, 20 November 2026, to the end of the day.
    assert food.promised_due_at.isoformat() == "2026-11-27T16:00:00+00:00"
    assert food.statutory_due_at.isoformat() == "2026-12-04T16:00:00+00:00"
    step = town.step(case, "food")
    assert step.office is not None and step.office.name == ECONOMY
    assert step.task is not None and step.task.due_at == food.promised_due_at


def test_the_desk_s_task_ends_with_acceptance_and_the_notice_is_ordered(town: Town) -> None:
    case = town.accepted()
    with acting(town.by("desk")):
        assert not Task.objects.filter(kind="accept_case", state="open").exists()
        assert CaseNotice.objects.get(case=case).kind == "accepted"


def test_only_the_desk_accepts(town: Town) -> None:
    case = town.submitted()
    with pytest.raises(Refused, match="受理"):
        town.run("land", permits.accept_case, case=case)
    with pytest.raises(Refused):
        town.run(town.system, permits.accept_case, case=case)
    west = town.of("west-desk")
    with acting(west), pytest.raises(Refused):
        permits.accept_case(by=west, now=NOW, case=case)


def test_a_missing_paper_is_asked_for_before_acceptance(town: Town) -> None:
    case = town.submitted()
    with acting(town.by("desk")):
        case.materials.create(zone_id=case.zone_id, paper_code="floor_plan", name="平面图")
    with pytest.raises(Refused, match="平面图"):
        town.run("desk", permits.accept_case, case=case)


def test_what_is_missing_is_told_once_and_in_five_working_days(town: Town) -> None:
    case = town.submitted()
    gaps = [Gap("平面图", "缺少操作流程", "floor_plan", ECONOMY), Gap("店招图", "请补交", "", LAND)]
    late = at(8)
    with pytest.raises(Refused, match="受理"):
        town.run("desk", permits.ask_supplement, case=case, gaps=gaps, now=late)
    asked = town.run("desk", permits.ask_supplement, case=case, gaps=gaps)
    assert isinstance(asked, Supplement) and len(asked.gaps) == 2
    with acting(town.by("desk")):
        kept = Case.objects.get(pk=case.pk)
        assert kept.state == "supplement"
        # The applicant answers, as its own verb leaves the case.
        Case.objects.filter(pk=case.pk).update(state="submitted", received_at=at(3))
    with pytest.raises(Refused, match="一次"):
        town.run("desk", permits.ask_supplement, case=case, gaps=gaps, now=at(4))


def test_a_supplement_names_each_thing_and_why(town: Town) -> None:
    case = town.submitted()
    for gaps in ([], [Gap("平面图", " ")]):
        with pytest.raises(Refused):
            town.run("desk", permits.ask_supplement, case=case, gaps=gaps)


def test_silence_of_five_working_days_accepts_from_the_day_of_receipt(town: Town) -> None:
    case = town.submitted()
    # Friday is not counted; the fifth working day is Friday, the 27th.
    assert town.run(town.system, permits.deem_accepted, now=at(7)) == 0
    assert town.run(town.system, permits.deem_accepted, now=at(7.7)) == 1
    assert town.run(town.system, permits.deem_accepted, now=at(7.8)) == 0
    with acting(town.by("desk")):
        kept = Case.objects.get(pk=case.pk)
    assert kept.is_deemed and kept.accepted_at == NOW and kept.state == "running"
    assert town.item(case, "food").started_at == NOW


def test_accepted_too_late_by_a_person_counts_from_receipt_too(town: Town) -> None:
    case = town.submitted()
    kept = town.run("desk", permits.accept_case, case=case, now=at(10))
    assert kept.is_deemed and kept.accepted_at == NOW


def test_not_accepted_needs_a_person_and_words(town: Town) -> None:
    case = town.submitted()
    with pytest.raises(Refused):
        town.run(
            "desk", permits.refuse_acceptance, case=case, why=Case.State.WRONG_PLACE, reason=" "
        )
    with pytest.raises(Refused):
        town.run(
            town.system, permits.refuse_acceptance, case=case, why=Case.State.WRONG_PLACE,
            reason="请向市局申请",
        )  # fmt: skip
    kept = town.run(
        "desk", permits.refuse_acceptance, case=case, why=Case.State.WRONG_PLACE,
        reason="请向市局申请",
    )  # fmt: skip
    assert kept.state == "wrong_place" and kept.closed_at == NOW
    with pytest.raises(Refused):
        town.run("desk", permits.accept_case, case=case)


# Steps --------------------------------------------------------------------------------------------


def test_all_countersign_in_parallel_before_it_is_decided(town: Town) -> None:
    case = town.accepted()
    town.finish("economy", case, "food")
    assert {step.office.name for step in town.steps(case, "food") if step.office} == {POWER, LAND}
    town.finish("power", case, "food", POWER)
    with pytest.raises(Refused, match="会签"):
        town.grant("economy", case, "food")
    town.finish("land", case, "food", LAND)
    assert town.step(case, "food").kind == "decide"


def test_nobody_grants_over_a_signer_who_does_not_agree(town: Town) -> None:
    case = town.accepted()
    town.finish("economy", case, "food")
    town.finish("power", case, "food", POWER, agrees=False, words="容量不足")
    town.finish("land", case, "food", LAND)
    with pytest.raises(Refused, match="容量不足"):
        town.grant("economy", case, "food", words="仍然同意")
    town.run("economy", permits.return_step, step=town.step(case, "food"), to_order=1, words="再看")
    assert len(town.steps(case, "food")) == 2
    town.finish("power", case, "food", POWER)
    town.finish("land", case, "food", LAND)
    assert town.grant("economy", case, "food").state == "granted"


def test_disagreeing_says_why(town: Town) -> None:
    case = town.accepted()
    with pytest.raises(Refused):
        town.finish("economy", case, "food", agrees=False)


def test_a_review_that_found_against_it_is_granted_over_only_with_words(town: Town) -> None:
    case = town.accepted()
    town.finish("economy", case, "food", agrees=False, words="图纸不清")
    town.finish("power", case, "food", POWER)
    town.finish("land", case, "food", LAND)
    with pytest.raises(Refused):
        town.grant("economy", case, "food")
    assert town.grant("economy", case, "food", words="已当面核清").state == "granted"


def test_one_of_those_named_suffices_and_the_others_are_freed(town: Town) -> None:
    case = town.accepted(town.thing(replace(RESTAURANT, items=(replace(DRAIN_ALONE),))))
    assert len(town.steps(case, "drain")) == 2
    town.finish("power", case, "drain", POWER)
    assert town.step(case, "drain").kind == "decide"
    states = [step.state for step in town.steps(case, "drain", every=True)]
    assert states == ["done", "dropped", "open"]
    with acting(town.by("desk")):
        assert Task.objects.filter(kind="any_sign", state="open").count() == 0


DRAIN_ALONE = Item(
    "drain", "排水许可", LAND, Decides.GRANT,
    steps=(
        Step(StepKind.ANY_SIGN, "或签", offices=(POWER, ECONOMY)),
        Step(StepKind.DECIDE, "决定"),
    ),
)  # fmt: skip


def test_of_any_sign_all_against_stands_against(town: Town) -> None:
    case = town.accepted(town.thing(replace(RESTAURANT, items=(DRAIN_ALONE,))))
    town.finish("power", case, "drain", POWER, agrees=False, words="不通")
    assert len(town.steps(case, "drain")) == 1
    town.finish("economy", case, "drain", ECONOMY, agrees=False, words="不通")
    with pytest.raises(Refused, match="不通"):
        town.grant("land", case, "drain")


def test_returned_to_any_earlier_step_other_branches_stay(town: Town) -> None:
    case = town.accepted()
    town.signed_food(case)
    before = town.step(case, "sign")
    town.run("economy", permits.return_step, step=town.step(case, "food"), to_order=0, words="补看")
    step = town.step(case, "food")
    assert (step.order, step.turn) == (0, 2)
    assert town.step(case, "sign").pk == before.pk
    town.signed_food(case)
    rows = town.steps(case, "food", every=True)
    assert [(row.order, row.turn) for row in rows if row.order == 1] == [
        (1, 1), (1, 1), (1, 2), (1, 2),
    ]  # fmt: skip
    assert town.grant("economy", case, "food").state == "granted"


def test_signers_beside_the_one_who_returns_are_freed_once(town: Town) -> None:
    case = town.accepted()
    town.finish("economy", case, "food")
    town.run(
        "power", permits.return_step, step=town.step(case, "food", POWER), to_order=0, words="补图"
    )
    states = [step.state for step in town.steps(case, "food", every=True)]
    assert states == ["done", "returned", "dropped", "open"]
    assert town.verbs(case).count("return_step") == 1
    with acting(town.by("desk")):
        assert Task.objects.filter(kind="countersign", state="open").count() == 0


def test_a_step_is_returned_backwards_only_and_with_words(town: Town) -> None:
    case = town.accepted()
    step = town.step(case, "food")
    with pytest.raises(Refused):
        town.run("economy", permits.return_step, step=step, to_order=0, words="x")
    with pytest.raises(Refused):
        town.run("economy", permits.return_step, step=step, to_order=2, words="x")


def test_nobody_else_acts_on_a_step(town: Town) -> None:
    case = town.accepted()
    with pytest.raises(Refused, match=ECONOMY):
        town.finish("land", case, "food")
    west, step = town.of("west-economy"), town.step(case, "food")
    with acting(west), pytest.raises(Refused):
        permits.finish_step(by=west, now=NOW, step=step, agrees=True)


def test_a_step_done_twice_is_done_once(town: Town) -> None:
    case = town.accepted()
    step = town.step(case, "food")
    town.run("economy", permits.finish_step, step=step, agrees=True)
    with pytest.raises(Refused):
        town.run("economy", permits.finish_step, step=step, agrees=True)
    assert len(town.steps(case, "food")) == 2


def test_a_step_handed_on_keeps_its_clock_and_its_place(town: Town) -> None:
    case = town.accepted()
    step = town.step(case, "food")
    with acting(town.by("desk")):
        land = Office.objects.get(name=LAND)
    new = town.run("economy", permits.hand_on_step, step=step, office=land, words="职责在你局")
    assert new.office_id == land.pk and (new.order, new.turn) == (0, 1)
    moved = town.step(case, "food")
    assert step.task is not None and moved.task is not None
    assert moved.pk == new.pk and moved.task.due_at == step.task.due_at
    town.finish("land", case, "food")
    assert len(town.steps(case, "food")) == 2


def test_a_step_taken_or_moved_from_the_inbox_follows(town: Town) -> None:
    case = town.accepted()
    step = town.step(case, "food")
    town.run("economy", work.take_task, task=step.task)
    assert town.step(case, "food").post_id == town.by("economy").post_id
    desk, land = town.by("desk"), town.by("land")
    with acting(desk):
        post = Post.objects.get(pk=land.post_id or 0)
    town.run("economy", work.transfer_task, task=step.task, post=post, reason="请代办")
    assert town.step(case, "food").post_id == post.pk


def test_an_added_signer_is_waited_for(town: Town) -> None:
    case = town.accepted()
    town.signed_food(case)
    decision = town.step(case, "food")
    with acting(town.by("desk")):
        land = Office.objects.get(name=LAND)
    town.run("economy", permits.add_signer, step=decision, office=land, words="请核用地")
    with pytest.raises(Refused, match=LAND):
        town.grant("economy", case, "food")
    with pytest.raises(Refused):
        town.run("economy", permits.add_signer, step=decision, office=land, words="再请")
    town.finish("land", case, "food", LAND, agrees=False, words="用途不符")
    with pytest.raises(Refused, match="用途不符"):
        town.grant("economy", case, "food")


def test_an_office_without_people_gives_its_step_to_the_lead_office(town: Town) -> None:
    case = town.accepted(town.thing(with_item(SIGN, office="没有人的局")))
    step = town.step(case, "sign")
    assert step.office is not None and step.office.name == ECONOMY
    assert "step_without_staff" in town.verbs(case)


# Decisions ----------------------------------------------------------------------------------------


def test_what_waited_begins_when_it_is_granted(town: Town) -> None:
    case = town.accepted()
    town.signed_food(case)
    town.grant("economy", case, "food", now=at(3))
    power = town.item(case, "power")
    assert power.state == "running" and power.started_at == at(3)
    town.finish("power", case, "power", now=at(4))
    assert town.item(case, "power").state == "filed"
    assert town.item(case, "drain").state == "running"


def test_refused_by_a_person_with_reasons_others_go_on_dependants_do_not(town: Town) -> None:
    case = town.accepted()
    town.signed_food(case)
    food = town.item(case, "food")
    with pytest.raises(Refused):
        town.run("economy", permits.refuse_item, item=food, reasons=" ")
    with pytest.raises(Refused):
        town.run(town.system, permits.refuse_item, item=food, reasons="机器")
    town.run(
        "economy", permits.refuse_item, item=food, reasons="无独立烟道，不符合第八条",
        remedies="可加装烟道后重新申请",
    )  # fmt: skip
    states = {code: town.item(case, code).state for code in ("food", "sign", "power", "drain")}
    assert states == {
        "food": "refused", "sign": "running", "power": "barred", "drain": "barred",
    }  # fmt: skip
    assert town.grant("land", case, "sign").state == "granted"
    with acting(town.by("desk")):
        assert Case.objects.get(pk=case.pk).state == "decided"
        assert CaseNotice.objects.filter(case=case, kind="refused").count() == 1


def test_the_database_knows_no_refusal_by_a_machine(town: Town) -> None:
    case = town.accepted()
    with acting(town.by("desk")), pytest.raises(IntegrityError), transaction.atomic():
        CaseItem.objects.filter(case=case, code="food").update(
            state="refused", decided_at=NOW, decision="机器"
        )


def test_a_machine_grants_only_what_was_meant_to_have_nobody(town: Town) -> None:
    version = town.thing(with_item(SIGN))
    case = town.accepted(version)
    with pytest.raises(Refused):
        town.grant(town.system, case, "sign")
    alone = town.submitted(version, is_automatic=True)
    town.run(town.system, permits.accept_case, case=alone)
    item = town.grant(town.system, alone, "sign")
    assert item.state == "granted" and item.decided_by_id is None
    issued = town.run(town.system, permits.issue_case, case=alone)
    assert issued.state == "issued"


def test_all_is_handed_out_together_by_the_desk(town: Town) -> None:
    case = town.accepted(town.thing(replace(RESTAURANT, items=(FOOD, SIGN))))
    town.grant("land", case, "sign")
    with pytest.raises(Refused, match="食品"):
        town.run("desk", permits.issue_case, case=case)
    town.signed_food(case)
    town.grant("economy", case, "food", now=at(4))
    with acting(town.by("desk")):
        task = Task.objects.get(kind="issue_case", state="open")
    # Ten working days after the decision (article 44), a clock of its own.
    assert task.due_at is not None and task.due_at > at(4) + 13 * DAY
    issued = town.run("desk", permits.issue_case, case=case, now=at(5))
    assert issued.state == "issued" and issued.issued_at == at(5)


def test_an_item_withdrawn_bars_what_depends_on_it(town: Town) -> None:
    case = town.accepted()
    town.run("desk", permits.withdraw_item, item=town.item(case, "food"), words="不开火了")
    states = {code: town.item(case, code).state for code in ("food", "sign", "power", "drain")}
    assert states == {
        "food": "withdrawn", "sign": "running", "power": "barred", "drain": "barred",
    }  # fmt: skip
    with acting(town.by("desk")):
        assert Task.objects.filter(kind="review", state="open").count() == 0


def test_a_confirmation_somebody_was_against_comes_to_a_decision(town: Town) -> None:
    case = town.accepted(town.thing(with_item(POWER_ON, after=())))
    town.finish("power", case, "power", agrees=False, words="户号不存在")
    assert town.step(case, "power").kind == "decide"
    with pytest.raises(Refused, match="户号"):
        town.grant("power", case, "power")


def test_another_zone_sees_and_does_nothing(town: Town) -> None:
    case = town.accepted()
    with acting(town.of("west-desk")):
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not CaseNotice.objects.exists()
        assert not CaseStep.objects.exists()


def test_every_word_of_the_trail_is_there(town: Town) -> None:
    case = town.accepted()
    town.signed_food(case)
    town.grant("economy", case, "food")
    known: Any = VERBS
    assert set(town.verbs(case)) <= set(known)
