"""A machine that dies in the last second of a hall: a PostgreSQL of the test's own, killed -9 whole."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import database as databases
from tests.server import Server, free_port, start, wait_for
from xiaoer.assets.tests.halls import START
from xiaoer.assets.tests.live_halls import Answered, Asking, LiveLot, lines_of
from xiaoer.assets.tests.test_live import until, verified
from xiaoer.config import backups, database, postgres
from xiaoer.config.serving import pages_command
from xiaoer.config.tests.test_postgres import postmaster, remove

BIDDERS = 6
# How long a hall lasts: a slow machine may not admit and bid within the first.
SECONDS = (5, 20, 80)
# What an answer says of a bid however often it is asked for.
SAME = ("outcome", "seq", "at", "alias")
# At each number a hall of so many seconds: where it is as soon as it is committed, and then the session of its first bidder.
ARRANGE = """
import json, sys
import django
django.setup()
from datetime import date
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.town import NOW, PASSWORD, actor, hash_in_passing
from xiaoer.assets.tests.halls import a_hall
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.base.scope import acting

hash_in_passing()
by, admin = actor("east-desk"), actor("east-admin")
print("ready", flush=True)
for seconds in sys.stdin:
    connection.close()
    with acting(by):
        hall = a_hall(by, int(sys.argv[1]), opens=-60, free=-30, ends=int(seconds), extend=1)
    print(json.dumps([hall.lot.pk, hall.seats]), flush=True)
    with acting(admin):
        person = base.add_person(by=admin, now=NOW, name="代理", phone="", work_no="")
        base.give_post(by=admin, now=NOW, person=person, role=Role.ENTERPRISE,
                       party_ref=hall.bidders[0].party_id, since=date(2026, 1, 1))
        account = base.give_account(by=admin, now=NOW, person=person, password=PASSWORD,
                                    username=f"agent-{hall.lot.pk}", must_change=False)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    print(f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}", flush=True)
"""


@dataclass
class Machine:
    """Pages and a database server of their own, which waits for the disk as a zone's does."""

    pages: Server
    folder: Path

    def kill_database(self) -> None:
        """kill -9 of the postmaster and all it started."""
        first = postmaster((self.folder / "postgres").resolve() / "cluster")
        os.kill(first, signal.SIGSTOP)  # it shall start nothing in the meantime
        for process in (*children_of(first), first):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def start_database(self) -> None:
        """As after a crash: the write-ahead log is read again."""
        postgres.start(self.folder)

    def keeps(self) -> dict[str, str]:
        """What stands in the database's settings of how it writes."""
        with psycopg.connect(self.pages.database.admin) as link:
            return dict(link.execute(
                "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit')"
            ).fetchall())  # fmt: skip


def children_of(parent: int) -> list[int]:
    """The processes a process started, by their numbers."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, worker_id: str) -> Iterator[Machine]:
    """The town, brought by a backup to a server nobody else uses, and a page process on it."""
    ground = Path(tempfile.mkdtemp(prefix="xt-"))
    ground.chmod(0o711)  # the server's OS user goes through it; pytest's own folders are private
    folder = ground / "data"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XIAOER_DATA", str(folder))
    try:
        with pages_on(_brought(folder, monkeypatch, worker_id)) as pages:
            yield Machine(pages, folder)
    finally:
        remove(folder)
        (ground / "town.tar").unlink(missing_ok=True)
        ground.rmdir()


def _brought(folder: Path, monkeypatch: pytest.MonkeyPatch, worker_id: str) -> database.Addresses:
    kept = folder.parent / "town.tar"
    town = databases.clone(databases.template("town"), f"{databases.PREFIX}_crash_{worker_id}")
    try:
        backups.backup(town, kept)
    finally:
        database.drop_database(town)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    addresses = database.server_addresses(folder)
    backups.restore(addresses, kept)
    return addresses


@contextmanager
def pages_on(addresses: database.Addresses) -> Iterator[Server]:
    """A page process on a database that is there already."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ, "XIAOER_WEB_URL": addresses.web, "XIAOER_DATA": str(databases.FOLDER),
        "XIAOER_ADDRESS": address, "DJANGO_SETTINGS_MODULE": "xiaoer.config.settings",
    }  # fmt: skip
    command = pages_command("127.0.0.1", port, 1)
    pages = Server(address, addresses, command, environment, start(command, environment))
    try:
        wait_for(address)
        yield pages
    finally:
        pages.kill()


