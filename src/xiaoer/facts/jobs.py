"""Jobs of facts."""

from datetime import date

from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base import queries as base
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.facts.actions import imports, rollups
from xiaoer.facts.progress import telling


@app.task(name=rollups.JOB)
def refresh_rollups(zone_id: int, metric_id: int, ends: list[str]) -> None:
    """Sum anew what a verb touched."""
    with acting(system(zone_id)):
        rollups.refresh_rollups(
            zone_id=zone_id,
            metric_id=metric_id,
            ends=[date.fromisoformat(day) for day in ends],
            now=timezone.now(),
        )


@app.task(name=imports.JOB)
def work_on_values(zone_id: int, run_id: int, post_id: int | None) -> None:
    """Look at or bring in a sheet of figures that is too large to wait for on a page."""
    by = _asker(zone_id, post_id)
    try:
        with telling(zone_id=zone_id, run_id=run_id) as tell, acting(by):
            imports.work_on_values(by=by, now=timezone.now(), run_id=run_id, tell=tell)
    except Refused as refusal:
        with acting(by):
            imports.fail_values(by=by, now=timezone.now(), run_id=run_id, reason=str(refusal))


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
