"""Lists, counts and pages of parcels, buildings, units and leases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, ExpressionWrapper, F, Q, QuerySet, Sum, Value

from xiaoer.assets.models import (
    Building,
    CarrierFile,
    Lease,
    Occupancy,
    Parcel,
    Unit,
    UnitDoor,
    UnitMade,
    UnitSheet,
)
from xiaoer.assets.queries.unit_states import (
    HELD,
    Standing,
    UnitState,
    party_names,
    standings,
    units_on,
    with_state,
)

PAGE = 50
UNIT_SORTS = {
    "building": ("building__name", "floor", "code", "pk"),
    "-building": ("-building__name", "-floor", "-code", "-pk"),
    "area": ("area_m2", "pk"),
    "-area": ("-area_m2", "-pk"),
    "height": (F("height_m").asc(nulls_last=True), "pk"),
    "-height": (F("height_m").desc(nulls_last=True), "-pk"),
    "rent": (F("rent_fen").asc(nulls_last=True), "pk"),
    "-rent": (F("rent_fen").desc(nulls_last=True), "-pk"),
}
LEASE_SORTS = {
    "until": ("until", "pk"),
    "-until": ("-until", "-pk"),
    "number": ("number", "pk"),
    "-number": ("-number", "-pk"),
    "rent": ("rent_fen", "pk"),
    "-rent": ("-rent_fen", "-pk"),
}


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """What narrows the list of units. Areas in m²; ``floor`` and the others empty: any."""

    text: str = ""
    state: str = ""
    park: int | None = None
    building: int | None = None
    kind: str = ""
    fire_class: str = ""
    area_least: Decimal | None = None
    area_most: Decimal | None = None

    @property
    def folded(self) -> int:
        """How many filters hold that a phone does not show."""
        return sum(
            bool(one)
            for one in (self.park, self.building, self.kind, self.fire_class, self.area_least,
                        self.area_most)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeaseFilter:
    """What narrows the list of leases; ``running_out``: in force and within its days of notice."""

    text: str = ""
    state: str = ""
    building: int | None = None
    running_out: bool = False


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many units are in a state, and how large they are together."""

    state: UnitState
    count: int
    area_m2: Decimal


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit on the drawing of its floor: how wide of 24 parts."""

    standing: Standing
    width: int


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor of a building with its units from left to right."""

    number: int
    units: tuple[Placed, ...]
    area_m2: Decimal


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """A building with what its units come to."""

    building: Building
    units: int
    area_m2: Decimal
    vacant: int
    vacant_m2: Decimal

    @property
    def state(self) -> str:
        """coming: it does not stand yet; vacant: something in it is; full; empty: no unit entered."""
        if self.building.state != Building.State.BUILT:
            return "coming"
        if self.vacant:
            return "vacant"
        return "full" if self.units else "empty"


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A lease with its units, who rents, and how many days it has still to run."""

    lease: Lease
    units: tuple[Unit, ...]
    tenant: str
    days_left: int

    @property
    def colour(self) -> str:
        """Red: run out and not ended. Amber: within its days of notice and not renewed."""
        lease = self.lease
        if lease.state != Lease.State.IN_FORCE:
            return "grey"
        if lease.renewed_by_id is not None:
            return "green"
        if self.days_left < 0:
            return "red"
        return "amber" if self.days_left <= lease.notice_days else "green"


@dataclass(frozen=True, slots=True)
class Held:
    """One line of the history of a unit."""

    occupancy: Occupancy
    holder: str


def units(*, zone_id: int, filters: UnitFilter, on: date, but_state: bool = False) -> QuerySet[Any]:
    """Units as they are cut on a day, narrowed, with their ``state``."""
    found = units_on(zone_id, on).exclude(building__state=Building.State.GONE)
    if filters.text:
        found = found.filter(
            Q(code__icontains=filters.text)
            | Q(building__name__icontains=filters.text)
            | Q(note__icontains=filters.text)
        )
    wanted = {
        "building__park": filters.park,
        "building": filters.building,
        "building__kind": filters.kind,
        "fire_class": filters.fire_class,
        "area_m2__gte": filters.area_least,
        "area_m2__lte": filters.area_most,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    shown = with_state(found, on)
    return shown.filter(state=filters.state) if filters.state and not but_state else shown


def state_counts(*, zone_id: int, filters: UnitFilter, on: date) -> list[StateCount]:
    """How many units of a narrowed list are in which state; states nobody is in are left out."""
    rows = (
        units(zone_id=zone_id, filters=filters, on=on, but_state=True)
        .order_by()
        .values("state")
        .annotate(count=Count("pk"), area=Sum("area_m2"))
    )
    found = {row["state"]: row for row in rows}
    return [
        StateCount(state, found[state]["count"], found[state]["area"])
        for state in UnitState
        if state in found
    ]


def unit_by_id(*, zone_id: int, unit_id: int) -> Unit | None:
    return (
        Unit.objects.select_related("building__parcel", "building__park")
        .filter(zone_id=zone_id, pk=unit_id)
        .first()
    )


def building_by_id(*, zone_id: int, building_id: int) -> Building | None:
    return (
        Building.objects.select_related("parcel", "park", "party", "operator")
        .filter(zone_id=zone_id, pk=building_id)
        .first()
    )


def parcels(*, zone_id: int) -> QuerySet[Parcel]:
    """The parcels that were not given back, by number."""
    return (
        Parcel.objects.select_related("park", "party")
        .filter(zone_id=zone_id)
        .exclude(stage=Parcel.Stage.EXITED)
        .order_by("number")
    )


def parcel_by_id(*, zone_id: int, parcel_id: int) -> Parcel | None:
    return (
        Parcel.objects.select_related("park", "party").filter(zone_id=zone_id, pk=parcel_id).first()
    )


def lease_by_id(*, zone_id: int, lease_id: int) -> Lease | None:
    return (
        Lease.objects.select_related("renewed_by", "file")
        .filter(zone_id=zone_id, pk=lease_id)
        .first()
    )


def occupancy_by_id(*, zone_id: int, occupancy_id: int) -> Occupancy | None:
    return (
        Occupancy.objects.select_related("unit__building", "lease")
        .filter(zone_id=zone_id, pk=occupancy_id)
        .first()
    )


def building_rows(
    *,
    zone_id: int,
    on: date,
    park: int | None = None,
    parcel: int | None = None,
    kind: str = "",
    text: str = "",
) -> list[BuildingRow]:
    """The buildings that are not gone, by name, with what their units come to."""
    rows = Building.objects.select_related("park", "parcel", "operator").filter(zone_id=zone_id)
    rows = rows.exclude(state=Building.State.GONE)
    if park is not None:
        rows = rows.filter(park=park)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(operator__name__icontains=text))
    cut = units_on(zone_id, on)
    if parcel is not None:
        rows, cut = rows.filter(parcel=parcel), cut.filter(building__parcel=parcel)
    vacant = Q(state=UnitState.VACANT)
    sums = {
        row["building"]: row
        for row in with_state(cut, on)
        .order_by()
        .values("building")
        .annotate(
            count=Count("pk"), area=Sum("area_m2"), free=Count("pk", filter=vacant),
            free_area=Sum("area_m2", filter=vacant),
        )
    }  # fmt: skip
    nothing: dict[str, Any] = {"count": 0, "area": Decimal(0), "free": 0, "free_area": None}
    found = []
    for row in rows.order_by("name"):
        sum_ = sums.get(row.pk, nothing)
        found.append(
            BuildingRow(
                row, sum_["count"], sum_["area"], sum_["free"], sum_["free_area"] or Decimal(0)
            )
        )
    return found


def floors_of(*, building: Building, on: date) -> list[Floor]:
    """The floors of a building from the top, each unit as wide as its share of the largest floor."""
    here = units_on(building.zone_id, on).filter(building=building).order_by("floor", "code", "pk")
    floors: dict[int, list[Standing]] = {}
    for standing in standings(here, on):
        floors.setdefault(standing.unit.floor, []).append(standing)
    return [
        Floor(number, tuple(_placed(there)), sum((one.unit.area_m2 for one in there), Decimal(0)))
        for number, there in sorted(floors.items(), reverse=True)
    ]


def _placed(there: Sequence[Standing]) -> Iterable[Placed]:
    whole = sum((one.unit.area_m2 for one in there), Decimal(0))
    for one in there:
        yield Placed(one, max(2, round(24 * one.unit.area_m2 / whole)))


def history_of(unit: Unit) -> list[Held]:
    """Who held a unit, the latest first; what was struck out stays out."""
    rows = list(
        unit.occupancies.filter(is_struck=False).select_related("lease").order_by("-since", "-pk")
    )
    names = party_names(row.party_id for row in rows)
    return [Held(row, names.get(row.party_id or 0, row.name)) for row in rows]


def made_of(unit: Unit) -> list[Unit]:
    """The units it was made of by merging or splitting."""
    return [made.old for made in UnitMade.objects.filter(new=unit).select_related("old")]


def became(unit: Unit) -> list[Unit]:
    """The units that were made of it."""
    return [made.new for made in UnitMade.objects.filter(old=unit).select_related("new")]


def doors_of(unit: Unit) -> list[tuple[Unit, str]]:
    """Living units it opens into, and how."""
    doors = UnitDoor.objects.filter(Q(first=unit) | Q(second=unit)).select_related(
        "first", "second"
    )
    found = [(door.second if door.first_id == unit.pk else door.first, door.how) for door in doors]
    return sorted(
        ((other, how) for other, how in found if other.until is None), key=lambda pair: pair[0].code
    )


def leases(*, zone_id: int, filters: LeaseFilter, on: date) -> QuerySet[Lease]:
    found = Lease.objects.filter(zone_id=zone_id)
    if filters.text:
        held = Occupancy.objects.filter(
            Q(unit__code__icontains=filters.text)
            | Q(unit__building__name__icontains=filters.text)
            | Q(party__name__icontains=filters.text),
            zone_id=zone_id,
            lease__isnull=False,
        )
        found = found.filter(Q(number__icontains=filters.text) | Q(pk__in=held.values("lease")))
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.building:
        found = found.filter(
            pk__in=Occupancy.objects.filter(unit__building=filters.building).values("lease")
        )
    if filters.running_out:
        found = running_out(found, on)
    return found


def running_out(found: QuerySet[Lease], on: date) -> QuerySet[Lease]:
    """Leases in force whose days of notice have begun, and that nobody renewed."""
    return found.filter(
        state=Lease.State.IN_FORCE,
        renewed_by__isnull=True,
        until__lte=ExpressionWrapper(
            Value(on, output_field=DateField()) + F("notice_days"), output_field=DateField()
        ),
    )


def lease_rows(found: Iterable[Lease], on: date) -> list[LeaseRow]:
    """Leases with their units and tenants, in two questions however many they are."""
    rows = list(found)
    held: dict[int, list[Unit]] = {}
    for one in (
        Occupancy.objects.filter(lease__in=[row.pk for row in rows], is_struck=False)
        .select_related("unit__building")
        .order_by("unit__building__name", "unit__code")
    ):
        held.setdefault(one.lease_id or 0, []).append(one.unit)
    names = party_names(row.party_id for row in rows)
    return [
        LeaseRow(
            row, tuple(dict.fromkeys(held.get(row.pk, ()))), names.get(row.party_id, ""),
            (row.until - on).days,
        )
        for row in rows
    ]  # fmt: skip


def files_of(
    *, building: Building | None = None, unit: Unit | None = None, parcel: Parcel | None = None
) -> list[CarrierFile]:
    """Pictures, plans and papers of one thing, in their order."""
    return list(
        CarrierFile.objects.filter(
            building=building, unit=unit, parcel=parcel, removed_at__isnull=True
        ).select_related("file")
    )


def carrier_file(*, zone_id: int, number: int) -> CarrierFile | None:
    return (
        CarrierFile.objects.select_related("file")
        .filter(zone_id=zone_id, pk=number, removed_at__isnull=True)
        .first()
    )


def unit_sheets(*, zone_id: int) -> "QuerySet[UnitSheet]":
    """Sheets brought in, the latest first, with who brought them."""
    rows = UnitSheet.objects.filter(zone_id=zone_id).select_related("post__person")
    return rows.order_by("-at", "-pk")


def held_share(counts: Sequence[StateCount]) -> Decimal | None:
    """The share of the area that is held, in percent; none where there is nothing to hold."""
    coming = {UnitState.PLANNED, UnitState.BUILDING, UnitState.GONE}
    there = sum((one.area_m2 for one in counts if one.state not in coming), Decimal(0))
    held = HELD | {UnitState.IDLE, UnitState.INEFFICIENT}
    used = sum((one.area_m2 for one in counts if one.state in held), Decimal(0))
    return None if not there else round(100 * used / there, 1)
