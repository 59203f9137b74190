"""Routes: searched for by a job, changed by hand, kept. The rules they are computed by."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import STAFF, Actor
from xiaoer.outreach import access
from xiaoer.outreach.models import Round, RouteSearch, Stop
from xiaoer.outreach.queries import routes as queries
from xiaoer.outreach.routing import (
    Found,
    Going,
    Hours,
    Problem,
    Roads,
    Timetable,
    Visit,
    missing_roads,
    timetable,
)
from xiaoer.work import actions as work
from xiaoer.work.models import Contact

JOB = "find_routes"
LONGEST = timedelta(days=6)
MOST_VISITS = 400
LOCKS = frozenset(Stop.Lock.values)
ONE_AT_A_TIME = 0x7E12

State = RouteSearch.State
Orders = Sequence[tuple[date, int, Sequence[int]]]
"""Who visits what in which order: day, post, numbers of the planned visits."""
_SAY = """
update route_search set percent = %(percent)s, placed = %(placed)s, metres = %(metres)s,
  minutes = %(minutes)s, best = %(best)s::jsonb, told_at = %(now)s
where zone_id = %(zone)s and id = %(search)s and state = 'running'
returning wants_stop
"""


# The search -----------------------------------------------------------------------------------


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
    _must_wait(by)
    contacts = {
        contact.pk: contact
        for contact in queries.visits_planned(by=by, since=search.since, until=search.until)
    }
    way = _Way.of(by, {contact.party_id for contact in contacts.values()})
    found = {(day, post): order for day, post, order in orders}
    locks = _locks(by, search)
    rows = [
        _draft(
            by, now, search, day, post, [contacts[c] for c in found.get((day, post), ()) if c in contacts],
            way, locks,
        )
        for day in _days(search)
        for post in search.posts
    ]  # fmt: skip
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


# Writing a round ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Way:
    """By what times are computed."""

    hours: Hours
    roads: Roads

    @classmethod
    def of(cls, by: Actor, parties: set[int]) -> "_Way":
        rule = queries.route_rule(by=by)
        return cls(queries.hours_of(rule), queries.roads_of(by=by, rule=rule, parties=parties))


def _draft(
    by: Actor,
    now: datetime,
    search: RouteSearch,
    day: date,
    post_id: int,
    contacts: Sequence[Contact],
    way: _Way,
    locks: Mapping[int, str],
) -> Round | None:
    """The draft of an officer's day; an empty one takes the place of an older draft only."""
    row = _live(by, day, post_id, Round.State.DRAFT)
    if row is None:
        if not contacts:
            return None
        row = Round(zone_id=by.zone_id, day=day, post_id=post_id, made_at=now, version=0)
    held = _held(by, day)
    row.search, row.made_at = search, now
    visits = [queries.as_visit(contact, held.get(contact.pk)) for contact in contacts]
    _write(row, visits, way, locks)
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


def _live(by: Actor, day: date, post_id: int, *states: str) -> Round | None:
    """The round of an officer's day in one of these states, locked; a draft before what is kept."""
    rows = (
        Round.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, day=day, post_id=post_id, state__in=states or queries.LIVE)
        .order_by("state")
    )
    return rows.first()


def _write(row: Round, order: Sequence[Visit], way: _Way, locks: Mapping[int, str]) -> Timetable:
    """Compute the times of an order and keep them; the row counts one more version."""
    table = timetable(order, way.hours, way.roads)
    row.sets_out_at = _moment(row.day, table.sets_out)
    row.comes_back_at = _moment(row.day, table.comes_back)
    row.metres, row.minutes = table.metres, table.seconds // 60
    row.guessed_legs, row.unknown_legs, row.late = table.guessed, table.unknown, table.late
    row.version += 1
    row.save()
    Stop.objects.filter(zone_id=row.zone_id, round=row).delete()
    Stop.objects.bulk_create(
        Stop(
            zone_id=row.zone_id,
            round=row,
            contact_id=timed.visit.contact,
            order=place,
            arrives_at=_must_moment(row.day, timed.arrives),
            leaves_at=_must_moment(row.day, timed.leaves),
            metres=timed.leg.metres if timed.leg else None,
            is_guessed=timed.leg.is_guessed if timed.leg else False,
            lock=locks.get(timed.visit.contact, ""),
            reason=timed.reason,
            late_minutes=timed.late_minutes,
        )
        for place, timed in enumerate(table.stops, start=1)
    )
    return table


