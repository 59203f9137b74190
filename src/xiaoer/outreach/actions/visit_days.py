"""企业走访日: the programme of a leaders' visit day, from its plan to its results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base import queries as base
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks, day_contacts
from xiaoer.outreach.actions.story import must_say
from xiaoer.outreach.models import Booking, DayEscort, DaySlot, DayVisit, Gathering, Programme
from xiaoer.registry.models import Party
from xiaoer.work.models import Contact

State = Gathering.State
# So many lines a programme of one day may hold; more is a mistake of a copy.
MOST_LINES = 200
OPEN_BOOKINGS = (Booking.State.BOOKED, Booking.State.WAITING, Booking.State.CALLED)


@dataclass(frozen=True, slots=True)
class Escort:
    """An office that goes along, or one post of it."""

    office: Office
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Copied:
    """What was taken over from another day, and in words what could not be."""

    lines: int
    left_out: tuple[str, ...]


def day_in_hand(
    by: Actor, gathering: Gathering, *states: str, version: int | None = None
) -> Gathering:
    """The day, locked, in one of these states and of the version the asker saw."""
    if not access.is_system(by):
        access.must_plan_days(by)
    row = (
        Gathering.objects.select_for_update(of=("self",))
        .select_related("programme")
        .filter(pk=gathering.pk, zone_id=by.zone_id)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such day here for you."))
    if version is not None:
        journal.must_be_fresh(row, version)
    if row.state not in states:
        raise Refused(
            _("%(name)s of %(day)s is in the state “%(state)s”; this is not possible now.")
            % {
                "name": row.programme.name,
                "day": row.day.isoformat(),
                "state": State(row.state).label,
            }
        )
    return row


def _must_be_visit_day(day: Gathering, now: datetime) -> None:
    if day.programme.kind != Programme.Kind.LEADERS_DAY:
        raise Refused(_("Leaders are planned on a leaders' visit day; choose one."))
    if day.day < clocks.local_day(now):
        raise Refused(_("This day is past; log the visits that were made instead."), field="day")


@transaction.atomic
def plan_day_visit(
    *,
    by: Actor,
    now: datetime,
    gathering: Gathering,
    party: Party,
    leader: Post,
    purpose: str,
    from_time: time | None = None,
    until_time: time | None = None,
    escorts: Sequence[Escort] = (),
    reason: str = "",
) -> DayVisit:
    """Put an enterprise on the programme: who goes, why, when, and which offices go along.

    The line asks for a contact within the enterprise's quota and outside its quiet days. Where that
    is refused the line stays with the words of the refusal, until a leader gives a reason.
    """
    day = day_in_hand(by, gathering, State.PLANNED, State.ANNOUNCED)
    _must_be_visit_day(day, now)
    _must_take_visitors(party)
    if day.lines.filter(party=party, cancelled_at__isnull=True).exists():
        raise Refused(
            _("%(name)s is on the programme of this day already; change its line.")
            % {"name": party.name},
            field="party",
        )
    if day.lines.filter(cancelled_at__isnull=True).count() >= MOST_LINES:
        raise Refused(_("A day takes at most %(most)d visits.") % {"most": MOST_LINES})
    line = DayVisit(
        zone_id=by.zone_id,
        gathering=day,
        party=party,
        planned_by_id=by.post_id,
        planned_at=now,
    )
    _set(line, leader, purpose, from_time, until_time)
    line.save()
    _set_escorts(line, escorts)
    day_contacts.ask(line, by=by, now=now, reason=reason)
    _tell_if_announced(line, day, now)
    line.save()
    _record(by, now, "plan_day_visit", line, leader=leader.pk, purpose=line.purpose)
    return line


def _record(by: Actor, now: datetime, verb: str, line: DayVisit, **detail: object) -> None:
    journal.record(
        by=by,
        now=now,
        verb=verb,
        subject=line,
        party_ref=line.party_id,
        day=line.gathering.day.isoformat(),
        **detail,
    )


def _must_take_visitors(party: Party) -> None:
    if party.merged_into_id is not None:
        raise Refused(_("This entry was merged into another; plan that one."), field="party")
    gone = (Party.Status.MOVED_OUT, Party.Status.REVOKED, Party.Status.CANCELLED)
    if party.status in gone:
        raise Refused(
            _("%(name)s is %(status)s; nobody is visited there.")
            % {"name": party.name, "status": Party.Status(party.status).label},
            field="party",
        )


def _set(
    line: DayVisit, leader: Post, purpose: str, from_time: time | None, until_time: time | None
) -> None:
    if leader.role != Role.ZONE_LEADER:
        raise Refused(
            _("A visit day is the leaders'; choose a leader of the zone."), field="leader"
        )
    on = line.gathering.day
    if not base.posts_in_force(zone_id=leader.zone_id or 0, on=on).filter(pk=leader.pk).exists():
        raise Refused(
            _("This leader does not hold the post on %(day)s; choose another.")
            % {"day": on.isoformat()},
            field="leader",
        )
    if from_time is not None and until_time is not None and until_time <= from_time:
        raise Refused(_("The visit must end after it begins."), field="until_time")
    line.leader = leader
    line.purpose = must_say(purpose, "purpose", _("Say what the visit is for."), most=200)
    line.from_time, line.until_time = from_time, until_time


def _set_escorts(line: DayVisit, escorts: Sequence[Escort]) -> None:
    for each in escorts:
        if each.post is not None and each.post.office_id != each.office.pk:
            raise Refused(_("Choose a person of the office that goes along."), field="escorts")
    wanted = {(each.office.pk, each.post.pk if each.post else None): each for each in escorts}
    line.escorts.all().delete()
    DayEscort.objects.bulk_create(
        DayEscort(zone_id=line.zone_id, line=line, office=each.office, post=each.post)
        for each in wanted.values()
    )


def _tell_if_announced(line: DayVisit, day: Gathering, now: datetime) -> None:
    if day.state == State.ANNOUNCED and line.contact_id is not None:
        _tell(line, now)


def _tell(line: DayVisit, now: datetime) -> None:
    """Write down what the enterprise reads: names of people and offices as they are now."""
    leader = Post.objects.select_related("person", "office").get(pk=line.leader_id)
    what = leader.title or (leader.office.name if leader.office else "")
    line.told_at = now
    line.told_who = f"{leader.person.name} {what}".strip()[:120]
    along = line.escorts.select_related("office", "post__person").order_by("id")
    line.told_with = "、".join(
        f"{each.office.name} {each.post.person.name}" if each.post else each.office.name
        for each in along
    )[:400]


def _line_in_hand(by: Actor, line: DayVisit, version: int, *states: str) -> DayVisit:
    day = day_in_hand(by, Gathering(pk=line.gathering_id), *states)
    row = DayVisit.objects.select_for_update().get(pk=line.pk, zone_id=by.zone_id)
    journal.must_be_fresh(row, version)
    if row.cancelled_at is not None:
        raise Refused(_("This visit was taken off the programme; plan it anew."))
    row.gathering = day
    row.party = Party.objects.get(pk=row.party_id)
    row.version += 1
    return row


@transaction.atomic
def change_day_visit(
    *,
    by: Actor,
    now: datetime,
    line: DayVisit,
    version: int,
    leader: Post,
    purpose: str,
    from_time: time | None = None,
    until_time: time | None = None,
    escorts: Sequence[Escort] = (),
) -> DayVisit:
    """Change who goes, why, when or with whom; an enterprise that was told reads it at once."""
    row = _line_in_hand(by, line, version, State.PLANNED, State.ANNOUNCED)
    _must_be_visit_day(row.gathering, now)
    _set(row, leader, purpose, from_time, until_time)
    _set_escorts(row, escorts)
    day_contacts.follow(row, by=by, now=now)
    if row.told_at is not None:
        _tell(row, now)
    row.save()
    _record(by, now, "change_day_visit", row, leader=leader.pk, purpose=row.purpose)
    return row


@transaction.atomic
def allow_day_visit(
    *, by: Actor, now: datetime, line: DayVisit, version: int, reason: str
) -> DayVisit:
    """A leader's reason for a visit that quota or quiet days refuse; it is kept and counted."""
    row = _line_in_hand(by, line, version, State.PLANNED, State.ANNOUNCED)
    reason = must_say(reason, "reason", _("Say why this visit cannot wait."), most=300)
    if row.contact_id is not None:
        raise Refused(_("This visit needs no reason; it stands within the quota."))
    day_contacts.ask(row, by=by, now=now, reason=reason)
    if row.contact_id is None:
        raise Refused(row.refusal, field="reason")
    _tell_if_announced(row, row.gathering, now)
    row.save()
    _record(by, now, "allow_day_visit", row, reason=reason)
    return row


