"""A server killed in the middle of an import leaves nothing half-done, and it can begin again."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import database as databases
from xiaoer.config import database
from xiaoer.config.database import Addresses
from xiaoer.registry.tests.sheets import firm, write_sheet

ROWS = 4_000
BEGIN = """
import sys, django; django.setup()
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
    later = timezone.now() + timezone.timedelta(minutes=2)
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


class House:
    """A database of its own, and processes that work on it and may be killed."""

    def __init__(self, addresses: Addresses, folder: Path) -> None:
        self.addresses = addresses
        self.sheet = write_sheet(folder / "large.csv", [firm(n) for n in range(1, ROWS + 1)])
        self.environment = {
            **os.environ,
            "XIAOER_WEB_URL": addresses.web,
            "XIAOER_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "xiaoer.config.settings",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }

    def command(self, program: str, *more: str) -> list[str]:
        text = (BEGIN + program).replace("timezone.timedelta", "__import__('datetime').timedelta")
        return [sys.executable, "-c", text, str(self.sheet), *more]

    def run(self, program: str, *more: str) -> list[str]:
        done = subprocess.run(
            self.command(program, *more),
            env=self.environment, cwd=databases.ROOT, text=True, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def kill_while(self, program: str, query: str) -> None:
        """Start a program, and kill it -9 as soon as the database is at such a query."""
        child = subprocess.Popen(self.command(program), env=self.environment, cwd=databases.ROOT)
        until = time.monotonic() + 60
        with psycopg.connect(self.addresses.web, autocommit=True) as link:
            at = "select from pg_stat_activity where state = 'active' and query like %s"
            name = " and datname = current_database() and pid <> pg_backend_pid()"
            while link.execute(at + name, [f"%{query}%"]).fetchone() is None:
                assert child.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < until
            child.kill()
            child.wait()
            # The server finishes the statement before it sees that nobody listens any more.
            still = "select from pg_stat_activity where usename = 'xiaoer_web' and backend_type = 'client backend'"
            while link.execute(still + name).fetchone() is not None:
                assert time.monotonic() < until
                time.sleep(0.05)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    addresses = databases.clone(databases.template("town"), f"{databases.PREFIX}_killed")
    yield House(addresses, tmp_path)
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
