"""A list of threats: every address, as every role of another zone, reading and writing.

Nothing of the zone may be shown, nothing in it may change, and every miss is counted.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.permit_records import permit_records
from tests.records import MARK, Records, make_records
from tests.town import actor
from xiaoer.base.models import AccessMiss, Account
from xiaoer.base.scope import acting, system

SignIn = Callable[[str], Client]
STRANGERS = (
    "west-admin",
    "west-leader",
    "west-desk",
    "west-officer",
    "west-power",
    "west-statistics",
)
WORDS = {"zone_code": "east", "kind": "pdf", "figure": "filed", "figure_id": "003-024",
         "table": "appeal", "verb": "register", "code": "gdp", "side": "before"}  # fmt: skip
BODY = {"title": "x", "body": "x", "version": "1", "reason": "x", "text": "x", "name": "x"}


def addresses(
    patterns: list[object] | None = None, before: str = ""
) -> Iterator[tuple[str, dict[str, str]]]:
    """Every address of the product with the names of its parameters; not the packages' own."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        path = before + str(pattern.pattern)  # type: ignore[attr-defined]  # a resolver's pattern
        if path.startswith(("accounts/", "^accounts/", "api/")):
            continue
        if isinstance(pattern, URLPattern):
            yield (
                path,
                {name: type(kind).__name__ for name, kind in pattern.pattern.converters.items()},
            )
        else:
            yield from addresses(pattern.url_patterns, path)  # type: ignore[attr-defined]  # only resolvers have it


def filled(path: str, names: dict[str, str], records: Records) -> str:
    """The address of east's own record."""
    for name, kind in names.items():
        number = records.numbers.get(name, 0)
        word = str(number) if kind == "IntConverter" else WORDS.get(name, "x")
        start = path.index(
            "<" + (path.split(f":{name}>")[0].rpartition("<")[2] if f":{name}>" in path else name)
        )
        path = path[:start] + word + path[path.index(">", start) + 1 :]
    return "/" + path


def fingerprint(zone_id: int) -> dict[str, str]:
    """A hash of every row of a zone, table by table, as its own staff see them."""
    prints = {}
    with acting(system(zone_id)), connection.cursor() as cursor:
        for model in apps.get_models():
            if not model.__module__.startswith("xiaoer.") or model.__module__.startswith(
                "xiaoer.demo"
            ):
                continue
            if not any(field.name == "zone" for field in model._meta.get_fields()):
                continue
            table = model._meta.db_table
            cursor.execute(
                f"select t::text from {table} t where zone_id = %s order by 1", [zone_id]
            )
            rows = "\n".join(row[0] for row in cursor.fetchall())
            prints[table] = hashlib.sha256(rows.encode()).hexdigest()
    return prints


@pytest.fixture
def records(db: None) -> Records:
    made = make_records("east")
    return replace(made, numbers=made.numbers | permit_records(made))


@pytest.mark.parametrize("username", STRANGERS)
def test_no_address_shows_or_changes_anything_of_another_zone(
    sign_in: SignIn, records: Records, username: str
) -> None:
    east = actor("east-admin").zone_id
    before = fingerprint(east)
    client = sign_in(username)
    shown = []
    for path, names in addresses():
        address = filled(path, names, records)
        if address.startswith(("/r/", "/t/")):
            continue
        for answer in (client.get(address), client.post(address, BODY)):
            text = b"".join(answer) if answer.streaming else answer.content
            if MARK.encode() in text:
                shown.append(address)
            if names.keys() & records.numbers.keys():
                assert answer.status_code not in {200, 201, 204}, f"{address}: {answer.status_code}"
            assert answer.status_code < 500, address
    assert shown == []
    assert fingerprint(east) == before


def test_a_guessed_address_is_counted_and_the_count_survives_the_rollback(
    sign_in: SignIn, records: Records
) -> None:
    account = Account.objects.get(username="west-officer")
    before = AccessMiss.objects.filter(account=account).count()
    sign_in("west-officer").get(f"/appeals/{records.appeal.pk}/")
    assert AccessMiss.objects.filter(account=account).count() == before + 1


def test_nobody_sees_anything_without_signing_in(records: Records) -> None:
    client = Client()
    for path, names in addresses():
        address = filled(path, names, records)
        if address.startswith(("/r/", "/t/")):
            continue
        for answer in (client.get(address), client.post(address, BODY)):
            text = b"".join(answer) if answer.streaming else answer.content
            assert MARK.encode() not in text, address
            assert answer.status_code < 500, address


def test_a_card_s_code_opens_no_request_and_a_link_opens_only_its_own(records: Records) -> None:
    client = Client()
    card = client.get(f"/r/{records.card_code}/")
    assert card.status_code == 200
    assert records.appeal.body not in card.content.decode()
    track = client.get(f"/t/{records.track_token}/")
    assert track.status_code == 200
    assert records.appeal.title in track.content.decode()
    assert records.visit.said not in track.content.decode()
    for wrong in ("x", records.card_code, "a" * 32):
        assert client.get(f"/t/{wrong}/").status_code == 404


def test_outside_roles_cannot_write_a_single_table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, privilege_type from information_schema.role_table_grants"
            " where grantee in ('xiaoer_outside', 'xiaoer_city') and privilege_type <> 'SELECT'"
            " and table_name not like 'procrastinate%%'"
        )
        assert cursor.fetchall() == []


def test_demo_sign_in_is_not_there_in_a_real_zone() -> None:
    assert not settings.DEMO
    names = itertools.chain(path for path, _names in addresses())
    assert not [path for path in names if path.startswith("demo/")]