@transaction.atomic
def cancel_day_visit(
    *, by: Actor, now: datetime, line: DayVisit, version: int, reason: str
) -> DayVisit:
    """Take an enterprise off the programme; one that was told reads why."""
    row = _line_in_hand(by, line, version, State.PLANNED, State.ANNOUNCED)
    row.cancel_reason = must_say(reason, "reason", _("Say why nobody comes."), most=200)
    _cancel(row, by, now)
    _record(by, now, "cancel_day_visit", row, reason=row.cancel_reason)
    return row


def _cancel(row: DayVisit, by: Actor, now: datetime) -> None:
    row.cancelled_at = now
    day_contacts.cancel(row, by=by, now=now, reason=row.cancel_reason)
    row.save()


@transaction.atomic
def announce_day(*, by: Actor, now: datetime, gathering: Gathering, version: int) -> Gathering:
    """Tell the enterprises: who comes, when and why; or open the slots of a problem day."""
    day = day_in_hand(by, gathering, State.PLANNED, State.ANNOUNCED, version=version)
    if day.day < clocks.local_day(now):
        raise Refused(_("This day is past; nobody is told of it any more."))
    told = _announce_slots(day) if _is_problem_day(day) else _announce_visits(day, now)
    day.state, day.announced_at = State.ANNOUNCED, day.announced_at or now
    return _saved(by, now, "announce_day", day, count=told)


