"""A call of the API sent twice gets the first's answer: what was asked, and what was said."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0003_local_day")]

    operations: ClassVar = [
        migrations.AddField(
            "oncekey",
            "asked",
            models.CharField(
                max_length=64,
                blank=True,
                default="",
                db_default="",
                help_text="SHA-256 of the call",
            ),
        ),
        migrations.AddField(
            "oncekey", "body", models.TextField(blank=True, default="", db_default="")
        ),
        migrations.AddField(
            "oncekey", "status", models.PositiveSmallIntegerField(null=True, blank=True)
        ),
    ]
