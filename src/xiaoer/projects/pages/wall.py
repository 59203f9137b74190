"""挂图作战: the wall with its map, the big screen, the Gantt and the heat of completion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import number
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.models import Light, Stage
from xiaoer.projects.queries.blocking import Blocker, Hold
from xiaoer.projects.queries.completing import elapsed
from xiaoer.projects.queries.gantt import gantt
from xiaoer.projects.queries.wall import ListLine, Wall, WallFilter, WallProject, wall
from xiaoer.projects.queries.wall_map import wall_map
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import clock, in_chinese

readers = page(*STAFF_ROLES, Role.CITY)

# How many lines of each panel the big screen has room for; the page shows more.
SCREEN = {"bars": 8, "holds": 6, "each": 3, "slips": 3, "asks": 3}
PAGE = {"bars": 12, "holds": 16, "each": 8, "slips": 8, "asks": 8}
URGENT = (Light.RED, Light.AMBER)
LEAST_SCALE = Decimal(110)
THIN, THICK = 2.0, 12.0
ROW = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line of who blocks whom, drawn from its blocker: ``y`` where it ends, how thick it is."""

    hold: Hold
    project: WallProject
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Flow:
    """A blocker with its lines; ``more`` that found no room. ``trunk`` is as thick as all of them."""

    blocker: Blocker
    lines: tuple[Line, ...]
    trunk: float

    @property
    def height(self) -> int:
        return ROW * len(self.lines)


def asked_of(request: HttpRequest) -> WallFilter:
    """What the address asks of the wall; what is no such thing is not asked."""
    stage, light = request.GET.get("stage", ""), request.GET.get("light", "")
    return WallFilter(
        list_id=number(request.GET.get("list")),
        leader_id=number(request.GET.get("leader")),
        stage=stage if stage in Stage.values else "",
        light=light if light in Light.values else "",
    )


@readers
def wall_page(request: HttpRequest, by: Actor) -> HttpResponse:
    """The wall with its map, filters and every project in a table."""
    found = wall(by=by, now=timezone.now(), asked=asked_of(request))
    part = "_wall_live.html" if request.GET.get("part") == "live" else "wall.html"
    return render(request, f"projects/{part}", _context(request, by, found, PAGE))


@readers
def wall_screen(request: HttpRequest, by: Actor) -> HttpResponse:
    """The same for a big screen: no menu, type for ten metres, asks for itself each minute."""
    found = wall(by=by, now=timezone.now(), asked=asked_of(request))
    part = "_screen_live.html" if request.GET.get("part") == "live" else "wall_screen.html"
    return render(request, f"projects/{part}", _context(request, by, found, SCREEN))


@readers
def wall_data(request: HttpRequest, by: Actor) -> HttpResponse:
    """The wall as GeoJSON, as the API answers it."""
    found = wall(by=by, now=timezone.now(), asked=asked_of(request))
    return JsonResponse(wall_map(found), content_type="application/geo+json")


def _context(request: HttpRequest, by: Actor, found: Wall, most: dict[str, int]) -> dict[str, Any]:
    bars = found.behind[: most["bars"]]
    percents = [one.percent for one in bars if one.percent is not None]
    return {
        "wall": found,
        "urgent": [one for one in found.projects if one.light in URGENT],
        "map": wall_map(found) | {"at_words": clock(found.at)},
        "may_place": access.keeps_projects(by),
        "bars": bars,
        "scale": max([LEAST_SCALE, *percents]),
        "list_lines": [(list_name(one), one) for one in found.lists],
        "flows": flows_of(found, most["holds"], most["each"]),
        "held": len({hold.project_id for one in found.blockers for hold in one.holds}),
        "slips": [(one, found.by_id[one.project_id]) for one in found.slips[: most["slips"]]],
        "asks": [(one, found.by_id[one.project_id]) for one in found.asks[: most["asks"]]],
        "more_asks": max(len(found.asks) - most["asks"], 0),
        "menus": _menus(found),
        "colours": [(light.value, found.counts.get(light, 0)) for light in Light],
        "project_page": reverse("project", args=[0]),
        "query": request.GET.urlencode(),
    }


