"""挂图作战: every living project where it stands, with its light, and what holds the zone up today."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from xiaoer.base.scope import Actor
from xiaoer.projects.lights import shown
from xiaoer.projects.models import Light, ListPlace, Project, ProjectList, Stage
from xiaoer.projects.queries.blocking import Blocker, Promise, Slip, blockers, slips
from xiaoer.projects.queries.completing import Progress, elapsed, percent_of, progress_of
from xiaoer.projects.queries.helping import open_asks
from xiaoer.registry.models import Cell, Park

RANK = {Light.RED: 0, Light.AMBER: 1, Light.GREY: 2, Light.GREEN: 3}
SHORT = 8


@dataclass(frozen=True, slots=True)
class WallFilter:
    """Which projects the wall shows; what is None is not asked."""

    list_id: int | None = None
    leader_id: int | None = None
    stage: str = ""
    light: str = ""

    def passes(self, one: "WallProject") -> bool:
        return (
            (self.list_id is None or self.list_id in one.lists)
            and (self.leader_id is None or self.leader_id == one.leader_id)
            and (not self.stage or self.stage == one.stage)
            and (not self.light or self.light == one.light)
        )


EVERYTHING = WallFilter()


@dataclass(frozen=True, slots=True)
class WallProject:
    """A living project as the wall tells it."""

    id: int
    name: str
    short: str
    owner: str
    light: Light
    why: str
    stage: Stage
    leader_id: int | None
    leader: str
    officer: str
    promised_on: date | None
    forecast_on: date | None
    likely_on: date | None
    chance: int | None
    plan_id: int | None
    slack: int | None
    spot: dict[str, Any] | None
    lists: tuple[int, ...]
    progress: Progress | None

    @property
    def percent(self) -> Decimal | None:
        return self.progress.percent if self.progress else None


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list of projects in force, with how many stand on it and what they reached of the year."""

    id: int
    name: str
    name_en: str
    level: str
    projects: int
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Ask:
    """What only a leader decides, about which project, by which day."""

    id: int
    project_id: int
    question: str
    wanted_on: date | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under the projects: outlines of cells and of parks, which have names."""

    cells: tuple[dict[str, Any], ...]
    parks: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """The whole wall. ``everything`` is every living project, ``projects`` those that were asked."""

    at: datetime
    today: date
    asked: WallFilter
    everything: tuple[WallProject, ...]
    projects: tuple[WallProject, ...]
    lists: tuple[ListLine, ...]
    blockers: tuple[Blocker, ...]
    slips: tuple[Slip, ...]
    asks: tuple[Ask, ...]
    elapsed: Decimal
    ground: Ground

    @property
    def counts(self) -> Mapping[Light, int]:
        """How many of those asked, whatever their light, shine in which."""
        free = WallFilter(self.asked.list_id, self.asked.leader_id, self.asked.stage)
        return Counter(one.light for one in self.everything if free.passes(one))

    @property
    def by_id(self) -> Mapping[int, WallProject]:
        return {one.id: one for one in self.projects}

    @property
    def without_spot(self) -> tuple[WallProject, ...]:
        return tuple(one for one in self.projects if one.spot is None)

    @property
    def leaders(self) -> Sequence[tuple[int, str]]:
        known = {one.leader_id: one.leader for one in self.everything if one.leader_id}
        return sorted(known.items(), key=lambda pair: pair[1])

    @property
    def behind(self) -> Sequence[WallProject]:
        """Those with a plan of the year: red first, then who is furthest behind."""
        planned = [one for one in self.projects if one.progress]
        return sorted(planned, key=lambda one: (RANK[one.light], one.percent or Decimal(0), one.id))


def wall(*, by: Actor, now: datetime, asked: WallFilter = EVERYTHING) -> Wall:
    """The wall as it is now, in a fixed number of queries, however many projects are finished."""
    today = timezone.localdate(now)
    everything = living(by=by, today=today)
    shown = tuple(one for one in everything if asked.passes(one))
    plans = {one.plan_id: one.id for one in shown if one.plan_id}
    return Wall(
        at=now,
        today=today,
        asked=asked,
        everything=everything,
        projects=shown,
        lists=_list_lines(by, everything),
        blockers=blockers(by=by, today=today, projects=[one.id for one in shown], plans=plans),
        slips=slips(by=by, today=today, promises=_promises(shown)),
        asks=_asks(by, shown),
        elapsed=elapsed(today),
        ground=ground(by=by),
    )


# What the light people see is made of.
LIT = ("light", "light_facts", "lit_at", "hand_light", "hand_why", "hand_until")
FIELDS = (
    "id", "name", "short_name", "owner_name", "party__name", *LIT, "stage", "leader_id", "leader__person__name",
    "officer__person__name", "promised_on", "spot", "matter__plan__id", "matter__plan__closed_at",
    "matter__plan__promised_on", "matter__plan__forecast_on", "matter__plan__likely_on",
    "matter__plan__chance", "matter__plan__slack",
)  # fmt: skip


def living(*, by: Actor, today: date) -> tuple[WallProject, ...]:
    """Projects neither ended nor at full output, the most urgent first; six queries."""
    rows = list(
        Project.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
        .exclude(stage=Stage.FULL)
        .values(*FIELDS)
    )
    numbers = [row["id"] for row in rows]
    lists: dict[int, list[int]] = defaultdict(list)
    for project_id, list_id in ListPlace.objects.filter(
        zone_id=by.zone_id,
        project_id__in=numbers,
        until__isnull=True,
        list__ended_on__isnull=True,
    ).values_list("project_id", "list_id"):
        lists[project_id].append(list_id)
    money = progress_of(by=by, today=today, projects=numbers)
    found = [_project(row, today, lists.get(row["id"], []), money.get(row["id"])) for row in rows]
    return tuple(sorted(found, key=lambda one: (RANK[one.light], one.promised_on or date.max)))


def _project(
    row: Mapping[str, Any], today: date, lists: Iterable[int], money: Progress | None
) -> WallProject:
    lit = shown(Project(**{name: row[name] for name in LIT}), today)
    has_plan = row["matter__plan__id"] is not None and row["matter__plan__closed_at"] is None

    def plan(name: str) -> Any:
        return row[f"matter__plan__{name}"] if has_plan else None

    return WallProject(
        id=row["id"],
        name=row["name"],
        short=row["short_name"] or row["name"][:SHORT],
        owner=row["party__name"] or row["owner_name"],
        light=lit.light,
        why=lit.why,
        stage=Stage(row["stage"]),
        leader_id=row["leader_id"],
        leader=row["leader__person__name"] or "",
        officer=row["officer__person__name"] or "",
        promised_on=plan("promised_on") or row["promised_on"],
        forecast_on=plan("forecast_on"),
        likely_on=plan("likely_on"),
        chance=plan("chance"),
        plan_id=plan("id"),
        slack=plan("slack"),
        spot=row["spot"],
        lists=tuple(lists),
        progress=money,
    )


def _promises(projects: Iterable[WallProject]) -> Iterable[Promise]:
    for one in projects:
        kept = one.stage in (Stage.PRODUCING, Stage.FULL)
        if one.plan_id and one.promised_on and not kept:
            yield Promise(one.id, one.plan_id, one.promised_on, one.forecast_on, one.slack)


def _asks(by: Actor, shown: Iterable[WallProject]) -> tuple[Ask, ...]:
    """今天要领导拍板, the most urgent first."""
    numbers = {one.id for one in shown}
    rows = open_asks(by.zone_id).values_list("id", "project_id", "question", "wanted_on")
    return tuple(Ask(*row) for row in rows if row[1] in numbers)


def _list_lines(by: Actor, everything: Sequence[WallProject]) -> tuple[ListLine, ...]:
    """Lists in force, with what their living projects reached of the plans they have."""
    on: dict[int, list[WallProject]] = defaultdict(list)
    for one in everything:
        for list_id in one.lists:
            on[list_id].append(one)
    found = []
    for row in ProjectList.objects.filter(zone_id=by.zone_id, pk__in=list(on)):
        percent = percent_of(one.progress for one in on[row.pk] if one.progress)
        found.append(ListLine(row.pk, row.name, row.name_en, row.level, len(on[row.pk]), percent))
    return tuple(found)


def ground(*, by: Actor) -> Ground:
    """Outlines of cells and parks of the zone; two queries."""
    cells = Cell.objects.filter(zone_id=by.zone_id).values_list("outline", flat=True)
    parks = Park.objects.filter(zone_id=by.zone_id).values_list("name", "outline")
    return Ground(
        tuple(outline for outline in cells if outline),
        tuple((name, outline) for name, outline in parks if outline),
    )
