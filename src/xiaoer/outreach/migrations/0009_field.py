"""Work without network: its rule, the phones that keep it, what came from them."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("base", "0007_zone_settings"),
        ("outreach", "0008_card_print_guard"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="FieldDevice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account_ref",
                    models.BigIntegerField(help_text="accounts stand outside row security"),
                ),
                ("name", models.CharField(max_length=60)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("secret", models.TextField(blank=True)),
                ("kept_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(help_text="when its key was last given out")),
                ("allowed_until", models.DateTimeField()),
                ("seen_at", models.DateTimeField(help_text="its last contact")),
                ("wiped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="when the phone said that it deleted everything",
                        null=True,
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
                    "wiped_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                "db_table": "field_device",
            },
        ),
        migrations.CreateModel(
            name="FieldLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_key", models.UUIDField()),
                ("is_companion", models.BooleanField(default=False)),
                ("met", models.CharField(blank=True, max_length=120)),
                ("said", models.TextField(blank=True)),
                ("claimed_at", models.DateTimeField(help_text="by the phone's clock")),
                ("corrected_at", models.DateTimeField()),
                (
                    "claimed_on",
                    models.DateField(help_text="the day of the visit as the phone said it"),
                ),
                ("received_at", models.DateTimeField()),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="logs",
                        to="outreach.fielddevice",
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
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="field_logs",
                        to="outreach.visit",
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
                "db_table": "field_log",
            },
        ),
        migrations.CreateModel(
            name="FieldRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "mark",
                    models.CharField(blank=True, help_text="A, V, S, B, C, U or D", max_length=2),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "zone",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.zone",
                    ),
                ),
            ],
            options={
                "db_table": "field_rule",
            },
        ),
        migrations.AddIndex(
            model_name="fielddevice",
            index=models.Index(fields=["zone", "post", "-seen_at"], name="field_device_of_post"),
        ),
        migrations.AddConstraint(
            model_name="fielddevice",
            constraint=models.CheckConstraint(
                condition=models.Q(("wiped_at__isnull", True), ("secret", ""), _connector="OR"),
                name="field_device_wiped_has_no_secret",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldlog",
            constraint=models.UniqueConstraint(
                fields=("zone", "client_key"), name="field_log_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__range", (1, 31))), name="field_work_is_kept_some_days"
            ),
        ),
    ]
