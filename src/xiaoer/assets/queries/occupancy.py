"""出租率 Occupancy: what of the units that can be let is let, and on what of it something is made.

Occupancy = let ÷ rentable; effective occupancy = producing ÷ rentable. Units sold, used by their
owner, or not offered are not rentable. Of a let unit nobody knows whether anything is made there:
it makes the effective rate a range, never a lower figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from xiaoer.assets.models import Building, Unit
from xiaoer.assets.queries.land import months_later
from xiaoer.assets.queries.unit_states import Standing, standings, units_on
from xiaoer.base.scope import Actor

OCCUPANCY_LEVELS = ("park", "building")
TREND_MONTHS = 13
# A firm that turned over something within these months makes something.
MADE_WITHIN = 4
MADE = ("operating_revenue", "output_value", "main_revenue_cny")

# Of each day, each unit as it was cut then, in a building that stood; of one unit at most one
# occupancy holds on a day, which the database sees to.
_SPACE = """
with days as (select unnest(%(days)s::date[]) as day),
made as (
  select distinct v.party_id from value v join metric m on m.id = v.metric_id
  where v.zone_id = %(zone)s and m.code = any(%(codes)s) and v.party_id is not null
    and v.aspect = 'value' and v.dimension = '' and v.withdrawn_at is null
    and v.ends_on between %(made_from)s and %(made_until)s and v.low > 0
),
moved as (
  select mu.unit_id, min(m.producing_on) as day
  from move_in_unit mu join move_in m on m.id = mu.move_in_id
  where m.zone_id = %(zone)s and m.state = 'settled' and m.producing_on is not null group by 1
),
late as (
  select w.unit_id, min(w.until) as until
  from occupancy w join lease k on k.id = w.lease_id
  where w.zone_id = %(zone)s and not w.is_struck and w.kind = 'let' and w.until = k.until
    and w.until < %(made_until)s and k.state = 'in_force' and k.renewed_by_id is null
  group by 1
),
became as (
  select c.old_id, min(n.since) as since
  from unit_made c join carrier_unit n on n.id = c.new_id where c.zone_id = %(zone)s group by 1
),
held as (
  select d.day, b.park_id, b.id as building_id, u.id as unit_id, u.area_m2, u.hold,
         o.kind, o.party_id, l.state as lease_state,
         late.until is not null as is_overdue, made.party_id is not null as has_made,
         moved.day is not null as has_moved
  from days d
  join carrier_unit u on u.zone_id = %(zone)s and u.since <= d.day
    and (u.until is null or u.until >= d.day)
  join building b on b.id = u.building_id
    and (b.state = 'built' or (b.state = 'gone' and b.gone_on > d.day))
    and (b.built_on is null or b.built_on <= d.day)
  left join occupancy o on o.unit_id = u.id and not o.is_struck and o.since <= d.day
    and (o.until is null or o.until >= d.day)
  left join lease l on l.id = o.lease_id
  left join made on made.party_id = o.party_id
  left join moved on moved.unit_id = u.id and moved.day <= d.day
  left join late on late.unit_id = u.id and late.until < d.day
  left join became on became.old_id = u.id and became.since <= d.day
  where became.old_id is null
),
told as (
  select day, park_id, building_id, unit_id, area_m2,
    case when kind in ('sold', 'own') then 'own'
         when kind = 'let' and lease_state <> 'draft' or kind is null and is_overdue then 'let'
         when kind is not null then 'reserved'
         when hold = 'kept' then 'kept'
         else 'vacant' end as state,
    case when hold = 'idle' then false
         when has_made or has_moved then true end as makes
  from held
)
select day, {place}, count(*) filter (where state in ('let', 'reserved', 'vacant')),
  coalesce(sum(area_m2) filter (where state in ('let', 'reserved', 'vacant')), 0),
  coalesce(sum(area_m2) filter (where state = 'let'), 0),
  coalesce(sum(area_m2) filter (where state = 'reserved'), 0),
  coalesce(sum(area_m2) filter (where state = 'let' and makes), 0),
  coalesce(sum(area_m2) filter (where state = 'let' and makes is null), 0),
  coalesce(sum(area_m2) filter (where state in ('own', 'kept')), 0)
