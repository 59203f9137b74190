"""Row security of what is made here, and who may ask by the code on a paper."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, ZONE, Guard, SearchFunction

# Before any scope is open: the code on a paper becomes a zone, or nothing at all.
ZONE_OF_PAPER = """
create function zone_of_paper(wanted text) returns table (zone_id bigint)
language sql stable security definer set search_path = public as $$
  select l.zone_id from licence l where l.code_hash = wanted
  union all
  select n.zone_id from official_notice n where n.code_hash = wanted
$$
"""
# A paper of its own a party opens.
FILES = f"""
create policy of_papers_select on stored_file for select to xiaoer_outside using ({ZONE} and {KEY} is null and (
  id in (select p.file_id from held_paper p where p.party_id = {PARTY})
  or id in (select l.file_id from licence l where l.party_id = {PARTY})
  or id in (select n.file_id from official_notice n where n.party_id = {PARTY})))
"""
SEARCHED = """
create policy search_select on {table} for select to xiaoer_search using (true);
grant select on {table} to xiaoer_search
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("papers", "0002_guards"), ("base", "0002_guards")]

    operations: ClassVar = [
        Guard("licence_serial"),
        Guard(
            "official_notice",
            outside=f"(party_id = {PARTY} and {KEY} is null) or code_hash = {KEY}",
            search=True,
        ),
        migrations.RunSQL(SEARCHED.format(table="licence")),
        migrations.RunSQL(FILES),
        SearchFunction("zone_of_paper(text)", ZONE_OF_PAPER, callers=("xiaoer_web",)),
    ]
