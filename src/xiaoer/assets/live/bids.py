"""The dispatcher: all bids that wait in a process go to the database in one call.

They go by one lane, a connection of its own: a call costs much the same for one bid or for thirty, and
two that commit would wait for each other all the same, since each gives notice. Only while a call is
held up (somebody holds a hall) bids on other lots take the other lane. An answer leaves after the commit. A bid carries its bidder's own number (``ref``), so that a call
whose answer was lost is simply made again: what counted already is answered, not counted twice.
"""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from xiaoer.assets.live.links import LOST, Asker, Rows

log = logging.getLogger(__name__)
LANES = 2
# A call that lasts longer waits for a hall somebody holds, not for the disk.
HELD_UP_S = 0.1
# In one call of a lane, and waiting there at most: whoever comes then is told to come again.
BATCH, MOST_WAITING = 512, 10_000
# How long after it came a bid is still placed, also where the database went away in the meantime. A
# page that asks for a bid and does not find it says so only when this and one call are over.
PATIENCE_S = 6.0
AGAIN_S = 0.1
ACCEPTED = "accepted"
PLACE = "select * from place_bids(%s::bigint[], %s::text[], %s::bigint[], %s::uuid[])"


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid as it came: its lot, the hash of the seat, fen, and the bidder's own number of it."""

    lot: int
    seat: str
    amount_fen: int
    ref: UUID


@dataclass(slots=True)
class Said:
    """What the database said to a bid: the columns of ``place_bids``, and the place it then held."""

    place: int
    line: int | None
    outcome: str
    at: datetime | None
    price_fen: int | None
    leader: int | None
    ends_at: datetime | None
    alias: int | None
    rank: int | None = None


class NotKnown(Exception):
    """Whether the bid counts is not known: the database went away. Ask again with the same number."""


class TooMany(Exception):
    """More bids wait than can be taken; this one was not."""


Waiting = tuple[Bid, "asyncio.Future[Said]", float]
"""A bid, whoever waits for its answer, and until when it may still be placed."""


class Dispatcher:
    """Takes the bids of this process to the database."""

    def __init__(self, lanes: int = LANES) -> None:
        self._lanes = [Lane() for _n in range(lanes)]

    def start(self) -> None:
        for lane in self._lanes:
            lane.start()

    async def stop(self) -> None:
        for lane in self._lanes:
            await lane.stop()

    async def place(self, bid: Bid) -> Said:
        """What became of a bid, once it is committed.

        Raises:
            NotKnown: the database went away; the same bid with the same number may be sent again.
            TooMany: it was not taken at all.
        """
        lanes = self._lanes
        lane = next((one for one in lanes if bid.lot in one.lots), None)
        lane = lane or next((one for one in lanes if not one.is_held_up), lanes[0])
        return await lane.place(bid)


class Lane:
    """One connection, and the bids that wait for it; all of them go in the next call."""

    def __init__(self) -> None:
        self._asker = Asker()
        self._waiting: deque[Waiting] = deque()
        self._came = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._asked_at: float | None = None
        # How many bids on which lots wait here or are on their way.
        self.lots: Counter[int] = Counter()

    @property
    def is_held_up(self) -> bool:
        """Whether the call that is on its way lasts longer than a call does."""
        return self._asked_at is not None and time.monotonic() - self._asked_at > HELD_UP_S

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        while self._waiting:
            self._fail([self._waiting.popleft()])
        await self._asker.close()

    async def place(self, bid: Bid) -> Said:
        """What became of a bid; raises as the dispatcher says."""
        if len(self._waiting) >= MOST_WAITING:
            raise TooMany
        answer: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self._waiting.append((bid, answer, time.monotonic() + PATIENCE_S))
        self._came.set()
        self.lots[bid.lot] += 1
        try:
            return await answer
        finally:
            self.lots[bid.lot] -= 1
            if not self.lots[bid.lot]:
                del self.lots[bid.lot]

    async def _run(self) -> None:
        while True:
            await self._came.wait()
            self._came.clear()
            while self._waiting:
                batch = [self._waiting.popleft() for _one in range(min(BATCH, len(self._waiting)))]
                self._asked_at = time.monotonic()
                try:
                    await self._take(batch)
                except asyncio.CancelledError:
                    self._fail(batch)
                    raise
                finally:
                    self._asked_at = None

    async def _take(self, batch: list[Waiting]) -> None:
        is_told = False
        while batch := self._still(batch):
            try:
                rows = await self._asker.ask(PLACE, _columns(batch))
            except psycopg.errors.QueryCanceled:
                # The hall is held by somebody: rolled back, so that nothing was taken.
                log.warning("%s bids waited too long for a hall", len(batch))
            except LOST as error:
                if not is_told:
                    log.warning("%s bids wait for the database: %s", len(batch), error)
                is_told = True
                await asyncio.sleep(AGAIN_S)
            except psycopg.Error:
                await self._one_by_one(batch)
                return
            else:
                self._answer(batch, rows)
                return

    def _still(self, batch: list[Waiting]) -> list[Waiting]:
        """Those whose time is not over; whoever asked for another bid hears that nothing is known."""
        now = time.monotonic()
        self._fail([one for one in batch if one[2] <= now])
        return [one for one in batch if one[2] > now]

    async def _one_by_one(self, batch: list[Waiting]) -> None:
        """One bid the database cannot read keeps nobody else's back."""
        for one in batch:
            try:
                self._answer([one], await self._asker.ask(PLACE, _columns([one])))
            except (psycopg.Error, *LOST):
                log.exception("a bid could not be placed")
                self._fail([one])

    def _answer(self, batch: list[Waiting], rows: Rows) -> None:
        for row, rank in zip(rows, _ranks(batch, rows), strict=True):
            said = Said(*row)
            said.rank = rank
            answer = batch[said.place - 1][1]
            if not answer.done():  # whoever asked may be gone
                answer.set_result(said)

    def _fail(self, batch: list[Waiting]) -> None:
        for _bid, answer, _until in batch:
            if not answer.done():
                answer.set_exception(NotKnown())


def _columns(batch: list[Waiting]) -> list[str]:
    """The arrays of ``place_bids``; none of their parts can hold a comma, a brace or a quote."""
    bids = [bid for bid, *_rest in batch]
    return [
        _array(str(bid.lot) for bid in bids),
        _array(bid.seat for bid in bids),
        _array(str(bid.amount_fen) for bid in bids),
        _array(bid.ref.hex for bid in bids),
    ]


def _array(parts: Iterable[str]) -> str:
    return "{" + ",".join(parts) + "}"


def _ranks(batch: list[Waiting], rows: Rows) -> list[int | None]:
    """The place each bidder holds when the call is over: others may have bid more in it.

    What was answered from before, which tells no end, has none: the ladder knows better.
    """
    orders: dict[int, dict[int, int]] = {}
    ranks: list[int | None] = []
    for place, _line, outcome, _at, _price, _leader, ends_at, alias in reversed(rows):
        if outcome == ACCEPTED and ends_at is not None:
            order = orders.setdefault(batch[place - 1][0].lot, {})
            ranks.append(order.setdefault(alias, len(order) + 1))
        else:
            ranks.append(None)
    return ranks[::-1]
