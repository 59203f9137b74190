"""How likely the promised day is: the plan run many times with durations drawn by chance.

Each duration is drawn by itself, from what the zone's own finished steps took where there are enough
of them, else from a triangle over low, likely and high. Passes run over all draws at once; the
calendar is looked up in a table, so a drawn course is as exact as a reckoned one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext_lazy as _

from xiaoer.work.calendar import SPAN, WorkCalendar, outside, place
from xiaoer.work.planning.frame import Begun, Frame, Row, Tie, day_at
from xiaoer.work.planning.network import Activity, Network, Unit

Days: TypeAlias = npt.NDArray[np.int32]
Many: TypeAlias = npt.NDArray[np.float64]

# Durations drawn at a time stay near the processor; of a very long plan at least so many runs.
BLOCK, FEWEST = 500_000, 500
# Steps of the table by which a drawn number becomes days.
FINE = 4096
# From how many finished steps of a kind on their own durations are drawn instead of the template's. Of eight, the true middle lies between
# the second and the seventh with 93 %; a zone has eight of a kind within a year or two.
ENOUGH = 8
# Older ones say less of how the offices work today: only so many of the latest are drawn from.
MOST = 60
# A mover explains at least this part of how much the end varies, and more than chance would in
# three of a thousand steps that move nothing.
LEAST_SHARE, BEYOND_CHANCE = 0.005, 9.0


@dataclass(frozen=True, slots=True)
class Mover:
    """A step that moves the end. ``share``: the part of the end's variance that goes with its own
    duration, 0 to 1; ``percent`` the same, for people."""

    key: int
    name: str
    share: float

    @property
    def percent(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True, slots=True)
class Slip:
    """What many runs say. ``chance``: percent of them that keep the promised day; 0 and 100 only if
    none or all do. Of 100 runs 10 end by ``early_on``, 50 by ``middle_on``, 80 by ``likely_on``."""

    chance: int
    early_on: date
    middle_on: date
    likely_on: date
    movers: tuple[Mover, ...]
    learned: tuple[int, ...]
    runs: int
    seed: int
    promised_on: date
    days: tuple[tuple[date, int], ...]

    def kept_by(self, day: date) -> float:
        """The part of the runs that end by a day, 0 to 1."""
        return sum(count for on, count in self.days if on <= day) / self.runs


def draw(
    network: Network,
    *,
    calendar: WorkCalendar,
    today: date,
    promised_on: date,
    runs: int = 10_000,
    seed: int = 20_261_121,
    samples: Mapping[int, Sequence[int]] | None = None,
) -> Slip:
    """Run a plan many times; the same seed gives the same answer. ``samples``: days of the step's
    unit that its like took, by key of step. Raises as the passes do."""
    frame = Frame(network)
    look = _Draw(frame, calendar, place(today), samples or {})
    dice = np.random.Generator(np.random.PCG64(seed))
    ends = np.empty(runs, dtype=np.int32)
    sums = _Sums(len(look.drawn))
    block = max(BLOCK // max(len(frame.rows), 1), FEWEST)
    for first, last in pairwise([*range(0, runs, block), runs]):
        drawn = look.durations(dice, last - first)
        try:
            ends[first:last] = look.ends(drawn)
        except IndexError:
            raise outside(_("the end of this plan")) from None
        if ends[first:last].max(initial=0) >= SPAN:
            raise outside(_("the end of this plan"))
        sums.add(drawn, ends[first:last])
    return _slip(frame, look, ends, sums.shares(), promised_on, seed)


def _slip(
    frame: Frame, look: "_Draw", ends: Days, shares: Many, promised_on: date, seed: int
) -> Slip:
    at, counts = np.unique(ends, return_counts=True)
    ordered, runs = np.sort(ends), len(ends)
    early, middle, likely = (
        day_at(int(ordered[min(-(-runs * part // 100), runs) - 1])) for part in (10, 50, 80)
    )
    kept = int(np.count_nonzero(ends <= place(promised_on)))
    chance = 100 * kept // runs or (1 if kept else 0)
    movers = [
        Mover(frame.activities[step].key, frame.activities[step].name, float(share))
        for step, share in zip(look.drawn, shares, strict=True)
        if share >= max(LEAST_SHARE, BEYOND_CHANCE / runs)
    ]
    return Slip(
        chance,
        early,
        middle,
        likely,
        tuple(sorted(movers, key=lambda mover: (-mover.share, mover.key))),
        tuple(frame.activities[step].key for step in look.drawn if step in look.learned),
        runs,
        seed,
        promised_on,
        tuple((day_at(int(day)), int(count)) for day, count in zip(at, counts, strict=True)),
    )


class _Draw:
    """One plan ready to be run many times over."""

    def __init__(
        self, frame: Frame, calendar: WorkCalendar, today: int, samples: Mapping[int, Sequence[int]]
    ) -> None:
        self.frame, self.today = frame, today
        self.base = max(today, frame.starts)
        self.before, self.nth = _arrays(calendar)
        laws = {row.at: self._law(row, samples) for row in frame.rows}
        # What is certain is the same in every run; only the others are drawn.
        self.fixed = {at: law[:1] for at, law in laws.items() if law[0] == law[-1]}
        self.drawn = [at for at in laws if at not in self.fixed]
        self.laws: Days = np.array([laws[at] for at in self.drawn], np.int32).reshape(-1, FINE)
        keys = {at: frame.activities[at].key for at in self.drawn}
        self.learned = {at for at, key in keys.items() if samples.get(key)}
        self.closing = _closing(frame)

    def durations(self, dice: np.random.Generator, runs: int) -> Days:
        """A row of days for each step drawn."""
        at = dice.integers(0, FINE, size=(len(self.drawn), runs), dtype=np.uint16)
        return np.take_along_axis(self.laws, at, axis=1)

    def ends(self, drawn: Days) -> Days:
        """The last day of each run."""
        days = {**self.fixed, **dict(zip(self.drawn, drawn, strict=True))}
        start, end = dict[int, Days](), dict[int, Days]()
        last: Days = np.full(drawn.shape[1], self.base if not days else 0, dtype=np.int32)
        for row in self.frame.rows:
            at = row.at
            low, need = self._bounds(row, start, end)
            if row.begun is None:
                start[at], end[at] = self._placed(row, low, need, days[at])
            else:
                start[at] = np.array([row.begun.start], dtype=np.int32)
                end[at] = self._goes_on(row, row.begun, need, days[at])
            if at in self.closing:
                np.maximum(last, self._last_day(row, end[at], days[at]), out=last)
        return last

    def _law(self, row: Row, samples: Mapping[int, Sequence[int]]) -> Days:
        """Days at evenly spaced chances. Of a started step: of what is left, scaled by how its like
        vary; or of the whole, as far as that is longer than it has already taken."""
        step = self.frame.activities[row.at]
        law = _table(samples.get(step.key, ())) if samples.get(step.key) else _triangle(step)
        begun = row.begun
        if begun is None:
            return law
        if begun.over is not None:
            return law[:1].repeat(FINE)
        if begun.remaining is not None:
            if not step.likely:
                return np.full(FINE, begun.remaining, dtype=np.int32)
            law = np.rint(law * (begun.remaining / step.likely)).astype(np.int32)
        whence = self._whence(begun)
        taken = max(self.today - whence, 0)
        if _by_work(step):
            taken = int(self.before[max(self.today, whence)] - self.before[whence])
        if not taken:
            return law
        longer = law[law > taken]
        return _table(longer.tolist() or [taken + 1])

    def _whence(self, begun: Begun) -> int:
        """From which morning on the days of a started step are counted."""
        if begun.remaining is None:
            return begun.start
        return max(self.today, begun.start) if begun.said is None else begun.said

    def _bounds(
        self, row: Row, start: Mapping[int, Days], end: Mapping[int, Days]
    ) -> tuple[Days, Days | None]:
        low: Days = np.array([max(row.floor, self.base)], dtype=np.int32)
        need: Days | None = None
        for tie in row.ties:
            bound = self._shifted(tie, (end if tie[1] else start)[tie[0]])
            if not tie[2]:
                low = np.maximum(low, bound)
            else:
                need = bound if need is None else np.maximum(need, bound)
        return low, need

    def _shifted(self, tie: Tie, at: Days) -> Days:
        _other, _from_end, _to_end, lag, by_work = tie
        if not lag:
            return at
        if not by_work:
            moved: Days = np.maximum(at + np.int32(lag), 0)
            return moved
        if lag > 0:
            return self._evening(self.before[at] + (lag - 1))
        return self.nth[np.maximum(self.before[at] + lag, 0)]

    def _evening(self, nth: Days) -> Days:
        """The morning after the n-th working day of all."""
        after: Days = self.nth[nth] + np.int32(1)
        return after

    def _placed(self, row: Row, low: Days, need: Days | None, days: Days) -> tuple[Days, Days]:
        if not _by_work(self.frame.activities[row.at]):
            first = low if need is None else np.maximum(low, need - days)
            return first, first + days
        at = self.before[low]
        if need is not None:
            at = np.maximum(at, self.before[np.maximum(need - 1, 0)] - days + 1)
        first, after = self.nth[at], self._evening(at + np.maximum(days - 1, 0))
        if days.min() > 0:
            return first, after
        # A step that takes no day in a run is an instant of it, on whatever day.
        instant = low if need is None else np.maximum(low, need)
        return np.where(days > 0, first, instant), np.where(days > 0, after, instant)

    def _goes_on(self, row: Row, begun: Begun, need: Days | None, days: Days) -> Days:
        step = self.frame.activities[row.at]
        if begun.over is not None:
            return np.array([begun.over + (1 if step.likely else 0)], dtype=np.int32)
        now = max(self.today, begun.start)
        whence = self._whence(begun)
        least = np.array([now + 1], dtype=np.int32)
        if need is not None:
            least = np.maximum(least, need)
        if not _by_work(step):
            return np.maximum(least, whence + days)
        least = self._evening(self.before[least - 1])
        left = self._evening(np.maximum(self.before[whence] + days - 1, 0))
        return np.maximum(least, np.where(days > 0, left, 0))

    def _last_day(self, row: Row, end: Days, days: Days) -> Days:
        if row.begun is not None:
            return end - 1 if row.begun.over is None else np.array([row.begun.over], dtype=np.int32)
        floor = max(row.floor, self.base)
        return np.where((days == 0) & (end <= floor), end, end - 1)


class _Sums:
    """What is needed to say how each drawn duration goes with the end."""

    def __init__(self, steps: int) -> None:
        self.count = 0
        self.end = self.end2 = 0.0
        self.days: Many = np.zeros(steps)
        self.days2: Many = np.zeros(steps)
        self.both: Many = np.zeros(steps)
        self.origin: int | None = None

    def add(self, drawn: Days, ends: Days) -> None:
        if self.origin is None:
            self.origin = int(ends[0])
        end = (ends - self.origin).astype(np.float64)
        days = drawn.astype(np.float64)
        self.count += len(end)
        self.end += float(end.sum())
        self.end2 += float(end @ end)
        self.days += days.sum(axis=1)
        self.days2 += np.einsum("ij,ij->i", days, days)
        self.both += days @ end

    def shares(self) -> Many:
        """The square of each duration's correlation with the end."""
        of_end = self.end2 - self.end**2 / self.count
        of_days = self.days2 - self.days**2 / self.count
        both = self.both - self.days * self.end / self.count
        if of_end <= 0:
            return np.zeros(len(both))
        return np.divide(both**2, of_days * of_end, out=np.zeros(len(both)), where=of_days > 0)


