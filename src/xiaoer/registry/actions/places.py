"""Verbs about parks, grids and cells: opened, outlined, given to posts that answer for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import access
from xiaoer.registry.models import Cell, CellDuty, Grid, Park
from xiaoer.registry.outlines import read_outlines

Place = TypeVar("Place", Park, Grid, Cell)


@dataclass(frozen=True, slots=True)
class OutlinesSet:
    """What a file of outlines did: codes that got one, and codes nothing here carries."""

    matched: tuple[str, ...]
    unknown: tuple[str, ...]


@transaction.atomic
def open_park(
    *, by: Actor, now: datetime, code: str, name: str, operator: Office | None = None
) -> Park:
    """Open a park of the zone (一区多园), with the body that runs it."""
    park = Park(zone_id=by.zone_id, code=code.strip(), name=name.strip(), operator=operator)
    return _open(by, now, park)


@transaction.atomic
def open_grid(*, by: Actor, now: datetime, code: str, name: str) -> Grid:
    """Open a grid (总网格)."""
    return _open(by, now, Grid(zone_id=by.zone_id, code=code.strip(), name=name.strip()))


@transaction.atomic
def open_cell(*, by: Actor, now: datetime, grid: Grid, code: str, name: str) -> Cell:
    """Open a cell (单元网格) of a grid."""
    return _open(by, now, Cell(zone_id=by.zone_id, grid=grid, code=code.strip(), name=name.strip()))


@transaction.atomic
def set_outlines(*, by: Actor, now: datetime, text: str) -> OutlinesSet:
    """Take outlines from a GeoJSON FeatureCollection for the cells and parks whose code they carry.

    Nothing is kept of a file with a mistake in it.
    """
    access.must_keep_registry(by)
    matched, unknown = [], []
    for outline in read_outlines(text):
        place = _by_code(by, outline.code)
        if place is None:
            unknown.append(outline.code)
            continue
        place.outline = outline.geometry
        place.save(update_fields=["outline"])
        journal.record(by=by, now=now, verb="set_outline", subject=place, code=outline.code)
        matched.append(outline.code)
    if not matched:
        raise Refused(
            _("No cell or park carries one of these codes; open them first."), field="file"
        )
    return OutlinesSet(tuple(matched), tuple(unknown))


@transaction.atomic
def give_cell_duty(
    *, by: Actor, now: datetime, cell: Cell, post: Post, since: date | None = None
) -> CellDuty:
    """Let a post answer for a cell; several may."""
    access.must_keep_registry(by)
    cell = Cell.objects.select_for_update().get(pk=cell.pk)
    if cell.duties.filter(post=post, until__isnull=True).exists():
        raise Refused(
            _("%(person)s answers for cell %(cell)s already.")
            % {"person": post.person, "cell": cell}
        )
    duty = CellDuty.objects.create(
        zone_id=cell.zone_id, cell=cell, post=post, since=since or timezone.localdate(now)
    )
    journal.record(by=by, now=now, verb="give_cell_duty", subject=cell, post=post.pk)
    return duty


@transaction.atomic
def end_cell_duty(*, by: Actor, now: datetime, duty: CellDuty) -> CellDuty:
    """End that a post answers for a cell."""
    access.must_keep_registry(by)
    duty = CellDuty.objects.select_for_update().get(pk=duty.pk)
    if duty.until is None:
        duty.until = max(timezone.localdate(now), duty.since)
        duty.save(update_fields=["until"])
        journal.record(by=by, now=now, verb="end_cell_duty", subject=duty.cell, post=duty.post_id)
    return duty


def _open(by: Actor, now: datetime, place: Place) -> Place:
    access.must_keep_registry(by)
    if not place.code or not place.name:
        raise Refused(_("Give it a code and a name."), field="name" if place.code else "code")
    if len(place.code) > 20 or len(place.name) > 60:
        raise Refused(
            _("A code has at most 20 characters, a name 60."),
            field="code" if len(place.code) > 20 else "name",
        )
    if type(place).objects.filter(zone_id=by.zone_id, code=place.code).exists():
        raise Refused(
            _("The code %(code)s is taken; choose another.") % {"code": place.code}, field="code"
        )
    place.save(force_insert=True)
    journal.record(
        by=by,
        now=now,
        verb=f"open_{place._meta.db_table}",
        subject=place,
        code=place.code,
        name=place.name,
    )
    return place


def _by_code(by: Actor, code: str) -> Cell | Park | None:
    return (
        Cell.objects.filter(zone_id=by.zone_id, code=code).first()
        or Park.objects.filter(zone_id=by.zone_id, code=code).first()
    )
