"""The built demo instead of the town, for as long as a file of tests runs."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from tests import database as databases
from xiaoer.config import database
from xiaoer.config.database import Addresses
from xiaoer.config.settings import _database


def _point(address: dict[str, object]) -> None:
    connections["default"].close()
    settings.DATABASES["default"].update(address)
    connections["default"].settings_dict.update(address)


@pytest.fixture(scope="session")
def demo_clone(request: pytest.FixtureRequest) -> Iterator[Addresses]:
    """A clone of the demo as it was built on the day of the test towns: every test rolls back."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
    addresses = databases.clone(databases.template("demo"), f"{databases.PREFIX}_demo_{worker}")
    yield addresses
    database.drop_database(addresses)


@pytest.fixture(scope="module")
def demo_database(
    django_db_setup: None, django_db_blocker: Any, demo_clone: Addresses
) -> Iterator[None]:
    """The demo instead of the town, signed in as the web role."""
    with django_db_blocker.unblock():
        kept = dict(connections["default"].settings_dict)
        _point(_database(demo_clone.web))
        yield
        _point(kept)
