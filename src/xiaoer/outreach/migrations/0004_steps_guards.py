"""Row security of the receipt numbers, and the questions that must look past it, each narrowly."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE, ZONE, Guard, SearchFunction

# Who handles my request: an enterprise, or the holder of its link, reads these posts and no others.
HANDLERS = (
    "select unnest(array[a.handler_id, a.first_post_id, a.filed_by_id]) from appeal a"
)
PEOPLE = f"""
create policy handler_select on post for select to xiaoer_outside
  using ({ZONE} and id in ({HANDLERS}));
create policy handler_select on person for select to xiaoer_outside
  using ({ZONE} and id in (select p.person_id from post p where p.id in ({HANDLERS})));
"""
SEARCHED = """
create policy search_select on {table} for select to xiaoer_search using (true);
grant select on {table} to xiaoer_search
"""

# Before any scope is open: a code or a link becomes a zone and a party, or nothing at all.
HOLDER_OF_CARD = """
create function holder_of_card(wanted text)
returns table (zone_id bigint, party_id bigint, name varchar)
language sql stable security definer set search_path = public as $$
  select c.zone_id, c.party_id, p.name
  from contact_card c join party p on p.id = c.party_id
  where c.code_hash = wanted and c.withdrawn_at is null and p.merged_into_id is null
$$
"""
# A link lives as long as its request is open, and one year longer.
HOLDER_OF_TRACK = """
create function holder_of_track(wanted text)
returns table (zone_id bigint, party_id bigint, name varchar)
language sql stable security definer set search_path = public as $$
  select a.zone_id, a.party_id, p.name
  from appeal a join party p on p.id = a.party_id
  where a.track_hash = wanted
    and (a.closed_at is null or a.closed_at > now() - interval '365 days')
$$
"""
# Share of the shorter text's pairs that stand in the other too.
SCORE = """
  cardinality(array(select unnest(a.terms) intersect select unnest(wanted)))::float
  / greatest(least(cardinality(a.terms), cardinality(wanted)), 1)
"""
MY_ZONE = "a.zone_id = nullif(current_setting('x.zone', true), '')::bigint"
# Open or recent requests of one party. Outside roles ask about their own party only, and learn the
# number, the day and the state; the words stay under row security.
APPEALS_NEAR = f"""
create function appeals_near(wanted_party bigint, wanted text[], since timestamptz)
returns table (id bigint, receipt_no varchar, filed_at timestamptz, state varchar, score float)
language sql stable security definer set search_path = public as $$
  select a.id, a.receipt_no, a.filed_at, a.state, {SCORE} as score
  from appeal a
  where {MY_ZONE} and a.party_id = wanted_party and a.filed_at >= since
    and a.state not in ('taken_back', 'withdrawn', 'merged') and a.terms && wanted
    and (current_setting('role') in ('xiaoer_app', 'xiaoer_city')
         or wanted_party = nullif(current_setting('x.party', true), '')::bigint)
  order by score desc, a.id desc limit 5
$$
"""
# Answered requests of the zone, most alike first; failures too, they teach.
APPEALS_ALIKE = f"""
create function appeals_alike(wanted_kind bigint, wanted text[], besides bigint)
returns table (id bigint, score float)
language sql stable security definer set search_path = public as $$
  select a.id, {SCORE} as score
  from appeal a
  where {MY_ZONE} and a.kind_id = wanted_kind and a.id <> besides
    and a.state in ('confirmed', 'unconfirmed') and a.terms && wanted
  order by score desc, a.closed_at desc limit 5
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0002_guards")]

    operations: ClassVar = [
        Guard("receipt_counter"),
        migrations.RunSQL(_COMPOSITE.format(table="appeal")),
        migrations.RunSQL("create index appeal_terms on appeal using gin (terms)"),
        migrations.RunSQL(PEOPLE),
        migrations.RunSQL(SEARCHED.format(table="contact_card")),
        migrations.RunSQL(SEARCHED.format(table="appeal")),
        SearchFunction("holder_of_card(text)", HOLDER_OF_CARD, callers=("xiaoer_web",)),
        SearchFunction("holder_of_track(text)", HOLDER_OF_TRACK, callers=("xiaoer_web",)),
        SearchFunction(
            "appeals_near(bigint, text[], timestamptz)",
            APPEALS_NEAR,
            callers=("xiaoer_app", "xiaoer_outside"),
        ),
        SearchFunction("appeals_alike(bigint, text[], bigint)", APPEALS_ALIKE),
    ]
