"""Between the event loop and the pages' threads: a request goes over once, and its answer comes back once.

A bridge that hands over each piece of an answer by itself makes the thread wait for the loop three times
a page, and sixteen times for each 64 KB of a file. Here the thread keeps what it has until the answer is
whole; one that is long, or long in coming, is handed over in parts, and the thread waits until the
part was taken, so that a slow reader of a large file fills no memory.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from types import TracebackType
from typing import Any

from a2wsgi.wsgi import Body, build_environ

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
Pages = Callable[[Environ, Callable[..., Callable[[bytes], None]]], Iterable[bytes]]
Failure = tuple[type[BaseException], BaseException, TracebackType | None]
# A thread keeps this much of an answer, and for this long, before it hands a part over.
KEPT_BYTES, KEPT_S = 64 * 1024, 0.1


class Handover:
    """Pages written for threads (WSGI), served from an event loop (ASGI)."""

    def __init__(self, pages: Pages, threads: int) -> None:
        self._pages = pages
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        body = Body(loop, _coroutine(receive))  # type: ignore[arg-type]  # looser than the bridge's own
        environ: Any = build_environ(scope, body)  # type: ignore[arg-type]  # the same
        answer = _Answer(loop, send)
        work = partial(copy_context().run, answer.make, self._pages, environ)
        await loop.run_in_executor(self._threads, work)
        await answer.pass_on(is_whole=True)


class _Answer:
    """What a thread has of an answer and the reader has not yet."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop = loop
        self._send = send
        self._start: Message | None = None
        self._is_begun = False
        self._parts: list[bytes] = []
        self._size = 0
        self._since = 0.0

    def make(self, pages: Pages, environ: Environ) -> None:
        """Have the page answer; on its thread."""
        parts = pages(environ, self._begin)
        try:
            for part in parts:
                self._write(part)
        finally:
            getattr(parts, "close", lambda: None)()

    def _begin(
        self, status: str, headers: list[tuple[str, str]], failed: Failure | None = None
    ) -> Callable[[bytes], None]:
        """As WSGI has it: an answer that failed may be begun anew until something of it has left."""
        if failed and self._is_begun:
            raise failed[1].with_traceback(failed[2])
        self._start = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [
                (name.strip().lower().encode("latin1"), value.strip().encode("latin1"))
                for name, value in headers
            ],
        }
        return self._write

    def _write(self, part: bytes) -> None:
        if not self._parts:
            self._since = time.monotonic()
        self._parts.append(part)
        self._size += len(part)
        if self._size >= KEPT_BYTES or time.monotonic() - self._since >= KEPT_S:
            asyncio.run_coroutine_threadsafe(self.pass_on(is_whole=False), self._loop).result()

    async def pass_on(self, *, is_whole: bool) -> None:
        """Send what is there; on the loop, while the thread waits or is through."""
        if self._start is not None:
            await self._send(self._start)
            self._start, self._is_begun = None, True
        body, self._parts, self._size = b"".join(self._parts), [], 0
        await self._send({"type": "http.response.body", "body": body, "more_body": not is_whole})


def _coroutine(receive: Receive) -> Receive:
    """The server hands over something that can be awaited; the body asks for a coroutine."""

    async def received() -> Message:
        return await receive()

    return received