def list_name(one: ListLine) -> str:
    return one.name if in_chinese() or not one.name_en else one.name_en


def _menus(found: Wall) -> dict[str, Any]:
    """What the chips above the wall offer."""
    stages = {one.stage for one in found.everything}
    return {
        "lists": [(one.id, list_name(one)) for one in found.lists],
        "leaders": found.leaders,
        "stages": [(one.value, one.label) for one in Stage if one in stages],
    }


def flows_of(found: Wall, most: int, each: int) -> tuple[Flow, ...]:
    """Who blocks whom as lines, thicker the longer, all of one blocker together: the first ``most``,
    and of one blocker at most ``each``, so that the next one is seen too."""
    known = found.by_id
    longest = max((hold.days for one in found.blockers for hold in one.holds), default=1)
    flows: list[Flow] = []
    left = most
    for blocker in found.blockers:
        lines = tuple(
            Line(
                hold,
                known[hold.project_id],
                ROW * place + ROW // 2,
                round(THIN + (THICK - THIN) * hold.days / max(longest, 1), 1),
            )
            for place, hold in enumerate(blocker.holds[: min(left, each)])
        )
        if lines:
            flows.append(Flow(blocker, lines, round(sum(one.width for one in lines), 1)))
        left -= len(lines)
    return tuple(flows)


@readers
def gantt_page(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every project against its promised day, on one scale of time."""
    now = timezone.now()
    found = wall(by=by, now=now, asked=asked_of(request))
    drawn = gantt(by=by, today=found.today, projects=found.projects)
    context = {
        "wall": found,
        "menus": _menus(found),
        "colours": [(light.value, found.counts.get(light, 0)) for light in Light],
        "gantt": {
            "base": drawn.base,
            "today": drawn.today,
            "names": drawn.names,
            "rows": drawn.rows,
        },
        "project_page": reverse("project", args=[0]),
    }
    return render(request, "projects/gantt.html", context)


@readers
def heat_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Projects by months: what was reached of the year's plan against time elapsed."""
    found = wall(by=by, now=timezone.now(), asked=asked_of(request))
    months = [found.today.replace(month=month, day=1) for month in range(1, found.today.month + 1)]
    ends = [elapsed(_end_of(day, found)) for day in months]
    rows = [(one, _heat(one, ends)) for one in found.behind]
    if request.GET.get("export"):
        columns = (
            Column("name", _("Project"), 34),
            *(Column(f"m{day.month}", f"{day:%Y-%m}", 10, Kind.NUMBER) for day in months),
        )
        return sheet_response(request.GET["export"], _("Heat of completion"), columns, _cells(rows))
    context = {
        "wall": found,
        "menus": _menus(found),
        "colours": [(light.value, found.counts.get(light, 0)) for light in Light],
        "months": list(zip(months, ends, strict=True)),
        "rows": rows,
        "unplanned": len(found.projects) - len(rows),
    }
    return render(request, "projects/heat.html", context)


@dataclass(frozen=True, slots=True)
class Warmth:
    """What was reached by the end of a month, and how many points that was beyond time elapsed."""

    percent: Decimal | None
    ahead: Decimal | None

    @property
    def shade(self) -> str:
        """Five shades by distance alone; which distance is red the zone's lights say, not this."""
        if self.ahead is None:
            return "none"
        steps = ((-30, "behind-3"), (-10, "behind-2"), (0, "behind-1"), (10, "ahead-1"))
        return next((shade for bound, shade in steps if self.ahead < bound), "ahead-2")


def _end_of(month: date, found: Wall) -> date:
    """The last day of a month, or today in the month that is running."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(following - timedelta(days=1), found.today)


def _heat(one: WallProject, ends: Sequence[Decimal]) -> list[Warmth]:
    percents = [
        one.progress.percent_by(place) if one.progress else None
        for place in range(1, len(ends) + 1)
    ]
    return [
        Warmth(percent, None if percent is None else percent - end)
        for percent, end in zip(percents, ends, strict=True)
    ]


def _cells(rows: Sequence[tuple[WallProject, list[Warmth]]]) -> Iterator[tuple[object, ...]]:
    for one, months in rows:
        yield (one.name, *(month.percent for month in months))
