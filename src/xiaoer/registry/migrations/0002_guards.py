"""Row security of the registry, and what an enterprise may see of the people who answer for it."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, ZONE, Guard

OWN = f"party_id = {PARTY}"
MY_STEWARDS = f"select s.post_id from stewardship s where s.party_id = {PARTY} and s.until is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0001_initial"), ("base", "0002_guards")]

    operations: ClassVar = [
        Guard("park", outside="true"),
        Guard("grid", outside="true"),
        Guard("cell", outside="true"),
        Guard("cell_duty"),
        Guard("import_run", city=False),
        Guard("party", outside=f"id = {PARTY}", search=True),
        Guard("party_name", outside=OWN, search=True),
        Guard("stewardship", outside=OWN, search=True),
        Guard("monitoring_firm", outside=OWN),
        Guard("representation_code", outside=f"code_hash = {KEY}", city=False),
        Guard("representation", outside=OWN, city=False),
        Guard("import_row", city=False),
        Guard("known_layout", city=False),
        migrations.RunSQL(
            f"""
            create policy steward_select on post for select to xiaoer_outside
              using ({ZONE} and id in ({MY_STEWARDS}));
            create policy steward_select on person for select to xiaoer_outside
              using ({ZONE} and id in (select p.person_id from post p where p.id in ({MY_STEWARDS})));
            """
        ),
    ]
