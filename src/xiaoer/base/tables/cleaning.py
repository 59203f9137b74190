"""From cells to values: what is good, what is refused and why, and that nothing is lost.

Works by column and converts each different cell of a column once; only cells with a problem get
an object of their own. Reading dominates: cleaning a row of 15 columns costs a few microseconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables.cells import (
    Cell,
    is_blank,
    show_cell,
)
from xiaoer.base.tables.columns import Column, Severity, clean_column
from xiaoer.base.tables.converting import (
    Converter,
)
from xiaoer.base.tables.headers import Field, Header
from xiaoer.base.tables.left_out import LeftOut, Why, find_left_out, is_running_number
from xiaoer.base.tables.memory import without_collecting
from xiaoer.base.tables.reading import Rows, Table


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell (or, without ``field``, one row) a person should look at."""

    row_no: int
    field: Field | None
    value: str
    reason: str
    advice: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The values of the good rows, by column, and an account of all others.

    ``read`` = good + rejected + left out. A doubtful row is a good row with a problem beside it.
    """

    fields: tuple[Field, ...]
    row_nos: list[int]
    columns: Mapping[str, list[object]]
    problems: list[Problem]
    rejected: tuple[int, ...]
    left_out: tuple[LeftOut, ...]
    read: int

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Good rows as tuples in the order of ``fields``."""
        return zip(*(self.columns[field.key] for field in self.fields), strict=True)

    @property
    def doubtful(self) -> frozenset[int]:
        """Row numbers of good rows a person should look at."""
        refused = set(self.rejected)
        return frozenset(
            problem.row_no for problem in self.problems if problem.row_no not in refused
        )


@without_collecting
def clean_table(table: Table, header: Header, converters: Mapping[str, Converter]) -> Cleaned:
    """Convert every row below the headings.

    ``converters`` are by kind of field and come before the plain ones of this package. Raises
    Refused if a required field has no column.
    """
    if header.missing:
        raise Refused(
            _("No column for %(fields)s. Say which column it is, or add it to the sheet.")
            % {"fields": "、".join(field.label for field in header.missing)}
        )
    if not header.mapping:
        raise Refused(_("No column is matched to a field. Say which column is what."))
    begin = header.row_index + 1
    data = Rows(table.columns, begin)
    wanted = {*header.mapping, *_telling(header)}
    taken = {index: table.columns[index][begin:] for index in wanted}
    different = {index: set(cells) for index, cells in taken.items()}
    searched = {index: (taken[index], different[index]) for index in _telling(header)}
    skipped = find_left_out(data, searched, table.rows[: header.row_index + 1])
    columns = [
        clean_column(taken[index], different[index], match, converters)
        for index, match in header.mapping.items()
    ]
    for index in _blank_rows(data, columns, header):
        skipped.setdefault(index, Why.BLANK)
    first = table.row_no(begin)
    problems = [problem for column in columns for problem in _problems_of(column, skipped, first)]
    problems.sort(key=lambda problem: problem.row_no)
    rejected = {p.row_no - first for p in problems if p.severity is Severity.REJECT}
    good = [True] * len(data)
    for index in (*rejected, *skipped):
        good[index] = False
    return Cleaned(
        fields=tuple(column.field for column in columns),
        row_nos=list(compress(range(first, first + len(data)), good)),
        columns={column.field.key: list(compress(column.values, good)) for column in columns},
        problems=problems,
        rejected=tuple(sorted(index + first for index in rejected)),
        left_out=tuple(
            LeftOut(index + first, why, _begins(data[index]))
            for index, why in sorted(skipped.items())
        ),
        read=len(data),
    )


def _telling(header: Header) -> list[int]:
    """Columns in which a total, a note or a repeated heading would show itself."""
    first = [index for index in range(min(len(header.names), 4))]
    required = [index for index, match in header.mapping.items() if match.field.required]
    return sorted({*first, *required})


def _begins(row: list[Cell]) -> str:
    return next((show_cell(cell).strip()[:60] for cell in row if not is_blank(cell)), "")


def _problems_of(column: Column, skipped: Mapping[int, Why], first: int) -> Iterator[Problem]:
    troubles, field = column.troubles, column.field
    if not troubles:
        return
    for index, cell in enumerate(column.cells):
        if cell in troubles and index not in skipped:
            trouble = troubles[cell]
            yield Problem(
                index + first,
                field,
                show_cell(cell),
                trouble.reason,
                trouble.advice,
                trouble.severity,
            )


def _blank_rows(data: Rows, columns: list[Column], header: Header) -> Iterator[int]:
    """Rows in which nothing stands but, at most, a running number."""
    numbering = {
        index
        for index, name in enumerate(header.names)
        if index not in header.mapping and is_running_number(name)
    }
    suspects = [index for index, value in enumerate(columns[0].values) if value is None]
    for column in columns[1:]:
        suspects = [index for index in suspects if column.values[index] is None]
    for index in suspects:
        if all(is_blank(cell) or place in numbering for place, cell in enumerate(data[index])):
            yield index


def find_repeats(cleaned: Cleaned, keys: tuple[str, ...]) -> dict[int, int]:
    """Row number → number of the first row with the same, known values in ``keys``."""
    seen: dict[tuple[object, ...], int] = {}
    repeats: dict[int, int] = {}
    values = zip(*(cleaned.columns[key] for key in keys), strict=True)
    for row_no, value in zip(cleaned.row_nos, values, strict=True):
        if None not in value and seen.setdefault(value, row_no) != row_no:
            repeats[row_no] = seen[value]
    return repeats
