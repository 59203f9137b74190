"""Row security of contacts and questions: an enterprise sees its own."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("work", "0002_guards")]

    operations: ClassVar = [
        Guard("contact_rule", outside="true"),
        Guard("contact", outside=OWN),
        Guard("question", outside=OWN),
    ]
