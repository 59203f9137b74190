"""What every benchmark shares: a database of its own, and two things measured in turn.

Import this before any model: it sets Django up.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import django
import psycopg

django.setup()

from django.conf import settings  # noqa: E402  (after setup)
from django.db import connections  # noqa: E402  (after setup)
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402  (after setup)

from tests import database as databases  # noqa: E402  (after setup)
from xiaoer.config import database  # noqa: E402  (after setup)
from xiaoer.config.database import Addresses  # noqa: E402  (after setup)
from xiaoer.config.settings import _database  # noqa: E402  (after setup)

Work = Callable[[], object]
PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6}


@dataclass(frozen=True, slots=True)
class Bench:
    """A town's database made for one benchmark; Django is signed in to it as the web role."""

    addresses: Addresses
    link: BaseDatabaseWrapper

    def use(self) -> None:
        """Turn Django to this database again, on the connection it had: to measure two in turn."""
        connections["default"] = self.link

    @contextmanager
    def as_owner(self) -> Iterator[psycopg.Connection]:
        """A connection of the owner in maintenance, to fill tables in bulk.

        Afterwards the tables are vacuumed and analysed, as they would be on a server left alone
        for a minute.
        """
        with psycopg.connect(self.addresses.owner) as link:
            link.execute("select set_config('x.maintenance', 'on', false)")
            yield link
        with psycopg.connect(self.addresses.owner, autocommit=True) as link:
            link.execute("set client_min_messages = error")
            link.execute("vacuum (analyze)")


@contextmanager
def bench_database(name: str) -> Iterator[Bench]:
    """A fresh clone of the town for one benchmark; it is dropped afterwards."""
    databases.be_durable()
    addresses = databases.clone(databases.template("town"), f"{databases.PREFIX}_bench_{name}")
    link = _point_django_at(addresses.web)
    try:
        yield Bench(addresses, link)
    finally:
        link.close()
        connections.close_all()
        database.drop_database(addresses)


def _point_django_at(url: str) -> BaseDatabaseWrapper:
    """A connection with settings of its own; connections of further threads go there too."""
    settings.DATABASES["default"].update(_database(url))
    kept = connections["default"]
    link = type(kept)(dict(kept.settings_dict) | _database(url), "default")
    connections["default"] = link
    return link


def compare(
    name: str,
    unit: str,
    ours: Work,
    theirs: Work | float,
    against: str,
    bound: float,
    runs: int = 15,
    smaller_is_better: bool = True,
) -> None:
    """Measure both in turn and print one line: medians, their ratio, and whether the bound holds.

    A piece of work that returns a float is measured by it (a rate, bytes), any other by
    the time it takes, in ``unit`` (s, ms or us). ``theirs`` may be a number known before. ``ratio``
    is ours to theirs; it holds up to ``bound``, or from ``bound`` on when larger is better.
    """
    works: list[Work] = [ours, *([theirs] if callable(theirs) else [])]
    for work in works:
        work()  # the first run fills caches and is not counted
    taken: list[list[float]] = [[_measure(work, unit) for work in works] for _run in range(runs)]
    our = median(row[0] for row in taken)
    their = float(theirs) if not callable(theirs) else median(row[1] for row in taken)
    report(name, unit, our, their, against, bound, smaller_is_better=smaller_is_better)


def report(
    name: str,
    unit: str,
    ours: float,
    theirs: float,
    against: str,
    bound: float,
    *,
    smaller_is_better: bool = True,
    **beside: object,
) -> None:
    """Print the line of a result measured elsewhere, with what else a reader should know."""
    ratio = ours / theirs if theirs else float("inf")
    line = {
        "name": name,
        "ours": _short(ours),
        "unit": unit,
        "against": against,
        "theirs": _short(theirs),
        "ratio": _short(ratio),
        "bound": bound,
        "holds": ratio <= bound if smaller_is_better else ratio >= bound,
        **beside,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _measure(work: Work, unit: str) -> float:
    began = time.perf_counter()
    answer = work()
    taken = time.perf_counter() - began
    if isinstance(answer, float):
        return answer
    return taken * PER_SECOND[unit]


def _short(value: float) -> float:
    """Four figures are more than a measurement on a busy machine carries."""
    return float(f"{value:.4g}")
