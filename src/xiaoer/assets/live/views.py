"""What everybody sees of a hall: kept in the process, read again when the database says it moved."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from xiaoer.assets.live.clock import Clock, written
from xiaoer.assets.live.links import TROUBLE, Asker, Link, Rows, connect, drop
from xiaoer.assets.queries.shown_lots import SALES, after_hammer

log = logging.getLogger(__name__)
LADDER = 20
# Between two readings of halls that move all the time: a picture of each moment is no use to an eye.
PAUSE_S = 0.02
# How long a hall nobody asks for is kept, and how long it is known that one is not there.
KEEP_S, ABSENT_S = 300.0, 2.0
MOST_ABSENT = 10_000
# While nothing is heard from the database every hall is read again at this distance.
BLIND_S = 1.0
CHANNEL = "auction"
VIEWS = "select * from hall_views(%s::bigint[], %s::bigint[])"
Ask = Callable[[str, list[Any]], Awaitable[Rows]]


@dataclass(frozen=True, slots=True)
class Step:
    """One accepted bid as the ladder shows it."""

    seq: int
    alias: int
    is_first: bool
    amount_fen: int
    at_ms: int
    hash: str


@dataclass(frozen=True, slots=True)
class View:
    """A hall at one moment, as the database told it; the columns of ``hall_views``."""

    lot: int
    number: str
    lot_state: str
    opens_at: datetime
    free_until: datetime
    ends_at: datetime
    extend_s: int
    start_fen: int
    step_fen: int
    most_fen: int
    price_fen: int | None
    leader: int | None
    leader_first: bool
    seq: int
    bids: int
    extensions: int
    has_secret: bool
    reserve_met: bool
    paused_at: datetime | None
    ended_at: datetime | None
    result: str
    head: str
    ahead: timedelta
    has_buyer: bool

    def state(self, now: float) -> str:
        """Where the hall is, by its own clock."""
        moment = datetime.fromtimestamp(now, UTC) + self.ahead
        for is_so, state in (
            (self.ended_at is not None, "ended"),
            (self.paused_at is not None, "paused"),
            (moment < self.opens_at, "before"),
            (moment < min(self.free_until, self.ends_at), "free"),
            (moment < self.ends_at, "timed"),
        ):
            if is_so:
                return state
        return "over"

    def turns_in(self, now: float) -> float | None:
        """Seconds until the next moment its state changes by itself."""
        if self.ended_at or self.paused_at:
            return None
        moment = now + self.ahead.total_seconds()
        waits = [one.timestamp() - moment for one in (self.opens_at, self.free_until, self.ends_at)]
        return min((wait for wait in waits if wait > 0), default=None)

    @property
    def sale(self) -> str | None:
        """What became of a lot that was knocked down; the same its page says."""
        if self.result != "sold":
            return None
        return SALES[after_hammer(self.lot_state, has_buyer=self.has_buyer)]

    @property
    def next_fen(self) -> int:
        """The least that counts now; a holder of pre-emption may also say the present price."""
        return self.start_fen if self.price_fen is None else self.price_fen + self.step_fen


@dataclass(eq=False)
class Shown:
    """A hall this process shows: the latest view, its ladder, and who waits for the next."""

    lot: int
    view: View | None = None
    steps: list[Step] = field(default_factory=list)
    asked_at: float = 0.0
    watchers: int = 0
    turn: "asyncio.Future[None] | None" = None
    alarm: asyncio.TimerHandle | None = None
    _made: tuple[object, ...] = ()
    _body: bytes = b""
    _made_event: tuple[object, ...] = ()
    _event: bytes = b""
    tag: str = ""

    def ladder_place(self, alias: int | None) -> int | None:
        """Which place a bidder holds among those the ladder names; 1 leads."""
        order = list(dict.fromkeys(step.alias for step in self.steps))
        return order.index(alias) + 1 if alias in order else None

    def body(self, now: float) -> bytes:
        """The snapshot as JSON; all but the first field is made once a change."""
        if self.view is None:
            return b"null"
        state = self.view.state(now)
        if self._made != (self.view, state):
            self._made = (self.view, state)
            self.tag = f'W/"{self.lot}-{self.view.seq}-{self.view.lot_state}-{state}"'
            self._body = json.dumps(self._said(self.view, state), separators=(",", ":")).encode()
        return b'{"now":"%s",%s' % (
            str(written(now, self.view.ahead)).encode(),
            self._body[1:],
        )

    def event(self, now: float) -> bytes:
        """The snapshot as an event; the same bytes for all who wait for one change."""
        if self._made_event != (self.view, int(now * 100)):
            self._event = b"data: %s\n\n" % self.body(now)
            self._made_event = (self.view, int(now * 100))
        return self._event

    def _said(self, view: View, state: str) -> dict[str, Any]:
        moments = ("opens_at", "free_until", "ends_at", "paused_at", "ended_at")
        return {
            "lot": view.lot,
            "number": view.number,
            "state": state,
            "lot_state": view.lot_state,
            "result": view.result or None,
            "sale": view.sale,
            **{name: written(getattr(view, name)) for name in moments},
            "extend_s": view.extend_s,
            "start_fen": view.start_fen,
            "step_fen": view.step_fen,
            "most_fen": view.most_fen,
            "price_fen": view.price_fen,
            "next_fen": view.next_fen,
            "leader": view.leader,
            "leader_first": view.leader_first,
            "has_secret": view.has_secret,
            "reserve_met": view.reserve_met if view.has_secret else None,
            "bids": view.bids,
            "extensions": view.extensions,
            "seq": view.seq,
            "head": view.head,
            "ladder": [
                {
                    "bid": view.bids - place,
                    "seq": step.seq,
                    "alias": step.alias,
                    "first_right": step.is_first,
                    "amount_fen": step.amount_fen,
                    "at": written(step.at_ms / 1000),
                    "hash": step.hash,
                }
                for place, step in enumerate(self.steps)
            ],
        }

    def take(self, view: View, steps: list[Step]) -> None:
        """Put the newer view in place; the ladder gets what came since."""
        if self.view is not None and view.seq < self.view.seq:
            return
        known = {step.seq for step in self.steps}
        self.steps = ([step for step in steps if step.seq not in known] + self.steps)[:LADDER]
        self.view = view

    def next_turn(self) -> "asyncio.Future[None]":
        """What is done when there is a newer view; all watchers wait for the same."""
        if self.turn is None or self.turn.done():
            self.turn = asyncio.get_running_loop().create_future()
        return self.turn

    def wake(self) -> None:
        """Let everybody who waits go on."""
        if self.turn is not None and not self.turn.done():
            self.turn.set_result(None)


class Views:
    """The halls a process shows. Read when first asked for, then on notice, never by the clock
    while the database can be heard."""

    def __init__(self, ask: Ask | None = None) -> None:
        self.asker = Asker()
        self.ask = ask or self.asker.ask
        self.clock = Clock()
        self.is_hearing = False
        self._shown: dict[int, Shown] = {}
        self._absent: dict[int, float] = {}
        self._stale: set[int] = set()
        self._moved = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._refresh()),
            asyncio.create_task(self._look_after()),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for shown in self._shown.values():
            shown.wake()
        await self.asker.close()

    async def of(self, lot: int) -> Shown | None:
        """The hall of a lot; None: there is none for everybody's eyes."""
        shown = self._shown.get(lot)
        if shown is None:
            if time.monotonic() - self._absent.get(lot, -ABSENT_S) < ABSENT_S:
                return None
            # Read before it is kept: an address nobody made up costs no memory.
            shown = Shown(lot)
            await self._read([shown])
            shown = self._shown.setdefault(lot, shown) if shown.view else None
            if shown is None:
                self._miss(lot)
                return None
            # What moved between the reading and now was told before anybody listened for it.
            self.notice([lot])
        shown.asked_at = time.monotonic()
        return shown

    def notice(self, lots: Iterable[int]) -> None:
        """Something moved there: read again soon."""
        self._stale.update(lot for lot in lots if lot in self._shown)
        for lot in lots:
            self._absent.pop(lot, None)
        self._moved.set()

    def audience(self) -> dict[int, int]:
        """How many follow each hall through this process."""
        return {one.lot: one.watchers for one in self._shown.values() if one.watchers}

    def _miss(self, lot: int) -> None:
        if len(self._absent) >= MOST_ABSENT:
            self._absent.clear()
        self._absent[lot] = time.monotonic()

    async def _read(self, wanted: list[Shown]) -> None:
        began = time.monotonic()
        since = [shown.view.seq if shown.view else 0 for shown in wanted]
        rows = await self.ask(VIEWS, [[shown.lot for shown in wanted], since])
        ended = time.monotonic()
        by_lot = {shown.lot: shown for shown in wanted}
        for *columns, now, ladder in rows:
            self.clock.heard(now, began, ended)
            view = View(*columns)
            by_lot.pop(view.lot).take(view, [Step(*step) for step in ladder])
        for gone in by_lot.values():
            gone.view = None

    async def _refresh(self) -> None:
        """Read what moved, all at once, and let watchers go on; moving halls share a reading."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            wanted = [self._shown[lot] for lot in self._stale if lot in self._shown]
            self._stale.clear()
            if not wanted:
                continue
            try:
                await self._read(wanted)
            except TROUBLE as error:
                log.warning("halls could not be read: %s", error)
                await asyncio.sleep(BLIND_S / 4)
                self.notice([shown.lot for shown in wanted])
                continue
            for shown in wanted:
                shown.wake()
                self._set_alarm(shown)
            await asyncio.sleep(PAUSE_S)

    def _set_alarm(self, shown: Shown) -> None:
        """Watchers are told when the hall opens, when free bidding is over, when time is up."""
        if shown.alarm is not None:
            shown.alarm.cancel()
            shown.alarm = None
        wait = shown.view.turns_in(self.clock.now()) if shown.view else None
        if wait is not None and wait < KEEP_S:
            loop = asyncio.get_running_loop()
            shown.alarm = loop.call_later(wait + 0.005, self.notice, [shown.lot])

    async def _listen(self) -> None:
        """Hear what moves; where nothing can be heard, suppose that everything did."""
        while True:
            link: Link | None = None
            try:
                link = await connect()
                await link.execute(f"listen {CHANNEL}")
                self.is_hearing = True
                self.notice(list(self._shown))
                async for told in link.notifies():
                    self.notice(_numbers(told.payload))
            except TROUBLE as error:
                log.warning("nothing is heard of the halls: %s", error)
            finally:
                self.is_hearing = False
                await drop(link)
            await asyncio.sleep(BLIND_S / 2)

    async def _look_after(self) -> None:
        """While blind, read everything again; forget what nobody asks for."""
        while True:
            await asyncio.sleep(BLIND_S)
            now = time.monotonic()
            for shown in list(self._shown.values()):
                if not shown.watchers and now - shown.asked_at > KEEP_S:
                    del self._shown[shown.lot]
                elif shown.alarm is None:
                    self._set_alarm(shown)
            if not self.is_hearing:
                self.notice(list(self._shown))


def _numbers(payload: str) -> list[int]:
    return [int(part) for part in payload.split(",") if part.isdecimal()]
