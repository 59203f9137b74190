"""亩均效益 Per-mu performance: what firms pay and make, set against the land they use.

A firm that holds land is counted on its parcels by their area; one that holds none, where it rents,
by floor space. The holder's tenants count on its land. A firm of which nothing is known is missing:
the sum of the others is then only the least it can be, and is shown so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from xiaoer.assets.models import Building, Occupancy, Parcel
from xiaoer.assets.queries.land import months_later, mu
from xiaoer.assets.queries.unit_states import held_between
from xiaoer.base.scope import Actor
from xiaoer.facts import queries as facts
from xiaoer.facts.models import Column
from xiaoer.facts.queries import MonthOfFirms
from xiaoer.registry.models import Park, Party

PERFORMANCE_LEVELS = ("park", "parcel", "building")
# What is set against land, and the metrics it is read from: of several the one that knows most.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "tax": ("tax_paid",),
    "revenue": ("operating_revenue", "main_revenue_cny"),
    "output": ("output_value",),
}
# Of two columns that know as much the former counts.
TRUST = (Column.OFFICIAL, Column.REPORTED, Column.ESTIMATED)
TREND_MONTHS = 24
HELD = (Parcel.Stage.SUPPLIED, Parcel.Stage.IN_USE)


@dataclass(frozen=True, slots=True)
class YearFigure:
    """What a firm's year comes to in one column, and how many of its months are known."""

    total: Decimal
    months: int


@dataclass(frozen=True, slots=True)
class FirmYear:
    """A firm's year in the three columns; ``best`` is the one that counts, if any does.

    ``amount``: in it, 10,000 yuan; ``is_whole``: of every month asked.
    """

    party_id: int
    name: str
    columns: Mapping[str, YearFigure]
    months_asked: int
    best: str | None
    amount: Decimal | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class FirmPart:
    """How much of a firm's year counts at a place."""

    firm: FirmYear
    share: Decimal
    by_land: bool

    @property
    def counted(self) -> Decimal | None:
        amount = self.firm.amount
        return None if amount is None else amount * self.share


@dataclass(frozen=True, slots=True)
class PlaceYear:
    """A place with its firms. ``area``: 亩 of land; of a building m² of floor.

    ``total`` sums what is known; ``missing`` are the firms nothing is known of, ``partial`` those of
    which months are; ``is_whole`` says whether the sum is all.
    """

    place_id: int
    name: str
    area: Decimal
    parts: tuple[FirmPart, ...]
    total: Decimal | None
    missing: int
    partial: int

    @property
    def per(self) -> Decimal | None:
        """10,000 yuan a mu; of a building a square metre."""
        return None if self.total is None or not self.area else self.total / self.area

    @property
    def is_whole(self) -> bool:
        return bool(self.parts) and not self.missing and not self.partial


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What a month's known figures come to on all land of the zone, and of how many firms."""

    month: date
    total: Decimal | None
    firms: int


@dataclass(frozen=True, slots=True)
class Performance:
    """Places of a level in a year, the largest first; the whole zone; and its months."""

    whole: PlaceYear
    places: tuple[PlaceYear, ...]
    trend: tuple[MonthSum, ...]


@dataclass(frozen=True, slots=True)
class _Use:
    """A firm on so much of a parcel's land or a building's floor."""

    party_id: int
    parcel_id: int | None
    building_id: int | None
    weight: Decimal
    by_land: bool


def performance(*, by: Actor, level: str, measure: str, year: int, today: date) -> Performance:
    """What each park, parcel or building of the zone came to in a year, per mu (per m²)."""
    uses = _uses(by.zone_id, today, by_floor=level == "building")
    first = months_later(date(year, 12, 1), 1 - TREND_MONTHS)
    users = {use.party_id for use in uses}
    sums, months = facts.year_of_firms(
        zone_id=by.zone_id, codes=MEASURES[measure], party_ids=users, year=year, since=first,
        trust=TRUST,
    )  # fmt: skip
    columns: dict[int, dict[str, YearFigure]] = defaultdict(dict)
    for one in sums:
        columns[one.party_id][one.column] = YearFigure(one.total, one.months)
    names = dict(Party.objects.filter(pk__in=users).values_list("pk", "name"))
    asked = 12 if year < today.year else today.month - 1
    firms = {
        party: _firm_year(party, name, columns.get(party, {}), max(asked, 1))
        for party, name in names.items()
    }
    shares = _shares(uses)
    places = _places(by.zone_id, level, uses, shares, firms)
    places.sort(key=lambda one: (one.per is None, -(one.per or 0), one.name))
    whole = _whole(places, firms)
    return Performance(whole, tuple(places), _trend(months, first, min(date(year, 12, 31), today)))


def _firm_year(party_id: int, name: str, columns: Mapping[str, YearFigure], asked: int) -> FirmYear:
    """Judged once: the same firm counts at several places, and is asked for again and again."""
    known = [one for one in TRUST if one in columns]
    best = max(known, key=lambda one: columns[one].months, default=None)
    figure = None if best is None else columns[best]
    return FirmYear(
        party_id, name, columns, asked, best, figure.total if figure else None,
        figure is not None and figure.months >= asked,
    )  # fmt: skip


