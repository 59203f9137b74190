"""What tests and benchmarks of the live hall share: halls on a served database, and a way to ask it.

Arranged in a process of its own, so that what it made is committed: ``halls_on(server, …)``.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.journeys.test_loop import told
from tests.server import Server
from xiaoer.assets.tests.halls import START

MAKE = """
import json, sys
import django
django.setup()
from tests.town import actor
from xiaoer.assets.tests.halls import a_hall
from xiaoer.base.scope import acting

by = actor("east-desk")
count, bidders, more = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
with acting(by):
    halls = [a_hall(by, bidders, **more) for _n in range(count)]
print(json.dumps([[hall.lot.pk, hall.seats] for hall in halls]))
"""


@dataclass(frozen=True)
class LiveLot:
    """A lot with an open hall, and the secrets of its bidders' seats."""

    lot: int
    seats: list[str]


def halls_on(server: Server, count: int = 1, bidders: int = 2, **more: Any) -> list[LiveLot]:
    """Halls made on the database of a running server; ``more`` as ``a_hall`` takes it."""
    made = told(server, MAKE, str(count), str(bidders), json.dumps(more))
    return [LiveLot(lot, seats) for lot, seats in json.loads(made)]


@dataclass
class Answered:
    """An answer: its status, what it says, and its headers."""

    status: int
    said: Any
    headers: dict[str, str]


class Asking:
    """One kept connection to a server, as a browser has it."""

    def __init__(self, address: str) -> None:
        self._place = urlsplit(address)
        self._link: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answered:
        """One request; a body that is no bytes goes as JSON."""
        if self._link is None:
            self._link = HTTPConnection(self._place.hostname or "", self._place.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            sent.setdefault("content-type", "application/json")
        try:
            self._link.request(method, path, body, sent)
            answer = self._link.getresponse()
            text = answer.read()
        except OSError:
            self.close()
            raise
        kind = answer.headers.get("content-type", "")
        said = json.loads(text) if text and "json" in kind else text
        return Answered(answer.status, said, {k.lower(): v for k, v in answer.headers.items()})

    def close(self) -> None:
        if self._link is not None:
            self._link.close()
        self._link = None

    def bid(
        self, lot: LiveLot, who: int, step: int, ref: str | None = None, **headers: str
    ) -> Answered:
        """A bid so many steps above the start."""
        return self.ask(
            "POST", f"/live/lots/{lot.lot}/bids",
            {"seat": lot.seats[who], "amount_fen": START + step * 50_000,
             "ref": ref or str(uuid.uuid4())}, **headers,
        )  # fmt: skip


class Stream:
    """A watcher: the events of a lot, as a browser's EventSource reads them."""

    def __init__(self, address: str, lot: int) -> None:
        place = urlsplit(address)
        self._link = HTTPConnection(place.hostname or "", place.port, timeout=30)
        self._link.request("GET", f"/live/lots/{lot}/stream")
        self._answer = self._link.getresponse()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_error: object) -> None:
        self._link.close()

    def next(self) -> Any:
        """The next snapshot."""
        while True:
            line = self._answer.readline()
            if not line:
                raise EOFError
            if line.startswith(b"data: "):
                return json.loads(line[6:])

    def until(self, holds: Callable[[Any], bool]) -> Any:
        """The first snapshot of which something holds."""
        while not holds(shown := self.next()):
            pass
        return shown


def lines_of(server: Server, lot: int) -> str:
    """The ledger of a lot as it is published."""
    with psycopg.connect(server.database.owner) as link:
        link.execute("select set_config('x.maintenance', 'on', true)")
        rows = link.execute(
            "select text, encode(hash, 'hex') from auction_line where lot_id = %s order by seq",
            [lot],
        )
        return "".join(f"{text}\t{head}\n" for text, head in rows)
