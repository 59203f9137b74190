"""API of service points: for staff, for enterprises, and without signing in."""

from datetime import date, datetime, time
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from xiaoer.base.api.shapes import Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WITHOUT_TOKEN, WRITE, api, key_api
from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers.models import Licence
from xiaoer.permits import actions as permits
from xiaoer.permits import point_access as access
from xiaoer.permits.models import (
    AgencyMandate,
    Appointment,
    Case,
    ExtendedService,
    LicenceUse,
    PointSlot,
    QueueTicket,
    ServicePoint,
    ServiceRecord,
    Thing,
)
from xiaoer.permits.queries import point_figures as figures
from xiaoer.permits.queries import points as queries
from xiaoer.registry.models import Party

router = Router(tags=["service points"])
_NO_NUL = r"^[^\u0000]*$"
Why = Annotated[str, Field(max_length=200, pattern=_NO_NUL)]
Code = Annotated[str, Field(max_length=30, pattern=r"^[-a-z0-9_]*$")]
Ids = Annotated[list[Number], Field(max_length=200)]
Clock = tuple[time, time]


class PointHours(Schema):
    """Weekdays, 1 is Monday, and the stretches of those days."""

    days: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=7)] = [1, 2, 3, 4, 5]
    stretches: Annotated[list[Clock], Field(max_length=3)] = [
        (time(9), time(12)),
        (time(13, 30), time(17)),
    ]


class PointChangeIn(Schema):
    name: Annotated[str, Field(max_length=80, pattern=_NO_NUL)]
    tier: ServicePoint.Tier
    address: Line
    name_en: Annotated[str, Field(max_length=120, pattern=_NO_NUL)] = ""
    parent: Number | None = None
    east: Annotated[float, Field(ge=-180, le=180)] | None = None
    north: Annotated[float, Field(ge=-90, le=90)] | None = None
    hours: PointHours = PointHours()
    phone: Annotated[str, Field(max_length=40, pattern=_NO_NUL)] = ""
    note: Annotated[str, Field(max_length=300, pattern=_NO_NUL)] = ""
    version: Number = 1


class PointIn(PointChangeIn):
    code: Annotated[str, Field(max_length=30, pattern=r"^[-a-z0-9]*$")]


class PointOut(Schema):
    """A point as it stands now. ``waiting``: numbers nobody has called yet."""

    id: int
    code: str
    name: str
    tier: int
    parent: int | None
    address: str
    east: float | None
    north: float | None
    hours: dict[str, object]
    phone: str
    note: str
    opened_on: date
    closed_on: date | None
    is_open: bool
    waiting: int
    kilometres: float | None = None
    version: int


class PointServicesIn(Schema):
    things: Ids = []
    extended: Ids = []


class PointServicesOut(Schema):
    things: list[str]
    extended: list[str]


class PointCloseIn(Schema):
    closed_on: Day
    reason: Why
    version: Number


class ExtendedServiceIn(Schema):
    code: Code
    name: Word
    name_en: Word = ""
    source: Line = ""


class ExtendedServiceOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    source: str
    mark: str
    ended_on: date | None


class ServiceRecordIn(Schema):
    """``party`` where the registry knows them, else ``name``; ``at``: now when left out."""

    kind: ServiceRecord.Kind
    party: Number | None = None
    name: Annotated[str, Field(max_length=120, pattern=_NO_NUL)] = ""
    case: Number | None = None
    thing: Number | None = None
    extended: Number | None = None
    words: Annotated[str, Field(max_length=300, pattern=_NO_NUL)] = ""
    on: Day | None = None


class ServiceCorrectionIn(Schema):
    """Without ``served`` it says that it never happened."""

    reason: Why
    served: ServiceRecordIn | None = None


class ServiceRecordOut(Schema):
    id: int
    point_id: int
    kind: ServiceRecord.Kind
    party_id: int | None
    name: str
    case_id: int | None
    thing_id: int | None
    extended_id: int | None
    words: str
    at: datetime
    recorded_at: datetime
    replaces_id: int | None
    is_void: bool
    why: str


class ServiceRecordPageOut(Schema):
    total: int
    rows: list[ServiceRecordOut]


