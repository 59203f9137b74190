"""Which units fit a need: the stock read from the tables, the search done by ``fitting``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
from django.db import connection
from django.db.models import Q, Sum

from xiaoer.assets import fitting
from xiaoer.assets.fitting import Ask, Fit, Found, Need, Numbers, Places, Says, Stock, What
from xiaoer.assets.models import Lease, Showing, SpaceNeed, Unit
from xiaoer.assets.queries.cramped import CrampedFirms, cramped_firms
from xiaoer.web.words import local_date
from xiaoer.work.models import LimitRule

# A unit that becomes free so many days after the day asked for is still worth a word.
LATE_DAYS = 365

# One row a unit, in grains; of a unit taken at the time its next free day, if there is one soon.
# A building being built counts as ready when it should be by the day: nobody knows yet. Nor does
# anybody know when a tenant goes whose lease ran out.
UNITS = """
select {need}, u.id, u.building_id, (u.area_m2 * 100)::float8, (u.height_m * 100)::float8,
       u.load_kg_m2::float8, (u.column_m * 100)::float8, (u.crane_t * 100)::float8,
       u.power_kva::float8, u.has_gas::int::float8, u.has_steam::int::float8,
       u.drains_t_day::float8,
       translate(coalesce(nullif(u.fire_class, ''), nullif(b.fire_class, '')), 'abcde', '54321')::float8,
       u.floor::float8, u.rent_fen::float8, (b.park_id = {park})::int::float8,
       case when b.state = 'built' then 1 when b.built_on <= {since} then null else 0 end::float8,
       case when l.unit_id is null then
         greatest(coalesce(o.until + 1 - {since}, 0), u.since - {since}, 0)
       end::float8
from {units}
join building b on b.id = u.building_id
left join {occupied}
left join (
  select distinct o.unit_id from occupancy o join lease l on l.id = o.lease_id
  where o.zone_id = %(zone)s and not o.is_struck and o.until < %(today)s and o.until = l.until
    and l.state = 'in_force' and l.renewed_by_id is null
) l on l.unit_id = u.id
where u.zone_id = %(zone)s and u.until is null and u.hold <> 'kept'
  and b.state in ('built', 'building')
  and (o.until is null or o.until < {since} + %(late)s)
  and u.since < {since} + %(late)s
order by 1, u.id
"""
OCCUPIED = """
  select {unit}max(coalesce(until, 'infinity')) as until from occupancy
  where zone_id = %(zone)s and not is_struck and coalesce(until, 'infinity') >= {since}
    and since <= {until}
