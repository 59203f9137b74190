"""Forwards from today, backwards from the promised day (倒排): when each step can and must be done.

Both passes are exact in calendars: a step of working days starts and ends on working days, and its
latest start is the latest morning from which everything after it still keeps the promised day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from xiaoer.work.calendar import SPAN, Tables, WorkCalendar, outside, place
from xiaoer.work.planning.frame import FAR, Begun, Frame, Loop, Row, Tie, UnknownStep, day_at
from xiaoer.work.planning.network import Activity, Network

__all__ = ["Loop", "Portfolio", "Schedule", "Times", "UnknownStep", "reckon"]


@dataclass(frozen=True, slots=True)
class Times:
    """When a step can and must be done: first and last day worked, at the earliest and the latest.

    ``float_days``: by how many calendar days it may be put off (of a started step: end later) and
    the promised day still be kept; negative when that is lost. A finished step has its own days and
    no float. ``is_critical``: the forecast end waits for it, or moves as soon as it is put off.
    """

    early_start: date
    early_finish: date
    late_start: date
    late_finish: date
    float_days: int
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One pass over all steps: the morning each starts and the morning after each ends."""

    start: list[int]
    end: list[int]


class Schedule:
    """What was reckoned of a plan; the pass backwards and all dates only once they are asked for.

    ``frame``, ``early``, ``late`` and ``last`` (the last day of each step, by place) are for those
    who reckon on.
    """

    def __init__(
        self, frame: Frame, calendar: WorkCalendar, today: date, promised_on: date
    ) -> None:
        self.calendar, self.today, self.promised_on = calendar, today, promised_on
        self.frame, self._tables = frame, calendar.tables
        self._today = place(today)
        self._base = max(self._today, frame.starts)
        try:
            self.early = forward(frame, self._tables, self._today)
        except IndexError:
            raise outside(_("the end of this plan")) from None
        if max(self.early.end, default=0) >= SPAN:
            raise outside(_("the end of this plan"))
        self.last = [0] * len(frame.rows)
        for row in frame.rows:
            self.last[row.at] = last_day(row, self.early.end[row.at], self._base)

    @cached_property
    def late(self) -> Course:
        return self._backwards(place(self.promised_on))

    def reckon_back(self) -> Course:
        """The pass backwards now, so that what cannot be reckoned is said now."""
        return self.late

    @cached_property
    def ends_on(self) -> date:
        """The last day of work as it looks today."""
        return day_at(max(self.last, default=self._base))

    @cached_property
    def slack_days(self) -> int:
        """Calendar days from the forecast end to the promised day; negative: lost."""
        return (self.promised_on - self.ends_on).days

    def times(self, key: int) -> Times:
        at = self.frame.at[key]
        row = self.frame.row(at)
        early, late = self.early, self.late
        first, base = early.start[at], self._base
        if row.begun is not None:
            spare = late.end[at] - early.end[at]
            late_first = first
        else:
            spare = late.start[at] - first
            late_first = late.start[at]
        if not row.days and row.begun is None:
            first = self.last[at]
            late_first = last_day(row, late.end[at], base)
        return Times(
            day_at(first),
            day_at(self.last[at]),
            day_at(late_first),
            day_at(self.last[at] if _is_over(row) else last_day(row, late.end[at], base)),
            spare,
            at in self._critical,
        )

    def ends(self, key: int) -> date:
        """The last day of one step, as it looks today."""
        return day_at(self.last[self.frame.at[key]])

    def items(self) -> Iterator[tuple[int, Times]]:
        """All steps by key, in the order of the network."""
        return ((step.key, self.times(step.key)) for step in self.frame.activities)

    @cached_property
    def critical(self) -> tuple[int, ...]:
        """Keys of the critical steps, in the order in which they are done."""
        keys = self.frame.activities
        start, end = self.early.start, self.early.end
        return tuple(
            keys[at].key for at in sorted(self._critical, key=lambda at: (start[at], end[at]))
        )

    @cached_property
    def government_share(self) -> Fraction | None:
        """Of the calendar days that the critical steps take, how many are the government's own.
        None when they take none."""
        days = {at: max(self.early.end[at] - self._from(at), 0) for at in self._critical}
        whole = sum(days.values())
        if not whole:
            return None
        own = sum(n for at, n in days.items() if self.frame.activities[at].is_government)
        return Fraction(own, whole)

    @cached_property
    def provisional_years(self) -> tuple[int, ...]:
        """Years in which working days were counted though their notice is not out."""
        if not self.frame.counts_working_days:
            return ()
        first = min([self._base, *self.early.start])
        last = max(self.ends_on, self.promised_on)
        years = range(day_at(first).year, last.year + 1)
        return tuple(year for year in years if year not in self.calendar.known_years)

    @property
    def is_provisional(self) -> bool:
        return bool(self.provisional_years)

    def drivers(self, key: int) -> tuple[int, ...]:
        """The steps for which this one waits longest; none when only its own days hold it."""
        driving = self.driving(self.frame.row(self.frame.at[key]))
        return tuple(dict.fromkeys(self.frame.activities[tie[0]].key for tie in driving))

    @cached_property
    def _critical(self) -> frozenset[int]:
        """Steps that cannot be put off by a day without moving the end, and those that the end
        waits for (which a weekend may leave some days to spare)."""
        last = max(self.last, default=self._base)
        late = self._backwards(last)
        early, found = self.early, set[int]()
        rows = self.frame.rows
        for row in rows:
            at = row.at
            moved = (
                late.end[at] <= early.end[at] if row.begun else late.start[at] <= early.start[at]
            )
            if moved and not _is_over(row):
                found.add(at)
        # Backwards, so that whoever is found has the steps it waits for looked at afterwards.
        for row in reversed(rows):
            is_last = self.last[row.at] == last and not _is_over(row)
            if is_last:
                found.add(row.at)
            if row.at in found:
                waits = (tie[0] for tie in self.driving(row))
                found.update(at for at in waits if not _is_over(self.frame.row(at)))
        return frozenset(found)

    def driving(self, row: Row) -> tuple[Tie, ...]:
        """The links that hold a step longest; none when only its own days hold it."""
        if _is_over(row):
            return ()
        course, tables = self.early, self._tables
        if row.begun is not None:
            held = _own_end(row, row.begun, self._today, tables)
            ties = [tie for tie in row.ties if tie[2]]
            bounds = [_evening(_bound(tie, course, tables), row, tables) for tie in ties]
        else:
            held = _placed(row, max(row.floor, self._base), 0, tables)[0]
            ties = list(row.ties)
            bounds = [_start_by(row, tie, course, tables) for tie in ties]
        reached = course.end[row.at] if row.begun else course.start[row.at]
        if held == reached:
            return ()
        raw = [_bound(tie, course, tables) for tie in ties]
        tight = [n for n, bound in enumerate(bounds) if bound == reached]
        most = {to: max((raw[n] for n in tight if ties[n][2] == to), default=0) for to in (0, 1)}
        return tuple(ties[n] for n in tight if raw[n] == most[ties[n][2]])

    def _backwards(self, last: int) -> Course:
        return backward(self.frame, self._tables, self._base, self.early, last)

    def _from(self, at: int) -> int:
        """From which morning on a step is still to be done."""
        return max(self.early.start[at], self._today)


