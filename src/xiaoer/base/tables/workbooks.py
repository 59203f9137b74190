"""Workbooks, read by a process of their own (see apart.py) and received column by column."""

import marshal
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, cast

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import apart
from xiaoer.base.tables.cells import Cell, is_blank
from xiaoer.base.tables.headers import Field, score_top
from xiaoer.base.tables.limits import (
    Limits,
    damaged_words,
    encrypted_words,
    far_words,
    too_large_words,
)

_DATES: dict[str, Callable[[str], Cell]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}
# What the other process may know of this one: not the address of a database.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A sheet of the same workbook that was not read; hidden ones are offered last."""

    name: str
    rows: int
    columns: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class SheetRead:
    """The chosen sheet; ``first_row`` counts from 0."""

    name: str
    columns: list[list[Cell]]
    first_row: int
    filled: int
    others: tuple[OtherSheet, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    name: str
    hidden: bool
    rows: int
    columns: int
    top: list[list[Cell]]


def read_workbook(
    path: Path, name: str | None, wanted: Sequence[Field], limits: Limits
) -> SheetRead:
    """Read the sheet called ``name``, or the one that looks most like the table ``wanted``."""
    with _reader(path) as reader:
        seen = [_Seen(*sheet) for sheet in reader.receive()]
        index = _choose(seen, name, wanted)
        chosen = seen[index]
        if not limits.allow(chosen.rows, chosen.columns):
            raise Refused(too_large_words(chosen.rows, chosen.columns, limits))
        reader.ask_for(index)
        first_row, filled, width = reader.receive()
        columns = [_unpack(*reader.receive()) for _column in range(width)]
    others = [
        OtherSheet(sheet.name, sheet.rows, sheet.columns, sheet.hidden)
        for sheet in sorted(seen, key=lambda sheet: sheet.hidden)
        if sheet is not chosen
    ]
    return SheetRead(chosen.name, columns, first_row, filled, tuple(others))


class _Reader:
    """The other process, seen from here."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.to = cast(IO[bytes], process.stdin)
        self.back = cast(IO[bytes], process.stdout)

    def ask_for(self, index: int) -> None:
        self.to.write(f"{index}\n".encode())
        self.to.flush()

    def receive(self) -> Any:
        """The next message; raises Refused where the reader gave up or was stopped."""
        size = self.back.read(8)
        body = self.back.read(*struct.unpack("<Q", size)) if len(size) == 8 else b""
        if not body:
            # A negative code is a signal: out of memory, out of time.
            raise Refused(far_words() if self.process.wait() < 0 else damaged_words())
        content = marshal.loads(body)  # noqa: S302 - written by our own script
        if content == apart.LOCKED:
            raise Refused(encrypted_words())
        if content == apart.DAMAGED:
            raise Refused(damaged_words())
        return content


@contextmanager
def _reader(path: Path) -> Iterator[_Reader]:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-I", str(Path(apart.__file__)), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        yield _Reader(process)
    finally:
        process.kill()
        process.communicate()


def _unpack(cells: list[Cell], written: dict[str, tuple[str, str]]) -> list[Cell]:
    if not written:
        return cells
    dates: dict[Cell, Cell] = {
        mark: _DATES[kind](text) if kind in _DATES else text
        for mark, (kind, text) in written.items()
    }
    return list(map(dates.get, cells, cells))


def _choose(seen: Sequence[_Seen], name: str | None, wanted: Sequence[Field]) -> int:
    if name is not None:
        for index, sheet in enumerate(seen):
            if sheet.name == name:
                return index
        raise Refused(
            _("The workbook has no sheet called %(name)s. Choose one of the sheets listed.")
            % {"name": name}
        )
    if not seen:
        raise Refused(_("The workbook has no sheet with cells. Choose another file."))
    return max(range(len(seen)), key=lambda index: _likeness(seen[index], wanted))


def _likeness(sheet: _Seen, wanted: Sequence[Field]) -> float:
    """How much a sheet looks like the table: its headings first, then how much it holds."""
    filled = sum(not is_blank(cell) for row in sheet.top for cell in row)
    size = min(sheet.rows, 10**6) / 10**6
    away = 10_000 if sheet.hidden else 0
    return score_top(sheet.top, wanted) * 1000 + filled / 100 + size - away
