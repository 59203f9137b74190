"""Clocks: what is left of a limit, computed from what happened and never counted up by a job.

Periods are counted as the Civil Code (articles 201 to 203) and the Licensing Law (article 82) say.
The day of the start is not counted. A limit in days or months ends with its last day, at 24:00:
the Code's "closing time of the office" is not used, so that a reply given that evening is in time.
A last day on which the office is closed moves to the next working day. Hours run from the moment,
working hours only while the office is open. A pause takes out the time from its beginning to its
end, counted like the limit, and only for a reason the limit allows.
"""

from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar

from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from xiaoer.base.refusals import Refused
from xiaoer.work.calendar import DAY, LOCAL, WorkCalendar


class LimitUnit(TextChoices):
    """What a limit counts. "Day" in a law is read rule by rule, so every limit says which."""

    WORKING_DAY = "working_day", _("working day")
    CALENDAR_DAY = "calendar_day", _("calendar day")
    HOUR = "hour", _("hour")
    WORKING_HOUR = "working_hour", _("working hour")
    MONTH = "month", _("month")


class PauseReason(TextChoices):
    """What article 45 of the Licensing Law takes out of a limit; a visit to the site is not among
    it, nor is waiting for papers."""

    HEARING = "hearing", _("hearing")
    TENDER = "tender", _("tender")
    AUCTION = "auction", _("auction")
    INSPECTION = "inspection", _("inspection, testing or quarantine")
    APPRAISAL = "appraisal", _("appraisal")
    EXPERT_REVIEW = "expert_review", _("expert review")


