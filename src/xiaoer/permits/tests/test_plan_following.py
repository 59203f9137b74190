"""A step of a project's plan follows the acceptance or the case it names."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from tests.town import NOW
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits.actions import acceptance
from xiaoer.permits.tests.built_site import MONDAY, ON_SITE, Ready, build
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