def reckon(network: Network, *, calendar: WorkCalendar, today: date, promised_on: date) -> Schedule:
    """Forward and backward pass. Raises `Loop`, `UnknownStep`, and `Unreadable` for days outside
    the calendar. A promised day that is over or cannot be kept is not an error: slack is negative."""
    return _reckoned(Frame(network), calendar, today, promised_on)


def _reckoned(frame: Frame, calendar: WorkCalendar, today: date, promised_on: date) -> Schedule:
    schedule = Schedule(frame, calendar, today, promised_on)
    schedule.reckon_back()
    return schedule


class Portfolio:
    """Many plans kept reckoned: after a change only the plans that it touches are reckoned anew."""

    def __init__(self, calendar: WorkCalendar, today: date) -> None:
        self.calendar, self.today = calendar, today
        self._plans: dict[int, tuple[Frame, date]] = {}
        self._schedules: dict[int, Schedule] = {}

    def put(self, plan: int, network: Network, promised_on: date) -> None:
        """Take a plan in, or anew after its links or number of steps changed."""
        self._keep(plan, Frame(network), promised_on)

    def drop(self, plan: int) -> None:
        del self._plans[plan]
        self._schedules.pop(plan, None)

    def change_step(self, plan: int, step: Activity) -> None:
        frame, promised_on = self._plans[plan]
        self._keep(plan, frame.with_step(step), promised_on)

    def promise(self, plan: int, promised_on: date) -> None:
        self._keep(plan, self._plans[plan][0], promised_on)

    def wake(self, today: date) -> None:
        """A new day: every forecast begins from it."""
        self.today = today
        self._schedules.clear()

    def schedule(self, plan: int) -> Schedule:
        if plan not in self._schedules:
            frame, promised_on = self._plans[plan]
            self._schedules[plan] = _reckoned(frame, self.calendar, self.today, promised_on)
        return self._schedules[plan]

    def schedules(self) -> Mapping[int, Schedule]:
        """All plans; those touched since the last time are reckoned now."""
        return {plan: self.schedule(plan) for plan in self._plans}

    def _keep(self, plan: int, frame: Frame, promised_on: date) -> None:
        self._plans[plan] = (frame, promised_on)
        self._schedules.pop(plan, None)


