"""Row security of projects: an enterprise reads its own; what it reports, the zone writes down."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"
OF_PROJECT = (
    f"{KEY} is null and project_id in (select p.id from project p where p.party_id = {PARTY})"
)
OWN_OR_OF_PROJECT = f"({OWN}) or ({OF_PROJECT})"
KEPT = ("select", "insert")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("projects", "0001_projects")]

    operations: ClassVar = [
        Guard("project", outside=OWN),
        Guard("stage_passage", outside=OF_PROJECT),
        Guard("project_list"),
        Guard("list_place", outside=OF_PROJECT),
        Guard("force_member", outside=OF_PROJECT),
        Guard("element_need", outside=OWN_OR_OF_PROJECT),
        Guard("zone_promise", outside=OWN_OR_OF_PROJECT),
        Guard("investment_month", outside=f"{OF_PROJECT} and reporter = 'firm'"),
        Guard("year_plan", outside=OF_PROJECT),
    ]
