"""All open plans of a zone under what it has few of: who gets the inspectors first.

Only the steps that take of a resource compete. What lies between two of them is worked out once as
a table: the earliest start of the later for every start of the earlier, exact in calendars. Such a
plan of sixty steps is a handful of steps and tables, and a zone of three hundred plans is placed in
some milliseconds: each step in turn as early as its tables and the resource allow.

The turn is what is searched for. Rules and chance give the first turns; CP-SAT then works on the
same steps in working days with the least distance each table ever has. Less than that no plan can
need, so that its bound holds for the real calendar; every order it finds is placed exactly and
counts only when it is better so. The best found so far is always at hand.
"""

import random
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from xiaoer.work.calendar import WorkCalendar, place
from xiaoer.work.planning.frame import Frame, Row, day_at
from xiaoer.work.planning.network import Network
from xiaoer.work.planning.passes import Course, forward, last_day

# A working day of one late project weighs as much as so many by which others end later.
LATE = 100
# How many turns our own search tries; its share of the time; what a single worker has of CP-SAT's
# own time for a second, so that two runs with one seed do the same.
TRIES, OWN_SHARE, STEADY = 400, 0.4, 0.5
# How often, in seconds, CP-SAT is asked whether to stop.
LISTENS = 0.2
# How often a plan is tried that the limits hold up, and by how many days it is put off.
HELD_UP, FAR_OFF = 0.7, 40
DAY = timedelta(days=1)
# Ends of days at which a table has to reach at first; it grows when they do not.
SPARE = 250
Days = NDArray[np.int64]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day of a step."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Ending:
    """When a plan ends under the limits, and when it would if there were enough of everything."""

    ends_on: date
    unlimited_on: date
    promised_on: date

    @property
    def late_days(self) -> int:
        return max(0, (self.ends_on - self.promised_on).days)

    @property
    def held_up_days(self) -> int:
        """What the limits alone cost it."""
        return (self.ends_on - self.unlimited_on).days