def _is_problem_day(day: Gathering) -> bool:
    return day.programme.kind == Programme.Kind.PROBLEM_DAY


def _announce_slots(day: Gathering) -> int:
    count = day.slots.count()
    if not count:
        raise Refused(_("There is no slot to book yet; add the times and desks first."))
    return count


def _announce_visits(day: Gathering, now: datetime) -> int:
    lines = list(
        day.lines.select_for_update(of=("self",))
        .filter(cancelled_at__isnull=True)
        .select_related("contact")
        .order_by("id")
    )
    if not lines:
        raise Refused(_("Nobody is on the programme yet; add the enterprises first."))
    standing = (Contact.State.PLANNED, Contact.State.MERGED, Contact.State.DONE)
    refused = sum(line.contact is None or line.contact.state not in standing for line in lines)
    if refused:
        raise Refused(
            _(
                "%(count)d visits are not possible as planned (quota, quiet day, or the enterprise"
                " declined): give a leader's reason or take them off."
            )
            % {"count": refused}
        )
    fresh = [line for line in lines if line.told_at is None]
    for line in fresh:
        _tell(line, now)
        line.version += 1
        line.save()
    return len(fresh)


def _saved(by: Actor, now: datetime, verb: str, day: Gathering, **detail: Any) -> Gathering:
    day.version += 1
    day.save()
    journal.record(
        by=by, now=now, verb=verb, subject=day, day=day.day.isoformat(), state=day.state, **detail
    )
    return day


@transaction.atomic
def hold_day(*, by: Actor, now: datetime, gathering: Gathering, version: int) -> Gathering:
    """Say that the day was held."""
    day = day_in_hand(by, gathering, State.PLANNED, State.ANNOUNCED, version=version)
    if day.day > clocks.local_day(now):
        raise Refused(
            _("This day is still to come; say that it was held on %(day)s or after.")
            % {"day": day.day.isoformat()}
        )
    day.state = State.HELD
    return _saved(by, now, "hold_day", day)


