"""The contact of a visit is one of the visit's zone."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("outreach", "0012_routes_guards"),
        ("work", "0007_contact_rules_and_visitors"),
    ]

    operations: ClassVar = [migrations.RunSQL(_COMPOSITE.format(table="visit"))]
