"""Whoever extended a case is of its own zone."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0015_joint_time")]

    operations: ClassVar = [migrations.RunSQL(_COMPOSITE.format(table="permit_case"))]
