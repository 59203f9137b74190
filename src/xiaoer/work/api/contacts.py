"""API of contacts: the calendar, budgets, planning and what becomes of it, the rule."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.models import Contact, ContactRule

router = Router(tags=["contacts"])
M = TypeVar("M", bound=Model)
# What PostgreSQL's bigint holds.
Id = Annotated[int, Field(ge=1, le=9223372036854775807)]


def _with_signs_of_text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("no text holds a zero byte")
    return text


def _sane(day: date) -> date:
    if not queries.FIRST_KEPT <= day.year <= queries.LAST_KEPT:
        raise ValueError("a day of this century")
    return day


Words = Annotated[str, Field(max_length=600), AfterValidator(_with_signs_of_text)]
Day = Annotated[date, AfterValidator(_sane)]
Only = Literal["planned", "done", "merged", "above", "quiet", "without_leave", "refused"]


class ContactOut(Schema):
    """One contact; ``merged_into_id`` where it is made together with another."""

    id: int
    planned_on: date
    from_time: time | None
    until_time: time | None
    minutes: int
    party_id: int
    enterprise: str
    tag: Contact.Tag
    kind: Contact.Kind
    office: str
    person: str | None
    purpose: str
    origin: str
    state: Contact.State
    merged_into_id: int | None
    is_above_quota: bool
    is_on_quiet_day: bool
    reason: str
    allowed_by: str | None
    outcome: str


class ContactPageOut(Schema):
    rows: list[ContactOut]
    after: int | None


class ContactQuery(Schema):
    """The filters of the calendar, from a first to a last day."""

    since: Day
    until: Day
    tag: Contact.Tag | None = None
    office: Id | None = None
    party: Id | None = None
    post: Id | None = None
    only: Only | None = None
    text: Annotated[str, Field(max_length=60), AfterValidator(_with_signs_of_text)] = ""
    size: int = Field(50, ge=1, le=500)
    after: int = Field(0, ge=0, le=100_000)


class BudgetOut(Schema):
    """``quota`` and ``left`` are null where the zone set no rule."""

    party_id: int
    month: date
    quota: int | None
    used: int
    planned: int
    above: int
    left: int | None
    quiet_from: int | None
    quiet_until: int | None


class CostOut(Schema):
    """What one more contact on a day would cost: the budget, the next free day, where it could go."""

    budget: BudgetOut
    is_quiet: bool
    next_free_day: date | None
    candidates: list[ContactOut]


class ContactIn(Schema):
    """``into`` plans it as part of another contact; ``reason`` is a zone leader's, beyond the quota."""

    party_id: Id
    kind: Contact.Kind
    purpose: Words
    planned_on: Day
    tag: Contact.Tag = Contact.Tag.SERVICE
    office: Id | None = None
    post: Id | None = None
    from_time: time | None = None
    until_time: time | None = None
    minutes: int = Field(45, ge=0, le=10_000)
    origin: Words = ""
    reason: Words = ""
    into: Id | None = None


class MadeIn(Schema):
    """A contact that was made without having been planned."""

    party_id: Id
    kind: Contact.Kind
    purpose: Words
    on: Day
    outcome: Words = ""
    reason: Words = ""


class ContactMoveIn(Schema):
    planned_on: Day
    from_time: time | None = None
    until_time: time | None = None
    reason: Words = ""


class ContactIntoIn(Schema):
    into: Id


class ContactReasonIn(Schema):
    reason: Words


class ContactRefuseIn(Schema):
    reason: Words = ""


class ContactMadeIn(Schema):
    """``on`` where it was made on another day than planned."""

    on: Day | None = None
    outcome: Words = ""


class ContactRuleOut(Schema):
    monthly_quota: int
    quiet_from: int | None
    quiet_until: int | None
    source: str
    mark: str
    version: int


class ContactRuleIn(Schema):
    """``version`` is that of the rule as it was read."""

    version: int = Field(ge=0, le=2**31 - 1)
    monthly_quota: int = Field(ge=0, le=10_000)
    quiet_from: int | None = Field(None, ge=-1000, le=1000)
    quiet_until: int | None = Field(None, ge=-1000, le=1000)
    source: Words


