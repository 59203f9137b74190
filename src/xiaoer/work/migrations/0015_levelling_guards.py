"""Row security of levelling: the zone's own affair."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard


class Migration(migrations.Migration):
    dependencies: ClassVar = [("work", "0011_plans_guards")]

    operations: ClassVar = [Guard("levelling")]
