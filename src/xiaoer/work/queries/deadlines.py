"""When things are due, and the light that goes with it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base.refusals import Refused
from xiaoer.web import words
from xiaoer.web.marks import Colour
from xiaoer.work import clocks
from xiaoer.work.calendar import DAY, LOCAL, WorkCalendar
from xiaoer.work.clocks import ARTICLE_45, RULERS, SECOND, Clock, Limit, LimitUnit, PauseReason
from xiaoer.work.models import LimitRule, Pause, Task
from xiaoer.work.queries.calendars import calendar_of

HOURLY = frozenset({LimitUnit.HOUR, LimitUnit.WORKING_HOUR})
DEFAULT_AMBER = 75


def limit(zone_id: int, code: str) -> LimitRule:
    """The rule of a code in a zone; one that is not there is told with what to do."""
    rule = LimitRule.objects.filter(zone_id=zone_id, code=code).first()
    if rule is None:
        raise Refused(
            _(
                "The time limit “%(code)s” is not set in this zone; an administrator adds the limits."
            )
            % {"code": code}
        )
    return rule


def limits(*, zone_id: int) -> list[LimitRule]:
    """Every rule of a zone, in the order it got them: along the way of a request."""
    return list(LimitRule.objects.filter(zone_id=zone_id).order_by("id"))


def limit_of(rule: LimitRule) -> Limit:
    """The limit a rule states, with the reasons that may stop it."""
    reasons = ARTICLE_45 if rule.is_pausable else frozenset()
    return Limit(rule.count, LimitUnit(rule.unit), reasons)


def stops(pauses: Sequence[Pause]) -> tuple[clocks.Pause, ...]:
    """Kept pauses as the clock reads them."""
    return tuple(clocks.Pause(p.since, p.until, PauseReason(p.reason)) for p in pauses)


@dataclass(frozen=True, slots=True)
class End:
    """When a task is due and when its light turns amber."""

    due_at: datetime
    amber_at: datetime


def end_by_limit(
    *,
    calendar: WorkCalendar,
    limit: Limit,
    start: datetime,
    pauses: Sequence[Pause] = (),
    amber_share: int = DEFAULT_AMBER,
) -> End:
    """The end of a limit. Amber begins when the share is used, at the latest a working day before.

    Pauses that the limit does not know are left out: a matter may hold a licence that stops and a
    request that does not.
    """
    known = [pause for pause in pauses if pause.reason in limit.pausable_for]
    clock = Clock(start, limit, calendar, stops(known))
    # A pause that lasts has no end to compute with; whoever asks then has none to show either.
    due_at = clock.due_at(max([start, *(p.until for p in known if p.until)]))
    ruler = RULERS[limit.unit](calendar)
    last = ruler.place(due_at - SECOND) if ruler.in_days else due_at
    total = max(ruler.between(ruler.place(start), last), 0)
    left = total - math.ceil(total * amber_share / 100)
    amber_at = ruler.advance(last, -left) if left else last
    if ruler.in_days:
        amber_at = min(amber_at, _working_day_before(calendar, last.date()))
    return End(due_at, max(amber_at, start))


def end_by_date(
    *, calendar: WorkCalendar, start: datetime, due_at: datetime, amber_share: int = DEFAULT_AMBER
) -> End:
    """The end somebody fixed: amber by the share of the time, at the latest a working day before."""
    by_share = start + (due_at - start) * amber_share / 100
    last = (due_at - SECOND).astimezone(LOCAL).date()
    return End(due_at, max(min(by_share, _working_day_before(calendar, last)), start))


def _working_day_before(calendar: WorkCalendar, day: date) -> datetime:
    return datetime.combine(calendar.add_working_days(day, -1), time(), LOCAL)


def due_moment(
    zone_id: int, rule: LimitRule, start: datetime, pauses: Sequence[Pause] = ()
) -> datetime:
    """When a rule that began to run at ``start`` ends, by the zone's calendar."""
    return end_by_limit(
        calendar=calendar_of(zone_id), limit=limit_of(rule), start=start, pauses=pauses
    ).due_at


def end_of_task(task: Task, *, calendar: WorkCalendar, pauses: Sequence[Pause]) -> End | None:
    """The end of a task by its own limit as it was given; None where none was, or while it stops."""
    if task.limit_count is None:
        return None
    rule = task.limit_rule
    reasons = ARTICLE_45 if rule is not None and rule.is_pausable else frozenset()
    given = Limit(task.limit_count, LimitUnit(task.limit_unit), reasons)
    if reasons and any(pause.until is None for pause in pauses):
        return None
    share = rule.amber_share if rule is not None else DEFAULT_AMBER
    return end_by_limit(
        calendar=calendar, limit=given, start=task.started_at, pauses=pauses, amber_share=share
    )


@dataclass(frozen=True, slots=True)
class Today:
    """The zone's own day around a moment; lights turn red in the morning of the last day."""

    now: datetime

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.now.astimezone(LOCAL).date(), time(), LOCAL)

    @property
    def ends(self) -> datetime:
        return self.begins + DAY


