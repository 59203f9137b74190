"""Rows of a sheet against the registry, a whole sheet at a time: staged, judged, applied.

Everything is set-based: a row costs microseconds, not round trips. What a row says stands in
``staged``, what becomes of it in ``judged``, both of this transaction alone. A value the sheet does
not give leaves what the registry holds; nothing is emptied by a blank cell.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

Values = Mapping[str, int | date | datetime]
# Told how many rows are dealt with.
Count = Callable[[int], None]

# Columns of the staging table in the order of ``reading.staged_lines``.
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
)
# What a sheet may say about a party, as columns of both tables.
FACTS = (
    "name", "credit_code", "old_register_no", "industry", "section", "status", "capital_fen",
    "capital_currency", "registered_on", "address", "business", "legal_representative",
    "contact_name", "contact_phone", "park_id", "cell_id",
)  # fmt: skip
PLACES = ("park_id", "cell_id")

_CREATE = f"""
create temporary table staged ({", ".join(f"{name} {kind}" for name, kind in COLUMNS)})
on commit drop
"""

# What a portion of the rows is found by: made while the portion before it is written.
_WORDED = "create temporary table worded (row_no int, terms text) on commit drop"

# A word for a place may be its code or its name; a word that names two places names none.
_WORDS = """
select word, min(id) as id from (
  select code as word, id from {place} where zone_id = %(zone)s
  union select name, id from {place} where zone_id = %(zone)s) both_words
group by word having count(distinct id) = 1
"""
_OFFICERS = """
select h.name as word, min(t.id) as id
from post t join person h on h.id = t.person_id and h.zone_id = t.zone_id
where t.zone_id = %(zone)s and t.role in ('grid_officer', 'steward', 'service_desk')
  and t.since <= %(today)s and (t.until is null or t.until >= %(today)s)
group by h.name having count(distinct h.id) = 1
"""
# Who a party may be: a person is never a firm of a sheet, a merged entry is no entry.
_HERE = "p.zone_id = %(zone)s and p.merged_into_id is null and p.kind <> 'person'"
_ONE_OF_OLD_NUMBER = f"""
select p.old_register_no, min(p.id) as id from party p
where {_HERE} and p.old_register_no <> ''
  and p.old_register_no in (select s.old_register_no from staged s)
group by p.old_register_no having count(*) = 1
"""
_ONE_OF_NAME = f"""
select p.name, min(p.id) as id, min(p.credit_code) as credit_code,
       min(p.old_register_no) as old_register_no
from party p where {_HERE} and p.name in (select s.name from staged s)
group by p.name having count(*) = 1
"""
# Found by code, else by old number, else by name where neither side's number speaks against it.
_JUDGE = f"""
create temporary table judged on commit drop as
select s.row_no, s.name, s.credit_code, s.old_register_no, k.id as park_id, c.id as cell_id,
       f.id as officer_id, coalesce(a.id, b.id, n.id) as party_id,
       case when coalesce(a.id, b.id, n.id) is null then 'created' else 'unchanged' end as fate,
       concat_ws(',',
         case when s.park_word is not null and k.id is null then 'park' end,
         case when s.cell_word is not null and c.id is null then 'cell' end,
         case when %(cells)s and s.cell_word is null and coalesce(a.id, b.id, n.id) is null
              then 'no_cell' end,
         case when s.officer_word is not null and f.id is null then 'officer' end) as problem
from staged s
left join ({_WORDS.format(place="park")}) k on k.word = s.park_word
left join ({_WORDS.format(place="cell")}) c on c.word = s.cell_word
left join ({_OFFICERS}) f on f.word = s.officer_word
left join (select p.id, p.credit_code from party p where {_HERE} and p.credit_code <> '') a
  on a.credit_code = s.credit_code
left join ({_ONE_OF_OLD_NUMBER}) b on b.old_register_no = s.old_register_no
left join ({_ONE_OF_NAME}) n
  on n.name = s.name and (s.credit_code is null or n.credit_code = '')
     and (s.old_register_no is null or n.old_register_no in ('', s.old_register_no))
"""
_REJECT = "update judged j set fate = 'rejected', problem = '{problem}' "
_OTHER_CODE = f"""
{_REJECT.format(problem="other_code")}
where j.fate = 'created'
  and exists (select from party p where {_HERE} and p.name = j.name
              and (p.credit_code not in ('', j.credit_code)
                   or p.old_register_no not in ('', j.old_register_no)))
