"""Row security of routes: staff and city alone; stops move between routes, so they may be deleted."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard

MOVES = ("select", "insert", "update", "delete")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0010_field_guards")]

    operations: ClassVar = [
        Guard("route_rule"),
        Guard("road_sheet"),
        Guard("road_distance"),
        Guard("route_search"),
        Guard("visit_round"),
        Guard("visit_stop", staff_verbs=MOVES),
    ]
