"""Who may ask after a licence without its code: whoever knows number and holder exactly."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE, KEY, PARTY, ZONE, SearchFunction

# Blanks and the two forms of brackets are the typist's; every other sign must be the same.
PLAIN = "translate(upper({}), '（）〔〕【】［］ 　', '()[][][]')"
CODE_OF_LICENCE = f"""
create function code_of_licence(wanted_number text, wanted_holder text)
returns table (zone_id bigint, code_hash varchar)
language sql stable security definer set search_path = public as $$
  select l.zone_id, l.code_hash from licence l
  where {PLAIN.format("l.number")} = {PLAIN.format("wanted_number")}
    and {PLAIN.format("l.holder_name")} = {PLAIN.format("wanted_holder")}
  order by (l.state = 'replaced'), l.id desc
  limit 1
$$
"""
# A paper of its own a party opens, the sealed file of a licence too.
FILES = f"""
drop policy of_papers_select on stored_file;
create policy of_papers_select on stored_file for select to xiaoer_outside using ({ZONE} and {KEY} is null and (
  id in (select p.file_id from held_paper p where p.party_id = {PARTY})
  or id in (select unnest(array[l.file_id, l.sealed_file_id]) from licence l where l.party_id = {PARTY})
  or id in (select n.file_id from official_notice n where n.party_id = {PARTY})))
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("papers", "0004_making_guards")]

    operations: ClassVar = [
        migrations.RunSQL(_COMPOSITE.format(table="licence")),
        migrations.RunSQL(
            f"create index licence_plain_number on licence ({PLAIN.format('number')})",
            "drop index licence_plain_number",
        ),
        migrations.RunSQL(FILES),
        SearchFunction(
            "code_of_licence(text, text)", CODE_OF_LICENCE, callers=("xiaoer_web", "xiaoer_outside")
        ),
    ]
