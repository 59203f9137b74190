"""Searching parties: indexes over their terms, and the function that asks them inside the scope."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base import guard
from xiaoer.base.guard import SearchFunction

# The tokens stand behind the slash; not to_tsvector, whose parser has views of its own on words.
TOKENS = "array_to_tsvector(string_to_array(split_part({0}terms, '/', 2), ' '))"

INDEXES = f"""
create index party_by_terms on party using gin (({TOKENS.format('')})) where merged_into_id is null;
create index party_by_head on party (zone_id, left(terms, 12) text_pattern_ops)
  where merged_into_id is null;
"""

# Asked by staff: their zone. By the city: the zone it looks at, if it is one of its own, else all of
# them. By anybody outside: their own party, or nothing. The role setting is the caller's, also here.
# Each way of finding is a short list of its own (a limit without an order lets every index stop
# early), planned only when it is asked: head of the name, inside it, initials, code, officer. The
# asker puts them in order: by tier, then by length.
NAMES = "split_part(p.terms, '/', 1)"
HERE = "p.zone_id = any (zones) and p.merged_into_id is null"


def _row(tier):
    return f"return query select p.id, {tier}, length({NAMES}) from party p where {HERE}"


SEARCH = f"""
create function search_parties(
  fragments text[], words text, letters text, code text, person text, most int)
returns table (id bigint, tier int, length int)
language plpgsql stable security definer
set search_path = public set plan_cache_mode = force_custom_plan
set enable_seqscan = on set enable_indexscan = on as $$
declare
  caller text := current_setting('role');
  asked bigint := nullif(current_setting('x.zone', true), '')::bigint;
  own bigint := nullif(current_setting('x.party', true), '')::bigint;
  city bigint := nullif(current_setting('x.city', true), '')::bigint;
  zones bigint[];
  heads text := left(fragments[1], 12) || '%';
  head text := fragments[1] || '%';
  inside text[] := array(select '%' || f || '%' from unnest(fragments) f);
begin
  if caller = 'xiaoer_app' then
    zones := array[asked];
  elsif caller = 'xiaoer_city' then
    zones := array(select z.id from zone z
                   where z.city_id = city and (coalesce(asked, 0) = 0 or z.id = asked));
  elsif caller = 'xiaoer_outside' then
    zones := array[asked];
    {_row(1)} and p.id = own and {NAMES} like all (inside);
    return;
  end if;
  {_row(1)}
    and left(p.terms, 12) like heads and p.terms like head and {NAMES} like all (inside) limit most;
  if words is not null then
    {_row(2)}
      and {TOKENS.format('p.')} @@ words::tsquery and {NAMES} like all (inside) limit most;
  elsif char_length(fragments[1]) > 1 then
    {_row(2)} and {NAMES} like all (inside) limit most;
  end if;
  if letters is not null then
    -- No statistics tell how rare the head of a token is; without this, three letters read the table.
    perform set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true);
    {_row(3)} and {TOKENS.format('p.')} @@ letters::tsquery limit most;
    perform set_config('enable_seqscan', 'on', true), set_config('enable_indexscan', 'on', true);
  end if;
  if code is not null then
    {_row(4)} and p.credit_code like code || '%' and p.credit_code <> '' limit most;
    if char_length(code) = 6 then
      {_row(4)}
        and {TOKENS.format('p.')} @@ ('''#' || lower(code) || '''')::tsquery limit most;
    end if;
  end if;
  if person is not null then
    return query
      select p.id, 5, length({NAMES})
      from person h
      join post t on t.person_id = h.id and t.zone_id = h.zone_id
      join stewardship s on s.post_id = t.id and s.zone_id = t.zone_id and s.until is null
      join party p on p.id = s.party_id and p.merged_into_id is null
      where h.zone_id = any (zones) and h.name = person limit most;
  end if;
end $$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0002_guards"), ("registry", "0002_guards")]

    operations: ClassVar = [
        migrations.RunSQL(guard._COMPOSITE.format(table="representation")),
        migrations.RunSQL(INDEXES),
        SearchFunction(
            "search_parties(text[], text, text, text, text, int)",
            SEARCH,
            callers=("xiaoer_app", "xiaoer_city", "xiaoer_outside"),
        ),
    ]
