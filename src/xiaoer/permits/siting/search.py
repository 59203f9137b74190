"""The search for days, by CP-SAT. It can be watched, and stopped at any time with the best so far.

A building may be left out at a price above everything else, so that there is always an answer.
Then, in this order: no later than its day, on a day the owner wished for, people loaded alike, short
ways, early rather than late.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from ortools.sat.python import cp_model

from xiaoer.permits.siting.greedy import Greedy
from xiaoer.permits.siting.problem import Problem, Site

DAY = 24 * 60
LEFT_OUT, LATE_DAY, UNWISHED, LOAD, WAY, EARLY = 100_000, 2_000, 400, 30, 2, 10
SECONDS, WORKERS, SEED = 5.0, 2, 7


@dataclass(frozen=True, slots=True)
class Stand:
    """A building with its day, its minute and who goes; ``travel`` is the way from where they were."""

    site: int
    day: date
    minute: int
    people: Mapping[int, tuple[int, ...]]
    place_in_day: int = 1
    travel: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The best so far: where everybody is when, and who got no day."""

    stands: tuple[Stand, ...]
    left: tuple[int, ...]
    cost: int
    is_best: bool


Watch = Callable[[Found], bool]


def unwatched(_found: Found) -> bool:
    return False


def search(problem: Problem, *, seconds: float = SECONDS, watch: Watch = unwatched) -> Found:
    """The best days found in this time; ``watch`` hears of every better one and says whether to stop."""
    if not problem.sites or not problem.days:
        return Found((), tuple(site.key for site in problem.sites), 0, True)
    model = _Model(problem)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = SEED
    listener = _Listener(model, watch)
    status = solver.solve(model.model, listener)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return listener.best or Found((), tuple(site.key for site in problem.sites), 0, False)
    return model.read(solver.value, int(solver.objective_value), status == cp_model.OPTIMAL)


class _Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, model: "_Model", watch: Watch) -> None:
        super().__init__()
        self.model, self.watch = model, watch
        self.best: Found | None = None

    def on_solution_callback(self) -> None:
        self.best = self.model.read(self.value, int(self.objective_value), False)
        if self.watch(self.best):
            self.stop_search()