class ContactFiguresOut(Schema):
    """What the month's disturbance was; each number opens to its records in the calendar."""

    month: date
    made: int
    planned: int
    merged: int
    above: int
    firms_above: int
    without_leave: int
    on_quiet_days: int
    refused: int
    inspections: int
    asked_twice: int


def one(model: type[M], number: int | None, *, by: Actor, field: str) -> M | None:
    """A row of the asker's zone; one that is not here is refused."""
    if number is None:
        return None
    row = model._default_manager.filter(zone_id=by.zone_id, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


def the_party(by: Actor, number: int) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=number).first())


def _must_read(by: Actor) -> None:
    """Staff and the city read the calendar; an enterprise its own contacts, by row security."""
    if by.role not in {Role.CITY, Role.ENTERPRISE}:
        must_be_staff(by)


def _contact(by: Actor, contact_id: int) -> Contact:
    return found(queries.contact_of(by=by, contact_id=contact_id))


def _out(by: Actor, contact: Contact) -> queries.ContactRow:
    return queries.contact_row(_contact(by, contact.pk))


@router.get("/contacts", response={200: ContactPageOut, **PROBLEMS})
@api(READ)
def list_contacts(request: HttpRequest, by: Actor, asked: Query[ContactQuery]) -> object:
    """Contacts of some days, in the order of the calendar; an enterprise sees its own."""
    _must_read(by)
    filters = queries.ContactFilter(
        since=asked.since,
        until=asked.until,
        tag=asked.tag or "",
        office=asked.office,
        party=asked.party,
        post=asked.post,
        only=asked.only or "",
        text=asked.text,
    )
    return queries.contact_page(by, filters, after=asked.after, size=asked.size)


@router.post("/contacts", response={200: ContactOut, **PROBLEMS})
@api(WRITE)
def plan_contact(request: HttpRequest, by: Actor, what: ContactIn) -> object:
    """Enter a contact in an enterprise's calendar; above its quota only with a leader's reason."""
    must_be_staff(by)
    planned = work.plan_contact(
        by=by,
        now=timezone.now(),
        party=the_party(by, what.party_id),
        kind=what.kind,
        purpose=what.purpose,
        planned_on=what.planned_on,
        tag=what.tag,
        office=one(Office, what.office, by=by, field="office"),
        post=one(Post, what.post, by=by, field="post"),
        from_time=what.from_time,
        until_time=what.until_time,
        minutes=what.minutes,
        origin=what.origin,
        reason=what.reason,
        into=one(Contact, what.into, by=by, field="into"),
    )
    return _out(by, planned)


@router.post("/contacts/made", response={200: ContactOut, **PROBLEMS})
@api(WRITE)
def record_contact(request: HttpRequest, by: Actor, what: MadeIn) -> object:
    """Record a contact that was made without having been planned; it counts."""
    must_be_staff(by)
    made = work.record_contact(
        by=by,
        now=timezone.now(),
        party=the_party(by, what.party_id),
        kind=what.kind,
        purpose=what.purpose,
        on=what.on,
        outcome=what.outcome,
        reason=what.reason,
    )
    return _out(by, made)


@router.get("/contacts/rule", response={200: ContactRuleOut, **PROBLEMS})
@api(READ)
def read_contact_rule(request: HttpRequest, by: Actor) -> ContactRule:
    """The quota and the quiet days, with their source and mark."""
    _must_read(by)
    return found(queries.rule_of(by.zone_id))


@router.put("/contacts/rule", response={200: ContactRuleOut, **PROBLEMS})
@api(WRITE)
def set_contact_rule(request: HttpRequest, by: Actor, new: ContactRuleIn) -> ContactRule:
    """Change the rule for what is planned from now on."""
    return work.set_contact_rule(
        by=by,
        now=timezone.now(),
        version=new.version,
        monthly_quota=new.monthly_quota,
        quiet_from=new.quiet_from,
        quiet_until=new.quiet_until,
        source=new.source,
    )


