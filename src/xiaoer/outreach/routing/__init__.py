"""排路 Routing: visits of a day in the order they are made. Pure: no database, no clock.

Times are seconds since midnight where the zone is, distances metres.
"""

from xiaoer.outreach.routing.left import Left, why_left
from xiaoer.outreach.routing.problem import (
    HOUR_LOCK,
    OFFICER_LOCK,
    Hours,
    Leg,
    Place,
    Problem,
    Roads,
    Visit,
    great_circle,
    missing_roads,
)
from xiaoer.outreach.routing.search import Found, Going, search, search_days
from xiaoer.outreach.routing.timetable import Late, Timed, Timetable, timetable

__all__ = [
    "HOUR_LOCK",
    "OFFICER_LOCK",
    "Found",
    "Going",
    "Hours",
    "Late",
    "Left",
    "Leg",
    "Place",
    "Problem",
    "Roads",
    "Timed",
    "Timetable",
    "Visit",
    "great_circle",
    "missing_roads",
    "search",
    "search_days",
    "timetable",
    "why_left",
]
