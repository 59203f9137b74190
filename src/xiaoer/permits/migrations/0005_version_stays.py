"""What a version in force says never changes, and two of a thing never speak on the same day.

The triggers hold for every role, the owner's included. The thing is locked first, so that two
releases at once see each other.
"""

from typing import ClassVar

from django.db import migrations

STAYS = """
create function thing_version_stays() returns trigger language plpgsql as $$
begin
  if (new.body, new.number, new.thing_id, new.zone_id, new.valid_from)
     is distinct from (old.body, old.number, old.thing_id, old.zone_id, old.valid_from)
     or new.state = 'draft' or (old.state = 'retired' and new.state <> 'retired') then
    raise exception 'a released version is never edited; draft a new one'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function thing_version_alone() returns trigger language plpgsql as $$
begin
  perform from thing t where t.id = new.thing_id for update;
  if exists (
    select from thing_version v where v.thing_id = new.thing_id and v.id <> new.id
      and v.state = 'live'
      and daterange(v.valid_from, v.valid_until, '[]') && daterange(new.valid_from, new.valid_until, '[]'))
  then
    raise exception 'two versions of a thing never speak on the same day'
      using errcode = 'exclusion_violation';
  end if;
  return new;
end $$;
create trigger thing_version_stays before update on thing_version
  for each row when (old.state <> 'draft') execute function thing_version_stays();
create trigger thing_version_alone before insert or update on thing_version
  for each row when (new.state = 'live') execute function thing_version_alone();
"""
GO = """
drop trigger thing_version_alone on thing_version;
drop trigger thing_version_stays on thing_version;
drop function thing_version_alone();
drop function thing_version_stays();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0004_automatic_guards")]

    operations: ClassVar = [migrations.RunSQL(STAYS, GO)]
