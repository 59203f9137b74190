"""Where a project lies: its parcel or workshop on the wall map."""

from datetime import datetime
from math import cos, hypot, radians

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.models import Project
from xiaoer.projects.queries.wall import ground
from xiaoer.registry.outlines import DEGREE_M, area_m2, places_of, read_parcel

LEAST_M2, MOST_M2 = 20.0, 30_000_000.0
MU_M2 = 2000 / 3
FARTHEST_M = 30_000.0


@transaction.atomic
def place_project(
    *, by: Actor, now: datetime, project: Project, spot: str, version: int | None = None
) -> Project:
    """Set where a project lies from a GeoJSON text, WGS 84; an empty text takes its spot away.

    Refused: what is no closed ring or crosses itself, what is smaller than a room or larger than a
    zone, and what lies farther from the zone's own outlines than any of its land can.
    """
    access.must_move_project(by, project)
    row = Project.objects.select_for_update().get(pk=project.pk)
    access.must_move_project(by, row)
    if row.ended_on is not None:
        raise Refused(_("“%(name)s” has ended; it stands on no map.") % {"name": row.name})
    if version is not None and version != row.version:
        raise Refused(
            _("Somebody else changed “%(name)s” meanwhile; look at it again.") % {"name": row.name}
        )
    geometry = read_parcel(spot) if spot.strip() else None
    if geometry is not None:
        _must_be_sized(geometry)
        _must_be_near(by, geometry)
    row.spot = geometry
    row.version += 1
    row.save(update_fields=["spot", "version"])
    journal.record(
        by=by,
        now=now,
        verb="place_project",
        subject=row,
        party_ref=row.party_id,
        area_m2=round(area_m2(geometry)) if geometry else 0,
    )
    return row


def _must_be_sized(geometry: dict[str, object]) -> None:
    area = area_m2(geometry)
    if geometry["type"] != "Point" and not LEAST_M2 <= area <= MOST_M2:
        raise Refused(
            _("This encloses %(mu)s mu; a parcel has between %(least)s and %(most)s.")
            % {
                "mu": f"{area / MU_M2:,.2f}",
                "least": f"{LEAST_M2 / MU_M2:.2f}",
                "most": f"{MOST_M2 / MU_M2:,.0f}",
            },
            field="spot",
        )


def _must_be_near(by: Actor, geometry: dict[str, object]) -> None:
    """Within reach of the zone's outlines, where it has any: a slip of a digit is 100 km."""
    under = ground(by=by)
    outlines = [*under.cells, *(outline for _name, outline in under.parks)]
    corners = [place for outline in outlines for place in places_of(outline)]
    if not corners:
        return
    east, north = next(iter(places_of(geometry)))
    narrow = cos(radians(north))
    west_of, east_of = min(x for x, _y in corners), max(x for x, _y in corners)
    south_of, north_of = min(y for _x, y in corners), max(y for _x, y in corners)
    off = hypot(
        max(west_of - east, 0.0, east - east_of) * narrow,
        max(south_of - north, 0.0, north - north_of),
    )
    if off * DEGREE_M > FARTHEST_M:
        raise Refused(
            _("This lies %(km)s km from the zone's outlines; check its degrees.")
            % {"km": f"{off * DEGREE_M / 1000:,.0f}"},
            field="spot",
        )
