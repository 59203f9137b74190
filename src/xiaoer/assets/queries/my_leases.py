"""What a firm rents: its leases with units, who runs the building, and when somebody asks about going on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, IntegerField, QuerySet, Value, When

from xiaoer.assets.models import CarrierFile, Lease, Unit
from xiaoer.assets.queries.carriers import LeaseRow, lease_rows
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Party


@dataclass(frozen=True, slots=True)
class MyLease:
    """A lease as its tenant sees it. ``run_by``: who runs its buildings, else who owns them."""

    row: LeaseRow
    run_by: tuple[str, ...]

    @property
    def lease(self) -> Lease:
        return self.row.lease

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.row.units

    @property
    def ask_on(self) -> date:
        """From this day on somebody asks whether it goes on."""
        return self.lease.until - timedelta(days=self.lease.notice_days)

    @property
    def is_running_out(self) -> bool:
        return (
            self.lease.state == Lease.State.IN_FORCE
            and self.lease.renewed_by_id is None
            and self.row.days_left <= self.lease.notice_days
        )


def own_leases(by: Actor, on: date) -> list[MyLease]:
    """Every lease of the asker's firm: those in force first, of them the one that ends first."""
    return _shown(by, _own(by), on)


def own_lease(by: Actor, number: int, on: date) -> MyLease | None:
    return next(iter(_shown(by, _own(by).filter(pk=number), on)), None)


def files_of_lease(mine: MyLease) -> list[CarrierFile]:
    """Pictures, plans and papers of its units and their buildings."""
    units = [unit.pk for unit in mine.units]
    houses = {unit.building_id for unit in mine.units}
    hung = CarrierFile.objects.filter(removed_at__isnull=True).select_related("file")
    return [*hung.filter(unit__in=units), *hung.filter(building__in=houses)]


def _own(by: Actor) -> QuerySet[Lease]:
    place = Case(
        When(state=Lease.State.IN_FORCE, then=Value(0)),
        When(state=Lease.State.DRAFT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Lease.objects.filter(zone_id=by.zone_id, party=by.party_ref or 0)
    return rows.select_related("renewed_by").order_by(place, "until", "pk")


def _shown(by: Actor, found: QuerySet[Lease], on: date) -> list[MyLease]:
    rows = lease_rows(found, on)
    names = _runners(by, rows)
    return [MyLease(row, _run_by(row, names)) for row in rows]


def _run_by(row: LeaseRow, names: dict[int, str]) -> tuple[str, ...]:
    houses = [unit.building for unit in row.units]
    numbers = [house.operator_id or house.party_id or 0 for house in houses]
    return tuple(names[number] for number in dict.fromkeys(numbers) if number in names)


def _runners(by: Actor, rows: Sequence[LeaseRow]) -> dict[int, str]:
    """A tenant does not read other firms of the register; whom it rents from it is told by name."""
    houses = [unit.building for row in rows for unit in row.units]
    named = {number for house in houses for number in (house.operator_id, house.party_id)}
    wanted = [number for number in named if number is not None]
    with on_behalf(by):
        found = Party.objects.filter(zone_id=by.zone_id, pk__in=wanted)
        return dict(found.values_list("pk", "name"))
