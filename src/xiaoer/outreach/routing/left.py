"""Why a visit is in no route, so that nobody has to guess."""

from enum import StrEnum

from xiaoer.outreach.routing.problem import Problem, Visit
from xiaoer.outreach.routing.timetable import Late, timetable


class Left(StrEnum):
    """What keeps a visit out of every route."""

    PLACE = "place"
    NOBODY = "nobody"
    SHORT = "short"
    HOURS = "hours"
    FAR = "far"
    FULL = "full"


def why_left(visit: Visit, problem: Problem) -> Left:
    """The first thing that keeps a visit out; full: alone it would fit, beside the others not."""
    if not problem.roads.reaches(visit):
        return Left.PLACE
    if not problem.may_go(visit):
        return Left.NOBODY
    opens, closes = visit.window
    if closes - opens < visit.seconds:
        return Left.SHORT
    if not any(_overlap(opens, closes, half) >= visit.seconds for half in problem.hours.halves):
        return Left.HOURS
    alone = timetable([visit], problem.hours, problem.roads)
    return Left.FAR if alone.stops[0].reason != Late.NOT else Left.FULL


def _overlap(opens: int, closes: int, half: tuple[int, int]) -> int:
    return min(closes, half[1]) - max(opens, half[0])
