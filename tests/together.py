"""Two at once, with real commits: a database of a test's own, and acts let go at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connections

from conftest import point_django_at
from tests import database as databases
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.config import database

PATIENCE = 30
Act = tuple[Actor, Callable[[], object]]


@contextmanager
def committed(blocker: Any, name: str) -> Iterator[None]:
    """The town of the tests in a database where everything is really committed."""
    own = databases.clone(databases.template("town"), f"{databases.PREFIX}_{name}")
    before = connections["default"].settings_dict["NAME"]
    with blocker.unblock():
        point_django_at(own.web)
        try:
            yield
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


def at_once(*acts: Act) -> list[object]:
    """What each came to, or the words of its refusal; all let go at the same moment."""
    gate = Barrier(len(acts))

    def run(act: Act) -> object:
        by, does = act
        try:
            with acting(by):
                gate.wait(PATIENCE)
                return does()
        except Refused as no:
            return str(no)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
