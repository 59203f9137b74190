"""The resource-constrained project: steps, what they wait for, and what several of them share.

The classical problem (RCPSP): durations that are fixed, several renewable resources, the earliest
end of all. It is the core of levelling and what published instances (PSPLIB) measure.

A first solution comes from a search of our own, which bends two populations of schedules into one
another, one pushed left and one pushed right (after Debels and Vanhoucke, 2007; pushing to and fro
is the double justification of Valls, Ballestín and Quintanilla, 2005). CP-SAT starts from it,
improves it and proves the bound. All resources of a day are packed into one whole number with a
spare bit each, so that one subtraction asks whether a step fits.
"""

import math
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from operator import add, sub

from ortools.sat.python import cp_model

# Schedules of the first generations; by their speed later ones are made so large that there are so
# many of them in the time given; after so many without a better one, chance begins anew.
FIRST, GENERATIONS, TIRED = 240, 100, 40
SMALLEST, LARGEST = 60, 500
# How many children have a few steps moved, and how far, as a share of the whole.
SHAKEN, FAR = 0.3, 0.2
# Which share of the time CP-SAT tries to prove, and how large a gap is then beyond hope.
PROVES, HOPELESS = 0.3, 0.02
# Schedules for each step that a single worker makes before CP-SAT, and what that then has of its own
# steady time for a second, so that two runs with one seed do the same.
ALONE, STEADY = 100, 0.5
Starts = tuple[int, ...]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class Project:
    """Steps by number: days, what each takes of each resource, who waits for its end."""

    durations: Sequence[int]
    demands: Sequence[Sequence[int]]
    followers: Sequence[Sequence[int]]
    capacities: Sequence[int]

    @cached_property
    def leaders(self) -> tuple[tuple[int, ...], ...]:
        before: list[list[int]] = [[] for _each in self.durations]
        for step, after in enumerate(self.followers):
            for other in after:
                before[other].append(step)
        return tuple(tuple(each) for each in before)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The steps so that nobody comes before what it waits for."""
        missing = [len(before) for before in self.leaders]
        ready = [step for step, count in enumerate(missing) if not count]
        for step in ready:
            for after in self.followers[step]:
                missing[after] -= 1
                if not missing[after]:
                    ready.append(after)
        if len(ready) != len(missing):
            raise ValueError("the steps wait for one another in a circle")
        return tuple(ready)

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """The earliest start of each step, were there enough of everything."""
        early = [0] * len(self.durations)
        for step in self.order:
            for before in self.leaders[step]:
                early[step] = max(early[step], early[before] + self.durations[before])
        return tuple(early)

    @cached_property
    def tails(self) -> tuple[int, ...]:
        """Days at least from the start of each step to the end of all."""
        left = [0] * len(self.durations)
        for step in reversed(self.order):
            longest = max((left[after] for after in self.followers[step]), default=0)
            left[step] = longest + self.durations[step]
        return tuple(left)

    @cached_property
    def bound(self) -> int:
        """No schedule is shorter: the longest chain, and for each resource the work that lies
        between the earliest start of some steps and what must follow them."""
        chain = max((h + t for h, t in zip(self.heads, self.tails, strict=True)), default=0)
        return max(chain, *(self._energy(which) for which in range(len(self.capacities))), 0)

    def _energy(self, resource: int) -> int:
        capacity = self.capacities[resource]
        users = [
            (self.heads[step], self.tails[step] - days, days * self.demands[step][resource])
            for step, days in enumerate(self.durations)
            if days and self.demands[step][resource]
        ]
        best = 0
        for least in {after for _head, after, _work in users}:
            total = 0
            for head, after, work in sorted(users, reverse=True):
                if after >= least:
                    total += work
                    best = max(best, head + least + -(-total // capacity))
        return best

    def is_feasible(self, starts: Sequence[int]) -> bool:
        """Whether nobody starts before what it waits for has ended, and nothing is overdrawn."""
        for step, after in enumerate(self.followers):
            if any(starts[other] < starts[step] + self.durations[step] for other in after):
                return False
        used: dict[tuple[int, int], int] = {}
        for step, begin in enumerate(starts):
            for resource, units in enumerate(self.demands[step]):
                if units:
                    for day in range(begin, begin + self.durations[step]):
                        used[resource, day] = used.get((resource, day), 0) + units
        return all(units <= self.capacities[which] for (which, _day), units in used.items())


@dataclass(frozen=True, slots=True)
class Solved:
    """The best schedule found: start of each step, the end of all, and the bound below it."""

    starts: Starts
    end: int
    bound: int

    @property
    def is_best(self) -> bool:
        return self.end <= self.bound

    @property
    def gap(self) -> float:
        """By what share of its length it may be too long."""
        return (self.end - self.bound) / self.end if self.end else 0.0


class Packed:
    """A project read from one side, ready for making many schedules of it."""

    def __init__(self, project: Project, *, backwards: bool = False) -> None:
        self.durations = list(project.durations)
        self.leaders = list(project.followers if backwards else project.leaders)
        width = [capacity.bit_length() + 1 for capacity in project.capacities]
        places = [sum(width[:which]) for which in range(len(width))]
        self.spare = sum(1 << place + bits - 1 for place, bits in zip(places, width, strict=True))
        self.free = self.spare + sum(
            units << place for units, place in zip(project.capacities, places, strict=True)
        )
        self.needs = [
            sum(units << place for units, place in zip(row, places, strict=True))
            for row in project.demands
        ]
        self.horizon = sum(self.durations) + 1

    def schedule(self, order: Sequence[int]) -> tuple[list[int], int]:
        """Each step in turn as early as it fits; the ends of all steps, and the last."""
        durations, leaders, needs, spare = self.durations, self.leaders, self.needs, self.spare
        free = [self.free] * self.horizon
        ends = [0] * len(durations)
        last = 0
        for step in order:
            begin = 0
            for before in leaders[step]:
                if ends[before] > begin:
                    begin = ends[before]
            days, need = durations[step], needs[step]
            end = begin + days
            if need and days:
                day = begin
                while day < end:
                    if (free[day] - need) & spare != spare:
                        begin = day + 1
                        end = begin + days
                    day += 1
                for day in range(begin, end):
                    free[day] -= need
            ends[step] = end
            if end > last:
                last = end
        return ends, last


@dataclass(slots=True)
class _One:
    """A schedule as the other side reads it: ``keys`` order the steps, ``end`` is how long it is."""

    keys: list[int]
    end: int


class Own:
    """Our own search: two populations, one pushed left, one pushed right, bred into one another."""

    def __init__(self, project: Project, dice: random.Random, size: int = SMALLEST) -> None:
        self.project, self.dice, self.size = project, dice, size
        self.sides = Packed(project), Packed(project, backwards=True)
        self.ranks: tuple[list[int], list[int]] = ([0] * len(project.durations), [])
        for place, step in enumerate(project.order):
            self.ranks[0][step] = place
        self.ranks = self.ranks[0], [len(self.ranks[0]) - 1 - place for place in self.ranks[0]]
        self.made = 0
        self.loads = [
            sum(units / most for units, most in zip(row, project.capacities, strict=True))
            for row in project.demands
        ]
        self.best: Starts = ()
        self.end = self.sides[0].horizon

    def improve(self, stop: Stop, most: int | None) -> Iterator[Solved | None]:
        """Every schedule better than all before, until told to stop or ``most`` were made; nothing
        after each generation, so that others get a word in."""
        people: list[_One] = []
        for keys in self._first():
            people.append(self._build(0, keys))
            if people[-1].end < self.end:
                yield self._keep(people[-1], 0)
            if stop():
                return
        side, idle = 0, 0
        while most is None or self.made < most:
            yield None
            side, idle, least = 1 - side, idle + 1, self.end
            children: list[_One] = []
            for number in range(self.size):
                child = self._build(side, self._bend(people, side))
                children.append(child)
                if child.end < self.end:
                    yield self._keep(child, side)
                if not number % 8 and stop():
                    return
            people = children
            idle = 0 if self.end < least else idle
            if idle > TIRED:
                side, idle = 0, 0
                people = [self._build(0, keys) for keys in self._first()]

    def _build(self, side: int, keys: Sequence[float]) -> _One:
        many = len(keys)
        places = [key * many + rank for key, rank in zip(keys, self.ranks[side], strict=True)]
        order = sorted(range(many), key=places.__getitem__)
        ends, last = self.sides[side].schedule(order)
        self.made += 1
        # Read from the other side, what ended last comes first.
        return _One([last - end for end in ends], last)

    def _keep(self, one: _One, side: int) -> Solved:
        durations = self.project.durations
        if side:
            self.best = tuple(one.keys)
        else:
            self.best = tuple(
                one.end - key - days for key, days in zip(one.keys, durations, strict=True)
            )
        self.end = one.end
        return Solved(self.best, one.end, self.project.bound)

    def _first(self) -> Iterator[list[float]]:
        """Orders by several rules, then the same with more and more chance."""
        project = self.project
        late = [-tail for tail in project.tails]
        count = [0.0] * len(late)
        for step in reversed(project.order):
            count[step] = 1 + max((count[after] for after in project.followers[step]), default=0)
        work = [
            days * sum(u / c for u, c in zip(row, project.capacities, strict=True))
            for days, row in zip(project.durations, project.demands, strict=True)
        ]
        weight = list(work)
        for step in reversed(project.order):
            weight[step] += sum(weight[after] for after in project.followers[step])
        rules: list[list[float]] = [
            [float(each) for each in late],
            [-each for each in count],
            [-each for each in weight],
            [float(h - t) for h, t in zip(project.heads, project.tails, strict=True)],
        ]
        yield from (self._sound(rule) for rule in rules)
        for number in range(self.size * 2 - len(rules)):
            rule = rules[number % len(rules)]
            spread = (max(rule) - min(rule) or 1) * self.dice.uniform(0.02, 0.3)
            yield self._sound([key + self.dice.uniform(-spread, spread) for key in rule])

    def _sound(self, keys: list[float], side: int = 0) -> list[float]:
        """The keys, made to keep what waits behind what it waits for."""
        order, leaders = self.project.order, self.sides[side].leaders
        for step in reversed(order) if side else order:
            for before in leaders[step]:
                if keys[step] < keys[before]:
                    keys[step] = keys[before]
        return keys

    def _bend(self, people: list[_One], side: int) -> list[float]:
        """A child: of one parent the busiest stretch, of the other what comes before and after."""
        dice = self.dice
        one, other = self._chosen(people), self._chosen(people)
        since, until = self._busiest(one, int(one.end * dice.uniform(0.25, 0.75)))
        far = one.end + other.end + 1
        mine, theirs = one.keys, other.keys
        child = [
            float(mine[step])
            if since <= mine[step] <= until
            else float(theirs[step] + (far if mine[step] > until else -far))
            for step in range(len(mine))
        ]
        if dice.random() < SHAKEN or self._likeness(mine, theirs) < 1:
            self._shake(child, FAR * one.end)
            self._sound(child, side)
        return child

    def _chosen(self, people: list[_One]) -> _One:
        """The better of two, by chance."""
        first, second = self.dice.choice(people), self.dice.choice(people)
        return first if first.end <= second.end else second

    def _busiest(self, one: _One, length: int) -> tuple[int, int]:
        """The stretch of that length in which most of the resources is taken."""
        steps = [0.0] * (one.end + 1)
        for key, days, load in zip(one.keys, self.project.durations, self.loads, strict=True):
            steps[key] += load
            steps[key + days] -= load
        done = [0.0, *accumulate(accumulate(steps))]
        taken = list(map(sub, done[length:], done))
        since = taken.index(max(taken))
        return since, since + length - 1

    def _likeness(self, mine: list[int], theirs: list[int]) -> float:
        """Days by which the steps of two schedules differ on average."""
        return sum(abs(here - there) for here, there in zip(mine, theirs, strict=True)) / len(mine)

    def _shake(self, keys: list[float], far: float) -> None:
        """Put a few steps off, or first, so that the two populations do not grow alike."""
        for _time in range(max(1, len(keys) // 20)):
            keys[self.dice.randrange(len(keys))] += self.dice.uniform(-far, far)


def _length(one: _One) -> int:
    return one.end


class _Best:
    """The best schedule and bound of two searches at once, and whether it is enough."""

    def __init__(
        self, first: Solved, over: Stop, on_better: Callable[[Solved], None] | None
    ) -> None:
        self.found, self._over, self._on_better = first, over, on_better
        self._lock = threading.Lock()

    def offer(self, starts: Starts, end: int) -> bool:
        with self._lock:
            if end >= self.found.end and self.found.starts:
                return False
            self.found = Solved(starts, end, min(self.found.bound, end))
            if self._on_better is not None:
                self._on_better(self.found)
            return True

    def raise_bound(self, bound: float) -> None:
        with self._lock:
            least = min(math.ceil(bound - 1e-6), self.found.end)
            if least > self.found.bound:
                self.found = replace(self.found, bound=least)

    def is_enough(self) -> bool:
        return bool(self.found.starts) and (self.found.is_best or self._over())


def solve(
    project: Project,
    *,
    seconds: float,
    workers: int = 2,
    seed: int = 1,
    stop: Stop | None = None,
    on_better: Callable[[Solved], None] | None = None,
) -> Solved:
    """The shortest schedule found in the time given; sooner when it is proven or ``stop`` says so.

    Our own search has one worker, CP-SAT the others, beside it; whoever finds a better one tells
    the other. A single worker does one after the other, by counts, so that the seed decides.
    """
    until = time.perf_counter() + seconds

    def is_over() -> bool:
        return time.perf_counter() >= until or (stop is not None and stop())

    best = _Best(Solved((), sum(project.durations), project.bound), is_over, on_better)
    own = Own(project, random.Random(seed))  # noqa: S311  (repeatable)
    if workers == 1:
        for found in own.improve(best.is_enough, FIRST + ALONE * len(project.durations)):
            if found is not None:
                best.offer(found.starts, found.end)
        if not best.is_enough():
            _Proof(project, best, 1, seed, steady=seconds * STEADY).run(until)
        return best.found
    began = time.perf_counter()
    proof: _Proof | None = None
    thread: threading.Thread | None = None
    try:
        for found in own.improve(best.is_enough, None):
            if found is not None and best.offer(found.starts, found.end) and proof is not None:
                proof.start_anew()
            if proof is None and own.made >= FIRST and not best.is_enough():
                own.size = _size(own.made / (time.perf_counter() - began), seconds)
                proof = _Proof(project, best, workers - 1, seed)
                thread = threading.Thread(target=proof.run, args=(until,), daemon=True)
                thread.start()
    finally:
        # Told again and again: what comes between two searches of CP-SAT is not heard.
        while proof is not None and thread is not None and thread.is_alive():
            proof.end()
            thread.join(timeout=0.1)
    return best.found


def _size(rate: float, seconds: float) -> int:
    """How many schedules to a generation, so that there is time for the generations it takes."""
    return max(SMALLEST, min(LARGEST, int(rate * seconds / GENERATIONS)))


class _Proof(cp_model.CpSolverSolutionCallback):
    """CP-SAT beside our own search: from the best schedule on, anew whenever there is a better."""

    def __init__(
        self,
        project: Project,
        best: _Best,
        workers: int,
        seed: int,
        *,
        steady: float | None = None,
    ) -> None:
        super().__init__()
        self.steady = steady
        self.project, self.best, self.workers, self.seed = project, best, workers, seed
        self.solver = cp_model.CpSolver()
        self.starts: list[cp_model.IntVar] = []
        self.has_ended = False

    def run(self, until: float) -> None:
        began = time.perf_counter()
        proves_until = began + (until - began) * PROVES
        while not self.has_ended and not self.best.is_enough():
            hint, now = self.best.found, time.perf_counter()
            # What is still far from proven by then never will be: its neighbourhood is searched.
            proves = self.steady is not None or now < proves_until or hint.gap < HOPELESS
            is_long = hint.gap < HOPELESS or self.steady is not None or not proves
            model = self._model(hint)
            solver = self.solver = cp_model.CpSolver()
            solver.parameters.max_time_in_seconds = max(
                0.0, (until if is_long else proves_until) - now
            )
            solver.parameters.num_workers = self.workers
            solver.parameters.random_seed = self.seed
            if self.steady is not None:
                solver.parameters.max_deterministic_time = self.steady
            if not proves:
                solver.parameters.use_lns_only = True
                solver.parameters.interleave_search = self.workers == 1
            solver.best_bound_callback = self._hear_bound
            status = solver.solve(model, self)
            self.best.raise_bound(solver.best_objective_bound)
            if self.steady is not None or status == cp_model.OPTIMAL:
                return

    def start_anew(self) -> None:
        self.solver.stop_search()

    def end(self) -> None:
        self.has_ended = True
        self.solver.stop_search()

    def on_solution_callback(self) -> None:
        starts = tuple(self.value(each) for each in self.starts)
        ends = map(add, starts, self.project.durations)
        self.best.offer(starts, max(ends, default=0))
        if self.has_ended or self.best.is_enough():
            self.stop_search()

    def _hear_bound(self, bound: float) -> None:
        self.best.raise_bound(bound)
        if self.has_ended or self.best.is_enough():
            self.solver.stop_search()

    def _model(self, hint: Solved) -> cp_model.CpModel:
        project, model = self.project, cp_model.CpModel()
        end = model.new_int_var(hint.bound, hint.end, "end")
        self.starts = starts = [
            model.new_int_var(head, hint.end - tail, "")
            for head, tail in zip(project.heads, project.tails, strict=True)
        ]
        for step, (start, days) in enumerate(zip(starts, project.durations, strict=True)):
            for after in project.followers[step]:
                model.add(starts[after] >= start + days)
            if not project.followers[step]:
                model.add(end >= start + days)
            model.add_hint(start, hint.starts[step])
        model.add_hint(end, hint.end)
        spans = [
            model.new_fixed_size_interval_var(start, days, "")
            for start, days in zip(starts, project.durations, strict=True)
        ]
        for which, capacity in enumerate(project.capacities):
            users = [
                step
                for step, row in enumerate(project.demands)
                if row[which] and project.durations[step]
            ]
            model.add_cumulative(
                [spans[step] for step in users],
                [project.demands[step][which] for step in users],
                capacity,
            )
        model.minimize(end)
        return model
