"""Days of titles: how long they hold, and which stage of running out a day is in. No tables."""

import calendar
from datetime import date, timedelta

# Months before the last day at which a firm's officer is told, the last first.
STAGES = (3, 6, 12)
# An update of the year is asked for so many days before its last day.
UPDATE_LEAD_DAYS = 60


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or before), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(granted_on: date, months: int) -> date:
    """The last day of a title granted on a day for so many months: the day before it comes round."""
    return add_months(granted_on, months) - timedelta(days=1)


def stage_of(valid_to: date, on: date) -> int | None:
    """Which of the stages a day is in: 12, 6 or 3 months before the last day; None before them."""
    if valid_to < on:
        return None
    return next((months for months in STAGES if add_months(valid_to, -months) <= on), None)


def update_due(month: int, day: int, on: date) -> date | None:
    """The last day of the update that is asked for today; None while it is far off."""
    last = date(on.year, month, min(day, calendar.monthrange(on.year, month)[1]))
    return last if last - timedelta(days=UPDATE_LEAD_DAYS) <= on <= last else None
