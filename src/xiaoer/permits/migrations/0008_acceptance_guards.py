"""Row security of joint acceptance: an owner reads its own, the plans of days are the zone's."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

MINE = f"party_id = {PARTY} and {KEY} is null"
OF_ACCEPTANCE = (
    "acceptance_id in (select a.id from acceptance a"
    f" where a.party_id = {PARTY} and {KEY} is null)"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0005_version_stays"), ("projects", "0002_guards")]

    operations: ClassVar = [
        Guard("acceptance_kind", outside="true"),
        Guard("acceptance_rule"),
        Guard("inspector"),
        Guard("inspector_absence"),
        Guard("acceptance", outside=MINE),
        Guard("acceptance_check", outside=OF_ACCEPTANCE),
        Guard("defect", outside=OF_ACCEPTANCE),
        Guard("site_day", outside=f"state in ('fixed', 'held') and {OF_ACCEPTANCE}"),
        Guard("site_inspector"),
        Guard("site_search"),
    ]
