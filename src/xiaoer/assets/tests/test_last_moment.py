"""The edges of a hall to the microsecond: what counts just before them, and what no longer just after.

The database reckons by its own clock, which nobody can stop. But the time of a hall never runs back:
where its last moment lies ahead of the clock, the next thing happens at that very moment. So the
owner of the database, and nobody else, can lead a hall to any moment and see what is decided there.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conftest import point_django_at
from tests import database as databases
from tests.town import actor
from xiaoer.assets.models import Hall, LedgerLine
from xiaoer.assets.tests.halls import Answer, TestHall, a_hall, call
from xiaoer.assets.tests.test_halls import verified
from xiaoer.base.scope import Actor, acting
from xiaoer.config import database
from xiaoer.config.database import Addresses

MICRO, MILLI = timedelta(microseconds=1), timedelta(milliseconds=1)
# Hours ahead of the clock, so that it never catches up with what is claimed.
AHEAD: dict[str, Any] = {"opens": 3_600, "free": 7_200, "ends": 10_800}


@pytest.fixture(scope="module")
def own(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Addresses]:
    """The town in a database of its own, where the owner sees what was committed."""
    own = databases.clone(databases.template("town"), f"{databases.PREFIX}_moment_{worker_id}")
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            yield own
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


@pytest.fixture
def by(own: Addresses) -> Actor:
    return actor("east-desk")


def lead(own: Addresses, hall: TestHall, moment: datetime) -> None:
    """Let the next thing in a hall happen at this moment, or later where that lies behind it."""
    with psycopg.connect(own.owner) as link:
        link.execute("select set_config('x.maintenance', 'on', true)")
        moved = link.execute(
            "update auction_hall set last_at = greatest(last_at, %s) where lot_id = %s",
            [moment, hall.lot.pk],
        )
        assert moved.rowcount == 1


def now_of(by: Actor, hall: TestHall) -> Hall:
    with acting(by):
        return Hall.objects.get(lot=hall.lot)


def bid_at(own: Addresses, by: Actor, hall: TestHall, moment: datetime, who: int = 0) -> Answer:
    """A bid that beats whatever is bid, decided at exactly this moment."""
    lead(own, hall, moment)
    price = now_of(by, hall).price_fen
    with acting(by):
        said = hall.bid(who, 10_000 if price is None else price // 100 + 500)
        assert said.line and said.at == moment
        line = LedgerLine.objects.get(lot=hall.lot, seq=said.line)
    assert (line.at, line.outcome) == (moment, said.outcome)
    return said


def must_verify(by: Actor, hall: TestHall, folder: Path) -> None:
    """A stranger who recomputes the ledger comes to the same."""
    with acting(by):
        code, words = verified(hall, folder)
    assert code == 0, words


@pytest.mark.parametrize(
    ("edge", "off", "outcome"),
    [
        ("opens_at", -MILLI, "early"),
        ("opens_at", -MICRO, "early"),
        ("opens_at", 0 * MICRO, "accepted"),
        ("opens_at", MILLI, "accepted"),
        ("ends_at", -MILLI, "accepted"),
        ("ends_at", -MICRO, "accepted"),
        ("ends_at", 0 * MICRO, "late"),
        ("ends_at", MICRO, "late"),
        ("ends_at", MILLI, "late"),
    ],
)
def test_a_bid_counts_from_the_opening_to_the_last_moment_before_the_end(
    own: Addresses, by: Actor, tmp_path: Path, edge: str, off: timedelta, outcome: str
) -> None:
    with acting(by):
        hall = a_hall(by, **AHEAD)
    said = bid_at(own, by, hall, getattr(now_of(by, hall), edge) + off)
    assert said.outcome == outcome
    after = now_of(by, hall)
    assert (after.bids, after.price_fen) == ((1, 1_000_000) if outcome == "accepted" else (0, None))
    must_verify(by, hall, tmp_path)


@pytest.mark.parametrize(("off", "gives"), [(-MILLI, 0), (-MICRO, 0), (0 * MICRO, 60), (MILLI, 60)])
def test_a_bid_gives_time_from_the_end_of_free_bidding_on(
    own: Addresses, by: Actor, tmp_path: Path, off: timedelta, gives: int
) -> None:
    with acting(by):  # timed bidding lasts a minute, and each bid gives two
        hall = a_hall(by, opens=3_600, free=7_200, ends=7_260, extend=120)
    before = now_of(by, hall)
    said = bid_at(own, by, hall, before.free_until + off)
    assert said.outcome == "accepted"
    assert now_of(by, hall).extensions == (gives > 0)
    assert said.ends_at == before.ends_at + (timedelta(seconds=gives) + off if gives else 0 * off)
    must_verify(by, hall, tmp_path)


@pytest.mark.parametrize(
    ("off", "outcome"), [(-MILLI, "accepted"), (-MICRO, "accepted"), (0 * MICRO, "not_in_time")]
)
def test_who_must_bid_free_may_begin_until_free_bidding_is_over(
    own: Addresses, by: Actor, tmp_path: Path, off: timedelta, outcome: str
) -> None:
    with acting(by):
        hall = a_hall(by, must_free=True, **AHEAD)
    assert bid_at(own, by, hall, now_of(by, hall).free_until + off).outcome == outcome
    must_verify(by, hall, tmp_path)


def test_an_end_and_a_pause_know_the_same_last_moment(
    own: Addresses, by: Actor, tmp_path: Path
) -> None:
    with acting(by):
        early, late = a_hall(by, **AHEAD), a_hall(by, **AHEAD)
    for hall, off in ((early, -MICRO), (late, 0 * MICRO)):
        lead(own, hall, now_of(by, hall).ends_at + off)
    with acting(by):
        assert call("end_hall", early.lot.pk) == "running"
        assert call("pause_hall", early.lot.pk, "停电") == "done"
        assert call("pause_hall", late.lot.pk, "停电") == "late"
        assert call("end_hall", late.lot.pk) == "no_bid"
    for hall in (early, late):
        must_verify(by, hall, tmp_path)


# How far from an edge of the hall, as it then stands, each of several bids is decided.
NEAR = st.tuples(
    st.sampled_from(("opens_at", "free_until", "ends_at")),
    st.integers(-2_000, 2_000).map(lambda n: n * MICRO),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    moments=st.lists(NEAR, min_size=1, max_size=6),
    extend=st.sampled_from((0, 1, 120)),
    must_free=st.booleans(),
)
@example(
    moments=[("ends_at", -MICRO), ("ends_at", -MILLI), ("ends_at", 0 * MICRO)],
    extend=1,
    must_free=False,
)
def test_whatever_the_moments_what_counts_was_before_the_end(
    own: Addresses, by: Actor, tmp_path: Path, moments: list[tuple[str, timedelta]], extend: int,
    must_free: bool,
) -> None:  # fmt: skip
    with acting(by):
        hall = a_hall(by, extend=extend, must_free=must_free, **AHEAD)
    for n, (edge, off) in enumerate(moments):
        before = now_of(by, hall)
        moment = max(getattr(before, edge) + off, before.last_at)
        outcome = bid_at(own, by, hall, moment, n % 2).outcome
        assert (outcome == "late") == (moment >= before.ends_at)
        assert (outcome == "early") == (moment < before.opens_at)
        if outcome == "accepted":
            assert before.opens_at <= moment < before.ends_at
            assert now_of(by, hall).ends_at >= moment + MICRO
    must_verify(by, hall, tmp_path)
