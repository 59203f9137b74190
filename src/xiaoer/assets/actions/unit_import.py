"""Buildings, units and their tenants from a sheet: looked at first, then taken over at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions.carriers import (
    MOST_M2,
    UnitFacts,
    checked_unit,
    unit_facts,
)
from xiaoer.assets.actions.reaching import square
from xiaoer.assets.actions.tenant_import import TenantFate, Tenants, take_tenants
from xiaoer.assets.models import Building, FireClass, Lease, Unit, UnitSheet
from xiaoer.assets.unit_sheets import FIELDS, UnitRow, bare, read_units
from xiaoer.base import checking, files, journal
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet
from xiaoer.base.units import show_money

CREATED, CHANGED, UNCHANGED, REJECTED = "created", "changed", "unchanged", "rejected"
WHOLE = ("load_kg_m2", "power_kva", "drains_t_day")
OF_UNIT = frozenset(one.name for one in fields(UnitFacts))
# The columns of a sheet by the property of a unit they hold, and what each is measured in.
COLUMNS = {"rent_fen" if one.key == "rent" else one.key: one for one in FIELDS}
MEASURES = {
    "area_m2": "m²", "height_m": "m", "load_kg_m2": "kg/m²", "column_m": "m", "crane_t": "t",
    "power_kva": "kVA",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row, and why."""

    row: UnitRow
    outcome: str
    words: str = ""
    advice: str = ""
    tenant: TenantFate | None = None


@dataclass(frozen=True, slots=True)
class UnitImport:
    """A sheet gone through: the fate of each row and of its tenant, and the buildings that are new."""

    file: StoredFile
    fates: tuple[Fate, ...]
    new_buildings: tuple[str, ...]

    def count(self, outcome: str) -> int:
        return sum(fate.outcome == outcome for fate in self.fates)

    def tenants(self, outcome: str) -> int:
        return sum(
            fate.tenant is not None and fate.tenant.outcome == outcome for fate in self.fates
        )


@dataclass
class _Work:
    """What is to be written once every row was judged."""

    buildings: dict[str, Building]
    units: dict[tuple[str, str], Unit]
    new_buildings: dict[str, Building] = field(default_factory=dict)
    new_units: list[Unit] = field(default_factory=list)
    changed: dict[int, Unit] = field(default_factory=dict)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    of_row: dict[int, Unit] = field(default_factory=dict)


@transaction.atomic
def look_at_units(*, by: Actor, now: datetime, upload: files.Named) -> UnitImport:
    """Keep a sheet and say what would become of each row; nothing else stays written.

    The sheet is taken over and all of it undone: leases collide with one another and with what is
    known in more ways than looking could foretell.
    """
    access.must_keep_carriers(by)
    file = files.keep_file(
        by=by, now=now, stream=upload, name=upload.name or "", limit=Limits().file_bytes,
        look=look_at_sheet,
    )  # fmt: skip
    with transaction.atomic():
        taken = _take_over(by, now, file)
        transaction.set_rollback(True)
    return taken


@transaction.atomic
def import_units(*, by: Actor, now: datetime, file: StoredFile, name: str = "") -> UnitImport:
    """Take over the good rows of a sheet, judged once more by what the register says by now.

    ``name``: what the sheet was called.

    A unit that is there already is completed and corrected by what the sheet says; an empty cell
    changes nothing. The same sheet twice changes nothing the second time.
    """
    access.must_keep_carriers(by)
    if file.zone_id != by.zone_id:
        raise Refused(_("There is no such record here; it may be of another zone."))
    taken = _take_over(by, now, file, checking.said(name, "name", most=150))
    if len(taken.fates) == taken.count(REJECTED):
        raise Refused(_("Nothing in this sheet can be taken; see the reasons beside the rows."))
    return taken


def lock_buildings(by: Actor) -> None:
    """One sheet at a time, brought in or taken back: two at once would both take a building for new."""
    rows = Building.objects.select_for_update().filter(zone_id=by.zone_id).order_by("pk")
    list(rows.values_list("pk"))