@dataclass(frozen=True)
class Levelled:
    """The best found: days of every step that is not over, ends of the plans, how good it is.

    ``starts``: the first day of each step that competes; the days of all others follow from these.
    ``cost`` is what the limits cost in all: working days by which plans end later than without
    them, a day beyond the promised one ``LATE`` times; ``bound``: it cannot be less.
    ``beyond``: steps that want more of a resource than there is; they get all there is of it.
    """

    starts: Mapping[int, date]
    cost: int
    bound: int
    beyond: tuple[int, ...]
    networks: Mapping[int, tuple[Network, date]] = field(repr=False)
    calendar: WorkCalendar = field(repr=False)
    today: date

    @property
    def steps(self) -> Mapping[int, Span]:
        return self._laid_out[0]

    @property
    def plans(self) -> Mapping[int, Ending]:
        return self._laid_out[1]

    @cached_property
    def _laid_out(self) -> tuple[Mapping[int, Span], Mapping[int, Ending]]:
        return lay_out(self.networks, self.starts, calendar=self.calendar, today=self.today)

    @property
    def is_best(self) -> bool:
        return self.cost <= self.bound

    @property
    def gap(self) -> float:
        """Which share of the cost might be saved at the most."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


# Conflicts ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """What a step takes of a resource from one day to another."""

    plan: int
    step: int
    resource: str
    units: int
    span: Span


@dataclass(frozen=True, slots=True)
class Overload:
    """资源冲突: days on which more is wanted of a resource than there is, and by whom."""

    resource: str
    since: date
    until: date
    wanted: int
    capacity: int
    claims: tuple[Claim, ...]

    @property
    def plans(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(claim.plan for claim in self.claims))


def overloads(claims: Iterable[Claim], capacities: Mapping[str, int]) -> tuple[Overload, ...]:
    """Where more is wanted than there is, by day: days on end with trouble are one conflict."""
    found: list[Overload] = []
    for resource, group in groupby(sorted(claims, key=_by_resource), key=_by_resource):
        if resource in capacities:
            found += _overloads(resource, list(group), capacities[resource])
    return tuple(sorted(found, key=lambda each: (each.since, each.resource)))


def _by_resource(claim: Claim) -> str:
    return claim.resource


def _overloads(resource: str, claims: Sequence[Claim], capacity: int) -> Iterator[Overload]:
    edges: dict[date, int] = {}
    for claim in claims:
        begin, end = claim.span.starts_on, claim.span.ends_on + DAY
        edges[begin] = edges.get(begin, 0) + claim.units
        edges[end] = edges.get(end, 0) - claim.units
    since, most, wanted = None, 0, 0
    for day in sorted(edges):
        wanted += edges[day]
        if wanted > capacity:
            since, most = since or day, max(most, wanted)
        elif since is not None:
            yield _overload(resource, claims, capacity, since, day - DAY, most)
            since, most = None, 0


def _overload(
    resource: str, claims: Sequence[Claim], capacity: int, since: date, until: date, most: int
) -> Overload:
    of_it = [c for c in claims if c.span.starts_on <= until and c.span.ends_on >= since]
    of_it.sort(key=lambda claim: (claim.span.starts_on, claim.step))
    return Overload(resource, since, until, most, capacity, tuple(of_it))


# The plans, condensed ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _User:
    """A step that takes of a resource: where it stands, by when it may start at the earliest.

    By the days since the first: ``starts`` the first start from a day on, ``ends`` the morning
    after its end, ``last`` the end of its whole plan. ``waits``: number of an earlier one of these,
    and the earliest start after each start of that.
    """

    plan: int
    key: int
    resource: int
    units: int
    release: int
    starts: Sequence[int]
    ends: Sequence[int]
    last: Sequence[int]
    waits: tuple[tuple[int, Sequence[int]], ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    frame: Frame
    promised: int
    early: Course

    @property
    def end(self) -> int:
        return max(self.early.end, default=0)


class _Zone:
    """Everything a search needs, by days since ``base``."""

    def __init__(
        self,
        networks: Mapping[int, tuple[Network, date]],
        capacities: Mapping[str, int],
        calendar: WorkCalendar,
        today: date,
        weights: Mapping[int, int],
    ) -> None:
        self.tables, self.today, self.base = calendar.tables, place(today), place(today)
        self.resources = {code: which for which, code in enumerate(sorted(capacities))}
        self.capacities = [capacities[code] for code in self.resources]
        self.plans: dict[int, _Plan] = {}
        for plan, (network, promised_on) in networks.items():
            frame = Frame(network)
            self.plans[plan] = _Plan(
                frame, place(promised_on) + 1, forward(frame, self.tables, self.today)
            )
        self.weights = weights
        self.beyond: list[int] = []
        self.horizon = SPARE + max(
            (max(plan.end, plan.promised) - self.base for plan in self.plans.values()), default=0
        )
        self.before = np.asarray(self.tables.before, dtype=np.int64)
        self.nth = np.asarray(self.tables.nth, dtype=np.int64)
        self.condense()

    def condense(self) -> None:
        self.users: list[_User] = []
        self.held: list[tuple[int, int, int, int]] = []
        self.beyond.clear()
        self._lengths: dict[tuple[int, bool], tuple[Days, Days]] = {}
        for number, plan in self.plans.items():
            self._condense(number, plan)

    def _condense(self, number: int, plan: _Plan) -> None:
        frame, first = plan.frame, len(self.users)
        waiting: dict[int, list[tuple[int, Days]]] = {}
        lasting: list[Days] = []
        rows = [row for row in frame.rows if self._competes(frame, row, plan)]
        numbers = {row.at: first + place for place, row in enumerate(rows)}
        for row in rows:
            last, later = self._reach(frame, row, numbers, plan)
            lasting.append(last)
            for at, starts in later:
                waiting.setdefault(at, []).append((numbers[row.at], starts))
        for row, last in zip(rows, lasting, strict=True):
            step = frame.activities[row.at]
            starts, ends = self._length(row)
            which = self.resources[step.resource]
            units = min(step.units, self.capacities[which])
            self.users.append(
                _User(
                    plan=number,
                    key=step.key,
                    resource=which,
                    units=units,
                    release=plan.early.start[row.at] - self.base,
                    starts=_quick(starts),
                    ends=_quick(ends),
                    last=_quick(last),
                    waits=tuple((other, _quick(t)) for other, t in waiting.get(row.at, ())),
                )
            )

    def _competes(self, frame: Frame, row: Row, plan: _Plan) -> bool:
        """Whether a step is still to be placed; one that has started holds what it has."""
        step = frame.activities[row.at]
        if not step.units or step.resource not in self.resources:
            return False
        which = self.resources[step.resource]
        if row.begun is not None:
            if row.begun.over is None:
                self.held.append((which, step.units, 0, plan.early.end[row.at] - self.base))
            return False
        if step.units > self.capacities[which]:
            self.beyond.append(step.key)
        return row.days > 0

    def _length(self, row: Row) -> tuple[Days, Days]:
        """For each day: the first start from it on, and the end of a step that starts there."""
        key = row.days, row.by_work
        if key not in self._lengths:
            days = np.arange(self.horizon, dtype=np.int64) + self.base
            starts, ends = self._placed(row, days, None)
            self._lengths[key] = (
                np.ascontiguousarray(starts - self.base),
                np.ascontiguousarray(ends - self.base),
            )
        return self._lengths[key]

    def _reach(
        self, frame: Frame, row: Row, numbers: Mapping[int, int], plan: _Plan
    ) -> tuple[Days, list[tuple[int, Days]]]:
        """For each start of a step: the end of its plan, and the earliest starts of those that
        compete and wait for it, without what others of these add."""
        days = np.arange(self.horizon, dtype=np.int64) + self.base
        start: dict[int, Days] = {}
        end: dict[int, Days] = {}
        start[row.at], end[row.at] = self._placed(row, days, None)
        later: list[tuple[int, Days]] = []
        last = end[row.at]
        for other in frame.rows[frame.position[row.at] + 1 :]:
            low, need = self._bounds(other, start, end)
            if (low is None and need is None) or _is_over(other):
                continue
            early = plan.early.start[other.at]
            if other.begun is not None:
                if need is not None:
                    end[other.at] = np.maximum(plan.early.end[other.at], self._evening(other, need))
            else:
                placed = self._placed(other, np.full_like(days, early) if low is None
                                      else np.maximum(low, early), need)  # fmt: skip
                if other.at in numbers:
                    later.append((other.at, np.ascontiguousarray(placed[0] - self.base)))
                    continue
                start[other.at], end[other.at] = placed
            if other.at in end:
                last = np.maximum(last, end[other.at])
        return np.ascontiguousarray(last - self.base), later

    def _bounds(
        self, row: Row, start: Mapping[int, Days], end: Mapping[int, Days]
    ) -> tuple[Days | None, Days | None]:
        low = need = None
        for other, from_end, to_end, lag, by_work in row.ties:
            bound = (end if from_end else start).get(other)
            if bound is None:
                continue
            if lag:
                bound = self._shifted(bound, lag, by_work)
            if to_end:
                need = bound if need is None else np.maximum(need, bound)
            else:
                low = bound if low is None else np.maximum(low, bound)
        return low, need

    def _placed(self, row: Row, low: Days, need: Days | None) -> tuple[Days, Days]:
        """What ``passes`` does for one start, for all at once."""
        if row.by_work:
            first = self.before[low]
            if need is not None:
                first = np.maximum(first, self.before[np.maximum(need, 1) - 1] - row.days + 1)
            return self.nth[first], self.nth[first + row.days - 1] + 1
        begins = low if need is None else np.maximum(low, need - row.days)
        return begins, begins + row.days

    def _evening(self, row: Row, end: Days) -> Days:
        return self.nth[self.before[end - 1]] + 1 if row.by_work else end

    def _shifted(self, days: Days, lag: int, by_work: bool) -> Days:
        if not by_work:
            return np.maximum(days + lag, 0)
        if lag > 0:
            return self.nth[self.before[days] + lag - 1] + 1
        return self.nth[np.maximum(self.before[days] + lag, 0)]

    # Cost ---------------------------------------------------------------------------------------

    @cached_property
    def worked(self) -> Sequence[int]:
        """Working days before each day since ``base``, far enough for every end."""
        return array("q", self.before[self.base :].tobytes())

    @cached_property
    def least(self) -> dict[int, int]:
        """The cost of each plan without limits."""
        return {number: self.cost(number, 0) for number in self.plans}

    def cost(self, number: int, end: int) -> int:
        """Of a plan that ends on the morning of a day: working days, those too late weigh more."""
        plan = self.plans[number]
        end = max(end, plan.end - self.base)
        late = self.worked[end] - self.worked[max(0, plan.promised - self.base)]
        return (self.worked[end] + max(0, late) * LATE) * self.weights.get(number, 1)


def _is_over(row: Row) -> bool:
    return row.begun is not None and row.begun.over is not None


def _quick(days: Days) -> Sequence[int]:
    """The same table for being asked day by day: numpy's own answers are slow one at a time."""
    return array("q", days.tobytes())


