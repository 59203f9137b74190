"""API of lists of projects, the five elements, the five mechanisms, batches and moves."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile
from pydantic import StringConstraints

from xiaoer.base.api.shapes import Day, Line, NameEn, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Zone
from xiaoer.base.scope import Actor
from xiaoer.projects import access, queries
from xiaoer.projects import actions as projects
from xiaoer.projects.actions import ActFacts, BatchFacts, ListFacts
from xiaoer.projects.api.reserve import (
    ProjectOut,
    ProjectQuery,
    Reason,
    here,
    one_of,
    shown_project,
)
from xiaoer.projects.models import (
    BatchedProject,
    ChainStep,
    Element,
    HandOver,
    ListPlace,
    ListSheet,
    MechanismAct,
    Project,
    ProjectList,
    Stage,
)
from xiaoer.registry.models import Party

router = Router(tags=["projects"])
Name = Annotated[
    str, StringConstraints(max_length=80, strip_whitespace=True, pattern=r"^[^\u0000]*$")
]
YearNo = Annotated[int, Field(ge=1990, le=2100)]


class ProjectListOut(Schema):
    id: int
    version: int
    code: str
    name: str
    name_en: str
    level: ProjectList.Level
    year: int
    subject: str
    document: str
    ended_on: date | None


class ProjectListIn(Schema):
    name: Name
    level: ProjectList.Level
    year: YearNo
    code: Word = ""
    name_en: NameEn = ""
    subject: Annotated[str, StringConstraints(max_length=30, pattern=r"^[\w-]*$")] = ""
    document: Line = ""


class ProjectListChangeIn(ProjectListIn):
    ended_on: Day | None = None
    version: int


class ListPlaceOut(Schema):
    id: int
    list_id: int
    project_id: int
    since: date
    until: date | None
    why: str


class ListPlaceIn(Schema):
    project: Number
    since: Day


class ListPlaceEndIn(Schema):
    until: Day
    why: Line


class ListSheetOut(Schema):
    id: int
    project_list_id: int
    file_name: str
    state: ListSheet.State
    since: date
    rows: list[dict[str, Any]]
    created: int
    unchanged: int
    rejected: int


class ListSheetChoiceIn(Schema):
    row_no: int
    project: Number


class ChainStepOut(Schema):
    id: int
    project_id: int
    element: Element
    state: ChainStep.State
    since: date
    until: date | None
    outcome: str


class ChainStepIn(Schema):
    element: Element
    state: ChainStep.State = ChainStep.State.RUNNING
    on: Day | None = None
    outcome: Reason = ""


class ChainColumnOut(Schema):
    element: Element
    running: int
    done: int
    stopped: int


class MechanismActOut(Schema):
    id: int
    kind: MechanismAct.Kind
    is_penalty: bool
    project_id: int | None
    party_id: int | None
    on: date
    what: str
    outcome: str
    office_id: int | None
    withdrawn_at: datetime | None
    withdrawn_why: str


class MechanismActIn(Schema):
    kind: MechanismAct.Kind
    on: Day
    what: Reason
    outcome: Reason = ""
    is_penalty: bool = False
    office: Number | None = None
    project: Number | None = None
    party: Number | None = None


class MechanismQuery(Schema):
    since: Day
    until: Day
    kind: MechanismAct.Kind | None = None


class MechanismCountOut(Schema):
    kind: MechanismAct.Kind
    acts: int
    projects: int
    parties: int
    penalties: int


class ProjectWhyIn(Schema):
    why: Line


class StageBatchOut(Schema):
    id: int
    stage: Stage
    name: str
    held_on: date
    place: str
    note: str
    counted: int
    money: int


class StageBatchIn(Schema):
    stage: Stage
    name: Name
    held_on: Day
    place: Line = ""
    note: Reason = ""


class BatchedIn(Schema):
    projects: list[Number] = Field(min_length=1, max_length=200)


class BatchedOut(Schema):
    id: int
    batch_id: int
    project_id: int
    removed_at: datetime | None
    removed_why: str


class HandOverOut(Schema):
    """A project that moves: what was known of it stands in ``summary``."""

    id: int
    direction: HandOver.Direction
    other_zone: str
    project_id: int | None
    name: str
    summary: dict[str, Any]
    reason: str
    state: HandOver.State
    asked_at: datetime
    decided_why: str

    @staticmethod
    def resolve_other_zone(row: HandOver) -> str:
        return row.other_zone.code


class HandOverIn(Schema):
    zone: Word = Field(description="the code of the other zone")
    reason: Reason


class HandOverDecisionIn(Schema):
    is_granted: bool
    why: Reason = ""


# Lists --------------------------------------------------------------------------------------------


def _list(by: Actor, list_id: int) -> ProjectList:
    return found(queries.project_list(zone_id=by.zone_id, list_id=list_id))


@router.get("/project-lists", response={200: list[ProjectListOut], **PROBLEMS})
@api(READ)
def list_project_lists(request: HttpRequest, by: Actor) -> object:
    """The lists of projects in force."""
    access.must_read_projects(by)
    return list(queries.project_lists(zone_id=by.zone_id))


@router.post("/project-lists", response={200: ProjectListOut, **PROBLEMS})
@api(WRITE)
def open_list(request: HttpRequest, by: Actor, said: ProjectListIn) -> object:
    """Open a list of a year and a level."""
    return projects.open_list(by=by, now=timezone.now(), facts=ListFacts(**said.dict()))


@router.post("/project-lists/{int:list_id}/change", response={200: ProjectListOut, **PROBLEMS})
@api(WRITE)
def change_list(
    request: HttpRequest, by: Actor, list_id: Number, said: ProjectListChangeIn
) -> object:
    """Correct a list, or end it."""
    access.must_be_staff(by)
    return projects.change_list(
        by=by,
        now=timezone.now(),
        project_list=_list(by, list_id),
        facts=ListFacts(**said.dict(exclude={"ended_on", "version"})),
        ended_on=said.ended_on,
        version=said.version,
    )


@router.get("/project-lists/{int:list_id}/places", response={200: list[ListPlaceOut], **PROBLEMS})
@api(READ)
def list_places(request: HttpRequest, by: Actor, list_id: Number) -> object:
    """Who stands on a list and who left it."""
    access.must_read_projects(by)
    return list(queries.places_of(_list(by, list_id)))


@router.post("/project-lists/{int:list_id}/places", response={200: ListPlaceOut, **PROBLEMS})
@api(WRITE)
def put_on_list(request: HttpRequest, by: Actor, list_id: Number, said: ListPlaceIn) -> object:
    """Put a project on a list."""
    access.must_be_staff(by)
    return projects.put_on_list(
        by=by,
        now=timezone.now(),
        project_list=_list(by, list_id),
        project=here(by, said.project),
        since=said.since,
    )


@router.post("/list-places/{int:place_id}/end", response={200: ListPlaceOut, **PROBLEMS})
@api(WRITE)
def take_off_list(
    request: HttpRequest, by: Actor, place_id: Number, said: ListPlaceEndIn
) -> object:
    """Take a project off a list."""
    place = found(ListPlace.objects.filter(zone_id=by.zone_id, pk=place_id).first())
    return projects.take_off_list(by=by, now=timezone.now(), place=place, **said.dict())


@router.post("/project-lists/{int:list_id}/sheets", response={200: ListSheetOut, **PROBLEMS})
@api(WRITE)
def preview_list(
    request: HttpRequest, by: Actor, list_id: Number, sheet: File[UploadedFile], since: Form[Day]
) -> object:
    """Read a sheet of a list and say which project each row means."""
    access.must_be_staff(by)
    return projects.preview_list(
        by=by,
        now=timezone.now(),
        project_list=_list(by, list_id),
        stream=sheet,
        file_name=(sheet.name or "sheet").replace("\x00", ""),
        since=since,
    )


def _sheet(by: Actor, sheet_id: int) -> ListSheet:
    access.must_be_staff(by)
    return found(ListSheet.objects.filter(zone_id=by.zone_id, pk=sheet_id).first())


@router.post("/list-sheets/{int:sheet_id}/choose", response={200: ListSheetOut, **PROBLEMS})
@api(WRITE)
def choose_listed(
    request: HttpRequest, by: Actor, sheet_id: Number, said: ListSheetChoiceIn
) -> object:
    """Say which project a row means."""
    return projects.choose_listed(
        by=by,
        now=timezone.now(),
        sheet=_sheet(by, sheet_id),
        row_no=said.row_no,
        project=here(by, said.project),
    )


@router.post("/list-sheets/{int:sheet_id}/commit", response={200: ListSheetOut, **PROBLEMS})
@api(WRITE)
def commit_list(request: HttpRequest, by: Actor, sheet_id: Number) -> object:
    """Put the projects of the good rows on the list."""
    return projects.commit_list(by=by, now=timezone.now(), sheet=_sheet(by, sheet_id))


# The five elements and the five mechanisms --------------------------------------------------------


@router.get("/projects/chain", response={200: list[ChainColumnOut], **PROBLEMS})
@api(READ)
def read_chain_board(request: HttpRequest, by: Actor, asked: Query[ProjectQuery]) -> object:
    """How many projects are in each of the five elements."""
    access.must_read_projects(by)
    return queries.chain_board(zone_id=by.zone_id, filters=asked.filters(), on=timezone.localdate())


@router.get("/projects/{int:project_id}/chain", response={200: list[ChainStepOut], **PROBLEMS})
@api(READ)
def list_chain(request: HttpRequest, by: Actor, project_id: Number) -> object:
    """A project's way through the five elements."""
    return list(here(by, project_id).chain.all())


