"""What a unit is on a day, and which units are free: said once for lists, maps, needs and figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.models import Building, Lease, Occupancy, Unit, UnitMade
from xiaoer.registry.models import Party


class UnitState(TextChoices):
    """载体状态: what a unit is on a day, from its building, who holds it, and what was found of it."""

    PLANNED = "planned", _("planned, not begun")
    BUILDING = "building", _("being built")
    VACANT = "vacant", _("vacant")
    RESERVED = "reserved", _("reserved")
    LET = "let", _("let")
    OVERDUE = "overdue", _("held past its lease")
    SOLD = "sold", _("sold")
    OWN = "own", _("used by its owner")
    IDLE = "idle", _("idle though held")
    INEFFICIENT = "inefficient", _("used inefficiently")
    KEPT = "kept", _("not offered")
    GONE = "gone", _("no longer a unit")


HELD = frozenset({UnitState.LET, UnitState.OVERDUE, UnitState.SOLD, UnitState.OWN})
"""States in which somebody uses a unit; of what was found idle or inefficient, ask ``is_held``."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a unit is on a day: its state, and the occupancy that says so.

    ``is_held``: somebody has it by lease, sale or as its owner, whatever was found of it besides.
    ``lease`` is the one that ran out, where the tenant has not handed back; ``holder`` who has it or
    for whom it is kept.
    """

    unit: Unit
    state: UnitState
    occupancy: Occupancy | None = None
    lease: Lease | None = None
    holder: str = ""

    @property
    def is_held(self) -> bool:
        if self.lease is not None:
            return True
        return self.occupancy is not None and _is_use(self.occupancy)

    @property
    def until(self) -> date | None:
        """The last day somebody has it; none: nobody, or without end."""
        return self.occupancy.until if self.occupancy is not None else None


def units_on(zone_id: int, on: date) -> QuerySet[Unit]:
    """The units of a zone as they were cut on a day; one split that very day counts as its parts."""
    became = UnitMade.objects.filter(old=OuterRef("pk"), new__since__lte=on)
    return (
        Unit.objects.filter(zone_id=zone_id, since__lte=on)
        .filter(Q(until__isnull=True) | Q(until__gte=on))
        .exclude(Exists(became))
        .select_related("building")
    )


def held_between(since: date, until: date | None) -> Q:
    """Occupancies that touch these days and were not struck out."""
    touching = Q(is_struck=False) & (Q(until__isnull=True) | Q(until__gte=since))
    return touching if until is None else touching & Q(since__lte=until)


def free_units(zone_id: int, since: date, until: date | None = None) -> QuerySet[Unit]:
    """Living units of standing or coming buildings that nobody has in these days and that are offered.

    Drawn-up leases and reservations count as held; what is not offered (``Hold.KEPT``) is left out.
    """
    held = Occupancy.objects.filter(held_between(since, until), unit=OuterRef("pk"))
    return (
        Unit.objects.filter(zone_id=zone_id, until__isnull=True)
        .exclude(hold=Unit.Hold.KEPT)
        .exclude(building__state=Building.State.GONE)
        .exclude(Exists(held))
        .select_related("building")
    )


def standings(units: Iterable[Unit], on: date) -> list[Standing]:
    """What each of these units is on a day, in two questions however many they are."""
    units = list(units)
    numbers = [unit.pk for unit in units]
    occupied = {
        one.unit_id: one
        for one in Occupancy.objects.filter(held_between(on, on), unit__in=numbers).select_related(
            "lease"
        )
    }
    overdue = {
        one.unit_id: one.lease
        for one in Occupancy.objects.filter(_overdue_on(on), unit__in=numbers).select_related(
            "lease"
        )
        if one.lease is not None
    }
    names = party_names(
        {one.party_id for one in occupied.values()} | {one.party_id for one in overdue.values()}
    )
    return [
        _standing(unit, on, occupied.get(unit.pk), overdue.get(unit.pk), names) for unit in units
    ]


def party_names(numbers: Iterable[int | None]) -> dict[int, str]:
    """What parties are called. An operator is told the names of its tenants, nothing else of them."""
    wanted = {number for number in numbers if number is not None}
    if not wanted:
        return {}
    found = dict(Party.objects.filter(pk__in=wanted).values_list("pk", "name"))
    if wanted - found.keys() and may_call("tenants_of_my_units()"):
        with connection.cursor() as cursor:
            cursor.execute("select id, name from tenants_of_my_units()")
            found |= {number: name for number, name in cursor.fetchall() if number in wanted}
    return found


def may_call(function: str) -> bool:
    """Whether the role of the scope may call a function; calling it without would be an error."""
    with connection.cursor() as cursor:
        cursor.execute("select has_function_privilege(current_user, %s, 'EXECUTE')", [function])
        allowed: bool = cursor.fetchone()[0]
    return allowed


def with_state(units: QuerySet[Unit], on: date) -> QuerySet[Any]:
    """The same, as a column ``state`` a list is filtered and counted by."""
    held = Occupancy.objects.filter(held_between(on, on), unit=OuterRef("pk")).annotate(
        what=Case(
            When(kind=Occupancy.Kind.LET, lease__state=Lease.State.DRAFT, then=Value("reserved")),
            default=F("kind"),
        )
    )
    overdue = Occupancy.objects.filter(_overdue_on(on), unit=OuterRef("pk"))
    marked = Q(hold__in=[Unit.Hold.IDLE, Unit.Hold.INEFFICIENT])
    return units.annotate(
        held=Coalesce(Subquery(held.values("what")[:1]), Value(""), output_field=CharField()),
        is_overdue=Exists(overdue),
    ).annotate(
        state=Case(
            When(building__state=Building.State.GONE, then=Value("gone")),
            When(Q(held="reserved"), then=Value("reserved")),
            When(~Q(held="") & marked, then=F("hold")),
            When(~Q(held=""), then=F("held")),
            When(Q(is_overdue=True) & marked, then=F("hold")),
            When(is_overdue=True, then=Value("overdue")),
            When(building__state=Building.State.PLANNED, then=Value("planned")),
            When(building__state=Building.State.BUILDING, then=Value("building")),
            When(~Q(hold=""), then=F("hold")),
            default=Value("vacant"),
            output_field=CharField(),
        )
    )


def unit_state(unit: Unit, on: date) -> Standing:
    """What one unit is on a day."""
    return standings([unit], on)[0]


def _overdue_on(on: date) -> Q:
    """Of leases that ran out before a day, are not renewed, and whose end nobody recorded."""
    return Q(
        is_struck=False, kind=Occupancy.Kind.LET, until__lt=on, lease__state=Lease.State.IN_FORCE,
        lease__renewed_by__isnull=True, until=F("lease__until"),
    )  # fmt: skip


def _standing(
    unit: Unit,
    on: date,
    occupancy: Occupancy | None,
    overdue: Lease | None,
    names: Mapping[int, str],
) -> Standing:
    if unit.since > on or (unit.until is not None and unit.until < on):
        return Standing(unit, UnitState.GONE, occupancy)
    building = unit.building
    if building.state == Building.State.GONE:
        return Standing(unit, UnitState.GONE, occupancy)
    lease = overdue if occupancy is None else None
    state = _held_state(occupancy, lease)
    if state in HELD and unit.hold in {Unit.Hold.IDLE, Unit.Hold.INEFFICIENT}:
        state = UnitState(unit.hold)
    if state == UnitState.VACANT and building.state == Building.State.PLANNED:
        state = UnitState.PLANNED
    elif state == UnitState.VACANT and building.state == Building.State.BUILDING:
        state = UnitState.BUILDING
    elif state == UnitState.VACANT and unit.hold == Unit.Hold.KEPT:
        state = UnitState.KEPT
    elif state == UnitState.VACANT and unit.hold:
        state = UnitState(unit.hold)
    return Standing(unit, state, occupancy, lease, _holder(occupancy, lease, names))


def _holder(occupancy: Occupancy | None, lease: Lease | None, names: Mapping[int, str]) -> str:
    if occupancy is not None:
        return names.get(occupancy.party_id or 0, occupancy.name)
    return names.get(lease.party_id, "") if lease is not None else ""


def _held_state(occupancy: Occupancy | None, overdue: Lease | None) -> UnitState:
    if occupancy is None:
        return UnitState.VACANT if overdue is None else UnitState.OVERDUE
    if occupancy.kind == Occupancy.Kind.LET and not _is_use(occupancy):
        return UnitState.RESERVED
    return UnitState(occupancy.kind)


def _is_use(occupancy: Occupancy) -> bool:
    """Whether somebody has the unit: kept for somebody, or a lease being drawn up, is not yet."""
    if occupancy.kind == Occupancy.Kind.RESERVED:
        return False
    return occupancy.lease is None or occupancy.lease.state != Lease.State.DRAFT