class ServiceRecordsQuery(Schema):
    first: Day | None = None
    last: Day | None = None
    point: Number | None = None
    kind: ServiceRecord.Kind | None = None
    extended: Code = ""
    size: Annotated[int, Field(ge=1, le=500)] = 100
    after: Annotated[int, Field(ge=0, le=100_000)] = 0


class LicenceUseIn(Schema):
    """Without ``licence`` it was the state's electronic business licence."""

    service: Annotated[str, Field(max_length=80, pattern=_NO_NUL)]
    party: Number | None = None
    name: Annotated[str, Field(max_length=120, pattern=_NO_NUL)] = ""
    credit_code: Annotated[str, Field(max_length=18, pattern=r"^[0-9A-Z]*$")] = ""
    licence: Number | None = None
    point: Number | None = None
    on: Day | None = None


class LicenceUseOut(Schema):
    id: int
    what: LicenceUse.What
    licence_id: int | None
    party_id: int | None
    name: str
    credit_code: str
    service: str
    point_id: int | None
    at: datetime


class PointFiguresOut(Schema):
    """``point`` is null in the line of the whole zone; ``mean_wait`` in seconds, null: nobody waited."""

    point: str | None
    tier: int | None
    records: int
    enterprises: int
    cases: int
    agency_enterprises: int
    extended_enterprises: int
    advice: int
    licence_entities: int
    tickets: int
    mean_wait: float | None


class PointPeriodQuery(Schema):
    first: Day | None = None
    last: Day | None = None


class PointSlotsIn(Schema):
    first: Day
    last: Day
    minutes: Annotated[int, Field(ge=5, le=240)]
    places: Annotated[int, Field(ge=1, le=50)]


class PointSlotsMadeOut(Schema):
    made: int


class PointSlotOut(Schema):
    id: int
    day: date
    from_time: time
    until_time: time
    places: int
    taken: int


class AppointmentIn(Schema):
    slot: Number
    who: Word
    phone: Annotated[str, Field(max_length=40, pattern=_NO_NUL)]
    thing: Number | None = None
    words: Line = ""


class StaffAppointmentIn(AppointmentIn):
    party: Number | None = None


class AppointmentOut(Schema):
    id: int
    number: str
    point_id: int
    slot_id: int
    day: date
    who: str
    phone_end: str
    words: str
    state: Appointment.State


class PointBookedOut(Schema):
    """``token`` opens and cancels the appointment; it is not given again."""

    appointment: AppointmentOut
    token: str


class QueueTicketIn(Schema):
    appointment: Number | None = None
    words: Annotated[str, Field(max_length=120, pattern=_NO_NUL)] = ""


class PointWindowIn(Schema):
    window: Annotated[str, Field(max_length=20, pattern=_NO_NUL)]


class QueueTicketOut(Schema):
    id: int
    shown: str
    day: date
    state: QueueTicket.State
    window: str
    taken_at: datetime
    called_at: datetime | None
    ended_at: datetime | None


class PointCallOut(Schema):
    number: str
    window: str
    at: datetime


class PointHallOut(Schema):
    calls: list[PointCallOut]
    waiting: int


class MandateIn(Schema):
    """One agent: a post of the staff or a party. ``things`` empty: for all."""

    party: Number
    valid_from: Day
    valid_until: Day
    agent_post: Number | None = None
    agent_party: Number | None = None
    things: Annotated[list[Number], Field(max_length=50)] = []
    case: Number | None = None


class MandateOut(Schema):
    id: int
    party_id: int
    agent_name: str
    agent_post_id: int | None
    agent_party_id: int | None
    things: list[str]
    case_id: int | None
    valid_from: date
    valid_until: date
    ended_at: datetime | None
    ended_why: str


class EndMandateIn(Schema):
    reason: Why


ZoneCode = Annotated[str, Field(max_length=30, pattern=r"^[-a-zA-Z0-9_]+$")]
PointCode = Annotated[str, Field(max_length=30, pattern=r"^[-a-z0-9]+$")]
Token = Annotated[str, Field(max_length=64, pattern=r"^[-a-zA-Z0-9_]+$")]


def _unknown(field: str) -> Refused:
    return Refused(_("Choose one of the list."), field=field)


def _point(by: Actor, point_id: int) -> ServicePoint:
    return found(queries.point_of(by=by, point_id=point_id))


def _party(by: Actor, party_id: int | None, field: str = "party") -> Party | None:
    if party_id is None:
        return None
    row = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True, pk=party_id).first()
    if row is None:
        raise _unknown(field)
    return row


