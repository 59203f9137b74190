"""An administrator sets what the public pages show of the zone, and of no other zone."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import SearchFunction

SET_PHONE = """
create function set_complaint_phone(wanted text) returns void
language sql security definer set search_path = public as $$
  update zone set complaint_phone = wanted
  where id = nullif(current_setting('x.zone', true), '')::bigint
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0003_local_day")]

    operations: ClassVar = [
        migrations.RunSQL(
            "grant update (complaint_phone) on zone to xiaoer_search", migrations.RunSQL.noop
        ),
        SearchFunction("set_complaint_phone(text)", SET_PHONE),
    ]
