"""A missing element holds up the steps of the plan that need it, and lets them go when it is there."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.town import NOW
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects import actions as projects
from xiaoer.projects.models import ElementNeed
from xiaoer.projects.tests.built import TODAY, Ground, build
from xiaoer.work import actions as work
from xiaoer.work.models import Doer, Plan, Step

Of = Callable[[str], Actor]
SOON, LATER = TODAY + timedelta(days=30), TODAY + timedelta(days=60)


@pytest.fixture
def ground(of: Of) -> Ground:
    ground = build(of)
    by = system(ground.zone_id)
    with acting(by):
        matter = ground.project.matter
        assert matter is not None
        plan = work.make_plan(
            by=by, now=NOW, matter=matter, title="变压器智造项目",
            starts_on=TODAY, promised_on=date(2027, 12, 31),
        )  # fmt: skip
        Step.objects.create(
            zone_id=by.zone_id, plan=plan, code="power_on", name="正式送电", doer=Doer.UTILITY,
            low=5, likely=8, high=12, needs="power",
        )  # fmt: skip
        Step.objects.create(
            zone_id=by.zone_id, plan=plan, code="walls", name="主体施工", doer=Doer.CONTRACTOR,
            low=50, likely=60, high=80,
        )  # fmt: skip
    return ground


def step(ground: Ground, code: str = "power_on") -> Step:
    with acting(ground.of("east-desk")):
        return Step.objects.get(code=code)


def ask(ground: Ground, what: str = "10 kV 接入") -> ElementNeed:
    need: ElementNeed = ground.do(
        "east-desk", projects.ask_element, project=ground.project, kind="power", what=what,
        amount=Decimal(8000), needed_on=SOON, answerer="市供电公司",
        office=ground.office("供电服务中心"),
    )  # fmt: skip
    return need


def test_steps_wait_for_what_is_missing_and_say_for_whom(ground: Ground) -> None:
    need = ask(ground)
    waiting = step(ground)
    assert waiting.blocked_since == TODAY
    assert "市供电公司" in waiting.blocked_by and "10 kV" in waiting.blocked_by
    assert step(ground, "walls").blocked_since is None
    ground.do("east-power", projects.promise_element, need=need, on=SOON)
    waiting = step(ground)
    assert waiting.held_until == SOON
    assert waiting.early_start is not None and waiting.early_start >= SOON
    ground.do("east-power", projects.ready_element, need=need, on=TODAY)
    free = step(ground)
    assert (free.blocked_since, free.blocked_by, free.held_until) == (None, "", None)
    assert free.early_start is not None and free.early_start < SOON


def test_of_two_the_steps_wait_for_the_last(ground: Ground) -> None:
    first, second = ask(ground), ask(ground, "专变增容")
    ground.do("east-power", projects.promise_element, need=first, on=SOON)
    assert step(ground).held_until is None, "one has no day yet"
    ground.do("east-power", projects.promise_element, need=second, on=LATER)
    assert step(ground).held_until == LATER
    ground.do("east-desk", projects.drop_need, need=second, reason="不再增容")
    assert step(ground).held_until == SOON


def test_without_a_plan_nothing_is_held_up(ground: Ground) -> None:
    need = ground.do(
        "east-desk", projects.ask_element, project=ground.second, kind="power", what="增容",
        needed_on=SOON, office=ground.office("供电服务中心"),
    )  # fmt: skip
    assert need.state == "needed"
    with acting(ground.of("east-desk")):
        assert Plan.objects.count() == 1