def _moment(day: date, second: int | None) -> datetime | None:
    return None if second is None else queries.moment_of(day, second)


def _must_moment(day: date, second: int) -> datetime:
    return queries.moment_of(day, second)


# Changing by hand -----------------------------------------------------------------------------


@transaction.atomic
def place_visit(
    *,
    by: Actor,
    now: datetime,
    contact: Contact,
    post: Post,
    place: int,
    version: int | None = None,
) -> Round:
    """Put a planned visit at a place of an officer's day, from another place, officer, or none.

    ``version`` is that of the round the reader saw it move to; the costs are computed at once.
    """
    _must_wait(by)
    visit = _must_be_planned(by, contact)
    day = visit.planned_on
    before = _live_stop(by, visit)
    touched = {post.pk} | ({before.round.post_id} if before else set())
    access.must_route(by, touched, now)
    rounds = {each: _live(by, day, each) for each in sorted(touched)}
    target = rounds[post.pk]
    if target is None:
        target = Round(zone_id=by.zone_id, day=day, post_id=post.pk, made_at=now, version=0)
    elif version is not None:
        journal.must_be_fresh(target, version)
    source = rounds[before.round.post_id] if before else None
    order = [stop for stop in _stops(target) if stop.contact_id != visit.pk]
    contacts = [stop.contact for stop in order]
    contacts.insert(max(0, min(place - 1, len(contacts))), visit)
    if source is not None and source.pk != target.pk:
        _rewrite(by, source, [s.contact for s in _stops(source) if s.contact_id != visit.pk])
    _rewrite(by, target, contacts, moved=visit.pk)
    journal.record(
        by=by,
        now=now,
        verb="place_visit",
        subject=target,
        party_ref=visit.party_id,
        party=visit.party_id,
        order=place,
    )
    return target


