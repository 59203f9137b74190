"""Clients of the live hall that cost little themselves: requests written by hand on kept connections."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit


class Link:
    """One kept connection."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self.host, self.port = place.hostname or "", place.port or 80
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def open(self) -> "Link":
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port, limit=2**20)
        return self

    def send(self, method: str, path: str, body: bytes = b"", cookie: str = "") -> None:
        more = f"cookie: sessionid={cookie}\r\n" if cookie else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: {self.host}:{self.port}\r\n{more}"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)

    async def answer(self) -> tuple[int, bytes]:
        """Status and body of an answer that says its length, or comes in pieces."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        status, lower = int(head[9:12]), head.lower()
        if b"content-length:" in lower:
            size = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0])
            return status, await self.reader.readexactly(size)
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readline()
        return status, body


async def rate(
    address: str,
    clients: int,
    seconds: float,
    asked: Callable[[int], tuple[str, str, bytes]],
    cookie: str = "",
    good: bytes = b"",
) -> float:
    """Good answers a second; ``asked(n)`` is the n-th request, ``good`` must stand in its answer."""  # fmt: skip
    counted = asked_for = 0
    end = time.monotonic() + seconds

    async def client() -> None:
        nonlocal counted, asked_for
        link = await Link(address).open()
        while time.monotonic() < end:
            asked_for += 1
            link.send(*asked(asked_for), cookie)
            status, body = await link.answer()
            counted += status == 200 and good in body
        link.writer.close()

    await asyncio.gather(*(client() for _n in range(clients)))
    return counted / seconds
