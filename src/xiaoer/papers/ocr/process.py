"""The one who asks the reading process, keeps it alive, and ends it when it hangs."""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from xiaoer.papers.ocr.fields import Wanted
from xiaoer.papers.ocr.messages import receive, send

START_SECONDS = 60
READ_SECONDS = 90
COMMAND = [sys.executable, "-m", "xiaoer.papers.ocr.worker"]
Process = subprocess.Popen[bytes]
_ROOT = Path(__file__).resolve().parents[3]


class ReadingProcess:
    """A reading process for all threads of this one: started when needed, one file at a time."""

    def __init__(self, command: Sequence[str] = ()) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: Process | None = None
        atexit.register(self.stop)

    @property
    def number(self) -> int | None:
        """The process's number, while it lives."""
        alive = self._process is not None and self._process.poll() is None
        return self._process.pid if alive and self._process is not None else None

    def warm(self) -> None:
        """Start it before the first file comes."""
        with self._lock:
            self._started()

    def read(
        self,
        content: bytes,
        media_type: str,
        wanted: Sequence[Wanted],
        seconds: float = READ_SECONDS,
    ) -> dict[str, Any]:
        """What stands on a file, or ``{"why": …}``. Killed from outside, it is asked once more."""
        with self._lock:
            answer = self._ask(content, media_type, wanted, seconds)
            if answer.get("why") == "died":
                answer = self._ask(content, media_type, wanted, seconds)
        return answer

    def stop(self) -> None:
        """End it; the next file starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)

    def _ask(
        self, content: bytes, media_type: str, wanted: Sequence[Wanted], seconds: float
    ) -> dict[str, Any]:
        process = self._started()
        if process is None:
            return {"why": "no_engine"}
        fields = [
            {"code": one.code, "sort": one.sort, "labels": list(one.labels),
             "pattern": one.pattern, "unit": one.unit}
            for one in wanted
        ]  # fmt: skip
        told = {"media_type": media_type, "fields": fields}
        with _ended_after(process, seconds) as is_late:
            answer = _exchange(process, told, content)
        if answer is None:
            self.stop()
            return {"why": "too_slow" if is_late.is_set() else "died"}
        return answer

    def _started(self) -> Process | None:
        """The living process; a new one says that it is ready first."""
        if self.number is not None:
            return self._process
        self.stop()
        path = os.pathsep.join([str(_ROOT), *sys.path])
        process = subprocess.Popen(
            list(self._command) or COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Neither secrets nor the database's address: it needs a path to its modules alone.
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": path, "LANG": "C.UTF-8"},
        )
        self._process = process
        with _ended_after(process, START_SECONDS):
            ready = _received(process)
        if ready is None:
            self.stop()
            return None
        return process


@contextmanager
def _ended_after(process: Process, seconds: float) -> Iterator[threading.Event]:
    """Kill a process that takes longer; whether that was so."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()


def _exchange(process: Process, told: dict[str, Any], content: bytes) -> dict[str, Any] | None:
    try:
        send(cast(BinaryIO, process.stdin), told, content)
    except OSError:
        return None
    return _received(process)


def _received(process: Process) -> dict[str, Any] | None:
    message = receive(cast(BinaryIO, process.stdout))
    return message[0] if message else None


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # what was not sent yet goes with it
        return


SHARED = ReadingProcess()
"""The one of this process."""
