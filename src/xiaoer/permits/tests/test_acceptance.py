"""Joint acceptance: one application, one day, own results, one list, re-check of only its points."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, may_read, system
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import Acceptance, AcceptanceCheck, AcceptanceKind, Defect, Inspector
from xiaoer.permits.queries import acceptance as queries
from xiaoer.permits.tests.built_site import MONDAY, ON_SITE, Ready, build
from xiaoer.work import actions as work
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
State, Check = Acceptance.State, AcceptanceCheck.State


@pytest.fixture
def ground(of: Of) -> Ready:
    return build(of)


@pytest.fixture
def ready(ground: Ready) -> Iterator[Ready]:
    with acting(ground.desk):
        yield ground


def tasks(row: Acceptance) -> list[str]:
    return sorted(
        Task.objects.filter(matter=row.matter, state=Task.State.OPEN).values_list("kind", flat=True)
    )


def test_a_building_gets_the_checks_its_facts_ask_for(ready: Ready) -> None:
    row = ready.applied(has_air_defence=False)
    assert set(ready.checks(row)) == {"planning", "fire", "completion_filing", "archives"}
    assert tasks(row) == ["check_papers", "check_papers"]
    acceptance.withdraw_acceptance(by=ready.owner, now=NOW, acceptance=row)
    plain = ready.applied(is_special=False, has_air_defence=True)
    found = ready.checks(plain)
    assert set(found) == {"planning", "fire_filing", "air_defence", "completion_filing", "archives"}
    assert found["fire_filing"].is_drawn is not None
    assert found["fire_filing"].needs_visit == found["fire_filing"].is_drawn


def test_the_whole_way_with_defects_and_separate_results(ready: Ready) -> None:
    row = ready.scheduled(has_air_defence=True)
    assert tasks(row) == ["sign_site"] * 3
    ready.signed(row, but="fire")
    row.refresh_from_db()
    assert row.state == State.SCHEDULED, "a department that is silent has consented to nothing"
    ready.sign(row, "fire", defects=("防火门缺失", "喷淋压力不足"))
    row.refresh_from_db()
    assert row.state == State.VISITED and row.trips == 1
    # What passed has its result while fire is still to be put right.
    check = ready.checks(row)["planning"]
    acceptance.decide_check(
        by=ready.officer(check), now=ON_SITE, check=check, number="规核1", on=MONDAY
    )
    assert {one.check.kind.code for one in queries.blocks_of(queries.checks_of(row))} == {"fire"}
    acceptance.send_defects(by=ready.desk, now=ON_SITE, acceptance=row)
    with acting(ready.owner):
        one, two = queries.defects_of(row)
        acceptance.report_repairs(
            by=ready.owner,
            now=ON_SITE,
            acceptance=row,
            repairs=[(one.pk, "已装"), (two.pk, "已调")],
        )
    check = ready.checks(row)["fire"]
    by = ready.officer(check)
    acceptance.recheck_defects(
        by=by, now=ON_SITE, check=check, verdicts=[(one.pk, True, ""), (two.pk, False, "仍不足")]
    )
    row.refresh_from_db()
    assert row.state == State.RECTIFY
    with pytest.raises(Refused):
        acceptance.recheck_defects(by=by, now=ON_SITE, check=check, verdicts=[(one.pk, True, "")])
    acceptance.report_repairs(
        by=ready.desk, now=ON_SITE, acceptance=row, repairs=[(two.pk, "换泵")]
    )
    acceptance.recheck_defects(by=by, now=ON_SITE, check=check, verdicts=[(two.pk, True, "")])
    row.refresh_from_db()
    assert row.state == State.RECHECKED
    with pytest.raises(Refused):
        acceptance.conclude_acceptance(by=ready.desk, now=ON_SITE, acceptance=row)
    for code in ("fire", "air_defence"):
        check = ready.checks(row)[code]
        acceptance.decide_check(
            by=ready.officer(check), now=ON_SITE, check=check, number=code, on=MONDAY
        )
    acceptance.conclude_acceptance(by=ready.desk, now=ON_SITE, acceptance=row)
    file_and_archive(ready, row)


def file_and_archive(ready: Ready, row: Acceptance) -> None:
    filing = ready.checks(row)["completion_filing"]
    by = ready.officer(filing)
    with pytest.raises(Refused):
        acceptance.file_completion(by=by, now=ON_SITE, acceptance=row, number="备1", on=MONDAY)
    acceptance.record_owner_acceptance(by=ready.owner, now=ON_SITE, acceptance=row, on=MONDAY)
    task = Task.objects.get(matter=row.matter, kind="file_completion", state=Task.State.OPEN)
    assert task.due_at is not None and task.due_at.date() >= MONDAY + timedelta(days=15)
    acceptance.file_completion(by=by, now=ON_SITE, acceptance=row, number="备1", on=MONDAY)
    archives = ready.checks(row)["archives"]
    acceptance.archive_acceptance(
        by=ready.officer(archives), now=ON_SITE, acceptance=row, number="档1", on=MONDAY
    )
    row.refresh_from_db()
    assert row.state == State.ARCHIVED and tasks(row) == []


def test_planning_comes_before_the_owners_own_acceptance(ready: Ready) -> None:
    row = ready.scheduled()
    ready.signed(row)
    with pytest.raises(Refused, match="城乡规划法"):
        acceptance.record_owner_acceptance(by=ready.owner, now=ON_SITE, acceptance=row, on=MONDAY)
    ready.decided(row)
    acceptance.record_owner_acceptance(by=ready.owner, now=ON_SITE, acceptance=row, on=MONDAY)
    with pytest.raises(Refused):
        acceptance.record_owner_acceptance(
            by=ready.owner, now=ON_SITE, acceptance=row, on=MONDAY - timedelta(days=1)
        )


def test_one_complete_list_of_what_is_lacking_and_no_second(ready: Ready) -> None:
    row = ready.applied()
    ready.papers(row, planning="缺竣工测绘成果", fire="缺检测报告")
    acceptance.ask_acceptance_supplement(by=ready.desk, now=NOW, acceptance=row)
    row.refresh_from_db()
    assert len(row.gaps) == 2
    acceptance.answer_acceptance_supplement(by=ready.owner, now=NOW, acceptance=row)
    assert tasks(row) == ["check_papers", "check_papers"]
    ready.papers(row, fire="仍缺")
    with pytest.raises(Refused):
        acceptance.ask_acceptance_supplement(by=ready.desk, now=NOW, acceptance=row)
    with pytest.raises(Refused):
        acceptance.accept_acceptance(by=ready.desk, now=NOW, acceptance=row)
    acceptance.accept_acceptance(
        by=ready.desk, now=NOW, acceptance=row, brought_later="检测报告现场验收前补齐"
    )


def test_a_part_is_separable_only_by_a_persons_word(ready: Ready) -> None:
    with pytest.raises(Refused):
        ready.applied(part="1#厂房")
    row = ready.applied(part="1#厂房", phase_why="独立疏散，消防系统自成一体")
    assert row.is_phased and row.phase_post_id == ready.desk.post_id
    with pytest.raises(IntegrityError), transaction.atomic():
        Acceptance.objects.filter(pk=row.pk).update(phase_why="")
    with pytest.raises(Refused):
        ready.applied(part="1#厂房", phase_why="再来一次")


def test_silence_after_the_day_escalates_and_never_consents(ready: Ready) -> None:
    row = ready.scheduled()
    ready.signed(row, but="fire")
    later = ON_SITE + timedelta(days=3)
    assert work.escalate_overdue(by=system(row.zone_id), now=later) >= 1
    row.refresh_from_db()
    check = ready.checks(row)["fire"]
    assert row.state == State.SCHEDULED and check.state == Check.READY
    ready.sign(row, "fire", now=later)
    row.refresh_from_db()
    assert row.state == State.PASSED


def test_a_phone_that_sends_twice_signs_once(ready: Ready) -> None:
    row = ready.scheduled()
    first = ready.sign(row, "fire", key="phone-1", defects=("防火门缺失",))
    again = ready.sign(row, "fire", key="phone-1", defects=("防火门缺失",))
    assert again.is_again and not first.is_again
    assert again.defects == first.defects and Defect.objects.count() == 1
    with pytest.raises(Refused, match="检1"):
        ready.sign(row, "fire", key="phone-2")


def test_nobody_signs_for_another_department_or_alone(ready: Ready) -> None:
    row = ready.scheduled()
    check = ready.checks(row)["fire"]
    with pytest.raises(Refused):
        acceptance.sign_check(by=ready.desk, now=ON_SITE, check=check)
    with pytest.raises(Refused):
        acceptance.sign_check(
            by=ready.officer(ready.checks(row)["planning"]), now=ON_SITE, check=check
        )
    with pytest.raises(Refused, match="两"):
        acceptance.sign_check(by=ready.officer(check), now=ON_SITE, check=check)
    with pytest.raises(Refused):
        ready.sign(row, "fire", now=NOW)


def test_a_clock_set_back_writes_nothing(ready: Ready) -> None:
    row = ready.scheduled()
    ready.sign(row, "fire")
    with pytest.raises(Refused, match="2026-11-19"):
        ready.sign(row, "planning", now=NOW - timedelta(days=1))


def test_a_day_needs_everybody_and_a_department_without_office_waits(ready: Ready) -> None:
    AcceptanceKind.objects.filter(code="fire").update(office=None)
    row = ready.applied()
    assert "name_office" in tasks(row)
    check = ready.checks(row)["planning"]
    acceptance.check_papers(by=ready.officer(check), now=NOW, check=check)
    row.refresh_from_db()
    assert row.state == State.APPLIED, "the check nobody does is not passed over"
    office = ready.people["住建局"][0].office
    assert office is not None
    acceptance.name_check_office(
        by=ready.desk, now=NOW, check=ready.checks(row)["fire"], office=office
    )
    ready.papers(row)
    acceptance.accept_acceptance(by=ready.desk, now=NOW, acceptance=row)
    slot = ready.slot(row)
    one = Inspector.objects.get(pk=next(iter(slot.goers.values()))[0])
    acceptance.note_absence(
        by=ready.of("east-admin"), now=NOW, inspector=one, since=MONDAY, until=MONDAY
    )
    with pytest.raises(Refused, match=one.post.person.name):
        acceptance.fix_site_day(by=ready.desk, now=NOW, acceptance=row, slot=slot)
    with pytest.raises(Refused):
        acceptance.fix_site_day(
            by=ready.desk, now=NOW, acceptance=row, slot=ready.slot(row, date(2026, 11, 22))
        )


def test_another_zone_and_another_enterprise_find_nothing(ground: Ready) -> None:
    with acting(ground.desk):
        row = ground.scheduled()
        check = ground.checks(row)["fire"]
        ground.sign(row, "fire", defects=("防火门缺失",))
    west, stranger = ground.of("west-desk"), ground.speaker(ground.other)
    for by in (west, stranger):
        with acting(by):
            assert not Acceptance.objects.exists() and not Defect.objects.exists()
            assert queries.acceptance_of(by=by, acceptance_id=row.pk) is None
            with pytest.raises(Refused):
                acceptance.withdraw_acceptance(by=by, now=ON_SITE, acceptance=row)
    with acting(west), pytest.raises(Refused):
        acceptance.sign_check(by=west, now=ON_SITE, check=check)
    with acting(stranger), pytest.raises(Refused):
        acceptance.apply_acceptance(
            by=stranger, now=NOW, project=ground.project, facts=acceptance.AcceptanceFacts()
        )
    with acting(ground.owner):
        assert Acceptance.objects.count() == 1 and not may_read("inspector")


def test_an_owner_applies_and_nothing_is_applied_for_twice(ground: Ready) -> None:
    with acting(ground.owner):
        facts = acceptance.AcceptanceFacts(wished_days=[MONDAY])
        row = acceptance.apply_acceptance(
            by=ground.owner, now=NOW, project=ground.project, facts=facts
        )
        with pytest.raises(Refused):
            acceptance.apply_acceptance(
                by=ground.owner, now=NOW, project=ground.project, facts=facts
            )
        assert row.number == "YS-2026-0001" and row.wished_days == [MONDAY.isoformat()]


def test_savings_are_counted_and_separate_ones_belong_to_the_share(ready: Ready) -> None:
    row = ready.scheduled(has_air_defence=True)
    ready.signed(row)
    ready.decided(row)
    acceptance.conclude_acceptance(by=ready.desk, now=ON_SITE, acceptance=row)
    found = queries.acceptance_figures(zone_id=row.zone_id, since=MONDAY, until=MONDAY)
    assert (found.served, found.concluded, found.share) == (1, 1, Fraction(1))
    assert found.steps_cut == row.single_steps - row.joint_steps == 12
    assert found.trips_saved == Fraction(row.single_trips - 1, row.single_trips)
    with pytest.raises(Refused):
        acceptance.record_separate_acceptance(
            by=ready.desk, now=ON_SITE, project=ready.project,
            facts=acceptance.SeparateFacts(concluded_on=MONDAY),
        )  # fmt: skip
    none = queries.acceptance_figures(
        zone_id=row.zone_id, since=date(2020, 1, 1), until=date(2020, 12, 31)
    )
    assert none.share is None and none.trips_saved is None


def test_a_changed_check_is_the_zones_own_word(ready: Ready) -> None:
    kind = AcceptanceKind.objects.get(code="fire_filing")
    facts = acceptance.KindFacts(
        name=kind.name, authority=kind.authority, office=kind.office, statute=kind.statute,
        draw_percent=5, source="本区办法",
    )  # fmt: skip
    row = acceptance.keep_acceptance_kind(by=ready.desk, now=NOW, kind=kind, version=1, facts=facts)
    assert row.mark == "D" and row.draw_percent == 5
    with pytest.raises(Refused):
        acceptance.keep_acceptance_kind(by=ready.desk, now=NOW, kind=kind, version=1, facts=facts)
    with pytest.raises(Refused):
        acceptance.keep_acceptance_kind(
            by=ready.of("east-officer"), now=NOW, kind=kind, version=2, facts=facts
        )
