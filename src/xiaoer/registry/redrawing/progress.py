"""How far a proposal is, told while it is computed, and whether somebody asked to stop it.

The computation is one transaction, so what it writes is seen by nobody until it ends; its progress,
and the wish to stop, go through a connection of their own.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, connections

from xiaoer.base.scope import STAFF
from xiaoer.registry.models import Redrawing

# Told the phase and how many hundredths are done; answers whether to stop.
Tell = Callable[[Redrawing.Phase, int], bool]

LOCK = 7311
EVERY = 0.3
_SAY = """
update redrawing set state = 'running', phase = %(phase)s, percent = %(percent)s
where zone_id = %(zone)s and id = %(number)s and state in ('asked', 'running')
returning is_stop_asked
"""
_AT_WORK = """
select exists (select from pg_locks
               where locktype = 'advisory' and classid = %s and objid = %s and granted
                 and database = (select oid from pg_database where datname = current_database()))
"""


def tell_nobody(_phase: Redrawing.Phase, _percent: int) -> bool:
    """For whoever waits for the whole."""
    return False


@contextmanager
def telling(*, zone_id: int, number: int) -> Iterator[Tell]:
    """Tell the progress of one proposal to whoever looks at its page; heard at most every 0.3 s."""
    link = connections["default"].copy()
    said: tuple[str, float] = ("", 0.0)
    is_stopped = False
    try:
        with link.cursor() as cursor:
            cursor.execute(
                "select set_config('role', %s, false), set_config('x.zone', %s, false)",
                [STAFF, str(zone_id)],
            )

        def tell(phase: Redrawing.Phase, percent: int) -> bool:
            nonlocal said, is_stopped
            if said[0] == phase and time.monotonic() - said[1] < EVERY:
                return is_stopped
            given: dict[str, int | str] = {
                "zone": zone_id,
                "number": number,
                "phase": phase,
                "percent": percent,
            }
            with link.cursor() as cursor:
                cursor.execute(_SAY, given)
                row = cursor.fetchone()
            said, is_stopped = (phase, time.monotonic()), row is not None and bool(row[0])
            return is_stopped

        yield tell
    finally:
        link.close()


def take_lock(number: int) -> bool:
    """Take the proposal for this transaction; False if somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [LOCK, number % 2**31])
        return bool(cursor.fetchone()[0])


def is_at_work(number: int) -> bool:
    """Whether somebody is really at it: a killed server's lock goes with it."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, [LOCK, number % 2**31])
        return bool(cursor.fetchone()[0])