def forward(frame: Frame, tables: Tables, today: int) -> Course:
    """The earliest course: each step as soon as its links, its bounds and today allow."""
    base = max(today, frame.starts)
    course = Course([0] * len(frame.rows), [0] * len(frame.rows))
    start, end = course.start, course.end
    for row in frame.rows:
        at, _days, _by_work, floor, _cap, ties, begun = row
        low, need = _bounds(ties, floor if floor > base else base, start, end, tables)
        if begun is None:
            start[at], end[at] = _placed(row, low, need, tables)
        else:
            start[at], end[at] = begun.start, _goes_on(row, begun, today, need, tables)
    return course


def _bounds(
    ties: Sequence[Tie], low: int, start: list[int], end: list[int], tables: Tables
) -> tuple[int, int]:
    """Before which morning a step may not start, and before which it may not end (0: any)."""
    need = 0
    for other, from_end, to_end, lag, by_work in ties:
        bound = end[other] if from_end else start[other]
        if lag:
            bound = shifted(bound, lag, by_work, tables)
        if to_end:
            if bound > need:
                need = bound
        elif bound > low:
            low = bound
    return low, need


def _bound(tie: Tie, course: Course, tables: Tables) -> int:
    other, from_end, _to_end, lag, by_work = tie
    bound = course.end[other] if from_end else course.start[other]
    return shifted(bound, lag, by_work, tables) if lag else bound


def _start_by(row: Row, tie: Tie, course: Course, tables: Tables) -> int:
    """When a step would start if it had this one thing to wait for."""
    bound = _bound(tie, course, tables)
    return _placed(row, 0 if tie[2] else bound, bound if tie[2] else 0, tables)[0]


def _placed(row: Row, low: int, need: int, tables: Tables) -> tuple[int, int]:
    """The first start from ``low`` on whose end is not before ``need``; a step is not broken up."""
    days = row.days
    if row.by_work:
        before, nth = tables
        first = before[low]
        if need:
            first = max(first, before[need - 1] - days + 1)
        return nth[first], nth[first + days - 1] + 1
    first = max(low, need - days)
    return first, first + days


def _goes_on(row: Row, begun: Begun, today: int, need: int, tables: Tables) -> int:
    """The morning after a step that has started ends."""
    if begun.over is not None:
        # Who waits for a milestone may start on its very day.
        return begun.over + 1 if row.days else begun.over
    return max(_own_end(row, begun, today, tables), _evening(need, row, tables))


def _own_end(row: Row, begun: Begun, today: int, tables: Tables) -> int:
    """When a started step ends by what is left of it: not before this evening, as it is not done."""
    now = max(today, begun.start)
    least = _evening(now + 1, row, tables)
    if begun.remaining is None:
        return max(least, _after(begun.start, row.days, row.by_work, tables))
    said = now if begun.said is None else begun.said
    return max(least, _after(said, begun.remaining, row.by_work, tables))


