"""Visits logged before there was a quota are contacts too, so that a month under way counts true.

None of them is marked as above the quota: there was none when they were made.
"""

from typing import ClassVar

from django.db import migrations

# Numbers are drawn first, so that each visit knows its contact.
CONTACTS = """
select set_config('x.maintenance', 'on', true);
create temporary table visit_made on commit drop as
  select v.id as visit_id, nextval(pg_get_serial_sequence('contact', 'id')) as contact_id
  from visit v
  join programme g on g.id = v.programme_id
  join post p on p.id = v.post_id
  where v.contact_id is null and g.kind <> 'problem_day' and p.office_id is not null
    and not exists (select from visit n where n.replaces_id = v.id);
insert into contact (id, zone_id, party_id, tag, kind, office_id, post_id, purpose, origin,
                     planned_on, minutes, state, is_above_quota, is_on_quiet_day, reason,
                     planned_by_id, planned_at, ended_at, outcome, version)
  select m.contact_id, v.zone_id, v.party_id, 'service', 'visit', p.office_id, v.post_id, g.name, '',
         v.visited_on, 45, 'done', false, false, '', v.post_id, v.logged_at, v.logged_at, '', 1
  from visit_made m
  join visit v on v.id = m.visit_id
  join programme g on g.id = v.programme_id
  join post p on p.id = v.post_id;
update visit v set contact_id = m.contact_id from visit_made m where m.visit_id = v.id;
drop table visit_made;
select set_config('x.maintenance', '', true);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0013_visit_contact")]

    operations: ClassVar = [migrations.RunSQL(CONTACTS)]
