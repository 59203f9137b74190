"""A first plan, made in a moment: each building in turn on the first hour when all can come.

The search begins from it, so that stopping at once gives a plan people can use already.
"""

from datetime import date

from xiaoer.permits.siting.problem import Goer, Need, Problem, Site

Stay = tuple[int, int, Site]


class Greedy:
    """Who is where so far."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.stays: dict[tuple[int, date], list[Stay]] = {}
        self.plan: dict[int, tuple[date, int, dict[int, tuple[int, ...]]]] = {}
        locked = [site for site in problem.sites if site.lock is not None]
        others = [site for site in problem.sites if site.lock is None]
        for site in (*locked, *sorted(others, key=lambda one: (one.due_on, one.key))):
            self._place(site)

    def _place(self, site: Site) -> None:
        for day, minute in self._slots(site):
            people = self._people(site, day, minute)
            if people is not None:
                self.plan[site.key] = (day, minute, people)
                for goer in {one for going in people.values() for one in going}:
                    stay = (minute, minute + site.minutes, site)
                    self.stays.setdefault((goer, day), []).append(stay)
                return

    def _slots(self, site: Site) -> list[tuple[date, int]]:
        if site.lock is not None:
            return [site.lock] if site.lock[0] in self.problem.days else []
        days = sorted(
            self.problem.days, key=lambda day: (day > site.due_on, day not in site.wished, day)
        )
        return [(day, minute) for day in days for minute in self.problem.hours.starts(site.minutes)]

    def _people(self, site: Site, day: date, minute: int) -> dict[int, tuple[int, ...]] | None:
        found: dict[int, tuple[int, ...]] = {}
        for need in site.needs:
            going = self._free(site, need, day, minute)
            if len(going) < need.count:
                return None
            found[need.check] = tuple(going[: need.count])
        return found

    def _free(self, site: Site, need: Need, day: date, minute: int) -> list[int]:
        rows = [
            goer
            for goer in self.problem.of_office.get(need.office, ())
            if self._can(goer, site, day, minute)
        ]
        return [one.key for one in sorted(rows, key=self._load)]

    def _can(self, goer: Goer, site: Site, day: date, minute: int) -> bool:
        if day in goer.away or (site.held and goer.key not in site.held):
            return False
        stays = self.stays.get((goer.key, day), [])
        if len(stays) >= goer.per_day:
            return False
        for since, until, other in stays:
            way = self.problem.travel(site.place, other.place)
            if minute < until + way and since < minute + site.minutes + way:
                return False
        return True

    def _load(self, goer: Goer) -> int:
        return sum(len(stays) for (one, _day), stays in self.stays.items() if one == goer.key)
