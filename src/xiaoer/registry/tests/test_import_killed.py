"""A server killed in the middle of an import leaves nothing half-done, and it can begin again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import database as databases
from tests.killing import House
from xiaoer.config import database
from xiaoer.registry.tests.sheets import firm, write_sheet

ROWS = 4_000
BEGIN = """
import datetime, sys, django; django.setup()
from pathlib import Path
from django.utils import timezone
from tests.town import NOW, actor
from xiaoer.base.scope import acting
from xiaoer.registry import actions as registry, jobs, queries
from xiaoer.registry.models import ImportRun, Party
from xiaoer.registry.tests.sheets import receive
by = actor("east-admin")
def work():
    with acting(by):
        run = ImportRun.objects.latest("id")
    jobs.work_on_import(zone_id=run.zone_id, run_id=run.pk, post_id=by.post_id)
"""
RECEIVE = """
with acting(by):
    run = receive(by, Path(sys.argv[1]))
print(run.state)
work()
with acting(by):
    run.refresh_from_db()
    print(run.state, run.read)
    print(registry.commit_import(by=by, now=timezone.now(), run=run).state)
"""
WORK = "work()"
LOOK = """
with acting(by):
    run = ImportRun.objects.latest("id")
    later = timezone.now() + datetime.timedelta(minutes=2)
    told = queries.progress_of(run, now=later)
    print(run.state, told.is_working, told.is_stopped, Party.objects.count())
    if len(sys.argv) > 2:
        registry.start_again(by=by, now=timezone.now(), run=run)
"""
IMPORT = """
with acting(by):
    registry.import_file(by=by, now=NOW, path=Path(sys.argv[1]))
"""
COUNT = """
with acting(by):
    print(ImportRun.objects.count(), Party.objects.count())
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    addresses = databases.clone(databases.template("town"), f"{databases.PREFIX}_killed")
    sheet = write_sheet(tmp_path / "large.csv", [firm(n) for n in range(1, ROWS + 1)])
    yield House(addresses, tmp_path, BEGIN, str(sheet))
    database.drop_database(addresses)


@pytest.mark.parametrize("query", ["copy staged", "insert into party"])
def test_a_killed_import_leaves_nothing_and_can_be_run_again(house: House, query: str) -> None:
    house.kill_while(IMPORT, query)
    assert house.run(COUNT) == ["0", "0"]
    house.run(IMPORT)
    assert house.run(COUNT) == ["1", str(ROWS)]


def test_a_killed_job_is_seen_as_stopped_and_can_be_started_again(house: House) -> None:
    assert house.run(RECEIVE) == ["queued", "previewed", str(ROWS), "queued"]
    house.kill_while(WORK, "insert into party")
    assert house.run(LOOK, "again") == ["running", "False", "True", "0"]
    house.run(WORK)
    assert house.run(LOOK) == ["committed", "False", "False", str(ROWS)]