"""
_SEVERAL = f"""
{_REJECT.format(problem="several")}
where j.fate = 'created' and exists (select from party p where {_HERE} and p.name = j.name)
"""
# Under its former name and without a code a firm would be taken for another one.
_FORMER_NAME = f"""
{_REJECT.format(problem="former_name")}
where j.fate = 'created' and j.credit_code is null
  and exists (select from party_name o join party p on p.id = o.party_id and p.zone_id = o.zone_id
              where {_HERE} and o.zone_id = %(zone)s and o.kind = 'former' and o.name = j.name)
"""
_TWICE = f"""
{_REJECT.format(problem="same_party")}
from (select party_id, min(row_no) as first from judged
      where party_id is not null group by party_id having count(*) > 1) t
where j.party_id = t.party_id and j.row_no <> t.first
"""
# A new firm with its code in one row and without in another.
_TWICE_NEW = f"""
{_REJECT.format(problem="same_party")}
where j.fate = 'created' and j.credit_code is null
  and exists (select from judged o
              where o.name = j.name and o.row_no <> j.row_no and o.fate = 'created')
"""


def _given(fact: str) -> str:
    return f"j.{fact}" if fact in PLACES else f"s.{fact}"


_DIFFERS = " or ".join(
    f"({_given(c)} is not null and {_given(c)} is distinct from p.{c})" for c in FACTS
)
_UPDATED = f"""
update judged j set fate = 'updated' from staged s, party p
where j.fate = 'unchanged' and s.row_no = j.row_no
  and p.id = j.party_id and p.zone_id = %(zone)s and ({_DIFFERS})
"""
# An officer is handed over by people, not by a sheet; the sheet's word is told.
_OTHER_OFFICER = """
update judged j set problem = concat_ws(',', nullif(problem, ''), 'other_officer')
where j.fate in ('updated', 'unchanged') and j.officer_id is not null
  and not exists (select from stewardship w
                  where w.zone_id = %(zone)s and w.party_id = j.party_id
                    and w.post_id = j.officer_id and w.until is null)
"""

# Written at last: what others changed in the meantime is looked at once more, now held fast.
_HOLD = """
select count(*) from (
  select p.id from party p
  where p.zone_id = %(zone)s
    and p.id in (select party_id from judged where fate in ('updated', 'unchanged'))
  order by p.id for no key update) held
"""
_BEFORE = ", ".join(
    f"('{c}', to_jsonb(p.{c}), {_given(c)} is not null and {_given(c)} is distinct from p.{c})"
    for c in FACTS
)
_CHANGING = """
from judged j join staged s on s.row_no = j.row_no
join party p on p.id = j.party_id and p.zone_id = %(zone)s
where j.fate = 'updated'
"""
_KEEP_BEFORE = f"""
insert into import_row (zone_id, run_id, row_no, outcome, party_id, party_version, before, problems,
                        cells)
select %(zone)s, %(run)s, s.row_no, 'updated', p.id, p.version + 1,
       (select jsonb_object_agg(c.name, c.old) from (values {_BEFORE}) c (name, old, differs)
        where c.differs),
       '[]', '[]'
{_CHANGING}
"""
_FORMER_NAMES = f"""
insert into party_name (zone_id, party_id, kind, name)
select %(zone)s, p.id, 'former', p.name {_CHANGING} and p.name <> s.name
"""
_UPDATE = f"""
update party p set
  {", ".join(f"{c} = coalesce({_given(c)}, p.{c})" for c in FACTS)},
  terms = case
    when s.name = p.name and (s.credit_code is null or s.credit_code = p.credit_code) then p.terms
    when s.name = p.name then split_part(p.terms, '/', 1) || '/'
      || concat_ws(' ', nullif(split_part(p.terms, '/', 2), ''), '#' || lower(right(s.credit_code, 6)))
    else split_part(w.terms, '/', 1) || '|' || split_part(p.terms, '/', 1) || '/'
      || concat_ws(' ', nullif(split_part(w.terms, '/', 2), ''), nullif(split_part(p.terms, '/', 2), ''))
    end,
  version = p.version + 1, changed_at = %(now)s
