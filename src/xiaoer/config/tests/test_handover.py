"""What leaves the pages' threads is what the page said, in as few pieces as its length allows."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from xiaoer.config.handover import KEPT_BYTES, KEPT_S, Handover

Start = Callable[..., Callable[[bytes], None]]
Pages = Callable[[dict[str, Any], Start], Iterable[bytes]]


def asked(pages: Pages, *bodies: bytes) -> list[Any]:
    """The messages a page's answer leaves in."""
    coming = [
        {"type": "http.request", "body": body, "more_body": n < len(bodies) - 1}
        for n, body in enumerate(bodies)
    ]
    left: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0)

    async def send(message: Any) -> None:
        left.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/园区/", "query_string": b"q=1", "headers": [],
        "http_version": "1.1", "server": ("127.0.0.1", 80), "client": ("10.0.0.9", 1),
    }  # fmt: skip
    with ThreadPoolExecutor(1) as apart:  # browsers of other tests leave a loop in this thread
        apart.submit(lambda: asyncio.run(Handover(pages, 1)(scope, receive, send))).result()
    return left


def test_a_page_leaves_in_one_piece_with_its_status_and_headers() -> None:
    def page(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        said = environ["wsgi.input"].read()
        start("201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1")])
        return [environ["REMOTE_ADDR"].encode(), b" ", said]

    begun, body = asked(page, b"one ", b"two")
    assert (begun["type"], begun["status"]) == ("http.response.start", 201)
    assert begun["headers"] == [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1")]
    assert (body["body"], body["more_body"]) == (b"10.0.0.9 one two", False)


def test_a_long_file_leaves_in_parts_while_it_is_read() -> None:
    def page(_environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        for n in range(200):
            yield bytes([n]) * 4096

    begun, *parts = asked(page)
    most = max(len(part["body"]) for part in parts)
    assert begun["status"] == 200
    assert b"".join(part["body"] for part in parts) == b"".join(
        bytes([n]) * 4096 for n in range(200)
    )
    assert most <= KEPT_BYTES
    assert [part["more_body"] for part in parts] == [True] * (len(parts) - 1) + [False]


def test_what_is_long_in_coming_is_not_kept_back() -> None:
    def page(_environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"first"
        time.sleep(KEPT_S * 1.5)
        yield b"second"
        yield b"third"

    assert [part["body"] for part in asked(page)[1:]] == [b"firstsecond", b"third"]


def test_a_page_that_breaks_says_nothing_half_and_is_closed() -> None:
    closed = []

    class Broken:
        def __iter__(self) -> Iterator[bytes]:
            yield b"half"
            raise ZeroDivisionError

        def close(self) -> None:
            closed.append(True)

    def page(_environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return Broken()

    with pytest.raises(ZeroDivisionError):
        asked(page)
    assert closed == [True]


def test_a_page_without_words_is_whole() -> None:
    def page(_environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("304 Not Modified", [])
        return []

    begun, body = asked(page)
    assert (begun["status"], body["body"], body["more_body"]) == (304, b"", False)
