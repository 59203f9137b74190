"""The live hall as a browser meets it: real servers, two processes on one lot, and what may break."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.server import Server, served
from xiaoer.assets.live import LiveHall
from xiaoer.assets.tests.halls import START, STEP
from xiaoer.assets.tests.live_halls import Asking, LiveLot, Stream, halls_on, lines_of
from xiaoer.config.serving import allow_many_connections

VERIFIER = Path(__file__).parents[4] / "tools" / "verify_auction.py"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "live", workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def lots(server: Server) -> Iterator[LiveLot]:
    return iter(halls_on(server, 16, 3, ends=86_400))  # a slow machine needs more than ten minutes


@pytest.fixture
def lot(lots: Iterator[LiveLot]) -> LiveLot:
    return next(lots)


@pytest.fixture
def asking(server: Server) -> Iterator[Asking]:
    made = Asking(server.address)
    yield made
    made.close()


def until(asking: Asking, lot: LiveLot, holds: Callable[[Any], bool], seconds: float = 15) -> Any:
    """The snapshot once something holds of it; another process hears of a bid a moment later."""
    end = time.monotonic() + seconds
    while True:
        shown = asking.ask("GET", f"/live/lots/{lot.lot}").said
        if holds(shown):
            return shown
        assert time.monotonic() < end, shown
        time.sleep(0.02)


def verified(server: Server, lot: LiveLot, folder: Path) -> str:
    """What a stranger's verifier says of the ledger that was kept."""
    path = folder / "ledger.txt"
    path.write_text(lines_of(server, lot.lot), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), "--open", str(path)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_bid_is_answered_after_its_commit_and_shown_to_everybody(
    asking: Asking, lot: LiveLot
) -> None:
    before = asking.ask("GET", f"/live/lots/{lot.lot}").said
    assert (before["state"], before["price_fen"], before["next_fen"]) == ("timed", None, START)
    told = asking.bid(lot, 0, 0).said
    assert (told["outcome"], told["rank"], told["price_fen"]) == ("accepted", 1, START)
    assert told["words"] == f"{told['at'][11:23]} 已受理，当前第 1"
    shown = until(asking, lot, lambda now: now["seq"] >= told["seq"])
    first = shown["ladder"][0]
    assert {**first, "hash": ""} == {
        "bid": 1, "seq": told["seq"], "alias": 1, "first_right": False, "amount_fen": START,
        "at": told["at"], "hash": "",
    }  # fmt: skip
    assert shown["head"].startswith(first["hash"])
    assert (shown["leader"], shown["bids"], shown["next_fen"]) == (1, 1, START + STEP)
    assert "丙" not in json.dumps(shown, ensure_ascii=False)


def test_the_same_bid_asked_again_is_the_same_bid_on_any_device(
    asking: Asking, server: Server, lot: LiveLot
) -> None:
    ref, other = str(uuid.uuid4()), Asking(server.address)
    first, again = asking.bid(lot, 0, 0, ref).said, other.bid(lot, 0, 7, ref).said
    assert (first["seq"], first["at"], first["rank"]) == (again["seq"], again["at"], again["rank"])
    assert again["words"] == first["words"]
    mine = other.ask("GET", f"/live/lots/{lot.lot}/mine", x_seat=lot.seats[0]).said
    assert (mine["alias"], mine["leads"], [bid["ref"] for bid in mine["bids"]]) == (1, True, [ref])
    assert other.bid(lot, 0, 8).said["outcome"] == "leads"
    assert other.bid(lot, 1, 0, accept_language="en").said["words"].endswith("10,500 元.")
    other.close()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"[]", 422), (b"{" * 3000, 422), (b"x" * 5000, 413), (b"\xff\xfe", 422),
        ({"amount_fen": "1"}, 422), ({"amount_fen": 1.5}, 422), ({"amount_fen": True}, 422),
        ({"amount_fen": 10**19}, 422), ({"amount_fen": None}, 422), ({"ref": "x"}, 422),
        ({"ref": None}, 422), ({"seat": 1}, 401), ({"seat": "\ud800"}, 401), ({"seat": ""}, 401),
        ({"seat": "nobody"}, 401),
    ],
)  # fmt: skip
def test_what_is_no_bid_is_told_so(
    asking: Asking, lots: Iterator[LiveLot], server: Server, body: Any, status: int
) -> None:
    if isinstance(body, dict):
        body = {"seat": "s", "amount_fen": START, "ref": str(uuid.uuid4()), **body}
    said = asking.ask("POST", "/live/lots/1/bids", body)
    assert (said.status, bool(said.said["words"])) == (status, True)