@dataclass
class Bidding:
    """Bidders with a thread each, who bid what counts next until the bidding is over."""

    address: str
    lot: LiveLot
    asked: dict[str, tuple[int, int]] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    _is_over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _next: int = START

    def __enter__(self) -> "Bidding":
        self._threads = [
            threading.Thread(target=self._bid, args=(who,)) for who in range(len(self.lot.seats))
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _bid(self, who: int) -> None:
        asking = Asking(self.address)
        while not self._is_over.is_set():
            ref = str(uuid.uuid4())
            self.asked[ref] = (who, self._next)
            with suppress(OSError, HTTPException):
                answer = self.ask(asking, ref)
                if answer.status == 200:
                    self._hear(ref, answer.said)
            self._is_over.wait(0.1)  # a thumb is no faster
        asking.close()

    def _hear(self, ref: str, said: dict[str, Any]) -> None:
        self.told[ref] = said
        self._next = max(self._next, said["next_fen"])
        if said["outcome"] == "late":
            self._is_over.set()

    def ask(self, asking: Asking, ref: str) -> Answered:
        """Send a bid, or the same one again."""
        who, fen = self.asked[ref]
        body = {"seat": self.lot.seats[who], "amount_fen": fen, "ref": ref}
        return asking.ask("POST", f"/live/lots/{self.lot.lot}/bids", body)

    def stop(self) -> None:
        """Let nobody begin another bid."""
        self._is_over.set()

    def end(self) -> None:
        """Wait until somebody is told that it is too late."""
        assert self._is_over.wait(180)


def insist(ask: Callable[[], Answered]) -> Any:
    """What is answered in the end, as the page asks: again and again."""
    end = time.monotonic() + 180
    while (answer := ask()).status != 200:
        assert answer.status in (429, 503), answer
        assert time.monotonic() < end
        time.sleep(0.2)
    return answer.said


class Arranging:
    """A process that makes halls, in which each bid of the last second gives another."""

    def __init__(self, pages: Server) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", ARRANGE, str(BIDDERS)], cwd=databases.ROOT, text=True,
            env=pages.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.session = self.hears()

    def __enter__(self) -> "Arranging":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.communicate()

    def hears(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def hall(self, seconds: int) -> LiveLot:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        return LiveLot(*json.loads(self.hears()))


def test_a_database_and_a_machine_killed_in_the_last_second_lose_no_bid(
    machine: Machine, tmp_path: Path
) -> None:
    assert machine.keeps() == {"fsync": "on", "synchronous_commit": "on"}
    with Arranging(machine.pages) as arranging:
        for dies in ("the database", "the machine"):
            bidding = bid_until_it_dies(machine, arranging, dies)
            must_have_kept(machine, bidding, tmp_path)
            must_show_its_bidder_the_end(machine, bidding, arranging.session)


def bid_until_it_dies(machine: Machine, arranging: Arranging, dies: str) -> Bidding:
    """Bids come without a pause when it dies; where only the database does, they go on coming."""
    pages = machine.pages
    for seconds in SECONDS:
        lot, asking = arranging.hall(seconds), Asking(pages.address)
        with Bidding(pages.address, lot) as bidding:
            arranging.session = arranging.hears()
            shown = until(asking, lot, lambda now: now["extensions"] or now["ended_at"], 180)
            if not shown["bids"]:
                continue
            if dies == "the machine":
                pages.kill()
                bidding.stop()
            machine.kill_database()
            machine.start_database()
            if dies == "the machine":
                pages.start_again()
            else:
                bidding.end()
        break
    return bidding


def must_have_kept(machine: Machine, bidding: Bidding, folder: Path) -> None:
    """What was answered stands in the ledger, what was not is answered truly, and nothing is twice."""
    before, lot = lines_of(machine.pages, bidding.lot.lot), bidding.lot
    accepted = [ref for ref, said in bidding.told.items() if said["outcome"] == "accepted"]
    assert accepted, bidding.told
    asking = Asking(machine.pages.address)
    for ref in bidding.asked:
        again = insist(partial(bidding.ask, asking, ref))
        if ref in bidding.told:
            first = bidding.told[ref]
            assert [again[name] for name in SAME] == [first[name] for name in SAME]
            assert f"|{ref}\t" in before
        elif ref not in before:
            assert again["outcome"] == "late"
    shown = until(asking, lot, lambda now: now["state"] == "ended", 180)
    after = lines_of(machine.pages, lot.lot)
    assert all(after.count(ref) == 1 for ref in bidding.asked)
    assert shown["bids"] >= len(accepted) and shown["result"] == "sold"
    assert shown["ended_at"] >= shown["ends_at"] > shown["ladder"][0]["at"]
    assert "result sold" in verified(machine.pages, lot, folder)
    asking.close()


def must_show_its_bidder_the_end(machine: Machine, bidding: Bidding, session: str) -> None:
    """The page, loaded again in the session it had, knows what became of its bids."""
    lot, asking = bidding.lot, Asking(machine.pages.address)
    mine = asking.ask("GET", f"/live/lots/{lot.lot}/mine", x_seat=lot.seats[0]).said
    refs = {ref for ref, (who, _fen) in bidding.asked.items() if who == 0}
    assert {bid["ref"] for bid in mine["bids"]} <= refs
    page = asking.ask("GET", f"/my-auctions/{lot.lot}/live/", cookie=session)
    words = "您已竞得" if mine["leads"] else "他人竞得"
    assert page.status == 200
    assert f"data-state-words>{words}<" in page.said.decode()
    asking.close()
