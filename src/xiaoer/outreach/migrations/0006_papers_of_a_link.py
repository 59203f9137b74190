"""The holder of a receipt's link reads the papers of that one request, and no other's."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, ZONE

# A paper without a party is between offices.
MINE = f"select a.id from appeal a where a.track_hash = {KEY}"
PAPERS = f"""
create policy link_select on attachment for select to xiaoer_outside
  using ({ZONE} and party_ref is not null and subject_type = 'appeal' and subject_id in ({MINE}));
create policy link_select on stored_file for select to xiaoer_outside
  using ({ZONE} and id in (select a.file_id from attachment a where {KEY} is not null));
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0005_running_clock"), ("base", "0002_guards")]

    operations: ClassVar = [migrations.RunSQL(PAPERS)]
