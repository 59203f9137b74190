"""Prints of many cards, made by a job."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("base", "0005_sealed_answers"),
        ("outreach", "0006_papers_of_a_link"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CardPrint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cards",
                    models.JSONField(
                        default=list, help_text="numbers of the cards, in the order of printing"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "being made"),
                            ("done", "ready"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, help_text="cards drawn so far")),
                ("message", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="base.storedfile",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.post",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.zone",
                    ),
                ),
            ],
            options={
                "db_table": "card_print",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("file__isnull", False), ("state", "done"))
                        | models.Q(("state", "done"), _negated=True),
                        name="card_print_ready_has_its_file",
                    )
                ],
            },
        ),
    ]