def _by_work(step: Activity) -> bool:
    return step.unit == Unit.WORKING


def _closing(frame: Frame) -> frozenset[int]:
    """The steps that may be the last: no later one has to wait for their end."""
    covered = {
        tie[0]
        for row in frame.rows
        if row.begun is None
        for tie in row.ties
        if tie[1] and tie[3] >= 0
    }
    return frozenset(row.at for row in frame.rows if row.at not in covered)


def _table(known: Sequence[int]) -> Days:
    """What was seen, each as likely as any other."""
    ordered = np.sort(np.asarray(known, dtype=np.int32))
    return ordered[np.arange(FINE) * len(ordered) // FINE]


def _triangle(step: Activity) -> Days:
    """From low to high with its tip at likely, in whole days."""
    if not step.low <= step.likely <= step.high:
        told = f"low {step.low}, likely {step.likely}, high {step.high}"
        raise ValueError(f"{step.name}: {told} are not in order")
    return _triangle_of(step.low, step.likely, step.high)


@lru_cache(maxsize=1024)
def _triangle_of(low: int, likely: int, high: int) -> Days:
    chance = (np.arange(FINE) + 0.5) / FINE
    rising = low + np.sqrt(chance * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - chance) * (high - low) * (high - likely))
    days = np.where(chance * (high - low) < likely - low, rising, falling)
    law: Days = np.rint(days).astype(np.int32)
    law.setflags(write=False)  # one table for all who take as long
    return law


@lru_cache(maxsize=8)
def _arrays(calendar: WorkCalendar) -> tuple[Days, Days]:
    """The tables of a calendar as arrays; a zone draws for all its plans with one."""
    before, nth = calendar.tables
    return np.asarray(before, dtype=np.int32), np.asarray(nth, dtype=np.int32)
