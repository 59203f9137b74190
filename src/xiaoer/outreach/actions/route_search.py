"""Routes are searched for by a job: asked, watched, stopped, and what was found made into drafts."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import STAFF, Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions.routes import Way, live_round, must_wait, write_round
from xiaoer.outreach.models import Round, RouteSearch, Stop
from xiaoer.outreach.queries import routes as queries
from xiaoer.outreach.routing import Found, Going, Problem, missing_roads
from xiaoer.work.models import Contact

JOB = "find_routes"
LONGEST = timedelta(days=6)
MOST_VISITS = 400

State = RouteSearch.State
Orders = Sequence[tuple[date, int, Sequence[int]]]
"""Who visits what in which order: day, post, numbers of the planned visits."""
_SAY = """
update route_search set percent = %(percent)s, placed = %(placed)s, metres = %(metres)s,
  minutes = %(minutes)s, best = %(best)s::jsonb, told_at = %(now)s
where zone_id = %(zone)s and id = %(search)s and state = 'running'
returning wants_stop
"""


@transaction.atomic
def ask_for_routes(
    *,
    by: Actor,
    now: datetime,
    since: date,
    until: date | None = None,
    posts: Sequence[Post],
    may_exchange: bool = False,
) -> RouteSearch:
    """Ask for the routes of these officers on these days; a job searches, its page shows how far."""
    until = until or since
    asker = access.staff_post(by)
    _must_be_span(since, until)
    if not posts:
        raise Refused(_("Choose who goes."), field="posts")
    access.must_route(by, [post.pk for post in posts], now)
    visits = queries.visits_planned(by=by, since=since, until=until, posts=posts)
    if not visits:
        raise Refused(
            _("None of them has a visit planned on these days; plan visits first."), field="posts"
        )
    if len(visits) > MOST_VISITS:
        raise Refused(
            _("%(count)s visits are too many at once (at most %(most)s); choose fewer officers.")
            % {"count": len(visits), "most": MOST_VISITS},
            field="posts",
        )
    queries.roads_of(by=by, rule=queries.route_rule(by=by), parties=())
    search = RouteSearch.objects.create(
        zone_id=by.zone_id,
        post_id=asker,
        since=since,
        until=until,
        posts=[post.pk for post in posts],
        may_exchange=may_exchange,
        visits=len(visits),
        asked_at=now,
        told_at=now,
    )
    journal.record(
        by=by,
        now=now,
        verb="ask_for_routes",
        subject=search,
        since=str(since),
        until=str(until),
        posts=search.posts,
    )
    app.configure_task(JOB).defer(zone_id=by.zone_id, search_id=search.pk, post_id=asker)
    return search


def _must_be_span(since: date, until: date) -> None:
    if not since <= until <= since + LONGEST:
        raise Refused(_("Choose one day, or at most one week."), field="since")


@transaction.atomic
def begin_search(*, by: Actor, now: datetime, search_id: int) -> list[tuple[date, Problem]]:
    """What a search is about; nothing where it was begun before, so that it runs once."""
    search = _locked_search(by, search_id)
    if search.state != State.WAITING:
        return []
    posts = list(Post.objects.filter(zone_id=by.zone_id, pk__in=search.posts))
    access.must_route(by, [post.pk for post in posts], now)
    days = queries.problems_of(
        by=by,
        since=search.since,
        until=search.until,
        posts=posts,
        may_exchange=search.may_exchange,
    )
    search.state, search.told_at = State.RUNNING, now
    search.visits = sum(len(problem.visits) for _day, problem in days)
    search.guessed = sum(missing_roads(problem) for _day, problem in days)
    search.save()
    return days


@contextmanager
def watching(
    *, zone_id: int, search_id: int, days: Sequence[date]
) -> Iterator[Callable[[Going], bool]]:
    """Tell how far a search is and keep its best so far; hears whether somebody wants it stopped.

    On a connection of its own: nobody would see the job's transaction until it ends.
    """
    link = connections["default"].copy()
    try:
        with link.cursor() as cursor:
            cursor.execute(
                "select set_config('role', %s, false), set_config('x.zone', %s, false)",
                [STAFF, str(zone_id)],
            )

        def watch(going: Going) -> bool:
            told: dict[str, str | int | datetime] = {
                "zone": zone_id,
                "search": search_id,
                "percent": min(99, round(100 * going.share)),
                "placed": going.placed,
                "metres": going.metres,
                "minutes": going.seconds // 60,
                "best": _json(as_orders(days, going.days)),
                "now": timezone.now(),
            }
            with link.cursor() as cursor:
                cursor.execute(_SAY, told)
                row = cursor.fetchone()
            return bool(row and row[0])

        yield watch
    finally:
        link.close()


def as_orders(days: Sequence[date], found: Sequence[Found]) -> list[tuple[date, int, list[int]]]:
    """What was found, by the numbers of the planned visits."""
    return [
        (day, post, [visit.contact for visit in order])
        for day, each in zip(days, found, strict=True)
        for post, order in each.orders.items()
    ]


def _json(orders: Orders) -> str:
    return json.dumps([[day.isoformat(), post, list(order)] for day, post, order in orders])


@transaction.atomic
def stop_search(*, by: Actor, now: datetime, search: RouteSearch) -> RouteSearch:
    """Stop searching; the best routes so far are taken."""
    row = _locked_search(by, search.pk)
    access.must_route(by, row.posts, now)
    if row.finished_at is not None:
        return row
    if queries.is_stopped(row, now):
        return finish_search(by=by, now=now, search_id=row.pk, orders=_best_of(row))
    if not row.wants_stop:
        row.wants_stop = True
        row.save(update_fields=["wants_stop"])
        journal.record(by=by, now=now, verb="stop_search", subject=row)
    return row


def _best_of(row: RouteSearch) -> list[tuple[date, int, list[int]]]:
    if not row.best:
        raise Refused(
            _("Nothing was found before the server was interrupted; search again."), field=None
        )
    return [(date.fromisoformat(day), post, order) for day, post, order in row.best]


@transaction.atomic
def finish_search(*, by: Actor, now: datetime, search_id: int, orders: Orders) -> RouteSearch:
    """Write the routes that were found as drafts; finished twice it is finished once."""
    search = _locked_search(by, search_id)
    if search.finished_at is not None:
        return search
    must_wait(by)
    contacts = {
        contact.pk: contact
        for contact in queries.visits_planned(by=by, since=search.since, until=search.until)
    }
    way = Way.of(by, {contact.party_id for contact in contacts.values()})
    # What was called off or moved to another day while the search ran is left out.
    found = {
        (day, post): [
            contacts[number]
            for number in order
            if number in contacts and contacts[number].planned_on == day
        ]
        for day, post, order in orders
    }
    locks = _locks(by, search)
    rows = [
        _draft(by, now, search, day, post, found.get((day, post), ()), way, locks)
        for day in _days(search)
        for post in search.posts
    ]
    kept = [row for row in rows if row is not None]
    search.state, search.percent, search.finished_at = State.DONE, 100, now
    search.placed = sum(len(order) for order in found.values())
    search.metres = sum(row.metres for row in kept)
    search.minutes = sum(row.minutes for row in kept)
    search.save()
    journal.record(
        by=by,
        now=now,
        verb="find_routes",
        subject=search,
        rounds=len(kept),
        placed=search.placed,
        left=search.visits - search.placed,
    )
    return search


def _days(search: RouteSearch) -> list[date]:
    span = (search.until - search.since).days
    return [search.since + timedelta(days=n) for n in range(span + 1)]


def _locks(by: Actor, search: RouteSearch) -> dict[int, str]:
    rows = Stop.objects.filter(
        zone_id=by.zone_id,
        round__state__in=queries.LIVE,
        round__day__range=(search.since, search.until),
    ).exclude(lock="")
    return dict(rows.values_list("contact_id", "lock"))


@transaction.atomic
def fail_search(*, by: Actor, now: datetime, search_id: int, reason: str) -> None:
    """Keep why a search was refused, for whoever asked for it."""
    search = _locked_search(by, search_id)
    if search.finished_at is None:
        search.state, search.message, search.finished_at = State.FAILED, reason[:500], now
        search.save()


def _locked_search(by: Actor, search_id: int) -> RouteSearch:
    return RouteSearch.objects.select_for_update(of=("self",)).get(zone_id=by.zone_id, pk=search_id)


def _draft(
    by: Actor,
    now: datetime,
    search: RouteSearch,
    day: date,
    post_id: int,
    contacts: Sequence[Contact],
    way: Way,
    locks: Mapping[int, str],
) -> Round | None:
    """The draft of an officer's day; an empty one takes the place of an older draft only."""
    row = live_round(by, day, post_id, Round.State.DRAFT)
    if row is None:
        if not contacts:
            return None
        row = Round(zone_id=by.zone_id, day=day, post_id=post_id, made_at=now, version=0)
    held = _held(by, day)
    row.search, row.made_at = search, now
    visits = [queries.as_visit(contact, held.get(contact.pk)) for contact in contacts]
    write_round(row, visits, way, locks)
    if not contacts:
        row.state = Round.State.REPLACED
        row.save(update_fields=["state"])
        return None
    return row


def _held(by: Actor, day: date) -> dict[int, Stop]:
    """Stops of the day that are locked to their hour, with their round."""
    rows = Stop.objects.filter(
        zone_id=by.zone_id, round__day=day, round__state__in=queries.LIVE, lock=Stop.Lock.HOUR
    )
    return {stop.contact_id: stop for stop in rows.select_related("round")}
