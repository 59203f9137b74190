"""A sheet of figures against what is known, all of it at a time: staged, matched, judged, written.

The rule by which a figure joins what is known is that of `ledger`; here it is said in SQL, so that a
figure costs microseconds. Only where a sheet says something twice does the ledger itself judge, line
after line. All tables are of this transaction alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import connection

from xiaoer.facts.ledger import Key
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.periods import Period, start_of
from xiaoer.facts.sheets import STAGED, Shape
from xiaoer.facts.sheets.headings import before_of
from xiaoer.facts.sheets.parts import escaped
from xiaoer.registry.names import normalise

_PORTION = 5_000
_CREATE = """
drop table if exists staged, shape, judged, left_by_hand;
create temporary table staged (
  no int generated always as identity, row_no int, shape int, firm int, low bigint, high bigint,
  is_open boolean, said text, external_ref text, note text, reason text, advice text)
on commit drop;
create temporary table shape (
  no int, metric_id bigint, aspect text, starts_on date, ends_on date, "column" text,
  dimension text, source text, known_on date, known_at timestamptz, heading text, words text,
  reason text, advice text, last_starts_on date, last_ends_on date, is_sum boolean,
  is_flow boolean, may_fall boolean)
on commit drop;
create temporary table left_by_hand (row_no int, heading text, reason text) on commit drop
"""

# Firms -------------------------------------------------------------------------------------------

# The ways a firm is found, surest first; of several the first that finds anything decides.
CODE, CHOSEN, NAME, OTHER, FOLDED = range(1, 6)
_HERE = "p.zone_id = %(zone)s and p.merged_into_id is null"
_HITS = f"""
create temporary table hit on commit drop as
select n.no, 1 as way, p.id from named n
  join party p on p.credit_code = n.code and {_HERE} where n.code <> ''
union all
select n.no, 2, coalesce(p.merged_into_id, p.id) from named n
  join firm_alias a on a.zone_id = %(zone)s and a.folded = n.folded
  join party p on p.id = a.party_id and p.zone_id = a.zone_id where n.folded <> ''
union all
select n.no, 3, p.id from named n join party p on p.name = n.name and {_HERE} where n.name <> ''
union all
select n.no, 4, p.id from named n
  join party_name o on o.zone_id = %(zone)s and o.name = n.name
  join party p on p.id = o.party_id and {_HERE} where n.name <> ''
"""
_FOLDED_HITS = f"""
insert into hit
select n.no, 5, p.id
from (select p.id, replace(replace(t.folded, '有限责任公司', '有限公司'), '股份公司', '股份有限公司')
             as folded
      from party p, unnest(string_to_array(split_part(p.terms, '/', 1), '|')) t (folded)
      where {_HERE} and p.terms <> '') p
join named n on n.folded = p.folded
where n.folded <> '' and not exists (select from hit h where h.no = n.no)
"""
# By name, a firm whose own code speaks against the row's is another one, unless a person said so.
_MATCH = """
create temporary table matched on commit drop as
select n.no, f.way, f.parties,
       case when f.parties = 1 and not (f.way > 2 and n.code <> '' and p.credit_code <> ''
                                        and p.credit_code <> n.code)
            then f.id end as party_id,
       f.way > 2 and f.parties = 1 and n.code <> '' and p.credit_code <> ''
         and p.credit_code <> n.code as other_code
from named n
left join (select h.no, h.way, min(h.id) as id, count(distinct h.id) as parties
           from hit h join (select no, min(way) as way from hit group by no) b
             on b.no = h.no and b.way = h.way
           group by h.no, h.way) f on f.no = n.no
left join party p on p.id = f.id and p.zone_id = %(zone)s
"""


def fold(name: str) -> str:
    """A name as two writings of it are compared: no marks, no widths, forms in their short words."""
    plain = normalise(name).replace("有限责任公司", "有限公司")
    if "股份有限公司" not in plain:
        plain = plain.replace("股份公司", "股份有限公司")
    return plain[:120]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A firm of the sheet that was not found, or found several times."""

    no: int
    code: str
    name: str
    rows: int
    parties: int
    other_code: bool


