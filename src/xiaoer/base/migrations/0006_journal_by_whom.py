"""The audit trail finds who did something without reading what everybody did."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0005_sealed_answers")]

    operations: ClassVar = [
        migrations.AddIndex(
            "journalline", models.Index(fields=["zone", "who", "-id"], name="journal_by_whom")
        ),
    ]
