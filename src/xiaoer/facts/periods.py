"""Periods as offices write them: 2022年, 2022年1-6月, 2024年12月, 截至2023年9月."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiaoer.base.dates import read_date
from xiaoer.base.reading import Unreadable, plain_text

EARLIEST, LATEST = 1949, 2100
HALVES = {"上半年": (1, 6), "下半年": (7, 12), "全年": (1, 12)}
QUARTERS = {
    sign: number for number, signs in enumerate(("一1", "二2", "三3", "四4"), 1) for sign in signs
}

_YEAR = r"(\d{4})年?"
_MONTHS = re.compile(
    rf"{_YEAR}(?:度)?[-/.]?(?:(\d{{1,2}})月?[-–—~至到](\d{{1,2}})月|(\d{{1,2}})月份?)"
)
_PLAIN_MONTH = re.compile(r"(\d{4})[-/.]?(\d{2})")
_WHOLE = re.compile(rf"{_YEAR}(?:度|全年)?")
_HALF = re.compile(rf"{_YEAR}(上半年|下半年|全年)")
_QUARTER = re.compile(rf"{_YEAR}第?([一二三四1-4])季度|(\d{{4}})[-年]?[Qq]([1-4])")
_FRONT = re.compile(rf"{_YEAR}前([二两三])季度")
_UNTIL = re.compile(r"(?:截至|截止|至)(?:到)?(.+?)(?:末|底|止)?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From a first to a last day, both included; the same day twice is a level at that date."""

    starts_on: date
    ends_on: date

    @property
    def is_date(self) -> bool:
        return self.starts_on == self.ends_on

    def year_before(self) -> "Period":
        """The same months of the year before, which growth is counted on."""
        return Period(_year_before(self.starts_on), _year_before(self.ends_on))

    def show(self, language: str) -> str:
        """2022年1–6月 as an office writes it, or 2022-01/06."""
        return _in_chinese(self) if language.startswith("zh") else _in_figures(self)


def months_of(year: int, first: int, last: int) -> Period:
    """Whole months of one year."""
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def at_date(day: date) -> Period:
    return Period(day, day)


def parse_period(value: object) -> Period | None:
    """What a sheet or a person says for a period; None when it is missing. Raises `Unreadable`."""
    if isinstance(value, date):
        return months_of(value.year, value.month, value.month)
    text = plain_text(value)
    if text is None:
        return None
    text = re.sub(r"\s+", "", text)
    if found := _UNTIL.fullmatch(text):
        return _until(found[1], value)
    months = _months_in(text)
    if months is None:
        raise _no_period(value)
    year, first, last = months
    if not (EARLIEST <= year <= LATEST and 1 <= first <= last <= 12):
        raise _no_period(value)
    return months_of(year, first, last)


def _months_in(text: str) -> tuple[int, int, int] | None:
    if found := _WHOLE.fullmatch(text):
        return int(found[1]), 1, 12
    if found := _MONTHS.fullmatch(text):
        first, last = (found[2], found[3]) if found[2] else (found[4], found[4])
        return int(found[1]), int(first), int(last)
    if found := _PLAIN_MONTH.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[2])
    return _part_of_year(text)


def _part_of_year(text: str) -> tuple[int, int, int] | None:
    if found := _HALF.fullmatch(text):
        return (int(found[1]), *HALVES[found[2]])
    if found := _QUARTER.fullmatch(text):
        quarter = QUARTERS[found[2] or found[4]]
        return int(found[1] or found[3]), 3 * quarter - 2, 3 * quarter
    if found := _FRONT.fullmatch(text):
        return int(found[1]), 1, 9 if found[2] == "三" else 6
    return None


def _until(text: str, value: object) -> Period:
    """截至2023年9月 is a level at the last day of that month, 截至2023年9月5日 at that day."""
    months = _months_in(text)
    if months is not None and EARLIEST <= months[0] <= LATEST and 1 <= months[2] <= 12:
        return at_date(months_of(months[0], 1, months[2]).ends_on)
    read = read_date(text)
    if read is None:
        raise _no_period(value)
    return at_date(read.first)


def _no_period(value: object) -> Unreadable:
    return Unreadable(
        _(
            "“{value}” is not a period. Type it as 2022年, 2022年1-6月, 2024年12月 or 截至2023年9月."
        ),
        value=value,
    )


def _year_before(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    ends_month = day.day == monthrange(day.year, day.month)[1]
    return date(
        day.year - 1, day.month, last if ends_month and day.day != 1 else min(day.day, last)
    )


def _whole_months(period: Period) -> tuple[int, int, int] | None:
    start, end = period.starts_on, period.ends_on
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    return (start.year, start.month, end.month) if whole and start.year == end.year else None


def _in_chinese(period: Period) -> str:
    start, end = period.starts_on, period.ends_on
    if period.is_date:
        whole = end.day == monthrange(end.year, end.month)[1]
        return f"截至{end.year}年{end.month}月" + ("" if whole else f"{end.day}日")
    months = _whole_months(period)
    if months is None:
        return f"{start.isoformat()} 至 {end.isoformat()}"
    year, first, last = months
    if (first, last) == (1, 12):
        return f"{year}年"
    return f"{year}年{first}月" if first == last else f"{year}年{first}–{last}月"


def _in_figures(period: Period) -> str:
    start, end = period.starts_on, period.ends_on
    if period.is_date:
        return end.isoformat()
    months = _whole_months(period)
    if months is None:
        return f"{start.isoformat()}/{end.isoformat()}"
    year, first, last = months
    if (first, last) == (1, 12):
        return str(year)
    return f"{year}-{first:02}" if first == last else f"{year}-{first:02}/{last:02}"


def start_of(day: date) -> datetime:
    """The first moment of a day in the zone: since then a thing known on that day is known."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The last moment of a day: what is known by then is known on that day."""
    return start_of(day + timedelta(days=1)) - timedelta(microseconds=1)
