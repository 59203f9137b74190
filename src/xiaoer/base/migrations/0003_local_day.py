"""Posts begin and end with the zone's own day."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import SearchFunction

# The session's clock is UTC: between midnight and eight a post of today had not begun yet.
POSTS_OF_ACCOUNT = """
create or replace function posts_of_account(wanted bigint) returns table (
  post_id bigint, person_id bigint, zone_id bigint, city_id bigint, role varchar, party_ref bigint,
  office_id bigint, is_lead boolean, name varchar, office varchar)
language sql stable security definer set search_path = public as $$
  select p.id, h.id, p.zone_id, coalesce(z.city_id, (select min(c.id) from city c)),
         p.role, p.party_ref, p.office_id, p.is_lead, h.name, coalesce(o.name, p.title)
  from person h
  join post p on p.person_id = h.id
  left join office o on o.id = p.office_id
  left join zone z on z.id = p.zone_id
  cross join (select (now() at time zone 'Asia/Shanghai')::date as today) here
  where h.account_id = wanted and h.left_on is null
    and p.since <= here.today and (p.until is null or p.until >= here.today)
  order by p.id
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0002_guards")]

    operations: ClassVar = [
        SearchFunction(
            "posts_of_account(bigint)",
            POSTS_OF_ACCOUNT,
            callers=("xiaoer_web", "xiaoer_app", "xiaoer_outside", "xiaoer_city"),
        ),
    ]
