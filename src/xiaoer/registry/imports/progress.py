"""How far an import is, told while it runs.

The import is one transaction, so what it writes is seen by nobody until it ends; its progress goes
through a connection of its own. So the import itself touches the run's row only at its very end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, connections

from xiaoer.base.scope import STAFF
from xiaoer.registry.models import ImportRun

# Told the phase and how many rows of it are dealt with.
Tell = Callable[[ImportRun.Phase, int], None]

LOCK = 7306
_SAY = """
update import_run set state = 'running', phase = %(phase)s, done = %(done)s
where zone_id = %(zone)s and id = %(run)s and state in ('queued', 'running')
"""
_AT_WORK = """
select exists (select from pg_locks
               where locktype = 'advisory' and classid = %s and objid = %s and granted
                 and database = (select oid from pg_database where datname = current_database()))
"""


def tell_nobody(_phase: ImportRun.Phase, _done: int) -> None:
    """For imports somebody waits for."""


@contextmanager
def telling(*, zone_id: int, run_id: int) -> Iterator[Tell]:
    """Tell the progress of one run to whoever looks at its page."""
    link = connections["default"].copy()
    try:
        with link.cursor() as cursor:
            cursor.execute(
                "select set_config('role', %s, false), set_config('x.zone', %s, false)",
                [STAFF, str(zone_id)],
            )

        def tell(phase: ImportRun.Phase, done: int) -> None:
            with link.cursor() as cursor:
                cursor.execute(_SAY, {"zone": zone_id, "run": run_id, "phase": phase, "done": done})

        yield tell
    finally:
        link.close()


def wait_for_zone(zone_id: int) -> None:
    """Let one sheet of a zone be written after another: both may bring the same new firm."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK + 1, zone_id % 2**31])


def take_lock(run_id: int) -> bool:
    """Take the run for this transaction; False if somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [LOCK, run_id % 2**31])
        return bool(cursor.fetchone()[0])


def is_at_work(run_id: int) -> bool:
    """Whether somebody is really at this run: a killed server's lock goes with it."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, [LOCK, run_id % 2**31])
        return bool(cursor.fetchone()[0])
