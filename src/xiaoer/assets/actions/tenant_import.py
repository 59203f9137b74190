"""Tenants of a sheet of units: each firm found in the register, its lease made by the usual verbs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from xiaoer.assets.actions.leases import LeaseFacts
from xiaoer.assets.actions.letting import Letting, touch
from xiaoer.assets.actions.reaching import words_of
from xiaoer.assets.models import Lease, Occupancy, Unit
from xiaoer.assets.unit_sheets import Rent, Tenancy, UnitRow
from xiaoer.base import checking
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts.queries import FirmMatch, match_firms
from xiaoer.registry.models import Party

LET, SAME, LEFT = "let", "same", "left"
LONGEST_NUMBER = 40
MOST_TENANTS = 600
"""A page waits for them; more are brought in in parts."""


@dataclass(frozen=True, slots=True)
class TenantFate:
    """What becomes of the tenant a row names, and why."""

    outcome: str
    words: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Tenants:
    """What became of the tenant of each row; the leases made; the reservations that became leases."""

    fates: Mapping[int, TenantFate] = field(default_factory=dict)
    leases: Sequence[Lease] = ()
    ended: Mapping[int, Sequence[int | str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Let:
    """A row that names a tenant, with its unit as it is kept by now."""

    row: UnitRow
    unit: Unit
    tenancy: Tenancy


Named = tuple[str, str]


def take_tenants(*, by: Actor, now: datetime, taken: Sequence[tuple[UnitRow, Unit]]) -> Tenants:
    """Make the leases the rows speak of, and say by number of the row what became of its tenant.

    A firm is found by its exact code, else by its name; one that is not clear is reported. What the
    register knows of the same tenant and term stays as it is, so that a second import makes nothing.
    """
    on = checking.today(now)
    if sum(row.tenancy is not None for row, _unit in taken) > MOST_TENANTS:
        raise Refused(
            _("The sheet names more than %(most)s tenants; bring it in in parts.")
            % {"most": MOST_TENANTS},
            field="sheet",
        )
    lets = [_Let(row, unit, row.tenancy) for row, unit in taken if row.tenancy is not None]
    if not lets and not any(row.is_empty for row, _unit in taken):
        return Tenants()
    groups = _leases_of(lets)
    numbers = (number for rows in groups for number in _numbers(rows))
    book = Letting(by, [unit for _row, unit in taken], numbers)
    fates = {
        row.row_no: _not_empty(book.held.get(unit.pk, []), on)
        for row, unit in taken
        if row.is_empty
    }
    parties = _Parties(by, [one.tenancy for one in lets])
    for rows in groups:
        try:
            fate = _take(now, rows, parties, book)
        except Refused as no:
            fate = TenantFate(LEFT, str(no))
        fates |= {one.row.row_no: fate for one in rows}
    leases = book.write(now)
    told = {row_no: fate for row_no, fate in fates.items() if fate is not None}
    return Tenants(told, leases, book.ended)


def _not_empty(held: Iterable[Occupancy], on: date) -> TenantFate | None:
    """A unit the sheet calls empty that the register knows to be held; ending that is a person's."""
    for one in held:
        if one.since <= on and (one.until is None or one.until >= on):
            return TenantFate(
                LEFT,
                _("the sheet says nobody rents it; by the register %(other)s") % {"other": words_of(one)},
                _("If it was handed back, record the end of that."),
            )  # fmt: skip
    return None


def _leases_of(lets: Sequence[_Let]) -> list[list[_Let]]:
    """Rows of one lease together: of one number, or below a row whose merged cells they share."""
    found: list[list[_Let]] = []
    numbered: dict[str, list[_Let]] = {}
    for one in lets:
        said = one.tenancy
        above = found[-1][-1] if found else None
        if said.number and said.number in numbered:
            numbered[said.number].append(one)
        elif not said.number and above is not None and _is_merged(above, one):
            found[-1].append(one)
        else:
            found.append([one])
            if said.number:
                numbered[said.number] = found[-1]
    return found


def _is_merged(above: _Let, one: _Let) -> bool:
    """Of cells merged over rows a sheet keeps sums, and days Excel knows, in the first row only."""
    said, first = one.tenancy, above.tenancy
    return (
        one.row.row_no == above.row.row_no + 1
        and said.rent is None
        and (said.name, said.code) == (first.name, first.code)
        and (said.since, said.until) in ((None, None), (first.since, first.until))
    )


class _Parties:
    """The firms of the register that the sheet names, looked up in one question."""

    def __init__(self, by: Actor, tenancies: Iterable[Tenancy]) -> None:
        pairs = {(one.code, one.name) for one in tenancies}
        # By its code a firm is found whatever its name says; the name alone tells whether they agree.
        wanted = pairs | {("", name) for code, name in pairs if code and name}
        self.matches: Mapping[Named, FirmMatch] = match_firms(zone_id=by.zone_id, named=wanted)
        numbers = {one.party_id for one in self.matches.values() if one.party_id is not None}
        self.rows = Party.objects.filter(zone_id=by.zone_id).in_bulk(numbers)

    def of(self, said: Tenancy) -> Party:
        match = self.matches[said.code, said.name]
        shown = said.name or said.code
        if match.party_id is None:
            words = _("“%(name)s”: %(reason)s") % {"name": shown, "reason": match.reason}
            if match.candidates:
                likely = _("It may be: %(names)s.") % {"names": "、".join(match.candidates)}
                words = f"{words} {likely}"
            raise Refused(words)
        by_name = self.matches.get(("", said.name)) if said.code else None
        if by_name is not None and by_name.party_id not in (None, match.party_id):
            raise Refused(
                _("The code is that of %(code)s, the name that of %(name)s; put one of them right.")
                % {
                    "code": self.rows[match.party_id].name,
                    "name": self.rows[by_name.party_id or 0].name,
                }
            )
        return self.rows[match.party_id]