# Our own search ---------------------------------------------------------------------------------


class _Turns:
    """Steps placed one after another; which turn is best is what is searched for."""

    def __init__(self, zone: _Zone, dice: random.Random) -> None:
        self.zone, self.dice = zone, dice
        self.starts: list[int] = []
        self.cost = -1
        self.keys: list[float] = []

    def place(self, keys: Sequence[float]) -> tuple[list[int], int]:
        """Each in its turn as early as it may and the resource allows; starts and cost."""
        users = self.zone.users
        sound = list(keys)
        for number, user in enumerate(users):
            for other, _table in user.waits:
                if sound[number] < sound[other]:
                    sound[number] = sound[other]
        order = sorted(range(len(users)), key=lambda number: (sound[number], number))
        while True:
            try:
                return self._place(order)
            except IndexError:
                self.zone.horizon *= 2
                self.zone.condense()

    def _place(self, order: Sequence[int]) -> tuple[list[int], int]:
        zone = self.zone
        free = [[most] * zone.horizon for most in zone.capacities]
        for which, units, since, until in zone.held:
            row = free[which]
            for day in range(since, until):
                row[day] -= units
        users = zone.users
        starts = [0] * len(users)
        last: dict[int, int] = {}
        for number in order:
            user = users[number]
            begin = user.release
            for other, table in user.waits:
                least = table[starts[other]]
                if least > begin:
                    begin = least
            row, units = free[user.resource], user.units
            begin = user.starts[begin]
            end = user.ends[begin]
            day = begin
            while day < end:
                if row[day] < units:
                    begin = user.starts[day + 1]
                    end = user.ends[begin]
                    day = begin
                else:
                    day += 1
            for day in range(begin, end):
                row[day] -= units
            starts[number] = begin
            if user.last[begin] > last.get(user.plan, 0):
                last[user.plan] = user.last[begin]
        cost = sum(zone.cost(plan, end) - zone.least[plan] for plan, end in last.items())
        return starts, cost

    def take(self, keys: Sequence[float]) -> bool:
        """Try a turn; keep it when it is the best so far."""
        starts, cost = self.place(keys)
        if self.cost >= 0 and cost >= self.cost:
            return False
        self.starts, self.cost, self.keys = starts, cost, list(keys)
        return True

    def improve(self, stop: Stop, tries: int) -> Iterator[None]:
        """Every better one: by rules first, then with single plans or steps put off or put first."""
        for rule in self._rules():
            if self.take(rule):
                yield
            if not self.cost or stop():
                return
        numbers: dict[int, list[int]] = {}
        for number, user in enumerate(self.zone.users):
            numbers.setdefault(user.plan, []).append(number)
        for turn in range(tries):
            if not turn % 20:
                held_up = [numbers[plan] for plan in numbers if self._is_held_up(numbers[plan])]
            if self.take(self._other(list(numbers.values()), held_up)):
                yield
            if not self.cost or stop():
                return

    def _other(self, plans: Sequence[list[int]], held_up: Sequence[list[int]]) -> list[float]:
        """The best turn with some plans, or a step of theirs, put off or put first."""
        keys = list(self.keys)
        for _time in range(self.dice.choice((1, 1, 2, 4))):
            chosen = self.dice.choice(held_up if self.dice.random() < HELD_UP else plans)
            days = self.dice.gauss(0, FAR_OFF)
            for number in chosen if self.dice.random() < 0.5 else [self.dice.choice(chosen)]:
                keys[number] += days
        return keys

    def _is_held_up(self, numbers: Sequence[int]) -> bool:
        users = self.zone.users
        plan = users[numbers[0]].plan
        end = max(users[number].last[self.starts[number]] for number in numbers)
        return self.zone.cost(plan, end) > self.zone.least[plan]

    def _rules(self) -> Iterator[list[float]]:
        zone = self.zone
        tails = [user.last[user.release] - user.release for user in zone.users]
        due = [zone.plans[user.plan].promised - zone.base for user in zone.users]
        early = [user.release for user in zone.users]
        # First what must start first to keep its promise; then who is there first; the shortest.
        yield [float(day - tail) for day, tail in zip(due, tails, strict=True)]
        yield [float(day) for day in early]
        yield [float(day) for day in due]
        yield [max(e, d - t) + 0.0 for e, d, t in zip(early, due, tails, strict=True)]
        yield [user.ends[user.release] + 0.0 for user in zone.users]


