"""Answers of forms are kept sealed, which makes them longer; those kept in clear are forgotten."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0004_once_answers")]

    operations: ClassVar = [
        migrations.RunSQL("delete from once_key", migrations.RunSQL.noop),
        migrations.AlterField("oncekey", "answer", models.TextField(blank=True)),
    ]
