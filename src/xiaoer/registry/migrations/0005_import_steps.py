"""What an import may take away again.

Notes of a sheet that was not brought in are written anew at each look; a former name that a sheet
brought goes when its rename is taken back.
"""

from typing import ClassVar

from django.db import migrations

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

class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0004_undo")]
    operations: ClassVar = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
