"""Row security of attributes: only ever added to, but that one is taken back."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import PARTY, ZONE, Guard

TAKE_BACK = f"""
create policy staff_update on attribute for update to xiaoer_app using ({ZONE}) with check ({ZONE});
grant update (withdrawn_at) on attribute to xiaoer_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("facts", "0005_sources_of_own_values")]

    operations: ClassVar = [
        Guard("attribute", outside=f"party_id = {PARTY}", staff_verbs=("select", "insert")),
        migrations.RunSQL(TAKE_BACK),
    ]