# Judging -----------------------------------------------------------------------------------------

_SAME_KEY = """
v.zone_id = %(zone)s and v.metric_id = h.metric_id and v.aspect = h.aspect
and v."column" = h."column" and v.dimension = h.dimension and v.withdrawn_at is null
"""
_OF_FIRM = "m.party_id is not null and v.party_id = m.party_id"
_OF_ZONE = "s.firm is null and v.party_id is null"


def _known_version(what: str, period: str, moment: str) -> str:
    """The version of a key known at a moment: at most one row, by one walk down the index."""
    one = "union all".join(
        f"""
        (select {what} from value v where {_SAME_KEY} and {period} and {subject}
           and v.known_at <= {moment} order by v.known_at desc limit 1)
        """
        for subject in (_OF_FIRM, _OF_ZONE)
    )
    return f"lateral ({one})"


def _versions(table: str, period: str) -> str:
    """The version of each key of the sheet known at its moment, by one walk over each period."""
    what = "h.no as shape, v.party_id, v.id, v.low, v.high, v.is_open, v.known_at"
    key = f"{_SAME_KEY} and {period} and v.known_at <= h.known_at"
    return f"""
create temporary table {table} on commit drop as
select distinct on (k.shape, k.party_id) k.* from (
  select {what} from shape h join value v on {key}
    join (select distinct party_id from matched where party_id is not null) m
      on m.party_id = v.party_id
  union all
  select {what} from shape h join value v on {key} and v.party_id is null
    and exists (select from staged s where s.firm is null)) k
order by k.shape, k.party_id, k.known_at desc
"""


_KNOWN = _versions("known", "v.ends_on = h.ends_on and v.starts_on = h.starts_on")
_LAST = _versions("last_known", "v.ends_on = h.last_ends_on and v.starts_on = h.last_starts_on")
_JUDGE = """
create temporary table judged on commit drop as
select s.no, s.row_no, s.shape, s.firm, m.party_id, s.low, s.high, s.is_open,
  b.id as value_id, b.low as was, k.low as last,
  case
    when s.reason <> '' or s.shape is null then 'read'
    when l.row_no is not null then 'left'
    when h.reason <> '' then 'shape'
    when s.firm is not null and m.party_id is null then 'firm'
    when b.known_at = h.known_at and (b.low, b.high, b.is_open)
         is distinct from (s.low, s.high, s.is_open) then 'clash'
    else '' end as no_why,
  case
    when s.reason <> '' or s.shape is null or l.row_no is not null or h.reason <> ''
      or (s.firm is not null and m.party_id is null) then 'rejected'
    when b.id is null then 'created'
    when (b.low, b.high, b.is_open) is not distinct from (s.low, s.high, s.is_open)
      then 'unchanged'
    when b.known_at = h.known_at then 'rejected'
    else 'updated' end as outcome,
  ''::text as warning
from staged s
left join shape h on h.no = s.shape
left join matched m on m.no = s.firm
left join left_by_hand l on l.row_no = s.row_no and l.heading = h.heading
left join known b on b.shape = s.shape
  and coalesce(b.party_id, 0) = case when s.firm is null then 0 else coalesce(m.party_id, -1) end
left join last_known k on k.shape = s.shape and k.party_id = m.party_id
"""
_TWICE = """
select j.no, h.metric_id, h.aspect, j.party_id, h.dimension, h.starts_on, h.ends_on, h."column",
       j.low, j.high, j.is_open, h.known_at
from judged j join shape h on h.no = j.shape
where (j.outcome <> 'rejected' or j.no_why = 'clash')
  and (h.metric_id, h.aspect, coalesce(j.party_id, 0), h.dimension, h.starts_on, h.ends_on,
       h."column") in
      (select o.metric_id, o.aspect, coalesce(i.party_id, 0), o.dimension, o.starts_on, o.ends_on,
              o."column"
       from judged i join shape o on o.no = i.shape
       where i.outcome <> 'rejected' or i.no_why = 'clash'
       group by 1, 2, 3, 4, 5, 6, 7 having count(*) > 1)
order by j.no
"""
_REJUDGE = """
update judged j set outcome = r.outcome,
  no_why = case when r.outcome = 'rejected' then 'clash' else '' end
from (select unnest(%(nos)s::int[]) as no, unnest(%(outcomes)s::text[]) as outcome) r
where r.no = j.no
"""

