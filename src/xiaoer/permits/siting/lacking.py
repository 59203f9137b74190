"""Why a building got no day: which department lacks whom, as far as it can be said surely."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xiaoer.permits.siting.problem import Problem, Site
from xiaoer.permits.siting.search import Found


class Why(StrEnum):
    """What stands against every day."""

    TOO_FEW = "too_few"  # the department has fewer authorised people than the check asks
    AWAY = "away"  # they are never enough on one day: absences
    FULL = "full"  # on every day they would be, all their visits are taken
    TOGETHER = "together"  # each department has days, but no day has all of them
    LOCKED = "locked"  # it is locked to a day outside the days planned
    HOURS = "hours"  # it lasts longer than any half day


@dataclass(frozen=True, slots=True)
class Lack:
    """One reason. ``office`` is None where no single department is to blame."""

    why: Why
    office: int | None = None
    has: int = 0
    asks: int = 0


def why_left(problem: Problem, site: Site, found: Found) -> tuple[Lack, ...]:
    """The plainest reasons first; never empty."""
    if site.lock is not None and site.lock[0] not in problem.days:
        return (Lack(Why.LOCKED),)
    if not list(problem.hours.starts(site.minutes)):
        return (Lack(Why.HOURS),)
    asks = _asks(site)
    few = [
        Lack(Why.TOO_FEW, office, len(problem.of_office.get(office, ())), count)
        for office, count in asks.items()
        if len(problem.of_office.get(office, ())) < count
    ]
    if few:
        return tuple(few)
    away = [
        Lack(Why.AWAY, office, max(_there(problem, office, day) for day in problem.days), count)
        for office, count in asks.items()
        if all(_there(problem, office, day) < count for day in problem.days)
    ]
    if away:
        return tuple(away)
    full = [
        Lack(Why.FULL, office, max(_free(problem, found, office, d) for d in problem.days), count)
        for office, count in asks.items()
        if all(_free(problem, found, office, day) < count for day in problem.days)
    ]
    return tuple(full) or (Lack(Why.TOGETHER, _scarcest(problem, found, asks.items())),)


def _asks(site: Site) -> dict[int, int]:
    """How many people of each department at once; one person may stand for two of its checks."""
    asks: dict[int, int] = {}
    for need in site.needs:
        asks[need.office] = max(asks.get(need.office, 0), need.count)
    return asks


def _there(problem: Problem, office: int, day: date) -> int:
    return sum(day not in goer.away for goer in problem.of_office.get(office, ()))


def _free(problem: Problem, found: Found, office: int, day: date) -> int:
    return sum(
        day not in goer.away
        and sum(
            stand.day == day and any(goer.key in people for people in stand.people.values())
            for stand in found.stands
        )
        < goer.per_day
        for goer in problem.of_office.get(office, ())
    )


def _scarcest(problem: Problem, found: Found, asks: Iterable[tuple[int, int]]) -> int | None:
    """The department that has enough people on the fewest days."""
    return min(
        asks,
        key=lambda ask: sum(_free(problem, found, ask[0], day) >= ask[1] for day in problem.days),
        default=(None, 0),
    )[0]