def _thing(by: Actor, thing_id: int | None) -> Thing | None:
    if thing_id is None:
        return None
    row = Thing.objects.filter(zone_id=by.zone_id, pk=thing_id).first()
    if row is None:
        raise _unknown("thing")
    return row


def _case(by: Actor, case_id: int | None) -> Case | None:
    if case_id is None:
        return None
    row = Case.objects.filter(zone_id=by.zone_id, pk=case_id).select_related("party").first()
    if row is None:
        raise _unknown("case")
    return row


def _noon(on: date | None) -> datetime | None:
    """The middle of an earlier day; None for today."""
    from_today = on is None or on == timezone.localdate()
    return None if from_today or on is None else timezone.make_aware(datetime.combine(on, time(12)))


def _shown(by: Actor, rows: list[ServicePoint], near: tuple[float, float] | None = None) -> object:
    return [
        {
            "id": one.point.pk, "code": one.point.code, "name": one.point.name,
            "tier": one.point.tier, "parent": one.point.parent_id, "address": one.point.address,
            "east": one.point.east, "north": one.point.north, "hours": one.point.hours,
            "phone": one.point.phone, "note": one.point.note, "opened_on": one.point.opened_on,
            "closed_on": one.point.closed_on, "is_open": one.is_open, "waiting": one.waiting,
            "kilometres": one.kilometres, "version": one.point.version,
        }
        for one in queries.standings(by=by, now=timezone.now(), rows=rows, near=near)
    ]  # fmt: skip


def _one(by: Actor, row: ServicePoint) -> object:
    shown: list[object] = list(_shown(by, [row]))  # type: ignore[call-overload]  # a list of one
    return shown[0]


def _facts(by: Actor, said: PointChangeIn) -> permits.PointFacts:
    return permits.PointFacts(
        name=said.name,
        tier=said.tier,
        address=said.address,
        name_en=said.name_en,
        parent=_point(by, said.parent) if said.parent else None,
        east=said.east,
        north=said.north,
        hours=permits.Hours(tuple(sorted(set(said.hours.days))), tuple(said.hours.stretches)),
        phone=said.phone,
        note=said.note,
    )


def _served(by: Actor, said: ServiceRecordIn) -> permits.Served:
    extended = None
    if said.extended is not None:
        extended = ExtendedService.objects.filter(zone_id=by.zone_id, pk=said.extended).first()
        if extended is None:
            raise _unknown("extended")
    return permits.Served(
        kind=said.kind,
        party=_party(by, said.party),
        name=said.name,
        case=_case(by, said.case),
        thing=_thing(by, said.thing),
        extended=extended,
        words=said.words,
        at=_noon(said.on),
    )


# Points ------------------------------------------------------------------------------------------

POINT = {200: PointOut, **PROBLEMS}


@router.get("/service-points", response={200: list[PointOut], **PROBLEMS})
@api(READ)
def list_service_points(request: HttpRequest, by: Actor, closed: bool = False) -> object:
    """Points in service, or those that serve no more."""
    access.must_read_points(by)
    rows = queries.points(zone_id=by.zone_id, on=timezone.localdate(), closed=closed)
    return _shown(by, list(rows))


@router.post("/service-points", response=POINT)
@api(WRITE)
def open_service_point(request: HttpRequest, by: Actor, said: PointIn) -> object:
    """Enter a point."""
    row = permits.open_point(by=by, now=timezone.now(), code=said.code, facts=_facts(by, said))
    return _one(by, row)


@router.get("/service-points/figures", response={200: list[PointFiguresOut], **PROBLEMS})
@api(READ)
def read_point_figures(request: HttpRequest, by: Actor, asked: Query[PointPeriodQuery]) -> object:
    """What was done in a period: the zone as a whole, then each point."""
    access.must_read_points(by)
    whole, rows = figures.point_figures(zone_id=by.zone_id, first=asked.first, last=asked.last)
    return [
        {
            "point": one.point.name if one.point else None,
            "tier": one.point.tier if one.point else None,
            "records": one.records, "enterprises": one.enterprises, "cases": one.cases,
            "agency_enterprises": one.agency_enterprises,
            "extended_enterprises": one.extended_enterprises, "advice": one.advice,
            "licence_entities": one.licence_entities, "tickets": one.tickets,
            "mean_wait": one.mean_wait,
        }
        for one in (whole, *rows)
    ]  # fmt: skip


