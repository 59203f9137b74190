"""Parks, grids, cells and who has how many enterprises."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from xiaoer.base.models import JournalLine, Post
from xiaoer.base.scope import Actor
from xiaoer.registry.borders import label_place, union_of
from xiaoer.registry.models import Cell, CellDuty, Grid, MonitoringFirm, Park, Party, Stewardship


@dataclass(frozen=True, slots=True)
class Duty:
    """A post that answers for a cell."""

    id: int
    cell_id: int
    post_id: int
    name: str
    office: str


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A cell with what is in it and who answers for it."""

    id: int
    code: str
    name: str
    grid_id: int
    grid: str
    enterprises: int
    without_officer: int
    duties: tuple[Duty, ...]
    outline: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class GridFigure:
    """A grid with its cells."""

    id: int
    code: str
    name: str
    cells: tuple[CellFigure, ...]

    @property
    def enterprises(self) -> int:
        return sum(cell.enterprises for cell in self.cells)

    @property
    def without_officer(self) -> int:
        return sum(cell.without_officer for cell in self.cells)

    @property
    def officers(self) -> int:
        return len({duty.post_id for cell in self.cells for duty in cell.duties})


@dataclass(frozen=True, slots=True)
class ParkFigure:
    """A park with the body that runs it and how many enterprises are there."""

    id: int
    code: str
    name: str
    operator: str | None
    enterprises: int
    outline: dict[str, Any] | None

    @property
    def has_outline(self) -> bool:
        return self.outline is not None


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many enterprises a post answers for, and in how many cells."""

    post_id: int
    name: str
    office: str
    title: str
    role: str
    phone: str
    as_officer: int
    as_deputy: int
    as_leader: int
    cells: int

    @property
    def total(self) -> int:
        return self.as_officer + self.as_deputy + self.as_leader


def grids(*, by: Actor) -> list[GridFigure]:
    """Every grid with its cells and their counts: one question for the counts, one for the duties."""
    cells = _cells(by, Cell.objects.filter(zone_id=by.zone_id).select_related("grid"))
    of_grid: dict[int, list[CellFigure]] = defaultdict(list)
    for cell in cells:
        of_grid[cell.grid_id].append(cell)
    return [
        GridFigure(grid.pk, grid.code, grid.name, tuple(of_grid[grid.pk]))
        for grid in Grid.objects.filter(zone_id=by.zone_id)
    ]


def grid(*, by: Actor, grid_id: int) -> GridFigure | None:
    """One grid with its cells."""
    row = Grid.objects.filter(zone_id=by.zone_id, pk=grid_id).first()
    if row is None:
        return None
    cells = Cell.objects.filter(zone_id=by.zone_id, grid=row).select_related("grid")
    return GridFigure(row.pk, row.code, row.name, tuple(_cells(by, cells)))


def cell(*, by: Actor, cell_id: int) -> CellFigure | None:
    """One cell with its count and who answers for it."""
    rows = Cell.objects.filter(zone_id=by.zone_id, pk=cell_id).select_related("grid")
    return next(iter(_cells(by, rows)), None)


def _cells(by: Actor, cells: Iterable[Cell]) -> list[CellFigure]:
    rows = list(cells)
    numbers = [row.pk for row in rows]
    counts = dict(
        Party.objects.filter(zone_id=by.zone_id, cell_id__in=numbers, merged_into__isnull=True)
        .values_list("cell_id")
        .annotate(Count("id"))
    )
    covered = dict(
        Stewardship.objects.filter(
            zone_id=by.zone_id,
            kind=Stewardship.Kind.OFFICER,
            until__isnull=True,
            party__cell_id__in=numbers,
            party__merged_into__isnull=True,
        )
        .values_list("party__cell_id")
        .annotate(Count("id"))
    )
    duties = _duties(by, numbers)
    return [
        CellFigure(
            id=row.pk,
            code=row.code,
            name=row.name,
            grid_id=row.grid_id,
            grid=row.grid.name,
            enterprises=counts.get(row.pk, 0),
            without_officer=counts.get(row.pk, 0) - covered.get(row.pk, 0),
            duties=tuple(duties.get(row.pk, ())),
            outline=row.outline,
        )
        for row in rows
    ]


def _duties(by: Actor, cells: list[int]) -> dict[int, list[Duty]]:
    of_cell: dict[int, list[Duty]] = defaultdict(list)
    rows = CellDuty.objects.filter(zone_id=by.zone_id, cell_id__in=cells, until__isnull=True)
    for row in rows.select_related("post__person", "post__office").order_by("id"):
        office = row.post.office.name if row.post.office else ""
        duty = Duty(row.pk, row.cell_id, row.post_id, row.post.person.name, office)
        of_cell[row.cell_id].append(duty)
    return of_cell


def cell_map(*, by: Actor) -> dict[str, Any]:
    """The outlines of all cells as GeoJSON, with counts for the map; ``borders`` beside them are
    the outlines of grids and parks, a park's own or else that of its cells taken together."""
    whole = grids(by=by)
    cells = [cell for grid in whole for cell in grid.cells]
    return {
        "type": "FeatureCollection",
        "features": [
            _feature(
                cell.outline,
                id=cell.id,
                name=cell.name,
                code=cell.code,
                grid=cell.grid,
                enterprises=cell.enterprises,
                without_officer=cell.without_officer,
                duties=[duty.name for duty in cell.duties],
            )
            for cell in cells
            if cell.outline is not None
        ],
        "borders": {
            "grids": [
                border
                for grid in whole
                if (border := _border(grid, grid.cells, None, grid.enterprises))
            ],
            "parks": _park_borders(by, cells),
        },
    }