def _take_over(by: Actor, now: datetime, file: StoredFile, name: str = "") -> UnitImport:
    lock_buildings(by)
    fates, work = _go_through(by, now, file)
    _write(work)
    kept = [(fate.row, work.of_row[fate.row.row_no]) for fate in fates if fate.outcome != REJECTED]
    tenants = take_tenants(by=by, now=now, taken=kept)
    fates = tuple(replace(fate, tenant=tenants.fates.get(fate.row.row_no)) for fate in fates)
    taken = UnitImport(file, fates, tuple(one.name for one in work.new_buildings.values()))
    if work.new_units or work.changed or tenants.leases:
        _remember(by, now, name, taken, work, tenants)
    return taken


def _remember(
    by: Actor, now: datetime, name: str, taken: UnitImport, work: _Work, tenants: Tenants
) -> None:
    """What came by this sheet and what it replaced, so that a person may take it back."""
    sheet = UnitSheet.objects.create(
        zone_id=by.zone_id, post_id=by.post_id, file=taken.file, name=name, at=now,
        created=len(work.new_units), changed=len(work.changed), leases=len(tenants.leases),
        rejected=taken.count(REJECTED),
        before={number: [work.changed[number].version, was] for number, was in work.before.items()},
        versions={one.pk: one.version for one in tenants.leases}, ended=dict(tenants.ended),
    )  # fmt: skip
    for model, made in (
        (Building, [*work.new_buildings.values()]), (Unit, work.new_units), (Lease, tenants.leases)
    ):  # fmt: skip
        model.objects.filter(pk__in=[one.pk for one in made]).update(sheet=sheet)
    journal.record(
        by=by, now=now, verb="import_units", subject=sheet, file=taken.file.pk,
        created=sheet.created, changed=sheet.changed, leases=sheet.leases,
        rejected=sheet.rejected, buildings=list(taken.new_buildings),
    )  # fmt: skip


def _write(work: _Work) -> None:
    Building.objects.bulk_create(work.new_buildings.values())
    for unit in work.new_units:
        unit.building_id = unit.building.pk
    Unit.objects.bulk_create(work.new_units)
    for unit in work.changed.values():
        unit.version += 1
    Unit.objects.bulk_update(work.changed.values(), [*OF_UNIT, "version"])


def _go_through(by: Actor, now: datetime, file: StoredFile) -> tuple[tuple[Fate, ...], _Work]:
    with files.kept_path(file) as path:
        rows = read_units(path)
    living = Unit.objects.select_related("building").filter(zone_id=by.zone_id, until__isnull=True)
    known = Building.objects.filter(zone_id=by.zone_id).exclude(state=Building.State.GONE)
    work = _Work(
        {bare(one.name): one for one in known},
        {(bare(one.building.name), bare(one.code)): one for one in living},
    )
    sizes = _sizes(rows)
    return tuple(_judge(by, now, work, row, sizes) for row in rows), work


def _sizes(rows: Sequence[UnitRow]) -> dict[str, tuple[Decimal, int]]:
    """Of each building of the sheet the area of its units together, and its highest floor."""
    sizes: dict[str, tuple[Decimal, int]] = {}
    for row in rows:
        # A row of no sensible area is left out; its building is as large as the others.
        if row.reason or not 0 < row.said["area_m2"] <= MOST_M2:
            continue
        key = bare(row.said["building"])
        area, floors = sizes.get(key, (Decimal(0), 1))
        area += row.said["area_m2"]
        sizes[key] = (area, max(floors, row.said.get("floor", 1), row.said.get("floors", 1)))
    return sizes


def _judge(
    by: Actor, now: datetime, work: _Work, row: UnitRow, sizes: dict[str, tuple[Decimal, int]]
) -> Fate:
    if row.reason:
        return Fate(row, REJECTED, row.reason, row.advice)
    place = (bare(row.said["building"]), bare(row.said["code"]))
    if place in work.seen:
        return Fate(row, REJECTED, _("this unit stands above already"), _("Keep one of the rows."))
    work.seen.add(place)
    try:
        building = _building(by, work, row, *sizes.get(place[0], (Decimal(0), 1)))
        unit = work.units.get(place)
        if unit is None:
            return _new(by, now, work, row, building)
        return _known(work, row, unit)
    except Refused as no:
        return Fate(row, REJECTED, _of_column(no))


