"""Taking a sheet of units back: what it brought goes, what it changed returns, where nobody touched it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions.lease_tasks import MATTER
from xiaoer.assets.actions.reaching import in_the_way, must_be_living, words_of
from xiaoer.assets.actions.unit_import import lock_buildings
from xiaoer.assets.models import Building, Lease, MoveIn, Occupancy, Unit, UnitSheet
from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import record_name
from xiaoer.work.models import Matter

DELETE = {
    Occupancy: "delete from occupancy where zone_id = %s and lease_id = any(%s)",
    Lease: "delete from lease where zone_id = %s and id = any(%s)",
    Unit: "delete from carrier_unit where zone_id = %s and id = any(%s)",
    Building: "delete from building where zone_id = %s and id = any(%s)",
}
Stays = list[dict[str, str]]


@transaction.atomic
def take_back_units(*, by: Actor, now: datetime, sheet: UnitSheet) -> UnitSheet:
    """Undo a sheet as far as nobody built upon it; what stays is listed on it, each with why.

    Leases it made go first, and what was reserved before is reserved again; then its units, then its
    buildings; what it changed gets back what stood there. Somebody who takes a sheet back does it once.
    """
    access.must_keep_carriers(by)
    if by.post_id is None:
        raise Refused(_("A person takes a sheet back."))
    row = checking.locked(UnitSheet, by, sheet.pk)
    if row.taken_back_at is not None:
        raise Refused(
            _("This sheet was taken back on %(day)s already.")
            % {"day": checking.today(row.taken_back_at).isoformat()}
        )
    lock_buildings(by)
    units = _locked_units(row)
    stays: Stays = []
    leases = _take_leases(row, stays)
    reservations = _keep_again(row, leases, stays)
    removed = _take_units([unit for unit in units if unit.sheet_id == row.pk], stays)
    restored = _restore([unit for unit in units if str(unit.pk) in row.before], row, stays)
    buildings = _take_buildings(row, stays)
    row.taken_back_at, row.stays = now, stays
    row.save(update_fields=["taken_back_at", "stays"])
    journal.record(
        by=by, now=now, verb="take_back_units", subject=row, removed=removed, restored=restored,
        leases=len(leases), reservations=reservations, buildings=buildings, kept=len(stays),
    )  # fmt: skip
    return row


def _locked_units(row: UnitSheet) -> list[Unit]:
    """Its units, those it changed and those it let, locked by number as every verb does."""
    let = Occupancy.objects.filter(zone_id=row.zone_id, lease__sheet=row).values("unit")
    return list(
        Unit.objects.select_for_update(of=("self",))
        .select_related("building")
        .filter(Q(sheet=row) | Q(pk__in=[int(one) for one in row.before]) | Q(pk__in=let))
        .filter(zone_id=row.zone_id)
        .order_by("pk")
    )


def _take_leases(row: UnitSheet, stays: Stays) -> set[int]:
    """The numbers of those that went."""
    leases = list(
        Lease.objects.select_for_update(of=("self",))
        .select_related("party")
        .filter(zone_id=row.zone_id, sheet=row)
        .order_by("pk")
    )
    asked = Matter.objects.filter(
        zone_id=row.zone_id, kind=MATTER, subject_id__in=[one.pk for one in leases]
    )
    reasons = _hanging(leases, Occupancy)
    reasons |= dict.fromkeys(
        asked.values_list("subject_id", flat=True), _("somebody was asked about it already")
    )
    reasons |= {
        one.pk: _("changed since") for one in leases if one.version != row.versions.get(str(one.pk))
    }
    gone = [one.pk for one in leases if one.pk not in reasons]
    _tell(
        stays,
        (
            (_("Lease %(number)s of %(tenant)s")
             % {"number": one.number, "tenant": one.party.name}, reasons[one.pk])
            for one in leases
            if one.pk in reasons
        ),
    )  # fmt: skip
    _delete(Occupancy, row.zone_id, gone)
    _delete(Lease, row.zone_id, gone)
    return set(gone)


def _keep_again(row: UnitSheet, gone: Collection[int], stays: Stays) -> int:
    """Reserve what was reserved before a lease that went, where nobody took the unit meanwhile."""
    kept = Occupancy.objects.filter(zone_id=row.zone_id, pk__in=[int(one) for one in row.ended])
    given_back = 0
    for one in kept.select_related("unit__building", "party", "lease").order_by("pk"):
        lease, version, last_day = row.ended[str(one.pk)]
        until = date.fromisoformat(last_day) if last_day else None
        reason = _cannot_keep(row, one, version, until) if lease in gone else _("its lease stays")
        if reason:
            who = one.party.name if one.party else one.name
            what = _("Reservation of %(unit)s for %(who)s") % {
                "unit": _called(one.unit),
                "who": who,
            }
            _tell(stays, [(what, reason)])
            continue
        one.until, one.is_struck = until, False
        one.version += 1
        one.save(update_fields=["until", "is_struck", "version"])
        given_back += 1
    return given_back


def _cannot_keep(row: UnitSheet, one: Occupancy, version: int, until: date | None) -> str:
    """Why what was reserved is not reserved again; empty if it can be."""
    if one.version != version:
        return _("changed since")
    try:
        must_be_living(one.unit)
    except Refused as no:
        return str(no)
    other = in_the_way([one.unit], one.since, until, but=Q(pk=one.pk))
    if other is not None:
        return words_of(other)
    ended = MoveIn.objects.filter(
        zone_id=row.zone_id, party=one.party_id, of_units__unit=one.unit_id,
        state__in=[MoveIn.State.REFUSED, MoveIn.State.WITHDRAWN], matter__closed_at__gte=row.at,
    ).first()  # fmt: skip
    if ended is not None:
        return _("“%(name)s” came to nothing since") % {"name": ended.name}
    return ""


def _take_units(units: Sequence[Unit], stays: Stays) -> int:
    reasons = _hanging(units)
    reasons |= {one.pk: _("changed since") for one in units if one.version != 1 or one.until}
    _tell(stays, ((_called(one), reasons[one.pk]) for one in units if one.pk in reasons))
    gone = [one.pk for one in units if one.pk not in reasons]
    return _delete(Unit, units[0].zone_id, gone) if gone else 0


def _restore(units: Iterable[Unit], row: UnitSheet, stays: Stays) -> int:
    """What stood there before, where the unit is as the sheet left it."""
    columns = {one.name: one for one in Unit._meta.concrete_fields}
    given_back, names = [], set[str]()
    for unit in units:
        version, values = row.before[str(unit.pk)]
        if unit.version != version:
            _tell(stays, [(_called(unit), _("changed since"))])
            continue
        for name, value in values.items():
            setattr(unit, name, columns[name].to_python(value))
        unit.version += 1
        names |= values.keys()
        given_back.append(unit)
    if given_back:
        Unit.objects.bulk_update(given_back, [*sorted(names), "version"])
    return len(given_back)


def _take_buildings(row: UnitSheet, stays: Stays) -> int:
    buildings = list(Building.objects.filter(zone_id=row.zone_id, sheet=row).order_by("pk"))
    reasons = _hanging(buildings)
    reasons |= {one.pk: _("changed since") for one in buildings if one.version != 1}
    _tell(stays, ((one.name, reasons[one.pk]) for one in buildings if one.pk in reasons))
    return _delete(Building, row.zone_id, [one.pk for one in buildings if one.pk not in reasons])


def _called(unit: Unit) -> str:
    return f"{unit.building.name} {unit.code}"


def _tell(stays: Stays, told: Iterable[tuple[str, str]]) -> None:
    stays.extend({"what": what, "why": why} for what, why in told)


def _hanging(rows: Sequence[Model], *but: type[Model]) -> dict[int, str]:
    """Which of these some other record points to, and what that is."""
    reasons: dict[int, str] = {}
    if not rows:
        return reasons
    for relation in rows[0]._meta.get_fields(include_hidden=True):
        other: Any = relation.related_model
        is_pointed_from = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if not is_pointed_from or other in but:
            continue
        column = relation.field.attname  # type: ignore[union-attr]  # a relation from another table
        numbers = [row.pk for row in rows]
        found = other._default_manager.filter(**{f"{column}__in": numbers})
        words = _("something hangs on it: %(what)s") % {"what": record_name(other._meta.db_table)}
        reasons |= dict.fromkeys(found.values_list(column, flat=True), words)
    return reasons


def _delete(model: type[Model], zone_id: int, numbers: Sequence[int]) -> int:
    """Row security lets nothing go but what a sheet brought in."""
    if not numbers:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(DELETE[model], [zone_id, list(numbers)])
        return int(cursor.rowcount)
