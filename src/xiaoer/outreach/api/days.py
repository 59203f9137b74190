"""API of days: the programme of a visit day, slots and bookings of a problem day."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.actions.clocks import local_day
from xiaoer.outreach.api import given as g
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.api.rows import filed_out, must_have, one, several
from xiaoer.outreach.models import AppealKind, Booking, DaySlot, DayVisit, Gathering
from xiaoer.registry.models import Party

router = Router(tags=["days"])


def _day(by: Actor, day_id: int) -> object:
    return found(queries.day_page(by=by, day_id=day_id))


def _the_day(by: Actor, day_id: int) -> Gathering:
    must_be_staff(by)
    return found(queries.gathering(by=by, day_id=day_id))


@router.get("/days/{day_id}", response={200: s.GatheringPageOut, **PROBLEMS})
@api(READ)
def read_day(request: HttpRequest, by: Actor, day_id: s.Id) -> object:
    """One day with its programme or its slots, and what came of it."""
    if by.role != Role.CITY:
        must_be_staff(by)
    return _day(by, day_id)


@router.post("/days/{day_id}/announce", response={200: s.GatheringPageOut, **PROBLEMS})
@api(WRITE)
def announce_day(request: HttpRequest, by: Actor, day_id: s.Id, what: g.DayVersionIn) -> object:
    """Tell the enterprises who comes, or open the slots for booking."""
    row = _the_day(by, day_id)
    outreach.announce_day(by=by, now=timezone.now(), gathering=row, version=what.version)
    return _day(by, day_id)


@router.post("/days/{day_id}/hold", response={200: s.GatheringPageOut, **PROBLEMS})
@api(WRITE)
def hold_day(request: HttpRequest, by: Actor, day_id: s.Id, what: g.DayVersionIn) -> object:
    """Say that the day was held."""
    row = _the_day(by, day_id)
    outreach.hold_day(by=by, now=timezone.now(), gathering=row, version=what.version)
    return _day(by, day_id)


@router.post("/days/{day_id}/close", response={200: s.GatheringPageOut, **PROBLEMS})
@api(WRITE)
def close_day(request: HttpRequest, by: Actor, day_id: s.Id, what: g.DayResultIn) -> object:
    """Close a day with its results."""
    outreach.close_day(
        by=by,
        now=timezone.now(),
        gathering=_the_day(by, day_id),
        version=what.version,
        result=what.result,
    )
    return _day(by, day_id)


@router.post("/days/{day_id}/cancel", response={200: s.GatheringPageOut, **PROBLEMS})
@api(WRITE)
def cancel_day(request: HttpRequest, by: Actor, day_id: s.Id, what: g.DayReasonIn) -> object:
    """Call a day off."""
    outreach.cancel_day(
        by=by,
        now=timezone.now(),
        gathering=_the_day(by, day_id),
        version=what.version,
        reason=what.reason,
    )
    return _day(by, day_id)


@router.post("/days/{day_id}/copy", response={200: s.CopiedOut, **PROBLEMS})
@api(WRITE)
def copy_day(request: HttpRequest, by: Actor, day_id: s.Id, what: g.CopyDayIn) -> object:
    """Take over another day's programme or slots."""
    row = _the_day(by, day_id)
    source = must_have(Gathering, what.source, by=by, field="source")
    return outreach.copy_day(by=by, now=timezone.now(), gathering=row, source=source)


@router.post("/days/{day_id}/visits", response={200: s.GatheringPageOut, **PROBLEMS})
@api(WRITE)
def plan_day_visit(request: HttpRequest, by: Actor, day_id: s.Id, what: g.PlanDayVisitIn) -> object:
    """Put an enterprise on the programme; a quota that is used up is told on its line."""
    row = _the_day(by, day_id)
    outreach.plan_day_visit(
        by=by,
        now=timezone.now(),
        gathering=row,
        party=must_have(Party, what.party_id, by=by, field="party_id"),
        reason=what.reason,
        **_planned(what, by),
    )
    return _day(by, day_id)