def _uses(zone_id: int, on: date, *, by_floor: bool) -> list[_Use]:
    """Who uses which land or floor on a day."""
    held = Parcel.objects.filter(zone_id=zone_id, stage__in=HELD, party__isnull=False)
    land = [
        _Use(party_id, pk, None, area, True)
        for pk, party_id, area in held.values_list("pk", "party_id", "area_m2")
        if party_id is not None
    ]
    holders = set() if by_floor else {use.party_id for use in land}
    rows = Occupancy.objects.filter(
        held_between(on, on), zone_id=zone_id, party__isnull=False
    ).exclude(Q(kind=Occupancy.Kind.RESERVED) | Q(lease__state="draft"))
    floor = [
        _Use(party_id, parcel_id, building_id, area, False)
        for party_id, parcel_id, building_id, area in rows.values_list(
            "party_id", "unit__building__parcel_id", "unit__building_id", "unit__area_m2"
        )
        if party_id is not None and party_id not in holders
    ]
    return floor if by_floor else [*land, *floor]


def _shares(uses: Sequence[_Use]) -> dict[int, Decimal]:
    """Of each firm all it uses, so that its shares add up to one."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for use in uses:
        sums[use.party_id] += use.weight
    return sums


def _places(
    zone_id: int,
    level: str,
    uses: Sequence[_Use],
    sums: Mapping[int, Decimal],
    firms: Mapping[int, FirmYear],
) -> list[PlaceYear]:
    areas, names, place_of = _ground(zone_id, level)
    parts: dict[int, dict[tuple[int, bool], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for use in uses:
        place = place_of(use)
        if place is not None and place in areas:
            parts[place][use.party_id, use.by_land] += use.weight / sums[use.party_id]
    return [
        _place(
            place,
            names[place],
            area,
            tuple(
                FirmPart(firms[party], share, by_land)
                for (party, by_land), share in parts[place].items()
                if party in firms
            ),
        )
        for place, area in areas.items()
    ]


def _place(number: int, name: str, area: Decimal, parts: tuple[FirmPart, ...]) -> PlaceYear:
    """Summed once: a park has thousands of firms, and its sum is asked for again and again."""
    known = [amount for part in parts if (amount := part.counted) is not None]
    total = sum(known, Decimal(0)) if known else None
    partial = sum(part.firm.amount is not None and not part.firm.is_whole for part in parts)
    return PlaceYear(number, name, area, parts, total, len(parts) - len(known), partial)


Ground = tuple[dict[int, Decimal], dict[int, str], Callable[[_Use], int | None]]


def _ground(zone_id: int, level: str) -> Ground:
    """Areas and names of the places of a level, and to which of them a use belongs."""
    if level == "building":
        rows = Building.objects.filter(zone_id=zone_id, state=Building.State.BUILT)
        areas = dict(rows.values_list("pk", "area_m2"))
        return areas, dict(rows.values_list("pk", "name")), lambda use: use.building_id
    parcels = list(
        Parcel.objects.filter(zone_id=zone_id, stage__in=HELD).values_list(
            "pk", "number", "area_m2", "park_id"
        )
    )
    if level == "parcel":
        areas = {pk: mu(area) for pk, _number, area, _park in parcels}
        return areas, {pk: number for pk, number, _a, _p in parcels}, lambda use: use.parcel_id
    park_of = {pk: park for pk, _number, _area, park in parcels}
    areas = {}
    for _pk, _number, area, park in parcels:
        if park is not None:
            areas[park] = areas.get(park, Decimal(0)) + mu(area)
    names = dict(Park.objects.filter(zone_id=zone_id).values_list("pk", "name"))
    return areas, names, lambda use: park_of.get(use.parcel_id or 0)


def _whole(places: Sequence[PlaceYear], firms: Mapping[int, FirmYear]) -> PlaceYear:
    shares: dict[int, Decimal] = defaultdict(Decimal)
    for place in places:
        for part in place.parts:
            shares[part.firm.party_id] += part.share
    parts = tuple(FirmPart(firms[party], share, True) for party, share in shares.items())
    return _place(0, "", sum((one.area for one in places), Decimal(0)), parts)


def _trend(known: Iterable[MonthOfFirms], first: date, until: date) -> tuple[MonthSum, ...]:
    """Month by month what is known; a month of which nothing is known stands there empty."""
    of = {one.month: one for one in known}
    asked = [months_later(first, step) for step in range(TREND_MONTHS)]
    return tuple(
        MonthSum(month, of[month].total, of[month].firms)
        if month in of
        else MonthSum(month, None, 0)
        for month in asked
        if month <= until
    )


def years_of_performance(*, zone_id: int, today: date) -> list[int]:
    """Years that can be asked for: this one and the four before, the latest first."""
    return [today.year - back for back in range(5)]
