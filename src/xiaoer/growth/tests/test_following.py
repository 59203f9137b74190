"""Figures that came in, or were taken back, have rules and ladders evaluated: once, and afterwards."""

from pathlib import Path

from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.town import NOW
from xiaoer.base.scope import acting
from xiaoer.facts import actions as facts
from xiaoer.facts.tests.test_month_sheets import write
from xiaoer.growth.actions.following import FOLLOWING
from xiaoer.growth.tests.conftest import Town


def asked() -> list[tuple[str, str, int]]:
    jobs = ProcrastinateJob.objects.filter(task_name__in=FOLLOWING).order_by("task_name")
    return [(job.task_name, job.lock, job.args["zone_id"]) for job in jobs]


def test_a_sheet_committed_has_the_zone_judged_anew_once(
    town: Town, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    by = town.of("east-statistics")
    path = write(
        tmp_path / "2026年9月.xlsx",
        ("表", [["企业名称", "营业收入（万元） 本月"], [town.party.name, 100]]),
    )
    with django_capture_on_commit_callbacks(execute=True):
        with acting(by):
            run = facts.import_values(by=by, now=NOW, path=path)
        assert run.state == "committed"
        assert not asked()
    zone = town.zone_id
    both = [
        ("evaluate_ladders_of", f"ladders:{zone}", zone),
        ("evaluate_rules", f"rules:{zone}", zone),
    ]
    assert asked() == both
    with django_capture_on_commit_callbacks(execute=True), acting(by):
        facts.undo_import(by=by, now=NOW, run_id=run.pk)
    assert asked() == both
