"""The search for good routes, by PyVRP. It can be watched, and stopped at any time with the best.

Half a day of an officer is one vehicle, from the base and back to it. Every visit may be left out
at a price far above any detour, so that there is always a valid answer, and what cannot be reached
is named instead of making all others late. Visits that share no officer are searched apart.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
from pyvrp import (
    Client,
    Depot,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    Location,
    ProblemData,
    Result,
    Solution,
    SolveParams,
    VehicleType,
    solve,
)

from xiaoer.outreach.routing.left import Left, why_left
from xiaoer.outreach.routing.problem import Problem, Visit
from xiaoer.outreach.routing.timetable import timetable

SECONDS = 3.5
"""How long a search lasts at most: a hundred visits are answered within five seconds."""

NO_WAY = 10**8
PRIZE, LOCKED_PRIZE = 10**6, 10**7
PATIENCE, PATIENCE_A_VISIT = 500, 120
LOOK_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Found:
    """The best routes so far: who makes which visits in which order, and what that costs."""

    orders: Mapping[int, tuple[Visit, ...]]
    left: tuple[Visit, ...]
    metres: int
    seconds: int

    @property
    def placed(self) -> int:
        return sum(len(order) for order in self.orders.values())


@dataclass(frozen=True, slots=True)
class Going:
    """How far a search over several days is; ``days`` are the best of each so far."""

    share: float
    days: tuple[Found, ...]

    @property
    def placed(self) -> int:
        return sum(day.placed for day in self.days)

    @property
    def metres(self) -> int:
        return sum(day.metres for day in self.days)

    @property
    def seconds(self) -> int:
        return sum(day.seconds for day in self.days)


Matrix = Any
"""A square of whole numbers; PyVRP describes its own more narrowly than numpy does."""

Watch = Callable[[Going], bool]
"""Told how far it is, now and then; says whether to stop."""


def unwatched(_going: Going) -> bool:
    return False


def search(
    problem: Problem, *, seconds: float = SECONDS, watch: Watch = unwatched, seed: int = 1
) -> Found:
    """The best routes of a day that are found in this time."""
    return search_days([problem], seconds=seconds, watch=watch, seed=seed)[0]


def search_days(
    problems: Sequence[Problem],
    *,
    seconds: float = SECONDS,
    watch: Watch = unwatched,
    seed: int = 1,
) -> tuple[Found, ...]:
    """The best routes of several days, which share the time by their size."""
    return _Search(problems, seconds, watch, seed).run()


@dataclass
class _Part:
    """Visits of one day that share officers with each other and with no others."""

    day: int
    visits: tuple[Visit, ...]
    posts: tuple[int, ...]
    orders: dict[int, tuple[Visit, ...]] = field(default_factory=dict)


class _Search:
    def __init__(
        self, problems: Sequence[Problem], seconds: float, watch: Watch, seed: int
    ) -> None:
        self.problems, self.watch, self.seed = problems, watch, seed
        self.begun = perf_counter()
        self.until = self.begun + seconds
        self.seconds = seconds
        self.parts = [part for day, each in enumerate(problems) for part in _parts(day, each)]
        self.stopped = False
        self._looked = 0.0

    def run(self) -> tuple[Found, ...]:
        waiting = sum(len(part.visits) for part in self.parts)
        for part in self.parts:
            if self.stopped or perf_counter() >= self.until:
                break
            left = self.until - perf_counter()
            self._solve(part, perf_counter() + left * len(part.visits) / waiting)
            waiting -= len(part.visits)
        return self._days()

    def _solve(self, part: _Part, deadline: float) -> None:
        model = _Model(self.problems[part.day], part)
        patience = PATIENCE + PATIENCE_A_VISIT * len(part.visits)

        def keep(best: Solution) -> None:
            if best.is_feasible():
                part.orders = model.orders(best)

        def stop() -> bool:
            return perf_counter() >= deadline or self._look()

        keep(run(model.data, stop=stop, keep=keep, patience=patience, seed=self.seed).best)

    def _look(self) -> bool:
        """Tell how far it is, at most four times a second, and hear whether to stop."""
        now = perf_counter()
        if now - self._looked >= LOOK_EVERY:
            self._looked = now
            share = min(1.0, (now - self.begun) / self.seconds)
            self.stopped = self.watch(Going(share, self._days())) or self.stopped
        return self.stopped

    def _days(self) -> tuple[Found, ...]:
        orders: dict[int, dict[int, tuple[Visit, ...]]] = defaultdict(dict)
        for part in self.parts:
            orders[part.day].update({post: order for post, order in part.orders.items() if order})
        return tuple(_found(each, orders[day]) for day, each in enumerate(self.problems))


def _found(problem: Problem, orders: Mapping[int, tuple[Visit, ...]]) -> Found:
    tables = [timetable(order, problem.hours, problem.roads) for order in orders.values()]
    placed = {visit.contact for order in orders.values() for visit in order}
    return Found(
        orders=orders,
        left=tuple(visit for visit in problem.visits if visit.contact not in placed),
        metres=sum(table.metres for table in tables),
        seconds=sum(table.seconds for table in tables),
    )


def _parts(day: int, problem: Problem) -> Iterator[_Part]:
    """The day cut where no officer could take a visit of the other side."""
    fits = [visit for visit in problem.visits if why_left(visit, problem) == Left.FULL]
    group = {post: {post} for post in problem.posts}
    for visit in fits:
        joined = set().union(*(group[post] for post in problem.may_go(visit)))
        for post in joined:
            group[post] = joined
    seen: set[int] = set()
    for post in problem.posts:
        if post in seen:
            continue
        seen |= group[post]
        visits = tuple(visit for visit in fits if group[post] & set(problem.may_go(visit)))
        if visits:
            yield _Part(day, visits, tuple(one for one in problem.posts if one in group[post]))


class _Model:
    """A part of a day as PyVRP takes it."""

    def __init__(self, problem: Problem, part: _Part) -> None:
        self._visits = part.visits
        halves = problem.hours.halves
        allowed = [problem.may_go(visit) for visit in part.visits]
        is_free = all(set(posts) >= set(part.posts) for posts in allowed)
        metres, seconds = _matrices(problem, part.visits)
        profiles = [(metres, seconds)] if is_free else [
            (_shut(metres, allowed, post), _shut(seconds, allowed, post)) for post in part.posts
        ]  # fmt: skip
        self._vehicles = [(post, half) for post in part.posts for half in range(len(halves))]
        self.data = ProblemData(
            [Location(0, 0), *(Location(0, 0) for _visit in part.visits), Location(0, 0)],
            [_client(place, visit) for place, visit in enumerate(part.visits, start=1)],
            [Depot(location=0), Depot(location=len(part.visits) + 1)],
            [
                VehicleType(
                    end_depot=1,
                    tw_early=halves[half][0],
                    tw_late=halves[half][1],
                    unit_distance_cost=1,
                    unit_duration_cost=1,
                    profile=0 if is_free else part.posts.index(post),
                )
                for post, half in self._vehicles
            ],
            [metres for metres, _seconds in profiles],
            [seconds for _metres, seconds in profiles],
        )

    def orders(self, best: Solution) -> dict[int, tuple[Visit, ...]]:
        """Who visits what, in the order of the day."""
        halves = {
            self._vehicles[route.vehicle_type()]: [
                self._visits[stop.idx] for stop in route.schedule() if stop.is_client()
            ]
            for route in best.routes()
        }
        orders: dict[int, tuple[Visit, ...]] = {}
        for post, half in self._vehicles:
            orders[post] = (*orders.get(post, ()), *halves.get((post, half), ()))
        return orders


def _client(place: int, visit: Visit) -> Client:
    opens, closes = visit.window
    return Client(
        location=place,
        service_duration=visit.seconds,
        tw_early=opens,
        tw_late=closes - visit.seconds,
        prize=LOCKED_PRIZE if visit.lock else PRIZE,
        required=False,
    )


def _matrices(problem: Problem, visits: Sequence[Visit]) -> tuple[Matrix, Matrix]:
    """Metres and seconds from the base (first), between visits, and to the base (last)."""
    size = len(visits) + 2
    metres = np.full((size, size), NO_WAY, dtype=np.int64)
    seconds = metres.copy()
    places: list[Visit | None] = [None, *visits, None]
    for here, origin in enumerate(places[:-1]):
        for there, target in enumerate(places[1:], start=1):
            leg = problem.roads.leg(origin, target)
            if here != there and leg is not None and (origin or target):
                metres[here, there], seconds[here, there] = leg.metres, leg.seconds
    for matrix in (metres, seconds):
        np.fill_diagonal(matrix, 0)
        matrix[0, size - 1] = 0
    return metres, seconds


def _shut(
    matrix: Matrix,
    allowed: Sequence[Sequence[int]],
    post: int,
) -> Matrix:
    """The same way without the places an officer has no business at."""
    own = matrix.copy()
    for place, posts in enumerate(allowed, start=1):
        if post not in posts:
            own[place, :] = own[:, place] = NO_WAY
            own[place, place] = 0
    return own


class _Keeping(IteratedLocalSearchCallbacks):
    def __init__(self, keep: Callable[[Solution], None]) -> None:
        self._keep = keep

    def on_best(self, best: Solution) -> None:
        self._keep(best)


def run(
    data: ProblemData,
    *,
    stop: Callable[[], bool],
    keep: Callable[[Solution], None] = lambda _best: None,
    patience: int | None = None,
    seed: int = 1,
    is_optional: bool = True,
) -> Result:
    """PyVRP's own search with our limits: until ``stop`` says so, or nothing was won for long.

    Where every visit may be left out it begins with none, which is valid whatever comes.
    """
    since, least = 0, None

    def over(best_cost: int) -> bool:
        nonlocal since, least
        since = 0 if least is None or best_cost < least else since + 1
        least = best_cost if least is None else min(least, best_cost)
        return stop() or (patience is not None and since >= patience)

    params = SolveParams(ils=IteratedLocalSearchParams(callbacks=_Keeping(keep)))
    begin = Solution(data, []) if is_optional else None
    return solve(data, over, seed=seed, collect_stats=False, params=params, initial_solution=begin)
