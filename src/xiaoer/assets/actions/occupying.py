"""Units reserved, sold, used by their owner; and let go again. Leases have a file of their own."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions.reaching import (
    DAY,
    during,
    end_occupancy,
    excluded,
    must_be_free,
    reached_unit,
    words_of,
)
from xiaoer.assets.models import Occupancy, Unit
from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Party

LONGEST = timedelta(days=366)
"""A unit is not kept for somebody without a lease for longer than a year."""


@transaction.atomic
def reserve_unit(
    *,
    by: Actor,
    now: datetime,
    unit: Unit,
    until: date,
    party: Party | None = None,
    name: str = "",
    since: date | None = None,
    why: str = "",
) -> Occupancy:
    """Keep a unit for somebody through a day; nobody else takes it in these days.

    ``name``: of whom the registry lacks.
    """
    since = since or checking.today(now)
    checking.must_come(until, "until", now)
    checking.must_run_forward(since, until, "until")
    if until - since > LONGEST:
        raise Refused(
            _("A unit is reserved for a year at most; draw up a lease instead."), field="until"
        )
    return _occupy(
        by=by, now=now, unit=unit, kind=Occupancy.Kind.RESERVED, party=party, name=name,
        since=since, until=until, why=why, verb="reserve_unit",
    )  # fmt: skip


@transaction.atomic
def extend_reservation(
    *, by: Actor, now: datetime, occupancy: Occupancy, until: date, why: str
) -> Occupancy:
    """Keep a unit longer for whom it is kept, through a later day; whoever has it then is named."""
    checking.must_come(until, "until", now)
    why = checking.must_say(why, "why", most=200)
    with on_behalf(by):
        row = _reached_occupancy(by, occupancy)
        if row.kind != Occupancy.Kind.RESERVED or row.until is None or until <= row.until:
            raise Refused(
                _("Choose a later day than the one it is kept to, %(other)s.")
                % {"other": words_of(row)},
                field="until",
            )
        if until - checking.today(now) > LONGEST:
            raise Refused(
                _("A unit is reserved for a year at most; draw up a lease instead."), field="until"
            )
        old, since = row.until, row.until + DAY
        must_be_free([row.unit], since, until, field="until")
        with excluded([row.unit], since, until, field="until"):
            row.until = until
            row.version += 1
            row.save(update_fields=["until", "version"])
        _record(
            by,
            now,
            "extend_reservation",
            row,
            old=old.isoformat(),
            until=until.isoformat(),
            why=why,
        )
    return row


@transaction.atomic
def use_unit(
    *,
    by: Actor,
    now: datetime,
    unit: Unit,
    party: Party | None = None,
    name: str = "",
    since: date | None = None,
    until: date | None = None,
    why: str = "",
) -> Occupancy:
    """Write down that its owner uses a unit itself."""
    return _occupy(
        by=by, now=now, unit=unit, kind=Occupancy.Kind.OWN, party=party, name=name,
        since=since or checking.today(now), until=until, why=why, verb="use_unit",
    )  # fmt: skip


@transaction.atomic
def sell_unit(
    *,
    by: Actor,
    now: datetime,
    unit: Unit,
    on: date,
    party: Party | None = None,
    name: str = "",
    price_fen: int | None = None,
    why: str = "",
) -> Occupancy:
    """Write down that a unit was sold, on a day that has been. Whoever bought it before sold it on.

    A sale does not break a lease: a unit that is let is refused with the lease's number.
    """
    access.must_keep_carriers(by)
    checking.must_have_been(on, "on", now)
    kept = reached_unit(by, unit)
    for before in kept.occupancies.filter(
        during(on, None), kind=Occupancy.Kind.SOLD, is_struck=False, since__lte=on
    ):
        end_occupancy(before, on - DAY)
    _end_reservation(kept, party, on, None)
    return _occupy(
        by=by, now=now, unit=unit, kind=Occupancy.Kind.SOLD, party=party, name=name, since=on,
        until=None, why=why, verb="sell_unit", price_fen=price_fen,
    )  # fmt: skip


@transaction.atomic
def release_unit(
    *, by: Actor, now: datetime, occupancy: Occupancy, why: str, on: date | None = None
) -> Occupancy:
    """Let a unit go that was reserved or used by its owner: ``on`` is the first day it is free.

    A unit that is let is let go by ending its lease; one that was sold, by selling it on.
    """
    on = checking.must_be_possible(on or checking.today(now), "on")
    why = checking.must_say(why, "why", most=200)
    with on_behalf(by):
        row = _reached_occupancy(by, occupancy)
        if row.lease is not None:
            raise Refused(_("%(other)s; end or break off the lease.") % {"other": words_of(row)})
        if row.kind == Occupancy.Kind.SOLD:
            raise Refused(
                _("%(other)s; it is free again when it is sold on, or struck out as a mistake.")
                % {"other": words_of(row)}
            )
        if row.until is not None and row.until < on:
            raise Refused(
                _("This ended on %(day)s already.") % {"day": row.until.isoformat()}, field="on"
            )
        end_occupancy(row, on - DAY)
        _record(by, now, "release_unit", row, on=on.isoformat(), why=why)
    return row


@transaction.atomic
def strike_occupancy(*, by: Actor, now: datetime, occupancy: Occupancy, why: str) -> Occupancy:
    """Strike out what was written by mistake; it never was. Of a lease, its verbs do that."""
    why = checking.must_say(why, "why", most=200)
    with on_behalf(by):
        row = _reached_occupancy(by, occupancy)
        if row.lease is not None:
            raise Refused(_("%(other)s; end or break off the lease.") % {"other": words_of(row)})
        row.is_struck = True
        row.version += 1
        row.save(update_fields=["is_struck", "version"])
        _record(by, now, "strike_occupancy", row, why=why)
    return row


def _occupy(
    *,
    by: Actor,
    now: datetime,
    unit: Unit,
    kind: str,
    party: Party | None,
    name: str,
    since: date,
    until: date | None,
    why: str,
    verb: str,
    price_fen: int | None = None,
) -> Occupancy:
    checking.must_be_possible(since, "since")
    checking.must_run_forward(since, until, "until")
    name = checking.said(name, "name", most=80)
    why = checking.said(why, "why", most=200)
    if party is None and not name:
        raise Refused(_("Say for whom: an enterprise, or a name."), field="party")
    with on_behalf(by):
        if party is not None and party.zone_id != by.zone_id:
            raise Refused(
                _("There is no such record here; it may be of another zone."), field="party"
            )
        kept = reached_unit(by, unit)
        must_be_free([kept], since, until, field="since")
        with excluded([kept], since, until, field="since"):
            row = Occupancy.objects.create(
                zone_id=by.zone_id, unit=kept, kind=kind, party=party,
                name="" if party else name, since=since, until=until, why=why,
            )  # fmt: skip
        detail = {"price_fen": price_fen} if price_fen is not None else {}
        _record(
            by, now, verb, row, since=since.isoformat(),
            until=until.isoformat() if until else "", why=why, **detail,
        )  # fmt: skip
    return row


def _end_reservation(unit: Unit, party: Party | None, since: date, until: date | None) -> None:
    """What was kept for somebody ends when that somebody takes it."""
    if party is None:
        return
    for before in unit.occupancies.filter(
        during(since, until), kind=Occupancy.Kind.RESERVED, party=party, is_struck=False
    ):
        end_occupancy(before, since - DAY)


def end_reservations(unit: Unit, party: Party, since: date, until: date) -> None:
    """Reservations of a unit for a party that now takes a lease of it."""
    _end_reservation(unit, party, since, until)


def _reached_occupancy(by: Actor, occupancy: Occupancy) -> Occupancy:
    """The unit locked first, as everybody does; then what was written of it, as it is now."""
    known = Occupancy.objects.filter(zone_id=by.zone_id, pk=occupancy.pk).first()
    if known is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    reached_unit(by, known.unit, living=False)
    row = Occupancy.objects.select_related("unit__building", "party", "lease").get(pk=known.pk)
    if row.is_struck:
        raise Refused(_("This was struck out already."))
    return row


def _record(by: Actor, now: datetime, verb: str, row: Occupancy, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, unit=row.unit.code, **detail
    )