# Looking ----------------------------------------------------------------------------------------

_WATCHED = "j.outcome in ('created', 'updated') and j.party_id is not null and j.low = j.high"
_MARKS = f"""
update judged j set warning = w.warning from (
  select j.no, case
    when j.low <> 0 and j.last <> 0 and sign(j.low) = sign(j.last)
      and abs(abs(log(abs(j.low)::numeric / abs(j.last))) - round(abs(log(abs(j.low)::numeric
          / abs(j.last))))) < 0.1
      and round(abs(log(abs(j.low)::numeric / abs(j.last)))) between 1 and 4 then 'slip'
    when j.low <> 0 and j.last <> 0 and sign(j.low) <> sign(j.last) then 'sign'
    when j.low = 0 and j.last <> 0 then 'zero'
    when h.is_sum and not h.may_fall and j.low < j.last then 'falls'
    end as warning
  from judged j join shape h on h.no = j.shape
  where {_WATCHED} and j.last is not null and h.aspect = 'value'
    and (j.low = 0 or j.last = 0 or sign(j.low) <> sign(j.last)
         or abs(j.low) >= 7 * abs(j.last) or 7 * abs(j.low) <= abs(j.last)
         or (h.is_sum and j.low < j.last))) w
where w.no = j.no and w.warning is not null
"""
# The month in the same sheet, or as it is known, added to what was cumulative a month ago.
_ADD_UP = f"""
update judged j set warning = 'sum', last = w.added from (
  select j.no, k.low + coalesce(
      (select i.low from judged i join shape o on o.no = i.shape
       where i.party_id = j.party_id and o.metric_id = h.metric_id and o.aspect = h.aspect
         and o."column" = h."column" and o.ends_on = h.ends_on and o.starts_on = h.month_starts_on
         and i.outcome <> 'rejected' limit 1), v.low) as added, j.low
  from judged j
  join (select h.*, date_trunc('month', h.ends_on)::date as month_starts_on from shape h
        where h.is_sum) h on h.no = j.shape
  join lateral (select j.last as low) k on true
  left join lateral (
    select v.low from value v where v.zone_id = %(zone)s and v.metric_id = h.metric_id
      and v.aspect = h.aspect and v."column" = h."column" and v.dimension = '' and
      v.withdrawn_at is null and v.party_id = j.party_id and v.ends_on = h.ends_on
      and v.starts_on = h.month_starts_on
    order by v.known_at desc limit 1) v on true
  where {_WATCHED} and j.warning = '' and j.last is not null and h.is_flow) w
where w.no = j.no and abs(w.low - w.added) > greatest(abs(w.added) / 1000, 20000)
"""
# Only what moved by half looks back over the firm's last twelve periods of the same length.
_RANGE = f"""
update judged j set warning = 'range' from (
  select j.no from judged j join shape h on h.no = j.shape
  join lateral (
    select count(*) as many, min(o.low) as least, max(o.low) as most from (
      select distinct on (v.ends_on) v.low from value v
      where v.zone_id = %(zone)s and v.party_id = j.party_id and v.metric_id = h.metric_id
        and v.aspect = h.aspect and v."column" = h."column" and v.dimension = h.dimension
        and v.withdrawn_at is null and v.ends_on < h.ends_on
        and v.ends_on >= h.ends_on - interval '400 days'
        and extract(month from age(v.ends_on + 1, v.starts_on))
            = extract(month from age(h.ends_on + 1, h.starts_on))
      order by v.ends_on, v.known_at desc) o) r on r.many >= 3
  where {_WATCHED} and j.warning = '' and h.aspect = 'value' and not h.is_sum
    and j.last is not null
    and (abs(j.low) * 2 > abs(j.last) * 3 or abs(j.low) * 3 < abs(j.last) * 2)
    and (j.low * 2 > r.most * 3 or j.low * 3 < r.least * 2)) w
where w.no = j.no
"""
_SAME_AS_LAST = """
select count(*) filter (where j.low = j.last), count(*)
from judged j join shape h on h.no = j.shape
where j.last is not null and j.low = j.high and j.low <> 0 and h.is_flow
  and j.outcome in ('created', 'updated')
"""