@dataclass(frozen=True, slots=True)
class TaskFace:
    """What a light is judged by: moments only, so that a list needs no calendar for it."""

    started_at: datetime
    due_at: datetime | None
    amber_at: datetime | None
    done_at: datetime | None = None

    def light(self, now: datetime) -> Colour:
        """Red when overdue or due today (a task that began today: only when overdue), grey when no
        end is set or its clock stands still."""
        if self.due_at is None:
            return "grey"
        if self.done_at is not None:
            return "red" if self.done_at > self.due_at else "green"
        today = Today(now)
        if now > self.due_at or (self.due_at <= today.ends and self.started_at < today.begins):
            return "red"
        return "amber" if self.amber_at is not None and self.amber_at <= now else "green"


def task_light(task: Task, now: datetime) -> Colour:
    """The light of one task."""
    return TaskFace(task.started_at, task.due_at, task.amber_at, task.done_at).light(now)


def last_day(due_at: datetime | None) -> date | None:
    """The last day of an end: one at midnight ends with the day before."""
    return None if due_at is None else (due_at - SECOND).astimezone(LOCAL).date()


def is_exact(due_at: datetime | None) -> bool:
    """Whether an end is a time of the day rather than the end of a day."""
    return due_at is not None and due_at.astimezone(LOCAL).time() != time()


def remaining_words(
    due_at: datetime | None, unit: str, *, now: datetime, calendar: WorkCalendar
) -> str:
    """How far a moment is, as people say it: today, so many working days left, so many too late."""
    if due_at is None:
        return words.MISSING
    last, today = (due_at - SECOND).astimezone(LOCAL).date(), now.astimezone(LOCAL).date()
    if now > due_at:
        return _overdue_words(due_at, last, today, unit, calendar)
    at = due_at.astimezone(LOCAL)
    if last == today:
        exact = at.time() != time()
        return _("Today %(time)s") % {"time": words.clock(due_at)} if exact else _("Due today")
    if unit in HOURLY:
        return f"{words.day(due_at, now)} {words.clock(due_at)}"
    if unit in {LimitUnit.CALENDAR_DAY, LimitUnit.MONTH}:
        return _days_left((last - today).days)
    n = calendar.working_days_between(today, last)
    if n < 1:
        return _days_left((last - today).days)
    return ngettext("%(n)d working day left", "%(n)d working days left", n) % {"n": n}


def _days_left(n: int) -> str:
    return ngettext("%(n)d day left", "%(n)d days left", n) % {"n": n}


def _overdue_words(
    due_at: datetime, last: date, today: date, unit: str, calendar: WorkCalendar
) -> str:
    if last == today:
        return _("Overdue since %(time)s") % {"time": words.clock(due_at)}
    n = calendar.working_days_between(last, today)
    if unit in {LimitUnit.CALENDAR_DAY, LimitUnit.MONTH} or n < 1:
        n = max((today - last) // timedelta(days=1), 1)
        return ngettext("%(n)d day overdue", "%(n)d days overdue", n) % {"n": n}
    return ngettext("%(n)d working day overdue", "%(n)d working days overdue", n) % {"n": n}


def limit_words(count: int, unit: str) -> str:
    """A limit as people say it: 3 working days."""
    said = {
        LimitUnit.WORKING_DAY: ngettext("%(n)d working day", "%(n)d working days", count),
        LimitUnit.CALENDAR_DAY: ngettext("%(n)d calendar day", "%(n)d calendar days", count),
        LimitUnit.HOUR: ngettext("%(n)d hour", "%(n)d hours", count),
        LimitUnit.WORKING_HOUR: ngettext("%(n)d working hour", "%(n)d working hours", count),
        LimitUnit.MONTH: ngettext("%(n)d month", "%(n)d months", count),
    }
    return said[LimitUnit(unit)] % {"n": count}


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a task has come along its limit, in the limit's own unit."""

    used: float
    limit: float
    words: str
    colour: Colour

    @property
    def left(self) -> str:
        """What is left or over, in the unit that stands beside the limit."""
        rest = self.limit - self.used
        said = _("%(n)s left") if rest >= 0 else _("%(n)s over")
        return said % {"n": words.number(round(abs(rest), 1)).removesuffix(".0")}


def distance(task: Task, now: datetime) -> Distance | None:
    """The ruler of a task; None where no end is set or its clock stands."""
    if task.due_at is None:
        return None
    unit = LimitUnit(task.limit_unit or LimitUnit.WORKING_DAY)
    ruler = RULERS[unit](calendar_of(task.zone_id))
    last = task.due_at - SECOND if ruler.in_days else task.due_at
    start = ruler.place(task.started_at)
    used = ruler.between(start, max(ruler.place(task.done_at or now), start)) / ruler.per_unit
    whole = ruler.between(start, ruler.place(last)) / ruler.per_unit
    length = LimitUnit.CALENDAR_DAY if unit == LimitUnit.MONTH else unit
    return Distance(
        used=used,
        limit=whole,
        words=_("%(used)s of %(limit)s used")
        % {
            "used": words.number(round(used, 1)).removesuffix(".0"),
            "limit": limit_words(round(whole), length),
        },
        colour=task_light(task, now),
    )
