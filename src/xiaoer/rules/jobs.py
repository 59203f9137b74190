"""Jobs of rules."""

from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.rules.actions import running


@app.periodic(cron="30 2 * * *")
@app.task(queueing_lock="evaluate_rules_everywhere", name="evaluate_rules_everywhere")
def evaluate_rules_everywhere(timestamp: int) -> None:
    """Every night, one job a zone: a new day may end a title's validity or begin a rule's."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        evaluate_rules.configure(lock=f"rules:{zone_id}").defer(zone_id=zone_id)


@app.task(name=running.JOB)
def evaluate_rules(zone_id: int) -> None:
    """Evaluate the rules of one zone as of today; also asked for after facts were brought in."""
    by = system(zone_id)
    with acting(by):
        now = timezone.now()
        running.run_rules(by=by, now=now, as_of=timezone.localdate(now))