# CP-SAT -----------------------------------------------------------------------------------------


class _Watch(cp_model.CpSolverSolutionCallback):
    """Places every order CP-SAT finds in the real calendar."""

    def __init__(
        self, starts: Sequence[cp_model.IntVar], turns: _Turns, better: Callable[[], None]
    ) -> None:
        super().__init__()
        self.starts, self.turns, self.better = starts, turns, better

    def on_solution_callback(self) -> None:
        if self.turns.take([float(self.value(each)) for each in self.starts]):
            self.better()


def _model(zone: _Zone, turns: _Turns) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """The same steps in working days, each distance the least it ever is."""
    model = cp_model.CpModel()
    worked = np.asarray(zone.worked, dtype=np.int64)
    far = int(worked[-1])
    last_day_of_all = int(worked[max(user.last[s] for user, s in
                                     zip(zone.users, turns.starts, strict=True))])  # fmt: skip
    limit = min(far, last_day_of_all * 2 + SPARE)
    days = worked[: zone.horizon]

    def least(table: Sequence[int]) -> int:
        return int(np.min(worked[np.asarray(table)] - days))

    starts = [model.new_int_var(int(worked[user.release]), limit, "") for user in zone.users]
    lengths: dict[int, int] = {}
    spans: list[list[tuple[Any, int]]] = [[] for _each in zone.capacities]
    ends: dict[int, list[Any]] = {}
    for number, user in enumerate(zone.users):
        model.add_hint(starts[number], int(worked[turns.starts[number]]))
        for other, table in user.waits:
            model.add(starts[number] >= starts[other] + least(table))
        length = lengths.setdefault(id(user.ends), least(user.ends))
        spans[user.resource].append(
            (model.new_fixed_size_interval_var(starts[number], length, ""), user.units)
        )
        ends.setdefault(user.plan, []).append(starts[number] + least(user.last))
    for which, units, since, until in zone.held:
        begin, length = int(worked[since]), int(worked[until] - worked[since])
        spans[which].append((model.new_fixed_size_interval_var(begin, length, ""), units))
    held = [0] * len(zone.capacities)
    for which, units, _since, _until in zone.held:
        held[which] += units
    for which, taken in enumerate(spans):
        if taken:
            # What has started may already be too much; it is nothing to be searched for.
            most = max(zone.capacities[which], held[which])
            model.add_cumulative([span for span, _u in taken], [u for _s, u in taken], most)
    goal: Any = 0
    for number, of_plan in ends.items():
        plan = zone.plans[number]
        weight = zone.weights.get(number, 1)
        early = int(worked[plan.end - zone.base])
        promised = int(worked[max(0, plan.promised - zone.base)])
        end = model.new_int_var(early, limit * 2, "")
        late = model.new_int_var(max(0, early - promised), limit * 2, "")
        for each in of_plan:
            model.add(end >= each)
        model.add(late >= end - promised)
        goal += weight * (end - early) + weight * LATE * (late - max(0, early - promised))
    model.minimize(goal)
    return model, starts


