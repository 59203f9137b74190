"""Row security of days: an enterprise sees its own visits once told, the slots, and its bookings."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE, KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0016_visit_questions_guards"), ("work", "0005_contacts_guards")]

    operations: ClassVar = [
        Guard("day_visit", outside=f"{OWN} and told_at is not null"),
        Guard("day_escort", staff_verbs=("select", "insert", "delete")),
        Guard("day_slot", outside=f"{PARTY} is not null and {KEY} is null"),
        Guard("booking", outside=OWN),
        migrations.RunSQL(_COMPOSITE.format(table="appeal")),
    ]
