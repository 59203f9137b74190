"""Row security of the ladders: an enterprise reads its own standing, and what the zone set for all."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("growth", "0001_ladders")]

    operations: ClassVar = [
        Guard("ladder_parameter", outside="true"),
        Guard("parameter_change", staff_verbs=("select", "insert")),
        Guard("entry_cutoff", outside="true"),
        Guard("evidence_item", outside="true"),
        Guard("handed_paper", outside=OWN),
        Guard("designation", outside=OWN),
        # A month that still runs is written anew; who was merged away stands nowhere.
        Guard("standing", outside=OWN, staff_verbs=("select", "insert", "update", "delete")),
    ]
