"""Requests and answers on the event loop: as little of HTTP as the live hall needs."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
MOST_BODY = 4096
# What is taken of a body nobody reads, and how long it may take: enough to hear the answer.
MOST_REST, REST_S = 65_536, 5.0
ALWAYS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
]
JSON, UNKEPT = b"application/json; charset=utf-8", b"no-store"


class Wrong(Exception):
    """What was sent is not answered; the status says why, the outcome names it for the words."""

    def __init__(self, status: int, outcome: str) -> None:
        super().__init__(outcome)
        self.status = status
        self.outcome = outcome


class Request:
    """A request as the server hands it over."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.scheme: str = scope.get("scheme", "http")
        self._query: bytes = scope.get("query_string", b"")
        self._headers: dict[str, bytes] = {
            name.decode("latin1").lower(): value for name, value in scope["headers"]
        }
        self.receive = receive
        self._is_read = False

    def header(self, name: str) -> str:
        return self._headers.get(name, b"").decode("latin1")

    def query(self, name: str) -> str:
        return parse_qs(self._query.decode("latin1")).get(name, [""])[-1]

    @property
    def language(self) -> str:
        """The reader's language: chosen on a page, else the browser's, else the product's."""
        chosen = [self._cookie(settings.LANGUAGE_COOKIE_NAME)]
        chosen += [one for one, _weight in parse_accept_lang_header(self.header("accept-language"))]
        for one in filter(None, chosen):
            try:
                return get_supported_language_variant(one)
            except LookupError:
                continue
        return settings.LANGUAGE_CODE

    def _cookie(self, name: str) -> str:
        if name not in self.header("cookie"):
            return ""
        try:
            found = SimpleCookie(self.header("cookie")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""

    def must_be_for_us(self) -> None:
        """The same hosts as the pages answer to.

        Raises:
            Wrong: a name this server was not given.
        """
        name, _port = split_domain_port(self.header("host"))
        if not name or not validate_host(name, settings.ALLOWED_HOSTS):
            raise Wrong(400, "garbage")

    def must_be_ours(self) -> None:
        """A page of somebody else's does not bid with what it found.

        Raises:
            Wrong: the browser says that the request began elsewhere.
        """
        origin = self.header("origin")
        if origin and urlsplit(origin).netloc != self.header("host"):
            raise Wrong(403, "elsewhere")
        if self.header("sec-fetch-site") not in ("", "same-origin", "none"):
            raise Wrong(403, "elsewhere")

    async def fields(self) -> dict[str, Any]:
        """The JSON object that was sent.

        Raises:
            Wrong: too much, not JSON, or no object.
        """
        if self.header("content-type").partition(";")[0].strip().lower() != "application/json":
            raise Wrong(415, "garbage")
        size = self.header("content-length")
        if size.isdecimal() and int(size) > MOST_BODY:
            raise Wrong(413, "garbage")
        body = b""
        while not self._is_read:
            body += await self._part()
            if len(body) > MOST_BODY:
                raise Wrong(413, "garbage")
        try:
            said = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Wrong(422, "garbage") from error
        if not isinstance(said, dict):
            raise Wrong(422, "garbage")
        return said

    async def read_rest(self) -> None:
        """Take what is still on its way: a server that answers before it has read a body closes the
        connection, and whoever is still sending gets an error instead of the answer."""
        left = MOST_REST
        with suppress(Wrong, TimeoutError):
            async with asyncio.timeout(REST_S):
                while not self._is_read and left > 0:
                    left -= len(await self._part())

    async def _part(self) -> bytes:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            self._is_read = True
            raise Wrong(400, "garbage")
        self._is_read = not message.get("more_body", False)
        part: bytes = message.get("body", b"")
        return part


async def answer(
    send: Send, status: int, body: bytes, *more: tuple[bytes, bytes], kept: bytes = UNKEPT
) -> None:
    """Send a whole answer."""
    headers = [
        *ALWAYS,
        (b"content-type", JSON),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", kept),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def dumped(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