@transaction.atomic
def close_day(
    *, by: Actor, now: datetime, gathering: Gathering, version: int, result: str
) -> Gathering:
    """Close a day with its results. What was planned and not made frees the enterprise's quota."""
    day = day_in_hand(by, gathering, State.HELD, version=version)
    day.result = must_say(result, "result", _("Say what came of the day."), most=1000)
    _must_be_served(day)
    day_contacts.settle(day, by=by, now=now)
    day.state, day.ended_at = State.CLOSED, now
    return _saved(by, now, "close_day", day)


def _must_be_served(day: Gathering) -> None:
    waiting = day.bookings.filter(state__in=OPEN_BOOKINGS).count()
    if waiting:
        raise Refused(
            _("%(count)d still wait or did not come; say for each what became of it.")
            % {"count": waiting}
        )


@transaction.atomic
def cancel_day(
    *, by: Actor, now: datetime, gathering: Gathering, version: int, reason: str
) -> Gathering:
    """Call a day off; who was told or had booked reads why."""
    day = day_in_hand(by, gathering, State.PLANNED, State.ANNOUNCED, version=version)
    day.result = must_say(reason, "reason", _("Say why the day is called off."), most=200)
    for line in day.lines.select_for_update().filter(cancelled_at__isnull=True):
        line.gathering, line.cancel_reason = day, day.result
        line.version += 1
        _cancel(line, by, now)
    day.bookings.filter(state__in=OPEN_BOOKINGS).update(
        state=Booking.State.CANCELLED, ended_at=now, outcome=day.result
    )
    day.slots.update(taken=0)
    day.state, day.ended_at = State.CANCELLED, now
    return _saved(by, now, "cancel_day", day, reason=day.result)


@transaction.atomic
def copy_day(*, by: Actor, now: datetime, gathering: Gathering, source: Gathering) -> Copied:
    """Take over another day's programme (last month's): its lines, or its slots."""
    day = day_in_hand(by, gathering, State.PLANNED, State.ANNOUNCED)
    kept = Gathering.objects.filter(pk=source.pk, zone_id=by.zone_id).select_related("programme")
    old = kept.first()
    if old is None or old.pk == day.pk or old.programme.kind != day.programme.kind:
        raise Refused(_("Choose another day of the same kind to copy from."), field="source")
    copied = _copy_slots(day, old) if _is_problem_day(day) else _copy_lines(by, now, day, old)
    if not copied.lines and not copied.left_out:
        raise Refused(_("There is nothing on that day to copy."), field="source")
    journal.record(
        by=by,
        now=now,
        verb="copy_day",
        subject=day,
        day=day.day.isoformat(),
        source=old.day.isoformat(),
        count=copied.lines,
    )
    return copied


def _copy_slots(day: Gathering, old: Gathering) -> Copied:
    have = set(day.slots.values_list("from_time", "desk"))
    rows = [
        DaySlot(
            zone_id=day.zone_id,
            gathering=day,
            from_time=slot.from_time,
            until_time=slot.until_time,
            desk=slot.desk,
            capacity=slot.capacity,
        )
        for slot in old.slots.order_by("from_time", "id")
        if (slot.from_time, slot.desk) not in have
    ]
    DaySlot.objects.bulk_create(rows)
    return Copied(len(rows), ())


def _copy_lines(by: Actor, now: datetime, day: Gathering, old: Gathering) -> Copied:
    lines = (
        old.lines.filter(cancelled_at__isnull=True)
        .select_related("party", "leader")
        .prefetch_related("escorts__office", "escorts__post")
        .order_by("from_time", "id")
    )
    left_out, made = [], 0
    for line in lines:
        try:
            with transaction.atomic():
                plan_day_visit(
                    by=by,
                    now=now,
                    gathering=day,
                    party=line.party,
                    leader=line.leader,
                    purpose=line.purpose,
                    from_time=line.from_time,
                    until_time=line.until_time,
                    escorts=[Escort(each.office, each.post) for each in line.escorts.all()],
                )
            made += 1
        except Refused as refusal:
            left_out.append(f"{line.party.name}：{refusal}")
    return Copied(made, tuple(left_out))
