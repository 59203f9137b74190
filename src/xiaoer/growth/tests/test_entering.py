"""By which path a firm enters the register, and until which day."""

from datetime import date

import pytest

from xiaoer.growth.entering import Cutoff, next_cutoff, path_of
from xiaoer.growth.models import Path, Sector

TODAY = date(2026, 11, 20)
RULES = (
    Cutoff(Path.MONTHLY, 7),
    Cutoff(Path.JAN_FEB, 31, month=1),
    Cutoff(Path.YEARLY, 21, month=11, name="第一批"),
    Cutoff(Path.YEARLY, 4, month=1, name="第二批"),
)


@pytest.mark.parametrize(
    ("sector", "started", "registered", "path"),
    [
        (Sector.INDUSTRY, None, date(2018, 1, 1), Path.YEARLY),
        (Sector.INDUSTRY, date(2025, 10, 1), date(2018, 1, 1), Path.MONTHLY),
        (Sector.INDUSTRY, None, date(2025, 9, 30), Path.YEARLY),
        (Sector.RETAIL, None, date(2026, 3, 1), Path.MONTHLY),
        (Sector.CONSTRUCTION, None, date(2001, 1, 1), Path.MONTHLY),
        (Sector.INDUSTRY, None, None, ""),
    ],
)
def test_who_opened_since_the_last_quarter_of_last_year_enters_by_month(
    sector: str, started: date | None, registered: date | None, path: str
) -> None:
    assert path_of(sector=sector, started_on=started, registered_on=registered, today=TODAY) == path


def day(path: str, sector: str, after: date, rules: tuple[Cutoff, ...] = RULES) -> date | None:
    found = next_cutoff(rules, path=path, sector=sector, not_before=after)
    return found[0] if found else None


def test_the_next_day_of_the_path_is_found_also_over_the_year() -> None:
    assert day(Path.YEARLY, Sector.INDUSTRY, TODAY) == date(2026, 11, 21)
    assert day(Path.YEARLY, Sector.INDUSTRY, date(2026, 11, 22)) == date(2027, 1, 4)
    assert day(Path.MONTHLY, Sector.RETAIL, date(2026, 10, 8)) == date(2026, 11, 7)


def test_in_december_only_construction_and_real_estate_enter_by_month() -> None:
    assert day(Path.MONTHLY, Sector.CONSTRUCTION, TODAY) == date(2026, 12, 7)
    assert day(Path.MONTHLY, Sector.INDUSTRY, TODAY) == date(2027, 1, 7)


def test_a_day_of_this_year_goes_before_the_rule_and_a_sectors_own_before_the_general() -> None:
    rules = (*RULES, Cutoff(Path.YEARLY, 30, month=11, year=2026))
    assert day(Path.YEARLY, Sector.INDUSTRY, TODAY, rules) == date(2026, 11, 30)
    rules = (*RULES, Cutoff(Path.MONTHLY, 20, sector=Sector.CONSTRUCTION))
    assert day(Path.MONTHLY, Sector.CONSTRUCTION, TODAY, rules) == date(2026, 11, 20)


def test_a_late_day_of_a_short_month_is_its_last() -> None:
    assert day(Path.MONTHLY, Sector.RETAIL, date(2026, 2, 1), (Cutoff(Path.MONTHLY, 31),)) == date(
        2026, 2, 28
    )


def test_no_path_has_no_day() -> None:
    assert day("", Sector.INDUSTRY, TODAY) is None