@router.post("/projects/{int:project_id}/chain", response={200: ChainStepOut, **PROBLEMS})
@api(WRITE)
def note_chain(request: HttpRequest, by: Actor, project_id: Number, said: ChainStepIn) -> object:
    """Say where a project stands in one element."""
    return projects.note_chain(
        by=by, now=timezone.now(), project=here(by, project_id), **said.dict()
    )


@router.get("/mechanism-acts", response={200: list[MechanismActOut], **PROBLEMS})
@api(READ)
def list_acts(request: HttpRequest, by: Actor, asked: Query[MechanismQuery]) -> object:
    """What was done under the five mechanisms in a period; the latest 500."""
    access.must_read_projects(by)
    return list(
        queries.acts(
            zone_id=by.zone_id, since=asked.since, until=asked.until, kind=asked.kind or ""
        )[:500]
    )


@router.get("/mechanism-counts", response={200: list[MechanismCountOut], **PROBLEMS})
@api(READ)
def count_acts(request: HttpRequest, by: Actor, asked: Query[MechanismQuery]) -> object:
    """How often each mechanism was used in a period."""
    access.must_read_projects(by)
    return queries.act_counts(zone_id=by.zone_id, since=asked.since, until=asked.until)


@router.post("/mechanism-acts", response={200: MechanismActOut, **PROBLEMS})
@api(WRITE)
def record_act(request: HttpRequest, by: Actor, said: MechanismActIn) -> object:
    """Write down one thing done under one of the five mechanisms."""
    access.must_be_staff(by)
    return projects.record_act(
        by=by,
        now=timezone.now(),
        facts=ActFacts(
            **said.dict(exclude={"project", "party", "office"}),
            office=one_of(Office, said.office, by, "office"),
        ),
        project=one_of(Project, said.project, by, "project"),
        party=one_of(Party, said.party, by, "party"),
    )


