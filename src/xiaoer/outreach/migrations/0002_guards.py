"""Row security of outreach: an enterprise sees its own, a link's holder the one row it names."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"
# The inner select is itself under row security, so these follow whatever the appeal's policy says.
OF_MY_APPEALS = "appeal_id in (select a.id from appeal a)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0001_initial"), ("work", "0002_guards")]

    operations: ClassVar = [
        Guard("contact_card", outside=f"({OWN}) or code_hash = {KEY}"),
        Guard("programme", outside="true"),
        Guard("gathering", outside="true"),
        Guard("visit", outside=OWN, staff_verbs=("select", "insert")),
        Guard("companion", staff_verbs=("select", "insert")),
        Guard("appeal_kind", outside="true"),
        Guard("appeal", outside=f"({OWN}) or track_hash = {KEY}"),
        Guard("joint_office", outside=OF_MY_APPEALS),
        Guard(
            "appeal_event",
            outside=f"is_public and {OF_MY_APPEALS}",
            staff_verbs=("select", "insert"),
        ),
        Guard("date_change", outside=OF_MY_APPEALS),
        Guard("return_visit", outside=OF_MY_APPEALS, staff_verbs=("select", "insert")),
    ]
