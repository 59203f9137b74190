"""Open a workbook in a process of its own. Run as a script; it imports nothing of the product.

The reader reserves memory for what a file claims: a cell in XFD1048576 asks for 512 GB, a wrong
count of texts for more, and then the whole process ends. Let it be this one. It also gives the
memory of a large sheet back at once. Sends, each with its length in front and in marshal's form:

    "locked" or "damaged", or the sheets: (name, hidden, rows, columns, first rows if several)
    and, once a line on stdin has said which sheet: (first row, cells filled, width),
    then each column as (cells, {mark: (kind, written)}), for marshal knows no dates.
"""

import gc
import marshal
import os
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

MEMORY = 3 * 2**29
SECONDS = 90
TOP = 30
LOCKED, DAMAGED = "locked", "damaged"
_DATES: tuple[type, ...] = (date, datetime, time, timedelta)


def send(content: Any) -> None:
    body = marshal.dumps(content, 2)
    sys.stdout.buffer.write(struct.pack("<Q", len(body)))
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(4 * SECONDS)
    gc.disable()
    try:
        # Not by path: the reader would trust the name of the file.
        with Path(path).open("rb") as stream, load_workbook(stream) as workbook:
            sheets = list_sheets(workbook)
            send([describe(sheet, hidden, len(sheets) > 1) for sheet, hidden in sheets])
            chosen = sys.stdin.readline()
            if chosen.strip():
                send_sheet(sheets[int(chosen)][0])
    except PasswordError:
        send(LOCKED)
    except (CalamineError, ValueError, OSError):
        send(DAMAGED)


def list_sheets(workbook: CalamineWorkbook) -> list[tuple[CalamineSheet, bool]]:
    return [
        (workbook.get_sheet_by_name(meta.name), meta.visible is not SheetVisibleEnum.Visible)
        for meta in workbook.sheets_metadata
        if meta.typ is SheetTypeEnum.WorkSheet
    ]


def describe(sheet: CalamineSheet, hidden: bool, one_of_several: bool) -> tuple[object, ...]:
    top = sheet.to_python(nrows=TOP) if one_of_several else []
    written = [[cell if marshallable(cell) else str(cell) for cell in row] for row in top]
    first_row, first_column = sheet.start or (0, 0)
    return (sheet.name, hidden, first_row + sheet.height, first_column + sheet.width, written)


def marshallable(cell: object) -> bool:
    return not isinstance(cell, _DATES)


def send_sheet(sheet: CalamineSheet) -> None:
    start = sheet.start or (0, 0)
    rows: list[list[Any]] = sheet.to_python()
    filled = fill_merged(sheet.merged_cell_ranges or (), rows, start)
    width = len(rows[0]) if rows else 0
    send((start[0], filled, width))
    for index in range(width):
        send(pack_column([row[index] for row in rows]))


def pack_column(cells: list[Any]) -> tuple[list[Any], dict[str, tuple[str, str]]]:
    if set(map(type, cells)).isdisjoint(_DATES):
        return cells, {}
    marks = {cell: f"\0{cell!r}" for cell in set(cells) if isinstance(cell, _DATES)}
    # str() of a date, a time and both together is what fromisoformat() reads.
    written = {mark: (type(cell).__name__, str(cell)) for cell, mark in marks.items()}
    return list(map(marks.get, cells, cells)), written


def fill_merged(
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    rows: list[list[Any]],
    start: tuple[int, int],
) -> int:
    """Write a text merged over several rows into each of them; returns how many cells.

    Only texts: a sum merged over three firms belongs to none of them alone.
    """
    filled, budget = 0, len(rows) * 20
    for (top, left), (bottom, _right) in ranges:
        row, column = top - start[0], left - start[1]
        last = min(bottom - start[0], len(rows) - 1)
        if not (0 <= row < last and 0 <= column < len(rows[0])):
            continue
        text = rows[row][column]
        budget -= last - row
        if not isinstance(text, str) or not text.strip() or budget < 0:
            continue
        for below in range(row + 1, last + 1):
            if rows[below][column] == "":
                rows[below][column] = text
                filled += 1
    return filled


if __name__ == "__main__":
    main(sys.argv[1])
    # Nothing is left to tidy up: taking a million cells apart one by one would only cost time.
    os._exit(0)
