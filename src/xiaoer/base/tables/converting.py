"""What a converter is, and those that need nothing but this room.

Kinds with rules of another room (codes of firms, industries) are handed in by the caller.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xiaoer.base.dates import EARLIEST, LATEST, parse_date
from xiaoer.base.reading import Unreadable, is_missing, plain_text, take_apart
from xiaoer.base.tables.cells import Cell, show_cell, tidy_plain
from xiaoer.base.tables.headers import Field
from xiaoer.base.units import (
    MoneyUnit,
    money_unit,
    parse_area,
    parse_count,
    parse_energy,
    parse_mass,
    parse_money,
    parse_percent,
)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The cell is taken as ``value``, but a person should look at it."""

    value: object
    reason: str
    advice: str = ""


class Converter(Protocol):
    """From a filled cell to a value, with the unit of the column where there is one.

    Called once for each different cell of a column. Texts arrive narrow and trimmed, and words
    for "nothing" never arrive. Raises Unreadable (or Refused) for what it cannot take; returns
    Doubtful for what a person should look at.
    """

    def __call__(self, cell: Cell, unit: str | None, /) -> object: ...


def convert_decimal(cell: Cell, unit: str | None = None, /) -> object:
    """A bare number, with the unit of the column behind it or none; NaN and infinity are none."""
    if isinstance(cell, bool | date | time | timedelta):
        raise _no_number(cell)
    figure = take_apart(plain_text(cell) or "")
    if figure is None or figure.head or figure.tail not in ("", "%", unit):
        raise _no_number(cell)
    return Decimal(figure.digits).scaleb(-figure.places)


def _no_number(cell: Cell) -> Unreadable:
    return Unreadable(
        _("“{value}” is not a number. Type digits only; the unit stands in the heading."),
        value=show_cell(cell),
    )


def _with_unit(parse: Callable[..., object]) -> Converter:
    def convert(cell: Cell, unit: str | None, /) -> object:
        if isinstance(cell, bool | date | time | timedelta):
            raise _no_number(cell)
        return parse(cell, unit) if unit else parse(cell)

    return convert


@lru_cache(maxsize=256)
def _unit_of_money(unit: str) -> MoneyUnit:
    if (read := money_unit(f"({unit})")) is None:
        raise Unreadable(
            _("“{value}” is no unit of money. Say for the column which one it is."), value=unit
        )
    return read


def convert_money(cell: Cell, unit: str | None = None, /) -> object:
    """A `Money`, in the unit of the column unless the cell says its own."""
    if isinstance(cell, bool | date | time | timedelta):
        raise _no_number(cell)
    return parse_money(cell, _unit_of_money(unit)) if unit else parse_money(cell)


# The writings that fill whole columns; parse_date knows the rest, and says what is wrong.
_USUAL_DATE = re.compile(
    r"((?:19|20)[0-9]{2})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)"
)


def convert_date(cell: Cell, _unit: str | None = None, /) -> object:
    """A day; a cell that Excel keeps as a date costs nothing."""
    if type(cell) is date and EARLIEST <= cell.year <= LATEST:
        return cell
    if type(cell) is str and (written := _USUAL_DATE.fullmatch(cell)):
        year, _sign, month, day, month_said, day_said = written.groups()
        with suppress(ValueError):
            return date(int(year), int(month or month_said), int(day or day_said))
    return parse_date(cell)


_USUAL_PHONE = re.compile(r"1[3-9][0-9]{9}").fullmatch
_MOBILE = re.compile(r"(?:\+?86|0086)?-?(1[3-9]\d)-?(\d{4})-?(\d{4})\Z")
_LANDLINE = re.compile(
    r"(?:\+?86|0086)?-?\(?(0\d{2,3})\)?-?(\d{7,8})(?:(?:-|转|ext\.?)(\d{1,6}))?\Z"
)
_SERVICE = re.compile(r"([48]00)-?(\d{3,4})-?(\d{3,4})\Z")
_LOCAL = re.compile(r"\d{7,8}\Z")
_SEVERAL = re.compile(r"[/、,;，；|]|\s{1,}(?=1[3-9]\d{9})|或|和")


def convert_phone(cell: Cell, _unit: str | None = None, /) -> object:
    """13800000000, 0537-2345678-8001 or 400…, as digits and hyphens."""
    if type(cell) is str and _USUAL_PHONE(cell):
        return cell
    # Other programs write a number as 13800000000.0.
    text = show_cell(cell).removesuffix(".0")
    parts = [part for part in map(str.strip, _SEVERAL.split(text)) if part]
    number = _one_phone(parts[0]) if parts else None
    if number is None:
        raise Unreadable(
            _(
                "“{value}” is not a telephone number. Type 11 digits for a mobile, or area code "
                "and number as 0537-2345678."
            ),
            value=text,
        )
    if len(parts) > 1:
        return Doubtful(
            number,
            gettext("Several numbers in one cell: “%(value)s”") % {"value": text},
            gettext("The first is taken; keep the others as contacts of their own."),
        )
    if _LOCAL.match(number):
        return Doubtful(
            number,
            gettext("“%(value)s” has no area code") % {"value": text},
            gettext("Type it as 0537-2345678."),
        )
    return number


def _one_phone(text: str) -> str | None:
    text = re.sub(r"[\s.]", "", text).replace("—", "-").replace("－", "-")
    if found := _MOBILE.match(text):
        return "".join(found.groups())
    if found := _LANDLINE.match(text) or _SERVICE.match(text):
        return "-".join(part for part in found.groups() if part)
    return text if _LOCAL.match(text) else None


def choice_converter(field: Field) -> Converter:
    """Takes the words of ``field.choices``, and nothing else."""
    choices = field.choices or {}
    known = {tidy_plain(word).casefold(): value for word, value in choices.items()}
    offered = "、".join(choices)

    def convert_choice(cell: Cell, _unit: str | None = None, /) -> object:
        word = show_cell(cell)
        value = known.get(tidy_plain(word).casefold(), known)
        if value is known:
            if is_missing(tidy_plain(word)):
                return None
            raise Unreadable(
                _("“{value}” is not one of the known words. Type one of: {words}."),
                value=word,
                words=offered,
            )
        return value

    return convert_choice


def show_as_text(cell: Cell) -> str:
    """A number or date in a column of texts, as Excel shows it."""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return show_cell(cell)


PLAIN: Mapping[str, Converter] = {
    "integer": _with_unit(parse_count),
    "decimal": convert_decimal,
    "percent": _with_unit(parse_percent),
    "area": _with_unit(parse_area),
    "energy": _with_unit(parse_energy),
    "mass": _with_unit(parse_mass),
    "money": convert_money,
    "date": convert_date,
    "phone": convert_phone,
}
