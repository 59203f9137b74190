"""Jobs of growth."""

from django.conf import settings
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.growth import actions as growth


@app.periodic(cron="10 6 * * *")
@app.task(queueing_lock="give_renewal_tasks", name="give_renewal_tasks")
def give_renewal_tasks(timestamp: int) -> None:
    """Every morning, one job a zone."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        give_renewal_tasks_of.configure(lock=f"renewal_tasks:{zone_id}").defer(zone_id=zone_id)


@app.task(name="give_renewal_tasks_of")
def give_renewal_tasks_of(zone_id: int) -> None:
    """The titles of one zone that run out or need their yearly update."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        growth.give_renewal_tasks(by=by, now=timezone.now())