class Light(StrEnum):
    """How a clock stands. Grey, no data, belongs to pages: a clock always has a light."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


ARTICLE_45 = frozenset(PauseReason)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many units, and the reasons that may stop the count; none unless the rule says so."""

    count: int
    unit: LimitUnit
    pausable_for: frozenset[PauseReason] = frozenset()

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("A limit cannot be negative.")

    def extended(self, count: int) -> "Limit":
        """The limit with so many units more, as approved."""
        return replace(self, count=self.count + count)


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clock; `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    reason: PauseReason


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a light changes: by share of the limit used, and by nearness of the last day."""

    amber: float = 0.75
    red: float = 1.0
    working_days_ahead: int = 1


DEFAULT_THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Face:
    """A clock read at one moment. Amounts are in units of the limit; of a month, in days."""

    due_at: datetime
    due_on: date
    used: float
    remaining: float
    share: float
    light: Light
    is_overdue: bool
    is_paused: bool
    is_finished: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """The events of one limit. Every moment carries its time zone."""

    started_at: datetime
    limit: Limit
    calendar: WorkCalendar
    pauses: tuple[Pause, ...] = ()
    finished_at: datetime | None = None

    def __post_init__(self) -> None:
        for pause in self.pauses:
            _check_pause(pause, self.limit)

    def due_at(self, now: datetime) -> datetime:
        """The moment the limit ends; it moves with `now` only while a pause lasts."""
        return self.at(now).due_at

    def at(self, now: datetime, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Face:
        """How the clock stands now, or stood when the thing was done."""
        ruler = RULERS[self.limit.unit](self.calendar)
        start = ruler.place(self.started_at)
        end = self.finished_at or now
        stop = max(ruler.place(end), start)
        due, stops = _stretch(
            ruler, start, self.limit.count, _stops(self.pauses, ruler, start, stop)
        )
        used = _running(ruler, start, stop, stops)
        total = _running(ruler, start, due, stops)
        due_at = ruler.end_of(due)
        due_on = due.date()
        reading = _Reading(
            share=used / total if total else 1.0,
            started_on=start.date(),
            due_on=due_on,
            today=_local(end).date(),
            is_overdue=end > due_at,
            in_days=ruler.in_days,
        )
        return Face(
            due_at=due_at,
            due_on=due_on,
            used=used / ruler.per_unit,
            remaining=(total - used) / ruler.per_unit,
            share=reading.share,
            light=_done_light(reading) if self.finished_at else _light(reading, self, thresholds),
            is_overdue=reading.is_overdue,
            is_paused=self.finished_at is None and any(_lasts(pause, now) for pause in self.pauses),
            is_finished=self.finished_at is not None,
            is_provisional=self.limit.unit != LimitUnit.HOUR
            and self.calendar.is_provisional(start.date(), due_on),
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a light is judged by."""

    share: float
    started_on: date
    due_on: date
    today: date
    is_overdue: bool
    in_days: bool


def _done_light(reading: _Reading) -> Light:
    return Light.RED if reading.is_overdue else Light.GREEN


def _light(reading: _Reading, clock: Clock, thresholds: Thresholds) -> Light:
    """Red when overdue or due today, amber when much is used or the last day is near. A limit of
    hours that began today is judged by its share alone."""
    due_today = reading.started_on < reading.due_on <= reading.today
    if reading.is_overdue or due_today or reading.share >= thresholds.red:
        return Light.RED
    if reading.share >= thresholds.amber:
        return Light.AMBER
    near = clock.calendar.add_working_days(reading.today, thresholds.working_days_ahead)
    return Light.AMBER if reading.in_days and reading.due_on <= near else Light.GREEN


def _check_pause(pause: Pause, limit: Limit) -> None:
    if pause.reason not in limit.pausable_for:
        raise Refused(
            format_lazy(
                _("This limit does not stop for {reason}. Ask for an extension instead."),
                reason=pause.reason.label,
            )
        )
    if pause.until is not None and pause.until < pause.since:
        raise Refused(_("A pause cannot end before it begins. Correct its end."))


def _lasts(pause: Pause, now: datetime) -> bool:
    return pause.since <= now and (pause.until is None or now < pause.until)


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without its time zone.")
    return moment.astimezone(LOCAL)


Stop = tuple[datetime, datetime]


def _stops(pauses: Iterable[Pause], ruler: "Ruler", start: datetime, stop: datetime) -> list[Stop]:
    """The pauses after the start laid on the ruler, joined where they overlap. One that still
    lasts reaches to `stop`."""
    joined: list[Stop] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        since = max(ruler.place(pause.since), start)
        until = max(ruler.place(pause.until) if pause.until else stop, since)
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], until)
        else:
            joined.append((since, until))
    return joined


def _stretch(
    ruler: "Ruler", start: datetime, count: int, stops: list[Stop]
) -> tuple[datetime, list[Stop]]:
    """The last place of the limit, moved on by every pause that began in time, and those."""
    due = ruler.first_due(start, count)
    within: list[Stop] = []
    for since, until in stops:
        if since > due:
            break
        due = max(ruler.advance(due, ruler.between(since, until)), until)
        within.append((since, until))
    return ruler.settle(due), within


def _running(ruler: "Ruler", start: datetime, end: datetime, stops: list[Stop]) -> int:
    """What passed between two places while no pause stopped the clock."""
    still = sum(ruler.between(since, min(until, end)) for since, until in stops if since < end)
    return ruler.between(start, end) - still


@dataclass(frozen=True, slots=True)
class Ruler(ABC):
    """How a unit is laid along time. A ruler in days knows places by their midnight; one in hours
    by the moment, counted in seconds."""

    calendar: WorkCalendar
    in_days: ClassVar[bool] = True
    per_unit: ClassVar[int] = 1

    def place(self, moment: datetime) -> datetime:
        return datetime.combine(_local(moment).date(), time(), LOCAL)

    def settle(self, due: datetime) -> datetime:
        """A last day on which the office is closed moves to the next working day."""
        return _midnight(self.calendar.next_working_day(due.date()))

    def end_of(self, due: datetime) -> datetime:
        return due + DAY

    def first_due(self, start: datetime, count: int) -> datetime:
        return self.advance(start, count * self.per_unit)

    @abstractmethod
    def between(self, a: datetime, b: datetime) -> int: ...

    @abstractmethod
    def advance(self, a: datetime, amount: int) -> datetime: ...


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


class WorkingDays(Ruler):
    def between(self, a: datetime, b: datetime) -> int:
        return self.calendar.working_days_between(a.date(), b.date())

    def advance(self, a: datetime, amount: int) -> datetime:
        return _midnight(self.calendar.add_working_days(a.date(), amount))


class CalendarDays(Ruler):
    def between(self, a: datetime, b: datetime) -> int:
        return (b.date() - a.date()).days

    def advance(self, a: datetime, amount: int) -> datetime:
        return a + amount * DAY


class Months(CalendarDays):
    def first_due(self, start: datetime, count: int) -> datetime:
        """The same day of the month, or its last where there is none (Civil Code, article 202)."""
        years, month = divmod(start.month - 1 + count, 12)
        year, month = start.year + years, month + 1
        return _midnight(date(year, month, min(start.day, monthrange(year, month)[1])))


class Hours(Ruler):
    in_days = False
    per_unit = 3600

    def place(self, moment: datetime) -> datetime:
        return _local(moment)

    def settle(self, due: datetime) -> datetime:
        return due

    def end_of(self, due: datetime) -> datetime:
        return due

    def between(self, a: datetime, b: datetime) -> int:
        return (b - a) // SECOND

    def advance(self, a: datetime, amount: int) -> datetime:
        return a + amount * SECOND


class WorkingHours(Hours):
    def between(self, a: datetime, b: datetime) -> int:
        return self.calendar.office_seconds_between(a, b)

    def advance(self, a: datetime, amount: int) -> datetime:
        return self.calendar.add_office_seconds(a, amount)


RULERS: dict[str, type[Ruler]] = {
    LimitUnit.WORKING_DAY: WorkingDays,
    LimitUnit.CALENDAR_DAY: CalendarDays,
    LimitUnit.HOUR: Hours,
    LimitUnit.WORKING_HOUR: WorkingHours,
    LimitUnit.MONTH: Months,
}
