"""Row security of papers: a party reads what is its own; what was read and judged, staff alone."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"
OF_PAPER = f"{KEY} is null and paper_id in (select p.id from held_paper p where p.party_id = {PARTY})"
OF_LICENCE = f"{KEY} is null and licence_id in (select l.id from licence l where l.party_id = {PARTY})"
KEPT = ("select", "insert")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("papers", "0001_papers"), ("registry", "0001_initial")]

    operations: ClassVar = [
        Guard("paper_kind", outside="true"),
        Guard("paper_field", outside="true"),
        Guard("held_paper", outside=OWN),
        Guard("paper_consent", outside=OF_PAPER, staff_verbs=KEPT),
        Guard("reading", staff_verbs=KEPT),
        Guard("field_read", staff_verbs=KEPT),
        Guard("quarantine"),
        Guard("licence_kind", outside="true"),
        Guard("licence", outside=f"({OWN}) or code_hash = {KEY}"),
        Guard("licence_event", outside=OF_LICENCE, staff_verbs=KEPT),
    ]