@router.get("/service-points/records", response={200: ServiceRecordPageOut, **PROBLEMS})
@api(READ)
def list_service_records(
    request: HttpRequest, by: Actor, asked: Query[ServiceRecordsQuery]
) -> object:
    """Records that hold, the latest first."""
    access.must_read_points(by)
    wanted = figures.RecordFilter(
        asked.first, asked.last, asked.point, asked.kind or "", asked.extended
    )
    rows = figures.records(zone_id=by.zone_id, wanted=wanted)
    return {"total": rows.count(), "rows": list(rows[asked.after : asked.after + asked.size])}


@router.post(
    "/service-points/records/{record_id}/correct", response={200: ServiceRecordOut, **PROBLEMS}
)
@api(WRITE)
def correct_service_record(
    request: HttpRequest, by: Actor, record_id: Number, said: ServiceCorrectionIn
) -> object:
    """Put a record right by a further one; answers with that."""
    row = found(ServiceRecord.objects.filter(zone_id=by.zone_id, pk=record_id).first())
    served = _served(by, said.served) if said.served else None
    return permits.correct_record(
        by=by, now=timezone.now(), record=row, reason=said.reason, served=served
    )


@router.get("/service-points/{point_id}", response=POINT)
@api(READ)
def read_service_point(request: HttpRequest, by: Actor, point_id: Number) -> object:
    """One point as it stands now."""
    return _one(by, _point(by, point_id))


@router.post("/service-points/{point_id}/change", response=POINT)
@api(WRITE)
def change_service_point(
    request: HttpRequest, by: Actor, point_id: Number, said: PointChangeIn
) -> object:
    """Change what a point says of itself."""
    row = permits.change_point(
        by=by,
        now=timezone.now(),
        point=_point(by, point_id),
        facts=_facts(by, said),
        version=said.version,
    )
    return _one(by, row)


@router.post("/service-points/{point_id}/close", response=POINT)
@api(WRITE)
def close_service_point(
    request: HttpRequest, by: Actor, point_id: Number, said: PointCloseIn
) -> object:
    """Say from which day it serves no more."""
    row = permits.close_point(
        by=by,
        now=timezone.now(),
        point=_point(by, point_id),
        closed_on=said.closed_on,
        reason=said.reason,
        version=said.version,
    )
    return _one(by, row)


def _offered(point: ServicePoint) -> dict[str, list[str]]:
    rows = list(queries.services_of(point=point))
    return {
        "things": [one.thing.code for one in rows if one.thing],
        "extended": [one.extended.code for one in rows if one.extended],
    }


@router.get("/service-points/{point_id}/services", response={200: PointServicesOut, **PROBLEMS})
@api(READ)
def read_point_services(request: HttpRequest, by: Actor, point_id: Number) -> object:
    """Codes of what a point offers now."""
    return _offered(_point(by, point_id))


@router.put("/service-points/{point_id}/services", response={200: PointServicesOut, **PROBLEMS})
@api(WRITE)
def offer_point_services(
    request: HttpRequest, by: Actor, point_id: Number, said: PointServicesIn
) -> object:
    """Say what a point offers: just these."""
    row = _point(by, point_id)
    permits.offer_services(
        by=by,
        now=timezone.now(),
        point=row,
        things=list(Thing.objects.filter(zone_id=by.zone_id, pk__in=said.things)),
        extended=list(ExtendedService.objects.filter(zone_id=by.zone_id, pk__in=said.extended)),
    )
    return _offered(row)


@router.get("/extended-services", response={200: list[ExtendedServiceOut], **PROBLEMS})
@api(READ)
def list_extended_services(request: HttpRequest, by: Actor) -> object:
    """Kinds of help beyond approvals, also those that ended."""
    return list(queries.extended_services(zone_id=by.zone_id, ended=True))


@router.post("/extended-services", response={200: ExtendedServiceOut, **PROBLEMS})
@api(WRITE)
def add_extended_service(request: HttpRequest, by: Actor, said: ExtendedServiceIn) -> object:
    """Add a kind of help."""
    return permits.add_extended_service(
        by=by, now=timezone.now(), code=said.code, name=said.name, name_en=said.name_en,
        source=said.source,
    )  # fmt: skip


