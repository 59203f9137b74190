"""Jobs of permits."""

from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.permits import actions as permits


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="tidy_applications", name="tidy_applications")
def tidy_applications(timestamp: int) -> None:
    """Every night, one job a zone."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        tidy_applications_of.configure(lock=f"tidy_applications:{zone_id}").defer(zone_id=zone_id)


@app.task(name="tidy_applications_of")
def tidy_applications_of(zone_id: int) -> None:
    """End drafts nobody went on with, and forget who looked for which number."""
    by, now = system(zone_id), timezone.now()
    with acting(by):
        permits.expire_drafts(by=by, now=now)
        permits.forget_lookups(by=by, now=now)
