"""Sheets of figures with real commits: several at once, and a worker killed in the middle of one."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import openpyxl
import pytest
from django.db import connections

from conftest import point_django_at
from tests import database as databases
from tests.killing import House
from tests.town import NOW, actor
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.config import database
from xiaoer.facts import actions as facts
from xiaoer.facts.models import FactImport, Value
from xiaoer.registry.models import Party

FIRMS = 6_000


def write(path: Path, figures: Sequence[int]) -> Path:
    """A sheet of the firms' electricity, a firm a row."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("十月")
    page.append(["企业名称", "用电量（万千瓦时）"])
    for number, figure in enumerate(figures, 1):
        page.append([f"济宁第{number}机械有限公司", figure])
    book.save(path)
    return path


def add_firms(by: Actor, count: int) -> None:
    facts.seed_metrics(by=by, now=NOW)
    Party.objects.bulk_create(
        Party(zone_id=by.zone_id, name=f"济宁第{number}机械有限公司")
        for number in range(1, count + 1)
    )


# At once -----------------------------------------------------------------------------------------


@pytest.fixture
def keeper_at_work(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> Iterator[Actor]:
    """Statistics of the east with three firms, in a database where all is really committed."""
    own = databases.clone(
        databases.template("town"), f"{databases.PREFIX}_sheets_at_once_{worker_id}"
    )
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            by = actor("east-statistics")
            with acting(by):
                add_firms(by, 3)
            yield by
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


def preview(by: Actor, path: Path) -> int:
    with acting(by), path.open("rb") as stream:
        return facts.preview_values(by=by, now=NOW, stream=stream, file_name="2026年10月.xlsx").pk


def at_once(by: Actor, acts: Sequence[Callable[[], FactImport]]) -> list[FactImport | str]:
    """Begin all at the same moment, each with a connection of its own; refusals are answers too."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], FactImport]) -> FactImport | str:
        try:
            with acting(by):
                ready.wait(20)
                return act()
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def commit(by: Actor, run_id: int, minutes: int = 0) -> Callable[[], FactImport]:
    return lambda: facts.commit_import(by=by, now=NOW + timedelta(minutes=minutes), run_id=run_id)


def test_of_commits_of_one_preview_at_once_one_writes_and_the_others_are_told(
    keeper_at_work: Actor, tmp_path: Path
) -> None:
    by = keeper_at_work
    run_id = preview(by, write(tmp_path / "m.xlsx", [5, 6, 7]))
    answers = at_once(by, [commit(by, run_id)] * 4)
    told = [answer for answer in answers if isinstance(answer, str)]
    assert len(told) == 3
    assert all("2026年10月.xlsx" in words for words in told)
    with acting(by):
        assert Value.objects.filter(import_run_id=run_id).count() == 3
        assert JournalLine.objects.filter(verb="commit_import").count() == 1


def test_two_sheets_of_one_period_at_once_write_each_figure_once(
    keeper_at_work: Actor, tmp_path: Path
) -> None:
    by = keeper_at_work
    runs = [
        preview(by, write(tmp_path / f"{name}.xlsx", figures))
        for name, figures in (("a", [5, 6, 7]), ("b", [5, 6, 7]))
    ]
    answers = at_once(by, [commit(by, run_id) for run_id in runs])
    counts = sorted((run.created, run.unchanged) for run in answers if isinstance(run, FactImport))
    assert counts == [(0, 3), (3, 0)]
    with acting(by):
        assert Value.objects.filter(party__isnull=False).count() == 3


def test_two_sheets_of_one_period_that_disagree_are_not_both_taken(
    keeper_at_work: Actor, tmp_path: Path
) -> None:
    """Judged again when written: whoever comes second at the same moment is refused its figures."""
    by = keeper_at_work
    runs = [
        preview(by, write(tmp_path / f"{name}.xlsx", figures))
        for name, figures in (("a", [5, 6, 7]), ("b", [5, 6, 8]))
    ]
    at_once(by, [commit(by, run_id) for run_id in runs])
    with acting(by):
        taken = FactImport.objects.filter(state="committed").order_by("-created")
        assert [(run.created, run.unchanged, run.rejected) for run in taken] == [
            (3, 0, 0),
            (0, 2, 1),
        ]
        assert Value.objects.filter(party__isnull=False).count() == 3


# Killed ------------------------------------------------------------------------------------------

BEGIN = """
import sys, django; django.setup()
from pathlib import Path
from django.utils import timezone
from tests.town import NOW, actor
from xiaoer.base.scope import acting
from xiaoer.facts import actions as facts, jobs, progress
from xiaoer.facts.models import FactImport, Value, ValueReference
from xiaoer.facts.tests.test_sheets_together import FIRMS, add_firms, preview
by = actor("east-statistics")
"""
RECEIVE = """
with acting(by):
    add_firms(by, FIRMS)
number = preview(by, Path(sys.argv[1]))
with acting(by):
    print(facts.commit_import(by=by, now=timezone.now(), run_id=number).state)
"""
WORK = """
with acting(by):
    run = FactImport.objects.latest("id")
jobs.work_on_values(zone_id=run.zone_id, run_id=run.pk, post_id=by.post_id)
"""
LOOK = """
with acting(by):
    run = FactImport.objects.latest("id")
    print(run.state, progress.is_at_work(run.pk), Value.objects.count())
"""
AGAIN = """
with acting(by):
    run = FactImport.objects.latest("id")
    print(facts.resume_import(by=by, now=timezone.now(), run_id=run.pk).state)
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    addresses = databases.clone(databases.template("town"), f"{databases.PREFIX}_sheet_killed")
    sheet = write(tmp_path / "2026年10月.xlsx", [5] * FIRMS)
    yield House(addresses, tmp_path, BEGIN, str(sheet))
    database.drop_database(addresses)


def test_a_worker_killed_while_it_writes_leaves_nothing_and_can_begin_again(house: House) -> None:
    assert house.run(RECEIVE) == ["queued"]
    house.kill_while(WORK, "insert into value (")
    assert house.run(LOOK) == ["running", "False", "0"]
    assert house.run(AGAIN) == ["queued"]
    house.run(WORK)
    assert house.run(LOOK) == ["committed", "False", str(FIRMS)]
