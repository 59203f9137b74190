"""Zones that are open get their first rule; an enterprise reads who is to call on it."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import ZONE

# The same as ``seed_contact_rule`` gives a new zone: the product's own proposal, for the zone to
# change.
RULES = """
select set_config('x.maintenance', 'on', true);
insert into contact_rule (zone_id, monthly_quota, source, mark, version)
select z.id, 2, '系统建议值，不是任何机关的规定', 'D', 1 from zone z
on conflict do nothing;
select set_config('x.maintenance', '', true);
"""
# Row security narrows the contacts to the enterprise's own, so these are the people it may expect.
VISITORS = "select unnest(array[c.post_id, c.allowed_by_id]) from contact c"
PEOPLE = f"""
create policy visitor_select on post for select to xiaoer_outside
  using ({ZONE} and id in ({VISITORS}));
create policy visitor_select on person for select to xiaoer_outside
  using ({ZONE} and id in (select p.person_id from post p where p.id in ({VISITORS})));
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("work", "0005_contacts_guards")]

    operations: ClassVar = [migrations.RunSQL(RULES), migrations.RunSQL(PEOPLE)]