@router.post("/mechanism-acts/{int:act_id}/withdraw", response={200: MechanismActOut, **PROBLEMS})
@api(WRITE)
def withdraw_act(request: HttpRequest, by: Actor, act_id: Number, said: ProjectWhyIn) -> object:
    """It was written down by mistake."""
    access.must_be_staff(by)
    act = found(MechanismAct.objects.filter(zone_id=by.zone_id, pk=act_id).first())
    return projects.withdraw_act(by=by, now=timezone.now(), act=act, why=said.why)


# Batches ------------------------------------------------------------------------------------------


@router.get("/project-batches", response={200: list[StageBatchOut], **PROBLEMS})
@api(READ)
def list_stage_batches(request: HttpRequest, by: Actor) -> object:
    """The batches with how many projects each counts."""
    access.must_read_projects(by)
    return list(queries.stage_batches(zone_id=by.zone_id))


@router.post("/project-batches", response={200: StageBatchOut, **PROBLEMS})
@api(WRITE)
def open_stage_batch(request: HttpRequest, by: Actor, said: StageBatchIn) -> object:
    """Open a batch of projects."""
    made = projects.open_stage_batch(by=by, now=timezone.now(), facts=BatchFacts(**said.dict()))
    return queries.stage_batch(zone_id=by.zone_id, batch_id=made.pk)


