"""An enterprise sees where the figures about itself come from."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import PARTY, ZONE

OWN = f"""
create policy own_select on source for select to xiaoer_outside
  using ({ZONE} and id in (select v.source_id from value v where v.party_id = {PARTY}));
grant select on source to xiaoer_outside;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("facts", "0004_figures_guards")]

    operations: ClassVar = [migrations.RunSQL(OWN)]
