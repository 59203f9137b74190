"""Row security of monitoring: for the zone's staff and the city; no enterprise reads any of it."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("growth", "0004_title_guards"),
        ("rules", "0002_guards"),
        ("work", "0002_guards"),
    ]

    operations: ClassVar = [
        Guard("campaign"),
        Guard("target_rule"),
        Guard("target"),
        Guard("watch_list"),
        Guard("watch_hand"),
        # A month computed anew replaces its members.
        Guard("watch_member", staff_verbs=("select", "insert", "update", "delete")),
        Guard("alert"),
        Guard("alert_event", staff_verbs=("select", "insert")),
        Guard("dispatch_week"),
        # A line that was put on by mistake goes while the week is open.
        Guard("dispatch_line", staff_verbs=("select", "insert", "update", "delete")),
    ]