from judged j join staged s on s.row_no = j.row_no join worded w on w.row_no = j.row_no
where j.fate = 'updated' and p.id = j.party_id and p.zone_id = %(zone)s
"""
_PORTION = "j.row_no > %(after)s and j.row_no <= %(up_to)s"
# One statement for both, so that the planner knows how many new firms there are.
_INSERT = f"""
with added as (
  insert into party (zone_id, kind, name, credit_code, old_register_no, industry, section, status,
    capital_fen, capital_currency, registered_on, address, business, legal_representative,
    contact_name, contact_phone, park_id, cell_id, terms, import_run_id, version, added_at,
    changed_at)
  select %(zone)s, 'firm', s.name, coalesce(s.credit_code, ''), coalesce(s.old_register_no, ''),
    coalesce(s.industry, ''), coalesce(s.section, ''), coalesce(s.status, 'operating'),
    s.capital_fen, coalesce(s.capital_currency, 'CNY'), s.registered_on, coalesce(s.address, ''),
    coalesce(s.business, ''), coalesce(s.legal_representative, ''), coalesce(s.contact_name, ''),
    coalesce(s.contact_phone, ''), j.park_id, j.cell_id, w.terms, %(run)s, 1, %(now)s, %(now)s
  from worded w join staged s on s.row_no = w.row_no join judged j on j.row_no = s.row_no
  where j.fate = 'created' and {_PORTION} and s.row_no > %(after)s and s.row_no <= %(up_to)s
  order by s.row_no
  returning id, name, credit_code, old_register_no)
insert into stewardship (zone_id, party_id, post_id, kind, since)
select %(zone)s, a.id, j.officer_id, 'officer', %(today)s
from added a join judged j
  on j.name = a.name and coalesce(j.credit_code, '') = a.credit_code
     and coalesce(j.old_register_no, '') = a.old_register_no
where j.fate = 'created' and {_PORTION} and j.officer_id is not null and j.cell_id is not null
"""


def stage(blocks: Iterable[tuple[int, str]], count: Count) -> None:
    """Copy lines into a table of this transaction alone."""
    names = ", ".join(name for name, _kind in COLUMNS)
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists staged, judged, worded")
        cursor.execute(_CREATE)
        with cursor.cursor.copy(f"copy staged ({names}) from stdin") as copy:
            for rows, block in blocks:
                copy.write(block)
                done += rows
                count(done)
        # Only what is joined by: long texts would be read for nothing.
        cursor.execute(
            "analyze staged (row_no, name, credit_code, old_register_no, cell_word, officer_word)"
        )


def decide_fates(*, zone_id: int, today: date, has_cells: bool) -> dict[str, int]:
    """Find each staged row's party and fate; returns how many rows have each fate.

    ``has_cells``: the sheet has a column for cells, so that a row without one is worth a word.
    """
    values: Values = {"zone": zone_id, "today": today, "cells": has_cells}
    steps = (_JUDGE, _OTHER_CODE, _SEVERAL, _FORMER_NAME, _TWICE, _TWICE_NEW, _UPDATED,
             _OTHER_OFFICER)  # fmt: skip
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step, values)
        cursor.execute("analyze judged")
    return _fates()


def hold(*, zone_id: int) -> dict[str, int]:
    """Lock the parties the rows are about and look once more which of them differ."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"zone": zone_id})
        cursor.execute("update judged set fate = 'unchanged' where fate = 'updated'")
        cursor.execute(_UPDATED, {"zone": zone_id})
    return _fates()


def _fates() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("select fate, count(*) from judged group by fate")
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Trouble:
    """A staged row that is doubtful or rejected, with codes of what is to be said of it."""

    row_no: int
    fate: str
    codes: tuple[str, ...]
    code: str | None
    park: str | None
    cell: str | None
    officer: str | None


def troubles() -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select j.row_no, j.fate, j.problem, coalesce(j.credit_code, j.old_register_no),"
            " s.park_word, s.cell_word, s.officer_word"
            " from judged j join staged s on s.row_no = j.row_no"
            " where j.problem <> '' order by j.row_no"
        )
        for row_no, fate, problem, *words in cursor.fetchall():
            yield Trouble(row_no, fate, tuple(problem.split(",")), *words)


def apply(
    *,
    zone_id: int,
    run_id: int,
    now: datetime,
    today: date,
    words: Iterable[tuple[int, int, str]],
    count: Count,
) -> None:
    """Write created and updated parties, what they replaced, and the officers of new ones.

    ``words`` are portions of the staged rows, in order: the last row number, how many rows, and
    the lines of ``worded``.
    """
    values: Values = {"zone": zone_id, "run": run_id, "now": now, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_BEFORE, values)
        changes = cursor.rowcount > 0
        cursor.execute(_FORMER_NAMES, values)
        cursor.execute(_WORDED)
        done, after = 0, 0
        for up_to, rows, lines in words:
            with cursor.cursor.copy("copy worded from stdin") as copy:
                copy.write(lines)
            if changes:
                cursor.execute(_UPDATE, values)
            cursor.execute(_INSERT, {**values, "after": after, "up_to": up_to})
            cursor.execute("truncate worded")
            done, after = done + rows, up_to
            count(done)