def _after(start: int, days: int, by_work: bool, tables: Tables) -> int:
    if by_work and days:
        return tables.nth[tables.before[start] + days - 1] + 1
    return start + days


def _evening(end: int, row: Row, tables: Tables) -> int:
    """The first end from ``end`` on that is the evening of a day on which the step is worked on."""
    if row.by_work and end:
        return tables.nth[tables.before[end - 1]] + 1
    return end


def last_day(row: Row, end: int, base: int) -> int:
    """The day on which people see a step end. A milestone falls on the evening before its instant,
    but not before it may be at all."""
    if row.begun is not None and row.begun.over is not None:
        return row.begun.over
    if row.days or row.begun is not None:
        return end - 1
    return end - 1 if end > max(row.floor, base) else end


def _is_over(row: Row) -> bool:
    return row.begun is not None and row.begun.over is not None


def backward(frame: Frame, tables: Tables, base: int, early: Course, last: int) -> Course:
    """The latest course in which every step has ended by the evening of ``last`` and of its own
    day. Started steps keep their start, finished ones both."""
    late = Course([FAR] * len(frame.rows), [last + 1] * len(frame.rows))
    start, end = late.start, late.end
    for row in reversed(frame.rows):
        at = row.at
        if row.begun is None:
            if not row.days:
                end[at] = min(end[at], _seen_by(row, last, base))
            start[at], end[at] = _latest(row, start[at], end[at], tables)
        else:
            start[at], end[at] = early.start[at], _latest_end(row, end[at], early.end[at], tables)
        if start[at] < 0:
            raise outside(_("the latest start of this plan"))
        _hand_back(row, start, end, tables)
    return late


def _seen_by(row: Row, last: int, base: int) -> int:
    """The latest instant of a milestone that is seen by its own last day and the plan's."""
    cap = min(row.cap, last + 1)
    return cap if cap > max(row.floor, base) else cap - 1


def _latest(row: Row, start: int, end: int, tables: Tables) -> tuple[int, int]:
    """The latest start and its end, given before which mornings it must have started and ended."""
    days, cap = row.days, row.cap if row.cap < end else end
    if row.by_work:
        before, nth = tables
        first = before[cap] - days
        if first < 0:
            return -1, -1
        if start < nth[first]:
            first = before[start + 1] - 1
        return nth[first], nth[first + days - 1] + 1
    first = min(start, cap - days)
    return first, first + days


def _latest_end(row: Row, end: int, early: int, tables: Tables) -> int:
    """The latest end of a step that has started; of a finished one, its end."""
    if _is_over(row):
        return early
    cap = min(end, row.cap)
    if not row.by_work:
        return cap
    worked = tables.nth[tables.before[cap] - 1] + 1
    return max(early, worked) if early <= cap else worked


def _hand_back(row: Row, start: list[int], end: list[int], tables: Tables) -> None:
    """Tell the steps it waits for by when they must have started and ended."""
    begun = row.begun
    if begun is not None and begun.over is not None:
        return
    mine, my_start = end[row.at], start[row.at]
    for other, from_end, to_end, lag, by_work in row.ties:
        if begun is not None and not to_end:
            continue
        bound = mine if to_end else my_start
        if lag:
            bound = unshifted(bound, lag, by_work, tables)
        held = end if from_end else start
        if bound < held[other]:
            held[other] = bound


def shifted(at: int, lag: int, by_work: bool, tables: Tables) -> int:
    """An instant and so many days more: the evening of the last of them, or the morning of the
    first when counted back."""
    if not by_work:
        return max(at + lag, 0)
    before, nth = tables
    if lag > 0:
        return nth[before[at] + lag - 1] + 1
    return nth[max(before[at] + lag, 0)]


def unshifted(at: int, lag: int, by_work: bool, tables: Tables) -> int:
    """The latest instant that, shifted, is not after this one."""
    if not by_work:
        return at - lag
    before, nth = tables
    if lag > 0:
        return nth[before[at] - lag] if before[at] >= lag else -1
    later = before[at + 1] - lag - 1
    return nth[later] if later < len(nth) else FAR
