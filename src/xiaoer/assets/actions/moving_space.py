"""The units of a move-in: kept for it once it is approved, let go when it comes to nothing."""

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.assets.actions.occupying import extend_reservation, release_unit, reserve_unit
from xiaoer.assets.models import MoveIn, Occupancy, Unit
from xiaoer.base.checking import today
from xiaoer.base.scope import Actor
from xiaoer.work import queries as work
from xiaoer.work.calendar import DAY

RESERVE = "move_in.reserve"


def _kept(row: MoveIn, now: datetime) -> "list[Occupancy]":
    """What is reserved of its units for this firm today or later."""
    whose = Q(party__isnull=True, name=row.who)
    if row.party_id is not None:
        whose |= Q(party=row.party_id)
    return list(
        Occupancy.objects.filter(
            whose, Q(until__isnull=True) | Q(until__gte=today(now)), zone_id=row.zone_id,
            unit__in=row.of_units.values("unit"), kind=Occupancy.Kind.RESERVED, is_struck=False,
        )
    )  # fmt: skip


def keep_units(by: Actor, now: datetime, row: MoveIn) -> None:
    """Reserve the units until the contract; one that somebody else has is refused, naming them.

    By cage-change the space is still to be freed, so nothing is reserved.
    """
    if row.way == MoveIn.Way.CAGE:
        return
    _hand_over(row, now)
    rule = work.limit(row.zone_id, RESERVE)
    why = _("Joint review %(number)s") % {"number": row.number}
    keep_until(by, now, row, today(now) + rule.count * DAY, why)


def keep_until(by: Actor, now: datetime, row: MoveIn, until: date, why: str) -> None:
    """Keep every unit it does not hold yet through a day at least: longer, or anew."""
    kept = {one.unit_id: one for one in _kept(row, now)}
    held = held_units(row, today(now))
    for unit in Unit.objects.filter(pk__in=row.of_units.values("unit")).exclude(pk__in=held):
        there = kept.get(unit.pk)
        if there is None:
            reserve_unit(
                by=by, now=now, unit=unit, until=until, party=row.party,
                name="" if row.party else row.who, why=why[:200],
            )  # fmt: skip
        elif there.until is not None and there.until < until:
            extend_reservation(by=by, now=now, occupancy=there, until=until, why=why)


def held_units(row: MoveIn, on: date) -> set[int]:
    """Those of its units the firm holds on a day or will: let to it, bought, its own."""
    if row.party_id is None:
        return set()
    rows = Occupancy.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), zone_id=row.zone_id, party=row.party_id,
        unit__in=row.of_units.values("unit"), is_struck=False,
    )  # fmt: skip
    return set(rows.exclude(kind=Occupancy.Kind.RESERVED).values_list("unit_id", flat=True))


def _hand_over(row: MoveIn, now: datetime) -> None:
    """What was kept for whoever looked is kept for the firm that comes: often one founded for it."""
    need = row.need
    if need is None:
        return
    whose = Q(party=need.party_id) if need.party_id else Q(party__isnull=True, name=need.who)
    Occupancy.objects.filter(
        whose, Q(until__isnull=True) | Q(until__gte=today(now)), zone_id=row.zone_id,
        unit__in=row.of_units.values("unit"), kind=Occupancy.Kind.RESERVED, is_struck=False,
    ).update(party=row.party, name="" if row.party else row.who)  # fmt: skip


def let_units_go(by: Actor, now: datetime, row: MoveIn, why: str) -> None:
    """Written by the zone: the firm itself runs no building."""
    zone = Actor(zone_id=by.zone_id, name=by.name, office=by.office)
    for one in _kept(row, now):
        release_unit(by=zone, now=now, occupancy=one, why=why[:200])


def name_holder(row: MoveIn, who: str) -> None:
    """What was reserved under a mere name is the registered firm's from now on."""
    Occupancy.objects.filter(
        zone_id=row.zone_id, unit__in=row.of_units.values("unit"), party__isnull=True, name=who,
        kind=Occupancy.Kind.RESERVED, is_struck=False,
    ).update(party=row.party)  # fmt: skip
