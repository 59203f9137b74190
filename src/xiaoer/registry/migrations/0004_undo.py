"""Taking an import back: staff may delete what a sheet brought in and nobody has touched."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import ZONE

UNTOUCHED = "import_run_id is not null and version = 1"

UNDO = f"""
create policy undo_delete on party for delete to xiaoer_app using ({ZONE} and {UNTOUCHED});
create policy undo_delete on stewardship for delete to xiaoer_app
  using ({ZONE} and party_id in (select p.id from party p where {UNTOUCHED}));
grant delete on party, stewardship to xiaoer_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0003_search")]
    operations: ClassVar = [migrations.RunSQL(UNDO, migrations.RunSQL.noop)]
