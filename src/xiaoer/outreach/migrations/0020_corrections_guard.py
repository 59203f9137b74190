"""Row security of corrections: an enterprise sees its own; staff of the zone decide."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0018_days_guards")]

    operations: ClassVar = [Guard("correction", outside=OWN)]
