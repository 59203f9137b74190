"""Jobs of work."""

from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.work import actions as work


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="escalate_everywhere", name="escalate_everywhere")
def escalate_everywhere(timestamp: int) -> None:
    """Every five minutes, one job a zone, so that trouble in one keeps none of the others back."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        escalate_zone.configure(lock=f"escalate:{zone_id}").defer(zone_id=zone_id)


@app.task(name="escalate_zone")
def escalate_zone(zone_id: int) -> None:
    """Raise what is overdue in one zone."""
    by = system(zone_id)
    with acting(by):
        work.escalate_overdue(by=by, now=timezone.now())
