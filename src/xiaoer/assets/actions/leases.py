"""Leases drawn up, begun, renewed, ended and broken off; their deposits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions.lease_tasks import settle_lease
from xiaoer.assets.actions.occupying import end_reservations
from xiaoer.assets.actions.reaching import (
    DAY,
    MOST_FEN,
    end_occupancy,
    excluded,
    must_be_free,
    must_be_sensible,
    reached_units,
)
from xiaoer.assets.models import Building, Lease, Occupancy, Unit
from xiaoer.base import checking, journal
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Party

MOST_UNITS = 200
LONGEST_DAYS = 366 * 20
"""Civil Code article 705: a lease runs for twenty years at most."""


@dataclass(frozen=True, slots=True)
class LeaseFacts:
    """What a lease says. Money in fen; ``promises`` such as ``{"tax_per_mu": 20}``."""

    number: str
    party: Party
    since: date
    until: date
    rent_fen: int
    deposit_fen: int = 0
    notice_days: int = 90
    may_sublet: bool = False
    promises: Mapping[str, int | float | str] = field(default_factory=dict)
    file: StoredFile | None = None


@transaction.atomic
def draft_lease(*, by: Actor, now: datetime, facts: LeaseFacts, units: Sequence[Unit]) -> Lease:
    """Draw up a lease of units. From now on nobody else takes them in its days.

    What was reserved for the same party becomes its lease.
    """
    with on_behalf(by):
        kept = _lettable(by, units)
        values = checked_lease(by, facts)
        row = Lease(zone_id=by.zone_id, **values)
        _save(row)
        _take_units(by, row, kept)
        _record(by, now, "draft_lease", row, units=[unit.code for unit in kept])
    return row


@transaction.atomic
def change_lease(
    *,
    by: Actor,
    now: datetime,
    lease: Lease,
    facts: LeaseFacts,
    version: int,
    units: Sequence[Unit] | None = None,
) -> Lease:
    """Change a lease that is being drawn up; ``units``: others than before.

    One in force keeps its party, days, rent and units, which change by renewing it; what may still
    be put right is its number, deposit, notice, whether it may be sublet, its promises and its file.
    """
    with on_behalf(by):
        row, held = _reached(by, lease)
        journal.must_be_fresh(row, version)
        if row.state not in {Lease.State.DRAFT, Lease.State.IN_FORCE}:
            raise Refused(
                _("Lease %(number)s is over; it is kept as it was.") % {"number": row.number}
            )
        values = checked_lease(by, facts)
        if row.state == Lease.State.IN_FORCE:
            _must_keep(row, values, units, held)
        wanted = held if units is None else _lettable(by, units)
        is_moved = {one.pk for one in wanted} != {one.pk for one in held} or (
            (row.since, row.until, row.party_id)
            != (values["since"], values["until"], values["party"].pk)
        )
        changed = journal.changes(row, values)
        if not changed and not is_moved:
            return row
        row.version += 1
        _save(row)
        if is_moved:
            row.occupancies.filter(is_struck=False).update(is_struck=True)
            _take_units(by, row, wanted)
            changed["units"] = [[one.code for one in held], [one.code for one in wanted]]
        _record(by, now, "change_lease", row, **changed)
    return row


@transaction.atomic
def begin_lease(
    *, by: Actor, now: datetime, lease: Lease, deposit_paid_on: date | None = None
) -> Lease:
    """Put a lease that was drawn up in force. A building that failed its acceptance is not let."""
    with on_behalf(by):
        row, units = _reached(by, lease)
        _must_be(row, Lease.State.DRAFT)
        for unit in units:
            must_be_fit(unit.building)
        if deposit_paid_on is not None:
            row.deposit_paid_on = _deposit_day(row, deposit_paid_on, now)
        row.state = Lease.State.IN_FORCE
        row.version += 1
        row.save(update_fields=["state", "deposit_paid_on", "version"])
        _record(by, now, "begin_lease", row, units=[unit.code for unit in units])
    return row


@transaction.atomic
def drop_lease(*, by: Actor, now: datetime, lease: Lease, why: str) -> Lease:
    """Give up a lease that is being drawn up; its units are free again."""
    why = checking.must_say(why, "why", most=300)
    with on_behalf(by):
        row, units = _reached(by, lease)
        _must_be(row, Lease.State.DRAFT)
        row.occupancies.filter(is_struck=False).update(is_struck=True)
        _close(row, Lease.State.ENDED, checking.today(now), why)
        _record(by, now, "drop_lease", row, why=why, units=[unit.code for unit in units])
    return row


@transaction.atomic
def renew_lease(
    *,
    by: Actor,
    now: datetime,
    lease: Lease,
    number: str,
    until: date,
    rent_fen: int | None = None,
    deposit_fen: int | None = None,
) -> Lease:
    """Let the same units to the same party from the day after a lease ends, by a new lease in force.

    The deposit goes over to the new one unless another is agreed.
    """
    with on_behalf(by):
        old, units = _reached(by, lease)
        _must_be(old, Lease.State.IN_FORCE)
        if old.renewed_by_id is not None:
            raise Refused(_("Lease %(number)s was renewed already.") % {"number": old.number})
        for unit in units:
            must_be_fit(unit.building)
        facts = replace(
            lease_facts(old), number=number, since=old.until + DAY, until=until, file=None,
            rent_fen=old.rent_fen if rent_fen is None else rent_fen,
            deposit_fen=old.deposit_fen if deposit_fen is None else deposit_fen,
        )  # fmt: skip
        row = Lease(zone_id=by.zone_id, state=Lease.State.IN_FORCE, **checked_lease(by, facts))
        if row.deposit_fen == old.deposit_fen and old.deposit_back_on is None:
            row.deposit_paid_on = old.deposit_paid_on
        _save(row)
        _take_units(by, row, units)
        old.renewed_by = row
        old.version += 1
        old.save(update_fields=["renewed_by", "version"])
        settle_lease(by, now, old, _("renewed by lease %(number)s") % {"number": row.number})
        _record(by, now, "renew_lease", row, before=old.number, until=until.isoformat())
    return row


@transaction.atomic
def end_lease(*, by: Actor, now: datetime, lease: Lease, on: date, why: str = "") -> Lease:
    """Record that a lease has ended and its units were handed back; ``on`` is its last day.

    Earlier than agreed: by agreement, with the reason. Later: the tenant stayed on.
    """
    checking.must_have_been(on, "on", now)
    why = checking.said(why, "why", most=300)
    with on_behalf(by):
        row, units = _reached(by, lease)
        _must_be(row, Lease.State.IN_FORCE)
        _must_have_begun(row, on)
        if on < row.until and not why:
            raise Refused(
                _("It runs until %(day)s; say why it ends earlier.")
                % {"day": row.until.isoformat()},
                field="why",
            )
        if on > row.until:
            must_be_free(units, row.until + DAY, on, field="on")
        _end(row, units, Lease.State.ENDED, on, why)
        settle_lease(by, now, row, _("ended on %(day)s") % {"day": on.isoformat()})
        _record(by, now, "end_lease", row, on=on.isoformat(), why=why)
    return row


@transaction.atomic
def break_lease(*, by: Actor, now: datetime, lease: Lease, on: date, why: str) -> Lease:
    """Break a lease off before its time, with the clause or the reason; a person does that.

    ``on`` is the last day. What follows for the deposit is recorded by its own verb.
    """
    access.must_be_person(by)
    checking.must_have_been(on, "on", now)
    why = checking.must_say(why, "why", most=300)
    with on_behalf(by):
        row, units = _reached(by, lease)
        _must_be(row, Lease.State.IN_FORCE)
        _must_have_begun(row, on)
        if on > row.until:
            raise Refused(
                _("It ran out on %(day)s by itself; record that it ended.")
                % {"day": row.until.isoformat()},
                field="on",
            )
        _end(row, units, Lease.State.BROKEN, on, why)
        settle_lease(by, now, row, _("broken off on %(day)s") % {"day": on.isoformat()})
        _record(by, now, "break_lease", row, on=on.isoformat(), why=why)
    return row


@transaction.atomic
def record_lease_deposit(*, by: Actor, now: datetime, lease: Lease, on: date) -> Lease:
    """Write down that the deposit of a lease was paid."""
    with on_behalf(by):
        row, _units = _reached(by, lease)
        if row.deposit_paid_on is not None:
            raise Refused(
                _("It was paid on %(day)s already.") % {"day": row.deposit_paid_on.isoformat()},
                field="on",
            )
        row.deposit_paid_on = _deposit_day(row, on, now)
        row.version += 1
        row.save(update_fields=["deposit_paid_on", "version"])
        _record(by, now, "record_lease_deposit", row, on=on.isoformat())
    return row


@transaction.atomic
def return_lease_deposit(*, by: Actor, now: datetime, lease: Lease, on: date) -> Lease:
    """Write down that the deposit went back to the tenant: after the end, and once."""
    checking.must_have_been(on, "on", now)
    with on_behalf(by):
        row, _units = _reached(by, lease)
        if row.deposit_paid_on is None:
            raise Refused(_("No deposit was paid for this lease."), field="on")
        if row.state not in {Lease.State.ENDED, Lease.State.BROKEN}:
            raise Refused(
                _("Lease %(number)s is in force; its deposit stays until it ends.")
                % {"number": row.number}
            )
        if row.renewed_by is not None and row.renewed_by.deposit_paid_on == row.deposit_paid_on:
            raise Refused(
                _("The deposit went over to lease %(number)s, which followed.")
                % {"number": row.renewed_by.number}
            )
        if row.deposit_back_on is not None:
            raise Refused(
                _("It went back on %(day)s already.") % {"day": row.deposit_back_on.isoformat()},
                field="on",
            )
        if on < row.deposit_paid_on:
            raise Refused(_("This lies before the day it was paid."), field="on")
        row.deposit_back_on = on
        row.version += 1
        row.save(update_fields=["deposit_back_on", "version"])
        _record(by, now, "return_lease_deposit", row, on=on.isoformat())
    return row


def lease_facts(row: Lease) -> LeaseFacts:
    """What a lease says now, for a form to begin with."""
    return LeaseFacts(**{one.name: getattr(row, one.name) for one in fields(LeaseFacts)})


def checked_lease(by: Actor, facts: LeaseFacts) -> dict[str, Any]:
    """The columns of what a lease says."""
    values: dict[str, Any] = {one.name: getattr(facts, one.name) for one in fields(facts)}
    values["number"] = checking.must_say(
        facts.number, "number", most=40, why=_("Give the lease its number.")
    )
    if facts.party.zone_id != by.zone_id:
        raise Refused(_("There is no such record here; it may be of another zone."), field="party")
    if facts.file is not None and facts.file.zone_id != by.zone_id:
        raise Refused(_("There is no such record here; it may be of another zone."), field="file")
    checking.must_be_possible(facts.since, "since")
    checking.must_be_possible(facts.until, "until")
    checking.must_run_forward(facts.since, facts.until, "until")
    if (facts.until - facts.since).days > LONGEST_DAYS:
        raise Refused(
            _("A lease runs for twenty years at most (Civil Code, article 705)."), field="until"
        )
    must_be_sensible(facts.rent_fen, "rent_fen", most=MOST_FEN)
    must_be_sensible(facts.deposit_fen, "deposit_fen", most=MOST_FEN)
    must_be_sensible(facts.notice_days, "notice_days", most=730)
    values["promises"] = {
        code: str(Decimal(str(amount))) for code, amount in dict(facts.promises).items()
    }
    return values


def _lettable(by: Actor, units: Sequence[Unit]) -> list[Unit]:
    return must_be_lettable(reached_units(by, units) if units else [])


def must_be_lettable(units: list[Unit]) -> list[Unit]:
    """Units one lease may let together: some, not too many, of buildings that stand or will."""
    if not units:
        raise Refused(_("Choose at least one unit."), field="units")
    if len(units) > MOST_UNITS:
        raise Refused(_("A lease lets 200 units at most; draw up a second one."), field="units")
    gone = next((unit for unit in units if unit.building.state == Building.State.GONE), None)
    if gone is not None:
        raise Refused(
            _("“%(name)s” was pulled down; it has no units.") % {"name": gone.building.name},
            field="units",
        )
    return units


def must_be_fit(building: Building) -> None:
    """A building that failed its acceptance, or does not stand yet, is not let."""
    if building.is_accepted is False:
        raise Refused(
            _(
                "“%(name)s” has not passed its acceptance on completion; it must not be let before."
                " The lease stays drawn up."
            )
            % {"name": building.name}
        )
    if building.state != Building.State.BUILT:
        raise Refused(
            _("“%(name)s” does not stand yet; the lease stays drawn up until it does.")
            % {"name": building.name}
        )


def _take_units(by: Actor, row: Lease, units: Sequence[Unit]) -> None:
    """The occupancies of a lease, refused with the name of whoever stands in the way."""
    for unit in units:
        end_reservations(unit, row.party, row.since, row.until)
    must_be_free(units, row.since, row.until, field="units", but=Q(lease=row.pk))
    with excluded(units, row.since, row.until, field="units"):
        Occupancy.objects.bulk_create(
            Occupancy(
                zone_id=by.zone_id, unit=unit, kind=Occupancy.Kind.LET, party=row.party, lease=row,
                since=row.since, until=row.until,
            )
            for unit in units
        )  # fmt: skip


def _reached(by: Actor, lease: Lease) -> tuple[Lease, list[Unit]]:
    """The units locked first, as everybody does, then the lease as it is now."""
    known = Lease.objects.filter(zone_id=by.zone_id, pk=lease.pk).first()
    if known is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    held = list(Unit.objects.filter(occupancies__lease=known.pk).distinct().order_by("pk"))
    if held:
        reached_units(by, held, living=False)
    else:
        access.must_keep_carriers(by)
    row = (
        Lease.objects.select_for_update(of=("self",))
        .select_related("party", "renewed_by")
        .get(pk=known.pk)
    )
    now_held = (
        Unit.objects.select_related("building")
        .filter(occupancies__lease=row.pk, occupancies__is_struck=False)
        .distinct()
        .order_by("pk")
    )
    return row, list(now_held)


def _must_be(row: Lease, state: str) -> None:
    if row.state != state:
        raise Refused(
            _("Lease %(number)s is %(state)s.")
            % {"number": row.number, "state": Lease.State(row.state).label}
        )


def _must_have_begun(row: Lease, on: date) -> None:
    if on < row.since:
        raise Refused(
            _("It begins on %(day)s only; choose a later day.") % {"day": row.since.isoformat()},
            field="on",
        )


def _must_keep(
    row: Lease, values: Mapping[str, Any], units: Sequence[Unit] | None, held: Sequence[Unit]
) -> None:
    """What a lease in force does not change by overtyping."""
    fixed = ("since", "until", "rent_fen")
    is_same = all(getattr(row, name) == values[name] for name in fixed)
    is_same = is_same and row.party_id == values["party"].pk
    if units is not None:
        is_same = is_same and {unit.pk for unit in units} == {unit.pk for unit in held}
    if not is_same:
        raise Refused(
            _(
                "Lease %(number)s is in force; its party, days, rent and units change by renewing it or"
                " by ending it."
            )
            % {"number": row.number}
        )


def _end(row: Lease, units: Sequence[Unit], state: str, on: date, why: str) -> None:
    with excluded(units, row.since, on, field="on"):
        for occupancy in row.occupancies.filter(is_struck=False):
            end_occupancy(occupancy, on)
    _close(row, state, on, why)


def _close(row: Lease, state: str, on: date, why: str) -> None:
    row.state, row.ended_on, row.ended_why = state, on, why
    row.version += 1
    row.save(update_fields=["state", "ended_on", "ended_why", "version"])


def _deposit_day(row: Lease, on: date, now: datetime) -> date:
    if row.deposit_fen == 0:
        raise Refused(_("This lease asks for no deposit."), field="on")
    return checking.must_have_been(on, "on", now)


def _save(row: Lease) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "lease_number_once" not in str(error):
            raise
        raise Refused(
            _("There is a lease %(number)s already.") % {"number": row.number}, field="number"
        ) from error


def _record(by: Actor, now: datetime, verb: str, row: Lease, **detail: Any) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, number=row.number, **detail
    )
