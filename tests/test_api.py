"""The API keeps its word: no server error and no answer outside its own description, whatever is sent."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import requests
import schemathesis
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings, strategies
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.schemas import BaseSchema
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
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
ROOT = "/api/v1/"
# The description itself, and the page people read it on.
UNDESCRIBED = {f"{ROOT}{name}" for name in ("openapi.json", "docs", "")}
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


def addresses() -> list[str]:
    """Every address of the API as its description writes it, found without describing anything."""
    patterns = next(  # type: ignore[union-attr]  # the API is a resolver
        one for one in get_resolver().url_patterns if str(one.pattern) == ROOT.strip("/") + "/"
    ).url_patterns
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(one.pattern)) for one in patterns}
    return sorted(ROOT + route for route in routes)


@pytest.fixture(scope="module")
def description() -> BaseSchema:
    return schemathesis.openapi.from_dict(
        json.loads(json.dumps(api.get_openapi_schema(), default=str))
    )


def test_every_address_is_described(description: BaseSchema) -> None:
    assert set(description) == set(addresses()) - UNDESCRIBED


# One test for each address, made when its turn comes: schemathesis' own would make them all, with
# some fifty cases each, while they are collected, and give them one name.
@pytest.mark.parametrize("address", sorted(set(addresses()) - UNDESCRIBED))
def test_no_input_breaks_the_api_or_its_description(
    server: Server, description: BaseSchema, address: str
) -> None:
    for operation in description[address].values():

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        @given(strategies.one_of([operation.as_strategy(generation_mode=mode) for mode in MODES]))
        def holds(case: Case[Any]) -> None:
            case.call_and_validate(base_url=server.address, headers=ASKED, checks=CHECKS)

        holds()


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
