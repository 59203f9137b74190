"""The sheet itself is kept beside its cells, so that a figure leads to the paper it came on."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from xiaoer.base.guard import _COMPOSITE


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0001_initial"), ("facts", "0005_sources_of_own_values")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="factimport",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="base.storedfile",
            ),
        ),
        migrations.RunSQL(_COMPOSITE.format(table="fact_import")),
    ]
