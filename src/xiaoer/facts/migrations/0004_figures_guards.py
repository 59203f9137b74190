"""Row security of imports; of a value nothing changes but that it was taken back."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE, ZONE, Guard

TAKE_BACK = f"""
create policy staff_update on value for update to xiaoer_app using ({ZONE}) with check ({ZONE});
grant update (withdrawn_at) on value to xiaoer_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("facts", "0002_guards")]

    operations: ClassVar = [
        Guard("fact_import"),
        Guard("fact_import_row", staff_verbs=("select", "insert", "delete")),
        Guard("value_reference", staff_verbs=("select", "insert", "delete")),
        migrations.RunSQL(_COMPOSITE.format(table="value")),
        migrations.RunSQL(TAKE_BACK),
    ]
