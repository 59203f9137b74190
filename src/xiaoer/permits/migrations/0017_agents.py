"""A firm that acts for another reads its cases: while the mandate stands, and those it covers alone.

One function says which cases those are; the policies of a case and of all that hangs on it ask it.
"""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, ZONE, SearchFunction

# What the mandate's day is compared with is the zones' own day, wherever the server stands.
AGENT = """
create function cases_as_agent() returns setof bigint
language sql stable security definer set search_path = public as $$
  select c.id
  from agency_mandate m
  join permit_case c on c.zone_id = m.zone_id and c.party_id = m.party_id
  join thing_version v on v.id = c.thing_version_id
  join thing t on t.id = v.thing_id
  where m.zone_id = (select nullif(current_setting('x.zone', true), '')::bigint)
    and m.agent_party_id = (select nullif(current_setting('x.party', true), '')::bigint)
    and nullif(current_setting('x.key', true), '') is null
    and m.ended_at is null
    and (now() at time zone 'Asia/Shanghai')::date between m.valid_from and m.valid_until
    and (m.case_id is null or m.case_id = c.id)
    and (m.things = '[]'::jsonb or jsonb_exists(m.things, t.code))
$$
"""
SEARCHED = ";\n".join(
    f"create policy search_select on {table} for select to xiaoer_search using (true);\n"
    f"grant select on {table} to xiaoer_search"
    for table in ("agency_mandate", "thing", "thing_version")
)
THEIRS = f"(c.party_id = {PARTY} and {KEY} is null) or c.key_hash = {KEY}"
OF_CASE = f"case_id in (select c.id from permit_case c where {THEIRS})"
OF_ITEM = (
    "item_id in (select i.id from case_item i join permit_case c on c.id = i.case_id"
    f" where {THEIRS})"
)
OF_VISIT = (
    "visit_id in (select v.id from case_visit v join permit_case c on c.id = v.case_id"
    f" where {THEIRS})"
)
AS_AGENT = "(select cases_as_agent())"
CASE_OF_AGENT = f"case_id in {AS_AGENT}"
ITEM_OF_AGENT = f"item_id in (select i.id from case_item i where i.case_id in {AS_AGENT})"
VISIT_OF_AGENT = f"visit_id in (select v.id from case_visit v where v.case_id in {AS_AGENT})"
# A rating is between the applicant and the zone; all else of a case its agent follows.
ROWS = {
    "permit_case": (
        f"(party_id = {PARTY} and {KEY} is null) or key_hash = {KEY}",
        f"id in {AS_AGENT}",
    ),
    "case_item": (OF_CASE, CASE_OF_AGENT),
    "case_step": (OF_ITEM, ITEM_OF_AGENT),
    "case_event": (f"is_shown and {OF_CASE}", f"(is_shown and {CASE_OF_AGENT})"),
    "case_material": (OF_CASE, CASE_OF_AGENT),
    "supplement": (OF_CASE, CASE_OF_AGENT),
    "item_pause": (OF_ITEM, ITEM_OF_AGENT),
    "case_notice": (OF_CASE, CASE_OF_AGENT),
    "case_visit": (OF_CASE, CASE_OF_AGENT),
    "case_visit_part": (OF_VISIT, VISIT_OF_AGENT),
    "case_defect": (OF_VISIT, VISIT_OF_AGENT),
}
ASKED = ";\n".join(
    f"alter policy own_select on {table} using ({ZONE} and (({own}) or {as_agent}))"
    for table, (own, as_agent) in ROWS.items()
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0016_joint_time_guards")]

    operations: ClassVar = [
        migrations.RunSQL(SEARCHED),
        SearchFunction("cases_as_agent()", AGENT, callers=("xiaoer_app", "xiaoer_outside", "xiaoer_city")),
        migrations.RunSQL(ASKED),
    ]
