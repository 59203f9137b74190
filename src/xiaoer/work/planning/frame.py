"""A network laid out for reckoning: its steps in an order in which each comes after what it waits for.

Made once for a network and used for many passes. A day is its place in the working calendar.
"""

from collections import deque
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Self

from django.utils.translation import gettext

from xiaoer.work.calendar import ORIGIN, place
from xiaoer.work.planning.network import Activity, Link, Network, Unit, Wait

# Later than any day of the calendar: a bound that is none.
FAR = 1 << 30
# Before which step, from its end, to the end of the later, lag, whether in working days. A plain
# tuple: the passes unpack some ten thousand of them a millisecond.
Tie = tuple[int, bool, bool, int, bool]
FROM_END = {Wait.FS: True, Wait.SS: False, Wait.FF: True, Wait.SF: False}
TO_END = {Wait.FS: False, Wait.SS: False, Wait.FF: True, Wait.SF: True}


class Loop(ValueError):
    """Steps that wait for one another in a circle. ``names`` goes round once, ``keys`` likewise.

    A circle is refused even where overlaps would let it hold today: it would hold only as long as
    no step in it takes a day longer, and no forecast could be drawn.
    """

    def __init__(self, names: Sequence[str], keys: Sequence[int] = ()) -> None:
        super().__init__(tuple(names))
        self.names = tuple(names)
        self.keys = tuple(keys)

    def __str__(self) -> str:
        return gettext(
            "These steps wait for one another in a circle: {loop}. Take one of the links out."
        ).format(loop=" → ".join([*self.names, *self.names[:1]]))


class UnknownStep(ValueError):
    """A link names a step that is not in the plan."""

    def __init__(self, key: int) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return gettext("A link names step {key}, which is not in this plan.").format(key=self.key)


class Begun(NamedTuple):
    """What really happened of a step: its start, its end once there is one, what is said to remain
    and from which morning on (None: today's)."""

    start: int
    over: int | None
    remaining: int | None
    said: int | None


class Row(NamedTuple):
    """One step: where it stands, its days and bounds, what it waits for, what happened of it."""

    at: int
    days: int
    by_work: bool
    floor: int
    cap: int
    ties: tuple[Tie, ...]
    begun: Begun | None


class Frame:
    """A network in order. Raises `Loop` and `UnknownStep`."""

    def __init__(self, network: Network) -> None:
        self.activities = tuple(network.activities)
        self.links = tuple(network.links)
        self.starts = place(network.starts_on)
        self.at = {step.key: at for at, step in enumerate(self.activities)}
        ties = _ties(self.links, self.at, len(self.activities))
        order = _order(ties, self.activities)
        self.rows = [_row(at, self.activities[at], ties[at]) for at in order]
        self.position = [0] * len(order)
        for position, at in enumerate(order):
            self.position[at] = position

    def with_step(self, step: Activity) -> Self:
        """The same network with other facts of one step; the order is kept."""
        at = self.at[step.key]
        frame = object.__new__(type(self))
        frame.__dict__.update(self.__dict__)
        frame.activities = (*self.activities[:at], step, *self.activities[at + 1 :])
        frame.rows = self.rows.copy()
        frame.rows[self.position[at]] = _row(at, step, self.row(at).ties)
        return frame

    def row(self, at: int) -> Row:
        return self.rows[self.position[at]]

    @property
    def counts_working_days(self) -> bool:
        return any(step.unit == Unit.WORKING for step in self.activities) or any(
            link.lag and link.lag_unit == Unit.WORKING for link in self.links
        )


def day_at(at: int) -> date:
    return date.fromordinal(ORIGIN + at)


def _ties(links: Sequence[Link], at: dict[int, int], count: int) -> list[tuple[Tie, ...]]:
    """What each step waits for."""
    ties: list[list[Tie]] = [[] for _ in range(count)]
    try:
        for link in links:
            kind = link.kind
            ties[at[link.after]].append(
                (
                    at[link.before],
                    FROM_END[kind],
                    TO_END[kind],
                    link.lag,
                    link.lag_unit == Unit.WORKING,
                )
            )
    except KeyError as unknown:
        raise UnknownStep(unknown.args[0]) from None
    return [tuple(each) for each in ties]


def _order(ties: Sequence[tuple[Tie, ...]], activities: Sequence[Activity]) -> list[int]:
    """Steps, each after those it waits for; among equals as they were given."""
    followers: list[list[int]] = [[] for _ in ties]
    waiting = [len(each) for each in ties]
    for at, each in enumerate(ties):
        for tie in each:
            followers[tie[0]].append(at)
    ready = deque(at for at, count in enumerate(waiting) if not count)
    order = []
    while ready:
        at = ready.popleft()
        order.append(at)
        for follower in followers[at]:
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    if len(order) < len(ties):
        loop = _loop(ties, waiting)
        raise Loop(
            [activities[at].name for at in loop],
            [activities[at].key for at in loop],
        )
    return order


def _loop(ties: Sequence[tuple[Tie, ...]], waiting: Sequence[int]) -> list[int]:
    """A circle among the steps that never became ready, in the order in which they would be done."""
    at = next(at for at, count in enumerate(waiting) if count)
    seen: dict[int, int] = {}
    while at not in seen:
        seen[at] = len(seen)
        at = next(tie[0] for tie in ties[at] if waiting[tie[0]])
    circle = list(seen)[seen[at] :][::-1]
    first = circle.index(min(circle))
    return circle[first:] + circle[:first]


def _row(at: int, step: Activity, ties: tuple[Tie, ...]) -> Row:
    begun = _begun(step)
    return Row(
        at,
        step.likely,
        step.unit == Unit.WORKING and bool(step.likely or begun),
        place(step.not_before) if step.not_before else 0,
        place(step.not_after) + 1 if step.not_after else FAR,
        ties,
        begun,
    )


def _begun(step: Activity) -> Begun | None:
    start, over = step.started_on or step.finished_on, step.finished_on
    if start is None:
        return None
    said = step.remaining_on
    return Begun(
        place(start),
        None if over is None else place(over),
        step.remaining,
        None if said is None else place(said),
    )