def _planned(what: g.DayVisitIn, by: Actor) -> dict[str, Any]:
    return {
        "leader": must_have(Post, what.leader, by=by, field="leader"),
        "purpose": what.purpose,
        "from_time": what.from_time,
        "until_time": what.until_time,
        "escorts": _escorts(what, by),
    }


def _escorts(what: g.DayVisitIn, by: Actor) -> list[outreach.Escort]:
    posts = several(Post, what.escorts, by=by, field="escorts")
    offices = {one.pk: one for one in Office.objects.filter(zone_id=by.zone_id)}
    return [
        *(outreach.Escort(row) for row in several(Office, what.offices, by=by, field="offices")),
        *(outreach.Escort(offices[post.office_id], post) for post in posts if post.office_id),
    ]


def _line(by: Actor, line_id: int) -> DayVisit:
    must_be_staff(by)
    return found(queries.day_visit(by=by, line_id=line_id))


@router.post("/day-visits/{line_id}/change", response={200: s.GatheringPageOut, **PROBLEMS})
@api(WRITE)
def change_day_visit(
    request: HttpRequest, by: Actor, line_id: s.Id, what: g.ChangeDayVisitIn
) -> object:
    """Change who goes, why, when or with whom."""
    line = _line(by, line_id)
    outreach.change_day_visit(
        by=by, now=timezone.now(), line=line, version=what.version, **_planned(what, by)
    )
    return _day(by, line.gathering_id)


@router.post("/day-visits/{line_id}/allow", response={200: s.GatheringPageOut, **PROBLEMS})
@api(WRITE)
def allow_day_visit(request: HttpRequest, by: Actor, line_id: s.Id, what: g.DayReasonIn) -> object:
    """A leader's reason for a visit the quota refuses."""
    line = _line(by, line_id)
    outreach.allow_day_visit(
        by=by, now=timezone.now(), line=line, version=what.version, reason=what.reason
    )
    return _day(by, line.gathering_id)


@router.post("/day-visits/{line_id}/cancel", response={200: s.GatheringPageOut, **PROBLEMS})
@api(WRITE)
def cancel_day_visit(request: HttpRequest, by: Actor, line_id: s.Id, what: g.DayReasonIn) -> object:
    """Take an enterprise off the programme."""
    line = _line(by, line_id)
    outreach.cancel_day_visit(
        by=by, now=timezone.now(), line=line, version=what.version, reason=what.reason
    )
    return _day(by, line.gathering_id)


@router.get("/my/day-visits", response={200: list[s.ToldVisitOut], **PROBLEMS})
@api(READ)
def my_told_visits(request: HttpRequest, by: Actor) -> object:
    """What the asking enterprise was told of leaders' visits from today on."""
    return list(queries.told_visits(by=by, since=local_day(timezone.now())))


@router.post("/days/{day_id}/slots", response={200: list[s.SlotOut], **PROBLEMS})
@api(WRITE)
def add_slots(request: HttpRequest, by: Actor, day_id: s.Id, what: g.SlotsIn) -> object:
    """Cut a stretch of a problem day at one desk into slots."""
    return outreach.add_slots(
        by=by,
        now=timezone.now(),
        gathering=_the_day(by, day_id),
        desk=what.desk,
        from_time=what.from_time,
        until_time=what.until_time,
        minutes=what.minutes,
        capacity=what.capacity,
    )


@router.get("/problem-days", response={200: list[s.OpenDayOut], **PROBLEMS})
@api(READ)
def list_problem_days(request: HttpRequest, by: Actor) -> object:
    """Problem days open for booking, with the asker's own place."""
    return list(queries.open_problem_days(by=by, now=timezone.now()))


@router.post("/bookings", response={200: s.QueuedOut, **PROBLEMS})
@api(WRITE)
def book_slot(request: HttpRequest, by: Actor, what: g.BookIn) -> object:
    """Book a place: the enterprise itself, or the desk for it."""
    row = outreach.book_slot(
        by=by,
        now=timezone.now(),
        slot=must_have(DaySlot, what.slot, by=by, field="slot"),
        party=must_have(Party, what.party_id, by=by, field="party_id"),
        who=what.who,
        phone=what.phone,
        matter=what.matter,
    )
    return queries.queued(row)


