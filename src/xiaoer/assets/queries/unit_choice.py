"""Units somebody may move into, found by what is typed of park, building and number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from xiaoer.assets.models import Unit
from xiaoer.assets.queries.unit_states import free_units
from xiaoer.assets.unit_sheets import bare
from xiaoer.base.scope import Actor

SHOWN = 24
MOST_FRAGMENTS = 10


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """Units as a form offers them: those chosen first, then the free ones a text finds.

    ``more``: how many others it finds. ``free``: how many are free at all, but for those chosen.
    """

    text: str
    chosen: tuple[Unit, ...]
    found: tuple[Unit, ...]
    more: int
    free: int

    @property
    def is_long(self) -> bool:
        """Too many to look through: something must be typed."""
        return self.free > SHOWN


def unit_choice(by: Actor, *, on: date, chosen: Collection[int] = (), text: str = "") -> UnitChoice:
    """Each fragment that is typed must stand in park, building or number, however they are written."""
    text = " ".join(text.split())
    wanted = [_plain(one) for one in text.split()[:MOST_FRAGMENTS]]
    rows = free_units(by.zone_id, on).exclude(pk__in=chosen)
    free = rows.order_by("building__name", "floor", "code").values_list(
        "pk", "building__park__name", "building__name", "code"
    )
    places = [(number, _plain("".join(filter(None, names)))) for number, *names in free]
    found = [number for number, place in places if all(one in place for one in wanted)]
    kept = (
        Unit.objects.filter(zone_id=by.zone_id, pk__in=[*chosen, *found[:SHOWN]])
        .select_related("building__park")
        .in_bulk()
    )
    return UnitChoice(
        text,
        tuple(kept[one] for one in chosen if one in kept),
        tuple(kept[one] for one in found[:SHOWN]),
        max(0, len(found) - SHOWN),
        len(places),
    )


def _plain(name: str) -> str:
    return bare(normalize("NFKC", name))
