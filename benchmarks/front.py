"""What the live hall in front costs the pages: a signed-in list page with it, and of Django alone."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median

from benchmarks.measure import report

from benchmarks.hall_clients import rate  # isort: skip  (after setup)
from benchmarks.hall_stock import SIGNED_IN  # isort: skip
from tests.journeys.test_loop import told  # isort: skip
from tests.server import Server, free_port, served, start, wait_for  # isort: skip
from xiaoer.config.asgi import THREADS  # isort: skip

CLIENTS, SECONDS, ROUNDS, WORKERS = 8, 3, 3, 2
PAGE = "/enterprises/"


@contextmanager
def alone(server: Server) -> Iterator[str]:
    """The same pages on the same database without the front; their address."""
    port = free_port()
    command = [
        {"asgi": "wsgi", "xiaoer.config.asgi:application": "xiaoer.config.wsgi:application"}.get(
            part, part
        )
        for part in server.command
    ]
    command[command.index("--port") + 1] = str(port)
    command += ["--blocking-threads", str(THREADS)]
    address = f"http://127.0.0.1:{port}"
    bare = replace(
        server, address=address, command=command, process=start(command, server.environment)
    )
    try:
        wait_for(address)
        yield address
    finally:
        bare.kill()


def main() -> None:
    with served("town", "bench_front", workers=WORKERS) as server, alone(server) as bare:
        cookie = told(server, SIGNED_IN, "east-officer")

        def pages(address: str, clients: int) -> float:
            return asyncio.run(
                rate(address, clients, SECONDS, lambda _n: ("GET", PAGE, b""), cookie)
            )

        for clients in (1, CLIENTS):
            taken = [(pages(server.address, clients), pages(bare, clients)) for _n in range(ROUNDS)]
            report(
                f"list pages a second behind the live hall, {clients} at once", "1/s",
                median(ours for ours, _bare in taken), median(bare for _ours, bare in taken),
                "Django's WSGI on the same threads, without the hall", 0.9, smaller_is_better=False,
            )  # fmt: skip


if __name__ == "__main__":
    main()
