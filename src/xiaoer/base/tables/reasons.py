"""The rows that were not taken, as a sheet to correct and upload again."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from xiaoer.base.tables.cells import show_cell
from xiaoer.base.tables.cleaning import Problem
from xiaoer.base.tables.columns import Severity
from xiaoer.base.tables.headers import Header
from xiaoer.base.tables.reading import Table
from xiaoer.web.sheets import Column, Kind, write_xlsx


def write_reasons(path: Path, table: Table, header: Header, problems: Iterable[Problem]) -> int:
    """Write the rows with problems as they were, behind reason, advice and original number.

    Corrected, the sheet can be read again: the columns in front are no fields. All cells are
    written as the texts a person saw, so that no code loses digits and no formula runs. Returns
    the number of rows written.
    """
    by_row: dict[int, list[Problem]] = {}
    for problem in problems:
        by_row.setdefault(problem.row_no, []).append(problem)
    front = (
        Column("reason", _("Reason"), width=44),
        Column("advice", _("What to do"), width=44),
        Column("outcome", _("Outcome"), width=10),
        Column("row_no", _("Original row"), width=10, kind=Kind.NUMBER),
    )
    heads = {str(column.head) for column in front}
    kept = [index for index, name in enumerate(header.names) if name not in heads]
    own = tuple(Column(f"c{index}", header.names[index]) for index in kept)
    rows = _rows(table, by_row, kept)
    return write_xlsx(path, (*front, *own), rows, title=_("Rows to correct"))


def _rows(
    table: Table, by_row: dict[int, list[Problem]], kept: list[int]
) -> Iterator[Sequence[object]]:
    for row_no, found in sorted(by_row.items()):
        refused = any(problem.severity is Severity.REJECT for problem in found)
        cells = table.rows[row_no - table.first_row_no]
        yield [
            _lines(_with_label(problem) for problem in found),
            _lines(problem.advice for problem in found),
            _("Not taken") if refused else _("Doubtful"),
            row_no,
            *(show_cell(cells[index]) for index in kept),
        ]


def _with_label(problem: Problem) -> str:
    label = problem.field.label if problem.field else ""
    return problem.reason if label in problem.reason else f"{label}：{problem.reason}"


def _lines(sentences: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, sentences)))
