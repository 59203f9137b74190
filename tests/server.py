"""A real server for journeys: granian on a free port, on a clone of its own."""

import os
import random
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests import database as databases
from xiaoer.config import database
from xiaoer.config.database import Addresses
from xiaoer.config.serving import pages_command

# Of its own: what draws examples sets the other dice alike in every worker.
DICE = random.SystemRandom()


@dataclass
class Server:
    """A running server; ``kill`` is kill -9, as a machine would do it."""

    address: str
    database: Addresses
    command: list[str]
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        # The server and its workers, which would live on without it.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def start_again(self) -> None:
        self.process = start(self.command, self.environment)
        wait_for(self.address)


def start(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A server in a process group of its own, so that all of it can be killed at once."""
    return subprocess.Popen(command, env=environment, start_new_session=True)


@contextmanager
def served(kind: str, name: str, *, workers: int = 1, **more: str) -> Iterator[Server]:
    """Serve a clone of a template (``town`` or ``demo``) until the block ends."""
    addresses = databases.clone(databases.template(kind), f"{databases.PREFIX}_served_{name}")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "XIAOER_WEB_URL": addresses.web,
        "XIAOER_DATA": str(databases.FOLDER),
        "XIAOER_ADDRESS": address,
        "DJANGO_SETTINGS_MODULE": "xiaoer.config.settings",
        **more,
    }
    command = pages_command("127.0.0.1", port, workers)
    process = start(command, environment)
    server = Server(address, addresses, command, environment, process)
    try:
        wait_for(address)
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
        database.drop_database(addresses)


def free_port() -> int:
    """A port nobody listens at, below those an outgoing connection is given while a server starts."""
    while True:
        port = DICE.randrange(15_000, 30_000)
        with socket.socket() as door, suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port


def wait_for(address: str, seconds: float = 180) -> None:
    """Wait until the server answers at all."""
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{address}/accounts/login/", timeout=20).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return
