"""The working-day calendar: which days an office works, and counting them.

Every year the State Council's notice names the days off and the weekends worked in exchange
(调休). A year without its notice is provisional: weekends and the holidays whose date is fixed or
computable; the lunar ones are missing, so that a provisional deadline is too early rather than
too late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, compress
from typing import NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar
from django.utils.translation import gettext_lazy as _

from xiaoer.base.reading import Unreadable

LOCAL = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1970, 2199
ORIGIN = date(FIRST_YEAR, 1, 1).toordinal()
SPAN = date(LAST_YEAR, 12, 31).toordinal() - ORIGIN + 1
DAY = timedelta(days=1)
# Since 2025 the second of May is a holiday by rule; the fourth lunar day is not computed here.
FIXED_HOLIDAYS = ((1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"),
                  (10, 2, "国庆节"), (10, 3, "国庆节"))  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class SpecialDay:
    """A day on which the office does otherwise than its weekday says."""

    day: date
    is_working: bool
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spells of a working day, in local time; a working hour is an hour of these."""

    spells: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(17)))

    def seconds(self) -> int:
        return sum(_second(end) - _second(start) for start, end in self.spells)

    def passed(self, at: time) -> int:
        """Office seconds from the morning until `at`."""
        now = _second(at)
        return sum(max(0, min(now, _second(end)) - _second(start)) for start, end in self.spells)

    def clock_at(self, passed: int) -> time:
        """The time of day at which so many office seconds have passed."""
        for start, end in self.spells:
            length = _second(end) - _second(start)
            if passed <= length:
                return (datetime.min + timedelta(seconds=_second(start) + passed)).time()
            passed -= length
        return self.spells[-1][1]


def _second(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


class Tables(NamedTuple):
    """A calendar for those who count much. A day is its place since ``ORIGIN``.

    ``before``: working days before each place; ``nth``: the places of the working days, in order.
    """

    before: Sequence[int]
    nth: Sequence[int]


@dataclass(frozen=True)
class WorkCalendar:
    """Days off and weekends worked, and the years whose notice is out. Counting is by a table made
    once, so keep a calendar rather than make it again."""

    special: frozenset[SpecialDay]
    known_years: frozenset[int]
    hours: OfficeHours = OfficeHours()

    @classmethod
    def of(
        cls,
        days: Iterable[SpecialDay],
        known_years: Iterable[int],
        hours: OfficeHours | None = None,
    ) -> "WorkCalendar":
        """A calendar of the days kept for the years known; other years are provisional."""
        known = frozenset(known_years)
        return cls(
            frozenset(day for day in days if day.day.year in known), known, hours or OfficeHours()
        )

    def is_working(self, day: date) -> bool:
        return bool(self._working[place(day)])

    def is_provisional(self, first: date, last: date | None = None) -> bool:
        """Whether a span touches a year whose notice is not out."""
        years = range(first.year, (last or first).year + 1)
        return not self.known_years.issuperset(years)

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which is itself not counted; before it for negative
        n. For 0, `start` or, when it is a day off, the next working day."""
        before = self._before[place(start)]
        if n > 0:
            before += self._working[place(start)] - 1
        return self._nth(before + n)

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and with `b`; negative when `b` is earlier."""
        return self._before[place(b) + 1] - self._before[place(a) + 1]

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        return self.add_working_days(day, 0)

    def office_seconds_between(self, a: datetime, b: datetime) -> int:
        """Seconds of office hours between two moments."""
        return self._office_seconds(b) - self._office_seconds(a)

    def add_office_seconds(self, start: datetime, seconds: int) -> datetime:
        """The moment at which so many seconds of office hours have passed since `start`; with 0,
        `start` itself."""
        if seconds == 0:
            return start
        whole = self.hours.seconds()
        full_days, rest = divmod(self._office_seconds(start) + seconds - 1, whole)
        day = self._nth(full_days)
        return datetime.combine(day, self.hours.clock_at(rest + 1), LOCAL)

    def _office_seconds(self, moment: datetime) -> int:
        here = moment.astimezone(LOCAL)
        at = place(here.date())
        today = self.hours.passed(here.time()) if self._working[at] else 0
        return self._before[at] * self.hours.seconds() + today

    @cached_property
    def tables(self) -> Tables:
        return Tables(self._before, self._days)

    def _nth(self, n: int) -> date:
        if not 0 <= n < len(self._days):
            raise outside(n)
        return date.fromordinal(ORIGIN + self._days[n])

    @cached_property
    def _working(self) -> bytearray:
        """One byte a day: whether the office works."""
        first = date.fromordinal(ORIGIN).weekday()
        week = [1, 1, 1, 1, 1, 0, 0]
        days = bytearray((week[first:] + week[:first]) * (SPAN // 7 + 1))[:SPAN]
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            if year not in self.known_years:
                for off in fixed_holidays(year):
                    days[place(off.day)] = 0
        for special in self.special:
            days[place(special.day)] = special.is_working
        return days

    @cached_property
    def _before(self) -> list[int]:
        """Working days before each day of the span."""
        return [0, *accumulate(self._working)]

    @cached_property
    def _days(self) -> list[int]:
        """The places of the working days, in order."""
        return list(compress(range(SPAN), self._working))


def place(day: date) -> int:
    """The day as days since ``ORIGIN``."""
    at = day.toordinal() - ORIGIN
    if not 0 <= at < SPAN:
        raise outside(day)
    return at


def outside(value: object) -> Unreadable:
    """What to raise for a day the calendar does not reach."""
    return Unreadable(
        _("“{value}” lies outside the calendar, which runs from {first} to {last}."),
        value=value,
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )


@lru_cache(maxsize=256)
def fixed_holidays(year: int) -> tuple[SpecialDay, ...]:
    """Holidays of a year that need no notice: fixed dates, and 清明 from the sun."""
    days = [SpecialDay(date(year, *day), False, name) for *day, name in FIXED_HOLIDAYS]
    days.append(SpecialDay(date(year, 4, _qingming(year)), False, "清明"))
    return tuple(sorted(day for day in days if day.day.weekday() < 5))


def _qingming(year: int) -> int:
    """The day of April; the usual formula, exact from 2000 to 2099 and within a day beside."""
    within = year % 100
    return int(within * 0.2422 + 4.81) - within // 4


def is_noticed(year: int) -> bool:
    """Whether the seed holds the State Council's notice for a year (2004 to 2026)."""
    try:
        chinese_calendar.is_workday(date(year, 7, 1))
    except NotImplementedError:
        return False
    return True


def seed_days(year: int) -> tuple[SpecialDay, ...]:
    """The special days a year begins with: the notice's, else the fixed holidays, provisional."""
    if not is_noticed(year):
        return fixed_holidays(year)
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
    special = (_seeded(day) for day in days)
    return tuple(day for day in special if day is not None)


def _seeded(day: date) -> SpecialDay | None:
    is_off, name = chinese_calendar.get_holiday_detail(day)
    if is_off == (day.weekday() > 4):
        return None
    return SpecialDay(day, not is_off, chinese_calendar.Holiday(name).chinese)


@lru_cache(maxsize=1)
def seed_calendar() -> WorkCalendar:
    """The calendar of all notices in the seed, for rooms and tests without their own."""
    years = [year for year in range(2000, 2100) if is_noticed(year)]
    return WorkCalendar.of((day for year in years for day in seed_days(year)), years)
