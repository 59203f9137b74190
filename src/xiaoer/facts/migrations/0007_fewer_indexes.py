"""A value carries no index for a key by itself: those on what a figure is of serve, and sixty
million rows would carry each of them."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

_DROP = "; ".join(
    f"drop index if exists value_{name}"
    for name in (
        "import_run_id_c79af9ac",
        "metric_id_b46d3943",
        "party_id_40799290",
        "post_id_eb7cd793",
        "source_id_643bfc50",
        "zone_id_e943f492",
    )
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("base", "0001_initial"),
        ("facts", "0006_kept_sheets"),
        ("registry", "0002_guards"),
    ]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_DROP)],
            state_operations=[
                migrations.AlterField(
                    model_name="value",
                    name="import_run",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="facts.factimport",
                    ),
                ),
                migrations.AlterField(
                    model_name="value",
                    name="metric",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facts.metric",
                    ),
                ),
                migrations.AlterField(
                    model_name="value",
                    name="party",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="registry.party",
                    ),
                ),
                migrations.AlterField(
                    model_name="value",
                    name="post",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.post",
                    ),
                ),
                migrations.AlterField(
                    model_name="value",
                    name="source",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="facts.source",
                    ),
                ),
                migrations.AlterField(
                    model_name="value",
                    name="zone",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.zone",
                    ),
                ),
            ],
        )
    ]
