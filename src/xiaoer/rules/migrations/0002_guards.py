"""Row security of rules and verdicts: an enterprise reads the rules in force and its own verdicts."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

LIVE = "state = 'live'"
OF_LIVE = "rule_version_id in (select v.id from rule_version v where v.state = 'live')"
OWN = f"party_id = {PARTY} and {KEY} is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rules", "0001_initial")]

    operations: ClassVar = [
        Guard("rule", outside="true"),
        Guard("rule_version", outside=LIVE),
        # A draft's clauses and cases are rewritten with every edit.
        Guard(
            "rule_clause",
            outside=OF_LIVE,
            staff_verbs=("select", "insert", "update", "delete"),
        ),
        Guard("rule_case", staff_verbs=("select", "insert", "update", "delete")),
        Guard("rule_run"),
        Guard("verdict", outside=OWN),
    ]
