"""Jobs of the registry."""

from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base import queries as base
from xiaoer.base.models import Post, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.registry import actions as registry
from xiaoer.registry.imports.progress import telling
from xiaoer.registry.redrawing.progress import telling as telling_redrawing


@app.task(name="work_on_import")
def work_on_import(zone_id: int, run_id: int, post_id: int | None) -> None:
    """Look at, bring in or take back a sheet that is too large to wait for on a page."""
    by = _asker(zone_id, post_id)
    try:
        with telling(zone_id=zone_id, run_id=run_id) as tell, acting(by):
            registry.work_on_import(by=by, now=timezone.now(), run_id=run_id, tell=tell)
    except Refused as refusal:
        with acting(by):
            registry.fail_import(by=by, now=timezone.now(), run_id=run_id, reason=str(refusal))


@app.task(name="work_on_redrawing")
def work_on_redrawing(zone_id: int, number: int, post_id: int | None) -> None:
    """Compute a proposal to re-draw cells and caseloads."""
    by = _asker(zone_id, post_id)
    try:
        with telling_redrawing(zone_id=zone_id, number=number) as tell, acting(by):
            registry.work_on_redrawing(by=by, now=timezone.now(), number=number, tell=tell)
    except Refused as refusal:
        with acting(by):
            registry.fail_redrawing(by=by, now=timezone.now(), number=number, reason=str(refusal))


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="apply_redrawings_everywhere", name="apply_redrawings_everywhere")
def apply_redrawings_everywhere(timestamp: int) -> None:
    """Every hour, one job a zone: a proposal accepted for a day is carried out when it has come."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        apply_redrawings.configure(lock=f"redraw:{zone_id}").defer(zone_id=zone_id)


@app.task(name="apply_redrawings")
def apply_redrawings(zone_id: int) -> None:
    """Carry out what was accepted for today in one zone."""
    by = system(zone_id)
    with acting(by):
        registry.apply_redrawings(by=by, now=timezone.now())


def _asker(zone_id: int, post_id: int | None) -> Actor:
    """Whoever asked, in the post they asked in; the zone itself once that post has ended."""
    with acting(system(zone_id)):
        account_id = (
            Post.objects.filter(zone_id=zone_id, pk=post_id or 0)
            .values_list("person__account_id", flat=True)
            .first()
        )
    held = base.posts_of_account(account_id=account_id) if account_id else ()
    return next((actor for actor in held if actor.post_id == post_id), system(zone_id))
