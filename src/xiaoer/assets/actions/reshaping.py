"""Units split, merged, and said to open into one another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.assets.actions.carriers import (
    MOST_M2,
    UnitFacts,
    checked_unit,
    save_unit,
    unit_facts,
)
from xiaoer.assets.actions.reaching import (
    in_the_way,
    must_be_sensible,
    reached_unit,
    reached_units,
    square,
    words_of,
)
from xiaoer.assets.models import Unit, UnitDoor, UnitMade
from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf

MOST_PARTS = 50


@transaction.atomic
def split_unit(
    *, by: Actor, now: datetime, unit: Unit, parts: Sequence[UnitFacts], on: date | None = None
) -> list[Unit]:
    """Make several units of one, from a day on. Refused while anybody holds it, now or later.

    What the parts' areas fall short of the whole went into walls; they cannot come to more. What was
    not said of a part is taken from the whole where it holds for each (height, load, columns, crane,
    gas, steam, fire class, rent); power and drains of a part are not known until somebody says them.
    """
    on = _day(on, now)
    with on_behalf(by):
        old = reached_unit(by, unit)
        if not 2 <= len(parts) <= MOST_PARTS:
            raise Refused(_("Say at least two parts, each with number and area."), field="parts")
        if len({part.code.strip() for part in parts}) < len(parts):
            raise Refused(_("Two parts have the same number."), field="parts")
        for part in parts:
            must_be_sensible(part.area_m2, "parts", most=MOST_M2, above_zero=True)
        whole = sum((part.area_m2 for part in parts), Decimal(0))
        if whole > old.area_m2:
            raise Refused(
                _("The parts come to %(parts)s m², %(code)s has %(area)s m² only; check the areas.")
                % {"parts": square(whole), "code": old.code, "area": square(old.area_m2)},
                field="parts",
            )
        _must_be_unheld([old], on)
        _end([old], on)
        made = [_make(by, [old], _of_whole(old, part), on) for part in parts]
        _remember(by, now, [old], made)
        _record(by, now, "split_unit", old, into=[unit.code for unit in made], on=on.isoformat())
    return made


@transaction.atomic
def merge_units(
    *,
    by: Actor,
    now: datetime,
    units: Sequence[Unit],
    code: str,
    on: date | None = None,
    facts: UnitFacts | None = None,
) -> Unit:
    """Make one unit of several of a building, from a day on. Refused while anybody holds one of them.

    They lie on one floor, or are known to open into one another. The new one is as good as the least
    of them, and what is not known of one is not known of all; ``facts`` says it better.
    """
    on = _day(on, now)
    with on_behalf(by):
        old = reached_units(by, units)
        if len(old) < 2:
            raise Refused(_("Choose at least two units to merge."), field="units")
        if len({unit.building_id for unit in old}) > 1:
            raise Refused(_("Units of different buildings cannot become one."), field="units")
        _must_hang_together(old)
        _must_be_unheld(old, on)
        _end(old, on)
        made = _make(by, old, facts or _of_all(old, code), on)
        _keep_doors(by, old, made)
        _remember(by, now, old, [made])
        _record(by, now, "merge_units", made, units=[unit.code for unit in old], on=on.isoformat())
    return made


@transaction.atomic
def join_units(
    *, by: Actor, now: datetime, first: Unit, second: Unit, how: str = UnitDoor.How.BESIDE
) -> UnitDoor:
    """Say that two units can be used as one: side by side, or one above the other."""
    if how not in UnitDoor.How.values:
        raise Refused(_("Choose one of the list."), field="how")
    with on_behalf(by):
        low, high = _pair(by, first, second)
        door, is_new = UnitDoor.objects.get_or_create(
            first=low, second=high, defaults={"zone_id": by.zone_id, "how": how}
        )
        if not is_new and door.how == how:
            raise Refused(
                _("%(first)s and %(second)s are joined already.")
                % {"first": low.code, "second": high.code},
                field="second",
            )
        if not is_new:
            door.how = how
            door.save(update_fields=["how"])
        _record(by, now, "join_units", low, other=high.code, how=how)
    return door


@transaction.atomic
def part_units(*, by: Actor, now: datetime, first: Unit, second: Unit) -> None:
    """Say that two units cannot be used as one: a wall stands between them, or it was a mistake."""
    with on_behalf(by):
        low, high = _pair(by, first, second)
        count, _rows = UnitDoor.objects.filter(first=low, second=high).delete()
        if not count:
            raise Refused(
                _("%(first)s and %(second)s are not joined.")
                % {"first": low.code, "second": high.code},
                field="second",
            )
        _record(by, now, "part_units", low, other=high.code)


def _pair(by: Actor, first: Unit, second: Unit) -> tuple[Unit, Unit]:
    """Two units of one floor or of one above the other, the lower number first."""
    if first.pk == second.pk:
        raise Refused(_("Choose two different units."), field="second")
    low, high = sorted(reached_units(by, [first, second]), key=lambda unit: unit.pk)
    return low, high


def _day(on: date | None, now: datetime) -> date:
    """The first day of the new units: today or before, never far back."""
    on = on or checking.today(now)
    return checking.must_have_been(on, "on", now)


def _must_be_unheld(units: Sequence[Unit], on: date) -> None:
    other = in_the_way(units, on, None)
    if other is not None:
        raise Refused(
            _("%(other)s. Units that are held keep their shape; end that first.")
            % {"other": words_of(other)},
            field="units",
        )
    later = next((unit for unit in units if unit.since > on), None)
    if later is not None:
        raise Refused(
            _("%(code)s is a unit since %(day)s only.")
            % {"code": later.code, "day": later.since.isoformat()},
            field="on",
        )


def _end(units: Sequence[Unit], on: date) -> None:
    """The old ones end the day before; one made the very same day ends with it."""
    for unit in units:
        unit.until = max(unit.since, on - timedelta(days=1))
        unit.version += 1
        unit.save(update_fields=["until", "version"])


def _make(by: Actor, old: Sequence[Unit], facts: UnitFacts, on: date) -> Unit:
    """A unit of others; what one of them is marked by, such as not offered, holds for it too."""
    building = old[0].building
    row = Unit(zone_id=by.zone_id, building=building, since=on, **checked_unit(building, facts))
    marked = [unit for unit in old if unit.hold]
    if marked:
        strictest = max(marked, key=lambda unit: unit.hold == Unit.Hold.KEPT)
        row.hold, row.hold_why, row.hold_at = strictest.hold, strictest.hold_why, strictest.hold_at
    save_unit(row)
    return row


def _remember(by: Actor, now: datetime, old: Sequence[Unit], made: Sequence[Unit]) -> None:
    UnitMade.objects.bulk_create(
        UnitMade(zone_id=by.zone_id, old=before, new=after, at=now, by_post_id=by.post_id)
        for before in old
        for after in made
    )


def _of_whole(old: Unit, part: UnitFacts) -> UnitFacts:
    """A part as it was said, the rest as in the whole where that holds for each part."""
    whole = unit_facts(old)
    shared = (
        "height_m", "load_kg_m2", "column_m", "crane_t", "has_gas", "has_steam", "rent_fen", "price_fen"
    )  # fmt: skip
    taken = {
        name: getattr(whole, name)
        for name in shared
        if getattr(part, name) is None and getattr(whole, name) is not None
    }
    return replace(part, **taken, floor=old.floor, fire_class=part.fire_class or old.fire_class)


def _of_all(units: Sequence[Unit], code: str) -> UnitFacts:
    """Several as one: as good as the least of them, and unknown where one is unknown."""

    def values(name: str) -> list[Any] | None:
        found = [getattr(unit, name) for unit in units]
        return None if any(value is None for value in found) else found

    def least(name: str) -> Any:
        found = values(name)
        return None if found is None else min(found)

    def total(name: str) -> Any:
        found = values(name)
        return None if found is None else sum(found)

    def same(name: str) -> Any:
        found = values(name)
        return found[0] if found is not None and len(set(found)) == 1 else None

    return UnitFacts(
        code=code, floor=min(unit.floor for unit in units),
        area_m2=sum((unit.area_m2 for unit in units[1:]), start=units[0].area_m2),
        height_m=least("height_m"), load_kg_m2=least("load_kg_m2"), column_m=least("column_m"),
        crane_t=least("crane_t"), power_kva=total("power_kva"), drains_t_day=total("drains_t_day"),
        has_gas=least("has_gas"), has_steam=least("has_steam"),
        fire_class=same("fire_class") or "", rent_fen=same("rent_fen"), price_fen=same("price_fen"),
    )  # fmt: skip


def _must_hang_together(units: Sequence[Unit]) -> None:
    """Each is reached from the first over one floor or through doors."""
    numbers = [unit.pk for unit in units]
    doors = set(
        UnitDoor.objects.filter(first__in=numbers, second__in=numbers).values_list(
            "first_id", "second_id"
        )
    )
    reached, waiting = {units[0].pk}, [units[0]]
    while waiting:
        here = waiting.pop()
        for unit in units:
            pair = (min(here.pk, unit.pk), max(here.pk, unit.pk))
            if unit.pk not in reached and (unit.floor == here.floor or pair in doors):
                reached.add(unit.pk)
                waiting.append(unit)
    apart = next((unit for unit in units if unit.pk not in reached), None)
    if apart is not None:
        raise Refused(
            _(
                "%(code)s lies on another floor and is not joined with the others; join them first if"
                " they open into one another."
            )
            % {"code": apart.code},
            field="units",
        )


def _keep_doors(by: Actor, old: Sequence[Unit], made: Unit) -> None:
    """What opened into one of the old ones opens into the new one."""
    numbers = [unit.pk for unit in old]
    doors = UnitDoor.objects.filter(Q(first__in=numbers) | Q(second__in=numbers))
    neighbours: dict[int, str] = {}
    for door in doors:
        for number in (door.first_id, door.second_id):
            if number not in numbers:
                neighbours[number] = door.how
    # Living ones only; the new one is the youngest, so the neighbour's number is the lower.
    living = set(
        Unit.objects.filter(pk__in=neighbours, until__isnull=True).values_list("pk", flat=True)
    )
    UnitDoor.objects.bulk_create(
        UnitDoor(zone_id=by.zone_id, first_id=number, second=made, how=neighbours[number])
        for number in sorted(living)
    )


def _record(by: Actor, now: datetime, verb: str, unit: Unit, **detail: Any) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=unit, party_ref=unit.building.operator_id, **detail
    )
