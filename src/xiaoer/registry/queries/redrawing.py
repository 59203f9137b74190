"""Questions about proposals: what there is, how far one is, who would carry what, what would move."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db.models import Count, F, Q, QuerySet, Sum

from xiaoer.base.models import Post
from xiaoer.base.scope import Actor
from xiaoer.registry.models import (
    Cell,
    CellDuty,
    Grid,
    Party,
    Redrawing,
    RedrawingLine,
    RedrawingPin,
)
from xiaoer.registry.redrawing.conflicts import Conflict, conflicts_of
from xiaoer.registry.redrawing.outlines import middle
from xiaoer.registry.redrawing.progress import is_at_work
from xiaoer.registry.redrawing.reading import faults_of, read_today
from xiaoer.registry.redrawing.rules import Rule, rules_of

State: TypeAlias = Redrawing.State
Fate: TypeAlias = RedrawingLine.Fate
SHOWN = 50
BEFORE, AFTER = "before", "after"


def redrawings(*, by: Actor) -> QuerySet[Redrawing]:
    """Proposals of the zone, last first."""
    return (
        Redrawing.objects.filter(zone_id=by.zone_id)
        .select_related("post__person", "accepted_by__person")
        .order_by("-id")
    )


def redrawing(*, by: Actor, number: int) -> Redrawing | None:
    return redrawings(by=by).filter(pk=number).first()


def redrawing_rules(*, by: Actor) -> tuple[Rule, ...]:
    """The values proposals are computed with in this zone, each with its source and mark."""
    return rules_of(by)


def redrawing_pins(*, by: Actor) -> list[RedrawingPin]:
    """Enterprises no proposal moves, by name."""
    return list(
        RedrawingPin.objects.filter(zone_id=by.zone_id, ended_at__isnull=True)
        .select_related("party__cell__grid", "set_by__person")
        .order_by("party__name", "id")
    )


def redrawing_faults(*, by: Actor, on: date) -> list[str]:
    """What is wrong with today's map, before anybody asks for a proposal."""
    return faults_of(read_today(by=by, grids=(), on=on))


def redrawing_conflicts(*, row: Redrawing, on: date) -> list[Conflict]:
    """What of a proposal that may be accepted cannot be carried out any more, and why."""
    return conflicts_of(row, on=on) if row.state in (State.READY, State.STOPPED) else []


@dataclass(frozen=True, slots=True)
class RedrawingProgress:
    """How far a proposal is. ``is_stuck``: a server was killed while at it, or nobody took it up."""

    phase: str
    percent: int
    is_working: bool
    is_stuck: bool
    is_stop_asked: bool
    is_over: bool


def redrawing_progress(row: Redrawing, *, now: datetime) -> RedrawingProgress:
    is_waiting = row.state in (State.ASKED, State.RUNNING)
    is_working = is_waiting and is_at_work(row.pk)
    late = (now - row.asked_at).total_seconds() > (60 if row.state == State.ASKED else 5)
    return RedrawingProgress(
        phase=row.get_phase_display() if row.phase else "",
        percent=row.percent,
        is_working=is_working,
        is_stuck=is_waiting and not is_working and late,
        is_stop_asked=row.is_stop_asked,
        is_over=not is_waiting,
    )


# Who would carry what ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfficerShare:
    """What one officer carries today and under a proposal. ``held`` lies in cells left out."""

    post_id: int
    name: str
    office: str
    cells: tuple[str, ...]
    firms_before: int
    firms_after: int
    weight_before: int
    weight_after: int
    gets: int
    gives: int
    mean: float
    ceiling: int

    @property
    def is_changed(self) -> bool:
        return bool(self.gets or self.gives or self.weight_before != self.weight_after)

    @property
    def percent_before(self) -> float:
        return 100 * self.weight_before / self.mean if self.mean else 0.0

    @property
    def percent_after(self) -> float:
        return 100 * self.weight_after / self.mean if self.mean else 0.0

    @property
    def is_above_before(self) -> bool:
        return self.weight_before > self.ceiling

    @property
    def is_above_after(self) -> bool:
        return self.weight_after > self.ceiling


