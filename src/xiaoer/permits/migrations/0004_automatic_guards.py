"""Row security of unattended approval: staff and city only; what was decided is never changed."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard

KEPT = ("select", "insert")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0002_guards")]

    operations: ClassVar = [
        Guard("shared_register"),
        Guard("shared_entry"),
        Guard("auto_pack"),
        Guard("auto_basis", staff_verbs=KEPT),
        Guard("auto_decision", staff_verbs=KEPT),
        Guard("auto_review"),
        Guard("post_check"),
        Guard("shared_use", staff_verbs=KEPT),
    ]
