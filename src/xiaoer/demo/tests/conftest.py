"""The built demo as a database of its own, for as long as a file of tests runs."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from tests import database as databases
from xiaoer.config import database
from xiaoer.config.settings import _database


def _point(address: dict[str, object]) -> None:
    connections["default"].close()
    settings.DATABASES["default"].update(address)
    connections["default"].settings_dict.update(address)


@pytest.fixture(scope="module")
def demo_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """A clone of the demo as it was built on the day of the test towns, signed in as the web role."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
    name = f"{databases.PREFIX}_demo_{worker}"
    addresses = databases.clone(databases.template("demo"), name)
    with django_db_blocker.unblock():
        kept = dict(connections["default"].settings_dict)
        _point(_database(addresses.web))
        yield
        _point(kept)
    database.drop_database(addresses)