def _building(by: Actor, work: _Work, row: UnitRow, area: Decimal, floors: int) -> Building:
    """The building of the name, or a new one as large as its units together."""
    key = bare(row.said["building"])
    known = work.buildings.get(key) or work.new_buildings.get(key)
    if known is not None:
        return known
    made = Building(
        zone_id=by.zone_id, name=row.said["building"], floors=max(1, min(floors, 200)),
        kind=row.said.get("kind", Building.Kind.WORKSHOP),
        area_m2=max(row.said.get("building_m2", Decimal(0)), area),
    )  # fmt: skip
    if not 0 < made.area_m2 <= MOST_M2:
        raise Refused(_("Check this number and its unit."), field="area_m2")
    work.new_buildings[key] = made
    return made


def _facts(said: dict[str, Any], before: UnitFacts) -> UnitFacts:
    """What a row says, over what was known; an empty cell says nothing."""
    given = {key: value for key, value in said.items() if key in OF_UNIT}
    if "rent" in said:
        given["rent_fen"] = said["rent"]
    for name in WHOLE:
        if name in given:
            given[name] = round(given[name])
    if "fire_class" in given:
        given["fire_class"] = str(given["fire_class"])
    return replace(before, **given)


def _new(by: Actor, now: datetime, work: _Work, row: UnitRow, building: Building) -> Fate:
    facts = _facts(row.said, UnitFacts(code=row.said["code"], area_m2=row.said["area_m2"]))
    values = checked_unit(building, facts)
    unit = Unit(zone_id=by.zone_id, building=building, since=_since(row, now), **values)
    work.new_units.append(unit)
    work.of_row[row.row_no] = unit
    is_new = bare(building.name) in work.new_buildings
    return Fate(row, CREATED, _("in a new building") if is_new else "")


def _since(row: UnitRow, now: datetime) -> date:
    """From today; one that is let already, from the first day of its lease."""
    today = checking.today(now)
    said = row.tenancy.since if row.tenancy is not None else None
    return today if said is None else min(checking.must_be_possible(said, "since"), today)


def _known(work: _Work, row: UnitRow, unit: Unit) -> Fate:
    work.of_row[row.row_no] = unit
    was = unit_facts(unit)
    facts = replace(_facts(row.said, was), code=unit.code)
    changed = journal.changes(unit, checked_unit(unit.building, facts))
    real = {name: pair for name, pair in changed.items() if not _same_number(pair[0], pair[1])}
    if not real:
        return Fate(row, UNCHANGED)
    work.changed[unit.pk] = unit
    work.before[unit.pk] = {
        name: str(old) if isinstance(old := getattr(was, name), Decimal) else old for name in real
    }
    return Fate(row, CHANGED, "；".join(_change(name, was, unit) for name in real))


def _change(name: str, was: UnitFacts, unit: Unit) -> str:
    """净高 7.2 → 9 m: which property changes, from what to what, as people write it."""
    label = COLUMNS[name].label if name in COLUMNS else name
    return f"{label} {_worded(name, getattr(was, name))} → {_worded(name, getattr(unit, name))}"


def _worded(name: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "fire_class":
        return str(FireClass(str(value)).label)
    if name == "rent_fen":
        rent = show_money(int(str(value)), get_language() or "zh-hans")
        return _("%(rent)s/m² a month") % {"rent": rent}
    if name == "drains_t_day":
        return f"{square(Decimal(str(value)))} {_('t a day')}"
    if name in MEASURES:
        return f"{square(Decimal(str(value)))} {MEASURES[name]}"
    return str(value)


def _of_column(no: Refused) -> str:
    """A refusal with the column it is about; one without a column says it by itself."""
    column = COLUMNS.get(no.field or "")
    return f"{column.label}：{no}" if column is not None else str(no)


def _same_number(before: str, after: str) -> bool:
    """8.1 and 8.10 are one height."""
    try:
        return Decimal(before) == Decimal(after)
    except ArithmeticError:
        return False
