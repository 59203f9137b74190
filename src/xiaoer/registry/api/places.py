"""Parks, grids, cells, monitoring firms."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.api import shapes
from xiaoer.registry.api.parties import the_cell, the_post
from xiaoer.registry.api.shapes import Number
from xiaoer.registry.models import CellDuty, Grid

router = Router()


@router.get("/grids", response={200: list[shapes.GridOut], **PROBLEMS})
@api(READ)
def list_grids(request: HttpRequest, by: Actor) -> object:
    """Every grid with its cells, counts and duties."""
    access.must_see_the_registry(by)
    return queries.grids(by=by)


@router.get("/cells/{cell_id}", response={200: shapes.CellOut, **PROBLEMS})
@api(READ)
def read_cell(request: HttpRequest, by: Actor, cell_id: Number) -> object:
    """One cell."""
    access.must_see_the_registry(by)
    return found(queries.cell(by=by, cell_id=cell_id))


@router.get("/outlines", response={200: dict[str, object], **PROBLEMS})
@api(READ)
def read_outlines(request: HttpRequest, by: Actor) -> object:
    """The outlines of the cells as a GeoJSON FeatureCollection with their counts."""
    access.must_see_the_registry(by)
    return queries.cell_map(by=by)


@router.put("/outlines", response={200: shapes.OutlinesOut, **PROBLEMS})
@api(WRITE)
def set_outlines(request: HttpRequest, by: Actor) -> object:
    """Take outlines for cells and parks from a GeoJSON FeatureCollection, sent as the body."""
    text = request.body.decode("utf-8", errors="replace")
    done = registry.set_outlines(by=by, now=timezone.now(), text=text)
    return {"matched": list(done.matched), "unknown": list(done.unknown)}


@router.get("/parks", response={200: list[shapes.ParkOut], **PROBLEMS})
@api(READ)
def list_parks(request: HttpRequest, by: Actor) -> object:
    """The parks of the zone."""
    access.must_see_the_registry(by)
    return queries.parks(by=by)


@router.post("/parks", response={201: shapes.PlaceOut, **PROBLEMS})
@api(WRITE)
def open_park(request: HttpRequest, by: Actor, given: shapes.PlaceIn) -> object:
    """Open a park."""
    return 201, registry.open_park(by=by, now=timezone.now(), code=given.code, name=given.name)


@router.post("/grids", response={201: shapes.PlaceOut, **PROBLEMS})
@api(WRITE)
def open_grid(request: HttpRequest, by: Actor, given: shapes.PlaceIn) -> object:
    """Open a grid."""
    return 201, registry.open_grid(by=by, now=timezone.now(), code=given.code, name=given.name)


@router.post("/cells", response={201: shapes.PlaceOut, **PROBLEMS})
@api(WRITE)
def open_cell(request: HttpRequest, by: Actor, given: shapes.NewCellIn) -> object:
    """Open a cell of a grid."""
    grid = found(Grid.objects.filter(zone_id=by.zone_id, pk=given.grid_id).first())
    return 201, registry.open_cell(
        by=by, now=timezone.now(), grid=grid, code=given.code, name=given.name
    )


@router.post("/cells/{cell_id}/duties", response={200: shapes.CellOut, **PROBLEMS})
@api(WRITE)
def give_cell_duty(
    request: HttpRequest, by: Actor, cell_id: Number, given: shapes.DutyIn
) -> object:
    """Let a post answer for a cell."""
    registry.give_cell_duty(
        by=by,
        now=timezone.now(),
        cell=the_cell(by, cell_id),
        post=the_post(by, given.post_id),
        since=given.since,
    )
    return found(queries.cell(by=by, cell_id=cell_id))


@router.delete("/cells/{cell_id}/duties/{duty_id}", response={200: shapes.CellOut, **PROBLEMS})
@api(WRITE)
def end_cell_duty(request: HttpRequest, by: Actor, cell_id: Number, duty_id: Number) -> object:
    """End that a post answers for a cell."""
    duty = found(CellDuty.objects.filter(zone_id=by.zone_id, cell_id=cell_id, pk=duty_id).first())
    registry.end_cell_duty(by=by, now=timezone.now(), duty=duty)
    return found(queries.cell(by=by, cell_id=cell_id))


@router.get("/monitoring-firms", response={200: list[shapes.MonitoringOut], **PROBLEMS})
@api(READ)
def list_monitoring_firms(request: HttpRequest, by: Actor) -> object:
    """The monitoring firms in force."""
    access.must_see_the_registry(by)
    return [
        {"party_id": row.party_id, "name": row.party.name, "since": row.since}
        for row in queries.monitoring_firms(by=by)
    ]
