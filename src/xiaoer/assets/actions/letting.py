"""Leases of a sheet: each judged by the rules of the verbs of leases, all written in a few statements.

A park's sheet names some hundred tenants; a lease by its verbs alone asks the database two dozen times.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.assets.actions.leases import (
    LeaseFacts,
    checked_lease,
    must_be_fit,
    must_be_lettable,
)
from xiaoer.assets.actions.reaching import DAY, end_occupancy, reached_units, words_of
from xiaoer.assets.models import Lease, Occupancy, Unit
from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

Kind = Occupancy.Kind


class Letting:
    """The units of a sheet, locked; who holds them; and the leases that are to be written."""

    def __init__(self, by: Actor, units: Sequence[Unit], numbers: Iterable[str]) -> None:
        self.by = by
        self.units = {unit.pk: unit for unit in reached_units(by, units)} if units else {}
        self.held: dict[int, list[Occupancy]] = {}
        rows = Occupancy.objects.filter(
            zone_id=by.zone_id, unit__in=list(self.units), is_struck=False
        )
        for one in rows.select_related("unit", "party", "lease").order_by("since"):
            self.held.setdefault(one.unit_id, []).append(one)
        known = Lease.objects.filter(zone_id=by.zone_id, number__in=set(numbers))
        self.numbers = set(known.values_list("number", flat=True))
        self.leases: list[Lease] = []
        self.occupancies: list[Occupancy] = []
        self.made_way: list[tuple[Occupancy, Lease]] = []
        self.ended: dict[int, list[int | str | None]] = {}

    def let(self, facts: LeaseFacts, units: Sequence[Unit]) -> tuple[Lease, str]:
        """A lease to be written: in force, or drawn up only, and then why it does not begin."""
        kept = must_be_lettable([self.units[unit.pk] for unit in units])
        lease = Lease(zone_id=self.by.zone_id, **checked_lease(self.by, facts))
        if lease.number in self.numbers:
            raise Refused(
                _("There is a lease %(number)s already.") % {"number": lease.number},
                field="number",
            )
        ended = [one for unit in kept for one in self._make_way(unit, facts)]
        why_not = ""
        try:
            for unit in kept:
                must_be_fit(unit.building)
            lease.state = Lease.State.IN_FORCE
        except Refused as no:
            why_not = str(no)
        self.numbers.add(lease.number)
        self.leases.append(lease)
        self.made_way += [(one, lease) for one in ended]
        for unit in kept:
            one = Occupancy(
                zone_id=self.by.zone_id, unit=unit, kind=Kind.LET, party=facts.party, lease=lease,
                since=facts.since, until=facts.until,
            )  # fmt: skip
            self.occupancies.append(one)
            self.held.setdefault(unit.pk, []).append(one)
        return lease, why_not

    def _make_way(self, unit: Unit, facts: LeaseFacts) -> list[Occupancy]:
        """What was reserved for the same party becomes its lease; anybody else in these days is named."""
        there = [one for one in self.held.get(unit.pk, ()) if touch(one, facts.since, facts.until)]
        own = [one for one in there if one.kind == Kind.RESERVED and one.party_id == facts.party.pk]
        other = next((one for one in there if one not in own), None)
        if other is not None:
            raise Refused(
                _("%(other)s. Choose other days or another unit, or end that first.")
                % {"other": words_of(other)},
                field="units",
            )
        return own

    def write(self, now: datetime) -> list[Lease]:
        """Every lease with its occupancies and its lines of the journal.

        ``ended`` then says of each reservation that made way for which lease, as what version it was
        left, and what its last day had been.
        """
        last_days = {
            one.pk: one.until.isoformat() if one.until else None for one, _lease in self.made_way
        }
        for one, lease in self.made_way:
            end_occupancy(one, lease.since - DAY)
        try:
            with transaction.atomic():
                Lease.objects.bulk_create(self.leases)
                Occupancy.objects.bulk_create(self.occupancies)
        except IntegrityError as error:
            raise Refused(
                _("Somebody has just changed these leases; bring the sheet in again.")
            ) from error
        self.ended = {
            one.pk: [lease.pk, one.version, last_days[one.pk]] for one, lease in self.made_way
        }
        codes: dict[int, list[str]] = {}
        for one in self.occupancies:
            codes.setdefault(one.lease_id or 0, []).append(one.unit.code)
        begun = [lease for lease in self.leases if lease.state == Lease.State.IN_FORCE]
        for verb, leases in (("draft_lease", self.leases), ("begin_lease", begun)):
            journal.record_each(
                by=self.by, now=now, verb=verb,
                told=(
                    (lease, lease.party_id, {"number": lease.number, "units": codes[lease.pk]})
                    for lease in leases
                ),
            )  # fmt: skip
        return self.leases


def touch(other: Occupancy, since: date, until: date) -> bool:
    return other.since <= until and (other.until is None or other.until >= since)
