"""API of carriers: parcels, buildings, units and who holds them, leases."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import carriers as access
from xiaoer.assets.models import Building, FireClass, Lease, Occupancy, Parcel, Unit, UnitDoor
from xiaoer.assets.queries import PAGE, LeaseFilter, LeaseRow, Standing, UnitFilter, UnitState
from xiaoer.base import checking
from xiaoer.base.api.shapes import Day, Line, Number, Phrase, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Park, Party

router = Router(tags=["assets"])
M = TypeVar("M", bound=Model)
_KEPT = r"^[^\u0000]*$"
Why = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True, pattern=_KEPT)]
Fen = Annotated[int, Field(ge=0, le=10**15)]
Area = Annotated[Decimal, Field(gt=0, le=10**9)]
Measure = Annotated[Decimal, Field(ge=0, le=10**6)]
Whole = Annotated[int, Field(ge=0, le=10**9)]


def one_of(model: type[M], number: int | None, by: Actor, field: str) -> M | None:
    """A row of the zone named in the body; one that is not here is refused.

    An operator names a firm by its number, which it cannot read itself.
    """
    if number is None:
        return None
    with on_behalf(by):
        row = model._default_manager.filter(zone_id=by.zone_id, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


def today() -> date:
    return checking.today(timezone.now())


def unit_here(by: Actor, unit_id: int) -> Unit:
    access.must_read_carriers(by)
    return found(queries.unit_by_id(zone_id=by.zone_id, unit_id=unit_id))


def units_here(by: Actor, numbers: list[int]) -> list[Unit]:
    return [unit_here(by, number) for number in dict.fromkeys(numbers)]


def building_here(by: Actor, building_id: int) -> Building:
    access.must_read_carriers(by)
    return found(queries.building_by_id(zone_id=by.zone_id, building_id=building_id))


def lease_here(by: Actor, lease_id: int) -> Lease:
    access.must_read_carriers(by)
    return found(queries.lease_by_id(zone_id=by.zone_id, lease_id=lease_id))


class CarrierParcelIn(Schema):
    """A parcel; what is not known stays empty or null. ``stage`` counts where it is entered first."""

    number: Phrase
    area_m2: Area
    name: Phrase = ""
    park: Number | None = None
    use: Parcel.Use = Parcel.Use.INDUSTRY
    plot_ratio_least: Measure | None = None
    is_standard_land: bool = False
    stage: Parcel.Stage = Parcel.Stage.PLANNED
    stage_on: Day | None = None
    party: Number | None = None
    price_fen: Fen | None = None
    held_until: Day | None = None
    outline: dict[str, Any] | None = Field(None, description="a GeoJSON geometry, WGS 84")
    note: Why = ""

    def facts(self, by: Actor) -> assets.ParcelFacts:
        linked: dict[str, Any] = {
            "park": one_of(Park, self.park, by, "park"),
            "party": one_of(Party, self.party, by, "party"),
        }
        return assets.ParcelFacts(
            **self.dict(include=set(CarrierParcelIn.model_fields) - set(linked)), **linked
        )


class CarrierParcelChangeIn(CarrierParcelIn):
    version: int


class CarrierParcelOut(Schema):
    id: int
    version: int
    number: str
    name: str
    area_m2: Decimal
    use: Parcel.Use
    stage: Parcel.Stage
    stage_on: date
    is_standard_land: bool
    party_id: int | None
    park_id: int | None
    price_fen: int | None
    held_until: date | None
    outline: dict[str, Any] | None


class CarrierBuildingIn(Schema):
    """A building; what is not known stays empty or null."""

    name: Phrase
    kind: Building.Kind
    area_m2: Area
    state: Building.State = Building.State.BUILT
    parcel: Number | None = None
    park: Number | None = None
    floors: Annotated[int, Field(ge=1, le=200)] = 1
    party: Number | None = None
    operator: Number | None = None
    is_state_owned: bool = False
    fire_class: FireClass | None = None
    is_accepted: bool | None = None
    built_on: Day | None = None
    gone_on: Day | None = None
    outline: dict[str, Any] | None = Field(None, description="a GeoJSON geometry, WGS 84")

    def facts(self, by: Actor) -> assets.BuildingFacts:
        linked: dict[str, Any] = {
            "park": one_of(Park, self.park, by, "park"),
            "parcel": one_of(Parcel, self.parcel, by, "parcel"),
            "party": one_of(Party, self.party, by, "party"),
            "operator": one_of(Party, self.operator, by, "operator"),
            "fire_class": self.fire_class or "",
        }
        return assets.BuildingFacts(
            **self.dict(include=set(CarrierBuildingIn.model_fields) - set(linked)), **linked
        )


class CarrierBuildingChangeIn(CarrierBuildingIn):
    version: int


class CarrierBuildingOut(Schema):
    id: int
    version: int
    name: str
    kind: Building.Kind
    state: Building.State
    area_m2: Decimal
    floors: int
    parcel_id: int | None
    park_id: int | None
    party_id: int | None
    operator_id: int | None
    is_state_owned: bool
    fire_class: str
    is_accepted: bool | None
    built_on: date | None
    outline: dict[str, Any] | None


class CarrierUnitIn(Schema):
    """A unit; what is null is not known, and then it fits nobody for sure."""

    code: Word
    area_m2: Area
    floor: Annotated[int, Field(ge=-9, le=200)] = 1
    height_m: Measure | None = None
    load_kg_m2: Whole | None = None
    column_m: Measure | None = None
    crane_t: Measure | None = None
    power_kva: Whole | None = None
    has_gas: bool | None = None
    has_steam: bool | None = None
    drains_t_day: Whole | None = None
    fire_class: FireClass | None = None
    rent_fen: Whole | None = None
    price_fen: Fen | None = None
    note: Why = ""

    def facts(self) -> assets.UnitFacts:
        plain = self.dict(include=set(CarrierUnitIn.model_fields) - {"fire_class"})
        return assets.UnitFacts(**plain, fire_class=self.fire_class or "")


class CarrierUnitNewIn(CarrierUnitIn):
    since: Day | None = None


class CarrierUnitChangeIn(CarrierUnitIn):
    version: int


class CarrierUnitOut(Schema):
    """A unit with what it is today and who has it."""

    id: int
    version: int
    building_id: int
    building: str
    code: str
    floor: int
    area_m2: Decimal
    height_m: Decimal | None
    load_kg_m2: int | None
    column_m: Decimal | None
    crane_t: Decimal | None
    power_kva: int | None
    has_gas: bool | None
    has_steam: bool | None
    drains_t_day: int | None
    fire_class: str
    rent_fen: int | None
    price_fen: int | None
    since: date
    until: date | None
    state: UnitState
    is_held: bool
    holder: str
    held_until: date | None
    hold: str
    hold_why: str


class CarrierUnitPageOut(Schema):
    rows: list[CarrierUnitOut]
    total: int
    page: int
    pages: int


class CarrierUnitQuery(Schema):
    text: Word = ""
    state: UnitState | None = None
    park: Number | None = None
    building: Number | None = None
    kind: Building.Kind | None = None
    fire_class: FireClass | None = None
    area_least: Area | None = None
    area_most: Area | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    def filters(self) -> UnitFilter:
        asked: dict[str, Any] = self.dict(exclude={"page"})
        for name in ("state", "kind", "fire_class"):
            asked[name] = asked[name] or ""
        return UnitFilter(**asked)


class SplitIn(Schema):
    parts: Annotated[list[CarrierUnitIn], Field(min_length=2, max_length=50)]
    on: Day | None = None


class UnitsMergeIn(Schema):
    units: Annotated[list[Number], Field(min_length=2, max_length=50)]
    code: Word
    on: Day | None = None


class UnitJoinIn(Schema):
    other: Number
    how: UnitDoor.How = UnitDoor.How.BESIDE


class UnitOtherIn(Schema):
    other: Number


class UnitHoldIn(Schema):
    hold: Annotated[str, StringConstraints(pattern=r"^(idle|inefficient|kept|)$")]
    why: Why


class UnitReserveIn(Schema):
    """For an enterprise of the registry, or a name while there is none."""

    party: Number | None = None
    name: Phrase = ""
    since: Day | None = None
    until: Day
    why: Line = ""


class UnitUseIn(Schema):
    party: Number | None = None
    name: Phrase = ""
    since: Day | None = None
    until: Day | None = None
    why: Line = ""


class UnitSaleIn(Schema):
    party: Number | None = None
    name: Phrase = ""
    on: Day
    price_fen: Fen | None = None
    why: Line = ""


class OccupancyEndIn(Schema):
    """``is_mistake``: it was never so, and is struck out."""

    why: Line
    on: Day | None = None
    is_mistake: bool = False


class CarrierHeldOut(Schema):
    id: int
    unit_id: int
    kind: Occupancy.Kind
    party_id: int | None
    holder: str
    lease_id: int | None
    since: date
    until: date | None
    why: str
    is_struck: bool


class LeaseIn(Schema):
    """Money in fen; ``promises`` such as ``{"tax_wan": 120}``."""

    number: Word
    party: Number
    since: Day
    until: Day
    rent_fen: Fen
    deposit_fen: Fen = 0
    notice_days: Annotated[int, Field(ge=0, le=730)] = 90
    may_sublet: bool = False
    promises: Annotated[dict[Word, Decimal], Field(max_length=20)] = Field(default_factory=dict)
    units: Annotated[list[Number], Field(min_length=1, max_length=200)]

    def facts(self, by: Actor) -> assets.LeaseFacts:
        party = one_of(Party, self.party, by, "party")
        if party is None:
            raise Refused(_("Name the enterprise."), field="party")
        plain = self.dict(exclude={"party", "units", "promises", "version"})
        promises = {code: str(amount) for code, amount in self.promises.items()}
        return assets.LeaseFacts(**plain, party=party, promises=promises)


class LeaseChangeIn(LeaseIn):
    version: int


class LeaseBeginIn(Schema):
    deposit_paid_on: Day | None = None


class LeaseRenewIn(Schema):
    number: Word
    until: Day
    rent_fen: Fen | None = None
    deposit_fen: Fen | None = None


class LeaseEndIn(Schema):
    on: Day
    why: Why = ""


class LeaseWhyIn(Schema):
    why: Why


class LeaseDayIn(Schema):
    on: Day


class LeaseOut(Schema):
    id: int
    version: int
    number: str
    party_id: int
    tenant: str
    units: list[int]
    since: date
    until: date
    days_left: int
    rent_fen: int
    deposit_fen: int
    deposit_paid_on: date | None
    deposit_back_on: date | None
    notice_days: int
    may_sublet: bool
    promises: dict[str, Any]
    state: Lease.State
    ended_on: date | None
    ended_why: str
    renewed_by_id: int | None


class LeasePageOut(Schema):
    rows: list[LeaseOut]
    total: int
    page: int
    pages: int


class LeaseQuery(Schema):
    text: Word = ""
    state: Lease.State | None = None
    building: Number | None = None
    running_out: bool = False
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


def told(standing: Standing) -> dict[str, Any]:
    """A unit as the API tells it."""
    unit = standing.unit
    plain = set(CarrierUnitOut.model_fields) - {
        "building", "state", "is_held", "holder", "held_until"
    }  # fmt: skip
    return {name: getattr(unit, name) for name in plain} | {
        "building": unit.building.name, "state": standing.state, "is_held": standing.is_held,
        "holder": standing.holder, "held_until": standing.until,
    }  # fmt: skip


def unit_told(by: Actor, number: int) -> dict[str, Any]:
    return told(queries.unit_state(unit_here(by, number), today()))


def occupancy_told(by: Actor, number: int) -> dict[str, Any]:
    row = found(queries.occupancy_by_id(zone_id=by.zone_id, occupancy_id=number))
    names = queries.party_names([row.party_id])
    plain = set(CarrierHeldOut.model_fields) - {"holder"}
    return {name: getattr(row, name) for name in plain} | {
        "holder": names.get(row.party_id or 0, row.name)
    }


def lease_told(by: Actor, number: int) -> dict[str, Any]:
    return told_lease(queries.lease_rows([lease_here(by, number)], today())[0])


def told_lease(shown: LeaseRow) -> dict[str, Any]:
    plain = set(LeaseOut.model_fields) - {"tenant", "units", "days_left"}
    return {name: getattr(shown.lease, name) for name in plain} | {
        "tenant": shown.tenant, "units": [unit.pk for unit in shown.units],
        "days_left": shown.days_left,
    }  # fmt: skip


def paged(total: int, page: int) -> tuple[int, int]:
    """The page that is there, and how many there are."""
    pages = max(-(-total // PAGE), 1)
    return min(page, pages), pages


# Parcels and buildings ----------------------------------------------------------------------------


@router.get("/carriers/parcels", response={200: list[CarrierParcelOut], **PROBLEMS})
@api(READ)
def list_carrier_parcels(request: HttpRequest, by: Actor) -> Any:
    """The parcels of the zone that were not given back."""
    access.must_read_carriers(by)
    return list(queries.parcels(zone_id=by.zone_id))


@router.post("/carriers/parcels", response={201: CarrierParcelOut, **PROBLEMS})
@api(WRITE)
def add_parcel(request: HttpRequest, by: Actor, body: CarrierParcelIn) -> Any:
    return 201, assets.add_parcel(by=by, now=timezone.now(), facts=body.facts(by))


@router.put("/carriers/parcels/{parcel_id}", response={200: CarrierParcelOut, **PROBLEMS})
@api(WRITE)
def change_parcel(
    request: HttpRequest, by: Actor, parcel_id: int, body: CarrierParcelChangeIn
) -> Any:
    row = found(queries.parcel_by_id(zone_id=by.zone_id, parcel_id=parcel_id))
    return assets.change_parcel(
        by=by, now=timezone.now(), parcel=row, facts=body.facts(by), version=body.version
    )


@router.get("/carriers/buildings", response={200: list[CarrierBuildingOut], **PROBLEMS})
@api(READ)
def list_buildings(request: HttpRequest, by: Actor) -> Any:
    """The buildings that stand or come."""
    access.must_read_carriers(by)
    return [row.building for row in queries.building_rows(zone_id=by.zone_id, on=today())]


@router.post("/carriers/buildings", response={201: CarrierBuildingOut, **PROBLEMS})
@api(WRITE)
def add_building(request: HttpRequest, by: Actor, body: CarrierBuildingIn) -> Any:
    return 201, assets.add_building(by=by, now=timezone.now(), facts=body.facts(by))


@router.put("/carriers/buildings/{building_id}", response={200: CarrierBuildingOut, **PROBLEMS})
@api(WRITE)
def change_building(
    request: HttpRequest, by: Actor, building_id: int, body: CarrierBuildingChangeIn
) -> Any:
    return assets.change_building(
        by=by, now=timezone.now(), building=building_here(by, building_id), facts=body.facts(by),
        version=body.version,
    )  # fmt: skip


@router.post("/carriers/buildings/{building_id}/units", response={201: CarrierUnitOut, **PROBLEMS})
@api(WRITE)
def add_unit(request: HttpRequest, by: Actor, building_id: int, body: CarrierUnitNewIn) -> Any:
    made = assets.add_unit(
        by=by, now=timezone.now(), building=building_here(by, building_id), facts=body.facts(),
        since=body.since,
    )  # fmt: skip
    return 201, unit_told(by, made.pk)


# Units --------------------------------------------------------------------------------------------


@router.get("/carriers/units", response={200: CarrierUnitPageOut, **PROBLEMS})
@api(READ)
def list_units(request: HttpRequest, by: Actor, asked: Query[CarrierUnitQuery]) -> Any:
    """Units as they are cut today, narrowed, by building, floor and number."""
    access.must_read_carriers(by)
    on = today()
    rows = queries.units(zone_id=by.zone_id, filters=asked.filters(), on=on)
    total = rows.count()
    page, pages = paged(total, asked.page)
    part = rows.order_by(*queries.UNIT_SORTS["building"])[(page - 1) * PAGE : page * PAGE]
    shown = [told(one) for one in queries.standings(part, on)]
    return {"rows": shown, "total": total, "page": page, "pages": pages}


@router.get("/carriers/units/{unit_id}", response={200: CarrierUnitOut, **PROBLEMS})
@api(READ)
def read_unit(request: HttpRequest, by: Actor, unit_id: int) -> Any:
    return unit_told(by, unit_id)


@router.get("/carriers/units/{unit_id}/history", response={200: list[CarrierHeldOut], **PROBLEMS})
@api(READ)
def unit_history(request: HttpRequest, by: Actor, unit_id: int) -> Any:
    """Who held a unit, the latest first."""
    rows = queries.history_of(unit_here(by, unit_id))
    plain = set(CarrierHeldOut.model_fields) - {"holder"}
    return [
        {name: getattr(one.occupancy, name) for name in plain} | {"holder": one.holder}
        for one in rows
    ]


@router.put("/carriers/units/{unit_id}", response={200: CarrierUnitOut, **PROBLEMS})
@api(WRITE)
def change_unit(request: HttpRequest, by: Actor, unit_id: int, body: CarrierUnitChangeIn) -> Any:
    assets.change_unit(
        by=by, now=timezone.now(), unit=unit_here(by, unit_id), facts=body.facts(),
        version=body.version,
    )  # fmt: skip
    return unit_told(by, unit_id)


@router.post("/carriers/units/{unit_id}/split", response={200: list[CarrierUnitOut], **PROBLEMS})
@api(WRITE)
def split_unit(request: HttpRequest, by: Actor, unit_id: int, body: SplitIn) -> Any:
    """Make several units of one. Refused while anybody holds it."""
    made = assets.split_unit(
        by=by, now=timezone.now(), unit=unit_here(by, unit_id), on=body.on,
        parts=[part.facts() for part in body.parts],
    )  # fmt: skip
    return [unit_told(by, unit.pk) for unit in made]


@router.post("/carriers/merged-units", response={200: CarrierUnitOut, **PROBLEMS})
@api(WRITE)
def merge_units(request: HttpRequest, by: Actor, body: UnitsMergeIn) -> Any:
    """Make one unit of several of a building. Refused while anybody holds one of them."""
    made = assets.merge_units(
        by=by, now=timezone.now(), units=units_here(by, body.units), code=body.code, on=body.on
    )
    return unit_told(by, made.pk)


@router.post("/carriers/units/{unit_id}/join", response={200: CarrierUnitOut, **PROBLEMS})
@api(WRITE)
def join_units(request: HttpRequest, by: Actor, unit_id: int, body: UnitJoinIn) -> Any:
    """Say that two units can be used as one."""
    assets.join_units(
        by=by, now=timezone.now(), first=unit_here(by, unit_id), second=unit_here(by, body.other),
        how=body.how,
    )  # fmt: skip
    return unit_told(by, unit_id)


@router.post("/carriers/units/{unit_id}/part", response={200: CarrierUnitOut, **PROBLEMS})
@api(WRITE)
def part_units(request: HttpRequest, by: Actor, unit_id: int, body: UnitOtherIn) -> Any:
    """Say that two units cannot be used as one."""
    assets.part_units(
        by=by, now=timezone.now(), first=unit_here(by, unit_id), second=unit_here(by, body.other)
    )
    return unit_told(by, unit_id)


@router.post("/carriers/units/{unit_id}/hold", response={200: CarrierUnitOut, **PROBLEMS})
@api(WRITE)
def hold_unit(request: HttpRequest, by: Actor, unit_id: int, body: UnitHoldIn) -> Any:
    """Mark a unit idle, used inefficiently or not offered; an empty mark lifts that."""
    assets.hold_unit(
        by=by, now=timezone.now(), unit=unit_here(by, unit_id), hold=body.hold, why=body.why
    )
    return unit_told(by, unit_id)


@router.post("/carriers/units/{unit_id}/reserve", response={201: CarrierHeldOut, **PROBLEMS})
@api(WRITE)
def reserve_unit(request: HttpRequest, by: Actor, unit_id: int, body: UnitReserveIn) -> Any:
    """Keep a unit for somebody through a day."""
    made = assets.reserve_unit(
        by=by, now=timezone.now(), unit=unit_here(by, unit_id), name=body.name, since=body.since,
        until=body.until, why=body.why, party=one_of(Party, body.party, by, "party"),
    )  # fmt: skip
    return 201, occupancy_told(by, made.pk)


@router.post("/carriers/units/{unit_id}/use", response={201: CarrierHeldOut, **PROBLEMS})
@api(WRITE)
def use_unit(request: HttpRequest, by: Actor, unit_id: int, body: UnitUseIn) -> Any:
    """Write down that its owner uses a unit itself."""
    made = assets.use_unit(
        by=by, now=timezone.now(), unit=unit_here(by, unit_id), name=body.name, since=body.since,
        until=body.until, why=body.why, party=one_of(Party, body.party, by, "party"),
    )  # fmt: skip
    return 201, occupancy_told(by, made.pk)


@router.post("/carriers/units/{unit_id}/sell", response={201: CarrierHeldOut, **PROBLEMS})
@api(WRITE)
def sell_unit(request: HttpRequest, by: Actor, unit_id: int, body: UnitSaleIn) -> Any:
    """Write down that a unit was sold. A sale does not break a lease."""
    made = assets.sell_unit(
        by=by, now=timezone.now(), unit=unit_here(by, unit_id), name=body.name, on=body.on,
        price_fen=body.price_fen, why=body.why, party=one_of(Party, body.party, by, "party"),
    )  # fmt: skip
    return 201, occupancy_told(by, made.pk)


@router.post("/carriers/occupancies/{occupancy_id}/end", response={200: CarrierHeldOut, **PROBLEMS})
@api(WRITE)
def release_unit(request: HttpRequest, by: Actor, occupancy_id: int, body: OccupancyEndIn) -> Any:
    """Let a unit go that was reserved or used by its owner, or strike out a mistake."""
    access.must_read_carriers(by)
    row = found(queries.occupancy_by_id(zone_id=by.zone_id, occupancy_id=occupancy_id))
    if body.is_mistake:
        assets.strike_occupancy(by=by, now=timezone.now(), occupancy=row, why=body.why)
    else:
        assets.release_unit(by=by, now=timezone.now(), occupancy=row, why=body.why, on=body.on)
    return occupancy_told(by, occupancy_id)


# Leases -------------------------------------------------------------------------------------------


@router.get("/carriers/leases", response={200: LeasePageOut, **PROBLEMS})
@api(READ)
def list_leases(request: HttpRequest, by: Actor, asked: Query[LeaseQuery]) -> Any:
    """Leases, those that run out first."""
    access.must_read_carriers(by)
    on = today()
    filters = LeaseFilter(asked.text, asked.state or "", asked.building, asked.running_out)
    rows = queries.leases(zone_id=by.zone_id, filters=filters, on=on).order_by("until", "pk")
    total = rows.count()
    page, pages = paged(total, asked.page)
    shown = queries.lease_rows(rows[(page - 1) * PAGE : page * PAGE], on)
    return {
        "rows": [told_lease(one) for one in shown], "total": total, "page": page, "pages": pages
    }  # fmt: skip


@router.get("/carriers/leases/{lease_id}", response={200: LeaseOut, **PROBLEMS})
@api(READ)
def read_lease(request: HttpRequest, by: Actor, lease_id: int) -> Any:
    return lease_told(by, lease_id)


@router.post("/carriers/leases", response={201: LeaseOut, **PROBLEMS})
@api(WRITE)
def draft_lease(request: HttpRequest, by: Actor, body: LeaseIn) -> Any:
    """Draw up a lease; from now on nobody else takes its units in its days."""
    made = assets.draft_lease(
        by=by, now=timezone.now(), facts=body.facts(by), units=units_here(by, body.units)
    )
    return 201, lease_told(by, made.pk)


@router.put("/carriers/leases/{lease_id}", response={200: LeaseOut, **PROBLEMS})
@api(WRITE)
def change_lease(request: HttpRequest, by: Actor, lease_id: int, body: LeaseChangeIn) -> Any:
    assets.change_lease(
        by=by, now=timezone.now(), lease=lease_here(by, lease_id), facts=body.facts(by),
        version=body.version, units=units_here(by, body.units),
    )  # fmt: skip
    return lease_told(by, lease_id)


@router.post("/carriers/leases/{lease_id}/begin", response={200: LeaseOut, **PROBLEMS})
@api(WRITE)
def begin_lease(request: HttpRequest, by: Actor, lease_id: int, body: LeaseBeginIn) -> Any:
    """Put a lease in force."""
    assets.begin_lease(
        by=by, now=timezone.now(), lease=lease_here(by, lease_id),
        deposit_paid_on=body.deposit_paid_on,
    )  # fmt: skip
    return lease_told(by, lease_id)


@router.post("/carriers/leases/{lease_id}/drop", response={200: LeaseOut, **PROBLEMS})
@api(WRITE)
def drop_lease(request: HttpRequest, by: Actor, lease_id: int, body: LeaseWhyIn) -> Any:
    """Give up a lease that is being drawn up."""
    assets.drop_lease(by=by, now=timezone.now(), lease=lease_here(by, lease_id), why=body.why)
    return lease_told(by, lease_id)


@router.post("/carriers/leases/{lease_id}/renew", response={201: LeaseOut, **PROBLEMS})
@api(WRITE)
def renew_lease(request: HttpRequest, by: Actor, lease_id: int, body: LeaseRenewIn) -> Any:
    """Let the same units to the same party further, by a new lease in force."""
    made = assets.renew_lease(
        by=by, now=timezone.now(), lease=lease_here(by, lease_id), number=body.number,
        until=body.until, rent_fen=body.rent_fen, deposit_fen=body.deposit_fen,
    )  # fmt: skip
    return 201, lease_told(by, made.pk)


@router.post("/carriers/leases/{lease_id}/end", response={200: LeaseOut, **PROBLEMS})
@api(WRITE)
def end_lease(request: HttpRequest, by: Actor, lease_id: int, body: LeaseEndIn) -> Any:
    """Record that a lease has ended and its units were handed back."""
    assets.end_lease(
        by=by, now=timezone.now(), lease=lease_here(by, lease_id), on=body.on, why=body.why
    )
    return lease_told(by, lease_id)


@router.post("/carriers/leases/{lease_id}/break", response={200: LeaseOut, **PROBLEMS})
@api(WRITE)
def break_lease(request: HttpRequest, by: Actor, lease_id: int, body: LeaseEndIn) -> Any:
    """Break a lease off before its time; a person does that, with the reason."""
    assets.break_lease(
        by=by, now=timezone.now(), lease=lease_here(by, lease_id), on=body.on, why=body.why
    )
    return lease_told(by, lease_id)


@router.post("/carriers/leases/{lease_id}/deposit", response={200: LeaseOut, **PROBLEMS})
@api(WRITE)
def record_lease_deposit(request: HttpRequest, by: Actor, lease_id: int, body: LeaseDayIn) -> Any:
    """Write down that the deposit was paid."""
    assets.record_lease_deposit(
        by=by, now=timezone.now(), lease=lease_here(by, lease_id), on=body.on
    )
    return lease_told(by, lease_id)


@router.post("/carriers/leases/{lease_id}/deposit-back", response={200: LeaseOut, **PROBLEMS})
@api(WRITE)
def return_lease_deposit(request: HttpRequest, by: Actor, lease_id: int, body: LeaseDayIn) -> Any:
    """Write down that the deposit went back to the tenant."""
    assets.return_lease_deposit(
        by=by, now=timezone.now(), lease=lease_here(by, lease_id), on=body.on
    )
    return lease_told(by, lease_id)
