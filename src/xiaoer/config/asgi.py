"""What granian serves: the live hall on the event loop, pages and API by Django on threads."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from granian.utils.proxies import wrap_asgi_with_proxy_headers

from xiaoer.config.handover import Handover
from xiaoer.config.wsgi import application as pages

from xiaoer.assets.live import LiveHall  # isort: skip  (Django must be set up before any room)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
# Requests of one process that are worked on at once; further ones wait.
THREADS = 4


class Front:
    """Leads each request to the live hall or to the pages."""

    def __init__(self) -> None:
        self._live = LiveHall()
        self._pages = Handover(pages, THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live_through(receive, send)
        elif scope["type"] == "http" and scope["path"].startswith("/live/"):
            await self._live(scope, receive, send)
        elif scope["type"] == "http":
            await self._pages(_plain(scope), receive, send)

    async def _live_through(self, receive: Receive, send: Send) -> None:
        await receive()
        self._live.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._live.stop()
        await send({"type": "lifespan.shutdown.complete"})


def _plain(scope: Scope) -> Scope:
    """As CGI has it: HTTP/2 sends cookies in pieces, and an address may hold any byte."""
    headers = scope["headers"]
    cookies = [value for name, value in headers if name == b"cookie"]
    if len(cookies) > 1:
        headers = [pair for pair in headers if pair[0] != b"cookie"]
        headers.append((b"cookie", b"; ".join(cookies)))
    query = scope["query_string"]
    if not query.isascii():
        query = b"".join(b"%%%02X" % byte if byte > 127 else bytes((byte,)) for byte in query)
    return {**scope, "headers": headers, "query_string": query}


def believing(proxies: str) -> Any:
    """The front, to which these proxies (addresses or networks, by commas) say on whose behalf they ask.

    Nobody else is believed: whoever comes by another way is at the address it connects from.
    """
    trusted = [one.strip() for one in proxies.split(",") if one.strip()]
    return wrap_asgi_with_proxy_headers(Front(), trusted) if trusted else Front()


application = believing(os.environ.get("XIAOER_PROXIES", ""))
