"""Pages of the approvals desk: what one may do is offered, what one may not is not, cost is fixed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiaoer.base.models import Office
from xiaoer.base.scope import Actor, acting
from xiaoer.permits import actions as permits
from xiaoer.permits import queries
from xiaoer.permits.models import Case, CaseEvent, CaseItem, CaseStep
from xiaoer.permits.queries import QueueFilter
from xiaoer.permits.tests.casework import RESTAURANT, SIGN, Town, build, with_item
from xiaoer.work.calendar import DAY

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def town(of: Of) -> Town:
    return build(of)


def get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def now_case(town: Town, **more: Any) -> Case:
    """A case submitted an hour ago by the real clock, which pages read."""
    return town.submitted(at=timezone.now(), **more)


def test_a_case_is_accepted_signed_returned_and_decided_on_its_page(
    town: Town, sign_in: SignIn
) -> None:
    case = now_case(town)
    desk, economy = sign_in("east-desk"), sign_in("east-economy")
    page = f"/cases/{case.pk}/"
    assert "受理，各事项同时启动" in get(desk, page)
    assert "受理，各事项同时启动" not in get(economy, page)
    assert "东区小馆" in get(desk, "/cases/desk/")
    desk.post(f"{page}act/", {"what_to_do": "accept"})
    assert town.item(case, "food").state == "running"
    assert "食品经营许可" in get(economy, "/cases/")
    step = town.step(case, "food")
    shown = get(economy, f"{page}?step={step.pk}")
    assert "同意，转下一环节" in shown and "加签" in shown
    assert "同意，转下一环节" not in get(sign_in("east-land"), f"{page}?step={step.pk}")
    economy.post(f"/cases/steps/{step.pk}/", {"what_to_do": "agree"})
    assert len(town.steps(case, "food")) == 2
    signer = town.step(case, "food", "供电服务中心")
    power = sign_in("east-power")
    assert "退回前面环节" in get(power, f"{page}?step={signer.pk}")
    power.post(
        f"/cases/steps/{signer.pk}/", {"what_to_do": "return", "to_order": "0", "words": "补图"}
    )
    assert town.step(case, "food").turn == 2
    assert "第 2 轮" in get(desk, page)
    sign = town.item(case, "sign")
    refused = sign_in("east-land").post(f"/cases/items/{sign.pk}/", {"what_to_do": "refuse"})
    assert refused.status_code == 422
    sign_in("east-land").post(f"/cases/items/{sign.pk}/", {"what_to_do": "grant"})
    assert town.item(case, "sign").state == "granted"


def test_every_list_opens_also_empty_and_is_exported(town: Town, sign_in: SignIn) -> None:
    desk = sign_in("east-desk")
    addresses = ("/cases/", "/cases/desk/", "/cases/all/", "/cases/promised/", "/cases/overview/")
    for address in addresses:
        get(desk, address)
    case = now_case(town, version=town.thing(with_item(SIGN)))
    town.run("desk", permits.accept_case, case=case, now=timezone.now())
    town.grant("land", case, "sign", now=timezone.now())
    town.run("desk", permits.issue_case, case=case, now=timezone.now())
    for address in addresses:
        get(desk, address)
    for address in ("/cases/", "/cases/all/", "/cases/overview/"):
        answer = desk.get(address + "?export=csv&whose=all")
        assert answer.status_code == 200 and b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # as the test arranged it
    assert case.number in get(desk, f"/enterprises/{town.party.pk}/cases/")


def test_the_one_notice_is_looked_at_before_it_is_sent(town: Town, sign_in: SignIn) -> None:
    case = now_case(town)
    with acting(town.by("desk")):
        case.materials.create(zone_id=case.zone_id, paper_code="floor_plan", name="平面图")
    desk = sign_in("east-desk")
    address = f"/cases/{case.pk}/supplement/"
    get(desk, address)
    said = {
        "why-floor_plan": "缺少操作流程",
        "name-floor_plan": "平面图",
        "others": "店招图｜请补交",
    }
    shown = desk.post(address, said).content.decode()
    assert "一次性补正告知书" in shown and "店招图" in shown
    desk.post(address, {**said, "what_to_do": "send"})
    with acting(town.by("desk")):
        kept = Case.objects.get(pk=case.pk)
        assert kept.state == "supplement" and len(kept.supplement.gaps) == 2


def test_another_zone_and_an_enterprise_find_no_case(town: Town, sign_in: SignIn) -> None:
    case = now_case(town)
    for address in (f"/cases/{case.pk}/", f"/cases/{case.pk}/supplement/"):
        assert sign_in("west-desk").get(address).status_code == 404
    assert case.number not in get(sign_in("west-desk"), "/cases/all/")


def test_a_step_and_the_page_cost_the_same_in_a_case_of_a_thousand_branches(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    version = town.thing(with_item(SIGN))
    small, large = town.accepted(version), _grow(town, version)
    counts = {}
    for name, case in (("small", small), ("large", large)):
        step = town.step(case, "sign")
        by = town.by("land")
        with acting(by), django_assert_max_num_queries(400) as kept:
            queries.case_view(
                queries.case_by_number(zone_id=by.zone_id, case_id=case.pk),  # type: ignore[arg-type]  # as the test arranged it
                now=timezone.now(),
            )
            view = len(kept)
            permits.grant_item(by=by, now=timezone.now(), item=step.item)
            counts[name] = (view, len(kept) - view)
    assert counts["small"] == counts["large"], counts


def _grow(town: Town, version: Any) -> Case:
    case = town.accepted(version)
    with acting(town.by("desk")):
        first = CaseItem.objects.get(case=case, code="sign")
        assert first.started_at is not None
        CaseItem.objects.bulk_create(
            CaseItem(
                zone_id=case.zone_id, case=case, code=f"b{n}", name=f"分支{n}",
                office_id=first.office_id, state="granted", decided_at=first.started_at,
                started_at=first.started_at, statutory_count=20, statutory_unit="working_day",
                promised_count=5, promised_unit="working_day", path=first.path, order=n + 1,
            )
            for n in range(999)
        )  # fmt: skip
        CaseEvent.objects.bulk_create(
            CaseEvent(
                zone_id=case.zone_id, case=case, item=first, verb="finish_step", who="某人",
                at=first.started_at + n * DAY / 10_000,
            )
            for n in range(10_000)
        )  # fmt: skip
        CaseStep.objects.bulk_create(
            CaseStep(
                zone_id=case.zone_id, item=first, kind="countersign", name="会签", order=0,
                turn=n + 2, office_id=first.office_id, state="done", agrees=True,
                opened_at=first.started_at, done_at=first.started_at, parent=None,
            )
            for n in range(3_000)
        )  # fmt: skip
        # The open decision is the latest turn, as it would be.
        CaseStep.objects.filter(item=first, state="open").update(turn=3_100)
    return case


def test_the_queue_asks_the_same_however_many_there_are(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    version = town.thing(RESTAURANT)
    by = town.by("economy")
    counts = []
    for _n in range(2):
        for _m in range(3):
            town.run("desk", permits.accept_case, case=town.submitted(version))
        with acting(by), django_assert_max_num_queries(30) as kept:
            queries.queue(
                zone_id=by.zone_id, office_id=by.office_id, post_id=by.post_id,
                filters=QueueFilter(), now=timezone.now(),
            )  # fmt: skip
        counts.append(len(kept))
    assert counts[0] == counts[1]


def test_the_window_and_leaders_hand_on_what_is_stuck_with_somebody(town: Town) -> None:
    case = town.accepted()
    for who, office in (("desk", "自然资源分局"), ("leader", "供电服务中心")):
        step = town.step(case, "food")
        with acting(town.by("desk")):
            to = Office.objects.get(name=office)
        town.run(who, permits.hand_on_step, step=step, office=to, words="长期未办")
        with acting(town.by("desk")):
            old = CaseStep.objects.select_related("task").get(pk=step.pk)
            assert old.state == CaseStep.State.HANDED_ON
            assert old.task is not None and old.task.state == "dropped"
        new = town.step(case, "food")
        assert new.office == to and new.task is not None and new.task.state == "open"
    town.finish("power", case, "food")


def test_a_licence_that_ends_before_it_begins_is_not_granted(town: Town, sign_in: SignIn) -> None:
    case = now_case(town, version=town.thing(with_item(SIGN)))
    town.run("desk", permits.accept_case, case=case, now=timezone.now())
    item = town.item(case, "sign")
    said = {"what_to_do": "grant", "valid_from": "2026-12-31", "valid_until": "2026-01-01"}
    assert sign_in("east-land").post(f"/cases/items/{item.pk}/", said).status_code == 422
    assert town.item(case, "sign").state == "running"
