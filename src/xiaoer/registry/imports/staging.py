"""Rows of a sheet against the registry, a whole sheet at a time: staged, matched, applied.

Everything is set-based: a row costs microseconds, not round trips. A value the sheet does not give
leaves what the registry holds; nothing is emptied by a blank cell.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

# Columns of the staging table in the order of ``reading.staged_rows``.
COLUMNS = (
    ("row_no", "int"),
    ("name", "text"),
    ("credit_code", "text"),
    ("old_register_no", "text"),
    ("industry", "text"),
    ("section", "text"),
    ("status", "text"),
    ("capital_fen", "bigint"),
    ("capital_currency", "text"),
    ("registered_on", "date"),
    ("address", "text"),
    ("business", "text"),
    ("legal_representative", "text"),
    ("contact_name", "text"),
    ("contact_phone", "text"),
    ("park_word", "text"),
    ("grid_word", "text"),
    ("cell_word", "text"),
    ("officer_word", "text"),
    ("terms", "text"),
)
# What a sheet may say about a party, as columns of both tables.
FACTS = (
    "name", "credit_code", "old_register_no", "industry", "section", "status", "capital_fen",
    "capital_currency", "registered_on", "address", "business", "legal_representative",
    "contact_name", "contact_phone", "park_id", "cell_id",
)  # fmt: skip
TYPES = {"capital_fen": "bigint", "registered_on": "date", "park_id": "bigint", "cell_id": "bigint"}

_CREATE = f"""
create temporary table staged (
  {", ".join(f"{name} {kind}" for name, kind in COLUMNS)},
  park_id bigint, cell_id bigint, officer_id bigint, party_id bigint,
  fate text, problem text) on commit drop
"""

# A word for a place may be its code or its name; a word that names two places names none.
_PLACES = """
update staged s set {column}_id = p.id
from (select word, min(id) as id from (
        select code as word, id from {column} where zone_id = %(zone)s
        union select name, id from {column} where zone_id = %(zone)s) both_words
      group by word having count(distinct id) = 1) p
where s.{column}_word = p.word
"""
_OFFICERS = """
update staged s set officer_id = o.id
from (select h.name as word, min(t.id) as id
      from post t join person h on h.id = t.person_id and h.zone_id = t.zone_id
      where t.zone_id = %(zone)s and t.role in ('grid_officer', 'steward', 'service_desk')
        and t.since <= %(today)s and (t.until is null or t.until >= %(today)s)
      group by h.name having count(distinct h.id) = 1) o
where s.officer_word = o.word
"""
_BY_CODE = """
update staged s set party_id = p.id
from party p
where p.zone_id = %(zone)s and p.merged_into_id is null
  and s.credit_code is not null and p.credit_code = s.credit_code
"""
_BY_OLD_NUMBER = """
update staged s set party_id = p.id
from party p
where p.zone_id = %(zone)s and p.merged_into_id is null and s.party_id is null
  and s.old_register_no is not null and p.old_register_no = s.old_register_no
"""
# By name only where neither side's code speaks against it.
_BY_NAME = """
update staged s set party_id = p.id
from (select name, min(id) as id, min(credit_code) as credit_code
      from party where zone_id = %(zone)s and merged_into_id is null
      group by name having count(*) = 1) p
where s.party_id is null and p.name = s.name
  and (s.credit_code is null or p.credit_code = '')
"""
_OTHER_CODE = """
update staged s set fate = 'rejected', problem = 'other_code'
where s.party_id is null and s.credit_code is not null
  and exists (select from party p where p.zone_id = %(zone)s and p.merged_into_id is null
              and p.name = s.name and p.credit_code not in ('', s.credit_code))
"""
_SEVERAL = """
update staged s set fate = 'rejected', problem = 'several'
where s.party_id is null and s.fate is null and s.credit_code is null
  and exists (select from party p where p.zone_id = %(zone)s and p.merged_into_id is null
              and p.name = s.name)
"""
_TWICE = """
update staged s set fate = 'rejected', problem = 'same_party'
from (select party_id, min(row_no) as first from staged
      where party_id is not null group by party_id having count(*) > 1) t
where s.party_id = t.party_id and s.row_no <> t.first
"""
_DIFFERS = " or ".join(f"(s.{c} is not null and s.{c} is distinct from p.{c})" for c in FACTS)
_FATES = f"""
update staged s set fate = case when {_DIFFERS} then 'updated' else 'unchanged' end
from party p
where s.fate is null and p.id = s.party_id and p.zone_id = %(zone)s
"""
_NEW = "update staged set fate = 'created' where fate is null"
# A word that was given and not found is a doubt; so is a new enterprise without a cell.
_DOUBTS = """
update staged set problem = concat_ws(',', problem,
  case when park_word is not null and park_id is null then 'park' end,
  case when cell_word is not null and cell_id is null then 'cell' end,
  case when %(cells)s and cell_word is null and fate = 'created' then 'no_cell' end,
  case when officer_word is not null and officer_id is null then 'officer' end)
where fate in ('created', 'updated', 'unchanged')
  and ((park_word is not null and park_id is null) or (officer_word is not null and officer_id is null)
       or (cell_word is not null and cell_id is null)
       or (%(cells)s and cell_word is null and fate = 'created'))
"""

_BEFORE = ", ".join(
    f"('{c}', to_jsonb(p.{c}), s.{c} is not null and s.{c} is distinct from p.{c})" for c in FACTS
)
_KEEP_BEFORE = f"""
insert into import_row (zone_id, run_id, row_no, outcome, party_id, party_version, before, problems,
                        cells)
select %(zone)s, %(run)s, s.row_no, 'updated', p.id, p.version + 1,
       (select jsonb_object_agg(c.name, c.old) from (values {_BEFORE}) c (name, old, differs)
        where c.differs),
       '[]', '[]'
