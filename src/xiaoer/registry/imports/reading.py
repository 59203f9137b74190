"""A sheet of enterprises read into columns of values, ready to be staged."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import compress
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from xiaoer.base.tables import (
    Cleaned,
    Header,
    Problem,
    Severity,
    Table,
    clean_table,
    find_header,
    find_repeats,
    read_table,
)
from xiaoer.base.units import Money
from xiaoer.registry.codes import CreditCode, OldNumber, section_of
from xiaoer.registry.imports.fields import CONVERTERS, FIELDS
from xiaoer.registry.names import terms_of

Mapped = Mapping[int, str | None]
Remembered = Callable[[str], Mapped | None]
LARGE = 2_000
_BLOCK = 1 << 20
# So many rows are written at once; between them the reader of the page is told.
PORTION = 20_000


def nothing_remembered(_fingerprint: str) -> Mapped | None:
    """For a sheet nobody matched before."""
    return None


@dataclass(frozen=True, slots=True)
class SheetRead:
    """The sheet, what its columns mean, its good rows and what is wrong with the others.

    ``cleaned`` is None while no column is known for what every row must have.
    """

    table: Table
    header: Header
    cleaned: Cleaned | None
    problems: tuple[Problem, ...]

    @property
    def read(self) -> int:
        """Rows that speak of an enterprise: good ones and rejected ones, no totals, no blanks."""
        return self.cleaned.read - len(self.cleaned.left_out) if self.cleaned else 0

    @property
    def has_cells(self) -> bool:
        """Whether the sheet says where enterprises belong."""
        return self.cleaned is not None and "cell" in self.cleaned.columns


def read_sheet(
    path: Path,
    *,
    sheet: str | None = None,
    chosen: Mapped | None = None,
    remembered: Remembered = nothing_remembered,
) -> SheetRead:
    """Read and clean a file; ``chosen`` is a person's word on what a column is.

    Without one, what somebody said of the same layout before is asked for (``remembered``).
    """
    table = read_table(path, sheet=sheet, wanted=FIELDS)
    header = find_header(table.rows, FIELDS, chosen=chosen)
    if not chosen and (known := remembered(header.fingerprint)):
        header = find_header(table.rows, FIELDS, chosen=known)
    if header.missing:
        return SheetRead(table, header, None, ())
    cleaned = clean_table(table, header, CONVERTERS)
    return SheetRead(table, header, cleaned, (*cleaned.problems, *_repeats(cleaned)))


# Large or not ------------------------------------------------------------------------------------


def is_large(path: Path) -> bool:
    """Whether a sheet has more rows than a page should wait for, without reading it whole."""
    if zipfile.is_zipfile(path):
        return _workbook_is_large(path)
    with path.open("rb") as stream:
        head = stream.read(8)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            return path.stat().st_size > 300 * LARGE
        sign = b"{" if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[") else b"\n"
        stream.seek(0)
        return _more_than(stream, sign)


def _workbook_is_large(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.filename.lower().startswith("xl/worksheets/sheet"):
                with archive.open(part) as stream:
                    if _more_than(stream, b"<row "):
                        return True
    return False


def _more_than(stream: IO[bytes], sign: bytes) -> bool:
    found = 0
    while block := stream.read(_BLOCK):
        found += block.count(sign)
        if found > LARGE + 10:
            return True
    return False


# Repeats -----------------------------------------------------------------------------------------


def _repeats(cleaned: Cleaned) -> Iterator[Problem]:
    """The same code, or the same name without a code, twice in one sheet: the first row counts."""
    codes = cleaned.columns.get("credit_code")
    told: set[int] = set()
    if codes is not None:
        different = set(codes)
        if len(different) == len(codes) and None not in different:
            return
        for row_no, first in find_repeats(cleaned, ("credit_code",)).items():
            told.add(row_no)
            yield _repeat(row_no, first)
        nameless = {no for no, code in zip(cleaned.row_nos, codes, strict=True) if code is None}
    else:
        nameless = set(cleaned.row_nos)
    # Two firms of one name with two codes are two firms.
    if nameless:
        for row_no, first in find_repeats(cleaned, ("name",)).items():
            if row_no in nameless and row_no not in told:
                yield _repeat(row_no, first)


def _repeat(row_no: int, first: int) -> Problem:
    return Problem(
        row_no,
        None,
        "",
        _("This row repeats row %(first)s.") % {"first": first},
        _("Keep one of the two; nothing of this row was taken."),
        Severity.REJECT,
    )


def rejected_rows(problems: Iterable[Problem]) -> frozenset[int]:
    return frozenset(p.row_no for p in problems if p.severity is Severity.REJECT)


# Staging -----------------------------------------------------------------------------------------

_SIGNS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def staged_lines(read: SheetRead) -> Iterator[tuple[int, str]]:
    """Good rows as lines of PostgreSQL's COPY, in the order of ``staging.COLUMNS``, in portions.

    Written column by column: a hundred thousand rows are two million cells.
    """
    for row_nos, values in _portions(read):
        lines = map("\t".join, zip(*_written(row_nos, values), strict=True))
        yield len(row_nos), "\n".join(lines) + "\n"


@contextmanager
def worded_lines(read: SheetRead) -> Iterator[Iterator[tuple[int, int, str]]]:
    """By what the same rows are found, in the same portions: last row number, rows, lines.

    A thread makes them from here on, while whoever asks waits for the database.
    """
    ahead = ThreadPoolExecutor(max_workers=1)
    try:
        yield ahead.map(_worded, _portions(read))
    finally:
        ahead.shutdown(cancel_futures=True)


_Values = Mapping[str, list[object]]


def _portions(read: SheetRead) -> Iterator[tuple[list[int], _Values]]:
    """The row numbers and columns of good rows that repeat none."""
    cleaned = read.cleaned
    if cleaned is None:
        return
    rejected = rejected_rows(read.problems)
    for start in range(0, len(cleaned.row_nos), PORTION):
        part = slice(start, start + PORTION)
        row_nos = cleaned.row_nos[part]
        columns = {key: column[part] for key, column in cleaned.columns.items()}
        if not rejected.isdisjoint(row_nos):
            wanted = [row_no not in rejected for row_no in row_nos]
            row_nos = list(compress(row_nos, wanted))
            columns = {key: list(compress(column, wanted)) for key, column in columns.items()}
        if row_nos:
            nothing: list[object] = [None] * len(row_nos)
            yield row_nos, {field.key: columns.get(field.key, nothing) for field in FIELDS}


def _codes(values: _Values) -> tuple[list[str | None], list[str | None]]:
    """Unified codes and old numbers, which share a column of the sheet."""
    codes = values["credit_code"]
    credit = [code.code if type(code) is CreditCode else None for code in codes]
    return credit, [code.number if type(code) is OldNumber else None for code in codes]


def _worded(portion: tuple[list[int], _Values]) -> tuple[int, int, str]:
    row_nos, values = portion
    codes = (one or other or "" for one, other in zip(*_codes(values), strict=True))
    terms = [
        terms_of(str(name), (), code) for name, code in zip(values["name"], codes, strict=True)
    ]
    lines = map("\t".join, zip(map(str, row_nos), _texts(terms), strict=True))
    return row_nos[-1], len(row_nos), "\n".join(lines) + "\n"


def _written(row_nos: list[int], values: _Values) -> list[list[str]]:
    credit, old = _codes(values)
    texts = ("address", "business", "legal_representative", "contact_name", "contact_phone",
             "park", "grid", "cell", "officer")  # fmt: skip
    return [
        list(map(str, row_nos)),
        _texts(values["name"]),
        _plain(credit),
        _plain(old),
        _plain(values["industry"]),
        _each(values["industry"], lambda industry: section_of(str(industry)) or NULL),
        _plain(values["status"]),
        _each(values["capital"], _fen),
        _each(values["capital"], _currency),
        _each(values["registered_on"], _day),
        *(_texts(values[key]) for key in texts),
    ]


def _plain(values: Iterable[object]) -> list[str]:
    """Codes and words of ours, in which nothing needs a mark."""
    return [NULL if value is None else str(value) for value in values]


def _each(values: list[object], write: Callable[[object], str]) -> list[str]:
    """Each different value is written once."""
    written = {value: NULL if value is None else write(value) for value in set(values)}
    return list(map(written.__getitem__, values))


def _texts(values: Iterable[object]) -> list[str]:
    texts = [NULL if value is None else str(value) for value in values]
    joined = "".join(texts)
    if joined.isprintable() and joined.count("\\") == texts.count(NULL):
        return texts
    return [text if text is NULL else text.translate(_SIGNS) for text in texts]


def _fen(money: object) -> str:
    return str(money.fen) if isinstance(money, Money) else NULL


def _currency(money: object) -> str:
    return money.currency if isinstance(money, Money) else NULL


def _day(day: object) -> str:
    return day.isoformat() if isinstance(day, date) else NULL