# Telling and writing -----------------------------------------------------------------------------

_ROWS = """
insert into fact_import_row (zone_id, run_id, row_no, place, outcome, what, reason, advice, warning,
                             metric_id, low, was, last)
select %(zone)s, %(run)s, s.row_no, coalesce(h.heading, ''), j.outcome,
  left(case when s.firm is null then s.said
       else concat_ws(' ', coalesce(nullif(n.name, ''), n.code), h.words, s.said) end, 200),
  coalesce(case j.no_why when 'read' then s.reason when 'shape' then h.reason
    when 'left' then l.reason when 'firm' then w.reason when 'clash' then %(clash)s end, ''),
  coalesce(case j.no_why when 'read' then s.advice when 'shape' then h.advice
    when 'firm' then w.advice when 'clash' then %(later)s end, ''),
  j.warning, h.metric_id, j.low, case when j.outcome = 'updated' then j.was end,
  case when j.warning <> '' then j.last end
from (select j.*, row_number() over (partition by j.outcome, j.warning order by j.no) as place
      from judged j) j
join staged s on s.no = j.no
left join shape h on h.no = j.shape
left join named n on n.no = j.firm
left join firm_words w on w.no = j.firm
left join left_by_hand l on l.row_no = j.row_no and l.heading = h.heading
where j.outcome in ('updated', 'rejected') or j.place <= %(shown)s
order by j.no
"""
_VALUES = """
insert into value (zone_id, metric_id, aspect, party_id, dimension, starts_on, ends_on, "column",
  low, high, is_open, source_id, external_ref, known_at, recorded_at, post_id, import_run_id, note)
select %(zone)s, h.metric_id, h.aspect, j.party_id, h.dimension, h.starts_on, h.ends_on, h."column",
  j.low, j.high, j.is_open, o.id, s.external_ref, h.known_at, %(now)s, %(post)s, %(run)s, s.note
from judged j join staged s on s.no = j.no join shape h on h.no = j.shape
join source o on o.zone_id = %(zone)s and o.name = h.source
where j.outcome in ('created', 'updated')
order by h.metric_id, h.ends_on, h.starts_on, j.party_id
"""
# Every reference is noted, also of what was known already: it states the version known by then.
_REFERENCES = f"""
insert into value_reference (zone_id, external_ref, note, import_run_id, source_id, value_id)
select %(zone)s, s.external_ref, s.note, %(run)s, o.id, b.id
from staged s join judged m on m.no = s.no join shape h on h.no = s.shape
join source o on o.zone_id = %(zone)s and o.name = h.source
join {_known_version("v.id", "v.ends_on = h.ends_on and v.starts_on = h.starts_on", "h.known_at")}
  b on true
where s.external_ref <> '' and m.outcome <> 'rejected'
on conflict do nothing
"""
_TOUCHED = """
select h.metric_id, h.starts_on, h.ends_on, bool_or(j.party_id is not null)
from judged j join shape h on h.no = j.shape
where j.outcome in ('created', 'updated') group by 1, 2, 3
"""


