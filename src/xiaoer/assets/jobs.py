"""Jobs of assets."""

from contextlib import suppress

from django.conf import settings
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from xiaoer.assets import actions as assets
from xiaoer.assets.actions.move_in_papers import JOB
from xiaoer.assets.models import MoveIn
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system


@app.periodic(cron="20 6 * * *")
@app.task(queueing_lock="give_land_tasks", name="give_land_tasks")
def give_land_tasks(timestamp: int) -> None:
    """Every morning, one job a zone."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        give_land_tasks_of.configure(lock=f"land_tasks:{zone_id}").defer(zone_id=zone_id)


@app.task(name="give_land_tasks_of")
def give_land_tasks_of(zone_id: int) -> None:
    """What is due of one zone's land."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        assets.give_land_tasks(by=by, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="take_results_everywhere", name="take_results_everywhere")
def take_results_everywhere(timestamp: int) -> None:
    """Every minute, one job a zone: halls that began or ended, also where a server was killed."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        with suppress(AlreadyEnqueued):
            take_results.configure(
                lock=f"take_results:{zone_id}", queueing_lock=f"take_results:{zone_id}"
            ).defer(zone_id=zone_id)


@app.task(name="take_results")
def take_results(zone_id: int) -> None:
    """Take over the results of the halls of one zone, and look over those that are being bid in."""
    by, now = system(zone_id), timezone.now()
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        assets.take_results(by=by, now=now)
        assets.find_flags_of_zone(by=by, now=now)


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="settle_lots_everywhere", name="settle_lots_everywhere")
def settle_lots_everywhere(timestamp: int) -> None:
    """Every hour, one job a zone: offers nobody answered, deposits that serve nothing any longer."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        settle_lots.configure(lock=f"settle_lots:{zone_id}").defer(zone_id=zone_id)


@app.task(name="settle_lots")
def settle_lots(zone_id: int) -> None:
    by, now = system(zone_id), timezone.now()
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        assets.lapse_chances(by=by, now=now)
        assets.owe_refunds(by=by, now=now)


@app.periodic(cron="10 6 * * *")
@app.task(queueing_lock="give_lease_tasks", name="give_lease_tasks")
def give_lease_tasks(timestamp: int) -> None:
    """Every morning, one job a zone."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        give_lease_tasks_of.configure(lock=f"lease_tasks:{zone_id}").defer(zone_id=zone_id)


@app.task(name="give_lease_tasks_of")
def give_lease_tasks_of(zone_id: int) -> None:
    """Leases of one zone that run out, and that nobody was asked about yet."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        assets.give_lease_tasks(by=by, now=timezone.now())


@app.periodic(cron="15 6 * * *")
@app.task(queueing_lock="lapse_move_ins", name="lapse_move_ins")
def lapse_move_ins(timestamp: int) -> None:
    """Every morning, one job a zone."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        lapse_move_ins_of.configure(lock=f"move_ins:{zone_id}").defer(zone_id=zone_id)


@app.task(name="lapse_move_ins_of")
def lapse_move_ins_of(zone_id: int) -> None:
    """Approvals of one zone whose time to settle is over."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        assets.lapse_move_ins(by=by, now=timezone.now())


@app.task(name=JOB)
def make_move_in_papers(zone_id: int, move_in_id: int) -> None:
    """Set and sign what a move-in lacks. What hinders it is told to whoever asks for it on its page."""
    by = system(zone_id)
    with (
        translation.override(settings.LANGUAGE_CODE),
        suppress(Refused),
        acting(by),
    ):
        assets.make_move_in_papers(by=by, now=timezone.now(), move_in=MoveIn(pk=move_in_id))


@app.periodic(cron="50 4 * * *")
@app.task(queueing_lock="find_cage_sites", name="find_cage_sites")
def find_cage_sites(timestamp: int) -> None:
    """Every night, one job a zone: the rules about land and units are put to all of them."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        find_cage_sites_of.configure(lock=f"cage_sites:{zone_id}").defer(zone_id=zone_id)


@app.task(name="find_cage_sites_of")
def find_cage_sites_of(zone_id: int) -> None:
    """Candidates of one zone; a person confirms them. And sites somebody else holds by now."""
    by, now = system(zone_id), timezone.now()
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        assets.find_cage_sites(by=by, now=now)
        assets.ask_to_finish(by=by, now=now)