from told group by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Space:
    """Floor space on a day, in m². ``unknown``: let, and nobody knows whether something is made."""

    units: int = 0
    rentable: Decimal = Decimal(0)
    let: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    producing: Decimal = Decimal(0)
    unknown: Decimal = Decimal(0)
    apart: Decimal = Decimal(0)

    @property
    def vacant(self) -> Decimal:
        return self.rentable - self.let - self.reserved

    @property
    def rate(self) -> Decimal | None:
        """Occupancy in per cent; None where nothing can be let."""
        return _percent(self.let, self.rentable)

    @property
    def effective_least(self) -> Decimal | None:
        return _percent(self.producing, self.rentable)

    @property
    def effective_most(self) -> Decimal | None:
        return _percent(self.producing + self.unknown, self.rentable)

    def __add__(self, other: "Space") -> "Space":
        return Space(
            self.units + other.units,
            self.rentable + other.rentable,
            self.let + other.let,
            self.reserved + other.reserved,
            self.producing + other.producing,
            self.unknown + other.unknown,
            self.apart + other.apart,
        )


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return None if not whole else part / whole * 100


@dataclass(frozen=True, slots=True)
class OccupiedPlace:
    """A park or a building with its space; ``place_id`` None: in no park."""

    place_id: int | None
    name: str
    space: Space


@dataclass(frozen=True, slots=True)
class Occupied:
    """The zone's space today by place, and the occupancy of the months before."""

    whole: Space
    places: tuple[OccupiedPlace, ...]
    trend: tuple[tuple[date, Space], ...]


def occupied(*, by: Actor, level: str, on: date) -> Occupied:
    """Space by park or by building on a day, fullest last; and a year of month ends before it."""
    days = (*(_month_end(months_later(on, -back)) for back in range(TREND_MONTHS - 1, 0, -1)), on)
    parks = _spaces(by.zone_id, "park_id", days, on)
    today = parks if level == "park" else _spaces(by.zone_id, "building_id", (on,), on)
    names = _names(by.zone_id, level)
    places = [
        OccupiedPlace(place, names.get(place, ""), space)
        for (day, place), space in today.items()
        if day == on
    ]
    places.sort(key=lambda one: (one.space.rate is None, one.space.rate or 0, one.name))
    trend = tuple(
        (day, _sum(space for (of, _place), space in parks.items() if of == day)) for day in days
    )
    return Occupied(_sum(one.space for one in places), tuple(places), trend)


def _month_end(day: date) -> date:
    return months_later(day.replace(day=1), 1) - timedelta(days=1)


def _sum(spaces: Iterable[Space]) -> Space:
    whole = Space()
    for one in spaces:
        whole = whole + one
    return whole


def _spaces(
    zone_id: int, place: str, days: Sequence[date], on: date
) -> dict[tuple[date, int | None], Space]:
    said: dict[str, int | list[date] | list[str] | date] = {
        "zone": zone_id,
        "days": list(days),
        "codes": list(MADE),
        "made_from": months_later(on, -MADE_WITHIN),
        "made_until": on,
    }
    with connection.cursor() as cursor:
        # ``place`` is one of two column names written above, nothing that was typed.
        cursor.execute(_SPACE.format(place=place), said)
        return {(row[0], row[1]): Space(*row[2:]) for row in cursor.fetchall()}


def _names(zone_id: int, level: str) -> dict[int | None, str]:
    if level == "building":
        return dict(Building.objects.filter(zone_id=zone_id).values_list("pk", "name"))
    parks = Building.objects.filter(zone_id=zone_id, park__isnull=False)
    return dict(parks.values_list("park_id", "park__name").distinct())


def units_of_place(*, by: Actor, level: str, place_id: int, on: date) -> list[Standing]:
    """The units behind a figure, each as it is on the day."""
    units = units_on(by.zone_id, on)
    if level == "building":
        units = units.filter(building_id=place_id)
    else:
        units = units.filter(building__park_id=place_id)
    rows: list[Unit] = list(units.order_by("building__name", "floor", "code"))
    return standings(rows, on)
