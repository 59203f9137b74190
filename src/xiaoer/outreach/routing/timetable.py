"""When an order of visits is where: computed for whatever order a person or the search chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from xiaoer.outreach.routing.problem import MINUTE, Hours, Leg, Roads, Visit


class Late(StrEnum):
    """Why a stop does not hold."""

    NOT = ""
    WINDOW = "window"
    HOURS = "hours"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Timed:
    """A visit with its time. ``leg`` is the way to it, None where nobody knows it."""

    visit: Visit
    arrives: int
    leaves: int
    leg: Leg | None
    reason: Late = Late.NOT
    late_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Timetable:
    """An officer's day: its stops, and what it costs."""

    stops: tuple[Timed, ...] = ()
    sets_out: int | None = None
    comes_back: int | None = None
    metres: int = 0
    seconds: int = 0
    guessed: int = 0
    unknown: int = 0

    @property
    def late(self) -> int:
        return sum(1 for stop in self.stops if stop.late_minutes)

    @property
    def late_minutes(self) -> int:
        return sum(stop.late_minutes for stop in self.stops)


def timetable(order: Sequence[Visit], hours: Hours, roads: Roads) -> Timetable:
    """The best timetable of visits in this very order.

    Which of them lie before lunch is not said by the order: every cut is tried, and the one with
    the least lateness is taken, then the shortest way, then the earliest end.
    """
    if not order:
        return Timetable()
    if hours.lunch is None:
        return _together([_half(order, hours.halves[0], roads)])
    before, after = hours.halves
    cuts = (
        _together([_half(order[:cut], before, roads), _half(order[cut:], after, roads)])
        for cut in range(len(order), -1, -1)
    )
    return min(cuts, key=lambda one: (one.late_minutes, one.metres, one.comes_back))


def _half(order: Sequence[Visit], half: tuple[int, int], roads: Roads) -> Timetable:
    """Out from the base and back to it within half a day."""
    if not order:
        return Timetable()
    begins, ends = half
    way = roads.leg(None, order[0])
    # Nobody sets out only to wait at the first gate.
    sets_out = at = max(begins, order[0].window[0] - (way.seconds if way else 0))
    stops: list[Timed] = []
    before: Visit | None = None
    for visit in order:
        leg = roads.leg(before, visit)
        stop = _stop(visit, at + (leg.seconds if leg else 0), leg, ends)
        stops.append(stop)
        at, before = stop.leaves, visit
    home = roads.leg(before, None)
    at += home.seconds if home else 0
    stops[-1] = _in_time_home(stops[-1], at, ends)
    legs = [*(stop.leg for stop in stops), home]
    return Timetable(
        stops=tuple(stops),
        sets_out=sets_out,
        comes_back=at,
        metres=sum(leg.metres for leg in legs if leg),
        seconds=at - sets_out,
        guessed=sum(1 for leg in legs if leg and leg.is_guessed),
        unknown=legs.count(None),
    )


def _stop(visit: Visit, reached: int, leg: Leg | None, ends: int) -> Timed:
    opens, closes = visit.window
    arrives = max(reached, opens)
    leaves = arrives + visit.seconds
    if leaves > closes:
        return Timed(visit, arrives, leaves, leg, Late.WINDOW, _minutes(leaves - closes))
    if leaves > ends:
        return Timed(visit, arrives, leaves, leg, Late.HOURS, _minutes(leaves - ends))
    return Timed(visit, arrives, leaves, leg, Late.UNKNOWN if leg is None else Late.NOT)


def _in_time_home(last: Timed, back: int, ends: int) -> Timed:
    """The last stop answers for coming home too late, unless it is late by itself."""
    if back <= ends or last.late_minutes:
        return last
    return Timed(last.visit, last.arrives, last.leaves, last.leg, Late.HOURS, _minutes(back - ends))


def _minutes(seconds: int) -> int:
    return -(-seconds // MINUTE)


def _together(halves: Sequence[Timetable]) -> Timetable:
    halves = [half for half in halves if half.stops]
    return Timetable(
        stops=tuple(stop for half in halves for stop in half.stops),
        sets_out=halves[0].sets_out,
        comes_back=halves[-1].comes_back,
        metres=sum(half.metres for half in halves),
        seconds=sum(half.seconds for half in halves),
        guessed=sum(half.guessed for half in halves),
        unknown=sum(half.unknown for half in halves),
    )
