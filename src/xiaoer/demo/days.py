"""Moments of office hours: so many working days before today, or after another moment."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from xiaoer.work.calendar import LOCAL, WorkCalendar

# Before the office opens, what came in today came by cards a moment ago.
MOMENTS_AGO, LATEST = timedelta(minutes=30), timedelta(minutes=3)


@dataclass(frozen=True)
class Days:
    """Working days up to ``now``; a working day is as long as its office hours.

    ``anchor`` is where the live layer ends: now on a working day, else the end of the last one.
    Nothing the demo tells happened later.
    """

    calendar: WorkCalendar
    now: datetime

    @property
    def day_seconds(self) -> int:
        return self.calendar.hours.seconds()

    @property
    def anchor(self) -> datetime:
        local = self.now.astimezone(LOCAL)
        if self.calendar.is_working(local.date()):
            return min(local, self.on(local.date(), 1))
        return self.on(self.calendar.add_working_days(local.date(), -1), 1)

    @property
    def today(self) -> date:
        return self.anchor.date()

    def ago(self, working_days: float) -> datetime:
        """So many working days of office hours before the anchor."""
        return self.after(self.anchor, -working_days)

    def after(self, moment: datetime, working_days: float) -> datetime:
        """So many working days of office hours after a moment."""
        seconds = int(working_days * self.day_seconds)
        return self.calendar.add_office_seconds(moment, seconds)

    def on(self, day: date, part: float) -> datetime:
        """A part of a day's office hours: 0 in the morning, 1 in the evening."""
        at: time = self.calendar.hours.clock_at(int(self.day_seconds * part))
        return datetime.combine(day, at, LOCAL)

    def working_day(self, day: date) -> date:
        """The day, or the next working one."""
        return self.calendar.next_working_day(day)

    def day_ago(self, working_days: int, part: float) -> datetime:
        """A part of the day so many working days ago; of today only what has passed counts."""
        if working_days == 0 and self.anchor <= self.on(self.today, 0):
            return max(
                self.anchor - LATEST - MOMENTS_AGO * (1 - part),
                datetime.combine(self.today, time(), LOCAL),
            )
        if working_days == 0:
            begun = self.after(self.on(self.today, 0), 0)
            passed = self.calendar.office_seconds_between(begun, self.anchor) / self.day_seconds
            return self.after(begun, passed * part) if passed * part > 0 else begun
        return self.on(self.calendar.add_working_days(self.today, -working_days), part)

    @staticmethod
    def local_day(moment: datetime) -> date:
        return moment.astimezone(LOCAL).date()
