"""A step of a project's plan follows the acceptance or the case it names."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from tests.town import NOW
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits.actions import acceptance
from xiaoer.permits.actions.case_rows import case_moved
from xiaoer.permits.actions.submitting import case_submitted
from xiaoer.permits.models import Case, Thing, ThingVersion
from xiaoer.permits.queries.plan_steps import followed_by_steps
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


def test_a_case_moves_its_step_and_the_plan_leads_to_both(ready: Ready) -> None:
    """By the thing's code; a thing nobody applied for yet leads to its guide."""
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
    found = followed_by_steps(ready.desk, plan, ["joint", "shop"], NOW)
    assert set(found) == {"shop"} and not found["shop"].is_open
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
    found = followed_by_steps(ready.desk, plan, ["joint", "shop"], NOW)
    assert found["joint"].light != "grey" and row.number in found["joint"].words
    assert found["shop"].address.endswith(f"/{case.pk}/") and found["shop"].is_open
