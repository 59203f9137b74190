"""Days on sites (pure): every department of a building at once, within hours, ways and absences.

``problem`` says what is to be planned, ``search`` finds days by CP-SAT, ``lacking`` says why a
building got none. Nothing here knows the database.
"""

from xiaoer.permits.siting.lacking import Lack, Why, why_left
from xiaoer.permits.siting.problem import Goer, Hours, Need, Problem, Site, minutes_between
from xiaoer.permits.siting.search import Found, Stand, search

__all__ = [
    "Found",
    "Goer",
    "Hours",
    "Lack",
    "Need",
    "Problem",
    "Site",
    "Stand",
    "Why",
    "minutes_between",
    "search",
    "why_left",
]
