"""A plan that moves moves its project: the promised day, the light, and what holds steps up."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base.models import JournalLine, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects import actions as projects
from xiaoer.projects.models import (
    ChainStep,
    Charge,
    Element,
    ElementNeed,
    InvestmentMonth,
    Project,
    Series,
    Stage,
    StatEntry,
)
from xiaoer.projects.tests.built import TODAY, Ground, build
from xiaoer.work import actions as work
from xiaoer.work.actions import Progress, StepFacts
from xiaoer.work.models import Doer, Plan, PlanTemplate, Step, StepReport

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
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
        return Plan.objects.get(matter=ground.project.matter)


def step(ground: Ground, code: str = "walls") -> Step:
    with acting(ground.of("east-desk")):
        return Step.objects.select_related("plan").get(
            code=code, plan__matter=ground.project.matter
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


def test_what_is_owed_to_a_project_in_full_use_turns_late_too(ground: Ground) -> None:
    with acting(ground.of("east-economy")):
        Project.objects.filter(pk=ground.project.pk).update(stage=Stage.FULL)
    ask(ground)
    assert seen(ground).light == "green"
    after = NOW + timedelta(days=31)
    ground.do(system(ground.zone_id), projects.relight_zone, now=after)
    assert seen(ground).light == "red"


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


# A plan made later --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["east-project", "east-admin", "east-economy"])
def test_a_plan_is_made_later_from_the_project(of: Of, who: str) -> None:
    ground = build(of)
    ask(ground)
    by = project_office(ground) if who == "east-project" else of(who)
    code = seeded(ground)
    wanted = {"project": ground.project, "template_code": code}
    with pytest.raises(Refused) as no:
        ground.do(by, projects.plan_project, **wanted)
    assert no.value.field == "promised_on"
    row = ground.do(by, projects.plan_project, promised_on=PROMISED, **wanted)
    assert row.promised_on == PROMISED == plan_of(ground).promised_on
    assert row.lit_at is not None
    with acting(by):
        assert Step.objects.filter(needs="power", is_held=True).exists()
    with pytest.raises(Refused):
        ground.do(by, projects.plan_project, **wanted)
    with pytest.raises(Refused):
        ground.do("east-power", projects.plan_project, project=ground.second, template_code=code)
    with pytest.raises(Refused):
        ground.do(
            ground.spokesman(ground.other), projects.plan_project, project=ground.second,
            template_code=code,
        )  # fmt: skip


def project_office(ground: Ground) -> Actor:
    by = ground.of("east-economy")
    return replace(by, role=Role.PROJECT)


def seeded(ground: Ground) -> str:
    by = system(ground.zone_id)
    with acting(by):
        work.seed_plan_templates(by=by, now=NOW)
        template = PlanTemplate.objects.filter(state="live", steps__needs="power").first()
        assert template is not None
        return template.code


def test_the_page_and_the_api_make_it(of: Of, sign_in: SignIn) -> None:
    ground = build(of)
    code = seeded(ground)
    client = sign_in("east-economy")
    path = f"/projects/{ground.project.pk}/"
    assert "make-plan" in client.get(f"{path}overview/").content.decode()
    said = {"template": code, "promised_on": "2027-06-30"}
    assert client.post(f"{path}make-plan/", said).status_code == 302
    assert plan_of(ground).promised_on == date(2027, 6, 30)
    assert "make-plan" not in client.get(f"{path}overview/").content.decode()
    answer = client.post(
        f"/api/v1/projects/{ground.second.pk}/plan", json.dumps(said),
        content_type="application/json",
    )  # fmt: skip
    assert (answer.status_code, answer.json()["promised_on"]) == (200, "2027-06-30")
    assert "make-plan" not in sign_in("east-power").get(f"{path}overview/").content.decode()


def test_a_leader_gives_up_a_project_with_its_plan(ground: Ground) -> None:
    ground.do(
        "east-leader", projects.give_up_project, project=ground.project, on=TODAY, reason="资金落空"
    )
    assert plan_of(ground).closed_at is not None


# Who answers, who reads ---------------------------------------------------------------------------


def test_a_leader_changed_on_the_form_is_changed_with_the_days(ground: Ground) -> None:
    leader, steward = ground.post("east-leader"), ground.post("east-steward")
    ground.do(
        "east-desk", projects.set_leader, project=ground.project, post=leader,
        since=TODAY - timedelta(days=9),
    )  # fmt: skip

    def change(**given: Any) -> Project:
        with acting(ground.of("east-economy")):
            row = Project.objects.select_related("party").get(pk=ground.project.pk)
            facts = replace(projects.facts_of(row), **given)
        changed: Project = ground.do(
            "east-economy", projects.change_project, project=row, facts=facts, version=row.version
        )
        return changed

    row = change(leader=steward, officer=leader)
    with acting(ground.of("east-desk")):
        days = {(one.part, one.post_id, one.until) for one in Charge.objects.filter(project=row)}
    assert days == {
        ("leader", leader.pk, TODAY), ("leader", steward.pk, None), ("officer", leader.pk, None)
    }  # fmt: skip
    change(officer=None)
    with acting(ground.of("east-desk")):
        assert Charge.objects.get(project=row, part="officer").until == TODAY
        assert Charge.objects.filter(project=row, until__isnull=True).count() == 1


def test_outside_roles_only_read_and_report_by_the_verbs(ground: Ground) -> None:
    by = ground.spokesman()
    ground.do(
        by, projects.report_month, project=ground.project, series=Series.IN_PLACE,
        month=date(2026, 10, 1), amount=1, reporter="firm",
    )  # fmt: skip
    own = step(ground)
    ground.do(
        by, work.report_step, step=own, version=own.version, progress=Progress(started_on=TODAY)
    )
    with acting(by):
        report, month = StepReport.objects.get(), InvestmentMonth.objects.get()
        report.pk = month.pk = None
        for row in (report, month):
            with pytest.raises(ProgrammingError), transaction.atomic():
                row.save(force_insert=True)
        with pytest.raises(ProgrammingError), transaction.atomic():
            InvestmentMonth.objects.update(is_current=False)


def test_an_enterprise_finds_its_own_projects_and_no_others(
    ground: Ground, sign_in: SignIn
) -> None:
    leader = ground.post("east-leader")
    for project in (ground.project, ground.second):
        ground.do("east-desk", projects.set_leader, project=project, post=leader)
        ground.do("east-desk", projects.set_officer, project=project, post=leader)
    signed_up(ground)
    client = sign_in("firm")
    answer = client.get("/api/v1/projects")
    assert answer.status_code == 200, answer.content.decode()
    assert [one["name"] for one in answer.json()["rows"]] == ["变压器智造项目"]
    assert answer.json()["rows"][0]["owner"] == ground.party.name
    here = f"/api/v1/projects/{ground.project.pk}"
    assert client.get(here).status_code == client.get(f"{here}/light").status_code == 200
    assert client.get(f"/api/v1/projects/{ground.second.pk}").status_code == 404
    assert client.get("/api/v1/projects?leader=1&text=水泥").json()["rows"] == []
    for path in ("/", "/my/projects/", "/my/projects/card/"):
        page = client.get(path, follow=True)
        assert page.status_code == 200
        assert "水泥" not in page.content.decode()
    assert "变压器智造项目" in client.get("/my/projects/").content.decode()


def signed_up(ground: Ground) -> None:
    by = system(ground.zone_id)
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="赵一")
        base.give_account(
            by=by, now=NOW, person=person, username="firm", password=PASSWORD, must_change=False
        )
        Post.objects.create(
            zone_id=ground.zone_id, person=person, role=Role.ENTERPRISE,
            party_ref=ground.party.pk, since=NOW.date(),
        )  # fmt: skip


def test_the_chain_and_the_light_agree_on_the_entry_into_statistics(ground: Ground) -> None:
    def entered() -> tuple[bool, str]:
        with acting(ground.of("east-desk")):
            chain = ChainStep.objects.filter(
                project=ground.project, element=Element.STATISTICS, until__isnull=True
            ).first()
        found = {one["rule"]: one for one in seen(ground).light_facts}
        return bool(found["statistics"].get("entered")), chain.state if chain else ""

    with acting(system(ground.zone_id)):
        entry = StatEntry.objects.create(
            zone_id=ground.zone_id, project=ground.project, path="construction", opened_at=NOW
        )
    entry = ground.do(
        "east-statistics", projects.enter_library, entry=entry, entered_on=TODAY,
        document="入库通知", version=entry.version,
    )  # fmt: skip
    assert entered() == (True, "done")
    ground.do(
        "east-statistics", projects.leave_library, entry=entry, why="误录", version=entry.version
    )
    assert entered() == (False, "running")


def test_one_plan_that_cannot_be_held_up_keeps_no_other_back(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = system(ground.zone_id)
    for kind in ("power", "water"):
        ground.do(
            by, work.add_step, plan=plan_of(ground), code=f"{kind}_on",
            facts=StepFacts(name=f"{kind}接通", doer=Doer.UTILITY, likely=8, needs=kind),
        )  # fmt: skip
        need = ask(ground, kind=kind)
        ground.do("east-power", projects.promise_element, need=need, on=SOON)
    hold = work.hold_steps

    def not_the_first(**given: Any) -> list[Step]:
        if given["needs"] == "power":
            raise Refused("计划排到了日历之外")
        return hold(**given)

    monkeypatch.setattr("xiaoer.projects.actions.holding.work.hold_steps", not_the_first)
    after = NOW + timedelta(days=31)
    assert ground.do(by, projects.hold_zone, now=after) == 1
    assert (step(ground, "power_on").held_until, step(ground, "water_on").held_until) == (
        SOON,
        None,
    )
    with acting(by):
        told = JournalLine.objects.get(verb="leave_tasks")
        assert told.detail["why"] == "计划排到了日历之外"
