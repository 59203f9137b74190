"""How many watchers a second read a lot from its snapshot, with no bid and with twenty thousand?

Real granian with two processes, 16 kept connections, everything on the same cores.
"""

import asyncio
import sys

from benchmarks.measure import report

from benchmarks.hall_clients import rate  # isort: skip  (after setup)
from tests.journeys.test_loop import told  # isort: skip
from tests.server import served  # isort: skip
from xiaoer.assets.tests.live_halls import halls_on  # isort: skip

CLIENTS, GOAL = 16, 3_000.0
SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else 3
MANY = """
import sys, uuid
from hashlib import sha256
import django
django.setup()
from django.db import connection
seats = [sha256(one.encode()).hexdigest() for one in sys.argv[2:4]]
lot = int(sys.argv[1])
with connection.cursor() as cursor:
    for call in range(20):
        amounts = [1_000_000 + 50_000 * (call * 1000 + n) for n in range(1000)]
        cursor.execute("select count(*) from place_bids(%s::bigint[], %s, %s::bigint[], %s::uuid[])",
                       [[lot] * 1000, seats * 500, amounts, [uuid.uuid4() for _n in amounts]])
"""


def main() -> None:
    with served("town", "bench_lot", workers=2) as server:
        [lot] = halls_on(server, 1, 2, most=10**15)
        path = f"/live/lots/{lot.lot}"
        measured = []
        for _turn in range(2):
            measured.append(
                asyncio.run(rate(server.address, CLIENTS, SECONDS, lambda _n: ("GET", path, b"")))
            )
            told(server, MANY, str(lot.lot), *lot.seats)
        none, many = measured
        report("snapshots of a lot a second", "1/s", none, GOAL, "the goal", 1.0,
               smaller_is_better=False)  # fmt: skip
        report("snapshots of a lot with 20,000 bids a second", "1/s", many, none, "with no bid",
               0.8, smaller_is_better=False)  # fmt: skip


if __name__ == "__main__":
    main()
