"""The rows that were not taken, as a sheet to correct and upload again."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xiaoer.base.tables.cells import Cell, show_cell
from xiaoer.base.tables.cleaning import Problem
from xiaoer.base.tables.columns import Severity
from xiaoer.base.tables.headers import Header
from xiaoer.base.tables.reading import Table

_LONGEST = 32_767
# What a spreadsheet would run as a formula if it were typed.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Formats:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self._made: dict[tuple[str | None, str | None, bool], Format] = {}
        self._book = book

    def of(self, severity: Severity | None, cell: Cell) -> Format:
        """Red for a refused cell, yellow for a doubtful one; texts stay texts."""
        day = "yyyy-mm-dd hh:mm" if isinstance(cell, datetime) else "yyyy-mm-dd"
        pattern = day if isinstance(cell, date) else None
        quoted = isinstance(cell, str) and cell.startswith(_FORMULA)
        colour = {Severity.REJECT: "#F9D6D5", Severity.DOUBT: "#FFF3C4", None: None}[severity]
        key = (colour, pattern, quoted)
        if key not in self._made:
            form = self._made[key] = self._book.add_format()
            if colour:
                form.set_bg_color(colour)
            if pattern:
                form.set_num_format(pattern)
            # Excel's own mark for "this is a text", which changes no character of it.
            form.set_quote_prefix(quoted)
        return self._made[key]


def write_reasons(path: Path, table: Table, header: Header, problems: Sequence[Problem]) -> int:
    """Write the rows with problems as they were, behind reason, advice and original number.

    Corrected, the sheet can be read again: the three columns in front are no fields. Returns the
    number of rows written.
    """
    by_row: dict[int, list[Problem]] = {}
    for problem in problems:
        by_row.setdefault(problem.row_no, []).append(problem)
    columns = {match.field.key: index for index, match in header.mapping.items()}
    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet()
        formats = _Formats(book)
        front = (_("Reason"), _("What to do"), _("Original row"))
        for column, name in enumerate((*front, *header.names)):
            sheet.write_string(0, column, name, formats.head)
        sheet.freeze_panes(1, len(front))
        sheet.set_column(0, 1, 44)
        sheet.set_column(len(front), len(front) + table.width, 16)
        for line, (row_no, found) in enumerate(sorted(by_row.items()), start=1):
            sheet.write_string(line, 0, _lines(problem.reason for problem in found), formats.words)
            sheet.write_string(line, 1, _lines(problem.advice for problem in found), formats.words)
            sheet.write_number(line, 2, row_no)
            worst = _worst_by_column(found, columns)
            cells = table.rows[row_no - table.first_row_no]
            for column, cell in enumerate(cells):
                form = formats.of(worst.get(column), cell)
                _write_cell(sheet, line, column + len(front), cell, form)
    return len(by_row)


def _lines(sentences: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, sentences)))[:_LONGEST]


def _worst_by_column(found: Sequence[Problem], columns: dict[str, int]) -> dict[int, Severity]:
    worst: dict[int, Severity] = {}
    for problem in found:
        if problem.field is not None and problem.field.key in columns:
            column = columns[problem.field.key]
            if worst.get(column) is not Severity.REJECT:
                worst[column] = problem.severity
    return worst


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, form: Format) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, form)
    elif isinstance(cell, int | float | Decimal) and abs(cell) < 1e15:
        sheet.write_number(row, column, float(cell), form)
    elif isinstance(cell, date) and cell.year >= 1900:
        sheet.write_datetime(row, column, cell, form)
    else:
        sheet.write_string(row, column, show_cell(cell)[:_LONGEST], form)
