"""Row security of titles: an enterprise reads its own titles, applications, lists and contracts."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"
OWN_LIST = f"{KEY} is null and id in (select m.firm_list_id from list_member m where m.party_id = {PARTY})"
OWN_STEPS = (
    f"{KEY} is null and application_id in"
    f" (select a.id from application a where a.party_id = {PARTY})"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("growth", "0002_ladder_guards")]

    operations: ClassVar = [
        Guard("title_kind", outside="true"),
        Guard("batch", outside="true"),
        Guard("title", outside=OWN),
        Guard("application", outside=OWN),
        Guard("application_step", outside=OWN_STEPS, staff_verbs=("select", "insert")),
        Guard("firm_list", outside=OWN_LIST),
        Guard("list_member", outside=OWN),
        Guard("tech_contract", outside=OWN),
        Guard("renewal_notice"),
        Guard("title_sheet"),
    ]
