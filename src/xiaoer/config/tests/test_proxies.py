"""Behind a proxy: who asks is whoever the proxy says, and what a visitor adds to it counts for nothing."""

from collections.abc import Iterator

import pytest
import requests

from tests.server import Server, served
from tests.town import PASSWORD

ME, NEIGHBOUR, FORGED = "203.0.113.7", "203.0.113.8", "203.0.113.9"
TRIES = 5


@pytest.fixture
def server() -> Iterator[Server]:
    with served("town", "proxied", XIAOER_PROXIES="127.0.0.1, 192.0.2.0/24") as running:
        yield running


def enter(server: Server, password: str, came_from: str) -> int:
    """Sign in as a proxy passes it on: at the end of the list stands the address it saw itself."""
    session = requests.Session()
    session.headers["X-Forwarded-For"] = came_from
    page = f"{server.address}/accounts/login/"
    session.get(page, timeout=60)
    form = {
        "login": "east-officer", "password": password,
        "csrfmiddlewaretoken": session.cookies["csrftoken"],
    }  # fmt: skip
    return session.post(page, data=form, timeout=60, allow_redirects=False).status_code


def test_a_lock_holds_for_the_address_behind_the_proxy_and_no_other(server: Server) -> None:
    told = [enter(server, "wrong", ME) for _try in range(TRIES)]
    assert told[-1] == 429
    assert enter(server, PASSWORD, NEIGHBOUR) == 302
    assert enter(server, PASSWORD, f"{FORGED}, {ME}") == 429
