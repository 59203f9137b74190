"""Plans run backwards from the promised day; who reports what; what was promised is never lost."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.calendar import outside
from xiaoer.work.models import (
    Plan,
    PlanTemplate,
    PromiseChange,
    Step,
    StepLink,
    StepReport,
)
from xiaoer.work.planning.chance import draw
from xiaoer.work.tests.conftest import Firms
from xiaoer.work.tests.planned import PROMISED, START, Planned, matter_for, planned

TODAY = date(2026, 11, 20)


@pytest.fixture
def of_firm(firms: Firms) -> Planned:
    return planned(firms)


def test_a_plan_has_the_steps_of_its_template_and_runs_backwards(of_firm: Planned) -> None:
    plan = of_firm.plan
    with acting(of_firm.of("east-admin")):
        template = queries.template_in_use(plan.zone_id, "new_build")
        assert template is not None
        steps = list(Step.objects.filter(plan=plan))
        assert len(steps) == template.steps.count() >= 22
        assert StepLink.objects.filter(plan=plan).count() == template.links.count()
    assert (plan.first_promised_on, plan.reckoned_for) == (PROMISED, TODAY)
    assert plan.slack is not None
    assert plan.forecast_on == PROMISED - timedelta(days=plan.slack)
    for step in steps:
        assert step.early_start and step.late_start
        assert step.late_start - step.early_start >= timedelta(0)
    assert any(step.is_critical for step in steps)
    assert {step.milestone for step in steps} >= {"land", "started", "roof", "completed"}


def test_every_template_of_a_new_zone_has_no_loop_and_says_where_limits_come_from(
    of_firm: Planned,
) -> None:
    by = of_firm.of("east-admin")
    with acting(by):
        kept = list(queries.templates_in_use(of_firm.plan.zone_id))
        assert {template.code for template in kept} == {
            "new_build", "land_start", "fit_out", "upgrade"
        }  # fmt: skip
        for template in kept:
            for step in template.steps.all():
                assert (step.limit_count is None) == (not step.limit_source)
            if template.code != "new_build":
                matter = work.open_matter(
                    by=by,
                    now=NOW,
                    kind="project",
                    subject_id=template.pk,
                    title=template.name,
                    address="/",
                )
                work.make_plan(
                    by=by, now=NOW, matter=matter, title=template.name, starts_on=START,
                    promised_on=PROMISED, template=template,
                )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"promised_on": date(2026, 11, 19)}, "promised_on", "2026年11月19日"),
        ({"promised_on": date(2062, 1, 1)}, "promised_on", "2062"),
        ({"starts_on": date(2027, 12, 31)}, "promised_on", "2027年12月31日"),
        ({"title": " "}, "title", ""),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused(
    firms: Firms, given: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refused) as no:
        planned(firms, **given)
    assert no.value.field == field
    assert words in str(no.value)


def test_one_matter_has_one_plan(of_firm: Planned) -> None:
    with pytest.raises(Refused):
        planned(of_firm.firms, matter=of_firm.plan.matter)


def test_a_delay_is_told_early_and_moves_what_waits(of_firm: Planned) -> None:
    before = of_firm.plan.slack
    step = of_firm.step("equipment")
    facts = replace(work.facts_of(step), likely=300, high=320)
    of_firm.do("change_step", step=step, version=step.version, facts=facts)
    after = of_firm.fresh().slack
    assert before is not None and after is not None
    assert after < 0 < before
    assert of_firm.step("trial").float_days == pytest.approx(after, abs=4)


def test_progress_is_kept_and_the_rest_is_forecast_from_it(of_firm: Planned) -> None:
    report = of_firm.report("filing", started_on=TODAY, finished_on=TODAY, note="已备案")
    assert report.share == 100
    step = of_firm.step("filing")
    assert (step.finished_on, step.share, step.version) == (TODAY, 100, 2)
    of_firm.report("equipment", started_on=TODAY, share=10, remaining=120)
    assert of_firm.step("equipment").remaining == 120
    with acting(of_firm.of("east-admin")):
        assert StepReport.objects.filter(step__plan=of_firm.plan).count() == 2


def test_what_was_said_to_be_left_is_counted_from_the_day_it_was_said(of_firm: Planned) -> None:
    of_firm.report("equipment", started_on=TODAY, share=10, remaining=120)
    said = of_firm.step("equipment")
    assert said.remaining_on == TODAY
    by = system(of_firm.plan.zone_id)
    with acting(by):
        work.reckon_zone(by=by, now=NOW + timedelta(days=30))
    assert of_firm.step("equipment").early_finish == said.early_finish


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"started_on": TODAY, "finished_on": TODAY - timedelta(days=1)}, "finished_on"),
        ({"started_on": TODAY + timedelta(days=1)}, "started_on"),
        ({"started_on": TODAY, "finished_on": TODAY + timedelta(days=1)}, "finished_on"),
        ({"finished_on": TODAY}, "started_on"),
        ({"share": 20}, "started_on"),
        ({"started_on": TODAY, "share": 100}, "finished_on"),
        ({"started_on": TODAY, "share": 130}, "share"),
        ({"started_on": TODAY, "remaining": -1}, "remaining"),
        ({"started_on": date(1971, 1, 1)}, "started_on"),
        ({}, None),
    ],
)
def test_a_report_that_cannot_be_is_refused_beside_its_field(
    of_firm: Planned, said: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(Refused) as no:
        of_firm.report("equipment", **said)
    assert no.value.field == field
    assert of_firm.step("equipment").started_on is None


def test_less_than_before_needs_a_word_and_what_ended_is_corrected_by_the_project_office(
    of_firm: Planned,
) -> None:
    of_firm.report("survey", started_on=TODAY, share=50)
    with pytest.raises(Refused):
        of_firm.report("survey", share=40)
    of_firm.report("survey", share=40, note="返工")
    of_firm.report("survey", finished_on=TODAY)
    with pytest.raises(Refused):
        of_firm.report("survey", share=90)
    step = of_firm.step("survey")
    of_firm.do(
        "correct_step", step=step, version=step.version,
        progress=work.Progress(started_on=TODAY, share=60, note="误报完工"),
    )  # fmt: skip
    step = of_firm.step("survey")
    assert (step.finished_on, step.share) == (None, 60)


def test_the_second_of_two_who_drag_one_bar_is_told_who_changed_what(of_firm: Planned) -> None:
    step = of_firm.step("equipment")
    facts = work.facts_of(step)
    of_firm.do(
        "change_step", step=step, version=step.version,
        facts=replace(facts, not_before=date(2026, 12, 1)),
    )  # fmt: skip
    with pytest.raises(Refused) as no:
        of_firm.do(
            "change_step", step=step, version=step.version,
            facts=replace(facts, not_before=date(2027, 1, 1)),
        )  # fmt: skip
    assert "管一" in str(no.value)
    assert "2026-12-01" in str(no.value)


def test_a_circle_is_told_in_names_and_leaves_nothing_behind(of_firm: Planned) -> None:
    before, after = of_firm.step("trial"), of_firm.step("equipment")
    with pytest.raises(Refused) as no:
        of_firm.do("link_steps", before=before, after=after)
    for name in ("主要设备订货、到货", "设备安装调试", "试生产"):
        assert name in str(no.value)
    with acting(of_firm.of("east-admin")):
        assert not StepLink.objects.filter(before=before, after=after).exists()


def test_steps_are_linked_once_and_unlinked(of_firm: Planned) -> None:
    before, after = of_firm.step("archive"), of_firm.step("producing")
    link = of_firm.do("link_steps", before=before, after=after, kind="FS", lag=3)
    with pytest.raises(Refused):
        of_firm.do("link_steps", before=before, after=after, kind="FS")
    with pytest.raises(Refused):
        of_firm.do("link_steps", before=before, after=before)
    of_firm.do("unlink_steps", link=link)
    with pytest.raises(Refused):
        of_firm.do("unlink_steps", link=link)


def test_a_step_is_added_between_others_and_a_dropped_one_leaves_the_order(
    of_firm: Planned,
) -> None:
    first, then = of_firm.step("land_contract"), of_firm.step("land_title")
    facts = work.StepFacts(name="契税缴纳", doer="owner", likely=2, phase="土地与规划")
    new = of_firm.do("add_step", plan=of_firm.plan, facts=facts, after=first, before=then)
    assert (new.code, new.low, new.high) == ("own-1", 2, 2)
    of_firm.do("drop_step", step=new, version=new.version, reason="免征")
    frame = of_firm.step("frame")
    of_firm.do("drop_step", step=frame, version=frame.version, reason="改用现房")
    with acting(of_firm.of("east-admin")):
        links = set(
            StepLink.objects.filter(plan=of_firm.plan, kind="FS", lag=0).values_list(
                "before__code", "after__code"
            )
        )
    assert {("piling", "outside"), ("piling", "water_gas")} <= links
    with pytest.raises(Refused):
        of_firm.report("frame", started_on=TODAY)
    begun = of_firm.report("equipment", started_on=TODAY).step
    with pytest.raises(Refused):
        of_firm.do("drop_step", step=begun, version=2, reason="不要了")


def test_a_step_lasts_at_least_likely_at_most_in_this_order(of_firm: Planned) -> None:
    for low, likely, high in ((5, 3, 9), (1, 5, 4), (1, 2, 9000)):
        with pytest.raises(Refused):
            of_firm.do(
                "add_step", plan=of_firm.plan,
                facts=work.StepFacts(name="甲", doer="owner", low=low, likely=likely, high=high),
            )  # fmt: skip
    new = of_firm.do(
        "add_step", plan=of_firm.plan, facts=work.StepFacts(name="封顶", doer="owner", likely=0)
    )
    assert new.high == 0


def test_a_promise_moves_with_a_reason_and_what_was_promised_first_stays(
    of_firm: Planned,
) -> None:
    new = date(2028, 3, 31)
    moved = of_firm.do(
        "move_promise", "east-leader", plan=of_firm.plan, version=of_firm.plan.version,
        promised_on=new, reason="进口磨床晚到",
    )  # fmt: skip
    assert (moved.promised_on, moved.first_promised_on) == (new, PROMISED)
    with acting(of_firm.of("east-admin")):
        said = PromiseChange.objects.filter(plan=moved).values_list("promised_on", "before_on")
        assert list(said) == [(PROMISED, None), (new, PROMISED)]
    for given in ({"promised_on": TODAY - timedelta(days=1)}, {"promised_on": new}, {"reason": ""}):
        with pytest.raises(Refused):
            of_firm.do(
                "move_promise", plan=moved,
                **{"version": moved.version, "promised_on": PROMISED, "reason": "提前", **given},
            )  # fmt: skip
    with pytest.raises(Refused):
        of_firm.do(
            "move_promise", "east-power", plan=moved, version=moved.version, promised_on=PROMISED,
            reason="提前",
        )  # fmt: skip


def test_a_missing_element_holds_up_the_steps_that_need_it_until_it_comes(
    of_firm: Planned,
) -> None:
    until = date(2027, 3, 1)
    held = of_firm.do(
        "hold_steps", "east-land", plan=of_firm.plan, needs="land", until=until,
        held_by="土地指标未下达",
    )  # fmt: skip
    assert [step.code for step in held] == ["land_contract"]
    step = of_firm.step("land_contract")
    assert step.early_start == until
    with acting(of_firm.of("east-admin")):
        line = queries.blocked_steps(of_firm.plan.zone_id, TODAY + timedelta(days=3))[0]
    assert (line.step_id, line.blocked_by, line.days) == (step.pk, "土地指标未下达", 3)
    with pytest.raises(Refused):
        of_firm.do("unblock_step", step=step, version=step.version)
    of_firm.do("release_steps", "east-land", plan=of_firm.plan, needs="land")
    step = of_firm.step("land_contract")
    assert (step.blocked_since, step.is_held) == (None, False)
    assert step.early_start is not None and step.early_start < until
    assert of_firm.do(
        "hold_steps", "east-land", plan=of_firm.plan, needs="", until=None, held_by="无"
    ) == []  # fmt: skip


def test_whoever_has_a_step_says_what_holds_it_up_and_that_it_goes_on(of_firm: Planned) -> None:
    step = of_firm.step("power")
    by = of_firm.of("east-power")
    of_firm.do(
        "change_step", step=step, version=step.version,
        facts=replace(work.facts_of(step), office_id=by.office_id),
    )  # fmt: skip
    step = of_firm.do(
        "block_step", "east-power", step=of_firm.step("power"), version=2, blocked_by="变电站扩容"
    )
    assert step.blocked_since == TODAY
    step = of_firm.do("unblock_step", "east-power", step=step, version=step.version)
    assert step.blocked_by == ""
    with pytest.raises(Refused):
        of_firm.do("block_step", "east-land", step=step, version=step.version, blocked_by="天气")
    assert of_firm.report("power", "east-power", started_on=TODAY).post_id == by.post_id


def test_an_enterprise_reads_its_own_plan_and_reports_only_its_own_steps(
    of_firm: Planned,
) -> None:
    firm = of_firm.firms.spokesman()
    report = of_firm.report("equipment", firm, started_on=TODAY, share=5, note="已付首款")
    assert report.post_id is None
    with acting(of_firm.of("east-admin")):
        line = JournalLine.objects.get(verb="report_step")
        assert line.who.startswith("赵一")
    with pytest.raises(Refused):
        of_firm.report("land_permit", firm, started_on=TODAY)
    step = of_firm.step("equipment", firm)
    for verb, given in (
        ("change_step", {"step": step, "version": 2, "facts": work.facts_of(step)}),
        ("drop_step", {"step": step, "version": 2, "reason": "不办了"}),
        ("close_plan", {"plan": of_firm.plan}),
        ("reckon_plan", {"plan": of_firm.plan}),
    ):
        with pytest.raises(Refused):
            of_firm.do(verb, firm, **given)
    other = of_firm.firms.spokesman(of_firm.firms.other)
    for stranger in (other, of_firm.of("west-admin")):
        with acting(stranger):
            assert queries.plan_by_number(stranger, of_firm.plan.pk) is None
            assert queries.step_by_number(stranger, step.pk) is None
            assert not Step.objects.exists()
            with pytest.raises((Refused, Plan.DoesNotExist)):
                work.report_step(
                    by=stranger, now=NOW, step=step, version=2,
                    progress=work.Progress(share=50),
                )  # fmt: skip


def test_a_closed_plan_stays_as_it_ended(of_firm: Planned) -> None:
    of_firm.do("close_plan", plan=of_firm.plan, reason="已投产")
    with pytest.raises(Refused):
        of_firm.report("filing", started_on=TODAY)
    with acting(of_firm.of("east-admin")):
        assert queries.due_to_start(of_firm.plan.zone_id, 4000, TODAY) == []
    of_firm.do("reopen_plan", plan=of_firm.plan, reason="误关")
    of_firm.report("filing", started_on=TODAY)


def test_what_must_start_within_days_is_one_query(of_firm: Planned) -> None:
    step = of_firm.step("equipment")
    of_firm.do(
        "change_step", step=step, version=1,
        facts=replace(work.facts_of(step), likely=250, high=260),
    )  # fmt: skip
    by = of_firm.of("east-admin")
    with acting(by), CaptureQueriesContext(connection) as asked:
        lines = queries.due_to_start(by.zone_id, 60, TODAY)
    assert len(asked) == 1
    assert lines[0].late_start == min(line.late_start for line in lines)
    assert "主要设备订货、到货" in [line.step for line in lines]


def test_a_night_reckons_every_open_plan_for_the_new_day_in_a_fixed_number_of_statements(
    of_firm: Planned,
) -> None:
    planned(of_firm.firms, matter=matter_for(of_firm.firms, 2, "二号厂房"))
    by = system(of_firm.plan.zone_id)
    counts = []
    for days in (1, 2):
        with acting(by), CaptureQueriesContext(connection) as asked:
            told = work.reckon_zone(by=by, now=NOW + timedelta(days=days))
        counts.append(len(asked))
    assert (told.plans, told.lost) == (2, 0)
    assert max(counts) <= 12
    assert of_firm.fresh().reckoned_for == TODAY + timedelta(days=2)


def test_what_always_holds_holds_in_the_database(of_firm: Planned) -> None:
    step = of_firm.step("frame")
    for wrong in (
        {"low": 9, "likely": 3},
        {"started_on": TODAY, "finished_on": TODAY - timedelta(days=1)},
        {"share": 101},
        {"blocked_by": "某人"},
        {"is_held": True},
    ):
        with (
            pytest.raises(IntegrityError, match="step_"),
            acting(of_firm.of("east-admin")),
            transaction.atomic(),
        ):
            Step.objects.filter(pk=step.pk).update(**wrong)


def test_an_edit_of_a_template_is_a_new_version_which_a_plan_may_adopt(of_firm: Planned) -> None:
    by = of_firm.of("east-admin")
    of_firm.report("filing", started_on=TODAY)
    mine = of_firm.step("frame")
    of_firm.do("change_step", step=mine, version=1, facts=replace(work.facts_of(mine), likely=70))
    with acting(by):
        live = queries.template_in_use(by.zone_id, "new_build")
        assert live is not None
        draft = work.draft_template(by=by, now=NOW, template=live)
        for code, likely in (("filing", 2), ("frame", 61), ("piling", 25)):
            shape = draft.steps.get(code=code)
            work.set_shape(
                by=by, now=NOW, template=draft, version=_version(draft), code=code,
                facts=replace(work.shape_of(shape), likely=likely, high=95),
            )  # fmt: skip
        work.drop_shape(by=by, now=NOW, template=draft, version=_version(draft), code="outside")
        new = work.set_shape(
            by=by, now=NOW, template=draft, version=_version(draft),
            facts=work.ShapeFacts("防雷检测", "department", 1, 2, 3, phase="建设"),
        )  # fmt: skip
        work.link_shapes(by=by, now=NOW, template=draft, before="interior", after=new.code)
        with pytest.raises(Refused) as no:
            work.link_shapes(by=by, now=NOW, template=draft, before="frame", after="piling")
        assert "桩基与基础 → 主体结构、厂房封闭" in str(no.value)
        with pytest.raises(Refused):
            work.set_shape(
                by=by, now=NOW, template=live, version=live.version, facts=work.shape_of(new)
            )
        draft = work.release_template(
            by=by, now=NOW, template=draft, version=_version(draft), source="项目办修订"
        )
        assert queries.template_in_use(by.zone_id, "new_build") == draft
        plan = Plan.objects.get(pk=of_firm.plan.pk)
        assert plan.template_id == live.pk
        difference = queries.template_difference(plan, draft)
    assert [step.code for step in difference.dropped] == ["outside"]
    assert [shape.name for shape in difference.added] == ["防雷检测"]
    assert [step.code for step in difference.begun] == ["filing"]
    assert {change.step.code for change in difference.changed} == {"piling", "frame"}
    plan = of_firm.do("adopt_template", plan=plan, version=plan.version, template=draft)
    assert plan.template_id == draft.pk
    assert of_firm.step("filing").likely == 1
    assert (of_firm.step("frame").likely, of_firm.step("piling").likely) == (70, 25)
    assert of_firm.step("outside").dropped_at is not None
    with acting(by):
        assert StepLink.objects.filter(plan=plan, after__code=new.code).exists()
    with pytest.raises(Refused):
        of_firm.do("adopt_template", plan=plan, version=plan.version, template=draft)


def _version(draft: PlanTemplate) -> int:
    return PlanTemplate.objects.get(pk=draft.pk).version


def test_a_baseline_keeps_the_plan_as_it_was_settled(of_firm: Planned) -> None:
    first = of_firm.do("settle_baseline", plan=of_firm.plan, reason="开工会")
    step = of_firm.step("equipment")
    of_firm.do(
        "change_step", step=step, version=1,
        facts=replace(work.facts_of(step), not_before=date(2027, 2, 1)),
    )  # fmt: skip
    second = of_firm.do("settle_baseline", plan=of_firm.plan)
    assert (first.number, second.number) == (1, 2)
    with acting(of_firm.of("east-admin")):
        days = [b.steps.get(step=step).starts_on for b in (first, second)]
    assert days[0] < days[1] == date(2027, 2, 1)


def test_one_plan_that_ends_beyond_the_calendar_keeps_no_other_back(of_firm: Planned) -> None:
    other = planned(of_firm.firms, matter=matter_for(of_firm.firms, 2, "二号厂房"))
    by, tomorrow = system(of_firm.plan.zone_id), NOW + timedelta(days=1)
    with acting(by):
        steps = Step.objects.filter(plan=of_firm.plan, code="equipment")
        steps.update(low=30_000, likely=30_000, high=30_000)
        assert work.reckon_zone(by=by, now=tomorrow).plans == 1
        [told] = JournalLine.objects.filter(verb="leave_tasks")
        assert told.detail["names"] == [of_firm.plan.title]
        work.reckon_zone(by=by, now=tomorrow + timedelta(minutes=5))
        assert JournalLine.objects.filter(verb="leave_tasks").count() == 1, "told once a day"
    assert of_firm.fresh().reckoned_for == TODAY
    assert other.fresh().reckoned_for == TODAY + timedelta(days=1)


def test_one_plan_that_cannot_be_drawn_keeps_no_other_back(
    of_firm: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = planned(of_firm.firms, matter=matter_for(of_firm.firms, 2, "二号厂房"))

    def not_the_first(*given: Any, **more: Any) -> Any:
        if more["seed"] // 1_000_000 == of_firm.plan.pk:
            raise outside("2099-01-01")
        return draw(*given, **more)

    monkeypatch.setattr("xiaoer.work.actions.plan_forecasting.draw", not_the_first)
    by = system(of_firm.plan.zone_id)
    with acting(by):
        assert work.forecast_zone(by=by, now=NOW, runs=100) == 1
        told = JournalLine.objects.get(verb="leave_tasks")
        assert "2099-01-01" in told.detail["why"]
    assert (of_firm.fresh().chance, other.fresh().chance is None) == (None, False)
