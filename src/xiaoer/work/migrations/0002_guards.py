"""Row security of work; the state's own calendar is everybody's."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

ALL_VERBS = ("select", "insert", "update", "delete")
STATE_WIDE = """
create policy state_select on {table} for select to xiaoer_app, xiaoer_outside using (zone_id is null)
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("work", "0001_initial"), ("registry", "0002_guards")]

    operations: ClassVar = [
        Guard("calendar_day", outside="true", staff_verbs=ALL_VERBS, zone_optional=True),
        Guard("calendar_year", outside="true", zone_optional=True),
        migrations.RunSQL(STATE_WIDE.format(table="calendar_day")),
        migrations.RunSQL(STATE_WIDE.format(table="calendar_year")),
        Guard("limit_rule", outside="true"),
        Guard("matter", outside=f"party_id = {PARTY} and {KEY} is null"),
        Guard("task"),
        Guard("pause"),
        Guard("instruction"),
        Guard("seen", city=False),
    ]
