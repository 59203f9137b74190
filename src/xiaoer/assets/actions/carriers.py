"""Parcels, buildings and units entered and changed."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions.reaching import (
    MOST_FEN,
    in_the_way,
    must_be_of_zone,
    must_be_outline,
    must_be_sensible,
    reached_building,
    reached_unit,
    square,
    words_of,
)
from xiaoer.assets.models import Building, FireClass, Parcel, Unit
from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Cell, Park, Party
from xiaoer.registry.outlines import must_be_sized, must_lie_near, read_parcel

Row = TypeVar("Row", Parcel, Building)
MOST_M2 = Decimal(10**9)
LARGEST: dict[str, Decimal | int] = {
    "height_m": Decimal(200),
    "load_kg_m2": 1_000_000,
    "column_m": Decimal(200),
    "crane_t": Decimal(5000),
    "power_kva": 10_000_000,
    "drains_t_day": 10_000_000,
    "rent_fen": 10_000_000,
    "price_fen": 10**9,
}
"""More than this of one unit is a slip of the unit, not a unit."""


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """What is entered of a parcel. ``None`` and empty words: not known.

    ``stage`` and ``stage_on`` count where it is entered first; later its stages have their own verb.
    """

    number: str
    area_m2: Decimal
    name: str = ""
    park: Park | None = None
    use: str = Parcel.Use.INDUSTRY
    plot_ratio_least: Decimal | None = None
    is_standard_land: bool = False
    stage: str = Parcel.Stage.PLANNED
    stage_on: date | None = None
    party: Party | None = None
    price_fen: int | None = None
    held_until: date | None = None
    outline: dict[str, Any] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BuildingFacts:
    """What is entered of a building. ``None`` and empty words: not known."""

    name: str
    kind: str
    area_m2: Decimal
    state: str = Building.State.BUILT
    parcel: Parcel | None = None
    park: Park | None = None
    floors: int = 1
    party: Party | None = None
    operator: Party | None = None
    is_state_owned: bool = False
    fire_class: str = ""
    is_accepted: bool | None = None
    built_on: date | None = None
    gone_on: date | None = None
    outline: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is entered of a unit. ``None`` and empty words: not known, and then it fits nobody for sure."""

    code: str
    area_m2: Decimal
    floor: int = 1
    height_m: Decimal | None = None
    load_kg_m2: int | None = None
    column_m: Decimal | None = None
    crane_t: Decimal | None = None
    power_kva: int | None = None
    has_gas: bool | None = None
    has_steam: bool | None = None
    drains_t_day: int | None = None
    fire_class: str = ""
    rent_fen: int | None = None
    price_fen: int | None = None
    note: str = ""


@transaction.atomic
def add_parcel(*, by: Actor, now: datetime, facts: ParcelFacts) -> Parcel:
    """Enter a parcel on the register; its number is once in the zone."""
    access.must_keep_carriers(by)
    values = _checked_parcel(by, now, facts)
    values["stage_on"] = values["stage_on"] or checking.today(now)
    row = Parcel(zone_id=by.zone_id, **values)
    _save(row, "number", _("There is a parcel %(name)s already.") % {"name": row.number})
    journal.record(
        by=by, now=now, verb="add_parcel", subject=row, party_ref=row.party_id, number=row.number
    )
    return row


@transaction.atomic
def change_parcel(
    *, by: Actor, now: datetime, parcel: Parcel, facts: ParcelFacts, version: int
) -> Parcel:
    """Correct or complete what is known of a parcel; its stage moves by its own verb."""
    access.must_keep_carriers(by)
    row = checking.locked(Parcel, by, parcel.pk)
    journal.must_be_fresh(row, version)
    kept = replace(facts, stage=row.stage, stage_on=row.stage_on)
    changed = journal.changes(row, _checked_parcel(by, now, kept))
    return _changed(by, now, row, "change_parcel", changed, "number")


def parcel_facts(row: Parcel) -> ParcelFacts:
    """What is known of a parcel now, for a form to begin with."""
    return ParcelFacts(**{one.name: getattr(row, one.name) for one in fields(ParcelFacts)})


def _checked_parcel(by: Actor, now: datetime, facts: ParcelFacts) -> dict[str, Any]:
    values: dict[str, Any] = {one.name: getattr(facts, one.name) for one in fields(facts)}
    values["number"] = checking.must_say(
        facts.number, "number", most=40, why=_("Give the parcel its number.")
    )
    values["name"] = checking.said(facts.name, "name", most=80)
    values["note"] = checking.said(facts.note, "note", most=300)
    _must_be_choice(facts.use, Parcel.Use.values, "use")
    _must_be_choice(facts.stage, Parcel.Stage.values, "stage")
    must_be_sensible(facts.area_m2, "area_m2", most=MOST_M2, above_zero=True)
    must_be_sensible(facts.plot_ratio_least, "plot_ratio_least", most=Decimal(50))
    must_be_sensible(facts.price_fen, "price_fen", most=MOST_FEN)
    if facts.stage_on is not None:
        checking.must_have_been(facts.stage_on, "stage_on", now)
    if facts.held_until is not None:
        checking.must_be_possible(facts.held_until, "held_until")
    if facts.stage in {Parcel.Stage.SUPPLIED, Parcel.Stage.IN_USE} and facts.party is None:
        raise Refused(
            _("A parcel that was supplied has somebody who holds it; say who."), field="party"
        )
    must_be_of_zone(by, values, "park", "party")
    must_be_outline(facts.outline)
    return values


