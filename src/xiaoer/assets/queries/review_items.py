"""What a joint review asks of whom, as the zone's list stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from xiaoer.assets.models import MoveInItem
from xiaoer.base.models import Office


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item with the office that is meant: as named, else found by the words of its name."""

    item: MoveInItem
    office: Office | None


def review_items(*, zone_id: int, kind: str | None = None, ended: bool = False) -> list[ListedItem]:
    """Items in use, in the zone's order; with ``ended`` those no longer asked as well."""
    rows = MoveInItem.objects.filter(zone_id=zone_id).select_related("office")
    if kind is not None:
        rows = rows.filter(kind=kind)
    if not ended:
        rows = rows.filter(ended_on__isnull=True)
    offices = list(Office.objects.filter(zone_id=zone_id, until__isnull=True))
    return [ListedItem(row, row.office or _meant(row.office_name, offices)) for row in rows]


def _meant(words: str, offices: Iterable[Office]) -> Office | None:
    """The first office whose name holds the likeliest words."""
    for word in filter(None, words.split("、")):
        for office in offices:
            if word in office.name:
                return office
    return None
