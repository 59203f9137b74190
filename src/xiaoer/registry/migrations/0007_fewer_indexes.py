"""A firm and its officer carry no index or check that another one makes superfluous.

An import of a hundred thousand firms writes each of them a hundred thousand times; see
docs/decisions/0005-indexes-of-the-party-table.md.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# Made for the keys; the indexes named in the models begin with the same columns or the zone.
SUPERFLUOUS = """
drop index party_zone_id_324660ea, party_cell_id_234e3329, party_park_id_acd5af15,
  party_merged_into_id_d7a79439, party_import_run_id_bae5e20a, party_by_code,
  stewardship_zone_id_8adf0655, stewardship_post_id_71dea378;
alter table stewardship drop constraint stewardship_zone_id_8adf0655_fk_zone_id;
-- Nothing refers to a stewardship; a table that will must make this again.
alter table stewardship drop constraint stewardship_within_zone;
"""

# New firms' words are put on a list that searches read too, and sorted in by autovacuum; sorting
# them in while they are written took a third of an import's time in the database.
SORTED_IN_LATER = """
alter index party_by_terms set (gin_pending_list_limit = 131072);
alter table party set (
  autovacuum_vacuum_insert_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0);
"""


def _key(model, name, to, **more):
    field = models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, to=to, **more
    )
    return migrations.AlterField(model_name=model, name=name, field=field)


MAYBE = {"blank": True, "null": True}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0006_own_speakers")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SUPERFLUOUS)],
            state_operations=[
                _key("party", "zone", "base.zone", related_name="+"),
                _key("party", "cell", "registry.cell", related_name="enterprises", **MAYBE),
                _key("party", "park", "registry.park", **MAYBE),
                _key("party", "merged_into", "registry.party", **MAYBE),
                _key("party", "import_run", "registry.importrun", **MAYBE),
                _key("stewardship", "zone", "base.zone", related_name="+", db_constraint=False),
                _key("stewardship", "post", "base.post", related_name="+"),
            ],
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                fields=["park"], condition=Q(park__isnull=False), name="party_by_park"
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="party_by_merged_into",
            ),
        ),
        migrations.RunSQL(SORTED_IN_LATER),
        migrations.RemoveConstraint(model_name="party", name="party_credit_code_once_in_zone"),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(
                fields=["zone", "credit_code"],
                opclasses=["int8_ops", "text_pattern_ops"],
                condition=~Q(credit_code="") & Q(merged_into__isnull=True),
                name="party_credit_code_once_in_zone",
            ),
        ),
    ]
