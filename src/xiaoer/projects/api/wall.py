"""API of the wall: every living project where it stands, and where one lies."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from xiaoer.base.api.shapes import Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.actions.placing import place_project
from xiaoer.projects.models import Light, Project, Stage
from xiaoer.projects.queries.wall import WallFilter, wall
from xiaoer.projects.queries.wall_map import wall_map

router = Router(tags=["projects"])


class WallAsk(Schema):
    """Which projects; what is left out is not asked."""

    list: Number | None = None
    leader: Number | None = None
    stage: Stage | None = None
    light: Light | None = None


class SpotIn(Schema):
    """``geometry``: GeoJSON, WGS 84, a polygon, several, or a point; null takes the spot away."""

    geometry: dict[str, Any] | None
    version: Number | None = None


class SpotOut(Schema):
    id: int
    spot: dict[str, Any] | None
    version: int


@router.get("/projects/wall", response={200: dict[str, object], **PROBLEMS})
@api(READ)
def read_wall(request: HttpRequest, by: Actor, asked: Query[WallAsk]) -> object:
    """The wall as a GeoJSON FeatureCollection; who blocks whom and what slips stand beside it."""
    access.must_read_projects(by)
    filters = WallFilter(asked.list, asked.leader, asked.stage or "", asked.light or "")
    return wall_map(wall(by=by, now=timezone.now(), asked=filters))


@router.put("/projects/{project_id}/spot", response={200: SpotOut, **PROBLEMS})
@api(WRITE)
def set_spot(request: HttpRequest, by: Actor, project_id: Number, given: SpotIn) -> object:
    """Say where a project lies."""
    access.must_read_projects(by)
    row = found(Project.objects.filter(zone_id=by.zone_id, pk=project_id).first())
    text = "" if given.geometry is None else json.dumps(given.geometry)
    return place_project(by=by, now=timezone.now(), project=row, spot=text, version=given.version)
