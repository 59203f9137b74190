"""Row security of reminders: of what belongs to a person, only that person's post and the jobs."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import POST, Guard

# The system acts in no post: its jobs see everybody's, to tell and to send.
OWN = f"post_id is null or post_id = {POST} or {POST} is null"
THROUGH = "exists (select from delivery d where d.id = delivery_id)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("work", "0007_contact_rules_and_visitors")]

    operations: ClassVar = [
        Guard("mail_address", staff=OWN, city=False),
        Guard("hook", staff=OWN, city=False),
        Guard("subscription", staff=OWN, city=False),
        Guard("delivery", staff=OWN, city=False),
        Guard("delivery_attempt", staff=THROUGH, staff_verbs=("select", "insert"), city=False),
        Guard("reminder", staff=OWN, city=False),
    ]