@transaction.atomic
def add_building(*, by: Actor, now: datetime, facts: BuildingFacts) -> Building:
    """Enter a building on the register, planned, being built or standing."""
    access.must_keep_carriers(by)
    row = Building(zone_id=by.zone_id, **_checked_building(by, now, facts))
    _save(row, "name", _("There is a building “%(name)s” already.") % {"name": row.name})
    journal.record(
        by=by, now=now, verb="add_building", subject=row, party_ref=row.party_id, name=row.name
    )
    return row


@transaction.atomic
def change_building(
    *, by: Actor, now: datetime, building: Building, facts: BuildingFacts, version: int
) -> Building:
    """Correct or complete what is known of a building.

    One that was pulled down has nobody in it; its units end with that day.
    """
    access.must_keep_carriers(by)
    row = reached_building(by, building)
    journal.must_be_fresh(row, version)
    was_gone = row.state == Building.State.GONE
    changed = journal.changes(row, _checked_building(by, now, facts))
    if row.state == Building.State.GONE and not was_gone and row.gone_on is not None:
        _end_units(row, row.gone_on)
    return _changed(by, now, row, "change_building", changed, "name")


def _end_units(building: Building, on: date) -> None:
    units = list(
        building.units.select_for_update(of=("self",)).filter(until__isnull=True).order_by("pk")
    )
    other = in_the_way(units, on, None)
    if other is not None:
        raise Refused(
            _("%(other)s. End that before the building goes.") % {"other": words_of(other)},
            field="state",
        )
    for unit in units:
        unit.until = max(unit.since, on)
        unit.save(update_fields=["until"])


def building_facts(row: Building) -> BuildingFacts:
    """What is known of a building now, for a form to begin with."""
    return BuildingFacts(**{one.name: getattr(row, one.name) for one in fields(BuildingFacts)})


def _checked_building(by: Actor, now: datetime, facts: BuildingFacts) -> dict[str, Any]:
    values: dict[str, Any] = {one.name: getattr(facts, one.name) for one in fields(facts)}
    values["name"] = checking.must_say(
        facts.name, "name", most=80, why=_("Give the building a name.")
    )
    _must_be_choice(facts.kind, Building.Kind.values, "kind")
    _must_be_choice(facts.state, Building.State.values, "state")
    _must_be_choice(facts.fire_class, ["", *FireClass.values], "fire_class")
    must_be_sensible(facts.area_m2, "area_m2", most=MOST_M2, above_zero=True)
    must_be_sensible(facts.floors, "floors", most=200, above_zero=True)
    for name in ("built_on", "gone_on"):
        day = values[name]
        if day is not None:
            checking.must_be_possible(day, name)
    if facts.state == Building.State.GONE:
        if facts.gone_on is None:
            raise Refused(_("Say on which day it was pulled down."), field="gone_on")
        checking.must_have_been(facts.gone_on, "gone_on", now)
    else:
        values["gone_on"] = None
    must_be_of_zone(by, values, "parcel", "park", "party", "operator")
    must_be_outline(facts.outline)
    return values


@transaction.atomic
def draw_outline(
    *, by: Actor, now: datetime, of: Parcel | Building, text: str, version: int
) -> Parcel | Building:
    """Set where a parcel or a building lies, from GeoJSON or from corners in degrees, a pair a line.

    An empty text takes the outline away. Refused: what crosses itself or is not closed, what is too
    small or too large for one, and what lies far from the zone's own outlines.
    """
    access.must_keep_carriers(by)
    outline = read_parcel(text) if text.strip() else None
    if outline is not None:
        must_be_sized(outline)
        must_lie_near(outline, _ground(by))
    if isinstance(of, Parcel):
        parcel = checking.locked(Parcel, by, of.pk)
        facts = replace(parcel_facts(parcel), outline=outline)
        return change_parcel(by=by, now=now, parcel=parcel, facts=facts, version=version)
    building = reached_building(by, of)
    return change_building(
        by=by, now=now, building=building, version=version,
        facts=replace(building_facts(building), outline=outline),
    )  # fmt: skip