@router.get("/contacts/figures", response={200: ContactFiguresOut, **PROBLEMS})
@api(READ)
def read_contact_figures(request: HttpRequest, by: Actor, month: Day) -> object:
    """Merged, above quota, asked twice: of the month a day lies in."""
    if by.role != Role.CITY:
        must_be_staff(by)
    return queries.contact_figures(by, month)


@router.get("/enterprises/{party_id}/contact-cost", response={200: CostOut, **PROBLEMS})
@api(READ)
def read_contact_cost(request: HttpRequest, by: Actor, party_id: Id, day: Day) -> dict[str, Any]:
    """What one more contact on a day would cost an enterprise."""
    _must_read(by)
    party = the_party(by, party_id)
    budget = queries.contact_budget(by, party.pk, day)
    return {
        "budget": budget,
        "is_quiet": budget.is_quiet(day),
        "next_free_day": queries.next_free_day(by=by, party=party, since=day),
        "candidates": queries.merge_candidates(by=by, party=party, day=day),
    }


@router.get("/contacts/{contact_id}", response={200: ContactOut, **PROBLEMS})
@api(READ)
def read_contact(request: HttpRequest, by: Actor, contact_id: Id) -> object:
    """One contact."""
    _must_read(by)
    return queries.contact_row(_contact(by, contact_id))


@router.post("/contacts/{contact_id}/move", response={200: ContactOut, **PROBLEMS})
@api(WRITE)
def move_contact(request: HttpRequest, by: Actor, contact_id: Id, to: ContactMoveIn) -> object:
    """Put a planned contact on another day."""
    must_be_staff(by)
    moved = work.move_contact(
        by=by,
        now=timezone.now(),
        contact=_contact(by, contact_id),
        planned_on=to.planned_on,
        from_time=to.from_time,
        until_time=to.until_time,
        reason=to.reason,
    )
    return _out(by, moved)


@router.post("/contacts/{contact_id}/merge", response={200: ContactOut, **PROBLEMS})
@api(WRITE)
def merge_contacts(request: HttpRequest, by: Actor, contact_id: Id, to: ContactIntoIn) -> object:
    """Make a contact together with another of the same enterprise and month."""
    must_be_staff(by)
    row, into = _contact(by, contact_id), _contact(by, to.into)
    return _out(by, work.merge_contacts(by=by, now=timezone.now(), contact=row, into=into))


@router.post("/contacts/{contact_id}/cancel", response={200: ContactOut, **PROBLEMS})
@api(WRITE)
def cancel_contact(request: HttpRequest, by: Actor, contact_id: Id, why: ContactReasonIn) -> object:
    """Call a planned contact off."""
    must_be_staff(by)
    row = _contact(by, contact_id)
    return _out(by, work.cancel_contact(by=by, now=_now(), contact=row, reason=why.reason))


def _now() -> datetime:
    return timezone.now()


@router.post("/contacts/{contact_id}/refuse", response={200: ContactOut, **PROBLEMS})
@api(WRITE)
def refuse_contact(request: HttpRequest, by: Actor, contact_id: Id, why: ContactRefuseIn) -> object:
    """The enterprise does not want it: by its own call, or told to whoever planned it."""
    _must_read(by)
    row = _contact(by, contact_id)
    return _out(by, work.refuse_contact(by=by, now=_now(), contact=row, reason=why.reason))


@router.post("/contacts/{contact_id}/finish", response={200: ContactOut, **PROBLEMS})
@api(WRITE)
def finish_contact(request: HttpRequest, by: Actor, contact_id: Id, made: ContactMadeIn) -> object:
    """Say that a planned contact was made."""
    must_be_staff(by)
    row = _contact(by, contact_id)
    return _out(
        by,
        work.finish_contact(by=by, now=_now(), contact=row, outcome=made.outcome, on=made.on),
    )


@router.post("/contacts/{contact_id}/explain", response={200: ContactOut, **PROBLEMS})
@api(WRITE)
def explain_contact(
    request: HttpRequest, by: Actor, contact_id: Id, why: ContactReasonIn
) -> object:
    """Give the reason of a contact made beyond the quota; a leader's is leave given afterwards."""
    must_be_staff(by)
    row = _contact(by, contact_id)
    return _out(by, work.explain_contact(by=by, now=_now(), contact=row, reason=why.reason))
