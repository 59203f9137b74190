"""Row security of proposals: staff of the zone alone; what was only proposed concerns nobody else."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0007_fewer_indexes")]

    operations: ClassVar = [
        Guard("redrawing_rule", city=False),
        Guard("redrawing_pin", city=False),
        Guard("redrawing", city=False),
        # Lines of a proposal nobody accepted are made anew when it is computed again.
        Guard(
            "redrawing_line", city=False, staff_verbs=("select", "insert", "update", "delete")
        ),
    ]
