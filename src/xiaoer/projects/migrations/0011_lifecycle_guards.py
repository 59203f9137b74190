"""Row security of what the life of a project is judged by; an enterprise reads its own project's."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE, KEY, PARTY, Guard

OF_PROJECT = (
    f"{KEY} is null and project_id in (select p.id from project p where p.party_id = {PARTY})"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("projects", "0009_livelihood_guards")]

    operations: ClassVar = [
        # What must stand before a stage is no secret to those it is asked of.
        Guard("stage_condition", outside=f"{PARTY} is not null and {KEY} is null"),
        Guard("condition_proof", outside=OF_PROJECT),
        Guard("stage_batch"),
        Guard("batched_project"),
        Guard("chain_step", outside=OF_PROJECT),
        Guard("mechanism_act"),
        Guard("light_rule"),
        Guard("list_sheet"),
        Guard("hand_over"),
        # Who took a passage back, asked for since the table was guarded.
        migrations.RunSQL(_COMPOSITE.format(table="stage_passage")),
    ]
