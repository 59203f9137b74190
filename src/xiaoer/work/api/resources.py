"""API of limited resources: what there is, who takes it, conflicts, and all plans laid out."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from xiaoer.base import queries as base
from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work import plan_access, queries
from xiaoer.work.api.contacts import Id, Words
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Levelling, Resource

router = Router(tags=["resources"])
Count = Annotated[int, Field(ge=0, le=32767)]


class ResourceOut(Schema):
    """One resource; ``capacity`` is how many there are at the same time."""

    id: int
    code: str
    name: str
    name_en: str
    capacity: int
    office_id: int | None
    source: str
    mark: str
    ended_on: date | None
    version: int


class ResourceIn(Schema):
    """``version``: 0 to add one, else the version that was read."""

    code: Words
    name: Words
    name_en: Words = ""
    capacity: Count
    office_id: Id | None = None
    source: Words
    version: Count = 0


class ResourceEndIn(Schema):
    version: Count


class ClaimOut(Schema):
    """A step that takes of a resource; ``float_days`` calendar days it can wait."""

    plan_id: int
    plan: str
    step_id: int
    step: str
    resource: str
    units: int
    starts_on: date
    ends_on: date
    promised_on: date
    float_days: int | None
    is_planned: bool
    has_started: bool


class ResourceConflictOut(Schema):
    """Days on which more is wanted than there is; first whoever can wait least."""

    resource: str
    name: str
    since: date
    until: date
    wanted: int
    capacity: int
    claims: list[ClaimOut]


class ResourceLoadOut(Schema):
    """Who takes of a resource, and the most wanted on one day of each of the coming weeks."""

    resource: ResourceOut
    claims: list[ClaimOut]
    weeks: list[date]
    load: list[int]


class LevellingIn(Schema):
    seconds: Annotated[int, Field(ge=0, le=32767)] = work.LEVELLING_SECONDS


class LevelledPlanOut(Schema):
    """A plan's end under the limits, and with enough of everything."""

    plan_id: int
    plan: str
    promised_on: date
    unlimited_on: date
    ends_on: date
    late_days: int
    held_up_days: int


class LevellingOut(Schema):
    """How far a search is. ``cost``: working days by which plans end later than without limits, a
    day beyond the promised one a hundred times; it cannot be less than ``bound``."""

    id: int
    state: Levelling.State
    percent: int
    plans: int
    better: int
    cost: int | None
    bound: int
    beyond: list[int]
    wants_stop: bool
    is_stopped: bool
    message: str
    asked_at: datetime
    finished_at: datetime | None
    taken_at: datetime | None


class LevellingResultOut(Schema):
    """What a levelling comes to on the plans as they are now."""

    levelling: LevellingOut
    conflicts_before: int
    conflicts_after: int
    late: int
    late_anyhow: int
    plans: list[LevelledPlanOut]


@router.get("/resources", response={200: list[ResourceLoadOut], **PROBLEMS})
@api(READ)
def read_resources(request: HttpRequest, by: Actor) -> object:
    """Every resource with who takes it when, and its load of the coming half year."""
    plan_access.must_read_all_plans(by)
    return queries.resource_views(by.zone_id, timezone.now().astimezone(LOCAL).date())


@router.get("/resources/conflicts", response={200: list[ResourceConflictOut], **PROBLEMS})
@api(READ)
def read_resource_conflicts(request: HttpRequest, by: Actor) -> object:
    """Where more is wanted of a resource than there is, over all open plans."""
    plan_access.must_read_all_plans(by)
    return queries.resource_conflicts(by.zone_id)


@router.post("/resources", response={200: ResourceOut, **PROBLEMS})
@api(WRITE)
def keep_resource(request: HttpRequest, by: Actor, what: ResourceIn) -> Resource:
    """Add a resource, or change the one with this code."""
    must_be_staff(by)
    office = None
    if what.office_id is not None:
        office = base.offices(zone_id=by.zone_id).filter(pk=what.office_id).first()
        if office is None:
            raise Refused(_("There is no such office here."), field="office_id")
    given = what.dict(exclude={"office_id"})
    return work.keep_resource(by=by, now=timezone.now(), office=office, **given)


@router.post("/resources/{resource_id}/end", response={200: ResourceOut, **PROBLEMS})
@api(WRITE)
def end_resource(request: HttpRequest, by: Actor, resource_id: Id, what: ResourceEndIn) -> Resource:
    """From today on it limits nobody."""
    must_be_staff(by)
    row = found(queries.resource_by_number(by, resource_id))
    return work.end_resource(by=by, now=timezone.now(), resource=row, version=what.version)


@router.post("/levellings", response={200: LevellingOut, **PROBLEMS})
@api(WRITE)
def ask_for_levelling(request: HttpRequest, by: Actor, what: LevellingIn) -> object:
    """Ask that all open plans be laid out; a job searches. Look how far it is until it is done."""
    must_be_staff(by)
    row = work.ask_for_levelling(by=by, now=timezone.now(), seconds=what.seconds)
    return _levelling_out(row)


@router.get("/levellings/{levelling_id}", response={200: LevellingOut, **PROBLEMS})
@api(READ)
def read_levelling(request: HttpRequest, by: Actor, levelling_id: Id) -> object:
    """How far a search is, and what the best so far costs."""
    plan_access.must_read_all_plans(by)
    return _levelling_out(found(queries.levelling_by_number(by, levelling_id)))


@router.get("/levellings/{levelling_id}/result", response={200: LevellingResultOut, **PROBLEMS})
@api(READ)
def read_levelling_result(request: HttpRequest, by: Actor, levelling_id: Id) -> object:
    """What the best found comes to on the plans as they are now, plan by plan."""
    plan_access.must_read_all_plans(by)
    row = found(queries.levelling_by_number(by, levelling_id))
    result = queries.levelling_result(row, today=timezone.now().astimezone(LOCAL).date())
    return {
        "levelling": _levelling_out(row),
        "conflicts_before": result.conflicts_before,
        "conflicts_after": result.conflicts_after,
        "late": result.late,
        "late_anyhow": result.late_anyhow,
        "plans": [
            {
                "plan_id": line.plan_id,
                "plan": line.plan,
                **{
                    name: getattr(line.ending, name)
                    for name in LevelledPlanOut.model_fields
                    if name not in {"plan_id", "plan"}
                },
            }
            for line in result.lines
        ],
    }


@router.post("/levellings/{levelling_id}/stop", response={200: LevellingOut, **PROBLEMS})
@api(WRITE)
def stop_levelling(request: HttpRequest, by: Actor, levelling_id: Id) -> object:
    """Stop a search; the best so far stays."""
    must_be_staff(by)
    row = found(queries.levelling_by_number(by, levelling_id))
    return _levelling_out(work.stop_levelling(by=by, now=timezone.now(), levelling=row))


@router.post("/levellings/{levelling_id}/take", response={200: LevellingOut, **PROBLEMS})
@api(WRITE)
def take_levelling(request: HttpRequest, by: Actor, levelling_id: Id) -> object:
    """Write the planned days of all open steps."""
    must_be_staff(by)
    row = found(queries.levelling_by_number(by, levelling_id))
    return _levelling_out(work.take_levelling(by=by, now=timezone.now(), levelling=row))


def _levelling_out(row: Levelling) -> dict[str, object]:
    names = set(LevellingOut.model_fields) - {"is_stopped"}
    return {
        **{name: getattr(row, name) for name in names},
        "is_stopped": queries.levelling_stands_still(row, timezone.now()),
    }