def stage(
    *,
    shapes: Sequence[Shape],
    lines: Iterable[str],
    now: datetime,
    file_name: str,
    left: Sequence[tuple[int, str, str]],
) -> int:
    """Copy what a sheet says into tables of this transaction; how many figures there are."""
    with connection.cursor() as cursor:
        for statement in _CREATE.split(";"):
            cursor.execute(statement)
        with cursor.cursor.copy("copy shape from stdin") as copy:
            for number, shape in enumerate(shapes):
                copy.write_row(_shape_row(number, shape, now, file_name))
        with cursor.cursor.copy("copy left_by_hand from stdin") as copy:
            for row in left:
                copy.write_row(row)
        done, rest = 0, iter(lines)
        with cursor.cursor.copy(f"copy staged ({', '.join(STAGED)}) from stdin") as copy:
            while portion := list(islice(rest, _PORTION)):
                copy.write("".join(portion))
                done += len(portion)
        for table in ("shape", "staged"):
            cursor.execute(f"analyze {table}")
        return done


def _shape_row(number: int, shape: Shape, now: datetime, file_name: str) -> tuple[object, ...]:
    period, last = shape.period, before_of(shape.period)
    return (
        number,
        shape.metric.pk,
        str(shape.aspect),
        period.starts_on,
        period.ends_on,
        str(shape.column),
        shape.dimension,
        shape.source or file_name,
        shape.known_on,
        start_of(shape.known_on) if shape.known_on else now,
        shape.heading,
        period.show("zh"),
        shape.trouble.reason if shape.trouble else "",
        shape.trouble.advice if shape.trouble else "",
        last.starts_on if last else None,
        last.ends_on if last else None,
        _is_sum(period, last),
        shape.metric.kind == shape.metric.Kind.FLOW,
        not shape.metric.never_negative,
    )


def _is_sum(period: Period, last: Period | None) -> bool:
    """Cumulative, with a cumulative figure of the same year before it."""
    return (
        last is not None
        and not period.is_date
        and period.starts_on == last.starts_on
        and period.ends_on > last.ends_on
    )


def match(*, zone_id: int, firms: Sequence[tuple[str, str]]) -> None:
    """Find firms, each a code and a name: by code, a person's word, name, other names, folded name."""
    said = {"zone": zone_id}
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists named, hit, matched")
        cursor.execute(
            "create temporary table named (no int, code text, name text, folded text)"
            " on commit drop"
        )
        with cursor.cursor.copy("copy named from stdin") as copy:
            for number, (code, name) in enumerate(firms):
                copy.write(f"{number}\t{escaped(code)}\t{escaped(name)}\t{escaped(fold(name))}\n")
        cursor.execute("analyze named")
        cursor.execute(_HITS, said)
        cursor.execute(_FOLDED_HITS, said)
        cursor.execute("analyze hit")
        cursor.execute(_MATCH, said)
        cursor.execute("analyze matched")


def matched() -> dict[int, int]:
    """The firms that were found: which party each is."""
    with connection.cursor() as cursor:
        cursor.execute("select no, party_id from matched where party_id is not null")
        return dict(cursor.fetchall())


def unmatched(*, of_sheet: bool = True) -> list[Unmatched]:
    """Firms nobody was found for; ``of_sheet``: those of staged rows, with how many name each."""
    rows = "count(distinct s.row_no)" if of_sheet else "1"
    staged = "join staged s on s.firm = n.no and s.reason = ''" if of_sheet else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select n.no, n.code, n.name, {rows}, coalesce(m.parties, 0),"
            " coalesce(m.other_code, false)"
            f" from named n join matched m on m.no = n.no {staged}"
            " where m.party_id is null"
            " group by n.no, n.code, n.name, m.parties, m.other_code order by n.no"
        )
        return [Unmatched(*row) for row in cursor.fetchall()]


