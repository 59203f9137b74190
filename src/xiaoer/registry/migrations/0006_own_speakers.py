"""The holder of a card's code reads nobody who speaks for the enterprise."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, ZONE

OWN = f"{ZONE} and party_id = {PARTY} and {KEY} is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0005_import_steps")]
    operations: ClassVar = [
        migrations.RunSQL(
            f"alter policy own_select on representation using ({OWN})", migrations.RunSQL.noop
        ),
    ]
