"""Imports step by step: what is wanted, how far it is, what taking it back left.

Notes of a sheet that was not brought in are written anew at each look; a former name that a sheet
brought goes when its rename is taken back.
"""

from typing import ClassVar

from django.db import migrations, models

from xiaoer.base.guard import ZONE

RIGHTS = f"""
create policy anew_delete on import_row for delete to xiaoer_app
  using ({ZONE} and outcome <> 'updated'
         and run_id in (select r.id from import_run r
                        where r.state in ('previewed', 'queued', 'running', 'failed')));
create policy undo_delete on party_name for delete to xiaoer_app
  using ({ZONE} and kind = 'former'
         and exists (select from import_row r
                     where r.party_id = party_name.party_id and r.outcome = 'updated'
                       and r.before ->> 'name' = party_name.name));
grant delete on import_row, party_name to xiaoer_app;
"""

GOALS = [
    ("preview", "look at it"),
    ("good_rows", "bring in the good rows"),
    ("all_rows", "bring in all rows or none"),
    ("undo", "take it back"),
]
PHASES = [
    ("reading", "reading the sheet"),
    ("checking", "checking the rows"),
    ("writing", "writing"),
]


def _add(name, field):
    return migrations.AddField(model_name="importrun", name=name, field=field)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0004_undo")]
    operations: ClassVar = [
        _add("goal", models.CharField(choices=GOALS, default="preview", max_length=10)),
        _add("phase", models.CharField(blank=True, choices=PHASES, max_length=10)),
        _add(
            "seen",
            models.JSONField(default=dict, help_text="columns with samples, other sheets, notes"),
        ),
        _add(
            "kept",
            models.JSONField(
                default=list, help_text="what taking back left, each with its reason"
            ),
        ),
        _add(
            "asked_at",
            models.DateTimeField(blank=True, help_text="when the goal was set", null=True),
        ),
        _add("undone_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
