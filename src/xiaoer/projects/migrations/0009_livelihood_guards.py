"""Row security of the livelihood list: residents read what was made public, and nothing else."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard

OF_PUBLIC = "item_id in (select i.id from livelihood_item i where i.is_public)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("projects", "0007_elements_guards")]

    operations: ClassVar = [
        Guard(
            "livelihood_category",
            outside="id in (select i.category_id from livelihood_item i where i.is_public)",
        ),
        Guard("livelihood_item", outside="is_public"),
        Guard("livelihood_step", outside=OF_PUBLIC),
        Guard("livelihood_place", outside=OF_PUBLIC),
        Guard("livelihood_figure", outside=f"is_current and {OF_PUBLIC}"),
        Guard("livelihood_picture", outside=f"is_public and removed_at is null and {OF_PUBLIC}"),
    ]