def officer_shares(*, row: Redrawing) -> list[OfficerShare]:
    """Each officer of a proposal, the fullest hands of today first: six questions."""
    held: Mapping[str, int] = row.figures.get("officers", {})
    lines = RedrawingLine.objects.filter(zone_id=row.zone_id, redrawing=row)
    before, after = _sums(lines, "post_before_id"), _sums(lines, "post_after_id")
    changes = lines.filter(is_moved=True).exclude(post_before=F("post_after"))
    gives, gets = _sums(changes, "post_before_id"), _sums(changes, "post_after_id")
    cells: dict[int, list[str]] = defaultdict(list)
    duties = CellDuty.objects.filter(
        zone_id=row.zone_id, until__isnull=True, post_id__in=list(map(int, held))
    )
    for post_id, code in duties.order_by("cell__code").values_list("post_id", "cell__code"):
        cells[post_id].append(code)
    posts = Post.objects.filter(zone_id=row.zone_id, pk__in=list(map(int, held)))
    shares = [
        OfficerShare(
            post_id=post.pk,
            name=post.person.name,
            office=post.office.name if post.office else "",
            cells=tuple(cells[post.pk]),
            firms_before=before[post.pk][0],
            firms_after=after[post.pk][0],
            weight_before=before[post.pk][1] + held[str(post.pk)],
            weight_after=after[post.pk][1] + held[str(post.pk)],
            gets=gets[post.pk][0],
            gives=gives[post.pk][0],
            mean=row.figures.get("mean", 0),
            ceiling=row.figures.get("ceiling", 0),
        )
        for post in posts.select_related("person", "office")
    ]
    return sorted(shares, key=lambda share: (-share.weight_before, share.post_id))