def test_bids_of_other_pages_other_halls_and_other_hosts_are_refused(
    asking: Asking, lots: Iterator[LiveLot]
) -> None:
    lot, other = next(lots), next(lots)
    asked = f"/live/lots/{lot.lot}/bids"
    assert asking.bid(lot, 0, 0, origin="https://elsewhere.example").status == 403
    assert asking.bid(lot, 0, 0, sec_fetch_site="cross-site").status == 403
    assert asking.bid(LiveLot(lot.lot, other.seats), 0, 0).said["outcome"] == "other_lot"
    assert asking.ask("POST", asked, b"a=1", content_type="text/plain").status == 415
    assert asking.ask("GET", asked).status == 405
    assert asking.ask("GET", f"/live/lots/{lot.lot}/mine", x_seat="nobody").status == 401
    assert asking.ask("GET", "/live/lots/999999999").status == 404
    assert asking.ask("GET", f"/live/lots/{10**17}/stream").status == 404
    assert asking.ask("GET", "/live/garbage").status == 404
    assert asking.ask("GET", f"/live/lots/{lot.lot}", host="elsewhere.example").status == 400
    assert asking.ask("GET", f"/live/lots/{lot.lot}").said["bids"] == 0
    assert asking.bid(lot, 0, (10**18 - START) // STEP).said["outcome"] == "too_much"


@pytest.mark.parametrize("headers", [[(b"content-type", b"text/plain")], [(b"origin", b"x://y")]])
def test_a_refusal_waits_until_the_bid_has_come_whole(headers: list[tuple[bytes, bytes]]) -> None:
    """A server that answers before closes the connection, and the bidder hears nothing."""
    parts, sent = [b"a", b"=", b"1"], []

    async def receive() -> dict[str, Any]:
        body = parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(parts)}

    async def send(message: MutableMapping[str, Any]) -> None:
        assert not parts
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/live/lots/1/bids",
        "headers": [(b"host", b"127.0.0.1"), *headers],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as apart:  # browsers of other tests leave a loop in this thread
        apart.submit(lambda: asyncio.run(LiveHall()(scope, receive, send))).result()
    assert sent[0]["status"] in (403, 415)


def test_whoever_floods_is_asked_to_wait_and_nobody_else(
    server: Server, asking: Asking, lot: LiveLot
) -> None:
    def flood(_n: int) -> set[int]:
        link = Asking(server.address)
        said = {link.bid(lot, 0, 0).status for _bid in range(4)}
        link.close()
        return said

    with ThreadPoolExecutor(30) as pool:  # at once: one after the other a slow machine is no flood
        said = set[int]().union(*pool.map(flood, range(30)))
    assert 429 in said
    assert asking.bid(lot, 1, 1).said["outcome"] == "accepted"


def test_a_snapshot_is_kept_by_whoever_has_it(asking: Asking, lot: LiveLot) -> None:
    first = asking.ask("GET", f"/live/lots/{lot.lot}")
    assert first.headers["cache-control"] == "public, max-age=1"
    again = asking.ask("GET", f"/live/lots/{lot.lot}", if_none_match=first.headers["etag"])
    assert (again.status, again.said) == (304, b"")
    assert asking.ask("HEAD", f"/live/lots/{lot.lot}").said == b""
    here, there = (
        datetime.fromisoformat(asking.ask("GET", address).said["now"])
        for address in (f"/live/clock?lot={lot.lot}", "/live/clock")
    )
    assert abs((there - here).total_seconds()) < 60, "this zone's clock was not moved"


def test_watchers_are_told_at_once_first_and_then_what_moved(
    asking: Asking, server: Server, lot: LiveLot
) -> None:
    with Stream(server.address, lot.lot) as one, Stream(server.address, lot.lot) as two:
        assert one.next()["bids"] == two.next()["bids"] == 0
        seq = asking.bid(lot, 0, 0).said["seq"]
        for stream in (one, two):
            assert stream.until(lambda now: now["seq"] >= seq)["leader"] == 1


def test_a_thousand_watchers_keep_nobody_from_the_pages(
    asking: Asking, server: Server, lot: LiveLot
) -> None:
    allow_many_connections()
    place = urlsplit(server.address)
    asked = f"GET /live/lots/{lot.lot}/stream HTTP/1.1\r\nhost: {place.netloc}\r\n\r\n".encode()
    with ExitStack() as watching:
        for _n in range(1100):
            link = socket.create_connection((place.hostname, place.port), timeout=30)
            watching.enter_context(link)
            link.sendall(asked)
            assert link.recv(12) == b"HTTP/1.1 200"
        assert asking.ask("GET", "/accounts/login/").status == 200
        assert asking.bid(lot, 0, 0).said["outcome"] == "accepted"


