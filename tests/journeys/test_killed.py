"""The server killed in the middle of an export or of filings: nothing half-done, nothing lost."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Event
from zipfile import is_zipfile

import psycopg
import pytest
import requests

from tests.journeys.test_loop import ARRANGE, told
from tests.server import Server, served
from tests.town import PASSWORD
from xiaoer.web.sending import LONGEST, PREFIX

MANY = 3_000
FILERS = 4
ASKED = {"title": "厂区变压器增容", "body": "没有电开不了。", "contact_phone": "13900000001"}
# One request many times over, so that its export takes seconds.
MULTIPLY = """
insert into appeal (zone_id, party_id, channel, title, body, contact_name, contact_phone, urgency,
  is_hard, is_phone_verified, state, ball, result, filed_at, receipt_no, track_hash, terms, version,
  level, reopened, confirmed_through, satisfaction_words, transferred_to, not_accepted_for,
  was_returned, external_ref)
select zone_id, party_id, channel, title || n, body, contact_name, contact_phone, urgency,
  is_hard, is_phone_verified, 'withdrawn', 'nobody', result, filed_at, 'OLD-' || n,
  md5(n::text) || md5(n::text), terms, version,
  level, reopened, confirmed_through, satisfaction_words, transferred_to, not_accepted_for,
  was_returned, external_ref
from (select * from appeal where receipt_no like 'SQ-%%' order by id limit 1) one, generate_series(1, %s) n
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this server writes what it has not finished."""
    return tmp_path_factory.mktemp("unfinished")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with served("town", "killed", TMPDIR=str(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def card(server: Server) -> str:
    """The address behind an enterprise's card."""
    code = told(server, ARRANGE)
    return f"{server.address}/api/v1/public/cards/{code}/appeals"


def rows(server: Server, statement: str, *given: object) -> list[tuple[object, ...]]:
    """What really stands in the database, seen past row security."""
    with psycopg.connect(server.database.owner) as link:
        link.execute("select set_config('x.maintenance', 'on', true)")
        cursor = link.execute(statement, given or None)
        return cursor.fetchall() if cursor.description else []


def signed_in(server: Server, username: str) -> requests.Session:
    session = requests.Session()
    address = f"{server.address}/accounts/login/"
    session.get(address, timeout=10)
    given = {
        "login": username,
        "password": PASSWORD,
        "csrfmiddlewaretoken": session.cookies["csrftoken"],
    }
    assert session.post(address, given, timeout=10).ok
    return session


class Filer:
    """A system that files until the server is gone, then sends what it is not sure of again."""

    def __init__(self, card: str, number: int) -> None:
        self.card, self.number = card, number
        self.sent = 0
        self.receipts: dict[str, str] = {}

    def file(self) -> dict[str, str]:
        key = f"filer-{self.number}-{self.sent}"
        # Refused by the machine is no answer: only a whole one with its number is a receipt.
        answer = requests.post(self.card, json=ASKED, headers={"Idempotency-Key": key}, timeout=10)
        answer.raise_for_status()
        filed: dict[str, str] = answer.json()
        self.receipts[filed["receipt_no"]] = filed["token"]
        self.sent += 1
        return filed

    def file_until(self, gone: Event) -> None:
        while not gone.is_set():
            try:
                self.file()
            except requests.ConnectionError:
                return


def halves(folder: Path) -> list[Path]:
    """What an export has written so far."""
    return [path for path in folder.glob(f"{PREFIX}*/*") if path.is_file()]


def test_every_receipt_that_was_given_exists_and_no_request_is_half_done(
    server: Server, card: str
) -> None:
    filers, gone = [Filer(card, number) for number in range(FILERS)], Event()
    with ThreadPoolExecutor(FILERS) as pool:
        running = [pool.submit(filer.file_until, gone) for filer in filers]
        while sum(len(filer.receipts) for filer in filers) < 6:
            time.sleep(0.01)
        server.kill()
        gone.set()
        for one in running:
            one.result()
    server.start_again()
    given = {number: token for filer in filers for number, token in filer.receipts.items()}
    link = f"{server.address}/api/v1/public/links/"
    for number, token in given.items():
        assert requests.get(link + token, timeout=10).json()["receipt_no"] == number
    # What was under way is either there whole, or not at all: sent again it is there once.
    for filer in filers:
        filer.file()
    kept = {str(number) for (number,) in rows(server, "select receipt_no from appeal")}
    assert kept == {number for filer in filers for number in filer.receipts}
    assert len(kept) == sum(filer.sent for filer in filers)
    assert rows(server, "select last from receipt_counter") == [(len(kept),)]
    whole = rows(
        server,
        "select count(*) from appeal a where matter_id is not null"
        " and exists (select from appeal_event e where e.appeal_id = a.id and verb = 'file_appeal')"
        " and exists (select from task t where t.matter_id = a.matter_id)"
        " and exists (select from journal_line j where j.subject_id = a.id and j.verb = 'file_appeal')",
    )
    assert whole == [(len(kept),)]


def test_a_killed_export_is_never_a_whole_file_and_leaves_nothing_for_long(
    server: Server, card: str, folder: Path
) -> None:
    if not rows(server, "select 1 from appeal"):
        Filer(card, 9).file()
    rows(server, MULTIPLY, MANY)
    desk = signed_in(server, "east-desk")
    address = f"{server.address}/appeals/?state=all&export=xlsx"
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(desk.get, address, timeout=60)
        while not halves(folder):
            assert not asked.done(), "the export was too quick to be killed"
            time.sleep(0.01)
        server.kill()
        with pytest.raises(requests.ConnectionError):
            asked.result()
    assert halves(folder) and not list(folder.glob(f"{PREFIX}*/sheet.xlsx"))
    server.start_again()
    # As if an hour had passed; the next export sweeps before it writes.
    for left in folder.glob(f"{PREFIX}*"):
        past = time.time() - LONGEST - 60
        os.utime(left, (past, past))
    whole = desk.get(address, timeout=60)
    assert is_zipfile(BytesIO(whole.content))
    assert int(whole.headers["Content-Length"]) == len(whole.content)
    assert not list(folder.glob(f"{PREFIX}*"))
