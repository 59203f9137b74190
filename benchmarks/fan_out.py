"""How soon after its commit do five hundred watchers see a bid, through the real stream?"""

import asyncio
import sys
import time
import uuid
from datetime import datetime

from benchmarks.measure import report

from benchmarks.hall_clients import Link  # isort: skip  (after setup)
from tests.server import served  # isort: skip
from xiaoer.assets.tests.live_halls import Asking, LiveLot, halls_on  # isort: skip

WATCHERS, GOAL_MS = 500, 40.0
BIDS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else 40


async def watch(link: Link, seen: dict[int, list[float]]) -> None:
    """Note when each line of the ledger was first shown to this watcher."""
    while True:
        line = await link.reader.readline()
        if b'"seq":' in line:
            seq = int(line.partition(b'"seq":')[2].partition(b",")[0])
            seen.setdefault(seq, []).append(time.time())


async def measured(address: str, lot: LiveLot) -> list[float]:
    """Milliseconds from the moment of each bid, decided just before its commit, to the last watcher."""
    seen: dict[int, list[float]] = {}
    links = [await Link(address).open() for _n in range(WATCHERS)]
    for link in links:
        link.send("GET", f"/live/lots/{lot.lot}/stream")
    tasks = [asyncio.create_task(watch(link, seen)) for link in links]
    await asyncio.sleep(2)
    asking, taken = Asking(address), []
    for step in range(BIDS):
        said = (
            await asyncio.to_thread(asking.bid, lot, step % len(lot.seats), step, str(uuid.uuid4()))
        ).said
        await asyncio.sleep(0.3)
        at = datetime.fromisoformat(said["at"]).timestamp()
        shown = seen.get(said["seq"], [])
        taken.append((max(shown) - at) * 1000 if len(shown) == WATCHERS else float("inf"))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return sorted(taken)


def main() -> None:
    with served("town", "bench_fan", workers=2) as server:
        [lot] = halls_on(server, 1, 20)
        taken = asyncio.run(measured(server.address, lot))
        report(
            "from commit to the last of 500 watchers, 95 in 100 bids", "ms",
            taken[int(len(taken) * 0.95)], GOAL_MS, "the goal", 1.0, median=taken[len(taken) // 2],
        )  # fmt: skip


if __name__ == "__main__":
    main()
