"""Row security of sheets; staff may delete what a sheet brought in and nobody has touched."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import ZONE, Guard, WithinZone

UNTOUCHED = f"{ZONE} and sheet_id is not null and version = 1"
UNDO = f"""
create policy undo_delete on carrier_unit for delete to xiaoer_app using ({UNTOUCHED});
create policy undo_delete on building for delete to xiaoer_app using ({UNTOUCHED});
create policy undo_delete on lease for delete to xiaoer_app
  using ({ZONE} and sheet_id is not null and deposit_paid_on is null);
create policy undo_delete on occupancy for delete to xiaoer_app
  using ({ZONE} and lease_id in (
    select l.id from lease l where l.sheet_id is not null and l.deposit_paid_on is null));
grant delete on carrier_unit, building, lease, occupancy to xiaoer_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assets", "0005_unit_sheets")]
    operations: ClassVar = [
        Guard("unit_sheet"),
        WithinZone("building"),
        WithinZone("carrier_unit"),
        WithinZone("lease"),
        migrations.RunSQL(UNDO, migrations.RunSQL.noop),
    ]
