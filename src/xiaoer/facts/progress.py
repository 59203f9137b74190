"""How far a large sheet of figures is, told through a connection of its own while it runs.

The work is one transaction that nobody sees into; it touches the run's row only at its very end, so
that telling never waits for it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, connections

from xiaoer.base.scope import STAFF

Tell = Callable[[str], None]
LOCK = 7316
READING, CHECKING, WRITING = "reading", "checking", "writing"
_SAY = """
update fact_import set state = 'running', phase = %(phase)s
where zone_id = %(zone)s and id = %(run)s and state in ('queued', 'running')
"""
_AT_WORK = """
select exists (select from pg_locks
               where locktype = 'advisory' and classid = %s and objid = %s and granted
                 and database = (select oid from pg_database where datname = current_database()))
"""


def tell_nobody(_phase: str) -> None:
    """For sheets somebody waits for."""


@contextmanager
def telling(*, zone_id: int, run_id: int) -> Iterator[Tell]:
    """Tell the phase of one run to whoever looks at its page."""
    link = connections["default"].copy()
    try:
        with link.cursor() as cursor:
            cursor.execute(
                "select set_config('role', %s, false), set_config('x.zone', %s, false)",
                [STAFF, str(zone_id)],
            )

        def tell(phase: str) -> None:
            with link.cursor() as cursor:
                cursor.execute(_SAY, {"zone": zone_id, "run": run_id, "phase": phase})

        yield tell
    finally:
        link.close()


def take_lock(run_id: int) -> bool:
    """Take the run for this transaction; False if somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [LOCK, run_id % 2**31])
        return bool(cursor.fetchone()[0])


def is_at_work(run_id: int) -> bool:
    """Whether somebody is really at this run: a killed worker's lock goes with it."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, [LOCK, run_id % 2**31])
        return bool(cursor.fetchone()[0])
