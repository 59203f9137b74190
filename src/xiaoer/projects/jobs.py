"""Jobs of projects."""

from django.conf import settings
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.projects import actions as projects


@app.periodic(cron="50 4 * * *")
@app.task(queueing_lock="relight_projects", name="relight_projects")
def relight_projects(timestamp: int) -> None:
    """Every night, after the plans were reckoned, one job a zone."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        relight_projects_of.configure(lock=f"project_lights:{zone_id}").defer(zone_id=zone_id)


@app.task(name="relight_projects_of")
def relight_projects_of(zone_id: int) -> None:
    """What holds steps up today, then the lights of one zone's projects."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        now = timezone.now()
        projects.hold_zone(by=by, now=now)
        projects.relight_zone(by=by, now=now)


@app.periodic(cron="40 5 * * 1")
@app.task(queueing_lock="keep_project_weeks", name="keep_project_weeks")
def keep_project_weeks(timestamp: int) -> None:
    """Monday morning, after the lights of the night, one job a zone: the minutes of the week."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        keep_project_week_of.configure(lock=f"project_week:{zone_id}").defer(zone_id=zone_id)


@app.task(name="keep_project_week_of")
def keep_project_week_of(zone_id: int) -> None:
    """The minutes of one zone."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        projects.keep_project_week(by=by, now=timezone.now())
