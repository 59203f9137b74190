"""API of elements and of what the zone promised."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.base.api.shapes import Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import element_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import (
    ELEMENT_UNITS,
    ElementKind,
    ElementNeed,
    Project,
    ZonePromise,
)
from xiaoer.projects.queries import NeedFilter, PromiseFilter
from xiaoer.registry.models import Party
from xiaoer.work.queries import matter_by_number

router = Router(tags=["elements"])


class DayMoveOut(Schema):
    """A day that was said before, and why it moved."""

    before_on: date
    promised_on: date
    reason: str
    at: datetime


class NeedOut(Schema):
    """``amount`` and ``ready_amount`` in ``unit``; ``light`` as of today."""

    id: int
    version: int
    project_id: int | None
    party_id: int | None
    kind: ElementKind
    what: str
    amount: Decimal | None
    ready_amount: Decimal | None
    unit: str
    is_standard_land: bool
    needed_on: date
    promised_on: date | None
    is_zone_promise: bool
    ready_on: date | None
    state: ElementNeed.State
    office_id: int | None
    post_id: int | None
    answerer: str
    note: str
    light: str


class NeedWithMovesOut(NeedOut):
    moves: list[DayMoveOut]


class NeedsIn(Schema):
    """The filters of the page."""

    state: Literal["open", "ready", "dropped", "all"] = "open"
    kind: ElementKind | None = None
    light: Literal["", "red", "amber", "green", "grey"] = ""
    office: Number | None = None
    words: Word = ""


class ElementSolvedOut(Schema):
    """For how many firms an element came in the period, and how much, to the last decimal."""

    kind: ElementKind
    since: date
    until: date
    firms: int
    amount: Decimal
    unit: str


class ElementSolvedIn(Schema):
    kind: ElementKind
    since: Day
    until: Day


def _out(need: ElementNeed, light: str) -> dict[str, Any]:
    plain = (
        "version", "project_id", "party_id", "kind", "what", "amount", "ready_amount",
        "is_standard_land", "needed_on", "promised_on", "is_zone_promise", "ready_on", "state",
        "office_id", "post_id", "answerer", "note",
    )  # fmt: skip
    return {
        "id": need.pk,
        "unit": str(ELEMENT_UNITS[ElementKind(need.kind)]),
        "light": light,
        **{name: getattr(need, name) for name in plain},
    }


def _one(need: ElementNeed) -> dict[str, Any]:
    near = queries.near_days(need.zone_id)
    return {
        **_out(need, queries.need_light(need, timezone.localdate(), near)),
        "moves": queries.moves_of(need),
    }


@router.get("/projects/elements", response={200: list[NeedOut], **PROBLEMS})
@api(READ)
def list_needs(request: HttpRequest, by: Actor, asked: Query[NeedsIn]) -> object:
    """What is needed over all projects and firms, red first."""
    access.must_read_projects(by)
    filters = NeedFilter(asked.state, asked.kind or "", asked.light, asked.office, asked.words)
    rows = queries.needs(by=by, filters=filters, today=timezone.localdate())
    return [_out(one.need, one.light) for one in rows]


# Before the address with a number, which would take it for one.
@router.get("/projects/elements/solved", response={200: ElementSolvedOut, **PROBLEMS})
@api(READ)
def read_solved(request: HttpRequest, by: Actor, asked: Query[ElementSolvedIn]) -> object:
    """Land, money and other elements that came in a period."""
    access.must_read_projects(by)
    firms, amount = queries.solved_elements(by.zone_id, asked.kind, asked.since, asked.until)
    return {
        **asked.dict(),
        "firms": firms,
        "amount": amount,
        "unit": str(ELEMENT_UNITS[asked.kind]),
    }


class NeedIn(Schema):
    """Of a project, or of a firm; ``matter_id`` is that of the request it was heard in."""

    project_id: Number | None = None
    party_id: Number | None = None
    kind: ElementKind
    what: Line
    amount: Decimal | None = None
    is_standard_land: bool = False
    needed_on: Day
    office_id: Number | None = None
    post_id: Number | None = None
    answerer: Word = ""
    note: str = Field(default="", max_length=500)
    matter_id: Number | None = None


@router.post("/projects/elements", response={200: NeedWithMovesOut, **PROBLEMS})
@api(WRITE)
def ask_element(request: HttpRequest, by: Actor, what: NeedIn) -> object:
    """Register what a project or a firm waits for."""
    need = projects.ask_element(
        by=by,
        now=timezone.now(),
        kind=what.kind,
        what=what.what,
        needed_on=what.needed_on,
        project=project_of(by, what.project_id),
        party=party_of(by, what.party_id),
        amount=what.amount,
        is_standard_land=what.is_standard_land,
        office=office_of(by, what.office_id),
        post=post_of(by, what.post_id),
        answerer=what.answerer,
        note=what.note,
        origin=found(matter_by_number(by, what.matter_id)) if what.matter_id else None,
    )
    return _one(need)


@router.get("/projects/elements/{need_id}", response={200: NeedWithMovesOut, **PROBLEMS})
@api(READ)
def read_need(request: HttpRequest, by: Actor, need_id: Number) -> object:
    """One need with every day that was said for it; an enterprise reads its own."""
    return _one(_need(by, need_id))


class NeedChangeIn(Schema):
    what: Line
    amount: Decimal | None = None
    is_standard_land: bool = False
    needed_on: Day
    office_id: Number | None = None
    post_id: Number | None = None
    answerer: Word = ""
    note: str = Field(default="", max_length=500)
    version: Number


@router.post("/projects/elements/{need_id}/change", response={200: NeedWithMovesOut, **PROBLEMS})
@api(WRITE)
def change_need(request: HttpRequest, by: Actor, need_id: Number, what: NeedChangeIn) -> object:
    """Correct what is needed, by when, or who answers."""
    need = projects.change_need(
        by=by,
        now=timezone.now(),
        need=_need(by, need_id),
        what=what.what,
        needed_on=what.needed_on,
        amount=what.amount,
        is_standard_land=what.is_standard_land,
        office=office_of(by, what.office_id),
        post=post_of(by, what.post_id),
        answerer=what.answerer,
        note=what.note,
        version=what.version,
    )
    return _one(need)


class ElementDayIn(Schema):
    """A day promised; another than before needs the reason."""

    on: Day
    reason: str = Field(default="", max_length=300)
    is_zone_promise: bool | None = None
    version: Number | None = None


@router.post("/projects/elements/{need_id}/promise", response={200: NeedWithMovesOut, **PROBLEMS})
@api(WRITE)
def promise_element(request: HttpRequest, by: Actor, need_id: Number, what: ElementDayIn) -> object:
    """Promise the day it will be there."""
    return _one(
        projects.promise_element(by=by, now=timezone.now(), need=_need(by, need_id), **what.dict())
    )


class ElementReadyIn(Schema):
    """How much came, in the unit of its kind; without, what was asked for."""

    on: Day
    amount: Decimal | None = None
    is_standard_land: bool | None = None
    note: str = Field(default="", max_length=500)
    version: Number | None = None


@router.post("/projects/elements/{need_id}/ready", response={200: NeedWithMovesOut, **PROBLEMS})
@api(WRITE)
def ready_element(request: HttpRequest, by: Actor, need_id: Number, what: ElementReadyIn) -> object:
    """Say that it is there; the steps of the plan that waited are free."""
    return _one(
        projects.ready_element(by=by, now=timezone.now(), need=_need(by, need_id), **what.dict())
    )


class ElementReasonIn(Schema):
    reason: str = Field(max_length=300)
    version: Number | None = None


@router.post("/projects/elements/{need_id}/drop", response={200: NeedWithMovesOut, **PROBLEMS})
@api(WRITE)
def drop_need(request: HttpRequest, by: Actor, need_id: Number, what: ElementReasonIn) -> object:
    """Say that it is not needed any more."""
    return _one(
        projects.drop_need(by=by, now=timezone.now(), need=_need(by, need_id), **what.dict())
    )


class ZonePromiseOut(Schema):
    id: int
    version: int
    project_id: int | None
    party_id: int | None
    what: str
    promised_on: date
    first_promised_on: date
    document: str
    office_id: int | None
    post_id: int | None
    kept_on: date | None
    withdrawn_on: date | None
    note: str
    light: str


class ZonePromiseWithMovesOut(ZonePromiseOut):
    moves: list[DayMoveOut]


class ZonePromisesIn(Schema):
    state: Literal["open", "kept", "withdrawn", "all"] = "open"
    light: Literal["", "red", "amber", "green", "grey"] = ""
    office: Number | None = None
    words: Word = ""


def _promise_out(row: ZonePromise, light: str) -> dict[str, Any]:
    plain = (
        "version", "project_id", "party_id", "what", "promised_on", "first_promised_on",
        "document", "office_id", "post_id", "kept_on", "withdrawn_on", "note",
    )  # fmt: skip
    return {"id": row.pk, "light": light, **{name: getattr(row, name) for name in plain}}


def _one_promise(row: ZonePromise) -> dict[str, Any]:
    near = queries.near_days(row.zone_id)
    return {
        **_promise_out(row, queries.promise_light(row, timezone.localdate(), near)),
        "moves": queries.moves_of(row),
    }


@router.get("/projects/promises", response={200: list[ZonePromiseOut], **PROBLEMS})
@api(READ)
def list_promises(request: HttpRequest, by: Actor, asked: Query[ZonePromisesIn]) -> object:
    """What the zone promised over all projects and firms, red first."""
    access.must_read_projects(by)
    filters = PromiseFilter(asked.state, asked.light, asked.office, asked.words)
    rows = queries.zone_promises(by=by, filters=filters, today=timezone.localdate())
    return [_promise_out(one.promise, one.light) for one in rows]


class ZonePromiseIn(Schema):
    project_id: Number | None = None
    party_id: Number | None = None
    what: Line
    promised_on: Day
    document: Line = ""
    office_id: Number | None = None
    post_id: Number | None = None
    note: str = Field(default="", max_length=500)


@router.post("/projects/promises", response={200: ZonePromiseWithMovesOut, **PROBLEMS})
@api(WRITE)
def promise_for_zone(request: HttpRequest, by: Actor, what: ZonePromiseIn) -> object:
    """Write down what the zone promised."""
    row = projects.promise_for_zone(
        by=by,
        now=timezone.now(),
        what=what.what,
        promised_on=what.promised_on,
        project=project_of(by, what.project_id),
        party=party_of(by, what.party_id),
        document=what.document,
        office=office_of(by, what.office_id),
        post=post_of(by, what.post_id),
        note=what.note,
    )
    return _one_promise(row)


@router.get("/projects/promises/{promise_id}", response={200: ZonePromiseWithMovesOut, **PROBLEMS})
@api(READ)
def read_promise(request: HttpRequest, by: Actor, promise_id: Number) -> object:
    """One promise with every day it had; an enterprise reads its own."""
    return _one_promise(_promise(by, promise_id))


class PromiseKeptIn(Schema):
    on: Day
    note: str = Field(default="", max_length=500)
    version: Number | None = None


@router.post(
    "/projects/promises/{promise_id}/keep", response={200: ZonePromiseWithMovesOut, **PROBLEMS}
)
@api(WRITE)
def keep_promise(
    request: HttpRequest, by: Actor, promise_id: Number, what: PromiseKeptIn
) -> object:
    """Say that it was kept."""
    return _one_promise(
        projects.keep_promise(
            by=by, now=timezone.now(), promise=_promise(by, promise_id), **what.dict()
        )
    )


class PromiseMoveIn(Schema):
    on: Day
    reason: str = Field(max_length=300)
    version: Number | None = None


@router.post(
    "/projects/promises/{promise_id}/move", response={200: ZonePromiseWithMovesOut, **PROBLEMS}
)
@api(WRITE)
def move_zone_promise(
    request: HttpRequest, by: Actor, promise_id: Number, what: PromiseMoveIn
) -> object:
    """Set another day, with the reason."""
    return _one_promise(
        projects.move_zone_promise(
            by=by, now=timezone.now(), promise=_promise(by, promise_id), **what.dict()
        )
    )


@router.post(
    "/projects/promises/{promise_id}/withdraw",
    response={200: ZonePromiseWithMovesOut, **PROBLEMS},
)
@api(WRITE)
def withdraw_promise(
    request: HttpRequest, by: Actor, promise_id: Number, what: ElementReasonIn
) -> object:
    """Take it back, with the reason."""
    return _one_promise(
        projects.withdraw_promise(
            by=by, now=timezone.now(), promise=_promise(by, promise_id), **what.dict()
        )
    )


def _need(by: Actor, need_id: int) -> ElementNeed:
    return found(queries.need_by_id(by, need_id))


def _promise(by: Actor, promise_id: int) -> ZonePromise:
    return found(queries.promise_by_id(by, promise_id))


def project_of(by: Actor, key: int | None) -> Project | None:
    if key is None:
        return None
    return found(Project.objects.filter(zone_id=by.zone_id, pk=key).first())


def party_of(by: Actor, key: int | None) -> Party | None:
    if key is None:
        return None
    return found(Party.objects.filter(zone_id=by.zone_id, pk=key).first())


def office_of(by: Actor, key: int | None) -> Office | None:
    if key is None:
        return None
    return found(Office.objects.filter(zone_id=by.zone_id, pk=key).first())


def post_of(by: Actor, key: int | None) -> Post | None:
    if key is None:
        return None
    return found(Post.objects.filter(zone_id=by.zone_id, pk=key).select_related("office").first())
