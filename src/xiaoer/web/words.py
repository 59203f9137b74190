"""Dates, times and numbers as an office writes them, in the language of the reader.

A missing fact is shown as an en dash, never as zero or "no". Today is the day of `now` when the
page passes its own clock, else the machine's.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

MISSING = "–"
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_chinese() -> bool:
    """Whether the reader's language is Chinese, the language the product opens in."""
    return (get_language() or "zh-hans").startswith("zh")


def local_date(value: date | datetime) -> date:
    """The calendar day of a moment where the zone is."""
    if isinstance(value, datetime):
        return local_time(value).date()
    return value


def local_time(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def present(now: datetime | None) -> datetime:
    return local_time(now) if now else timezone.localtime()


def day(value: date | datetime | None, now: datetime | None = None) -> str:
    """11月24日 周二, or 24 Nov Tue; the year is added when it is not the present one."""
    if value is None:
        return MISSING
    on = local_date(value)
    other_year = on.year != present(now).year
    if in_chinese():
        year = f"{on.year}年" if other_year else ""
        return f"{year}{on.month}月{on.day}日 周{WEEKDAYS_ZH[on.weekday()]}"
    year = f" {on.year}" if other_year else ""
    return f"{on.day} {MONTHS_EN[on.month - 1]}{year} {WEEKDAYS_EN[on.weekday()]}"


def full_day(value: date | datetime | None) -> str:
    """2026年11月20日 周五, or 20 Nov 2026 Fri: for papers, which are read in any year."""
    if value is None:
        return MISSING
    on = local_date(value)
    if in_chinese():
        return f"{on.year}年{on.month}月{on.day}日 周{WEEKDAYS_ZH[on.weekday()]}"
    return f"{on.day} {MONTHS_EN[on.month - 1]} {on.year} {WEEKDAYS_EN[on.weekday()]}"


def month(value: date | None) -> str:
    """2026年11月, or Nov 2026."""
    if value is None:
        return MISSING
    if in_chinese():
        return f"{value.year}年{value.month}月"
    return f"{MONTHS_EN[value.month - 1]} {value.year}"


def clock(value: datetime | None) -> str:
    """09:42."""
    return MISSING if value is None else f"{local_time(value):%H:%M}"


def moment(value: datetime | None, now: datetime | None = None) -> str:
    """今天 09:42, 昨天 17:05, 11-18 15:02, and with the year when it is another."""
    if value is None:
        return MISSING
    at, today = local_time(value), present(now).date()
    time = f"{at:%H:%M}"
    if at.date() == today:
        return gettext("Today %(time)s") % {"time": time}
    if at.date() == today - timedelta(days=1):
        return gettext("Yesterday %(time)s") % {"time": time}
    return f"{at:%m-%d} {time}" if at.year == today.year else f"{at:%Y-%m-%d} {time}"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long since a moment, in its largest whole unit."""
    if value is None:
        return MISSING
    seconds = int((present(now) - local_time(value)).total_seconds())
    if seconds < 60:
        return gettext("just now")
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if hours < 1:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if days < 1:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """Thousands separated, a true minus sign; `places` fixes the decimals of a column."""
    if value is None:
        return MISSING
    text = f"{value:,}" if places is None else f"{value:,.{places}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def percent(value: float | Decimal | None, places: int = 1) -> str:
    """A share between 0 and 1 as a percentage."""
    return MISSING if value is None else f"{number(value * 100, places)}%"


def missing(value: object) -> object:
    """The value, or a dash where there is none; zero and False are values."""
    return MISSING if value is None or value == "" else value


def named(thing: object) -> str:
    """What has a name in both languages, in the reader's; without an English one, as it is called."""
    name = str(getattr(thing, "name", ""))
    return name if in_chinese() else getattr(thing, "name_en", "") or name


def listed(items: Iterable[object]) -> str:
    """Several things in one line: 甲、乙、丙, or A, B, C."""
    return ("、" if in_chinese() else ", ").join(str(item) for item in items)
