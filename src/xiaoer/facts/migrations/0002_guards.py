"""Row security of facts; values are only added, never changed."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import PARTY, Guard, Public


class Migration(migrations.Migration):
    dependencies: ClassVar = [("facts", "0001_initial"), ("registry", "0002_guards")]

    operations: ClassVar = [
        Public("metric", write=("insert", "update")),
        Guard("source"),
        Guard("value", outside=f"party_id = {PARTY}", staff_verbs=("select", "insert")),
        Guard("rollup", staff_verbs=("select", "insert", "update", "delete")),
    ]
