"""How many bids a second are accepted at the bidding service, each answered after its commit?

Against bare ``pgbench`` with one statement that updates the hall and inserts the line, on the same
server in the same run: 32 clients on one hot lot, on a hundred lots, and two processes on one lot.
"""

import json
import os
import subprocess
import sys
import time

from benchmarks.measure import Bench, bench_database, report

from benchmarks.hall_stock import TABLES, Bare, bare, stock  # isort: skip  (after setup)
from xiaoer.assets.tests.live_halls import LiveLot  # isort: skip

CLIENTS, LOTS = 32, 100
# Amounts rise from here on, in all runs, as in all processes.
BEGAN = time.time() - 1
SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else 4


def load(bench: Bench, lots: list[LiveLot], processes: int = 1) -> tuple[float, float, int]:
    """Accepted a second, the 99th percentile in ms, and how many were refused."""
    given = {
        "lots": [[one.lot, one.seats] for one in lots], "clients": CLIENTS // processes,
        "seconds": SECONDS, "began": BEGAN,
    }  # fmt: skip
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hall_load"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env={**os.environ, "XIAOER_WEB_URL": bench.addresses.web},
            text=True,
        )
        for _n in range(processes)
    ]  # fmt: skip
    for process in running:
        assert process.stdin is not None
        process.stdin.write(json.dumps(given))
        process.stdin.close()
    told = []
    for process in running:
        assert process.stdout is not None
        told.append(json.loads(process.stdout.read()))
        process.wait()
    said = [one["said"] for one in told]
    accepted = sum(one.get("accepted", 0) for one in said)
    refused = sum(sum(one.values()) for one in said) - accepted
    return accepted / SECONDS, max(one["p99_ms"] for one in told), refused


def compare(
    bench: Bench, name: str, lots: list[LiveLot], limit: Bare, bound: float, processes: int = 1
) -> None:
    rate, p99, refused = load(bench, lots, processes)
    against = "bare pgbench, one statement"
    report(
        f"accepted bids a second, {name}", "1/s", rate, limit.per_second, against, bound,
        smaller_is_better=False, refused=refused,
    )  # fmt: skip
    report(f"answer to a bid, 99th percentile, {name}", "ms", p99, limit.p99_ms, against, 1.0)


def main() -> None:
    with bench_database("bids") as bench:
        lots = stock(LOTS, CLIENTS)
        with bench.as_owner():
            pass  # vacuumed and analysed, as on a server left alone for a minute
        hot = bare(bench.addresses.admin, TABLES, 1, CLIENTS, SECONDS)
        compare(bench, "one hot lot", lots[:1], hot, 5.0)
        compare(bench, "one hot lot, two processes", lots[1:2], hot, 1.0, 2)
        many = bare(bench.addresses.admin, TABLES, LOTS, CLIENTS, SECONDS)
        compare(bench, f"{LOTS} lots", lots, many, 1.0)


if __name__ == "__main__":
    main()
