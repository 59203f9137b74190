"""A step of a project's plan follows the acceptance or the case it names."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits import actions as permits
from xiaoer.permits.actions import acceptance
from xiaoer.permits.actions.case_rows import case_moved
from xiaoer.permits.actions.plan_following import item_codes
from xiaoer.permits.actions.submitting import case_submitted
from xiaoer.permits.definition import Decides, Definition, Field, Item, Source
from xiaoer.permits.models import Case, Thing, ThingVersion
from xiaoer.permits.queries.plan_steps import followed_by_steps
from xiaoer.permits.tests.built_site import MONDAY, ON_SITE, Ready, build
from xiaoer.permits.wording import write_definition
from xiaoer.work import actions as work
from xiaoer.work.actions import StepFacts
from xiaoer.work.models import Doer, Plan, Step, StepReport

Of = Callable[[str], Actor]


@pytest.fixture
def ready(of: Of) -> Iterator[Ready]:
    ground = build(of)
    with acting(ground.desk):
        yield ground


def plan_of(ready: Ready) -> Plan:
    by = system(ready.desk.zone_id)
    with acting(by):
        assert ready.project.matter is not None
        plan = work.make_plan(
            by=by, now=NOW, matter=ready.project.matter, title="变压器二期",
            starts_on=date(2026, 11, 1), promised_on=date(2027, 3, 31),
        )  # fmt: skip
        for code, name in (("joint", "联合验收"), ("archive", "竣工验收备案")):
            work.add_step(
                by=by, now=NOW, plan=plan, code=code,
                facts=StepFacts(name=name, doer=Doer.DEPARTMENT, likely=10),
            )  # fmt: skip
    return plan


def test_the_step_begins_and_ends_with_the_acceptance(ready: Ready) -> None:
    plan = plan_of(ready)
    row = ready.scheduled()
    joint = Step.objects.get(plan=plan, code="joint")
    assert joint.started_on == date(2026, 11, 20) and joint.finished_on is None
    ready.signed(row)
    ready.decided(row)
    acceptance.conclude_acceptance(by=ready.desk, now=ON_SITE, acceptance=row)
    joint.refresh_from_db()
    assert joint.finished_on == MONDAY and joint.share == 100
    note = StepReport.objects.filter(step=joint).latest("id").note
    assert row.number in note
    acceptance.record_owner_acceptance(by=ready.owner, now=ON_SITE, acceptance=row, on=MONDAY)
    filing = ready.checks(row)["completion_filing"]
    acceptance.file_completion(
        by=ready.officer(filing), now=ON_SITE, acceptance=row, number="备1", on=MONDAY
    )
    assert Step.objects.get(plan=plan, code="archive").finished_on == MONDAY


def test_a_part_ends_no_step_of_the_whole(ready: Ready) -> None:
    plan = plan_of(ready)
    ready.scheduled(part="1#厂房", phase_why="独立疏散")
    assert Step.objects.get(plan=plan, code="joint").started_on is None


def test_a_case_moves_its_step_and_the_plan_leads_to_both(ready: Ready) -> None:
    plan = plan_of(ready)
    by = system(ready.desk.zone_id)
    thing = Thing.objects.create(
        zone_id=by.zone_id, code="shop", name="我要开店", created_on=date(2026, 1, 1)
    )
    work.add_step(
        by=by, now=NOW, plan=plan, code="shop",
        facts=StepFacts(name="开店手续", doer=Doer.DEPARTMENT, likely=10),
    )  # fmt: skip
    version = ThingVersion.objects.create(
        zone_id=by.zone_id, thing=thing, number=1, state=ThingVersion.State.DRAFT, body={},
    )  # fmt: skip
    steps = list(Step.objects.filter(plan=plan))
    assert followed_by_steps(ready.desk, plan, steps, NOW) == {}  # no version of it is in force
    case = Case.objects.create(
        zone_id=by.zone_id, thing_version=version, party=ready.party, number="BJ-1", applicant_name="变压器",
        state=Case.State.SUBMITTED, submitted_at=NOW, drafted_at=NOW, received_at=NOW,
    )  # fmt: skip
    case_submitted.send(sender=Case, case=case, by=ready.owner, now=NOW)
    step = Step.objects.get(plan=plan, code="shop")
    assert step.started_on == date(2026, 11, 20) and step.finished_on is None
    case.issued_at = NOW
    case_moved.send(sender=Case, case=case, how="issue_case", by=by, now=NOW)
    step.refresh_from_db()
    assert step.finished_on == date(2026, 11, 20)
    row = ready.scheduled()
    found = followed_by_steps(ready.desk, plan, steps, NOW)
    assert found["joint"].light != "grey" and row.number in found["joint"].words
    assert found["shop"].address.endswith(f"/{case.pk}/") and found["shop"].is_open


START = Definition(
    items=(
        Item("permit", "建筑工程施工许可", "住建局", Decides.GRANT),
        Item("survey", "联合踏勘", "行政审批局", Decides.SERVICE),
    ),
    fields=(
        Field("project_name", "项目名称"),
        Field("firm", "建设单位", source=Source.REGISTRY, source_key="name"),
        Field("total_yuan", "总投资", "money", is_needed=False),
    ),
)


def to_build(ready: Ready) -> tuple[Plan, Step]:
    """A plan with a step an authority does, and the owner's own of another item's name."""
    by = system(ready.desk.zone_id)
    plan = plan_of(ready)
    with acting(by):
        # The shipped one asks for seven papers; a short one stands in its place.
        Thing.objects.filter(code="start_works").update(ended_on=date(2026, 1, 1))
        thing = Thing.objects.create(
            zone_id=by.zone_id, code="start_soon", name="工程项目开工", created_on=date(2026, 1, 1)
        )
        ThingVersion.objects.create(
            zone_id=by.zone_id, thing=thing, number=1, state=ThingVersion.State.LIVE,
            body=write_definition(START), valid_from=date(2026, 1, 1), released_at=NOW,
        )  # fmt: skip
        for code, name, doer in (
            ("build_permit", "施工许可", Doer.DEPARTMENT), ("survey", "岩土勘察", Doer.CONTRACTOR),
        ):  # fmt: skip
            work.add_step(
                by=by,
                now=NOW,
                plan=plan,
                code=code,
                facts=StepFacts(name=name, doer=doer, likely=5),
            )
    return plan, Step.objects.select_related("plan").get(plan=plan, code="build_permit")


def test_a_task_force_opens_the_case_of_a_step_for_its_firm(ready: Ready) -> None:
    """Filled in from project and firm, once; it is submitted by a power of attorney or the firm."""
    plan, step = to_build(ready)
    steps, economy = list(Step.objects.filter(plan=plan)), ready.of("east-economy")
    with acting(economy):
        offered = followed_by_steps(economy, plan, steps, NOW)
        assert (
            set(offered) == {"build_permit"}
            and f"/for-step/{step.pk}/" in offered["build_permit"].address
        )
        case = permits.open_case_for_step(by=economy, now=NOW, step=step)
        again = permits.open_case_for_step(by=economy, now=NOW, step=step)
        assert case.pk == again.pk and case.party == ready.party
        assert case.form["project_name"] == ready.project.name
        assert case.form_sources["project_name"] == "project"
        assert case.form["firm"] == ready.party.name
        found = followed_by_steps(economy, plan, steps, NOW)["build_permit"]
        assert found.is_open and found.address == f"/my/cases/{case.pk}/"
        with pytest.raises(Refused, match="授权委托书"):
            permits.submit_case(by=economy, now=NOW, case=case)
    with acting(ready.owner):
        permits.fill_case(
            by=ready.owner, now=NOW, case=case, contact_name="周敏", contact_phone="13800001111"
        )
        sent = permits.submit_case(by=ready.owner, now=NOW, case=case)
        found = followed_by_steps(ready.owner, plan, steps, NOW)["build_permit"]
        assert sent.number in found.words


def test_another_office_opens_no_case_of_a_step(ready: Ready) -> None:
    plan, step = to_build(ready)
    leader = ready.of("east-leader")
    with acting(leader):
        offered = followed_by_steps(leader, plan, [step], NOW)
        assert offered["build_permit"].address.endswith("/start_soon/")
        with pytest.raises(Refused, match="负责这一步的部门"):
            permits.open_case_for_step(by=leader, now=NOW, step=step)


def test_the_owners_own_step_is_no_item_of_the_same_name(ready: Ready) -> None:
    """An item “survey” of the mains says nothing of the soil survey."""
    plan, _step = to_build(ready)
    assert "survey" not in item_codes(Step.objects.filter(plan=plan))


def test_a_plan_asks_as_often_for_a_firm_of_many_cases(
    ready: Ready, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    plan, _step = to_build(ready)
    steps, economy = list(Step.objects.filter(plan=plan)), ready.of("east-economy")
    with acting(economy):
        version = ThingVersion.objects.get(thing__code="start_soon")
        Case.objects.bulk_create(
            Case(
                zone_id=economy.zone_id, thing_version=version, party=ready.party, number=f"BJ-{n}",
                applicant_name="变压器", state=Case.State.SUBMITTED, submitted_at=NOW, drafted_at=NOW,
                received_at=NOW,
            )
            for n in range(50)
        )  # fmt: skip
        with django_assert_max_num_queries(8):
            found = followed_by_steps(economy, plan, steps, NOW)
        assert found["build_permit"].words.startswith("BJ-49")
