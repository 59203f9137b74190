"""The processes of a running zone: pages by granian, jobs by one worker, and the watch over both."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

Process = subprocess.Popen[bytes]
PAGE_WORKERS = 2
# Requests a process holds at once. Everybody who watches an auction holds one, and a process that
# holds as many as it may takes no further connection, not even for a page.
MOST_AT_ONCE, MOST_ARRIVING = 16_384, 4096
# How far processes for jobs stand back behind pages where both want a core (``nice``).
JOBS_STAND_BACK = 5
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
# A process that dies at once is started again after 1, 2, 4 … seconds, at most this many.
LONGEST_PAUSE_S = 30


class CannotServe(Exception):
    """The address or the certificate will not do; the text says why and what to choose instead."""


def refuse_bad_place(host: str, port: int, cert: str | None, key: str | None) -> None:
    """Say before any long work that nobody could reach the pages there.

    Raises:
        CannotServe: a taken port, a host that is not this machine's, a certificate that is not there.
    """
    for path in filter(None, (cert, key)):
        if not Path(path).is_file():
            raise CannotServe(
                f"{path} is not a file; --cert and --key name a certificate and its key."
            )
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((host, port))
    except (OSError, OverflowError) as error:
        raise CannotServe(
            f"Cannot serve at {host}:{port}: {error}. Choose another place, as in --port 8001"
            " (make run port=8001)."
        ) from error


def run_django(url: str, arguments: list[str], *, check: bool = True, **more: str) -> int:
    """Run a management command in a process of its own, signed in as ``url`` says.

    Without Django's checks: they load every page and are for those who change the code.
    """
    command = [sys.executable, "-m", "django", *arguments, "--skip-checks"]
    done = subprocess.run(command, env=_environment(url, **more), check=check)
    return done.returncode


def _environment(url: str, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "XIAOER_WEB_URL": url,
        "DJANGO_SETTINGS_MODULE": "xiaoer.config.settings",
        **more,
    }


def pages_command(host: str, port: int, workers: int = PAGE_WORKERS) -> list[str]:
    """What serves the pages and the live hall."""
    options = {
        "interface": "asgi", "host": host, "port": port, "workers": workers,
        "backlog": MOST_ARRIVING, "backpressure": MOST_AT_ONCE, "log-level": "warning",
    }  # fmt: skip
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    # One process that dies is started again; watchers and bidders of the other stay where they are.
    flags = ["--no-ws", "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *given, *flags, "xiaoer.config.asgi:application"]


def allow_many_connections() -> None:
    """Let this process and what it starts hold as many connections as the machine allows anybody."""
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def serve(url: str, host: str, port: int, cert: str | None, key: str | None) -> int:
    """Serve until told to stop. A process that dies is started again; SIGTERM stops all."""
    scheme = "https" if cert else "http"
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  only compared, not bound
    more = {"XIAOER_ADDRESS": os.environ.get("XIAOER_ADDRESS", f"{scheme}://{shown}:{port}")}
    if cert or host not in _LOCAL:
        more["XIAOER_HTTPS"] = "1"
    if host not in _LOCAL:
        more.setdefault("XIAOER_HOSTS", os.environ.get("XIAOER_HOSTS", "*"))
    environment = _environment(url, **more)
    pages = pages_command(host, port)
    if cert and key:
        pages += ["--ssl-certificate", cert, "--ssl-keyfile", key]
    allow_many_connections()
    print(f"{more['XIAOER_ADDRESS']}  (Ctrl-C stops)", flush=True)  # noqa: T201  # the address, for whoever started it
    return _Watch({"pages": lambda: subprocess.Popen(pages, env=environment),
                   "jobs": lambda: start_jobs(environment)}).run()  # fmt: skip


def start_jobs(environment: dict[str, str]) -> Process:
    """The process for jobs, and what it starts: the engine that reads papers takes every core it
    gets, so that all of it stands back for whoever waits for a page."""
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"]
    process = subprocess.Popen(command, env=environment)
    with suppress(ProcessLookupError):  # it ended already; the watch will see
        os.setpriority(os.PRIO_PROCESS, process.pid, JOBS_STAND_BACK)
    return process


class _Watch:
    """Keeps the processes alive until a signal says stop."""

    def __init__(self, starts: dict[str, Callable[[], Process]]) -> None:
        self._starts = starts
        self._running: dict[str, Process] = {}
        self._stopping = False
        self._pauses = dict.fromkeys(starts, 0.5)
        self._not_before = dict.fromkeys(starts, 0.0)

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self._stopping:
            for name in self._starts:
                self._keep_alive(name, time.monotonic())
            time.sleep(1)
        return self._finish()

    def _keep_alive(self, name: str, now: float) -> None:
        known = self._running.get(name)
        if known is not None and known.poll() is None:
            if now > self._not_before[name] + LONGEST_PAUSE_S:
                self._pauses[name] = 0.5
            return
        if now < self._not_before[name]:
            return
        self._pauses[name] = min(self._pauses[name] * 2, LONGEST_PAUSE_S)
        self._not_before[name] = now + self._pauses[name]
        self._running[name] = self._starts[name]()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _finish(self) -> int:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
        return 0