@router.post("/extended-services/{service_id}/end", response={200: ExtendedServiceOut, **PROBLEMS})
@api(WRITE)
def end_extended_service(request: HttpRequest, by: Actor, service_id: Number) -> object:
    """No point offers it any longer."""
    row = found(ExtendedService.objects.filter(zone_id=by.zone_id, pk=service_id).first())
    return permits.end_extended_service(by=by, now=timezone.now(), service=row)


# What is done there ------------------------------------------------------------------------------


@router.post("/service-points/{point_id}/records", response={200: ServiceRecordOut, **PROBLEMS})
@api(WRITE)
def record_point_service(
    request: HttpRequest, by: Actor, point_id: Number, said: ServiceRecordIn
) -> object:
    """Write down that somebody was served."""
    return permits.record_service(
        by=by, now=timezone.now(), point=_point(by, point_id), served=_served(by, said)
    )


@router.get("/licence-uses", response={200: list[LicenceUseOut], **PROBLEMS})
@api(READ)
def list_licence_uses(request: HttpRequest, by: Actor, asked: Query[PointPeriodQuery]) -> object:
    """Uses of e-licences in a period, the latest 500; an enterprise reads its own."""
    wanted = figures.RecordFilter(asked.first, asked.last)
    rows = LicenceUse.objects.filter(zone_id=by.zone_id)
    return list(
        rows.filter(pk__in=figures.uses(zone_id=by.zone_id, wanted=wanted).values("pk"))[:500]
    )


@router.post("/licence-uses", response={200: LicenceUseOut, **PROBLEMS})
@api(WRITE)
def record_licence_use(request: HttpRequest, by: Actor, said: LicenceUseIn) -> object:
    """Write down that an e-licence was shown for a service."""
    licence = None
    if said.licence is not None:
        licence = Licence.objects.filter(zone_id=by.zone_id, pk=said.licence).first()
        if licence is None:
            raise _unknown("licence")
    return permits.record_licence_use(
        by=by,
        now=timezone.now(),
        service=said.service,
        party=_party(by, said.party),
        name=said.name,
        credit_code=said.credit_code,
        licence=licence,
        point=_point(by, said.point) if said.point else None,
        at=_noon(said.on),
    )


# Appointments and numbers ------------------------------------------------------------------------


@router.get("/service-points/{point_id}/slots", response={200: list[PointSlotOut], **PROBLEMS})
@api(READ)
def list_point_slots(request: HttpRequest, by: Actor, point_id: Number) -> object:
    """Times with a place left, the next 200."""
    return list(queries.free_slots(point=_point(by, point_id), now=timezone.now())[:200])


@router.post("/service-points/{point_id}/slots", response={200: PointSlotsMadeOut, **PROBLEMS})
@api(WRITE)
def open_point_slots(
    request: HttpRequest, by: Actor, point_id: Number, said: PointSlotsIn
) -> object:
    """Cut the opening hours of some days into times to book."""
    made = permits.open_point_slots(
        by=by, now=timezone.now(), point=_point(by, point_id), first=said.first, last=said.last,
        minutes=said.minutes, places=said.places,
    )  # fmt: skip
    return {"made": made}


def _book(by: Actor, point: ServicePoint, said: AppointmentIn, party: Party | None) -> object:
    slot: PointSlot | None = queries.slot_of(by=by, point=point, slot_id=said.slot)
    if slot is None:
        raise Refused(_("Choose a time."), field="slot")
    booked = permits.book_appointment(
        by=by, now=timezone.now(), slot=slot, who=said.who, phone=said.phone,
        thing=_thing(by, said.thing), words=said.words, party=party,
    )  # fmt: skip
    return {"appointment": booked.appointment, "token": booked.token}


@router.post("/service-points/{point_id}/appointments", response={200: PointBookedOut, **PROBLEMS})
@api(WRITE)
def book_point_appointment(
    request: HttpRequest, by: Actor, point_id: Number, said: StaffAppointmentIn
) -> object:
    """Book for whoever telephones; an enterprise books for itself."""
    party = _party(by, by.party_ref if by.party_ref else said.party)
    return _book(by, _point(by, point_id), said, party)


def _appointment(by: Actor, appointment_id: int) -> Appointment:
    return found(Appointment.objects.filter(zone_id=by.zone_id, pk=appointment_id).first())


