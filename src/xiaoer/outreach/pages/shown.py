"""How the templates of this room write days and money; lent to them while the app starts."""

from datetime import datetime, timedelta

from django.utils.translation import get_language

from xiaoer.base.units import show_money
from xiaoer.web import words

INSTANT = timedelta(microseconds=1)


def last_day(due_at: datetime | None, now: datetime | None = None) -> str:
    """The last day on which a due thing is in time: what is due at midnight is due the day before."""
    return words.day(None if due_at is None else due_at - INSTANT, now)


def yuan(fen: int | None) -> str:
    """120 万元; a dash where no amount is known."""
    return show_money(fen, get_language() or "zh-hans")
