"""Where a project lies: its parcel or workshop on the wall map."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.models import Project
from xiaoer.projects.queries.wall import ground
from xiaoer.registry.outlines import area_m2, must_be_sized, must_lie_near, read_parcel


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
        must_be_sized(geometry)
        under = ground(by=by)
        must_lie_near(geometry, [*under.cells, *(outline for _name, outline in under.parks)])
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
