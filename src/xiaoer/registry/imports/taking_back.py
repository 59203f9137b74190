"""Taking a sheet back, as whole sets: what it replaced returns, what it brought goes, untouched."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from xiaoer.registry.imports.staging import FACTS, Values

_TYPES = {
    "capital_fen": "bigint",
    "registered_on": "date",
    "park_id": "bigint",
    "cell_id": "bigint",
}


def _value(fact: str) -> str:
    old = f"r.before ->> '{fact}'"
    return f"({old})::{_TYPES[fact]}" if fact in _TYPES else f"coalesce({old}, '')"


_RESTORE = ", ".join(
    f"{c} = case when r.before ? '{c}' then {_value(c)} else p.{c} end" for c in FACTS
)
_UNDO_UPDATES = f"""
update party p set {_RESTORE}, version = p.version + 1, changed_at = %(now)s
from import_row r
where r.zone_id = %(zone)s and r.run_id = %(run)s and r.outcome = 'updated'
  and p.id = r.party_id and p.zone_id = r.zone_id and p.version = r.party_version
returning p.id, r.before ?| array['name', 'credit_code', 'old_register_no']
"""
# The name is the present one again; that it was a former one came from the sheet.
_FORGET_FORMER = """
delete from party_name o using import_row r, party p
where r.zone_id = %(zone)s and r.run_id = %(run)s and r.outcome = 'updated' and r.before ? 'name'
  and o.party_id = r.party_id and o.zone_id = r.zone_id and o.kind = 'former'
  and o.name = r.before ->> 'name' and p.id = o.party_id and p.zone_id = o.zone_id
  and p.name = o.name
"""
_CHANGED_SINCE = """
select p.id, p.name
from import_row r join party p on p.id = r.party_id and p.zone_id = r.zone_id
where r.zone_id = %(zone)s and r.run_id = %(run)s and r.outcome = 'updated'
  and p.version <> r.party_version
union all
select p.id, p.name from party p
where p.zone_id = %(zone)s and p.import_run_id = %(run)s and p.version > 1
"""
# Whoever did something to a firm left a line, whatever the act; looking at a phone is no change.
_ACTED_ON = """
select distinct p.id
from journal_line l join party p
  on p.zone_id = l.zone_id and p.import_run_id = %(run)s
     and (l.party_ref = p.id or (l.subject_type = 'party' and l.subject_id = p.id))
where l.zone_id = %(zone)s and l.verb <> 'look_at_phone'
  and l.id > (select max(i.id) from journal_line i
              where i.zone_id = %(zone)s and i.subject_type = 'import_run'
                and i.subject_id = %(run)s and i.verb = 'import_registry')
union
select w.party_id from stewardship w join party p on p.id = w.party_id and p.zone_id = w.zone_id
where w.zone_id = %(zone)s and p.import_run_id = %(run)s
  and (w.until is not null or w.kind <> 'officer')
"""


def changed_since(*, zone_id: int, run_id: int) -> list[tuple[int, str]]:
    """Parties of a run that somebody changed afterwards: they stay as they are."""
    return _rows(_CHANGED_SINCE, zone_id, run_id)


def acted_on(*, zone_id: int, run_id: int) -> frozenset[int]:
    """New firms of a run to which somebody did something since, without changing a fact."""
    return frozenset(row[0] for row in _rows(_ACTED_ON, zone_id, run_id))


def _rows(query: str, zone_id: int, run_id: int) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"zone": zone_id, "run": run_id})
        return list(cursor.fetchall())


def undo_updates(*, zone_id: int, run_id: int, now: datetime) -> tuple[int, list[int]]:
    """Give back the values the run replaced, where nobody touched the party since.

    Returns how many, and those whose names or codes changed, which are found by other terms now.
    """
    values: Values = {"zone": zone_id, "run": run_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_UNDO_UPDATES, values)
        restored = cursor.fetchall()
        cursor.execute(_FORGET_FORMER, values)
    return len(restored), [number for number, renamed in restored if renamed]


def delete_parties(*, zone_id: int, party_ids: Iterable[int]) -> int:
    """Delete firms a sheet brought in, with the officers it named; row security lets no others go."""
    values: list[int | list[int]] = [zone_id, list(party_ids)]
    with connection.cursor() as cursor:
        cursor.execute("delete from stewardship where zone_id = %s and party_id = any(%s)", values)
        cursor.execute("delete from party where zone_id = %s and id = any(%s)", values)
        return int(cursor.rowcount)
