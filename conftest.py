"""One PostgreSQL for all tests; each worker has a clone of the town, signed in as the web role."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import database as databases
from tests.browser import browser as browser
from tests.town import NOW, actor, hash_in_passing
from xiaoer.base.models import Account
from xiaoer.base.scope import Actor
from xiaoer.config import database
from xiaoer.config.settings import _database
from xiaoer.papers import signing
from xiaoer.papers.ocr import process as reading_process

# A worker of the tests has one core: readings that spin on all of them hold up the others.
reading_process.COMMAND.append("1")
hash_in_passing()
# How fast examples are drawn and tried beside a whole suite on two cores is no claim of a test.
hypothesis_settings.register_profile(
    "tests", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("tests")
# What takes longest is begun first, so that no worker ends long after the other. The first builds
# the demo; other files that need it come later, when it stands.
LONG = (
    "tests/journeys/test_every_page.py",
    "tests/test_api.py",
    "src/xiaoer/papers/tests/test_reading.py",
    "tests/test_hostile.py",
    "tests/journeys/",
    "src/xiaoer/config/tests/test_postgres.py",
    "src/xiaoer/assets/tests/test_live_crash.py",
    "src/xiaoer/demo/tests/",
    "src/xiaoer/permits/tests/test_unattended.py",
    "src/xiaoer/outreach/tests/test_dirty.py",
    "src/xiaoer/registry/tests/test_bad_input.py",
    "tests/test_wheel.py",
    "src/xiaoer/rules/tests/test_running.py",
)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        databases.hurry()
        _share_compiled_pages(config)


def _share_compiled_pages(config: pytest.Config) -> None:
    """What one worker or server compiles the others of this run load; the next run begins anew."""
    folder = tempfile.TemporaryDirectory(prefix="xiaoer-pages-", ignore_cleanup_errors=True)
    os.environ["XIAOER_COMPILED_PAGES"] = folder.name
    config.add_cleanup(folder.cleanup)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """What has been loaded stays to the end: no search for garbage walks through it again."""
    gc.freeze()


def _turn(item: pytest.Item) -> int:
    return next((n for n, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG))


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
