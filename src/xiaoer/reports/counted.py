"""Answers that count records: the lines a reader can open, the number, and how it was counted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

from xiaoer.base.bounds import Bound
from xiaoer.reports.published import Published

HUNDRED = Decimal(100)
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Record:
    """One record a figure counts, as a line a reader can open."""

    label: str
    detail: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Our figure in the printed unit, how it was counted, and what it counted.

    ``value`` is None when the records do not say. Where they only bound it (≥ 30), ``bound`` says
    so and ``value`` is its known end.
    """

    value: Decimal | None
    as_of: date
    basis: str
    records: tuple[Record, ...] = ()
    count: int = 0
    address: str = ""
    bound: Bound | None = None


Ask = Callable[[int, Published, date], Answer]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: words for the reader, and the asking itself (zone number, figure, day)."""

    words: str | Promise
    ask: Ask


def counted(rows: Iterable[Record], count: int, day: date, basis: str, address: str = "") -> Answer:
    """An answer that is the number of some records."""
    return Answer(
        value=Decimal(count),
        as_of=day,
        basis=basis,
        records=tuple(rows),
        count=count,
        address=address,
    )
