"""钟: the two clocks of an item, the joint one of a case, and those before and after handling.

Every face is computed from what happened (acceptance, pauses for a reason of article 45, an
extension) and the zone's calendar. What is kept in the rows is for lists only. A site visit and a
paper asked for after acceptance stop nothing; a supplement lies before acceptance, so that no
clock has begun.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from xiaoer.permits.definition import Period
from xiaoer.permits.models import Case, CaseItem, ItemPause
from xiaoer.web.marks import Colour
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.clocks import ARTICLE_45, Clock, Face, Light, Limit, LimitUnit, Pause, PauseReason

COLOURS: dict[Light, Colour] = {
    Light.GREEN: "green",
    Light.AMBER: "amber",
    Light.RED: "red",
}


@dataclass(frozen=True, slots=True)
class ItemClocks:
    """What the law gives an item, and what was promised; the promise is never the longer."""

    statutory: Face
    promised: Face

    @property
    def light(self) -> Colour:
        """The promise's light, grey while the clocks lawfully stand still; the law's when worse."""
        if self.promised.is_paused:
            return "grey"
        if self.statutory.light == Light.RED:
            return "red"
        return COLOURS[self.promised.light]


@dataclass(frozen=True, slots=True)
class Dues:
    """The ends kept in the row of an item, for lists and tasks."""

    statutory_at: datetime
    promised_at: datetime


def limit_of(count: int, unit: str) -> Limit:
    """A limit of an administrative licence: it stops for the reasons of article 45 only."""
    return Limit(count, LimitUnit(unit), ARTICLE_45)


def stops_of(pauses: Iterable[ItemPause]) -> tuple[Pause, ...]:
    """Kept pauses as a clock reads them. Where the clock of the machine was set back, a pause is
    read as having taken no time, never less."""
    return tuple(
        Pause(one.since, None if one.until is None else max(one.until, one.since),
              PauseReason(one.reason))
        for one in pauses
    )  # fmt: skip


def clocks_of(item: CaseItem, *, calendar: WorkCalendar, now: datetime) -> ItemClocks | None:
    """Both clocks of an item as they stand, or stood when it was decided; None while it waits."""
    if item.started_at is None:
        return None
    stops = stops_of(item.pauses.all())
    legal, promised = (
        Clock(item.started_at, limit, calendar, stops, item.decided_at).at(now)
        for limit in _limits(item)
    )
    return ItemClocks(legal, promised)


def _limits(item: CaseItem) -> tuple[Limit, Limit]:
    legal = limit_of(item.statutory_count, item.statutory_unit).extended(item.extended_by)
    return legal, limit_of(item.promised_count, item.promised_unit)


def dues_of(
    item: CaseItem, *, calendar: WorkCalendar, now: datetime, pauses: Iterable[ItemPause]
) -> Dues:
    """When both limits end. A pause that lasts is taken to last as long as was told in writing, so
    that one which lasts longer turns the light, and rings, on the day it should have ended."""
    if item.started_at is None:
        raise ValueError("An item that waits has no end.")
    stops = tuple(_expected(pause, calendar) for pause in pauses)
    latest = max([now, item.started_at, *(stop.until for stop in stops if stop.until)])
    legal, promised = (
        Clock(item.started_at, limit, calendar, stops).due_at(latest) for limit in _limits(item)
    )
    return Dues(legal, promised)


def _expected(pause: ItemPause, calendar: WorkCalendar) -> Pause:
    until = pause.until
    if until is None:
        day = calendar.add_working_days(
            pause.since.astimezone(LOCAL).date(), max(pause.expected_days, 1)
        )
        until = datetime.combine(day, time(), LOCAL)
    return Pause(pause.since, max(until, pause.since), PauseReason(pause.reason))


def period_face(
    period: Period,
    *,
    start: datetime,
    calendar: WorkCalendar,
    now: datetime,
    finished_at: datetime | None = None,
) -> Face:
    """A limit of the definition that nothing stops: to say what is missing, to answer it."""
    limit = Limit(period.count, LimitUnit(period.unit))
    return Clock(start, limit, calendar, finished_at=finished_at).at(now)


def joint_face(case: Case, period: Period, *, calendar: WorkCalendar, now: datetime) -> Face | None:
    """The limit of all items together (Licensing Law, article 42 (2)), read strictly: a pause of
    one branch does not stop it, for the others run on. What all were given more is counted."""
    if case.accepted_at is None:
        return None
    limit = Limit(period.count, LimitUnit(period.unit)).extended(case.joint_more)
    return Clock(case.accepted_at, limit, calendar, finished_at=case.decided_at).at(now)