def _sums(lines: QuerySet[RedrawingLine], by: str) -> dict[int, tuple[int, int]]:
    """Enterprises and their weight by one column."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    rows = lines.filter(**{f"{by}__isnull": False}).order_by()
    for number, count, weight in rows.values_list(by).annotate(Count("id"), Sum("weight")):
        found[number] = (count, weight)
    return found


# What would move ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MoveFilter:
    """Which moves are asked for: of an officer or cell on either side, of a fate, of a kind."""

    post: int | None = None
    cell: int | None = None
    fate: str = ""
    only: str = ""


CELL_MOVES, OFFICER_MOVES, FIRST_OFFICERS = "cell", "officer", "first"


def redrawing_moves(*, row: Redrawing, wanted: MoveFilter) -> QuerySet[RedrawingLine]:
    """Enterprises a proposal moves, by number."""
    lines = RedrawingLine.objects.filter(zone_id=row.zone_id, redrawing=row, is_moved=True)
    if wanted.post:
        lines = lines.filter(Q(post_before=wanted.post) | Q(post_after=wanted.post))
    if wanted.cell:
        lines = lines.filter(Q(cell_before=wanted.cell) | Q(cell_after=wanted.cell))
    if wanted.fate:
        lines = lines.filter(fate=wanted.fate)
    if wanted.only == CELL_MOVES:
        lines = lines.exclude(cell_before=F("cell_after"))
    elif wanted.only == OFFICER_MOVES:
        lines = lines.filter(cell_before=F("cell_after"), post_before__isnull=False)
    elif wanted.only == FIRST_OFFICERS:
        lines = lines.filter(post_before__isnull=True)
    return lines.select_related(
        "party",
        "cell_before__grid",
        "cell_after__grid",
        "post_before__person",
        "post_after__person",
    ).order_by("id")


@dataclass(frozen=True, slots=True)
class MovePage:
    """Some moves; ``after`` is the line to go on behind, None at the end."""

    rows: tuple[RedrawingLine, ...]
    after: int | None


def move_page(*, row: Redrawing, wanted: MoveFilter, after: int = 0) -> MovePage:
    found = list(redrawing_moves(row=row, wanted=wanted).filter(id__gt=after)[: SHOWN + 1])
    more = len(found) > SHOWN
    return MovePage(tuple(found[:SHOWN]), found[SHOWN - 1].pk if more else None)


@dataclass(frozen=True, slots=True)
class MoveCounts:
    """How many moves of each kind a proposal has."""

    all: int
    cell: int
    officer: int
    first: int


def move_counts(*, row: Redrawing) -> MoveCounts:
    lines = RedrawingLine.objects.filter(zone_id=row.zone_id, redrawing=row, is_moved=True)
    here = Q(cell_before=F("cell_after"))
    return MoveCounts(
        **lines.aggregate(
            all=Count("id"),
            cell=Count("id", filter=~here),
            officer=Count("id", filter=here & Q(post_before__isnull=False)),
            first=Count("id", filter=Q(post_before__isnull=True)),
        )
    )


# The map -----------------------------------------------------------------------------------------


def redrawing_map(*, row: Redrawing, side: str) -> dict[str, Any]:
    """The cells of a proposal as GeoJSON: what an officer of each carries, in percent of the mean.

    ``scale`` holds the figures of both sides, so that two maps are painted alike; ``moves`` leads
    from cell to cell on the side after.
    """
    cells = [
        cell
        for cell in Cell.objects.filter(zone_id=row.zone_id).select_related("grid")
        if not row.grids or cell.grid_id in row.grids
    ]
    officers = _officers_of(row)
    lines = RedrawingLine.objects.filter(zone_id=row.zone_id, redrawing=row)
    lines = lines.filter(post_after_id__in=[int(post) for post in row.figures.get("officers", {})])
    both = {
        at: {
            number: (count, _percent(weight, officers.get(number, 0.0), row.figures["mean"]))
            for number, (count, weight) in _sums(lines, f"cell_{at}_id").items()
        }
        for at in (BEFORE, AFTER)
    }
    here = both[side]
    drawn = [cell for cell in cells if cell.outline]
    return {
        "type": "FeatureCollection",
        "features": [_area(cell, *here.get(cell.pk, (0, 0))) for cell in drawn],
        "scale": [percent for side in both.values() for _count, percent in side.values()],
        "moves": _arrows(lines, drawn) if side == AFTER else [],
        "borders": {},
    }


def _area(cell: Cell, count: int, percent: int) -> dict[str, Any]:
    properties = {
        "id": cell.pk,
        "name": cell.name,
        "code": cell.code,
        "grid": cell.grid.name,
        "enterprises": percent,
        "count": count,
    }
    return {"type": "Feature", "geometry": cell.outline, "properties": properties}


def _officers_of(row: Redrawing) -> dict[int, float]:
    """How many officers a cell has; who has two cells counts half in each."""
    of_cell: dict[int, list[int]] = defaultdict(list)
    cells_of: dict[int, int] = defaultdict(int)
    held = [int(post) for post in row.figures.get("officers", {})]
    duties = CellDuty.objects.filter(zone_id=row.zone_id, until__isnull=True, post_id__in=held)
    for cell_id, post_id in duties.values_list("cell_id", "post_id"):
        of_cell[cell_id].append(post_id)
        cells_of[post_id] += 1
    return {cell: sum(1 / cells_of[post] for post in posts) for cell, posts in of_cell.items()}


def _percent(weight: int, officers: float, mean: float) -> int:
    return round(100 * weight / (officers * mean)) if officers and mean else 0


def _arrows(lines: QuerySet[RedrawingLine], cells: list[Cell]) -> list[dict[str, Any]]:
    places = {cell.pk: middle(cell.outline) for cell in cells if cell.outline}
    moved = lines.exclude(cell_before=F("cell_after")).order_by()
    return [
        {"coords": [places[start], places[end]], "count": count}
        for start, end, count in moved.values_list("cell_before_id", "cell_after_id").annotate(
            Count("id")
        )
        if places.get(start) and places.get(end)
    ]


def parties_called(*, by: Actor, words: str) -> list[Party]:
    """Enterprises of exactly this name or credit code."""
    words = words.replace("\x00", "").strip()
    return list(
        Party.objects.filter(
            Q(name=words) | Q(credit_code=words),
            zone_id=by.zone_id,
            merged_into__isnull=True,
            cell__isnull=False,
        )[:2]
    )


def grid_choices(*, by: Actor) -> list[tuple[int, str]]:
    return list(Grid.objects.filter(zone_id=by.zone_id).values_list("id", "name"))
