"""The working calendar of a zone: the state's days, and the zone's own over them."""

from calendar import monthrange
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.work.calendar import SpecialDay, WorkCalendar
from xiaoer.work.models import CalendarDay, CalendarYear

FIRST_KEPT, LAST_KEPT = 2000, 2099
Stamp = tuple[tuple[int, int, bool, int], ...]

# Calendars already counted out, by zone; used while the years' stamps are what they were. A stamp is
# drawn at random at every change, so that one of a rolled-back change is never met again.
_kept: OrderedDict[int, tuple[Stamp, WorkCalendar]] = OrderedDict()
_KEPT_ZONES = 64
_STAMP = (
    "select id, year, is_provisional, stamp from calendar_year"
    " where zone_id = %s or zone_id is null order by id"
)


def _of_zone(zone_id: int) -> Q:
    return Q(zone_id=zone_id) | Q(zone__isnull=True)


def calendar_of(zone_id: int) -> WorkCalendar:
    """The calendar of a zone, from memory while no day was changed by anybody since.

    The check is one small query; a day changed in another process is seen at once.
    """
    with connection.cursor() as cursor:
        # Asked by every verb with an end; the query's compiler costs more than the query.
        cursor.execute(_STAMP, [zone_id])
        stamp: Stamp = tuple(cursor.fetchall())
    kept = _kept.get(zone_id)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    calendar = _count_out(zone_id, stamp)
    _kept[zone_id] = (stamp, calendar)
    _kept.move_to_end(zone_id)
    while len(_kept) > _KEPT_ZONES:
        _kept.popitem(last=False)
    return calendar


def _count_out(zone_id: int, stamp: Stamp) -> WorkCalendar:
    """A year is known when the state's notice or the zone's own word says so. A zone's own days
    count in a provisional year too, over its weekends and fixed holidays."""
    days: dict[date, SpecialDay] = {}
    # The state's days first, so that the zone's stand over them.
    for row in CalendarDay.objects.filter(_of_zone(zone_id)).order_by("-zone_id"):
        if row.zone_id is not None or row.day not in days:
            days[row.day] = SpecialDay(row.day, row.is_working, row.name)
    known = frozenset(year for _id, year, is_provisional, _stamp in stamp if not is_provisional)
    return _shared(frozenset(days.values()), known)


@lru_cache(maxsize=8)
def _shared(special: frozenset[SpecialDay], known: frozenset[int]) -> WorkCalendar:
    """One calendar for all zones that keep the same days: counted out, it takes a few megabytes."""
    return WorkCalendar(special, known)


def kept_year(year: int) -> int:
    """A year the calendar is kept for; others are told what there is."""
    if not FIRST_KEPT <= year <= LAST_KEPT:
        raise Refused(
            _("The calendar is kept from %(first)d to %(last)d; choose a year among these.")
            % {"first": FIRST_KEPT, "last": LAST_KEPT},
            field="day",
        )
    return year


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day on the page of a year."""

    day: date
    is_working: bool
    name: str
    is_swapped: bool
    is_own: bool

    @property
    def state(self) -> str:
        """off: a weekend; holiday: a weekday off; swapped: a weekend worked; plain: a working day."""
        if self.is_swapped:
            return "swapped" if self.is_working else "holiday"
        return "plain" if self.is_working else "off"


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month as weeks of Monday to Sunday; None beside its first and last day."""

    month: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class CalendarYearView:
    """A year of a zone's calendar."""

    year: int
    months: tuple[CalendarMonth, ...]
    is_provisional: bool
    source: str
    working_days: int


def calendar_year(*, zone_id: int, year: int) -> CalendarYearView:
    """All twelve months of a year, with what differs from the plain week and why."""
    calendar = calendar_of(zone_id)
    rows = CalendarDay.objects.filter(_of_zone(zone_id), day__year=year)
    names = {row.day: row.name for row in rows.order_by("-zone_id") if row.name}
    own = {row.day for row in rows if row.zone_id is not None}
    months = tuple(_month(calendar, year, month, names, own) for month in range(1, 13))
    sources = CalendarYear.objects.filter(_of_zone(zone_id), year=year).exclude(source="")
    return CalendarYearView(
        year=year,
        months=months,
        is_provisional=calendar.is_provisional(date(year, 1, 1)),
        source="；".join(sources.order_by("-zone_id").values_list("source", flat=True)),
        working_days=sum(month.working_days for month in months),
    )


def _month(
    calendar: WorkCalendar, year: int, month: int, names: dict[date, str], own: set[date]
) -> CalendarMonth:
    first = date(year, month, 1)
    days = [first + timedelta(days=n) for n in range(monthrange(year, month)[1])]
    cells: list[DayCell | None] = [None] * first.weekday()
    for day in days:
        is_working = calendar.is_working(day)
        cells.append(
            DayCell(
                day=day,
                is_working=is_working,
                name=names.get(day, ""),
                is_swapped=is_working == (day.weekday() > 4),
                is_own=day in own,
            )
        )
    cells += [None] * (-len(cells) % 7)
    return CalendarMonth(
        month=month,
        weeks=tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7)),
        working_days=sum(calendar.is_working(day) for day in days),
    )


def own_days(*, zone_id: int, year: int) -> list[CalendarDay]:
    """Days of a year that the zone itself changed."""
    return list(CalendarDay.objects.filter(zone_id=zone_id, day__year=year))