class _Model:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.days = {day: index for index, day in enumerate(problem.days)}
        self.placed: dict[int, cp_model.IntVar] = {}
        self.on: dict[tuple[int, int], cp_model.IntVar] = {}
        self.start: dict[int, cp_model.IntVar] = {}
        self.goes: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self.cost: list[cp_model.LinearExprT] = []
        for site in problem.sites:
            self._place(site)
        self._loads()
        for one, two in combinations(problem.sites, 2):
            self._apart(one, two)
        self.model.minimize(sum(self.cost))
        self._begin_from(Greedy(problem))

    def _begin_from(self, first: Greedy) -> None:
        """A plan that can be used already: the search only makes it better."""
        for site in self.problem.sites:
            day, minute, people = first.plan.get(site.key, (None, 0, {}))
            self.model.add_hint(self.placed[site.key], day is not None)
            if day is not None:
                self.model.add_hint(self.start[site.key], self.days[day] * DAY + minute)
            for one, index in self.days.items():
                self.model.add_hint(self.on[site.key, index], one == day)
            for need in site.needs:
                for goer in self.problem.of_office.get(need.office, ()):
                    goes = goer.key in people.get(need.check, ())
                    self.model.add_hint(self.goes[site.key, need.check, goer.key], goes)

    def _place(self, site: Site) -> None:
        """Its time, as one number over all days; which day; who goes of each department."""
        model, key = self.model, site.key
        starts = list(self.problem.hours.starts(site.minutes))
        times = [index * DAY + start for index in self.days.values() for start in starts]
        if site.lock is not None:
            day, minute = site.lock
            times = [self.days[day] * DAY + minute] if day in self.days else []
        placed = model.new_bool_var(f"placed{key}")
        self.placed[key] = placed
        if not times:
            model.add(placed == 0)
            times = [0]
        time = model.new_int_var_from_domain(cp_model.Domain.from_values(times), f"t{key}")
        self.start[key] = time
        for day, index in self.days.items():
            on = model.new_bool_var(f"on{key}.{index}")
            self.on[key, index] = on
            model.add(time >= index * DAY).only_enforce_if(on)
            model.add(time < (index + 1) * DAY).only_enforce_if(on)
            late = max(0, (day - site.due_on).days)
            wrong = UNWISHED if site.wished and day not in site.wished else 0
            self.cost.append((late * LATE_DAY + wrong + index * EARLY) * on)
        model.add(sum(self.on[key, index] for index in self.days.values()) == placed)
        self.cost.append(LEFT_OUT * (1 - placed))
        for need in site.needs:
            self._send(site, need.check, need.office, need.count)

    def _send(self, site: Site, check: int, office: int, count: int) -> None:
        model, key = self.model, site.key
        going = []
        for goer in self.problem.of_office.get(office, ()):
            goes = model.new_bool_var(f"g{key}.{check}.{goer.key}")
            self.goes[key, check, goer.key] = goes
            going.append(goes)
            for day in goer.away:
                if day in self.days:
                    model.add_bool_or([goes.negated(), self.on[key, self.days[day]].negated()])
            if site.held and goer.key not in site.held:
                model.add(goes == 0)
        if len(going) < count:
            model.add(self.placed[key] == 0)
        model.add(sum(going) == count * self.placed[key])

    def _here(self, site: Site, goer: int) -> list[cp_model.IntVar]:
        return [
            goes
            for need in site.needs
            if (goes := self.goes.get((site.key, need.check, goer))) is not None
        ]

    def _loads(self) -> None:
        """Nobody makes more visits a day than allowed; the most loaded of all has as few as can be."""
        most = self.model.new_int_var(0, len(self.problem.sites), "most")
        for goer in self.problem.goers:
            there = {site.key: self._here(site, goer.key) for site in self.problem.sites}
            there = {key: goes for key, goes in there.items() if goes}
            visits: list[cp_model.IntVar] = []
            for key, goes in there.items():
                is_there = self.model.new_bool_var(f"v{goer.key}.{key}")
                self.model.add_max_equality(is_there, goes)
                visits.append(is_there)
                for index in self.days.values():
                    both = self.model.new_bool_var(f"b{goer.key}.{key}.{index}")
                    self.model.add_bool_or(
                        [is_there.negated(), self.on[key, index].negated(), both]
                    )
                    self.on_day(goer.key, index).append(both)
            self.model.add(sum(visits) <= most)
            for index in self.days.values():
                self.model.add(sum(self.on_day(goer.key, index)) <= goer.per_day)
        self.cost.append(LOAD * most)

    def on_day(self, goer: int, index: int) -> list[cp_model.IntVar]:
        if not hasattr(self, "_days_of"):
            self._days_of: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        return self._days_of.setdefault((goer, index), [])

    def _apart(self, one: Site, two: Site) -> None:
        """Whoever goes to both is at one, then on the way, then at the other."""
        shared = [
            (first, second)
            for goer in self.problem.goers
            for first in self._here(one, goer.key)
            for second in self._here(two, goer.key)
        ]
        if not shared:
            return
        model, way = self.model, self.problem.travel(one.place, two.place)
        before = model.new_bool_var(f"before{one.key}.{two.key}")
        meets = model.new_bool_var(f"meets{one.key}.{two.key}")
        for first, second in shared:
            model.add_bool_or([first.negated(), second.negated(), meets])
        model.add(self.start[one.key] + one.minutes + way <= self.start[two.key]).only_enforce_if(
            [meets, before]
        )
        model.add(self.start[two.key] + two.minutes + way <= self.start[one.key]).only_enforce_if(
            [meets, before.negated()]
        )
        for index in self.days.values():
            # Two sites of one day cost the way between them: near ones are put together.
            same = model.new_bool_var(f"same{one.key}.{two.key}.{index}")
            model.add_bool_or(
                [self.on[one.key, index].negated(), self.on[two.key, index].negated(), same]
            )
            self.cost.append(WAY * way * same)

    def read(self, value: Callable[[cp_model.IntVar], int], cost: int, is_best: bool) -> Found:
        """What a solution says, each day in the order of its hours with the way before each."""
        stands: list[Stand] = []
        for site in self.problem.sites:
            if not value(self.placed[site.key]):
                continue
            index, minute = divmod(value(self.start[site.key]), DAY)
            people = {
                need.check: tuple(
                    goer.key
                    for goer in self.problem.of_office.get(need.office, ())
                    if value(self.goes[site.key, need.check, goer.key])
                )
                for need in site.needs
            }
            stands.append(Stand(site.key, self.problem.days[index], minute, people))
        placed = {one.site for one in stands}
        left = tuple(site.key for site in self.problem.sites if site.key not in placed)
        return Found(ordered(self.problem, stands), left, cost, is_best)


def ordered(problem: Problem, stands: list[Stand]) -> tuple[Stand, ...]:
    """With the place in the day and the way there: from the visit before of somebody who goes to both,
    else from the base."""
    sites = {site.key: site for site in problem.sites}
    found: list[Stand] = []
    for one in sorted(stands, key=lambda stand: (stand.day, stand.minute, stand.site)):
        today = [other for other in found if other.day == one.day]
        people = {goer for goers in one.people.values() for goer in goers}
        before = [
            other
            for other in today
            if people & {g for goers in other.people.values() for g in goers}
        ]
        here = sites[before[-1].site].place if before else problem.base
        travel = problem.travel(here, sites[one.site].place)
        found.append(Stand(one.site, one.day, one.minute, one.people, len(today) + 1, travel))
    return tuple(found)
