"""The live hall's addresses: snapshot, stream, bids, what is mine, and the clock."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any
from uuid import UUID

from xiaoer.assets.live.audience import Audience
from xiaoer.assets.live.bids import ACCEPTED, Bid, Dispatcher, NotKnown, Said, TooMany
from xiaoer.assets.live.clock import written
from xiaoer.assets.live.ends import Ends
from xiaoer.assets.live.http import Receive, Request, Scope, Send, Wrong, answer, dumped
from xiaoer.assets.live.limits import Limits
from xiaoer.assets.live.links import TROUBLE
from xiaoer.assets.live.views import Shown, Views
from xiaoer.assets.live.words import words

log = logging.getLogger(__name__)
PREFIX = "/live/"
ADDRESS = re.compile(r"/live/lots/(\d{1,18})(?:/(stream|bids|mine))?")
# A proxy keeps a snapshot this long for everybody; the stream is never kept.
FRESH = b"public, max-age=1"
HEARTBEAT_S = 15.0
AGAIN_MS = 1500
MOST_FEN = 2**63 - 1
SEAT = "select * from seat_place(%s)"
MINE = "select * from my_hall(%s)"
MOST_SEATS = 20_000
Route = Callable[[Request, Send, int], Awaitable[None]]


class LiveHall:
    """The application under ``/live/``; one a process."""

    def __init__(self) -> None:
        self.views = Views()
        self._bids = Dispatcher()
        self._ends = Ends(self.views)
        self._audience = Audience(self.views)
        self._limits = Limits()
        self._seats: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._is_stopping = False
        self._routes: dict[tuple[str, str], Route] = {
            ("GET", ""): self._snapshot,
            ("HEAD", ""): self._snapshot,
            ("GET", "stream"): self._stream,
            ("POST", "bids"): self._bid,
            ("GET", "mine"): self._mine,
        }

    def start(self) -> None:
        """Begin to listen, to take bids and to end what is over; on the loop that serves."""
        self.views.start()
        self._bids.start()
        self._ends.start()
        self._audience.start()

    async def stop(self) -> None:
        """Let streams end and answer whoever waits that nothing is known."""
        self._is_stopping = True
        await self._audience.stop()
        await self._ends.stop()
        await self._bids.stop()
        await self.views.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            request.must_be_for_us()
            await self._lead(request, send)
        except Wrong as wrong:
            await request.read_rest()
            await self._say(request, send, wrong.status, wrong.outcome)
        except (NotKnown, *TROUBLE):
            await self._say(request, send, 503, "not_known")

    async def _lead(self, request: Request, send: Send) -> None:
        if request.path == "/live/clock":
            await self._clock(request, send)
            return
        found = ADDRESS.fullmatch(request.path)
        if found is None:
            raise Wrong(404, "no_hall")
        route = self._routes.get((request.method, found[2] or ""))
        if route is None:
            raise Wrong(405, "no_method")
        await route(request, send, int(found[1]))

    async def _shown(self, lot: int) -> Shown:
        shown = await self.views.of(lot)
        if shown is None or shown.view is None:
            raise Wrong(404, "no_hall")
        return shown

    async def _snapshot(self, request: Request, send: Send, lot: int) -> None:
        shown = await self._shown(lot)
        body = shown.body(self.views.clock.now())
        tag = (b"etag", shown.tag.encode())
        if request.header("if-none-match") == shown.tag:
            await answer(send, 304, b"", tag, kept=FRESH)
        else:
            await answer(send, 200, b"" if request.method == "HEAD" else body, tag, kept=FRESH)

    async def _clock(self, request: Request, send: Send) -> None:
        ahead = None
        if request.query("lot").isdecimal():
            shown = await self._shown(int(request.query("lot")[:18]))
            ahead = shown.view.ahead if shown.view else None
        await answer(send, 200, dumped({"now": written(self.views.clock.now(), ahead)}))

    async def _stream(self, request: Request, send: Send, lot: int) -> None:
        """Snapshots as they come. Each is whole: whoever missed some needs the last one only."""
        shown = await self._shown(lot)
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.ensure_future(_gone(request.receive))
        shown.watchers += 1
        try:
            await self._follow(shown, send, gone)
        finally:
            shown.watchers -= 1
            gone.cancel()

    async def _follow(self, shown: Shown, send: Send, gone: "asyncio.Future[None]") -> None:
        part = b"retry: %d\n%s" % (AGAIN_MS, shown.event(self.views.clock.now()))
        while not gone.done() and not self._is_stopping:
            turn = shown.next_turn()
            with suppress(ConnectionError):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.wait({turn, gone}, timeout=HEARTBEAT_S, return_when="FIRST_COMPLETED")
            part = shown.event(self.views.clock.now()) if turn.done() else b": still here\n\n"
        await send({"type": "http.response.body", "body": b""})

    async def _bid(self, request: Request, send: Send, lot: int) -> None:
        request.must_be_ours()
        bid = _bid_of(lot, await request.fields())
        if not self._limits.may(bid.seat):
            await self._say(request, send, 429, "too_fast", (b"retry-after", b"1"))
            return
        place = await self._seat(bid.seat)
        if place is None or place[0] != lot:
            raise Wrong(*((401, "no_seat") if place is None else (409, "other_lot")))
        try:
            said = await self._bids.place(bid)
        except TooMany as error:
            raise Wrong(503, "too_many") from error
        if said.outcome == "no_seat":
            raise Wrong(401, "no_seat")
        await self._told(request, send, lot, said)

    async def _told(self, request: Request, send: Send, lot: int, said: Said) -> None:
        """What became of a bid, after its commit; the ladder may already show later ones."""
        shown = await self._shown(lot)
        view = shown.view
        assert view is not None  # noqa: S101  ``_shown`` says so
        at = written(said.at)
        rank = said.rank or (shown.ladder_place(said.alias) if said.outcome == ACCEPTED else None)
        price = said.price_fen if said.ends_at else view.price_fen
        least = view.start_fen if price is None else price + view.step_fen
        told: dict[str, Any] = {
            "outcome": said.outcome,
            "at": at,
            "seq": said.line,
            "rank": rank,
            "alias": said.alias,
            "price_fen": price,
            "next_fen": least,
            "ends_at": written(said.ends_at or view.ends_at),
            "words": words(
                said.outcome,
                request.language,
                time=(at or "")[11:23],
                rank=str(rank or "–"),
                next=f"{least / 100:,.2f}".removesuffix(".00"),
            ),
        }
        await answer(send, 200, dumped(told))

    async def _mine(self, request: Request, send: Send, lot: int) -> None:
        seat = _hash_of(request.header("x-seat"))
        rows = await self.views.ask(MINE, [seat])
        if not rows:
            raise Wrong(401, "no_seat")
        of, alias, is_first, state, is_here, leads, highest, bids = rows[0]
        if not is_here or of != lot:
            raise Wrong(*((401, "no_seat") if not is_here else (409, "other_lot")))
        names = ("seq", "amount_fen", "outcome", "at", "ref")
        mine = [dict(zip(names, bid, strict=True)) for bid in bids]
        told = {
            "lot": lot,
            "alias": alias,
            "first_right": is_first,
            "admitted": state == "admitted",
            "leads": leads,
            "highest_fen": highest,
            "bids": [{**one, "at": written(one["at"] / 1000)} for one in mine],
        }
        await answer(send, 200, dumped(told))

    async def _seat(self, seat: str) -> tuple[int, int] | None:
        """Where a seat is; that never changes, so it is asked once."""
        known = self._seats.get(seat)
        if known is None:
            rows = await self.views.ask(SEAT, [seat])
            if not rows:
                return None
            known = (rows[0][0], rows[0][1])
            self._seats[seat] = known
            while len(self._seats) > MOST_SEATS:
                self._seats.popitem(last=False)
        return known

    async def _say(
        self, request: Request, send: Send, status: int, outcome: str, *more: tuple[bytes, bytes]
    ) -> None:
        told = {"outcome": outcome, "words": words(outcome, request.language)}
        await answer(send, status, dumped(told), *more)


async def _gone(receive: Receive) -> None:
    """Until the watcher went away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _hash_of(secret: object) -> str:
    if not isinstance(secret, str) or not 1 <= len(secret) <= 200:
        raise Wrong(401, "no_seat")
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _bid_of(lot: int, said: dict[str, Any]) -> Bid:
    amount, ref = said.get("amount_fen"), said.get("ref")
    if not isinstance(amount, int) or isinstance(amount, bool) or not -1 <= amount <= MOST_FEN:
        raise Wrong(422, "no_amount")
    try:
        number = UUID(ref) if isinstance(ref, str) else None
    except ValueError:
        number = None
    if number is None:
        raise Wrong(422, "garbage")
    return Bid(lot, _hash_of(said.get("seat")), amount, number)
