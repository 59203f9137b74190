"""Sealing the journal and proving it: heads outside the database, a check anyone can run."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

_LINES = """
select s.zone_ref, s.position, s.hash, s.line_id, l.id, journal_text(l)
from journal_seal s left join journal_line l on l.id = s.line_id
order by s.zone_ref, s.position
"""
_UNSEALED = """
select count(*) filter (where l.txid < h.sealed_below), count(*) filter (where l.txid >= h.sealed_below),
       min(l.at) filter (where l.txid >= h.sealed_below)
from journal_line l cross join journal_horizon h
where not exists (select from journal_seal s where s.line_id = l.id)
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the chain: where, and what a reader should think of."""

    zone_ref: int
    position: int
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``verify_journal`` found. ``tail`` lines are younger than the last sealing."""

    lines: int
    faults: tuple[Fault, ...]
    tail: int
    tail_since: datetime | None

    @property
    def is_whole(self) -> bool:
        return not self.faults


def seal_journal(*, heads_file: Path, now: datetime) -> int:
    """Seal what is final, and write the new heads outside the database; returns how many zones moved.

    Called every few seconds by a job, as the web role; one sealer works at a time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select zone_ref, position, encode(hash, 'hex') from seal_journal()")
        heads = cursor.fetchall()
    if heads:
        with heads_file.open("a", encoding="ascii") as stream:
            for zone_ref, position, head in heads:
                line = {"at": now.isoformat(), "zone": zone_ref, "position": position, "hash": head}
                stream.write(json.dumps(line) + "\n")
    return len(heads)


def verify_journal(*, heads_file: Path) -> Verdict:
    """Recompute every hash; finds a changed, removed, inserted or cut line.

    Needs to read every zone: run by the command line as the owner in maintenance.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES)
        rows = cursor.fetchall()
        cursor.execute(_UNSEALED)
        inserted, tail, tail_since = cursor.fetchone()
    faults = [*_chain_faults(rows), *_head_faults(rows, heads_file)]
    if inserted:
        faults.append(Fault(0, 0, f"{inserted} lines stand in the journal that were never sealed"))
    return Verdict(lines=len(rows), faults=tuple(faults), tail=tail, tail_since=tail_since)


def _chain_faults(
    rows: list[tuple[int, int, bytes, int, int | None, str | None]],
) -> Iterator[Fault]:
    zone, head, expected = None, b"", 1
    for zone_ref, position, kept, _line_id, found, text in rows:
        if zone_ref != zone:
            zone, head, expected = zone_ref, b"", 1
        if position != expected:
            yield Fault(zone_ref, expected, "seals are missing here")
            expected = position
        expected += 1
        kept = bytes(kept)
        if found is None or text is None:
            yield Fault(zone_ref, position, "the line was removed")
        elif hashlib.sha256(head + text.encode()).digest() != kept:
            yield Fault(zone_ref, position, "the line was changed, or one before it was taken out")
        head = kept


def _head_faults(
    rows: list[tuple[int, int, bytes, int, int | None, str | None]], heads_file: Path
) -> Iterator[Fault]:
    """A cut tail leaves a chain that is whole but shorter than what was written outside."""
    kept = {(row[0], row[1]): bytes(row[2]).hex() for row in rows}
    if not heads_file.exists():
        return
    for line in heads_file.read_text("ascii").splitlines():
        head = json.loads(line)
        known = kept.get((head["zone"], head["position"]))
        if known is None:
            yield Fault(
                head["zone"], head["position"], "the tail was cut: this sealed line is gone"
            )
        elif known != head["hash"]:
            yield Fault(
                head["zone"], head["position"], "this seal differs from the one kept outside"
            )