def hits_of(numbers: Sequence[int]) -> dict[int, list[int]]:
    """The several parties that some firms of the sheet may be."""
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct no, id from hit where no = any(%s) order by 1, 2", [list(numbers)]
        )
        for number, party_id in cursor.fetchall():
            found.setdefault(number, []).append(party_id)
    return found


def judge(*, zone_id: int) -> None:
    """Say what becomes of every figure."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists judged, known, last_known")
        for statement in (_KNOWN, _LAST):
            cursor.execute(statement, {"zone": zone_id})
        cursor.execute("analyze known, last_known")
        cursor.execute(_JUDGE)
        cursor.execute("analyze judged")


def said_twice() -> list[tuple[int, Key, Scaled, datetime]]:
    """Figures of which a sheet speaks more than once, in the order it does."""
    with connection.cursor() as cursor:
        cursor.execute(_TWICE)
        return [(row[0], Key(*row[1:8]), Scaled(*row[8:11]), row[11]) for row in cursor.fetchall()]


def rejudge(outcomes: Mapping[int, str]) -> None:
    """Take the ledger's word for some figures."""
    with connection.cursor() as cursor:
        cursor.execute(_REJUDGE, {"nos": list(outcomes), "outcomes": list(outcomes.values())})


def look(*, zone_id: int) -> tuple[int, int]:
    """Mark what a person should look at; how many figures are last period's, of how many."""
    with connection.cursor() as cursor:
        for statement in (_MARKS, _ADD_UP, _RANGE):
            cursor.execute(statement, {"zone": zone_id})
        cursor.execute(_SAME_AS_LAST)
        same, of = cursor.fetchone()
        return same, of


def counts() -> tuple[dict[str, int], dict[str, int]]:
    """How many figures have each outcome, and each warning."""
    with connection.cursor() as cursor:
        cursor.execute("select outcome, warning, count(*) from judged group by 1, 2")
        outcomes: dict[str, int] = {}
        warnings: dict[str, int] = {}
        for outcome, warning, number in cursor.fetchall():
            outcomes[outcome] = outcomes.get(outcome, 0) + number
            if warning:
                warnings[warning] = warnings.get(warning, 0) + number
        return outcomes, warnings


def tell(
    *,
    zone_id: int,
    run_id: int,
    shown: int,
    clash: tuple[str, str],
) -> None:
    """Keep what became of the figures: all corrected and rejected ones, some of the others."""
    with connection.cursor() as cursor:
        said: dict[str, int | str] = {
            "zone": zone_id, "run": run_id, "shown": shown, "clash": clash[0], "later": clash[1],
        }  # fmt: skip
        cursor.execute(_ROWS, said)


def keep_words(words: Sequence[tuple[int, str, str]]) -> None:
    """Why firms of the sheet were not found, and what to do."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists firm_words")
        cursor.execute(
            "create temporary table firm_words (no int, reason text, advice text) on commit drop"
        )
        with cursor.cursor.copy("copy firm_words from stdin") as copy:
            for row in words:
                copy.write_row(row)


def write(*, zone_id: int, run_id: int, post_id: int | None, now: datetime) -> None:
    """Add what is new or corrects, and every reference."""
    said: dict[str, int | datetime | None] = {
        "zone": zone_id,
        "run": run_id,
        "post": post_id,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, said)
        cursor.execute(_REFERENCES, said)


def sources() -> dict[str, date | None]:
    """The sources of figures that will be written or referred to, each with its day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct on (h.source) h.source, h.known_on from shape h"
            " where exists (select from judged j where j.shape = h.no and j.outcome <> 'rejected')"
            " order by h.source, h.no"
        )
        return dict(cursor.fetchall())


def touched() -> list[tuple[int, date, date, bool]]:
    """Metrics and periods of which something is written, and whether of firms."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        return [(row[0], row[1], row[2], row[3]) for row in cursor.fetchall()]
