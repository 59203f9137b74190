"""Jobs of work."""

from contextlib import suppress

from django.conf import settings
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.actions.levelling import JOB as LEVEL
from xiaoer.work.actions.sending import JOB


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


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="remind_everywhere", name="remind_everywhere")
def remind_everywhere(timestamp: int) -> None:
    """Every five minutes, one job a zone. A zone is locked by the verb itself, so that a worker that
    was killed holds nobody back."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        remind_zone.defer(zone_id=zone_id)


@app.task(name="remind_zone")
def remind_zone(zone_id: int) -> None:
    """Tell the people of one zone what stands to be told."""
    by = system(zone_id)
    with acting(by):
        work.make_reminders(by=by, now=timezone.now())


@app.periodic(cron="10 0 * * *")
@app.task(queueing_lock="reckon_everywhere", name="reckon_everywhere")
def reckon_everywhere(timestamp: int) -> None:
    """Every night, one job a zone: today moved, so what must start today did too."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        reckon_plans.configure(lock=f"plans:{zone_id}").defer(zone_id=zone_id)


@app.task(name="reckon_plans")
def reckon_plans(zone_id: int) -> None:
    """Reckon the open plans of one zone for the new day."""
    by = system(zone_id)
    with acting(by):
        work.reckon_zone(by=by, now=timezone.now())


@app.periodic(cron="30 1 * * 1")
@app.task(queueing_lock="forecast_everywhere", name="forecast_everywhere")
def forecast_everywhere(timestamp: int) -> None:
    """Early on Monday, one job a zone: how sure each promised day is, for the week's dispatch."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        forecast_plans.configure(lock=f"plans:{zone_id}").defer(zone_id=zone_id)


@app.task(name="forecast_plans")
def forecast_plans(zone_id: int) -> None:
    """Draw the open plans of one zone by chance."""
    by = system(zone_id)
    with acting(by):
        work.forecast_zone(by=by, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_again", name="send_again")
def send_again(timestamp: int) -> None:
    """Every minute: messages whose next attempt has come, and those a killed sender left."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        with acting(system(zone_id)):
            waiting = queries.deliveries_to_send(zone_id, timezone.now())
        for delivery_id in waiting:
            with suppress(AlreadyEnqueued):
                send_delivery.configure(queueing_lock=f"delivery:{delivery_id}").defer(
                    zone_id=zone_id, delivery_id=delivery_id
                )


@app.task(name=JOB)
def send_delivery(zone_id: int, delivery_id: int) -> None:
    """One attempt to send one message: claimed and recorded in transactions, sent between them."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE):
        with acting(by):
            claimed = work.claim_delivery(by=by, now=timezone.now(), delivery_id=delivery_id)
        if claimed is None:
            return
        outcome = claimed.send(timezone.now())
        with acting(by):
            work.record_attempt(
                by=by,
                now=timezone.now(),
                delivery_id=delivery_id,
                claim=claimed.claim,
                outcome=outcome,
            )


@app.task(name=LEVEL)
def level_zone(zone_id: int, levelling_id: int) -> None:
    """Lay all open plans out; outside any transaction, so that it can be watched and stopped."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE):
        with acting(by):
            begun = work.begin_levelling(by=by, now=timezone.now(), levelling_id=levelling_id)
        if begun is None:
            return
        problem, seconds = begun
        try:
            with work.watching_levelling(
                zone_id=zone_id, levelling_id=levelling_id, seconds=seconds
            ) as watch:
                found = work.search_levelling(problem, seconds=seconds, watch=watch)
        except Refused as refusal:
            with acting(by):
                work.fail_levelling(
                    by=by, now=timezone.now(), levelling_id=levelling_id, reason=str(refusal)
                )
            return
        with acting(by):
            work.finish_levelling(
                by=by,
                now=timezone.now(),
                levelling_id=levelling_id,
                found=found,
                better=watch.better,
            )
