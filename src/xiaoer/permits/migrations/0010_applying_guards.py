"""Row security of numbers and lookups, and the two questions asked before any scope is open."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard, SearchFunction

SEARCHED = """
create policy search_select on permit_case for select to xiaoer_search using (true);
grant select on permit_case to xiaoer_search
"""
# A link lives as long as its application is open, and one year longer.
HOLDER_OF_CASE = """
create function holder_of_case(wanted text)
returns table (zone_id bigint, name varchar)
language sql stable security definer set search_path = public as $$
  select c.zone_id, c.applicant_name
  from permit_case c
  where c.key_hash = wanted and wanted <> ''
    and (c.closed_at is null or c.closed_at > now() - interval '365 days')
$$
"""
# The number alone opens nothing: the telephone stated in the application must be known too. What a
# caller gets is the hash under which row security shows this one case, never a secret.
CASE_BY_NUMBER = """
create function case_by_number(wanted_zone bigint, wanted text, digits text)
returns table (id bigint, key_hash varchar)
language sql stable security definer set search_path = public as $$
  select c.id, c.key_hash
  from permit_case c
  where c.zone_id = wanted_zone and c.number = wanted and c.key_hash <> ''
    and length(digits) >= 7
    and regexp_replace(regexp_replace(c.contact_phone, '\\D', '', 'g'), '^86(?=\\d{11}$)', '') = digits
$$
"""
BY_EVERYBODY = ("xiaoer_web", "xiaoer_outside")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0008_acceptance_guards")]

    operations: ClassVar = [
        Guard("case_counter"),
        Guard("case_lookup", staff_verbs=("select", "insert", "delete")),
        migrations.RunSQL(SEARCHED),
        SearchFunction("holder_of_case(text)", HOLDER_OF_CASE, callers=("xiaoer_web",)),
        SearchFunction(
            "case_by_number(bigint, text, text)", CASE_BY_NUMBER, callers=BY_EVERYBODY
        ),
    ]
