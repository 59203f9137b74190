"""导出 Sheets: lists leave the house as xlsx or csv, row by row, however many there are.

No cell of ours is ever a formula: what people typed may begin with ``=`` and stays text. Numbers
stay numbers and days stay days, so that the office can go on calculating.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from xlsxwriter.worksheet import Worksheet

ROWS_A_SHEET = 1_048_576
"""What Excel can open; the list goes on on a further sheet."""

LONGEST_CELL = 32_767
MOST_DIGITS = 15
"""Excel keeps fifteen digits of a number; longer ones, codes as a rule, are written as text."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The full-width ones too: a Chinese or Japanese Excel reads them as their narrow brothers."""


class Kind(StrEnum):
    """What a column holds, and so how it is written and aligned."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"


NUMBER_FORMATS: Mapping[Kind, str] = {
    Kind.TEXT: "@",
    Kind.NUMBER: "General",
    Kind.DATE: "yyyy-mm-dd",
    Kind.DATETIME: "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``key`` is the attribute of a row (dots allowed), ``head`` the word above it."""

    key: str
    head: str | Promise
    width: int = 16
    kind: Kind = Kind.TEXT


Row = Sequence[Any] | object
"""Either the values in the order of the columns (a tuple or list), or a thing with attributes."""


def write_xlsx(
    path: Path | str, columns: tuple[Column, ...], rows: Iterable[Row], *, title: str | None = None
) -> int:
    """Write a workbook in constant memory and return how many rows it holds.

    ``title`` names the sheet and the document. The file appears whole or not at all.
    """
    with _whole_or_nothing(path) as unfinished:
        book = xlsxwriter.Workbook(
            str(unfinished),
            # Its own halves lie beside the sheet, so that they go with its folder.
            {"constant_memory": True, "remove_timezone": True, "tmpdir": str(unfinished.parent)},
        )
        book.use_zip64()
        try:
            written = _Book(book, columns, title or gettext("Data")).write(_values(columns, rows))
        finally:
            book.close()
    return written


def write_csv(path: Path | str, columns: tuple[Column, ...], rows: Iterable[Row]) -> int:
    """Write UTF-8 with a byte order mark, which Excel needs to see Chinese; return the row count.

    Long codes lose digits when Excel opens a csv by itself: offer xlsx first.
    """
    written = 0
    with (
        _whole_or_nothing(path) as unfinished,
        unfinished.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow([_harmless(str(column.head)) for column in columns])
        for values in _values(columns, rows):
            writer.writerow(
                [_csv_cell(column, value) for column, value in zip(columns, values, strict=True)]
            )
            written += 1
    return written


@contextmanager
def _whole_or_nothing(path: Path | str) -> Iterator[Path]:
    """Write beside the goal and move there at the end: a killed export leaves no half file."""
    goal = Path(path)
    unfinished = goal.with_name(f".{goal.name}.{os.getpid()}.part")
    try:
        yield unfinished
        unfinished.replace(goal)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def _values(columns: tuple[Column, ...], rows: Iterable[Row]) -> Iterator[Sequence[Any]]:
    fetchers = [attrgetter(column.key) for column in columns]
    for row in rows:
        if isinstance(row, (tuple, list)) and not hasattr(row, "_fields"):
            yield row
        else:
            yield [fetch(row) for fetch in fetchers]


# csv -------------------------------------------------------------------------------------------


def _csv_cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.kind is Kind.NUMBER and _is_number(value):
        return str(value)
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return _harmless(str(value))


def _harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would run; that the reader sees it is the price."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _local(moment: datetime) -> datetime:
    """The zone's own clock; spreadsheets know no time zones."""
    if timezone.is_naive(moment):
        return moment
    return timezone.make_naive(moment)


# xlsx ------------------------------------------------------------------------------------------


class _Book:
    """One list in a workbook, over as many sheets as it takes."""

    def __init__(self, book: xlsxwriter.Workbook, columns: tuple[Column, ...], title: str) -> None:
        self.book = book
        self.columns = columns
        self.title = title
        self.head_format = book.add_format(
            {"bold": True, "bottom": 1, "align": "left", "valign": "vcenter", "num_format": "@"}
        )
        self.formats = {
            kind: book.add_format({"num_format": form}) for kind, form in NUMBER_FORMATS.items()
        }
        # Excel's own mark for "text, whatever it looks like", kept when the cell is edited.
        self.formats[Kind.TEXT].set_quote_prefix()
        book.set_properties({"title": title, "author": "", "comments": ""})

    def write(self, rows: Iterable[Sequence[Any]]) -> int:
        written = 0
        sheet, line = self._add_sheet(1), 1
        for number, values in enumerate(rows, start=1):
            if line == ROWS_A_SHEET:
                self._finish(sheet, line)
                sheet, line = self._add_sheet(number // (ROWS_A_SHEET - 1) + 1), 1
            for place, (column, value) in enumerate(zip(self.columns, values, strict=True)):
                self._write_cell(sheet, line, place, column.kind, value)
            line += 1
            written = number
        self._finish(sheet, line)
        return written

    def _add_sheet(self, number: int) -> Worksheet:
        name = _sheet_name(self.title, number)
        sheet = self.book.add_worksheet(name)
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, column.width)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_row(0, 22)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        for place, column in enumerate(self.columns):
            sheet.write_string(0, place, str(column.head), self.head_format)
        return sheet

    def _finish(self, sheet: Worksheet, lines: int) -> None:
        sheet.autofilter(0, 0, lines - 1, len(self.columns) - 1)

    def _write_cell(self, sheet: Worksheet, line: int, place: int, kind: Kind, value: Any) -> None:
        if value is None:
            return
        if kind is Kind.NUMBER and _fits_a_number(value):
            sheet.write_number(line, place, value, self.formats[kind])
        elif isinstance(value, date) and kind in (Kind.DATE, Kind.DATETIME):
            moment = _local(value) if isinstance(value, datetime) else value
            sheet.write_datetime(line, place, moment, self.formats[kind])
        else:
            sheet.write_string(line, place, _fitting_text(value), self.formats[Kind.TEXT])


def _fits_a_number(value: Any) -> bool:
    if not _is_number(value):
        return False
    if isinstance(value, float):
        return value - value == 0  # Neither infinite nor "not a number".
    decimal = Decimal(value)
    return decimal.is_finite() and len(decimal.normalize().as_tuple().digits) <= MOST_DIGITS


def _fitting_text(value: Any) -> str:
    text = str(value)
    if len(text) <= LONGEST_CELL:
        return text
    mark = gettext("… (longer than a cell can be; the CSV file has all of it)")
    return text[: LONGEST_CELL - len(mark)] + mark


def _sheet_name(title: str, number: int) -> str:
    """Excel takes 31 characters, none of them a bracket, slash, colon, star or question mark."""
    bare = "".join(" " if character in "[]:*?/\\'" else character for character in title)
    suffix = "" if number == 1 else f" {number}"
    return (bare.strip()[: 31 - len(suffix)] or gettext("Data")) + suffix
