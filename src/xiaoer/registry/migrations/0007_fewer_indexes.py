"""A firm carries no check that nothing needs, and its words are sorted in after an import.

An import of a hundred thousand firms writes each of them a hundred thousand times; see
docs/decisions/0005-indexes-of-the-party-table.md.
"""

from typing import ClassVar

from django.db import migrations

# Nothing refers to a stewardship; a table that will must make this again.
SUPERFLUOUS = "alter table stewardship drop constraint stewardship_within_zone"

# New firms' words are put on a list that searches read too, and sorted in by autovacuum; sorting
# them in while they are written took a third of an import's time in the database.
SORTED_IN_LATER = """
alter index party_by_terms set (gin_pending_list_limit = 131072);
alter table party set (
  autovacuum_vacuum_insert_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0006_own_speakers")]
    operations: ClassVar = [migrations.RunSQL(SUPERFLUOUS), migrations.RunSQL(SORTED_IN_LATER)]
