"""Bidders without a network: coroutines of one process at its dispatcher, for ``benchmarks.bids``.

Reads what to do as JSON and prints what came of it; a process of its own, as a server has it.
"""

import asyncio
import json
import sys
import time
import uuid
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import django

django.setup()

from xiaoer.assets.live.bids import Bid, Dispatcher  # noqa: E402  (after setup)
from xiaoer.assets.tests.halls import START, STEP  # noqa: E402  (after setup)


@dataclass
class Load:
    """Clients that bid as fast as they are answered, each on one lot after the other."""

    lots: list[tuple[int, list[str]]]
    clients: int
    seconds: float
    began: float
    taken: list[float] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    last: int = 0

    def amount(self) -> int:
        """Always more than before; two processes share the clock, so neither falls behind."""
        self.last = max(self.last + 1, int((time.time() - self.began) * 1e6))
        return START + self.last * STEP

    async def run(self) -> None:
        dispatcher = Dispatcher()
        dispatcher.start()
        end = time.monotonic() + self.seconds
        await asyncio.gather(*(self.client(dispatcher, n, end) for n in range(self.clients)))
        await dispatcher.stop()

    async def client(self, dispatcher: Dispatcher, number: int, end: float) -> None:
        turn = number
        while (now := time.monotonic()) < end:
            lot, seats = self.lots[turn % len(self.lots)]
            turn += 1
            bid = Bid(lot, seats[number % len(seats)], self.amount(), uuid.uuid4())
            answer = await dispatcher.place(bid)
            self.taken.append(time.monotonic() - now)
            self.said[answer.outcome] = self.said.get(answer.outcome, 0) + 1


def main() -> None:
    given: dict[str, Any] = json.load(sys.stdin)
    lots = [
        (lot, [sha256(one.encode()).hexdigest() for one in seats]) for lot, seats in given["lots"]
    ]
    load = Load(lots, given["clients"], given["seconds"], given["began"])
    asyncio.run(load.run())
    load.taken.sort()
    print(json.dumps({"said": load.said, "p99_ms": load.taken[int(len(load.taken) * 0.99)] * 1000}))


if __name__ == "__main__":
    main()
