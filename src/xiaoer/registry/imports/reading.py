"""A sheet of enterprises read into columns of values, ready to be staged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class SheetRead:
    """The sheet, what its columns mean, its good rows and what is wrong with the others."""

    table: Table
    header: Header
    cleaned: Cleaned
    problems: tuple[Problem, ...]

    @property
    def read(self) -> int:
        """Rows that speak of an enterprise: good ones and rejected ones, no totals, no blanks."""
        return self.cleaned.read - len(self.cleaned.left_out)


def read_sheet(path: Path, *, sheet: str | None = None, chosen: Mapped | None = None) -> SheetRead:
    """Read and clean a file; ``chosen`` is a person's word on what a column is."""
    table = read_table(path, sheet=sheet, wanted=FIELDS)
    header = find_header(table.rows, FIELDS, chosen=chosen)
    cleaned = clean_table(table, header, CONVERTERS)
    return SheetRead(table, header, cleaned, (*cleaned.problems, *_repeats(cleaned)))


def _repeats(cleaned: Cleaned) -> Iterator[Problem]:
    """The same code, or the same name without a code, twice in one sheet: the first row counts."""
    codes = cleaned.columns.get("credit_code")
    keys = ("credit_code",) if codes is not None else ("name",)
    told: set[int] = set()
    for names in (keys, ("name",)):
        for row_no, first in find_repeats(cleaned, names).items():
            if row_no in told or not _is_key(cleaned, names, row_no):
                continue
            told.add(row_no)
            yield Problem(
                row_no,
                None,
                "",
                _("This row repeats row %(first)s.") % {"first": first},
                _("Keep one of the two; nothing of this row was taken."),
                Severity.REJECT,
            )


def _is_key(cleaned: Cleaned, names: tuple[str, ...], row_no: int) -> bool:
    """A missing value repeats nothing; two firms of one name with two codes are two firms."""
    at = cleaned.row_nos.index(row_no)
    if names == ("credit_code",):
        return cleaned.columns["credit_code"][at] is not None
    codes = cleaned.columns.get("credit_code")
    return codes is None or codes[at] is None


def rejected_rows(problems: Iterable[Problem]) -> frozenset[int]:
    return frozenset(p.row_no for p in problems if p.severity is Severity.REJECT)


def staged_rows(read: SheetRead) -> Iterator[tuple[object, ...]]:
    """Good rows as tuples in the order of ``staging.COLUMNS``."""
    cleaned = read.cleaned
    rejected = rejected_rows(read.problems)
    nothing = [None] * len(cleaned.row_nos)
    columns = [cleaned.columns.get(field.key, nothing) for field in FIELDS]
    for row_no, values in zip(cleaned.row_nos, zip(*columns, strict=True), strict=True):
        if row_no not in rejected:
            yield _staged(row_no, values)


def _staged(row_no: int, values: tuple[object, ...]) -> tuple[object, ...]:
    name, code, industry, status, capital, registered_on, *texts = values
    credit = code.code if isinstance(code, CreditCode) else None
    old = code.number if isinstance(code, OldNumber) else None
    money = capital if isinstance(capital, Money) else None
    text = str(name)
    return (
        row_no,
        text,
        credit,
        old,
        industry,
        section_of(str(industry)) if industry else None,
        status,
        money.fen if money else None,
        money.currency if money else None,
        registered_on,
        *texts,
        terms_of(text, (), credit or old or ""),
    )
