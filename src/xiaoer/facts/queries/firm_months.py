"""What is known of firms through a year, in all three columns: for figures that are set beside land."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from xiaoer.facts.models import Value

# What is known last counts; of merged entries what was reported under the one kept goes first. Summed
# where it lies: two years of a zone's firms are a hundred thousand figures.
_YEAR = """
with firms as materialized (
  select p.id, w.id as kept from party p
  join unnest(%(parties)s::bigint[]) w (id) on w.id = coalesce(p.merged_into_id, p.id)
  where p.zone_id = %(zone)s
),
known (code, party, "column", starts_on, ends_on, low) as materialized (
  select distinct on (m.code, f.kept, v."column", v.starts_on, v.ends_on)
         m.code, f.kept, v."column", v.starts_on, v.ends_on, v.low
  from value v
  join metric m on m.id = v.metric_id
  join firms f on f.id = v.party_id
  where v.zone_id = %(zone)s and m.code = any(%(codes)s) and v.low is not null
    and v.starts_on >= %(since)s and v.ends_on <= %(until)s and v.ends_on > v.starts_on
    and v.aspect = 'value' and v.dimension = '' and v.withdrawn_at is null
  order by m.code, f.kept, v."column", v.starts_on, v.ends_on,
           f.id <> f.kept, v.known_at desc, v.id desc
),
picked as (
  select distinct on (party) party, code
  from (select party, code, count(*) as figures from known group by 1, 2) c
  order by party, figures desc, code
),
mine as (
  select k.*, extract(month from starts_on) = extract(month from ends_on) as is_month,
         extract(month from starts_on) = 1 and extract(month from ends_on) = 12 as is_year
  from known k join picked using (party, code)
),
trusted as (
  select distinct on (party, starts_on) starts_on, low from mine where is_month
  order by party, starts_on, array_position(%(trust)s, "column"::text)
)
select party, "column", null::date, coalesce(max(low) filter (where is_year), sum(low) filter (where is_month)),
       case when bool_or(is_year) then 12 else count(*) filter (where is_month) end
from mine where extract(year from starts_on) = %(year)s and (is_month or is_year) group by 1, 2
union all
select null, null, starts_on, sum(low), count(*) from trusted group by starts_on
"""


@dataclass(frozen=True, slots=True)
class FirmTotal:
    """What a firm's year comes to in one column, and of how many months it is known.

    Of several metrics the one counts of which most is known; a bound counts with its lower end.
    """

    party_id: int
    column: str
    total: Decimal
    months: int


@dataclass(frozen=True, slots=True)
class MonthOfFirms:
    """What a month comes to, each firm by the column trusted most; and of how many firms."""

    month: date
    total: Decimal
    firms: int


def year_of_firms(
    *,
    zone_id: int,
    codes: Iterable[str],
    party_ids: Iterable[int],
    year: int,
    since: date,
    trust: Sequence[str],
) -> tuple[list[FirmTotal], list[MonthOfFirms]]:
    """The year of each of these firms, and the months from a day through its end, as known now.

    A figure of the whole year counts as it is; else its months are summed.
    """
    said: dict[str, int | list[str] | list[int] | date] = {
        "zone": zone_id,
        "codes": list(codes),
        "parties": sorted(set(party_ids)),
        "since": since,
        "until": date(year, 12, 31),
        "year": year,
        "trust": list(trust),
    }
    with connection.cursor() as cursor:
        cursor.execute(_YEAR, said)
        rows = cursor.fetchall()
    sums = [
        FirmTotal(party, column, _amount(low), months)
        for party, column, _month, low, months in rows
        if party is not None
    ]
    trend = [
        MonthOfFirms(month, _amount(low), firms)
        for party, _column, month, low, firms in rows
        if party is None
    ]
    return sums, trend


def _amount(low: Decimal | int) -> Decimal:
    return Decimal(low).scaleb(-Value.SCALE)
