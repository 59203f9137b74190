"""How the registry stood on a day: the questions behind the figures of the grid.

The register keeps from when to when somebody answered for something; of an enterprise it keeps when
it was registered, so an enterprise counts from that day (or always, when the day is unknown) while
it stands in a cell and is not closed.
"""

from datetime import date

from django.db.models import Q, QuerySet

from xiaoer.registry.codes import INDUSTRIAL
from xiaoer.registry.models import Cell, Grid, MonitoringFirm, Party, Stewardship

GONE = (Party.Status.MOVED_OUT, Party.Status.REVOKED, Party.Status.CANCELLED)


def _in_force(day: date) -> Q:
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def enterprises_in_place(*, zone_id: int, industrial: bool = False) -> QuerySet[Party]:
    """Enterprises of the zone now: in a cell, neither gone nor merged into another.

    ``industrial``: sections B, C and D of GB/T 4754 only.
    """
    rows = Party.objects.filter(zone_id=zone_id, cell__isnull=False, merged_into__isnull=True)
    rows = rows.exclude(status__in=GONE)
    return rows.filter(section__in=INDUSTRIAL) if industrial else rows


def enterprises_on(*, zone_id: int, day: date, industrial: bool = False) -> QuerySet[Party]:
    """Those of ``enterprises_in_place`` that were registered by a day."""
    rows = enterprises_in_place(zone_id=zone_id, industrial=industrial)
    return rows.filter(Q(registered_on__isnull=True) | Q(registered_on__lte=day))


def grids_of(*, zone_id: int) -> QuerySet[Grid]:
    return Grid.objects.filter(zone_id=zone_id)


def cells_of(*, zone_id: int) -> QuerySet[Cell]:
    return Cell.objects.filter(zone_id=zone_id)


def officers_on(*, zone_id: int, day: date) -> QuerySet[Stewardship]:
    """Who answered for enterprises on a day (包保人): one row a person."""
    return (
        Stewardship.objects.filter(_in_force(day), zone_id=zone_id, kind=Stewardship.Kind.OFFICER)
        .order_by("post__person")
        .distinct("post__person")
    )


def monitoring_firms_on(*, zone_id: int, day: date) -> QuerySet[MonitoringFirm]:
    return MonitoringFirm.objects.filter(_in_force(day), zone_id=zone_id)