def test_a_hall_somebody_holds_keeps_no_other_lot_waiting(
    server: Server, asking: Asking, lot: LiveLot, lots: Iterator[LiveLot]
) -> None:
    with (
        psycopg.connect(server.database.admin) as link,
        ThreadPoolExecutor(6) as pool,
    ):
        link.execute("select from auction_hall where lot_id = %s for update", [lot.lot])
        kept = [pool.submit(Asking(server.address).bid, lot, n % 3, n) for n in range(6)]
        time.sleep(0.5)
        other, began = next(lots), time.monotonic()
        for n in range(4):
            told = Asking(server.address).bid(other, n % 2, n)
            assert told.said["outcome"] == "accepted"
        assert not any(one.done() for one in kept) or time.monotonic() - began > 3
        link.rollback()
        assert {one.result().status for one in kept} == {200}


def pages_of(server: Server) -> set[int]:
    """The processes that serve pages, by their numbers."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            if parent == server.process.pid and b"tracker" not in command_of(status.parent):
                found.add(int(status.parent.name))
    return found


def command_of(process: Path) -> bytes:
    return (process / "cmdline").read_bytes()


def test_a_page_process_that_dies_is_replaced_and_the_other_goes_on(
    server: Server, lot: LiveLot
) -> None:
    before = pages_of(server)
    assert len(before) == 2
    os.kill(min(before), signal.SIGKILL)
    end = time.monotonic() + 60
    while len(pages_of(server) - {min(before)}) < 2:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert max(before) in pages_of(server)
    asking = Asking(server.address)
    assert asking.bid(lot, 0, 0).said["outcome"] == "accepted"
    asking.close()


def test_two_processes_serve_one_lot_in_one_order(
    server: Server, lot: LiveLot, tmp_path: Path
) -> None:
    def bidder(who: int) -> list[dict[str, Any]]:
        mine = [Asking(server.address) for _n in range(3)]  # the kernel spreads them
        return [mine[n % 3].bid(lot, who, n * 3 + who).said for n in range(15)]

    with ThreadPoolExecutor(3) as pool:
        told = [one for some in pool.map(bidder, range(3)) for one in some]
    numbers = [one["seq"] for one in told if "seq" in one]
    assert len(numbers) == len(set(numbers)) == 45
    accepted = sorted(
        (one["seq"], one["price_fen"]) for one in told if one["outcome"] == "accepted"
    )
    assert accepted and [price for _seq, price in accepted] == sorted({p for _s, p in accepted})
    assert f"accepted {len(accepted)}," in verified(server, lot, tmp_path)


def test_no_bid_is_lost_when_connections_to_the_database_are_cut(
    asking: Asking, server: Server, lot: LiveLot
) -> None:
    with Stream(server.address, lot.lot) as stream:
        stream.next()
        for step in range(4):
            with psycopg.connect(server.database.admin, autocommit=True) as link:
                link.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
            ref = str(uuid.uuid4())
            while (told := asking.bid(lot, step % 2, step, ref)).status == 503:
                time.sleep(0.2)
            assert told.said["outcome"] == "accepted"
        shown = stream.until(lambda now: now["seq"] >= told.said["seq"])
        assert (shown["bids"], shown["leader"]) == (4, 2)


def test_a_hall_ends_by_itself_and_a_bid_after_it_is_late(
    asking: Asking, server: Server, tmp_path: Path
) -> None:
    [lot] = halls_on(server, 1, 2, ends=4, extend=1)
    shown = until(asking, lot, lambda now: now["state"] == "ended")
    assert shown["result"] == "no_bid"
    past = (
        datetime.fromisoformat(shown["ended_at"]) - datetime.fromisoformat(shown["ends_at"])
    ).total_seconds()
    assert 0 <= past < 5, "asked for twice a second; a busy machine comes a little later"
    assert asking.bid(lot, 0, 0).said["outcome"] == "late"
    assert "result no_bid" in verified(server, lot, tmp_path)


def test_a_server_killed_in_the_last_second_loses_no_bid_and_ends_the_hall(
    server: Server, tmp_path: Path
) -> None:
    [lot] = halls_on(server, 1, 2, ends=6, free=5, extend=3)
    kept = {str(uuid.uuid4()): n for n in range(8)}
    told: dict[str, dict[str, Any]] = {}

    def bid(pair: tuple[str, int]) -> None:
        ref, n = pair
        try:
            told[ref] = Asking(server.address).bid(lot, n % 2, n, ref).said
        except (OSError, HTTPException):
            told[ref] = {}

    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(bid, pair) for pair in kept.items()]
        time.sleep(0.05)
        server.kill()
        for one in running:
            one.result()
    server.start_again()
    asking = Asking(server.address)
    before = lines_of(server, lot.lot)
    for ref, n in kept.items():
        again = asking.bid(lot, n % 2, n, ref).said
        if told[ref]:
            assert (again["seq"], again["at"]) == (told[ref]["seq"], told[ref]["at"])
        assert (ref in before) == (f"{again['seq']}|bid|" in before)
    shown = until(asking, lot, lambda now: now["state"] == "ended", 30)
    assert shown["result"] == ("sold" if shown["bids"] else "no_bid")
    verified(server, lot, tmp_path)
