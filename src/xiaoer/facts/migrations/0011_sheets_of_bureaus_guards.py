"""Row security of chosen names; rows of imports refer to indicators."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard


class Migration(migrations.Migration):
    dependencies: ClassVar = [("facts", "0009_attributes_guards")]

    operations: ClassVar = [Guard("firm_alias")]