"""
# One need against the whole zone: what is held at the time is found once for all units.
OF_ONE = UNITS.format(
    need="0", since="%(since)s::date", park="%(park)s::bigint", units="carrier_unit u",
    occupied="("
    + OCCUPIED.format(unit="unit_id, ", since="%(since)s::date", until="%(until)s::date")
    + "group by unit_id) o on o.unit_id = u.id",
)  # fmt: skip
SOME = "(select * from carrier_unit where zone_id = %(zone)s and id = any(%(only)s)) u"
OF_SOME = OF_ONE.replace("from carrier_unit u", f"from {SOME}")
NEEDS = """(
  select id, park_id, greatest(from_on, %(today)s::date) as since,
         coalesce(until_on, %(until)s::date) as until
  from space_need where zone_id = %(zone)s and id = any(%(needs)s)
) n"""
# Many needs, each at its own time, against a few units.
OF_MANY = UNITS.format(
    need="n.id", since="n.since", park="n.park_id",
    units=f"{NEEDS} cross join {SOME}",
    occupied="lateral ("
    + OCCUPIED.format(unit="", since="n.since", until="n.until")
    + "and unit_id = u.id) o on true",
)  # fmt: skip
DOORS = """
select d.first_id, d.second_id from unit_door d where d.zone_id = %(zone)s
order by d.first_id, d.second_id
"""
# Of a need that names no last day, whoever holds a unit later stands in the way too.
FOREVER = date(9999, 1, 1)
# Nobody asks for these in words: a unit that stands, and is empty on the day.
ALWAYS = (Ask(What.READY), Ask(What.FREE, Decimal(0)))
COLUMNS = (
    What.HEIGHT, What.LOAD, What.COLUMN, What.CRANE, What.POWER, What.GAS, What.STEAM,
    What.DRAINAGE, What.FIRE, What.FLOOR, What.RENT, What.PARK, What.READY, What.FREE,
)  # fmt: skip


def need_of(row: SpaceNeed) -> Need:
    """What a kept need asks of units. The park is wished for unless the asks say that it is hard."""
    asks = fitting.read_asks(row.asks)
    if row.park_id is None:
        asks = tuple(one for one in asks if one.what != What.PARK)
    elif all(one.what != What.PARK for one in asks):
        asks = (*asks, Ask(What.PARK, is_hard=False))
    return Need(row.area_least_m2, row.area_most_m2, (*asks, *ALWAYS))


@dataclass(frozen=True, slots=True)
class UnitFit:
    """A fit with its units, and how many of the same building were left out for it."""

    fit: Fit
    units: tuple[Unit, ...]
    alike: int


@dataclass(frozen=True, slots=True)
class Fits:
    """The best first. ``looked_at``: how many units were empty, or nearly, at the time."""

    rows: tuple[UnitFit, ...]
    counts: dict[Says, int]
    looked_at: int
    is_cut: bool


def fits_of(
    need: SpaceNeed, *, today: date, limit: int = 20, of_a_building: int | None = 3
) -> Fits:
    """Every unit empty at the time, and neighbours joined, against a need: ranked, with reasons."""
    stock = stock_for(need, today)
    found = fitting.find_fits(need_of(need), stock, limit=limit, of_a_building=of_a_building)
    return _with_units(need.zone_id, found, len(stock.ids))


def stock_for(need: SpaceNeed, today: date, only: Sequence[int] | None = None) -> Stock:
    """The units of the zone that are empty when the need asks for them, or soon after."""
    given: dict[str, int | date | list[int] | None] = {
        "zone": need.zone_id,
        "since": max(need.from_on, today),
        "today": today,
        "until": need.until_on or FOREVER,
        "park": need.park_id,
        "late": LATE_DAYS,
        "only": list(only or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE if only is None else OF_SOME, given)
        table = np.array(cursor.fetchall(), np.float64).reshape(-1, len(COLUMNS) + 4)
    return _stock(table, _doors(need.zone_id))


def _doors(zone_id: int) -> Places:
    with connection.cursor() as cursor:
        cursor.execute(DOORS, {"zone": zone_id})
        return np.array(cursor.fetchall(), np.int64).reshape(-1, 2)


def _stock(table: Numbers, doors: Places) -> Stock:
    ids = table[:, 1].astype(np.int64)
    return Stock(
        ids=ids,
        areas=np.rint(table[:, 3]),
        groups=table[:, 2].astype(np.int64),
        has={what: table[:, at] for at, what in enumerate(COLUMNS, 4)},
        doors=_places(ids, doors),
    )


def _places(ids: Places, doors: Places) -> Places:
    """Doors between units of the stock, as places in it."""
    if not len(ids):
        return np.empty((0, 2), np.int64)
    at = np.minimum(np.searchsorted(ids, doors), len(ids) - 1)
    kept: Places = at[(ids[at] == doors).all(axis=1)]
    return kept


def _with_units(zone_id: int, found: Found, looked_at: int) -> Fits:
    numbers = {number for fit in found.fits for number in fit.units}
    units = Unit.objects.filter(zone_id=zone_id).select_related("building__park").in_bulk(numbers)
    rows, told = [], set()
    for fit in found.fits:
        building = units[fit.units[0]].building_id
        # Said once, with the first of the building.
        alike = 0 if building in told else found.alike.get(building, 0)
        told.add(building)
        rows.append(UnitFit(fit, tuple(units[number] for number in fit.units), alike))
    return Fits(tuple(rows), found.counts, looked_at, found.is_cut)


# --- the reverse ------------------------------------------------------------------------------

# So many open needs are looked at, the earliest day first.
MOST_NEEDS = 200


@dataclass(frozen=True, slots=True)
class Seeker:
    """Somebody who looks for space, and how a unit fits, alone or joined with its neighbours."""

    need: SpaceNeed
    row: UnitFit
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """A firm whose lease ends soon: it decides anyway whether it stays."""

    lease: Lease
    area_m2: Decimal


@dataclass(frozen=True, slots=True)
class ToAsk:
    """Whom to ask about an empty unit. ``near_days``: within how many days a lease ends soon."""

    seekers: tuple[Seeker, ...]
    cramped: CrampedFirms
    endings: tuple[Ending, ...]
    near_days: int


def whom_to_ask(unit: Unit, *, now: datetime) -> ToAsk:
    """Open needs the unit fits, or could once something is measured; firms with too little space by
    the zone's rule; firms whose leases end soon. Each firm stands once, where it is nearest."""
    today = local_date(now)
    needs = list(
        SpaceNeed.objects.filter(zone_id=unit.zone_id, state=SpaceNeed.State.OPEN)
        .select_related("party", "park", "post__person")
        .order_by("from_on", "id")[:MOST_NEEDS]
    )
    found = _seekers(unit, needs, today)
    near = (
        LimitRule.objects.filter(zone_id=unit.zone_id, code="space.lease_end")
        .values_list("count", flat=True)
        .first()
    ) or 0
    looking = [need.party_id for need in needs if need.party_id]
    cramped = cramped_firms(unit.zone_id, now=now, but=looking)
    asked = [*looking, *(one.party.pk for one in cramped.rows)]
    return ToAsk(tuple(found), cramped, tuple(_endings(unit, today, near, asked)), near)


