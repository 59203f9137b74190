"""How a firm enters the statistical register: by which path, and until which day papers are taken.

The frame is national, the days are set locally every year, so they are rows of the zone. No tables.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xiaoer.growth.models import Path, Sector

# Enter in any month, December included; the others wait for the yearly batches then.
ALL_YEAR = frozenset({Sector.CONSTRUCTION, Sector.REALESTATE_DEV})
DECEMBER = 12
BIG_PROJECT_CNY = 50_000_000


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A day papers are taken until; ``month`` None: every month, ``year`` None: every year."""

    path: str
    day: int
    month: int | None = None
    year: int | None = None
    sector: str = ""
    name: str = ""


def newly_opened_since(today: date) -> date:
    """Who opened from the last quarter of last year on enters by month."""
    return date(today.year - 1, 10, 1)


def path_of(
    *,
    sector: str,
    started_on: date | None,
    registered_on: date | None,
    today: date,
    builds_big: bool = False,
) -> str:
    """Monthly for what opened lately, for construction, real estate and who builds a big project;
    else yearly.

    Empty: not to be told, because neither day is known.
    """
    if builds_big or sector in ALL_YEAR:
        return Path.MONTHLY
    if started_on is None and registered_on is None:
        return ""
    since = newly_opened_since(today)
    if any(day is not None and since <= day for day in (started_on, registered_on)):
        return Path.MONTHLY
    return Path.YEARLY


def builds_big_project(
    *,
    planned_cny: float | None,
    started_on: date | None,
    finishes_on: date | None,
    today: date,
) -> bool:
    """A project of 50 million or more whose main works have begun and that is not finished."""
    if planned_cny is None or started_on is None:
        return False
    is_under_way = started_on <= today and (finishes_on is None or today <= finishes_on)
    return is_under_way and planned_cny >= BIG_PROJECT_CNY


def next_cutoff(
    cutoffs: Iterable[Cutoff], *, path: str, sector: str, not_before: date, builds_big: bool = False
) -> tuple[date, Cutoff] | None:
    """The next day papers are taken until, from a day on. The January and February batch is open to
    everybody; a day set for a sector goes before the general one, a day of a year before the rule."""
    if not path:
        return None
    open_to = {path, Path.JAN_FEB}
    # The year after as well: what is crossed in December is handed in in January.
    years = (not_before.year, not_before.year + 1)
    rows = [row for row in cutoffs if row.path in open_to]
    days = [
        (day, row)
        for each in sorted(open_to)
        for year in years
        for row in _of_year(_of_sector([r for r in rows if r.path == each], sector), year)
        for day in _days(row, year, builds_big or sector in ALL_YEAR)
        if day >= not_before
    ]
    return min(days, key=lambda found: found[0], default=None)


def _of_sector(rows: list[Cutoff], sector: str) -> list[Cutoff]:
    own = [row for row in rows if row.sector and row.sector == sector]
    return own or [row for row in rows if not row.sector]


def _of_year(rows: list[Cutoff], year: int) -> list[Cutoff]:
    own = [row for row in rows if row.year == year]
    return own or [row for row in rows if row.year is None]


def _days(row: Cutoff, year: int, is_all_year: bool) -> Iterable[date]:
    months = range(1, 13) if row.month is None else (row.month,)
    for month in months:
        if row.path == Path.MONTHLY and month == DECEMBER and not is_all_year:
            continue
        yield date(year, month, min(row.day, monthrange(year, month)[1]))
