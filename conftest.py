"""One PostgreSQL for all tests; each worker has a clone of the town, signed in as the web role."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import translation

from tests import database as databases
from tests.town import NOW, actor
from xiaoer.base.models import Account
from xiaoer.base.scope import Actor
from xiaoer.config import database
from xiaoer.config.settings import _database
from xiaoer.papers import signing
from xiaoer.papers.ocr import process as reading_process

# A worker of the tests has one core: readings that spin on all of them hold up the others.
reading_process.COMMAND.append("1")


def point_django_at(url: str) -> None:
    """Change the address of Django's connection in this process."""
    connections["default"].close()
    new = _database(url)
    settings.DATABASES["default"].update(new)
    connections["default"].settings_dict.update(new)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
    addresses = databases.clone(databases.template("town"), f"{databases.PREFIX}_test_{worker}")
    with django_db_blocker.unblock():
        point_django_at(addresses.web)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    database.drop_database(addresses)


@pytest.fixture(scope="session", autouse=True)
def signing_key() -> None:
    """What leaves is signed; real zones make their key, a test has one."""
    signing.make_key_where_none(name="测试", now=NOW)


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """Every test begins in the language the product opens in, whatever the one before it chose."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def of(db: None) -> Callable[[str], Actor]:
    """``of("east-officer")`` is the actor of that account of the town."""
    return actor


@pytest.fixture
def sign_in(db: None, settings: Any) -> Callable[[str], Client]:
    """``sign_in("east-officer")`` is a browser without scripts, signed in."""

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(username=username),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    return signed_in