# All together -----------------------------------------------------------------------------------


def level(
    networks: Mapping[int, tuple[Network, date]],
    capacities: Mapping[str, int],
    *,
    calendar: WorkCalendar,
    today: date,
    seconds: float,
    workers: int = 2,
    seed: int = 1,
    weights: Mapping[int, int] | None = None,
    stop: Stop | None = None,
    on_better: Callable[[Levelled], None] | None = None,
) -> Levelled:
    """Days for every open step of these plans (number: network, promised day) such that no resource
    is overdrawn and as few projects as possible are late. Returns the best found when it is proven,
    ``seconds`` are over, or ``stop`` says so. With one worker and time enough for its tries, the
    same seed gives the same days. Raises `Loop` and `UnknownStep` of a network that is none.
    """
    began = time.perf_counter()
    zone = _Zone(networks, capacities, calendar, today, weights or {})

    def found(bound: int = 0) -> Levelled:
        placed = zip(zone.users, turns.starts, strict=True) if turns.starts else ()
        starts = {user.key: day_at(start + zone.base) for user, start in placed}
        beyond = tuple(zone.beyond)
        return Levelled(starts, max(turns.cost, 0), bound, beyond, networks, calendar, today)

    turns = _Turns(zone, random.Random(seed))  # noqa: S311  (repeatable)
    if not zone.users:
        return found()
    until = began + seconds * OWN_SHARE

    def is_over() -> bool:
        return time.perf_counter() >= until or (stop is not None and stop())

    def tell() -> None:
        if on_better is not None:
            on_better(found())

    for _better in turns.improve(is_over, TRIES):
        tell()
    left = seconds - (time.perf_counter() - began)
    if not turns.cost or left <= 0 or (stop is not None and stop()):
        return found()
    return found(_search(zone, turns, left, workers, seed, stop, tell))


