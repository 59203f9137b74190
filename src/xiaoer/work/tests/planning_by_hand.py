"""Plans reckoned day by day, as a person would with a calendar on the table; and plans to try.

Nothing here uses the tables of the product: days are walked, and passes repeated until nothing moves.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from hypothesis import strategies as st

from xiaoer.work.calendar import seed_calendar
from xiaoer.work.planning.network import Activity, Link, Network, Unit, Wait

CALENDAR = seed_calendar()
DAY = timedelta(days=1)
# Before the long holiday of spring 2026, with weekends worked in exchange on both sides.
TODAY = date(2026, 2, 4)
FAR = date(2026, 8, 1)

near = st.integers(-12, 40).map(lambda n: TODAY + n * DAY)


def works(day: date) -> bool:
    return CALENDAR.is_working(day)


def end_of(step: Activity, start: date, days: int | None = None) -> date:
    """The morning after the last day, of a step that starts on this morning."""
    left = step.likely if days is None else days
    day = start
    while left:
        left -= 1 if step.unit == Unit.CALENDAR or works(day) else 0
        day += DAY
    return day


def may_start(step: Activity, day: date) -> bool:
    return step.unit == Unit.CALENDAR or not (step.likely or step.started_on) or works(day)


def lagged(link: Link, at: date) -> date:
    lag, day = link.lag, at
    while lag > 0:
        lag -= 1 if link.lag_unit == Unit.CALENDAR or works(day) else 0
        day += DAY
    while lag < 0:
        day -= DAY
        lag += 1 if link.lag_unit == Unit.CALENDAR or works(day) else 0
    return day


Course = dict[int, tuple[date, date]]


class ByHand:
    """One plan reckoned slowly."""

    def __init__(self, network: Network, today: date, promised_on: date) -> None:
        self.network, self.today, self.promised_on = network, today, promised_on
        self.steps = {step.key: step for step in network.activities}
        self.early = self._until_still(
            self._earlier, {key: (date.min, date.min) for key in self.steps}
        )

    @cached_property
    def late(self) -> "Course":
        return self._until_still(self._later, {key: (FAR, FAR) for key in self.steps})

    def floor(self, step: Activity) -> date:
        return max(self.today, self.network.starts_on, step.not_before or date.min)

    def last_day(self, step: Activity, end: date) -> date:
        if step.finished_on:
            return step.finished_on
        if step.likely or step.started_on or end > self.floor(step):
            return end - DAY
        return end

    @property
    def ends_on(self) -> date:
        return max(self.last_day(self.steps[key], end) for key, (_s, end) in self.early.items())

    @property
    def is_kept(self) -> bool:
        """Whether the promise and every bound of an unfinished step hold."""
        return self.ends_on <= self.promised_on and all(
            step.not_after is None
            or step.finished_on is not None
            or self.last_day(step, self.early[step.key][1]) <= step.not_after
            for step in self.network.activities
        )

    def _until_still(
        self, better: Callable[[Activity, Course], tuple[date, date]], course: Course
    ) -> Course:
        while True:
            new = {key: better(step, course) for key, step in self.steps.items()}
            if new == course:
                return course
            course = new

    def _earlier(self, step: Activity, course: Course) -> tuple[date, date]:
        low, need = self.floor(step), date.min
        for link in self.network.links:
            if link.after != step.key or course[link.before][1] == date.min:
                continue
            bound = lagged(link, course[link.before][link.kind in (Wait.FS, Wait.FF)])
            if link.kind in (Wait.FF, Wait.SF):
                need = max(need, bound)
            else:
                low = max(low, bound)
        if step.started_on is None:
            while not may_start(step, low) or end_of(step, low) < need:
                low += DAY
            return low, end_of(step, low)
        if step.finished_on is not None:
            return step.started_on, step.finished_on + (DAY if step.likely else 0 * DAY)
        now = max(self.today, step.started_on)
        rest = (
            end_of(step, step.started_on)
            if step.remaining is None
            else end_of(step, step.remaining_on or now, step.remaining)
        )
        end = max(now + DAY, rest, need)
        while not may_start(step, end - DAY):
            end += DAY
        return step.started_on, end

    def _later(self, step: Activity, course: Course) -> tuple[date, date]:
        start, end = self.early[step.key]
        if step.finished_on is not None:
            return start, end
        if step.started_on is not None:
            day = FAR
            while not (
                self._ends_in_time(step, day, course) and (may_start(step, day - DAY) or day == end)
            ):
                day -= DAY
            return start, day
        day = FAR
        while not (may_start(step, day) and self._starts_in_time(step, day, course)
                   and self._ends_in_time(step, end_of(step, day), course)):  # fmt: skip
            day -= DAY
        return day, end_of(step, day)

    def _ends_in_time(self, step: Activity, end: date, course: Course) -> bool:
        cap = min(self.promised_on, step.not_after or date.max)
        return self.last_day(step, end) <= cap and self._is_in_time(
            step, end, (Wait.FS, Wait.FF), course
        )

    def _starts_in_time(self, step: Activity, start: date, course: Course) -> bool:
        return self._is_in_time(step, start, (Wait.SS, Wait.SF), course)

    def _is_in_time(
        self, step: Activity, at: date, kinds: tuple[Wait, ...], course: Course
    ) -> bool:
        for link in self.network.links:
            after = self.steps[link.after]
            to_end = link.kind in (Wait.FF, Wait.SF)
            is_fixed = after.finished_on or (after.started_on and not to_end)
            if link.before != step.key or link.kind not in kinds or is_fixed:
                continue
            if lagged(link, at) > course[link.after][to_end]:
                return False
        return True


def delayed(network: Network, key: int, until: date) -> Network:
    """The network with one step that may not start before a day."""
    return Network(
        [replace(step, not_before=max(until, step.not_before or until)) if step.key == key else step
         for step in network.activities],
        network.links,
        network.starts_on,
    )  # fmt: skip


@st.composite
def activities(draw: st.DrawFn, key: int) -> Activity:
    low, likely, high = sorted(draw(st.tuples(*[st.integers(0, 9)] * 3)))
    step = Activity(
        key,
        f"step {key}",
        low,
        likely,
        high,
        draw(st.sampled_from(Unit)),
        draw(st.booleans()),
        not_before=draw(st.none() | st.none() | near),
        not_after=draw(st.none() | st.none() | near),
    )
    state = draw(st.sampled_from(("waiting", "waiting", "waiting", "started", "finished")))
    if state == "waiting":
        return step
    started_on = TODAY - draw(st.integers(0, 12)) * DAY
    if state == "started":
        said = draw(st.none() | st.dates(started_on, TODAY))
        left = draw(st.none() | st.integers(0, 6))
        return replace(step, started_on=started_on, remaining=left, remaining_on=said)
    finished_on = min(TODAY, started_on + draw(st.integers(0, 8)) * DAY)
    return replace(step, started_on=started_on, finished_on=finished_on)


@st.composite
def networks(draw: st.DrawFn, most: int = 6) -> Network:
    """Plans of a few steps with every kind of link, lag, unit and state, given in any order."""
    count = draw(st.integers(1, most))
    steps = [draw(activities(key)) for key in range(count)]
    links = []
    for after in range(1, count):
        for before in draw(st.sets(st.integers(0, after - 1), max_size=2)):
            lag = draw(st.integers(-4, 6)) if draw(st.booleans()) else 0
            links.append(
                Link(before, after, draw(st.sampled_from(Wait)), lag, draw(st.sampled_from(Unit)))
            )
    return Network(draw(st.permutations(steps)), links, TODAY + draw(st.integers(-9, 9)) * DAY)