def _seekers(unit: Unit, needs: Sequence[SpaceNeed], today: date) -> list[Seeker]:
    doors = _doors(unit.zone_id)
    given: dict[str, int | date | list[int]] = {
        "zone": unit.zone_id, "today": today, "until": FOREVER, "late": LATE_DAYS,
        "needs": [need.pk for need in needs], "only": _within_reach(unit.pk, doors),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(OF_MANY, given)
        table = np.array(cursor.fetchall(), np.float64).reshape(-1, len(COLUMNS) + 4)
    best: list[tuple[SpaceNeed, Fit]] = []
    for need in needs:
        fit = _best_with(unit.pk, need, _stock(table[table[:, 0] == need.pk], doors))
        if fit is not None and fit.says != Says.NO:
            best.append((need, fit))
    numbers = {number for _need, fit in best for number in fit.units}
    units = (
        Unit.objects.filter(zone_id=unit.zone_id).select_related("building__park").in_bulk(numbers)
    )
    shown = set(
        Showing.objects.filter(zone_id=unit.zone_id, unit=unit).values_list("need_id", flat=True)
    )
    rows = [
        Seeker(
            need, UnitFit(fit, tuple(units[number] for number in fit.units), 0), need.pk in shown
        )
        for need, fit in best
    ]
    return sorted(rows, key=lambda one: (one.row.fit.says, len(one.row.units), one.need.from_on))


def _best_with(number: int, need: SpaceNeed, stock: Stock) -> Fit | None:
    """The best fit of a need that holds this unit."""
    if number not in stock.places:
        return None
    found = fitting.find_fits(need_of(need), stock, limit=200, of_a_building=None)
    return next((fit for fit in found.fits if number in fit.units), None)


def _within_reach(number: int, doors: Places) -> list[int]:
    """The unit and those it can be joined with: so many doors away as a set has further units."""
    reached = {number}
    for _door in range(fitting.MOST_UNITS - 1):
        near = np.isin(doors, list(reached)).any(axis=1)
        reached |= set(doors[near].ravel().tolist())
    return sorted(reached)


def _endings(unit: Unit, today: date, near: int, looking: Sequence[int]) -> list[Ending]:
    """Leases that end soon and are not renewed, of firms that do not look already."""
    rows = (
        Lease.objects.filter(
            zone_id=unit.zone_id, state=Lease.State.IN_FORCE, renewed_by__isnull=True,
            until__gte=today, until__lte=today + timedelta(days=near),
        )
        .exclude(party_id__in=looking)
        .annotate(area=Sum("occupancies__unit__area_m2", filter=Q(occupancies__is_struck=False)))
        .select_related("party")
        .order_by("until", "id")[:50]
    )  # fmt: skip
    return [Ending(one, one.area) for one in rows if one.area]