def _search(
    zone: _Zone,
    turns: _Turns,
    seconds: float,
    workers: int,
    seed: int,
    stop: Stop | None,
    better: Callable[[], None],
) -> int:
    model, starts = _model(zone, turns)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    if workers == 1:
        solver.parameters.max_deterministic_time = seconds * STEADY
    watch = _Watch(starts, turns, better)
    thread = threading.Thread(target=solver.solve, args=(model, watch), daemon=True)
    thread.start()
    # Asked here and not by CP-SAT, which may find nothing to say for a long time.
    while thread.is_alive():
        thread.join(timeout=LISTENS)
        if stop is not None and stop():
            solver.stop_search()
    return max(0, min(turns.cost, round(solver.best_objective_bound)))


def lay_out(
    networks: Mapping[int, tuple[Network, date]],
    starts: Mapping[int, date],
    *,
    calendar: WorkCalendar,
    today: date,
) -> tuple[dict[int, Span], dict[int, Ending]]:
    """The days of all steps that are not over, and the ends of the plans, once no step that competes
    begins before its day. What has started or ended meanwhile keeps its own days."""
    tables, now = calendar.tables, place(today)
    steps: dict[int, Span] = {}
    plans: dict[int, Ending] = {}
    for number, (network, promised_on) in networks.items():
        free = frame = Frame(network)
        for step in network.activities:
            if step.key in starts and step.started_on is None and step.finished_on is None:
                first = max(starts[step.key], step.not_before or starts[step.key])
                frame = frame.with_step(replace(step, not_before=first))
        course, base = forward(frame, tables, now), max(now, frame.starts)
        plans[number] = Ending(
            day_at(_last(frame, course, base)),
            day_at(_last(free, forward(free, tables, now), base)),
            promised_on,
        )
        for row in frame.rows:
            if not _is_over(row):
                last = last_day(row, course.end[row.at], base)
                first_day = course.start[row.at] if row.days or row.begun else last
                steps[frame.activities[row.at].key] = Span(day_at(first_day), day_at(last))
    return steps, plans


def _last(frame: Frame, course: Course, base: int) -> int:
    return max((last_day(row, course.end[row.at], base) for row in frame.rows), default=base)
