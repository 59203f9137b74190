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


@app.periodic(cron="30 4 * * *")
@app.task(queueing_lock="evaluate_ladders", name="evaluate_ladders")
def evaluate_ladders(timestamp: int) -> None:
    """Every night, one job a zone: the month's standings follow the facts until the month is over."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        evaluate_ladders_of.configure(lock=f"ladders:{zone_id}").defer(zone_id=zone_id)


@app.task(name="evaluate_ladders_of")
def evaluate_ladders_of(zone_id: int) -> None:
    """Where every firm of one zone stands."""
    by = system(zone_id)
    with acting(by):
        growth.evaluate_ladders(by=by, now=timezone.now())


@app.periodic(cron="30 5 * * 1")
@app.task(queueing_lock="keep_weeks", name="keep_weeks")
def keep_weeks(timestamp: int) -> None:
    """Monday morning, one job a zone: alerts, and the sheet of the weekly dispatch."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        keep_week_of.configure(lock=f"watch:{zone_id}").defer(zone_id=zone_id)


@app.task(name="keep_week_of")
def keep_week_of(zone_id: int) -> None:
    """The alerts of one zone and its sheet."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        growth.keep_week(by=by, now=timezone.now())


@app.periodic(cron="0 5 15 * *")
@app.task(queueing_lock="keep_months", name="keep_months")
def keep_months(timestamp: int) -> None:
    """On the fifteenth, when the figures of the month before are in, one job a zone: the lists."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        keep_month_of.configure(lock=f"watch:{zone_id}").defer(zone_id=zone_id)


@app.task(name="keep_month_of")
def keep_month_of(zone_id: int) -> None:
    """The watch-lists of one zone."""
    by = system(zone_id)
    with acting(by):
        growth.keep_month(by=by, now=timezone.now())