@router.get(
    "/service-points/{point_id}/appointments", response={200: list[AppointmentOut], **PROBLEMS}
)
@api(READ)
def list_point_appointments(
    request: HttpRequest, by: Actor, point_id: Number, on: Day | None = None
) -> object:
    """Appointments of a day, today when left out; an enterprise reads its own."""
    rows = Appointment.objects.filter(zone_id=by.zone_id, point=_point(by, point_id))
    return list(rows.filter(day=on or timezone.localdate()))


@router.post("/appointments/{appointment_id}/cancel", response={200: AppointmentOut, **PROBLEMS})
@api(WRITE)
def cancel_point_appointment(request: HttpRequest, by: Actor, appointment_id: Number) -> object:
    """Give a place back."""
    row = _appointment(by, appointment_id)
    return permits.cancel_appointment(by=by, now=timezone.now(), appointment=row)


@router.post("/appointments/{appointment_id}/miss", response={200: AppointmentOut, **PROBLEMS})
@api(WRITE)
def miss_point_appointment(request: HttpRequest, by: Actor, appointment_id: Number) -> object:
    """Say that they did not come."""
    row = _appointment(by, appointment_id)
    return permits.miss_appointment(by=by, now=timezone.now(), appointment=row)


@router.post("/service-points/{point_id}/numbers", response={200: QueueTicketOut, **PROBLEMS})
@api(WRITE)
def take_number(request: HttpRequest, by: Actor, point_id: Number, said: QueueTicketIn) -> object:
    """Give the next number of the day."""
    booked = _appointment(by, said.appointment) if said.appointment else None
    return permits.take_number(
        by=by, now=timezone.now(), point=_point(by, point_id), appointment=booked,
        words=said.words,
    )  # fmt: skip


@router.post(
    "/service-points/{point_id}/numbers/next", response={200: QueueTicketOut | None, **PROBLEMS}
)
@api(WRITE)
def call_next_number(
    request: HttpRequest, by: Actor, point_id: Number, said: PointWindowIn
) -> object:
    """Call whoever waits longest; null: nobody waits."""
    return permits.call_next_number(
        by=by, now=timezone.now(), point=_point(by, point_id), window=said.window
    )


def _ticket(by: Actor, ticket_id: int) -> QueueTicket:
    return found(queries.ticket_of(by=by, ticket_id=ticket_id))


@router.post("/numbers/{ticket_id}/again", response={200: QueueTicketOut, **PROBLEMS})
@api(WRITE)
def call_number_again(
    request: HttpRequest, by: Actor, ticket_id: Number, said: PointWindowIn
) -> object:
    """Call it once more."""
    return permits.call_number_again(
        by=by, now=timezone.now(), ticket=_ticket(by, ticket_id), window=said.window
    )


@router.post("/numbers/{ticket_id}/skip", response={200: QueueTicketOut, **PROBLEMS})
@api(WRITE)
def skip_number(request: HttpRequest, by: Actor, ticket_id: Number) -> object:
    """Nobody answered the call."""
    return permits.skip_number(by=by, now=timezone.now(), ticket=_ticket(by, ticket_id))


@router.post("/numbers/{ticket_id}/serve", response={200: QueueTicketOut, **PROBLEMS})
@api(WRITE)
def serve_number(request: HttpRequest, by: Actor, ticket_id: Number) -> object:
    """They were served."""
    return permits.serve_number(by=by, now=timezone.now(), ticket=_ticket(by, ticket_id))


# Mandates ----------------------------------------------------------------------------------------


@router.get("/mandates", response={200: list[MandateOut], **PROBLEMS})
@api(READ)
def list_mandates(request: HttpRequest, by: Actor, on: Day | None = None) -> object:
    """Powers of attorney in force on a day, or all, the latest 500; an enterprise reads its own."""
    return list(queries.mandates(zone_id=by.zone_id, on=on)[:500])


