"""From a file to a table: rows of cells, numbered as the person sees them."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
    load_workbook,
)

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import trial
from xiaoer.base.tables.cells import Cell, is_blank
from xiaoer.base.tables.files import Kind, sniff_kind
from xiaoer.base.tables.headers import Field, score_top
from xiaoer.base.tables.limits import (
    Limits,
    damaged_words,
    encrypted_words,
    too_large_words,
)
from xiaoer.base.tables.memory import without_collecting
from xiaoer.base.tables.texts import read_csv, read_json

_STANDARD = Limits()
_TOP = 30


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A sheet of the same workbook that was not read; ``hidden`` ones are offered last."""

    name: str
    rows: int
    columns: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal width. ``row_no(i)`` is the number Excel, or an editor, shows for rows[i].

    ``note`` says in words how the file was read: encoding, delimiter, cells filled from merges.
    """

    kind: Kind
    rows: list[list[Cell]]
    first_row_no: int
    sheet: str | None = None
    other_sheets: tuple[OtherSheet, ...] = ()
    note: str = ""

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def row_no(self, index: int) -> int:
        return index + self.first_row_no


@without_collecting
def read_table(
    path: Path,
    *,
    sheet: str | None = None,
    wanted: Sequence[Field] = (),
    limits: Limits = _STANDARD,
) -> Table:
    """Read a workbook, CSV or JSON file.

    Of several sheets the one that looks most like the table of ``wanted`` is read, unless
    ``sheet`` names one; the others are listed. Raises Refused, in words for the person who
    uploaded it, for anything that cannot be read safely.
    """
    kind = sniff_kind(path, limits)
    if kind in (Kind.XLSX, Kind.XLS):
        table = _read_workbook(path, kind, sheet, wanted, limits)
    elif kind is Kind.JSON:
        table = Table(kind=kind, rows=read_json(path.read_bytes(), limits), first_row_no=0)
    else:
        rows, note = read_csv(path.read_bytes(), limits)
        table = Table(kind=kind, rows=rows, first_row_no=1, note=note)
    if not _fits(len(table.rows), table.width, limits):
        raise Refused(too_large_words(len(table.rows), table.width, limits))
    if not any(not is_blank(cell) for row in table.rows for cell in row):
        raise Refused(_("The sheet is empty. Choose the sheet with the table and upload it."))
    return table


def _fits(rows: int, columns: int, limits: Limits) -> bool:
    """A few rows more than the limit are titles and headings."""
    return (
        rows <= limits.rows + 100 and columns <= limits.columns and rows * columns <= limits.cells
    )


def _read_workbook(
    path: Path, kind: Kind, sheet: str | None, wanted: Sequence[Field], limits: Limits
) -> Table:
    if kind is Kind.XLS:
        _try_apart(path)
    try:
        # From memory: by path the reader would trust the file's name.
        with load_workbook(BytesIO(path.read_bytes())) as workbook:
            chosen, others = _choose_sheet(workbook, sheet, wanted, limits)
            rows = _rows_of(chosen)
            start = chosen.start or (0, 0)
            filled = _fill_merged(chosen, rows, start)
    except PasswordError as error:
        raise Refused(encrypted_words()) from error
    except WorksheetNotFound as error:
        raise Refused(
            _("The workbook has no sheet called %(name)s. Choose one of the sheets listed.")
            % {"name": sheet}
        ) from error
    except (CalamineError, ValueError, OSError) as error:
        raise Refused(damaged_words()) from error
    note = _("%(count)s cells filled from merged cells above") % {"count": filled} if filled else ""
    return Table(
        kind=kind,
        rows=rows,
        first_row_no=start[0] + 1,
        sheet=chosen.name,
        other_sheets=others,
        note=note,
    )


def _rows_of(sheet: CalamineSheet) -> list[list[Cell]]:
    rows: list[list[Cell]] = sheet.to_python()  # type: ignore[assignment]
    return rows


def _try_apart(path: Path) -> None:
    script = str(Path(trial.__file__))
    try:
        outcome = subprocess.run(
            [sys.executable, "-I", script, str(path)],
            capture_output=True,
            check=False,
            timeout=2 * trial.SECONDS,
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise Refused(damaged_words()) from error
    if outcome == trial.LOCKED:
        raise Refused(encrypted_words())
    if outcome != trial.OPENED:
        raise Refused(damaged_words())


def _choose_sheet(
    workbook: CalamineWorkbook, name: str | None, wanted: Sequence[Field], limits: Limits
) -> tuple[CalamineSheet, tuple[OtherSheet, ...]]:
    """The sheet asked for, else the visible one whose top looks most like a table."""
    known = [meta.name for meta in workbook.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
    hidden = {
        meta.name
        for meta in workbook.sheets_metadata
        if meta.visible is not SheetVisibleEnum.Visible
    }
    if name is not None and name not in known:
        raise WorksheetNotFound(name)
    best: tuple[float, CalamineSheet] | None = None
    seen: list[OtherSheet] = []
    for known_name in known:
        sheet = workbook.get_sheet_by_name(known_name)
        away = known_name in hidden
        seen.append(OtherSheet(known_name, sheet.height, sheet.width, away))
        if not _fits(sheet.total_height, sheet.total_width, limits):
            if name in (None, known_name):
                raise Refused(too_large_words(sheet.total_height, sheet.total_width, limits))
            continue
        score = 1e9 if known_name == name else _likeness(sheet, wanted, away, alone=len(known) == 1)
        if best is None or score > best[0]:
            best = (score, sheet)
    if best is None:
        raise Refused(_("The workbook has no sheet with cells. Choose another file."))
    seen.sort(key=lambda other: other.hidden)
    chosen = best[1]
    return chosen, tuple(other for other in seen if other.name != chosen.name)


def _likeness(sheet: CalamineSheet, wanted: Sequence[Field], hidden: bool, *, alone: bool) -> float:
    """How much a sheet looks like the table: its headings first, then how much it holds."""
    if alone:
        return 0.0
    top: list[list[Cell]] = sheet.to_python(nrows=_TOP)  # type: ignore[assignment]
    filled = sum(not is_blank(cell) for row in top for cell in row)
    size = min(sheet.height, 10**6) / 10**6
    return score_top(top, wanted) * 1000 + filled / 100 + size - (10_000 if hidden else 0)


def _fill_merged(sheet: CalamineSheet, rows: list[list[Cell]], start: tuple[int, int]) -> int:
    """Write a text merged over several rows into each of them; returns how many cells.

    Only texts: a sum merged over three firms belongs to none of them alone.
    """
    filled, budget = 0, len(rows) * 20
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        row, column = top - start[0], left - start[1]
        if bottom == top or not (0 <= row < len(rows) and 0 <= column < len(rows[0])):
            continue
        text = rows[row][column]
        last = min(bottom - start[0], len(rows) - 1)
        budget -= last - row
        if not isinstance(text, str) or not text.strip() or budget < 0:
            continue
        for below in range(row + 1, last + 1):
            if rows[below][column] == "":
                rows[below][column] = text
                filled += 1
    return filled
