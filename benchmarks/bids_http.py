"""Bids through HTTP by people who are signed in, against a signed-in list page of the same server."""

import asyncio
import json
import sys
import time
import uuid

from benchmarks.measure import report

from benchmarks.hall_clients import rate  # isort: skip  (after setup)
from benchmarks.hall_stock import SIGNED_IN, STOCK  # isort: skip
from tests.journeys.test_loop import told  # isort: skip
from tests.server import served  # isort: skip

CLIENTS, BIDDERS, SEATS_EACH, START, STEP = 32, 32, 60, 1_000_000, 50_000
SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else 3


def main() -> None:
    with served("town", "bench_bids_http", workers=2) as server:
        [(lot, seats)] = json.loads(told(server, STOCK, "1", str(BIDDERS), str(SEATS_EACH)))
        cookie = told(server, SIGNED_IN, "east-officer")
        began = time.time() - 1

        def bid(number: int) -> tuple[str, str, bytes]:
            amount = START + STEP * int((time.time() - began) * 1e6)
            said = {
                "seat": seats[number % len(seats)],
                "amount_fen": amount,
                "ref": str(uuid.uuid4()),
            }
            return "POST", f"/live/lots/{lot}/bids", json.dumps(said).encode()

        def page(_number: int) -> tuple[str, str, bytes]:
            return "GET", "/enterprises/", b""

        pages = asyncio.run(rate(server.address, CLIENTS, SECONDS, page, cookie))
        if not pages:
            raise SystemExit("no page was answered; the comparison would say nothing")
        bids = asyncio.run(rate(server.address, CLIENTS, SECONDS, bid, cookie, b'"seq":'))
        report(
            "bids a second through HTTP, signed in", "1/s", bids, pages,
            "a signed-in list page of the same server", 3.0, smaller_is_better=False,
        )  # fmt: skip


if __name__ == "__main__":
    main()