def _park_borders(by: Actor, cells: list[CellFigure]) -> list[dict[str, Any]]:
    """A park lies where most of a cell's enterprises that are in any park are in this one."""
    of_cell: dict[int, tuple[int, int]] = {}
    rows = Party.objects.filter(
        zone_id=by.zone_id, park__isnull=False, cell__isnull=False, merged_into__isnull=True
    ).values_list("cell_id", "park_id")
    for cell_id, park_id, count in rows.annotate(Count("id")).order_by("park_id"):
        of_cell[cell_id] = max(of_cell.get(cell_id, (0, 0)), (count, park_id))
    found = []
    for park in parks(by=by):
        its = [cell for cell in cells if of_cell.get(cell.id, (0, 0))[1] == park.id]
        border = _border(park, its, park.outline, park.enterprises)
        if border:
            found.append(border)
    return found


def _border(
    place: GridFigure | ParkFigure,
    cells: Iterable[CellFigure],
    outline: dict[str, Any] | None,
    enterprises: int,
) -> dict[str, Any] | None:
    outlines = [outline] if outline else [cell.outline for cell in cells if cell.outline]
    geometry = outline or union_of(outlines)
    if geometry is None:
        return None
    return _feature(
        geometry,
        id=place.id,
        name=place.name,
        code=place.code,
        enterprises=enterprises,
        is_own=outline is not None,
        label=label_place(outlines),
    )


def _feature(geometry: dict[str, Any] | None, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def parks(*, by: Actor) -> list[ParkFigure]:
    """Parks of the zone with their counts."""
    counts = dict(
        Party.objects.filter(zone_id=by.zone_id, park__isnull=False, merged_into__isnull=True)
        .values_list("park_id")
        .annotate(Count("id"))
    )
    return [
        ParkFigure(
            id=row.pk,
            code=row.code,
            name=row.name,
            operator=row.operator.name if row.operator else None,
            enterprises=counts.get(row.pk, 0),
            outline=row.outline,
        )
        for row in Park.objects.filter(zone_id=by.zone_id).select_related("operator")
    ]


def caseloads(*, by: Actor) -> list[Caseload]:
    """Everybody who answers for enterprises or cells, the fullest hands first."""
    held = (
        Stewardship.objects.filter(zone_id=by.zone_id, until__isnull=True)
        .values_list("post_id", "kind")
        .annotate(Count("id"))
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for post_id, kind, count in held:
        counts[post_id][kind] = count
    cells = dict(
        CellDuty.objects.filter(zone_id=by.zone_id, until__isnull=True)
        .values_list("post_id")
        .annotate(Count("id"))
    )
    posts = Post.objects.filter(zone_id=by.zone_id, pk__in=[*counts, *cells])
    rows = [
        Caseload(
            post_id=post.pk,
            name=post.person.name,
            office=post.office.name if post.office else "",
            title=post.title,
            role=str(post.get_role_display()),
            phone=post.person.phone,
            as_officer=counts[post.pk].get(Stewardship.Kind.OFFICER, 0),
            as_deputy=counts[post.pk].get(Stewardship.Kind.DEPUTY, 0),
            as_leader=counts[post.pk].get(Stewardship.Kind.LEADER, 0),
            cells=cells.get(post.pk, 0),
        )
        for post in posts.select_related("person", "office")
    ]
    return sorted(rows, key=lambda row: (-row.as_officer, -row.total, row.name))


def monitoring_firms(*, by: Actor) -> list[MonitoringFirm]:
    """Monitoring points in force, by name of the firm."""
    return list(
        MonitoringFirm.objects.filter(
            zone_id=by.zone_id, until__isnull=True, party__merged_into__isnull=True
        )
        .select_related("party__cell")
        .order_by("party__name", "id")
    )


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A hand-over that can be taken back: when, by whom, how many, to whom."""

    line_id: int
    at: datetime
    who: str
    giver: str
    taker: str
    count: int


def hand_overs_of(*, by: Actor, post: Post, most: int = 10) -> list[HandedOver]:
    """The latest hand-overs from or to a post, newest first."""
    lines = JournalLine.objects.filter(
        zone_id=by.zone_id,
        subject_type="post",
        subject_id=post.pk,
        verb__in=("hand_over_caseload", "take_over_caseload"),
    )
    latest = list(lines.order_by("-id")[:most])
    numbers = {line.detail[side] for line in latest for side in ("giver", "taker")}
    names = dict(Post.objects.filter(pk__in=numbers).values_list("pk", "person__name"))
    return [_handed(line, names) for line in latest]


def _handed(line: JournalLine, names: dict[int, str]) -> HandedOver:
    detail = line.detail
    return HandedOver(
        line_id=detail.get("line", line.pk),
        at=line.at,
        who=line.who,
        giver=names.get(detail["giver"], ""),
        taker=names.get(detail["taker"], ""),
        count=detail["count"] if "count" in detail else len(detail["parties"]),
    )
