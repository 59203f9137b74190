"""Dates as dirty sheets hold them: 2018-03-05, 2018.3.5, 20180305, 2018年3月5日, serial numbers."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.reading import Unreadable, plain_text, read_numeral


class Precision(IntEnum):
    """How much of a date is known."""

    YEAR = 1
    MONTH = 2
    DAY = 3


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as far as it is written; `first` is the first day it may mean."""

    first: date
    precision: Precision


EARLIEST, LATEST = 1840, 2200
SERIAL_EPOCH: Final = date(1899, 12, 30)
# Serials of 1927 to 2100: smaller ones are years or mistakes, larger ones are written dates.
SERIALS = range(10_000, 73_416)

_CLOCK = r"(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_SIGNS = re.compile(rf"(\d{{4}})(?:([-/.])(\d{{1,2}})(?:\2(\d{{1,2}}))?\2?)?{_CLOCK}")
_WORDS = re.compile(rf"(\d{{4}})年(?:(\d{{1,2}})月(?:份|(\d{{1,2}})[日号]?)?)?{_CLOCK}")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_CHINESE = re.compile(r"[零〇一二三四五六七八九十]+")


def parse_date(value: object) -> date | None:
    """The day a cell or a person means; None when it is missing. Raises `Unreadable` where the
    day does not exist or is not written."""
    read = read_date(value)
    if read is None:
        return None
    if read.precision is not Precision.DAY:
        raise _no_date(_("“{value}” lacks the day. Type it in full, such as 2018-03-05."), value)
    return read.first


def read_date(value: object) -> ReadDate | None:
    """Like `parse_date`, but 2018年3月 and 2018 are taken as far as they go."""
    if isinstance(value, datetime):
        return _checked(value.year, value.month, value.day, value)
    if isinstance(value, date):
        return _checked(value.year, value.month, value.day, value)
    text = plain_text(value)
    if text is None:
        return None
    if found := _SIGNS.fullmatch(text):
        return _checked(found[1], found[3], found[4], value)
    return _read_rarer(" ".join(text.split()), value)


def _read_rarer(text: str, value: object) -> ReadDate:
    if found := _DIGITS.fullmatch(text):
        return _checked(found[1], found[2], found[3], value)
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) in SERIALS:
        return ReadDate(SERIAL_EPOCH + timedelta(days=int(found[1])), Precision.DAY)
    if "年" in text:
        text = _CHINESE.sub(lambda numeral: str(read_numeral(numeral[0])), text)
    spaceless = re.sub(r" ?([-/.年月日号]) ?", r"\1", text)
    if found := _WORDS.fullmatch(spaceless):
        return _checked(found[1], found[2], found[3], value)
    if found := _SIGNS.fullmatch(spaceless):
        return _checked(found[1], found[3], found[4], value)
    raise _no_date(_("“{value}” is not a date. Type it as 2018-03-05."), value)


def _checked(
    year: str | int, month: str | int | None, day: str | int | None, value: object
) -> ReadDate:
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise _no_date(
            _("There is no such day as “{value}”. Look it up and type it again."), value
        ) from None
    if not EARLIEST <= first.year <= LATEST:
        raise _no_date(_("“{value}” lies outside the years an office writes down."), value)
    return ReadDate(first, precision)


def _no_date(reason: str | Promise, value: object) -> Unreadable:
    return Unreadable(reason, value=value)