@router.post("/days/{day_id}/walk-ins", response={200: s.QueuedOut, **PROBLEMS})
@api(WRITE)
def walk_in(request: HttpRequest, by: Actor, day_id: s.Id, what: g.WalkInIn) -> object:
    """Give a ticket to whoever comes without a booking."""
    row = outreach.walk_in(
        by=by,
        now=timezone.now(),
        gathering=_the_day(by, day_id),
        party=must_have(Party, what.party_id, by=by, field="party_id"),
        who=what.who,
        phone=what.phone,
        matter=what.matter,
    )
    return queries.queued(row)


def _booking(by: Actor, booking_id: int) -> Booking:
    return found(queries.booking(by=by, booking_id=booking_id))


@router.post("/bookings/{booking_id}/cancel", response={200: s.QueuedOut, **PROBLEMS})
@api(WRITE)
def cancel_booking(
    request: HttpRequest, by: Actor, booking_id: s.Id, what: g.BookingVersionIn
) -> object:
    """Give a place back: the enterprise its own, the desk anybody's."""
    row = outreach.cancel_booking(
        by=by,
        now=timezone.now(),
        booking=_booking(by, booking_id),
        version=what.version,
        reason=what.words,
    )
    return queries.queued(row)


@router.post("/bookings/{booking_id}/arrive", response={200: s.QueuedOut, **PROBLEMS})
@api(WRITE)
def arrive(request: HttpRequest, by: Actor, booking_id: s.Id, what: g.BookingVersionIn) -> object:
    """Give a ticket to somebody who booked and is there."""
    must_be_staff(by)
    row = _booking(by, booking_id)
    return queries.queued(
        outreach.arrive(by=by, now=timezone.now(), booking=row, version=what.version)
    )


@router.post("/bookings/{booking_id}/call", response={200: s.QueuedOut, **PROBLEMS})
@api(WRITE)
def call_in(request: HttpRequest, by: Actor, booking_id: s.Id, what: g.BookingVersionIn) -> object:
    """Call somebody to a desk."""
    must_be_staff(by)
    row = outreach.call_in(
        by=by,
        now=timezone.now(),
        booking=_booking(by, booking_id),
        version=what.version,
        desk=what.words,
    )
    return queries.queued(found(queries.booking(by=by, booking_id=row.pk)))


@router.post("/bookings/{booking_id}/serve", response={200: s.QueuedOut, **PROBLEMS})
@api(WRITE)
def serve(request: HttpRequest, by: Actor, booking_id: s.Id, what: g.BookingVersionIn) -> object:
    """Say that somebody was heard."""
    must_be_staff(by)
    row = outreach.serve(
        by=by,
        now=timezone.now(),
        booking=_booking(by, booking_id),
        version=what.version,
        outcome=what.words,
    )
    return queries.queued(found(queries.booking(by=by, booking_id=row.pk)))


@router.post("/bookings/{booking_id}/miss", response={200: s.QueuedOut, **PROBLEMS})
@api(WRITE)
def miss(request: HttpRequest, by: Actor, booking_id: s.Id, what: g.BookingVersionIn) -> object:
    """Say that somebody did not come."""
    must_be_staff(by)
    row = _booking(by, booking_id)
    return queries.queued(
        outreach.miss(by=by, now=timezone.now(), booking=row, version=what.version)
    )


@router.post("/bookings/{booking_id}/requests", response={200: s.FiledOut, **PROBLEMS})
@api(WRITE)
def file_from_booking(
    request: HttpRequest, by: Actor, booking_id: s.Id, what: g.BookingFileIn
) -> object:
    """File what somebody brought to the desk."""
    must_be_staff(by)
    filed = outreach.file_from_booking(
        by=by,
        now=timezone.now(),
        booking=_booking(by, booking_id),
        title=what.title,
        body=what.body,
        kind=one(AppealKind, what.kind, by=by, field="kind"),
        urgency=what.urgency,
    )
    return filed_out(request, filed)
