"""From cells to values: what is good, what is refused and why, and that nothing is lost.

Works by column and converts each different cell of a column once; only cells with a problem get
an object of their own. Reading dominates: cleaning a row of 15 columns costs a few microseconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress

from django.utils.translation import gettext as _

from xiaoer.base.reading import Unreadable, is_missing
from xiaoer.base.refusals import Refused
from xiaoer.base.tables.cells import (
    EXCEL_ERRORS,
    Cell,
    is_blank,
    is_broken,
    is_untidy_plain,
    is_untidy_text,
    show_cell,
    tidy_plain,
    tidy_text,
)
from xiaoer.base.tables.converting import (
    PLAIN,
    Converter,
    Doubtful,
    choice_converter,
    show_as_text,
)
from xiaoer.base.tables.headers import Field, Header, Match
from xiaoer.base.tables.left_out import LeftOut, Why, find_left_out, is_running_number
from xiaoer.base.tables.reading import Table
from xiaoer.base.tables.texts import Nested


_GUARDS = ("'", "=")
# The longest word for "nothing" is shorter; longer texts need not be asked.
_LONGEST_NOTHING = 9


class Severity(StrEnum):
    REJECT = "reject"
    DOUBT = "doubt"


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


@dataclass(frozen=True, slots=True)
class _Trouble:
    reason: str
    advice: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class _Column:
    """A cleaned column; ``troubles`` are keyed by the cell as read, not by row."""

    field: Field
    cells: list[Cell]
    values: list[object]
    troubles: Mapping[Cell, _Trouble]


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
    data = table.rows[begin:]
    taken = {index: [row[index] for row in data] for index in header.mapping}
    searched = {
        index: taken.get(index) or [row[index] for row in data] for index in _telling(header)
    }
    skipped = find_left_out(data, searched, table.rows[: header.row_index + 1])
    columns = [
        _clean_column(taken[index], match, _converter_of(match.field, converters))
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


def _converter_of(field: Field, converters: Mapping[str, Converter]) -> Converter | None:
    """None for a text, which needs no conversion."""
    if field.kind in converters:
        return converters[field.kind]
    if field.kind == "choice":
        return choice_converter(field)
    if field.kind == "text":
        return None
    return PLAIN[field.kind]


def _clean_column(cells: list[Cell], match: Match, converter: Converter | None) -> _Column:
    changed: dict[Cell, object] = {}
    troubles: dict[Cell, _Trouble] = {}
    different = set(cells)
    if converter is None:
        _clean_texts(different, match.field, changed, troubles)
        # Most texts are clean already and stand for themselves.
        values = list(map(changed.get, cells, cells)) if changed else list(cells)
    else:
        _convert(different, match, converter, changed, troubles)
        values = list(map(changed.__getitem__, cells))
    return _Column(match.field, cells, values, troubles)


def _clean_texts(
    different: set[Cell],
    field: Field,
    changed: dict[Cell, object],
    troubles: dict[Cell, _Trouble],
) -> None:
    longest = field.max_length or 10_000
    for cell in different:
        if type(cell) is str:
            if is_untidy_text(cell) or cell.strip() != cell or cell[:1] in _GUARDS:
                changed[cell] = text = tidy_text(cell)
            else:
                text = cell
            length = len(text)
            if length < _LONGEST_NOTHING and is_missing(text):
                changed[cell] = None
                if field.required:
                    troubles[cell] = _absent(field)
            elif length > longest or text[0] == "#" or is_broken(text):
                _judge_text(cell, text, longest, changed, troubles)
        else:
            _clean_strange_text(cell, field, changed, troubles)


def _judge_text(
    cell: Cell,
    text: str,
    longest: int,
    changed: dict[Cell, object],
    troubles: dict[Cell, _Trouble],
) -> None:
    if len(text) > longest:
        troubles[cell] = _Trouble(
            _("The text has %(length)s characters, more than %(limit)s")
            % {"length": len(text), "limit": longest},
            _("Shorten it."),
            Severity.REJECT,
        )
    elif text.upper() in EXCEL_ERRORS:
        troubles[cell] = _formula_failed(text)
    elif is_broken(text):
        troubles[cell] = _Trouble(
            _("Some characters cannot be read"),
            _("Type the text again; the file was saved in a wrong encoding."),
            Severity.REJECT,
        )
    if cell in troubles:
        changed[cell] = None


def _clean_strange_text(
    cell: Cell, field: Field, changed: dict[Cell, object], troubles: dict[Cell, _Trouble]
) -> None:
    """A number, date or nested value in a column of texts."""
    if cell is None:
        changed[cell] = None
        if field.required:
            troubles[cell] = _absent(field)
        return
    changed[cell] = show_as_text(cell)
    if isinstance(cell, Nested):
        changed[cell] = None
        troubles[cell] = _nested()
    elif isinstance(cell, float) and abs(cell) >= 1e15:
        troubles[cell] = _Trouble(
            _("Excel keeps only 15 digits of a number; the last digits of this one are lost"),
            _("Format the column as text and type the digits again."),
            Severity.REJECT,
        )


def _convert(
    different: set[Cell],
    match: Match,
    converter: Converter,
    changed: dict[Cell, object],
    troubles: dict[Cell, _Trouble],
) -> None:
    """Convert each different cell once, into ``changed``."""
    field, unit = match.field, match.unit
    # In a column of choices 无 may be an answer; its converter knows.
    asks_itself = field.kind == "choice"
    for cell in different:
        plain = _plain(cell) if type(cell) is str else cell
        if plain == "" or (type(plain) is str and not asks_itself and _says_nothing(plain)):
            plain = None
        value: object = None
        if plain is not None:
            try:
                value = converter(plain, unit)
            except (Refused, Unreadable) as refusal:
                value = _trouble_of(plain, refusal)
        if value is None:
            if field.required:
                value = _absent(field)
        elif type(value) is Doubtful:
            troubles[cell] = _Trouble(value.reason, value.advice, Severity.DOUBT)
            value = value.value
        if type(value) is _Trouble:
            troubles[cell] = value
            value = None
        changed[cell] = value


def _says_nothing(text: str) -> bool:
    return len(text) < _LONGEST_NOTHING and is_missing(text)


def _trouble_of(cell: Cell, refusal: Refused | Unreadable) -> _Trouble:
    if isinstance(cell, Nested):
        return _nested()
    if isinstance(cell, str) and cell.upper() in EXCEL_ERRORS:
        return _formula_failed(cell)
    # Readers say in one breath what is wrong and, in the last sentence, what to type.
    said = str(refusal)
    reason, stop, advice = said.rstrip("。. ").rpartition("。" if "。" in said else ". ")
    if not stop:
        reason, advice = said, _("Correct the cell and upload the row again.")
    return _Trouble(reason + stop.strip(), advice + said[-1:].strip(), Severity.REJECT)


def _plain(cell: str) -> str:
    if cell.isalnum() and cell.isascii():
        return cell
    return tidy_plain(cell) if is_untidy_plain(cell) or cell[:1] in _GUARDS else cell.strip()


def _absent(field: Field) -> _Trouble:
    return _Trouble(
        _("%(field)s is empty") % {"field": field.label},
        _("Fill it in; a row cannot be kept without it."),
        Severity.REJECT,
    )


def _formula_failed(text: str) -> _Trouble:
    return _Trouble(
        _("A formula in the sheet failed: %(value)s") % {"value": text},
        _("Repair the formula, or type the value."),
        Severity.REJECT,
    )


def _nested() -> _Trouble:
    return _Trouble(
        _("A list or object stands where one value is expected"),
        _("Export each value under a name of its own."),
        Severity.REJECT,
    )


def _problems_of(column: _Column, skipped: Mapping[int, Why], first: int) -> Iterator[Problem]:
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


def _blank_rows(data: list[list[Cell]], columns: list[_Column], header: Header) -> Iterator[int]:
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
    """Row number → number of the first row with the same values in ``keys``, where all are known."""
    seen: dict[tuple[object, ...], int] = {}
    repeats: dict[int, int] = {}
    values = zip(*(cleaned.columns[key] for key in keys), strict=True)
    for row_no, value in zip(cleaned.row_nos, values, strict=True):
        if None not in value and seen.setdefault(value, row_no) != row_no:
            repeats[row_no] = seen[value]
    return repeats
