"""Jobs of outreach. Escalation of overdue tasks is a job of work, for every room at once."""

from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base import queries as base
from xiaoer.base.models import Post, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.actions.printing import telling
from xiaoer.outreach.routing import search_days


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


@app.task(name="make_card_print")
def make_card_print(zone_id: int, run_id: int, post_id: int) -> None:
    """Make a large print of cards, as whoever asked for it."""
    by = _asker(zone_id, post_id)
    try:
        with telling(zone_id=zone_id, run_id=run_id) as tell, acting(by):
            outreach.make_card_print(by=by, now=timezone.now(), run_id=run_id, tell=tell)
    except Refused as refusal:
        with acting(by):
            outreach.fail_card_print(by=by, now=timezone.now(), run_id=run_id, reason=str(refusal))


def _asker(zone_id: int, post_id: int) -> Actor:
    """Whoever asked, in the post they asked in; the zone itself once that post has ended."""
    with acting(system(zone_id)):
        account_id = (
            Post.objects.filter(zone_id=zone_id, pk=post_id)
            .values_list("person__account_id", flat=True)
            .first()
        )
    held = base.posts_of_account(account_id=account_id) if account_id else ()
    return next((actor for actor in held if actor.post_id == post_id), system(zone_id))


@app.task(name="find_routes")
def find_routes(zone_id: int, search_id: int, post_id: int) -> None:
    """Search for routes, as whoever asked; outside any transaction, so that it can be watched."""
    by = _asker(zone_id, post_id)
    try:
        with acting(by):
            days = outreach.begin_search(by=by, now=timezone.now(), search_id=search_id)
        if not days:
            return
        dates = [day for day, _problem in days]
        with outreach.watching(zone_id=zone_id, search_id=search_id, days=dates) as watch:
            found = search_days([problem for _day, problem in days], watch=watch)
        with acting(by):
            outreach.finish_search(
                by=by,
                now=timezone.now(),
                search_id=search_id,
                orders=outreach.as_orders(dates, found),
            )
    except Refused as refusal:
        with acting(by):
            outreach.fail_search(
                by=by, now=timezone.now(), search_id=search_id, reason=str(refusal)
            )


@app.periodic(cron="40 5 * * *")
@app.task(queueing_lock="drop_known_questions", name="drop_known_questions")
def drop_known_questions(timestamp: int) -> None:
    """Every morning, before anybody goes out: nobody asks for a figure that came in meanwhile."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        drop_known_questions_of.configure(lock=f"known_questions:{zone_id}").defer(zone_id=zone_id)


@app.task(name="drop_known_questions_of")
def drop_known_questions_of(zone_id: int) -> None:
    """The questions of one zone."""
    by = system(zone_id)
    with acting(by):
        outreach.drop_known_questions(by=by, now=timezone.now())
