"""Row security of field work: a phone without a session sees its own row by its token."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, Guard, SearchFunction

# Asked before any scope is open: a phone whose session ended long ago still learns that it is to
# be wiped.
HOLDER_OF_DEVICE = """
create function holder_of_device(wanted text)
returns table (zone_id bigint, device_id bigint, name varchar)
language sql stable security definer set search_path = public as $$
  select d.zone_id, d.id, d.name from field_device d where d.key_hash = wanted
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0008_card_print_guard")]

    operations: ClassVar = [
        Guard("field_rule"),
        Guard("field_device", outside=f"key_hash = {KEY}", city=False, search=True),
        Guard("field_log", staff_verbs=("select", "insert"), city=False),
        SearchFunction("holder_of_device(text)", HOLDER_OF_DEVICE, callers=("xiaoer_web",)),
    ]