def _take(now: datetime, rows: Sequence[_Let], parties: _Parties, book: Letting) -> TenantFate:
    party, since, until = _agreed(rows, parties)
    if (known := _known(rows, party, since, until, book.held)) is not None:
        return known
    facts = LeaseFacts(
        number=rows[0].tenancy.number or _number(rows[0], since), party=party, since=since,
        until=until, rent_fen=_rent(rows),
        deposit_fen=sum(one.tenancy.deposit_fen or 0 for one in rows),
    )  # fmt: skip
    lease, why_not = book.let(facts, [one.unit for one in rows])
    words = _("%(party)s, %(since)s to %(until)s, lease %(number)s") % {
        "party": party.name, "since": since, "until": until, "number": lease.number
    }  # fmt: skip
    if len(rows) > 1:
        units = "、".join(one.unit.code for one in rows)
        words = _("%(lease)s, of %(units)s together") % {"lease": words, "units": units}
    if why_not:
        return TenantFate(LET, words, why_not)
    if until < checking.today(now):
        return TenantFate(
            LET, words, _("It has run out; until its end or renewal is recorded, the unit counts as held past its lease."),
        )  # fmt: skip
    return TenantFate(LET, words)


def _agreed(rows: Sequence[_Let], parties: _Parties) -> tuple[Party, date, date]:
    """The firm and the days of a lease; what its rows say must not differ."""
    found = {parties.of(one.tenancy).pk: parties.of(one.tenancy) for one in rows}
    since = {one.tenancy.since for one in rows} - {None}
    until = {one.tenancy.until for one in rows} - {None}
    if len(found) > 1 or len(since) > 1 or len(until) > 1:
        raise Refused(
            _("The rows of lease %(number)s name different firms or days.")
            % {"number": rows[0].tenancy.number}
        )
    first, last = next(iter(since), None), next(iter(until), None)
    if first is None or last is None:
        raise Refused(_("No term stands in the row; fill in from when until when it is let."))
    return next(iter(found.values())), first, last


def _known(
    rows: Sequence[_Let],
    party: Party,
    since: date,
    until: date,
    held: Mapping[int, Sequence[Occupancy]],
) -> TenantFate | None:
    """What the register has of this tenant in these units: the same, or something a person settles."""
    for one in rows:
        for other in held.get(one.unit.pk, ()):
            lease = other.lease
            if lease is None or lease.party_id != party.pk or not touch(other, since, until):
                continue
            if (lease.since, lease.until) != (since, until):
                return TenantFate(
                    LEFT, _("the register says otherwise: %(other)s") % {"other": words_of(other)},
                    _("Renew or end that lease if the sheet is right."),
                )  # fmt: skip
            if lease.state in (Lease.State.ENDED, Lease.State.BROKEN):
                return TenantFate(
                    LEFT, _("lease %(number)s is over by the register") % {"number": lease.number}
                )
            return TenantFate(SAME, _("lease %(number)s") % {"number": lease.number})
    return None


def _rent(rows: Sequence[_Let]) -> int:
    """The rent of all units together; one sum repeated in each row could be either."""
    said = [(one.tenancy.rent, one.unit.area_m2) for one in rows]
    given: list[Rent] = [rent for rent, _area in said if rent is not None]
    if not given:
        raise Refused(_("No rent stands in the row; fill in the rent a month."))
    sums = [rent.fen for rent in given if rent.of != "m2"]
    if len(sums) > 1 and len(set(sums)) == 1:
        raise Refused(
            _("The same rent stands in each row of the lease: for each unit, or for all? Write it by the square metre, or once in its first row.")
        )  # fmt: skip
    if sums and len(sums) < len(given):
        raise Refused(_("The rows of one lease give their rent in different ways."))
    if not sums and len(given) == 1:
        return sum(given[0].whole(area) for _rent, area in said)
    return sum(rent.whole(area) for rent, area in said if rent is not None)


def _numbers(rows: Sequence[_Let]) -> list[str]:
    """What a lease may be called: the number in the sheet, else the one made of its unit and first day."""
    if rows[0].tenancy.number:
        return [rows[0].tenancy.number]
    return [_number(rows[0], one.tenancy.since) for one in rows if one.tenancy.since]


def _number(one: _Let, since: date) -> str:
    """A number of its own where the sheet has none: of the unit and the first day, so found again."""
    tail = f"-{one.unit.code}-{since:%Y%m%d}"
    return f"{one.unit.building.name[: max(0, LONGEST_NUMBER - len(tail))]}{tail}"[-LONGEST_NUMBER:]
