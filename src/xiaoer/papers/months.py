"""月 Months of validity: from a day, so many months, its last day."""

from calendar import monthrange
from datetime import date, timedelta


def last_day(since: date, months: int) -> date:
    """The last day something holds that holds for so many months from ``since``.

    From 20 November for 12 months it holds through 19 November; a day the last month lacks is its
    last one.
    """
    years, month = divmod(since.month - 1 + months, 12)
    year, month = since.year + years, month + 1
    days = monthrange(year, month)[1]
    if since.day > days:
        return date(year, month, days)
    return date(year, month, since.day) - timedelta(days=1)