from staged s join party p on p.id = s.party_id and p.zone_id = %(zone)s
where s.fate = 'updated'
"""
_FORMER_NAMES = """
insert into party_name (zone_id, party_id, kind, name)
select %(zone)s, p.id, 'former', p.name
from staged s join party p on p.id = s.party_id and p.zone_id = %(zone)s
where s.fate = 'updated' and p.name <> s.name
"""
_UPDATE = f"""
update party p set
  {", ".join(f"{c} = coalesce(s.{c}, p.{c})" for c in FACTS)},
  terms = case when s.name = p.name and s.credit_code is not distinct from nullif(p.credit_code, '')
               then p.terms
               else s.terms || case when s.name = p.name then '' else ' ' || split_part(p.terms, '/', 2) end
          end,
  version = p.version + 1, changed_at = %(now)s
from staged s
where s.fate = 'updated' and p.id = s.party_id and p.zone_id = %(zone)s
"""
# One statement for both, so that the planner knows how many new firms there are.
_INSERT = """
with added as (
  insert into party (zone_id, kind, name, credit_code, old_register_no, industry, section, status,
    capital_fen, capital_currency, registered_on, address, business, legal_representative,
    contact_name, contact_phone, park_id, cell_id, terms, import_run_id, version, added_at,
    changed_at)
  select %(zone)s, 'firm', name, coalesce(credit_code, ''), coalesce(old_register_no, ''),
    coalesce(industry, ''), coalesce(section, ''), coalesce(status, 'operating'), capital_fen,
    coalesce(capital_currency, 'CNY'), registered_on, coalesce(address, ''),
    coalesce(business, ''), coalesce(legal_representative, ''), coalesce(contact_name, ''),
    coalesce(contact_phone, ''), park_id, cell_id, terms, %(run)s, 1, %(now)s, %(now)s
  from staged where fate = 'created' order by row_no
  returning id, name, credit_code)
insert into stewardship (zone_id, party_id, post_id, kind, since)
select %(zone)s, a.id, s.officer_id, 'officer', %(today)s
from added a join staged s on s.name = a.name and coalesce(s.credit_code, '') = a.credit_code
where s.fate = 'created' and s.officer_id is not null and s.cell_id is not null
"""


def stage(rows: Iterable[tuple[object, ...]]) -> None:
    """Copy rows into a table of this transaction alone."""
    names = ", ".join(name for name, _kind in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists staged")
        cursor.execute(_CREATE)
        with cursor.cursor.copy(f"copy staged ({names}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("analyze staged")


def decide_fates(*, zone_id: int, today: date, has_cells: bool) -> dict[str, int]:
    """Find each staged row's party and fate; returns how many rows have each fate.

    ``has_cells``: the sheet has a column for cells, so that a row without one is worth a word.
    """
    values = {"zone": zone_id, "today": today, "cells": has_cells}
    steps = [_PLACES.format(column="park"), _PLACES.format(column="cell"), _OFFICERS, _BY_CODE,
             _BY_OLD_NUMBER, _BY_NAME, _OTHER_CODE, _SEVERAL, _TWICE, _FATES, _NEW, _DOUBTS]  # fmt: skip
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step, values)
        # Before this the planner thinks that no row has a fate, and would loop over all of them.
        cursor.execute("analyze staged")
        cursor.execute("select fate, count(*) from staged group by fate")
        return dict(cursor.fetchall())


def troubles() -> list[tuple[int, str, str]]:
    """(row number, fate, problem codes) of every staged row that is doubtful or rejected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select row_no, fate, problem from staged where problem <> '' order by row_no"
        )
        return list(cursor.fetchall())


def apply(*, zone_id: int, run_id: int, now: datetime, today: date) -> None:
    """Write created and updated parties, what they replaced, and the officers of new ones."""
    values = {"zone": zone_id, "run": run_id, "now": now, "today": today}
    with connection.cursor() as cursor:
        for step in (_KEEP_BEFORE, _FORMER_NAMES, _UPDATE, _INSERT):
            cursor.execute(step, values)


_RESTORE = ", ".join(
    f"{c} = case when r.before ? '{c}' then "
    + (f"(r.before ->> '{c}')::{TYPES[c]}" if c in TYPES else f"coalesce(r.before ->> '{c}', '')")
    + f" else p.{c} end"
    for c in FACTS
)
_UNDO_UPDATES = f"""
with undone as (
  update party p set {_RESTORE}, version = p.version + 1, changed_at = %(now)s
  from import_row r
  where r.zone_id = %(zone)s and r.run_id = %(run)s and r.outcome = 'updated'
    and p.id = r.party_id and p.zone_id = r.zone_id and p.version = r.party_version
  returning p.id)
select id from undone
"""
_CHANGED_SINCE = """
select p.id, p.name from import_row r join party p on p.id = r.party_id and p.zone_id = r.zone_id
where r.zone_id = %(zone)s and r.run_id = %(run)s and r.outcome = 'updated'
  and p.version <> r.party_version
union all
select p.id, p.name from party p
where p.zone_id = %(zone)s and p.import_run_id = %(run)s and p.version > 1
"""


def changed_since(*, zone_id: int, run_id: int) -> list[tuple[int, str]]:
    """Parties of a run that somebody changed afterwards: they stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_SINCE, {"zone": zone_id, "run": run_id})
        return list(cursor.fetchall())


def undo_updates(*, zone_id: int, run_id: int, now: datetime) -> list[int]:
    """Give back the values the run replaced, where nobody touched the party since."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDO_UPDATES, {"zone": zone_id, "run": run_id, "now": now})
        return [row[0] for row in cursor.fetchall()]
