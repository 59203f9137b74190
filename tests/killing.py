"""Programs that work on a database and are killed -9 in the middle of it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests import database as databases
from xiaoer.config.database import Addresses


class House:
    """A database of its own, and processes that work on it and may be killed."""

    def __init__(self, addresses: Addresses, folder: Path, begin: str, *arguments: str) -> None:
        self.addresses, self.begin, self.arguments = addresses, begin, arguments
        self.environment = {
            **os.environ,
            "XIAOER_WEB_URL": addresses.web,
            "XIAOER_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "xiaoer.config.settings",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }

    def command(self, program: str, *more: str) -> list[str]:
        """``begin`` and then the program, which finds its arguments in ``sys.argv``."""
        return [sys.executable, "-c", self.begin + program, *self.arguments, *more]

    def run(self, program: str, *more: str) -> list[str]:
        done = subprocess.run(
            self.command(program, *more),
            env=self.environment, cwd=databases.ROOT, text=True, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def kill_while(self, program: str, query: str) -> None:
        """Start a program, and kill it -9 as soon as the database is at such a query."""
        child = subprocess.Popen(self.command(program), env=self.environment, cwd=databases.ROOT)
        until = time.monotonic() + 60
        with psycopg.connect(self.addresses.web, autocommit=True) as link:
            at = "select from pg_stat_activity where state = 'active' and query like %s"
            name = " and datname = current_database() and pid <> pg_backend_pid()"
            while link.execute(at + name, [f"%{query}%"]).fetchone() is None:
                assert child.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < until
            child.kill()
            child.wait()
            # The server finishes the statement before it sees that nobody listens any more.
            still = "select from pg_stat_activity where usename = 'xiaoer_web' and backend_type = 'client backend'"
            while link.execute(still + name).fetchone() is not None:
                assert time.monotonic() < until
                time.sleep(0.05)
