"""What do the policies cost a list of fifty among a million?

Against the same query with its condition written out, asked by a role that no policy binds; both
inside a transaction. The plan under the policies must read the index in order: no sort.
"""

from typing import Any

import psycopg
from django.db import connection

from benchmarks.measure import compare, report
from benchmarks.stock import stock
from xiaoer.base.scope import acting

RUNS = 50
LIST = (
    "select id, name, credit_code, status, cell_id from party"
    " where zone_id = %s and merged_into_id is null and cell_id is not null"
    " order by name, id limit 50"
)


def sorts_in(plan: dict[str, Any]) -> int:
    below = sum(sorts_in(part) for part in plan.get("Plans", ()))
    return below + ("Sort" in plan["Node Type"])


def main() -> None:
    stocked = stock()
    by = stocked.large

    def ours() -> None:
        with acting(by):
            # The driver itself, as on the other side: it is the policies that are measured.
            for _run in range(RUNS):
                connection.connection.execute(LIST, [by.zone_id]).fetchall()

    with psycopg.connect(stocked.bench.addresses.admin, prepare_threshold=None) as link:

        def theirs() -> None:
            with link.transaction():
                for _run in range(RUNS):
                    link.execute(LIST, [by.zone_id]).fetchall()

        compare(
            "row_security_list", "ms", ours, theirs, "the condition written out, no policy", 1.5
        )
    with acting(by), connection.cursor() as cursor:
        cursor.execute("explain (format json) " + LIST, [by.zone_id])
        [[explained]] = cursor.fetchall()
    report("row_security_sorts", "sort nodes", sorts_in(explained[0]["Plan"]), 1, "one", 0)


if __name__ == "__main__":
    main()
