"""Connections of the live hall to the database: signed in like the pages, and made anew when lost."""

import asyncio
import logging
from typing import Any

import psycopg
from django.conf import settings
from psycopg.rows import TupleRow

log = logging.getLogger(__name__)
Link = psycopg.AsyncConnection[TupleRow]
Rows = list[tuple[Any, ...]]
# Longer than any work of the hall takes: whoever waits longer waits for a server that is gone.
ANSWER_S = 5.0
CONNECT_S = 3
# A server whose machine died says nothing at all: asked by the network itself, it is missed in ten
# seconds, not in a quarter of an hour. Only over a network; a socket of this machine knows at once.
MISSED = {
    "keepalives_idle": 4, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000,
}  # fmt: skip
# What a lost connection raises, and a server that says nothing.
LOST = (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError, OSError)
# What a loop survives that must not end before its process: also an answer nobody foresaw, such as
# that of a server which was put in another's place and may only read.
TROUBLE = (psycopg.Error, TimeoutError, OSError)


def _address() -> dict[str, Any]:
    """The database of the pages, as psycopg takes it."""
    given: dict[str, Any] = settings.DATABASES["default"]
    address = {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
        **given.get("OPTIONS", {}),
    }
    return {name: value for name, value in address.items() if value}


async def connect() -> Link:
    """A connection of its own, in which every statement is a transaction.

    A hall held by somebody else for seconds, such as by a person at the server's console, refuses
    the wait rather than letting all bidders stand.
    """
    link = await psycopg.AsyncConnection.connect(
        **{**MISSED, **_address()},
        autocommit=True,
        connect_timeout=CONNECT_S,
        prepare_threshold=0,
    )
    await link.execute(f"set statement_timeout = '{int(ANSWER_S * 800)}ms'")
    return link


async def drop(link: Link | None) -> None:
    """Let a connection go that may be broken already."""
    if link is None:
        return
    try:
        async with asyncio.timeout(1):
            await link.close()
    except LOST:
        log.info("a lost connection could not be closed")


class Asker:
    """One connection that asks one thing at a time and connects again by itself."""

    def __init__(self) -> None:
        self._link: Link | None = None
        self._turn = asyncio.Lock()

    async def ask(self, words: str, values: list[Any]) -> Rows:
        """The rows of a statement, which may be said twice: a kept connection that was cut in the
        meantime is replaced once.

        Raises:
            psycopg.OperationalError, TimeoutError: the database is not there; ask again later.
        """
        async with self._turn:
            try:
                return await self._ask(words, values)
            except LOST:
                was_cut = self._link is not None and self._link.closed
                await self.close()
                if not was_cut:
                    raise
            try:
                return await self._ask(words, values)
            except LOST:
                await self.close()
                raise

    async def _ask(self, words: str, values: list[Any]) -> Rows:
        async with asyncio.timeout(ANSWER_S):
            if self._link is None:
                self._link = await connect()
            cursor = await self._link.execute(words, values)
            return await cursor.fetchall()

    async def close(self) -> None:
        link, self._link = self._link, None
        await drop(link)