def _ground(by: Actor) -> list[dict[str, Any]]:
    rows = (Cell.objects, Park.objects)
    found = [one.filter(zone_id=by.zone_id, outline__isnull=False) for one in rows]
    return [
        outline for each in found for outline in each.values_list("outline", flat=True) if outline
    ]


@transaction.atomic
def add_unit(
    *,
    by: Actor,
    now: datetime,
    building: Building,
    facts: UnitFacts,
    since: date | None = None,
) -> Unit:
    """Enter a unit of a building, from today or from a day. Operators enter those they run."""
    with on_behalf(by):
        kept = reached_building(by, building)
        if kept.state == Building.State.GONE:
            raise Refused(_("“%(name)s” was pulled down; it has no units.") % {"name": kept.name})
        since = checking.must_be_possible(since or checking.today(now), "since")
        row = Unit(
            zone_id=by.zone_id, building=kept, since=since, **checked_unit(kept, facts)
        )  # fmt: skip
        save_unit(row)
        journal.record(
            by=by, now=now, verb="add_unit", subject=row, party_ref=kept.operator_id,
            code=row.code, building=kept.pk,
        )  # fmt: skip
    return row


@transaction.atomic
def change_unit(*, by: Actor, now: datetime, unit: Unit, facts: UnitFacts, version: int) -> Unit:
    """Correct or complete what is known of a unit."""
    with on_behalf(by):
        row = reached_unit(by, unit)
        journal.must_be_fresh(row, version)
        changed = journal.changes(row, checked_unit(row.building, facts))
        if not changed:
            return row
        row.version += 1
        save_unit(row)
        journal.record(
            by=by, now=now, verb="change_unit", subject=row, party_ref=row.building.operator_id,
            **changed,
        )  # fmt: skip
    return row


@transaction.atomic
def hold_unit(*, by: Actor, now: datetime, unit: Unit, hold: str, why: str) -> Unit:
    """Say that a unit stands idle though held, is used inefficiently or is not offered; or lift that.

    What it is held by besides stays as it is: this is what people or rules found of it.
    """
    _must_be_choice(hold, Unit.Hold.values, "hold")
    with on_behalf(by):
        row = reached_unit(by, unit)
        why = checking.must_say(why, "why", most=300)
        if hold == row.hold:
            raise Refused(
                _("%(code)s is marked so already: %(why)s")
                % {"code": row.code, "why": row.hold_why or Unit.Hold(hold).label},
                field="hold",
            )
        before = row.hold
        row.hold, row.hold_why, row.hold_at = hold, why if hold else "", now if hold else None
        row.version += 1
        row.save(update_fields=["hold", "hold_why", "hold_at", "version"])
        journal.record(
            by=by, now=now, verb="hold_unit", subject=row, party_ref=row.building.operator_id,
            hold=[before, hold], why=why,
        )  # fmt: skip
    return row


def unit_facts(row: Unit) -> UnitFacts:
    """What is known of a unit now, for a form to begin with."""
    return UnitFacts(**{one.name: getattr(row, one.name) for one in fields(UnitFacts)})


def checked_unit(building: Building, facts: UnitFacts) -> dict[str, Any]:
    """The columns of what was said of a unit."""
    values: dict[str, Any] = {one.name: getattr(facts, one.name) for one in fields(facts)}
    values["code"] = checking.must_say(
        facts.code, "code", most=40, why=_("Give the unit its number.")
    )
    values["note"] = checking.said(facts.note, "note", most=300)
    _must_be_choice(facts.fire_class, ["", *FireClass.values], "fire_class")
    must_be_sensible(facts.area_m2, "area_m2", most=MOST_M2, above_zero=True)
    if facts.area_m2 > building.area_m2:
        raise Refused(
            _("“%(name)s” has %(area)s m² of floor in all; check the area, or the building's.")
            % {"name": building.name, "area": square(building.area_m2)},
            field="area_m2",
        )
    for name, most in LARGEST.items():
        must_be_sensible(values[name], name, most=most)
    if not -9 <= facts.floor <= building.floors:
        raise Refused(
            _("“%(name)s” has %(count)d floors; check the floor.")
            % {"name": building.name, "count": building.floors},
            field="floor",
        )
    return values


def save_unit(row: Unit) -> None:
    """Keep a unit; its code is once among those of its building that live."""
    _save(
        row,
        "code",
        _("“%(building)s” has a unit %(code)s already.")
        % {"building": row.building.name, "code": row.code},
    )


def _must_be_choice(value: str, choices: list[str], field: str) -> None:
    if value not in choices:
        raise Refused(_("Choose one of the list."), field=field)


def _changed(
    by: Actor, now: datetime, row: Row, verb: str, changed: dict[str, Any], called: str
) -> Row:
    if not changed:
        return row
    row.version += 1
    _save(row, called, _("There is another of this name or number already."))
    journal.record(by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, **changed)
    return row


def _save(row: Parcel | Building | Unit, field: str, taken: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise Refused(taken, field=field) from error
