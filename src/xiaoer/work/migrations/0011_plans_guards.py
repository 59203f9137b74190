"""Row security of plans: an enterprise reads the plan of its own project."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"
OF_PLAN = f"{KEY} is null and plan_id in (select p.id from plan p where p.party_id = {PARTY})"
OF_STEP = (
    f"{KEY} is null and step_id in (select s.id from step s join plan p on p.id = s.plan_id"
    f" where p.party_id = {PARTY})"
)
KEPT = ("select", "insert")
ALL = ("select", "insert", "update", "delete")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("work", "0009_reminders_guards")]

    operations: ClassVar = [
        Guard("resource"),
        Guard("plan_template"),
        Guard("template_step", staff_verbs=ALL),
        Guard("template_link", staff_verbs=ALL),
        Guard("plan", outside=OWN),
        Guard("step", outside=OF_PLAN),
        Guard("step_link", outside=OF_PLAN, staff_verbs=ALL),
        Guard("promise_change", outside=OF_PLAN, staff_verbs=KEPT),
        Guard("baseline", outside=OF_PLAN, staff_verbs=KEPT),
        Guard("baseline_step", outside=OF_STEP, staff_verbs=KEPT),
        Guard("step_report", outside=OF_STEP, staff_verbs=KEPT),
        Guard("slip_forecast", outside=OF_PLAN, staff_verbs=KEPT),
    ]
