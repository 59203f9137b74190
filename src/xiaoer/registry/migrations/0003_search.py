"""Searching parties: indexes over their terms, and the function that asks them inside the scope."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from xiaoer.base import guard
from xiaoer.base.guard import SearchFunction

# The tokens stand behind the slash; not to_tsvector, whose parser has views of its own on words.
TOKENS = "array_to_tsvector(string_to_array(split_part({0}terms, '/', 2), ' '))"

INDEXES = f"""
create index party_by_terms on party using gin (({TOKENS.format('')})) where merged_into_id is null;
create index party_by_head on party (zone_id, left(terms, 12) text_pattern_ops)
  where merged_into_id is null;
create index party_by_code on party (zone_id, credit_code text_pattern_ops) where credit_code <> '';
"""

# Asked by staff: their zone. By the city: the zone it looks at, if it is one of its own, else all of
# them. By anybody outside: their own party, or nothing. The role setting is the caller's, also here.
# Each way of finding is a short list of its own (a limit without an order lets every index stop
# early); they are put in order afterwards: head of the name, inside it, initials, code, officer.
SEARCH = f"""
create function search_parties(
  fragments text[], words text, letters text, code text, person text, most int)
returns table (id bigint, tier int)
language plpgsql stable security definer
set search_path = public set plan_cache_mode = force_custom_plan as $$
declare
  caller text := current_setting('role');
  asked bigint := nullif(current_setting('x.zone', true), '')::bigint;
  own bigint := nullif(current_setting('x.party', true), '')::bigint;
  city bigint := nullif(current_setting('x.city', true), '')::bigint;
  zones bigint[];
  heads text := replace(left(fragments[1], 12), '_', '') || '%';
  head text := fragments[1] || '%';
  inside text[] := array(select '%' || f || '%' from unnest(fragments) f);
begin
  if caller = 'xiaoer_app' then
    zones := array[asked];
  elsif caller = 'xiaoer_city' then
    zones := array(select z.id from zone z
                   where z.city_id = city and (coalesce(asked, 0) = 0 or z.id = asked));
  elsif caller = 'xiaoer_outside' then
    return query select p.id, 1 from party p
      where p.id = own and p.zone_id = asked and p.merged_into_id is null
        and split_part(p.terms, '/', 1) like all (inside);
    return;
  end if;
  return query
  with found as (
    (select p.id, 1 as tier, p.terms from party p
     where p.zone_id = any (zones) and p.merged_into_id is null
       and left(p.terms, 12) like heads and p.terms like head
       and split_part(p.terms, '/', 1) like all (inside) limit most)
    union all
    (select p.id, 2, p.terms from party p
     where words is not null and p.zone_id = any (zones) and p.merged_into_id is null
       and {TOKENS.format('p.')} @@ words::tsquery
       and split_part(p.terms, '/', 1) like all (inside) limit most)
    union all
    (select p.id, 2, p.terms from party p
     where words is null and length(fragments[1]) > 1
       and p.zone_id = any (zones) and p.merged_into_id is null
       and split_part(p.terms, '/', 1) like all (inside) limit most)
    union all
    (select p.id, 3, p.terms from party p
     where letters is not null and p.zone_id = any (zones) and p.merged_into_id is null
       and {TOKENS.format('p.')} @@ letters::tsquery limit most)
    union all
    (select p.id, 4, p.terms from party p
     where code is not null and p.zone_id = any (zones) and p.merged_into_id is null
       and p.credit_code like code || '%' and p.credit_code <> '' limit most)
    union all
    (select p.id, 4, p.terms from party p
     where length(code) = 6 and p.zone_id = any (zones) and p.merged_into_id is null
       and {TOKENS.format('p.')} @@ ('''#' || lower(code) || '''')::tsquery limit most)
    union all
    (select p.id, 5, p.terms
     from person h
     join post t on t.person_id = h.id and t.zone_id = h.zone_id
     join stewardship s on s.post_id = t.id and s.zone_id = t.zone_id and s.until is null
     join party p on p.id = s.party_id and p.merged_into_id is null
     where person is not null and h.zone_id = any (zones) and h.name = person limit most)
  )
  select f.id, min(f.tier)
  from found f
  group by f.id
  order by min(f.tier), min(length(split_part(f.terms, '/', 1))), f.id
  limit most;
end $$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0002_guards"), ("registry", "0002_guards")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="representation",
            name="person",
            field=models.ForeignKey(
                blank=True,
                help_text="who asked, when they have an account already",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.person",
            ),
        ),
        migrations.RunSQL(guard._COMPOSITE.format(table="representation")),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["zone", "industry", "id"], name="party_by_industry"),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["zone", "registered_on", "id"], name="party_by_registered"),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["zone", "capital_fen", "id"], name="party_by_capital"),
        ),
        migrations.RunSQL(INDEXES),
        SearchFunction(
            "search_parties(text[], text, text, text, text, int)",
            SEARCH,
            callers=("xiaoer_app", "xiaoer_city", "xiaoer_outside"),
        ),
    ]
