"""Who is designated what."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from xiaoer.base.scope import Actor
from xiaoer.growth.models import Designation
from xiaoer.registry.queries.searching import found_ids


@dataclass(frozen=True, slots=True)
class DesignationFilter:
    """``ended``: those that ended, instead of those in force."""

    kind: str = ""
    ended: bool = False
    text: str = ""


def designations(*, by: Actor, filters: DesignationFilter) -> QuerySet[Designation]:
    """Designations in force today, or those that ended, the latest first."""
    today = timezone.localdate()
    in_force = Q(until__isnull=True) | Q(until__gte=today)
    rows = Designation.objects.filter(~in_force if filters.ended else in_force, zone_id=by.zone_id)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.text:
        rows = rows.filter(party_id__in=list(found_ids(text=filters.text)))
    return rows.order_by("-since", "-pk").select_related("party", "post__person")


def designation_rows(rows: QuerySet[Designation], start: int, count: int) -> list[Designation]:
    return list(rows[start : start + count])
