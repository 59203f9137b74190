"""A plan that moves moves its project: the promised day, the light, and what holds steps up."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects import actions as projects
from xiaoer.projects.models import ElementNeed, Project, Series, Stage
from xiaoer.projects.tests.built import TODAY, Ground, build
from xiaoer.work import actions as work
from xiaoer.work.actions import Progress, StepFacts
from xiaoer.work.models import Doer, Plan, PlanTemplate, Step

Of = Callable[[str], Actor]
SOON, LATER = TODAY + timedelta(days=30), TODAY + timedelta(days=60)
PROMISED = date(2027, 3, 31)


@pytest.fixture
def ground(of: Of) -> Ground:
    """A signed project with a plan of one step of its own, twenty days before it must begin."""
    ground = build(of)
    by = system(ground.zone_id)
    with acting(by):
        Project.objects.filter(pk=ground.project.pk).update(
            stage=Stage.BUILDING, promised_on=PROMISED
        )
        plan = make_plan(by, ground.project)
        work.add_step(
            by=by, now=NOW, plan=plan, code="walls",
            facts=StepFacts(name="主体施工", doer=Doer.OWNER, likely=20),
        )  # fmt: skip
    return ground


def make_plan(by: Actor, project: Project, **given: Any) -> Plan:
    assert project.matter is not None
    return work.make_plan(
        by=by, now=NOW, matter=project.matter, title=project.name, starts_on=TODAY,
        promised_on=PROMISED, **given,
    )  # fmt: skip


def seen(ground: Ground) -> Project:
    with acting(ground.of("east-desk")):
        return Project.objects.get(pk=ground.project.pk)


def rules_of(project: Project) -> dict[str, str]:
    return {one["rule"]: one["light"] for one in project.light_facts}


def plan_of(ground: Ground) -> Plan:
    with acting(ground.of("east-desk")):
        return Plan.objects.get(matter_id=ground.project.matter_id)


def step(ground: Ground, code: str = "walls") -> Step:
    with acting(ground.of("east-desk")):
        return Step.objects.select_related("plan").get(
            code=code, plan__matter_id=ground.project.matter_id
        )


def ask(ground: Ground, **given: Any) -> ElementNeed:
    need: ElementNeed = ground.do("east-desk", projects.ask_element, **{
        "project": ground.project, "kind": "power", "what": "10 kV 接入", "needed_on": SOON,
        "answerer": "市供电公司", "office": ground.office("供电服务中心"), **given,
    })  # fmt: skip
    return need


def relights(ground: Ground) -> int:
    with acting(ground.of("east-admin")):
        return JournalLine.objects.filter(verb="relight", subject_id=ground.project.pk).count()


def test_a_promised_day_moved_on_the_plan_is_the_projects_at_once(ground: Ground) -> None:
    plan = plan_of(ground)
    assert rules_of(seen(ground))["lost"] == "green"
    close = TODAY + timedelta(days=5)
    ground.do(
        "east-admin", work.move_promise, plan=plan, version=plan.version, promised_on=close,
        reason="企业要求提前投产",
    )  # fmt: skip
    row = seen(ground)
    assert row.promised_on == close
    assert rules_of(row)["lost"] == "red"
    assert row.light == "red"


def test_progress_the_enterprise_reports_shows_in_the_light(
    ground: Ground, django_assert_max_num_queries: Any
) -> None:
    by = ground.spokesman()
    with acting(by):
        own = Step.objects.select_related("plan").get(code="walls")
        with django_assert_max_num_queries(60):
            work.report_step(
                by=by, now=NOW, step=own, version=own.version,
                progress=Progress(started_on=TODAY, share=1, remaining=400),
            )  # fmt: skip
    row = seen(ground)
    assert (rules_of(row)["lost"], row.light) == ("red", "red")
    before = relights(ground)
    with acting(by):
        own.refresh_from_db()
        work.report_step(by=by, now=NOW, step=own, version=own.version, progress=Progress(share=2))
    assert relights(ground) == before, "nothing moved"


def test_a_month_and_a_years_plan_show_in_the_light(ground: Ground) -> None:
    months = {"project": ground.project, "series": Series.FIXED_ASSET, "month": date(2026, 10, 1)}
    assert "year_plan" in str(seen(ground).light_facts)
    ground.do(
        "east-economy", projects.set_year_plan, project=ground.project, year=2026,
        amount=1000_00, document="计划〔2026〕1号",
    )  # fmt: skip
    assert "year_plan" not in str(seen(ground).light_facts)
    assert rules_of(seen(ground))["progress"] == "grey"
    row = ground.do(
        ground.spokesman(), projects.report_month, amount=900_00, reporter="firm", **months
    )
    assert rules_of(seen(ground))["progress"] == "green"
    ground.do(ground.spokesman(), projects.correct_month, month=row, amount=100_00, note="多报了")
    assert rules_of(seen(ground))["progress"] == "red"


def test_a_need_past_its_day_is_late_whatever_was_promised(ground: Ground) -> None:
    yesterday = TODAY - timedelta(days=1)
    need = ask(ground, needed_on=yesterday)
    ground.do("east-power", projects.promise_element, need=need, on=LATER)
    assert rules_of(seen(ground))["element"] == "red"
    other = ask(ground, needed_on=LATER, what="专变增容")
    ground.do("east-power", projects.ready_element, need=need, on=TODAY)
    assert rules_of(seen(ground))["element"] == "green"
    ground.do("east-power", projects.promise_element, need=other, on=SOON)
    after = NOW + timedelta(days=31)
    ground.do(system(ground.zone_id), projects.relight_zone, now=after)
    assert rules_of(seen(ground))["element"] == "red", "promised for a day that passed"


def test_the_night_holds_anew_what_was_promised_for_a_day_that_passed(ground: Ground) -> None:
    by = system(ground.zone_id)
    ground.do(
        by, work.add_step, plan=plan_of(ground), code="power_on",
        facts=StepFacts(name="正式送电", doer=Doer.UTILITY, likely=8, needs="power"),
    )  # fmt: skip
    need = ask(ground)
    ground.do("east-power", projects.promise_element, need=need, on=SOON)
    assert step(ground, "power_on").held_until == SOON
    assert ground.do(by, projects.hold_zone) == 0, "nothing differs"
    after = NOW + timedelta(days=31)
    assert ground.do(by, projects.hold_zone, now=after) == 1
    assert (step(ground, "power_on").is_held, step(ground, "power_on").held_until) == (True, None)
    assert ground.do(by, projects.hold_zone, now=after) == 0
    ground.do("east-power", projects.ready_element, need=need, on=TODAY)
    assert not step(ground, "power_on").is_held


def test_a_plan_made_after_the_need_is_held_too_and_so_is_a_step_added(of: Of) -> None:
    ground = build(of)
    ask(ground)
    by = system(ground.zone_id)
    with acting(by):
        work.seed_plan_templates(by=by, now=NOW)
        template = PlanTemplate.objects.filter(state="live", steps__needs="power").first()
        plan = make_plan(by, ground.project, template=template)
        waiting = Step.objects.filter(plan=plan, needs="power")
        assert waiting and all(one.is_held for one in waiting)
        assert all("市供电公司" in one.blocked_by for one in waiting)
        added = work.add_step(
            by=by, now=NOW, plan=plan,
            facts=StepFacts(name="临时用电", doer=Doer.UTILITY, likely=3, needs="power"),
        )  # fmt: skip
        assert added.is_held
        free = work.change_step(
            by=by, now=NOW, step=added, version=added.version,
            facts=StepFacts(name="临时用电", doer=Doer.UTILITY, likely=3),
        )  # fmt: skip
        assert not free.is_held
