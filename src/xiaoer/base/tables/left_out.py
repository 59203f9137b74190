"""Rows that are no data: blank ones, totals, repeated headings, notes below the table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xiaoer.base.tables.cells import Cell, is_blank, tidy_plain
from xiaoer.base.tables.headings import read_heading

_TOTAL = re.compile(
    r"(本页|本表|全区|以上|总)?(合计|总计|小计|共计|累计|总合计|total|subtotal|grandtotal|sum)"
    r"([:：].*|\(.*\)|\d+[家户个项条]?|[家户个项]数)?\Z"
    r"|其中([:：].*)?\Z",
    re.I,
)
_NOTE = re.compile(
    r"(注|备注|说明|附注|填表说明|填表人|填报人|填报单位|填报日期|填表日期|填报时间|制表人?|制表单位|制表日期"
    r"|审核人?|复核人?|经办人|单位负责人|统计负责人|部门负责人|单位\(?盖章\)?|以下空白)([:：].*|)\Z"
)
_FIRST = frozenset("合总小共累本全以其注备说附填制审复经单统部tTsSgG \u3000(（“\u00a0\u200b\ufeff")
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"


class Why(StrEnum):
    """Why a row was left out."""

    BLANK = "blank"
    TOTAL = "total"
    HEADING = "heading"
    NUMBERING = "numbering"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was read and is no data; ``text`` is what it begins with."""

    row_no: int
    why: Why
    text: str = ""


def find_left_out(
    data: Sequence[Sequence[Cell]],
    columns: Mapping[int, tuple[list[Cell], set[Cell]]],
    head: Sequence[Sequence[Cell]],
) -> dict[int, Why]:
    """Index → why, for the rows of ``data`` that are no data; blank ones are found later.

    ``columns`` are those worth looking at, each with its different cells; ``head`` is the top of
    the sheet down to the headings. A hundred thousand rows cost milliseconds.
    """
    found: dict[int, Why] = {}
    for index in _rows_opening_with(columns, data):
        text = next((cell for cell in data[index] if _is_said(cell)), "")
        if why := _why_text(text):
            found[index] = why
    for index in _repeats_of(head, columns, data):
        found.setdefault(index, Why.HEADING)
    for index, row in enumerate(data[:2]):
        if _is_numbering(row):
            found[index] = Why.NUMBERING
    return found


def _why_text(cell: Cell) -> Why | None:
    if not isinstance(cell, str):
        return None
    text = re.sub(r"\s+", "", tidy_plain(cell))
    if _TOTAL.match(text):
        return Why.TOTAL
    return Why.NOTE if _NOTE.match(text) else None


def _rows_opening_with(
    columns: Mapping[int, tuple[list[Cell], set[Cell]]], data: Sequence[Sequence[Cell]]
) -> Iterable[int]:
    """Rows with a cell that reads like a total or note, where it is the first filled one.

    A running number before it does not count: "12 | 合计" is a total.
    """
    rows: set[int] = set()
    for cells, different in columns.values():
        suspects = {
            cell
            for cell in different
            if type(cell) is str and cell[:1] in _FIRST and _why_text(cell)
        }
        if suspects:
            rows.update(index for index, cell in enumerate(cells) if cell in suspects)
    return rows


def _repeats_of(
    head: Sequence[Sequence[Cell]],
    columns: Mapping[int, tuple[list[Cell], set[Cell]]],
    data: Sequence[Sequence[Cell]],
) -> Iterable[int]:
    """Rows that say again what the headings or the title above them said."""
    for line in head:
        filled = [(index, cell) for index, cell in enumerate(line) if _is_word(cell)]
        searched = [(index, cell) for index, cell in filled if index in columns][:3]
        candidates = {
            row
            for index, cell in searched
            if cell in columns[index][1]
            for row in _places(columns[index][0], cell)
        }
        for row in candidates:
            same = sum(data[row][index] == cell for index, cell in filled)
            others = sum(not is_blank(cell) for cell in data[row]) - same
            if same >= 0.6 * len(filled) and others <= same // 3:
                yield row


def _is_said(cell: Cell) -> bool:
    """Filled, and more than a running number."""
    return isinstance(cell, str) and not is_blank(cell) and not tidy_plain(cell).isdecimal()


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


def _places(column: Sequence[Cell], wanted: Cell) -> Iterable[int]:
    start = -1
    while True:
        try:
            start = column.index(wanted, start + 1)
        except ValueError:
            return
        yield start


def _is_numbering(row: Sequence[Cell]) -> bool:
    """甲 乙 1 2 3 below the headings of a statistical form."""
    marks = [_mark(cell) for cell in row if not is_blank(cell)]
    if any(mark is None for mark in marks):
        return False
    letters = [mark for mark in marks if isinstance(mark, str)]
    numbers = [mark for mark in marks if isinstance(mark, int)]
    return (
        len(marks) >= (2 if letters else 4)
        and "".join(letters) == _ORDINALS[: len(letters)]
        and numbers == list(range(1, len(numbers) + 1))
        and marks == [*letters, *numbers]
    )


def _mark(cell: Cell) -> str | int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        return int(cell)
    text = tidy_plain(cell).strip("()[]") if isinstance(cell, str) else ""
    if text.isdecimal() and len(text) < 4:
        return int(text)
    return text if len(text) == 1 and text in _ORDINALS else None


def is_running_number(name: str) -> bool:
    """A column that numbers the rows says nothing about them."""
    return read_heading(name).name in {
        "序号",
        "编号",
        "no",
        "行号",
        "项次",
        "序",
        "id",
        "号",
        "原行号",
    }
