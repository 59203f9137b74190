"""Row security of permits: an applicant reads its own case, a stranger the one whose key it holds."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

MINE = f"(party_id = {PARTY} and {KEY} is null) or key_hash = {KEY}"
OF_CASE = (
    "case_id in (select c.id from permit_case c"
    f" where (c.party_id = {PARTY} and {KEY} is null) or c.key_hash = {KEY})"
)
OF_ITEM = (
    "item_id in (select i.id from case_item i join permit_case c on c.id = i.case_id"
    f" where (c.party_id = {PARTY} and {KEY} is null) or c.key_hash = {KEY})"
)
KEPT = ("select", "insert")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0001_permits"), ("papers", "0002_guards")]

    operations: ClassVar = [
        Guard("thing", outside="true"),
        Guard("thing_version", outside="state <> 'draft'"),
        Guard("permit_case", outside=MINE),
        Guard("case_item", outside=OF_CASE),
        Guard("case_step", outside=OF_ITEM),
        Guard("case_event", outside=f"is_shown and {OF_CASE}", staff_verbs=KEPT),
        Guard("case_material", outside=OF_CASE),
        Guard("supplement", outside=OF_CASE),
        Guard("item_pause", outside=OF_ITEM),
        Guard("rating", outside=OF_CASE),
    ]