@router.post("/mandates", response={200: MandateOut, **PROBLEMS})
@api(WRITE)
def give_mandate(
    request: HttpRequest, by: Actor, said: Form[MandateIn], paper: File[UploadedFile]
) -> object:
    """Keep a signed power of attorney."""
    post = None
    if said.agent_post is not None:
        rows = Post.objects.filter(zone_id=by.zone_id, pk=said.agent_post)
        post = rows.select_related("person").first()
        if post is None:
            raise _unknown("agent_post")
    party = _party(by, said.party)
    if party is None:
        raise _unknown("party")
    return permits.give_mandate(
        by=by,
        now=timezone.now(),
        party=party,
        upload=paper,
        file_name=paper.name or "",
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        agent_post=post,
        agent_party=_party(by, said.agent_party, "agent_party"),
        things=list(Thing.objects.filter(zone_id=by.zone_id, pk__in=said.things)),
        case=_case(by, said.case),
    )


@router.post("/mandates/{mandate_id}/end", response={200: MandateOut, **PROBLEMS})
@api(WRITE)
def end_mandate(request: HttpRequest, by: Actor, mandate_id: Number, said: EndMandateIn) -> object:
    """Take it back."""
    row: AgencyMandate = found(queries.mandate_of(by=by, mandate_id=mandate_id))
    return permits.end_mandate(by=by, now=timezone.now(), mandate=row, reason=said.reason)


# Without signing in ------------------------------------------------------------------------------


@router.get(
    "/public/service-points/{zone_code}",
    response={200: list[PointOut], **WITHOUT_TOKEN},
    auth=None,
)
@key_api(queries.visitor_of, "zone_code", READ)
def list_public_points(
    request: HttpRequest,
    by: Actor,
    zone_code: ZoneCode,
    east: Annotated[float, Field(ge=-180, le=180)] | None = None,
    north: Annotated[float, Field(ge=-90, le=90)] | None = None,
) -> object:
    """Points in service; the nearest first where it is said from where."""
    rows = queries.points(zone_id=by.zone_id, on=timezone.localdate())
    near = (east, north) if east is not None and north is not None else None
    return _shown(by, list(rows), near)


def _public(by: Actor, point_code: str) -> ServicePoint:
    rows = ServicePoint.objects.filter(zone_id=by.zone_id, code=point_code, closed_on__isnull=True)
    return found(rows.first())


@router.get(
    "/public/service-points/{zone_code}/{point_code}/slots",
    response={200: list[PointSlotOut], **WITHOUT_TOKEN},
    auth=None,
)
@key_api(queries.visitor_of, "zone_code", READ)
def list_public_slots(
    request: HttpRequest, by: Actor, zone_code: ZoneCode, point_code: PointCode
) -> object:
    """Times with a place left, the next 200."""
    return list(queries.free_slots(point=_public(by, point_code), now=timezone.now())[:200])


@router.post(
    "/public/service-points/{zone_code}/{point_code}/appointments",
    response={200: PointBookedOut, **WITHOUT_TOKEN},
    auth=None,
)
@key_api(queries.visitor_of, "zone_code")
def book_public_appointment(
    request: HttpRequest, by: Actor, zone_code: ZoneCode, point_code: PointCode, said: AppointmentIn
) -> object:
    """Book a time without an account."""
    return _book(by, _public(by, point_code), said, None)


@router.get(
    "/public/service-points/{zone_code}/{point_code}/calls",
    response={200: PointHallOut, **WITHOUT_TOKEN},
    auth=None,
)
@key_api(queries.visitor_of, "zone_code", READ)
def read_calls(
    request: HttpRequest, by: Actor, zone_code: ZoneCode, point_code: PointCode
) -> object:
    """Numbers called and how many wait, for screens of the hall."""
    return queries.hall_of(by=by, point=_public(by, point_code), day=timezone.localdate())


@router.get(
    "/public/appointments/{token}", response={200: AppointmentOut, **WITHOUT_TOKEN}, auth=None
)
@key_api(queries.find_appointment, "token", READ)
def read_own_appointment(request: HttpRequest, by: Actor, token: Token) -> object:
    """One's own appointment, by its link."""
    return found(queries.appointment_by_key(by=by))


@router.post(
    "/public/appointments/{token}/cancel",
    response={200: AppointmentOut, **WITHOUT_TOKEN},
    auth=None,
)
@key_api(queries.find_appointment, "token")
def cancel_own_appointment(request: HttpRequest, by: Actor, token: Token) -> object:
    """Give one's place back, by its link."""
    row = found(queries.appointment_by_key(by=by))
    return permits.cancel_appointment(by=by, now=timezone.now(), appointment=row)
