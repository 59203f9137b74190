"""Facts as the engines take them, and the few functions of the language that Python lacks."""

import calendar
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.words import Kind
from xiaoer.rules.language.tree import Scalar


def number(name: str, value: object) -> float | None:
    """A figure as float64; what is no number or infinite is missing, as in the engine for many."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        # numpy's own figures are none of Python's, but know what they are.
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise _unlike(name, value, _("a figure"))
    try:
        found = float(value)
    except (OverflowError, ValueError):
        raise _unlike(name, value, _("a figure")) from None
    return found if isfinite(found) else None


def flag(name: str, value: object) -> bool:
    value = value.item() if hasattr(value, "item") else value
    if not isinstance(value, bool):
        raise _unlike(name, value, _("yes or no"))
    return value


def day(name: str, value: object) -> date:
    """A day; also as JSON keeps it."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _unlike(name, value, _("a day")) from None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _unlike(name, value, _("a day"))
    return value


def text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _unlike(name, value, _("a text"))
    return str(value)


_LOADERS: dict[Kind, Any] = {Kind.NUMBER: number, Kind.FLAG: flag, Kind.DAY: day, Kind.TEXT: text}


def loaded(name: str, kind: Kind, value: object) -> Scalar | None:
    """A fact as the engines take it, or a refusal that names it."""
    return None if value is None else _LOADERS[kind](name, value)


def _unlike(name: str, value: object, wanted: str) -> Refused:
    message = _("%(name)s should be %(wanted)s; “%(value)s” is not. Correct the fact.")
    words = {"name": name, "wanted": wanted, "value": str(value)[:40]}
    return Refused(message % words, field=name)


@lru_cache(maxsize=4096)
def shifted(start: date, months: int, days: int) -> date | None:
    """A day so much later: months first, clipped to the month's last day; missing beyond year 9999."""
    months += start.year * 12 + start.month - 1
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    try:
        return date(year, month + 1, min(start.day, last)) + timedelta(days=days)
    except OverflowError:
        return None
