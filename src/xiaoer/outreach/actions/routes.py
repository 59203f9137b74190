"""Routes as they are written: their times, changed by hand, and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.models import Round, Stop
from xiaoer.outreach.queries import routes as queries
from xiaoer.outreach.routing import Hours, Roads, Timetable, Visit, timetable
from xiaoer.work import actions as work
from xiaoer.work.models import Contact

LOCKS = frozenset(Stop.Lock.values)
ONE_AT_A_TIME = 0x7E12


# Writing a round ------------------------------------------------------------------------------


def must_wait(by: Actor) -> None:
    """Of two who write routes of a zone at once the second sees what the first wrote: no visit is
    put into two routes, and no day gets two drafts."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [ONE_AT_A_TIME, by.zone_id])


@dataclass(frozen=True, slots=True)
class Way:
    """By what times are computed."""

    hours: Hours
    roads: Roads

    @classmethod
    def of(cls, by: Actor, parties: set[int]) -> "Way":
        rule = queries.route_rule(by=by)
        return cls(queries.hours_of(rule), queries.roads_of(by=by, rule=rule, parties=parties))


def live_round(by: Actor, day: date, post_id: int, *states: str) -> Round | None:
    """The round of an officer's day in one of these states, locked; a draft before what is kept."""
    rows = (
        Round.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, day=day, post_id=post_id, state__in=states or queries.LIVE)
        .order_by("state")
    )
    return rows.first()


def write_round(
    row: Round, order: Sequence[Visit], way: Way, locks: Mapping[int, str]
) -> Timetable:
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
    must_wait(by)
    visit = _must_be_planned(by, contact)
    day = visit.planned_on
    before = _live_stop(by, visit)
    touched = {post.pk} | ({before.round.post_id} if before else set())
    access.must_route(by, touched, now)
    rounds = {each: live_round(by, day, each) for each in sorted(touched)}
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
    way = Way.of(by, {contact.party_id for contact in contacts})
    write_round(row, [queries.as_visit(each, held.get(each.pk)) for each in contacts], way, locks)


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
    old = live_round(by, row.day, row.post_id, Round.State.KEPT)
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
