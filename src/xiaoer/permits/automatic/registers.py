"""What shared registers say under some keys on some days: known, or unknown with its reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Sum

from xiaoer.permits.automatic.deciding import Said, normal
from xiaoer.permits.automatic.packs import Doubt
from xiaoer.permits.models import SharedEntry, SharedRegister, SharedUse

# A register fetched later than now: a clock was set back, and nothing of its age can be believed.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a register says; ``why`` where it says nothing. ``entries``: the rows it stands in."""

    value: Said = None
    why: str = ""
    at: str = ""
    entries: tuple[int, ...] = ()


@dataclass
class Registers:
    """The registers of a zone as they stand at a moment, with the entries of the keys asked for."""

    now: datetime
    registers: Mapping[str, SharedRegister]
    entries: dict[tuple[str, str], SharedEntry] = field(default_factory=dict)
    used: dict[tuple[int, str], float] = field(default_factory=dict)

    @classmethod
    def of(cls, zone_id: int, now: datetime, codes: Collection[str]) -> "Registers":
        rows = SharedRegister.objects.filter(zone_id=zone_id, code__in=codes)
        return cls(now, {row.code: row for row in rows})

    def fetch(self, asked: Iterable[tuple[str, str]]) -> None:
        """Read the entries of some keys, and what grants took of them since they were fetched."""
        wanted = {(self.registers[code].pk, key) for code, key in asked if code in self.registers}
        if not wanted:
            return
        codes = {row.pk: code for code, row in self.registers.items()}
        rows = SharedEntry.objects.filter(
            register__in={register for register, _key in wanted},
            key__in={key for _register, key in wanted},
            ended_at__isnull=True,
        )
        found = {(codes[row.register_id], row.key): row for row in rows}
        self.entries |= found
        fetched = {row.pk: row.fetched_at for row in found.values()}
        for use in SharedUse.objects.filter(entry__in=fetched):
            if use.at >= fetched[use.entry_id]:
                at = (use.entry_id, use.field)
                self.used[at] = self.used.get(at, 0.0) + use.amount

    def why_not(self, code: str) -> str:
        """Why a register cannot be believed now; empty: it can."""
        row = self.registers.get(code)
        if row is None or row.fetched_at is None:
            return Doubt.MISSING
        if row.is_stopped:
            return Doubt.STOPPED
        age = self.now - row.fetched_at
        if age > timedelta(hours=row.fresh_hours) or age < -AHEAD:
            return Doubt.STALE
        return ""

    def listed(self, code: str, keys: Sequence[str], days: tuple[date, date]) -> Answer:
        """Whether every key has an entry that holds on every one of the days."""
        why = self.why_not(code)
        if why or not keys:
            return Answer(why=why or Doubt.UNKNOWN_KEY)
        rows = [self.entries.get((code, normal(key))) for key in keys]
        return Answer(
            all(row is not None and holds(row, days) for row in rows),
            at=self._at(code),
            entries=tuple(row.pk for row in rows if row is not None),
        )

    def says(self, code: str, keys: Sequence[str], name: str, days: tuple[date, date]) -> Answer:
        """A field of the entries: of several all alike; of yes and no, yes only if all say so."""
        why = self.why_not(code)
        if why or not keys:
            return Answer(why=why or Doubt.UNKNOWN_KEY)
        rows = [self.entries.get((code, normal(key))) for key in keys]
        there = [row for row in rows if row is not None and holds(row, days)]
        if len(there) != len(rows):
            return Answer(why=Doubt.MISSING, at=self._at(code))
        values = [self._value(row, name) for row in there]
        at, entries = self._at(code), tuple(row.pk for row in there)
        if any(value is None or value == "" for value in values):
            return Answer(why=Doubt.MISSING, at=at, entries=entries)
        if all(isinstance(value, bool) for value in values):
            return Answer(all(values), at=at, entries=entries)
        if len({normal(value) for value in values}) > 1:
            return Answer(why=Doubt.DISAGREE, at=at, entries=entries)
        return Answer(values[0], at=at, entries=entries)

    def _value(self, row: SharedEntry, name: str) -> Said:
        value = row.content.get(name)
        taken = self.used.get((row.pk, name))
        if taken is not None and isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) - taken
        return value if value is None or isinstance(value, bool | str) else float(value)

    def _at(self, code: str) -> str:
        fetched = self.registers[code].fetched_at
        return fetched.isoformat() if fetched else ""


def holds(row: SharedEntry, days: tuple[date, date]) -> bool:
    """Whether an entry holds on every day from the first to the last."""
    first, last = days
    begins = row.valid_from is None or row.valid_from <= first
    return begins and (row.valid_until is None or row.valid_until >= last) and first <= last


def taken_since(entry: SharedEntry, name: str) -> float:
    """What grants took of an entry since it was fetched, for pages."""
    found = SharedUse.objects.filter(entry=entry, field=name, at__gte=entry.fetched_at)
    return float(found.aggregate(sum=Sum("amount"))["sum"] or 0)
