"""Jobs of outreach. Escalation of overdue tasks is a job of work, for every room at once."""

from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.outreach import actions as outreach


@app.periodic(cron="20 8 * * *")
@app.task(queueing_lock="ask_enterprises_again", name="ask_enterprises_again")
def ask_enterprises_again(timestamp: int) -> None:
    """Every morning, one job a zone."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        ask_zone_again.configure(lock=f"ask_again:{zone_id}").defer(zone_id=zone_id)


@app.task(name="ask_zone_again")
def ask_zone_again(zone_id: int) -> None:
    """Ask the enterprises of one zone that confirmed a request thirty days ago."""
    by = system(zone_id)
    with acting(by):
        outreach.ask_all_again(by=by, now=timezone.now())
