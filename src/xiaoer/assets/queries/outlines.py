"""Where places lie: outlines of parcels and buildings, gathered by park where parks are asked for."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from xiaoer.assets.models import Building, Parcel

Outlines = Mapping[int, list[dict[str, Any]]]


def outlines(*, zone_id: int, level: str) -> Outlines:
    """By number of the place; a building without an outline lies on its parcel, a park where its land is."""
    if level == "building":
        return _of_buildings(zone_id)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Parcel.objects.filter(zone_id=zone_id, outline__isnull=False)
    for parcel_id, park_id, outline in rows.values_list("pk", "park_id", "outline"):
        place = parcel_id if level == "parcel" else park_id
        if place is not None and outline is not None:
            found[place].append(outline)
    return found


def _of_buildings(zone_id: int) -> Outlines:
    rows = Building.objects.filter(zone_id=zone_id).exclude(state=Building.State.GONE)
    return {
        pk: [outline]
        for pk, own, under in rows.values_list("pk", "outline", "parcel__outline")
        if (outline := own or under) is not None
    }
