"""From a file to a table: columns of cells, rows numbered as the person sees them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, overload

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables.cells import Cell, is_blank
from xiaoer.base.tables.files import Kind, sniff_kind
from xiaoer.base.tables.headers import Field
from xiaoer.base.tables.limits import Limits
from xiaoer.base.tables.memory import without_collecting
from xiaoer.base.tables.texts import read_csv, read_json
from xiaoer.base.tables.workbooks import OtherSheet, SheetRead, read_workbook

_STANDARD = Limits()


class Rows(Sequence[list[Cell]]):
    """Rows over columns: a hundred thousand lists are not kept for the few that are looked at."""

    def __init__(self, columns: Sequence[Sequence[Cell]], begin: int = 0) -> None:
        self._columns = columns
        self._range = range(begin, len(columns[0]) if columns else begin)

    def __len__(self) -> int:
        return len(self._range)

    @overload
    def __getitem__(self, index: int) -> list[Cell]: ...

    @overload
    def __getitem__(self, index: slice) -> list[list[Cell]]: ...

    def __getitem__(self, index: int | slice) -> list[Cell] | list[list[Cell]]:
        places = self._range[index]
        if isinstance(places, int):
            return [column[places] for column in self._columns]
        return [[column[place] for column in self._columns] for place in places]

    def __iter__(self) -> Iterator[list[Cell]]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # rows are compared, never hashed


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal height. ``row_no(i)`` is the number Excel, or an editor, shows for rows[i].

    ``note`` says in words how the file was read: encoding, delimiter, cells filled from merges.
    """

    kind: Kind
    columns: list[list[Cell]]
    first_row_no: int
    sheet: str | None = None
    other_sheets: tuple[OtherSheet, ...] = ()
    note: str = ""

    @classmethod
    def of_rows(
        cls, kind: Kind, rows: Sequence[Sequence[Cell]], first_row_no: int = 1, note: str = ""
    ) -> Self:
        """A table from rows of equal width."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        return cls(kind=kind, columns=columns, first_row_no=first_row_no, note=note)

    @property
    def rows(self) -> "Rows":
        """The rows, put together as they are asked for."""
        return Rows(self.columns)

    @property
    def height(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @property
    def width(self) -> int:
        return len(self.columns)

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
        table = _of_sheet(kind, read_workbook(path, sheet, wanted, limits))
    elif kind is Kind.JSON:
        table = Table.of_rows(kind, read_json(path.read_bytes(), limits), first_row_no=0)
    else:
        rows, note = read_csv(path.read_bytes(), limits)
        table = Table.of_rows(kind, rows, note=note)
    if not any(not is_blank(cell) for column in table.columns for cell in column):
        raise Refused(_("The sheet is empty. Choose the sheet with the table and upload it."))
    return table


def _of_sheet(kind: Kind, sheet: SheetRead) -> Table:
    filled = sheet.filled
    return Table(
        kind=kind,
        columns=sheet.columns,
        first_row_no=sheet.first_row + 1,
        sheet=sheet.name,
        other_sheets=sheet.others,
        note=_("%(count)s cells filled from merged cells above") % {"count": filled}
        if filled
        else "",
    )
