"""The API keeps its word: no server error and no answer outside its own description, whatever is sent."""

import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.server import Server, served
from xiaoer.config.api import api

TOKEN = "a-token-of-the-tests"
ASKED = {"authorization": f"Bearer {TOKEN}"}
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
    content_type_conformance,
]
EXAMPLES = int(os.environ.get("XIAOER_API_EXAMPLES", "4"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "api") as server:
        _give_token(server)
        yield server


def _give_token(server: Server) -> None:
    """A token of the administrator of east, as the page 我的 would make it."""
    with psycopg.connect(server.database.owner) as link:
        link.execute("select set_config('x.maintenance', 'on', true)")
        link.execute(
            "insert into api_token (id, account_id, post_ref, name, token_hash, scopes, expires_at)"
            " select 424242, a.id, t.id, 'tests', %s, '[\"read\", \"write\"]', now() + interval '1 day'"
            " from account a join person p on p.account_id = a.id join post t on t.person_id = p.id"
            " where a.username = 'east-admin'",
            [hashlib.sha256(TOKEN.encode()).hexdigest()],
        )


schema = schemathesis.openapi.from_dict(
    json.loads(json.dumps(api.get_openapi_schema(), default=str))
)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
def test_no_input_breaks_the_api_or_its_description(server: Server, case: Any) -> None:
    case.call_and_validate(base_url=server.address, headers=ASKED, checks=CHECKS)


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer x"}, {"authorization": "Basic eDp5"}]
)
def test_without_a_good_token_the_api_says_so_and_nothing_else(
    server: Server, headers: dict[str, str]
) -> None:
    answer = requests.get(f"{server.address}/api/v1/figures", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert set(answer.json()) == {"message", "field"}


def test_a_page_of_somebody_else_cannot_use_a_browser_s_session(sign_in: Any, db: None) -> None:
    """The session alone writes nothing; the browser must show that it read our page."""
    client = sign_in("east-admin")
    client.handler.enforce_csrf_checks = True
    answer = client.post("/api/v1/offices", {"name": "别处来的"}, content_type="application/json")
    assert answer.status_code == 403