def _must_wait(by: Actor) -> None:
    """Of two who write routes of a zone at once the second sees what the first wrote: no visit is
    put into two routes, and no day gets two drafts."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [ONE_AT_A_TIME, by.zone_id])


def _must_be_planned(by: Actor, contact: Contact) -> Contact:
    visit = (
        Contact.objects.filter(zone_id=by.zone_id, pk=contact.pk)
        .select_related("party")
        .first()
    )  # fmt: skip
    if visit is None or visit.tag != Contact.Tag.SERVICE or visit.kind != Contact.Kind.VISIT:
        raise Refused(_("Only a planned visit stands in a route."))
    if visit.state != Contact.State.PLANNED:
        raise Refused(
            _("The visit to %(name)s is no longer planned; load the page again.")
            % {"name": visit.party.name}
        )
    return visit


def _live_stop(by: Actor, visit: Contact) -> Stop | None:
    rows = Stop.objects.filter(
        zone_id=by.zone_id,
        contact=visit,
        round__state__in=queries.LIVE,
        round__day=visit.planned_on,
    )
    return rows.select_related("round").order_by("round__state", "pk").first()


def _stops(row: Round) -> list[Stop]:
    if row.pk is None:
        return []
    rows = Stop.objects.filter(zone_id=row.zone_id, round=row)
    rows = rows.select_related("contact__party", "round")
    return list(rows.order_by("order"))


def _rewrite(by: Actor, row: Round, contacts: Sequence[Contact], moved: int | None = None) -> None:
    """Write a round anew in this order; who is moved by hand leaves the lock of its hour behind."""
    stops = {stop.contact_id: stop for stop in _stops(row)}
    locks = {number: stop.lock for number, stop in stops.items() if stop.lock}
    if moved in locks:
        locks[moved] = Stop.Lock.OFFICER
    held = {number: stop for number, stop in stops.items() if locks.get(number) == Stop.Lock.HOUR}
    way = _Way.of(by, {contact.party_id for contact in contacts})
    _write(row, [queries.as_visit(each, held.get(each.pk)) for each in contacts], way, locks)


@transaction.atomic
def take_out(*, by: Actor, now: datetime, row: Round, contact_id: int, version: int) -> Round:
    """Take a visit out of a route; it stays planned, and stands among those in none."""
    found = _in_hand(by, now, row, version)
    kept = [stop.contact for stop in _stops(found) if stop.contact_id != contact_id]
    _rewrite(by, found, kept)
    journal.record(by=by, now=now, verb="take_out", subject=found, contact=contact_id)
    return found


@transaction.atomic
def lock_stop(
    *, by: Actor, now: datetime, row: Round, contact_id: int, lock: str, version: int
) -> Round:
    """Lock a stop to its officer, or to officer and hour, or free it; searching again leaves it."""
    if lock not in LOCKS:
        raise Refused(_("Choose one of the list."), field="lock")
    found = _in_hand(by, now, row, version)
    changed = Stop.objects.filter(zone_id=by.zone_id, round=found, contact_id=contact_id)
    if not changed.update(lock=lock):
        raise Refused(_("This visit is no longer in the route; load the page again."))
    found.version += 1
    found.save(update_fields=["version"])
    journal.record(by=by, now=now, verb="lock_stop", subject=found, contact=contact_id, lock=lock)
    return found


def _in_hand(by: Actor, now: datetime, row: Round, version: int) -> Round:
    found = (
        Round.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk=row.pk, state__in=queries.LIVE)
        .first()
    )
    if found is None:
        raise Refused(_("This route was replaced by a newer one; load the page again."))
    access.must_route(by, [found.post_id], now)
    journal.must_be_fresh(found, version)
    return found


# Keeping --------------------------------------------------------------------------------------


@transaction.atomic
def keep_rounds(*, by: Actor, now: datetime, versions: Mapping[int, int]) -> list[Round]:
    """Keep drafts, by number and the version that was seen; what was kept before is replaced.

    A visit stands in one kept route of its day: it leaves those it stood in before.
    """
    rows = list(
        Round.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk__in=list(versions), state__in=queries.LIVE)
        .order_by("pk")
    )
    if len(rows) != len(versions) or not rows:
        raise Refused(_("This route was replaced by a newer one; load the page again."))
    access.must_route(by, {row.post_id for row in rows}, now)
    for row in rows:
        journal.must_be_fresh(row, versions[row.pk])
    drafts = [row for row in rows if row.state == Round.State.DRAFT]
    for row in drafts:
        _keep(by, now, row)
    for row in drafts:
        _leave_others(by, row)
    return drafts


def _keep(by: Actor, now: datetime, row: Round) -> None:
    """Who stands in the route goes: the planned contacts say so from now on."""
    old = _live(by, row.day, row.post_id, Round.State.KEPT)
    if old is not None:
        old.state = Round.State.REPLACED
        old.save(update_fields=["state"])
    row.state, row.kept_at, row.kept_by_id = Round.State.KEPT, now, by.post_id
    row.version += 1
    row.save()
    stops = _stops(row)
    for stop in stops:
        if stop.contact.state == Contact.State.PLANNED and stop.contact.post_id != row.post_id:
            work.give_contact(by=by, now=now, contact=stop.contact, post=row.post)
    journal.record(
        by=by,
        now=now,
        verb="keep_round",
        subject=row,
        day=str(row.day),
        post=row.post_id,
        stops=len(stops),
        metres=row.metres,
    )


def _leave_others(by: Actor, row: Round) -> None:
    """Take the visits of a kept round out of the other kept rounds of the day."""
    own = set(Stop.objects.filter(round=row).values_list("contact_id", flat=True))
    others = (
        Round.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, day=row.day, state=Round.State.KEPT, stops__contact__in=own)
        .exclude(pk=row.pk)
        .order_by("pk")
    )
    for other in {each.pk: each for each in others}.values():
        left = [stop.contact for stop in _stops(other) if stop.contact_id not in own]
        _rewrite(by, other, left)


@transaction.atomic
def drop_draft(*, by: Actor, now: datetime, row: Round, version: int) -> Round:
    """Throw a draft away; what was kept before it counts again."""
    found = _in_hand(by, now, row, version)
    if found.state != Round.State.DRAFT:
        raise Refused(_("Only a draft is thrown away; change a kept route, or search anew."))
    found.state = Round.State.REPLACED
    found.version += 1
    found.save(update_fields=["state", "version"])
    journal.record(by=by, now=now, verb="drop_draft", subject=found, day=str(found.day))
    return found