@router.post(
    "/project-batches/{int:batch_id}/members", response={200: list[BatchedOut], **PROBLEMS}
)
@api(WRITE)
def add_to_batch(request: HttpRequest, by: Actor, batch_id: Number, said: BatchedIn) -> object:
    """Count projects in a batch."""
    access.must_be_staff(by)
    return projects.add_to_batch(
        by=by,
        now=timezone.now(),
        batch=found(queries.stage_batch(zone_id=by.zone_id, batch_id=batch_id)),
        projects=[here(by, number) for number in said.projects],
    )


@router.post("/batched-projects/{int:member_id}/take-off", response={200: BatchedOut, **PROBLEMS})
@api(WRITE)
def take_off_batch(
    request: HttpRequest, by: Actor, member_id: Number, said: ProjectWhyIn
) -> object:
    """Take a project off a batch."""
    access.must_be_staff(by)
    member = found(BatchedProject.objects.filter(zone_id=by.zone_id, pk=member_id).first())
    return projects.take_off_batch(by=by, now=timezone.now(), member=member, why=said.why)


# Moving to another zone ---------------------------------------------------------------------------


def _hand_over(by: Actor, number: int) -> HandOver:
    access.must_be_staff(by)
    return found(queries.hand_overs(zone_id=by.zone_id).filter(pk=number).first())


@router.get("/projects/hand-overs", response={200: list[HandOverOut], **PROBLEMS})
@api(READ)
def list_hand_overs(request: HttpRequest, by: Actor) -> object:
    """What goes to other zones and comes from them; the latest 500."""
    access.must_read_projects(by)
    return list(queries.hand_overs(zone_id=by.zone_id)[:500])


@router.post("/projects/{int:project_id}/hand-over", response={200: HandOverOut, **PROBLEMS})
@api(WRITE)
def ask_hand_over(request: HttpRequest, by: Actor, project_id: Number, said: HandOverIn) -> object:
    """Ask that a project goes over to another zone."""
    made = projects.ask_hand_over(
        by=by,
        now=timezone.now(),
        project=here(by, project_id),
        other_zone=found(Zone.objects.filter(code=said.zone).first()),
        reason=said.reason,
    )
    return _hand_over(by, made.pk)


@router.post(
    "/projects/hand-overs/{int:hand_over_id}/decide", response={200: HandOverOut, **PROBLEMS}
)
@api(WRITE)
def decide_hand_over(
    request: HttpRequest, by: Actor, hand_over_id: Number, said: HandOverDecisionIn
) -> object:
    """Let a project go, or keep it."""
    projects.decide_hand_over(
        by=by, now=timezone.now(), hand_over=_hand_over(by, hand_over_id), **said.dict()
    )
    return _hand_over(by, hand_over_id)


@router.post(
    "/projects/hand-overs/{int:hand_over_id}/take-on", response={200: ProjectOut, **PROBLEMS}
)
@api(WRITE)
def take_on_project(request: HttpRequest, by: Actor, hand_over_id: Number) -> object:
    """Open a project of another zone here, from its copy."""
    row = projects.take_on_project(
        by=by, now=timezone.now(), hand_over=_hand_over(by, hand_over_id)
    )
    return shown_project(by, row.pk)


@router.post(
    "/projects/hand-overs/{int:hand_over_id}/decline", response={200: HandOverOut, **PROBLEMS}
)
@api(WRITE)
def decline_project(
    request: HttpRequest, by: Actor, hand_over_id: Number, said: ProjectWhyIn
) -> object:
    """This zone does not take the project on."""
    projects.decline_project(
        by=by, now=timezone.now(), hand_over=_hand_over(by, hand_over_id), why=said.why
    )
    return _hand_over(by, hand_over_id)
