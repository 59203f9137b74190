"""API of the staff's side of cases: queue, desk, one case, and every verb of its branches."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.base import files
from xiaoer.base.api.papers import BYTES
from xiaoer.base.api.shapes import Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits import case_access as access
from xiaoer.permits import queries
from xiaoer.permits.actions import Found, Gap
from xiaoer.permits.clocks import ItemClocks
from xiaoer.permits.models import (
    Case,
    CaseItem,
    CaseMaterial,
    CaseStep,
    CaseVisit,
    CaseVisitPart,
)
from xiaoer.permits.queries import CaseFilter, QueueFilter, case_papers
from xiaoer.permits.wording import read_definition
from xiaoer.work.clocks import Face, PauseReason

router = Router(tags=["cases"])


class CaseClockOut(Schema):
    """A clock as it stands, or stood at the decision; amounts in units of the limit."""

    due_at: datetime
    used: float
    remaining: float
    light: str
    is_overdue: bool
    is_paused: bool
    is_provisional: bool


class CaseStepOut(Schema):
    id: int
    version: int
    kind: str
    name: str
    order: int
    turn: int
    office_id: int | None
    post_id: int | None
    state: CaseStep.State
    agrees: bool | None
    words: str


class CaseItemOut(Schema):
    """A branch: its clocks by law and by promise, and the latest turn of each of its places."""

    id: int
    version: int
    code: str
    name: str
    office_id: int | None
    state: CaseItem.State
    by_promise: bool
    statutory: CaseClockOut | None
    promised: CaseClockOut | None
    extended_by: int
    decided_at: datetime | None
    decision: str
    licence_id: int | None
    steps: list[CaseStepOut]


class CaseRowOut(Schema):
    id: int
    number: str
    thing: str
    applicant_name: str
    state: Case.State
    channel: Case.Channel
    submitted_at: datetime | None
    accepted_at: datetime | None
    is_deemed: bool
    decided_at: datetime | None
    issued_at: datetime | None


class CaseEffortOut(Schema):
    days: int
    papers: int
    trips: int
    steps: int


class CaseSavingsOut(Schema):
    """``single``: by the definitions of its items; ``actual``: measured."""

    single: CaseEffortOut
    actual: CaseEffortOut
    is_done: bool


class CaseEventOut(Schema):
    id: int
    at: datetime
    item_id: int | None
    verb: str
    who: str
    detail: dict[str, Any]


class CaseOut(CaseRowOut):
    """One case; of many branches a page of forty, of the record the latest lines."""

    items: list[CaseItemOut]
    joint: CaseClockOut | None
    joint_more: int
    item_count: int
    pages: int
    events: list[CaseEventOut]
    savings: CaseSavingsOut | None


class CaseQueueRowOut(Schema):
    item_id: int
    case_id: int
    number: str
    item: str
    applicant_name: str
    light: str
    promised_due_at: datetime | None
    statutory_due_at: datetime | None
    step_ids: list[int]


class CaseQueueOut(Schema):
    rows: list[CaseQueueRowOut]
    counts: dict[str, int]
    total: int
    page: int
    pages: int


class CaseQueueIn(Schema):
    whose: Literal["mine", "office", "all"] = "office"
    thing: Number | None = None
    office: Number | None = None
    light: Literal["", "red", "amber", "green", "grey"] = ""
    page: int = Field(1, ge=1, le=100_000)


class CasesIn(Schema):
    state: Case.State | None = None
    thing: Number | None = None
    party: Number | None = None
    text: Word = ""
    after: Number | None = None


class CasePageIn(Schema):
    page: int = Field(1, ge=1, le=100_000)
    before: Number | None = None


class CasePeriodIn(Schema):
    since: Day
    until: Day


class CaseFiguresOut(Schema):
    thing_id: int
    name: str
    submitted: int
    done: int
    online: int
    open_now: int
    median_days: float | None
    on_time: int
    judged: int
    savings: CaseSavingsOut | None


class CasePromisedOut(Schema):
    id: int
    case_id: int
    paper_code: str
    name: str
    state: CaseMaterial.State
    promised_until: date | None


class CaseGapIn(Schema):
    """``code``: of a paper or a field of the definition."""

    what: Line
    why: str = Field(max_length=300)
    code: Word = ""
    office: Word = ""


class CaseGapsIn(Schema):
    gaps: list[CaseGapIn] = Field(max_length=60)


class CaseRefusalIn(Schema):
    why: Literal["not_needed", "wrong_place", "not_accepted"]
    reason: str = Field(max_length=500)


class CaseMaterialOut(Schema):
    """A paper of a case; its bytes are at ``/cases/materials/{id}/file`` where it is here."""

    id: int
    paper_code: str
    name: str
    state: CaseMaterial.State
    file_name: str
    media_type: str
    size: int | None
    sha256: str
    reading_id: int | None
    promised_until: date | None
    is_wrong: bool
    wrong_why: str


class CaseWordsIn(Schema):
    words: str = Field("", max_length=1000)


class StepDoneIn(CaseWordsIn):
    agrees: bool


class StepReturnIn(CaseWordsIn):
    to_order: int = Field(ge=0, le=100)


class StepToIn(CaseWordsIn):
    post_id: Number | None = None
    office_id: Number | None = None


class ItemPauseIn(CaseWordsIn):
    reason: PauseReason
    expected_days: int = Field(ge=1, le=250)


class ItemExtendIn(CaseWordsIn):
    days: int = Field(ge=1, le=250)


class ItemGrantIn(CaseWordsIn):
    content: dict[str, str] = Field(default_factory=dict)
    valid_from: Day | None = None
    valid_until: Day | None = None


class ItemRefuseIn(Schema):
    reasons: str = Field(max_length=1000)
    remedies: str = Field("", max_length=500)


class CaseVisitIn(Schema):
    on: Day
    place: Line = ""


class CaseDefectIn(Schema):
    what: str = Field(max_length=300)
    clause: Line = ""
    due_on: Day | None = None


class VisitRecordIn(CaseWordsIn):
    second_id: Number
    passed: bool
    defects: list[CaseDefectIn] = Field(default_factory=list, max_length=60)


class VisitRecheckIn(CaseWordsIn):
    second_id: Number
    fixed: list[Number] = Field(default_factory=list, max_length=60)


# Shapes -------------------------------------------------------------------------------------------


def _row(case: Case) -> dict[str, Any]:
    names = (
        "number", "applicant_name", "state", "channel", "submitted_at", "accepted_at", "is_deemed",
        "decided_at", "issued_at",
    )  # fmt: skip
    return {
        "id": case.pk,
        "thing": case.thing_version.thing.name,
        **{name: getattr(case, name) for name in names},
    }


def _clock(found_ones: ItemClocks | None, name: str) -> dict[str, Any] | None:
    return None if found_ones is None else _face(getattr(found_ones, name))


def _face(face: Face) -> dict[str, Any]:
    return {
        "light": str(face.light),
        **{
            key: getattr(face, key)
            for key in (
                "due_at", "used", "remaining", "is_overdue", "is_paused", "is_provisional",
            )
        },
    }  # fmt: skip


def _lane(lane: queries.Lane) -> dict[str, Any]:
    item = lane.item
    names = (
        "version", "code", "name", "office_id", "state", "by_promise", "extended_by", "decided_at",
        "decision", "licence_id",
    )  # fmt: skip
    return {
        "id": item.pk,
        **{name: getattr(item, name) for name in names},
        "statutory": _clock(lane.clocks, "statutory"),
        "promised": _clock(lane.clocks, "promised"),
        "steps": [step for place in lane.places for step in place.steps],
    }


def _savings(saved: queries.Savings | None) -> dict[str, Any] | None:
    if saved is None:
        return None
    return {"single": saved.single, "actual": saved.actual, "is_done": saved.is_done}


def _case(by: Actor, case_id: int) -> Case:
    access.must_read_cases(by)
    return found(queries.case_by_number(zone_id=by.zone_id, case_id=case_id))


def _item(by: Actor, item_id: int) -> CaseItem:
    return found(CaseItem.objects.filter(zone_id=by.zone_id, pk=item_id).first())


def _step(by: Actor, step_id: int) -> CaseStep:
    return found(CaseStep.objects.filter(zone_id=by.zone_id, pk=step_id).first())


def _part(by: Actor, part_id: int) -> CaseVisitPart:
    return found(CaseVisitPart.objects.filter(zone_id=by.zone_id, pk=part_id).first())


def _post(by: Actor, number: int | None) -> Post | None:
    if number is None:
        return None
    return found(Post.objects.filter(zone_id=by.zone_id, pk=number).first())


def _office(by: Actor, number: int | None) -> Office | None:
    if number is None:
        return None
    return found(Office.objects.filter(zone_id=by.zone_id, pk=number).first())


# Questions ----------------------------------------------------------------------------------------


@router.get("/cases/queue", response={200: CaseQueueOut, **PROBLEMS})
@api(READ)
def read_case_queue(request: HttpRequest, by: Actor, asked: Query[CaseQueueIn]) -> object:
    """Branches that run, the first due on top, with the counts of their lights."""
    access.must_read_cases(by)
    shown = queries.queue(
        zone_id=by.zone_id,
        office_id=by.office_id,
        post_id=by.post_id,
        filters=QueueFilter(asked.whose, asked.thing, asked.office, asked.light, asked.page),
        now=timezone.now(),
    )
    return {
        "rows": [
            {
                "item_id": row.item.pk,
                "case_id": row.item.case_id,
                "number": row.item.case.number,
                "item": row.item.name,
                "applicant_name": row.item.case.applicant_name,
                "light": row.light,
                "promised_due_at": row.item.promised_due_at,
                "statutory_due_at": row.item.statutory_due_at,
                "step_ids": [step.pk for step in row.steps],
            }
            for row in shown.rows
        ],
        "counts": shown.counts,
        "total": shown.total,
        "page": shown.page,
        "pages": shown.pages,
    }


@router.get("/cases/promised", response={200: list[CasePromisedOut], **PROBLEMS})
@api(READ)
def list_promised_papers(
    request: HttpRequest, by: Actor, state: Literal["promised", "broken"] = "promised"
) -> object:
    """Papers promised for later, or not brought; two hundred at most, the first due on top."""
    access.must_read_cases(by)
    return list(queries.promised_papers(zone_id=by.zone_id, state=state)[:200])


@router.get("/cases/figures", response={200: list[CaseFiguresOut], **PROBLEMS})
@api(READ)
def read_case_figures(request: HttpRequest, by: Actor, asked: Query[CasePeriodIn]) -> object:
    """By thing: how many, how fast, in time, and what was saved."""
    access.must_read_cases(by)
    names = (
        "thing_id", "name", "submitted", "done", "online", "open_now", "median_days", "on_time",
        "judged",
    )  # fmt: skip
    return [
        {**{name: getattr(row, name) for name in names}, "savings": _savings(row.savings)}
        for row in queries.figures(zone_id=by.zone_id, since=asked.since, until=asked.until)
    ]


@router.get("/cases", response={200: list[CaseRowOut], **PROBLEMS})
@api(READ)
def list_cases(request: HttpRequest, by: Actor, asked: Query[CasesIn]) -> object:
    """Cases that were submitted, the latest first, sixty at a time; go on ``after`` the last."""
    access.must_read_cases(by)
    filters = CaseFilter(asked.state or "", asked.thing, asked.party, asked.text, asked.after)
    return [_row(case) for case in queries.cases(zone_id=by.zone_id, filters=filters)[:60]]


@router.get("/cases/{case_id}", response={200: CaseOut, **PROBLEMS})
@api(READ)
def read_case(request: HttpRequest, by: Actor, case_id: Number, asked: Query[CasePageIn]) -> object:
    """One case with its branches, their clocks and steps, and its record."""
    case, now = _case(by, case_id), timezone.now()
    view = queries.case_view(case, now=now, page=asked.page, before=asked.before)
    return {
        **_row(case),
        "items": [_lane(lane) for lane in view.lanes],
        "joint": _face(view.joint) if view.joint else None,
        "joint_more": case.joint_more,
        "item_count": view.items,
        "pages": view.pages,
        "events": list(view.events),
        "savings": _savings(queries.savings(case, now=now)),
    }


# Verbs of a case ----------------------------------------------------------------------------------


@router.post("/cases/{case_id}/accept", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def accept_case(request: HttpRequest, by: Actor, case_id: Number) -> object:
    """Accept an application; its items begin."""
    return _row(permits.accept_case(by=by, now=timezone.now(), case=_case(by, case_id)))


@router.post("/cases/{case_id}/supplement", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def ask_supplement(request: HttpRequest, by: Actor, case_id: Number, said: CaseGapsIn) -> object:
    """The one notice of all that is missing."""
    gaps = [Gap(one.what, one.why, one.code, one.office) for one in said.gaps]
    permits.ask_supplement(by=by, now=timezone.now(), case=_case(by, case_id), gaps=gaps)
    return _row(_case(by, case_id))


@router.post("/cases/{case_id}/refuse-acceptance", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def refuse_acceptance(
    request: HttpRequest, by: Actor, case_id: Number, said: CaseRefusalIn
) -> object:
    """Not accepted, in writing, with the reason."""
    return _row(
        permits.refuse_acceptance(
            by=by, now=timezone.now(), case=_case(by, case_id), why=Case.State(said.why),
            reason=said.reason,
        )
    )  # fmt: skip


@router.post("/cases/{case_id}/pre-check", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def pre_check_case(request: HttpRequest, by: Actor, case_id: Number, said: CaseWordsIn) -> object:
    """What an ambassador found before it is submitted."""
    case = found(
        Case.objects.filter(zone_id=by.zone_id, pk=case_id)
        .select_related("thing_version__thing")
        .first()
    )
    permits.pre_check(by=by, now=timezone.now(), case=case, words=said.words)
    return _row(case)


@router.post("/cases/{case_id}/issue", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def issue_case(request: HttpRequest, by: Actor, case_id: Number) -> object:
    """Hand out all results together."""
    return _row(permits.issue_case(by=by, now=timezone.now(), case=_case(by, case_id)))


@router.post("/cases/{case_id}/archive", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def archive_case(request: HttpRequest, by: Actor, case_id: Number) -> object:
    """Put a closed case to the files."""
    return _row(permits.archive(by=by, now=timezone.now(), case=_case(by, case_id)))


@router.post("/cases/{case_id}/ready-for-visit", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def ask_case_visit(request: HttpRequest, by: Actor, case_id: Number) -> object:
    """The place is ready: the visit is to be booked. Said by the applicant or for it by the desk."""
    case = found(queries.case_by_number(zone_id=by.zone_id, case_id=case_id))
    permits.ask_visit(by=by, now=timezone.now(), case=case)
    return _row(case)


@router.post("/cases/{case_id}/visit", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def book_case_visit(request: HttpRequest, by: Actor, case_id: Number, said: CaseVisitIn) -> object:
    """Agree on the day of one visit for every item that needs one."""
    case = _case(by, case_id)
    permits.book_visit(by=by, now=timezone.now(), case=case, on=said.on, place=said.place)
    return _row(case)


# Verbs of a step ----------------------------------------------------------------------------------


@router.post("/cases/steps/{step_id}/finish", response={200: CaseStepOut, **PROBLEMS})
@api(WRITE)
def finish_case_step(request: HttpRequest, by: Actor, step_id: Number, said: StepDoneIn) -> object:
    """Agree or not; what follows begins at once."""
    return permits.finish_step(
        by=by, now=timezone.now(), step=_step(by, step_id), agrees=said.agrees, words=said.words
    )


@router.post("/cases/steps/{step_id}/return", response={200: list[CaseStepOut], **PROBLEMS})
@api(WRITE)
def return_case_step(
    request: HttpRequest, by: Actor, step_id: Number, said: StepReturnIn
) -> object:
    """Send the branch back to an earlier place; its new rows."""
    return permits.return_step(
        by=by, now=timezone.now(), step=_step(by, step_id), to_order=said.to_order,
        words=said.words,
    )  # fmt: skip


@router.post("/cases/steps/{step_id}/hand-on", response={200: CaseStepOut, **PROBLEMS})
@api(WRITE)
def hand_on_case_step(request: HttpRequest, by: Actor, step_id: Number, said: StepToIn) -> object:
    """Hand a step on to somebody else."""
    return permits.hand_on_step(
        by=by, now=timezone.now(), step=_step(by, step_id), post=_post(by, said.post_id),
        office=_office(by, said.office_id), words=said.words,
    )  # fmt: skip


@router.post("/cases/steps/{step_id}/signers", response={200: CaseStepOut, **PROBLEMS})
@api(WRITE)
def add_case_signer(request: HttpRequest, by: Actor, step_id: Number, said: StepToIn) -> object:
    """Ask another to sign too."""
    return permits.add_signer(
        by=by, now=timezone.now(), step=_step(by, step_id), post=_post(by, said.post_id),
        office=_office(by, said.office_id), words=said.words,
    )  # fmt: skip


@router.post("/cases/steps/{step_id}/hold", response={200: CaseStepOut, **PROBLEMS})
@api(WRITE)
def hold_case_step(request: HttpRequest, by: Actor, step_id: Number, said: ItemPauseIn) -> object:
    """Put a step on hold for a reason of article 45."""
    return permits.hold_step(
        by=by, now=timezone.now(), step=_step(by, step_id), reason=said.reason, words=said.words,
        expected_days=said.expected_days,
    )  # fmt: skip


@router.post("/cases/steps/{step_id}/release", response={200: CaseStepOut, **PROBLEMS})
@api(WRITE)
def release_case_step(request: HttpRequest, by: Actor, step_id: Number) -> object:
    """Take a step up again."""
    return permits.release_step(by=by, now=timezone.now(), step=_step(by, step_id))


# Verbs of an item ---------------------------------------------------------------------------------


class CaseItemStateOut(Schema):
    id: int
    version: int
    state: CaseItem.State
    promised_due_at: datetime | None
    statutory_due_at: datetime | None


@router.post("/cases/items/{item_id}/grant", response={200: CaseItemStateOut, **PROBLEMS})
@api(WRITE)
def grant_case_item(request: HttpRequest, by: Actor, item_id: Number, said: ItemGrantIn) -> object:
    """Grant, file or confirm an item."""
    return permits.grant_item(by=by, now=timezone.now(), item=_item(by, item_id), **said.dict())


@router.post("/cases/items/{item_id}/refuse", response={200: CaseItemStateOut, **PROBLEMS})
@api(WRITE)
def refuse_case_item(
    request: HttpRequest, by: Actor, item_id: Number, said: ItemRefuseIn
) -> object:
    """Refuse an item, as a person, with reasons and what can be done."""
    return permits.refuse_item(by=by, now=timezone.now(), item=_item(by, item_id), **said.dict())


@router.post("/cases/items/{item_id}/pause", response={200: CaseItemStateOut, **PROBLEMS})
@api(WRITE)
def pause_case_item(request: HttpRequest, by: Actor, item_id: Number, said: ItemPauseIn) -> object:
    """Stop the clocks of an item for a reason of article 45; the applicant is told in writing."""
    permits.pause_item(
        by=by, now=timezone.now(), item=_item(by, item_id), reason=said.reason, words=said.words,
        expected_days=said.expected_days,
    )  # fmt: skip
    return _item(by, item_id)


@router.post("/cases/items/{item_id}/resume", response={200: CaseItemStateOut, **PROBLEMS})
@api(WRITE)
def resume_case_item(request: HttpRequest, by: Actor, item_id: Number) -> object:
    """Let the clocks of an item run on."""
    permits.resume_item(by=by, now=timezone.now(), item=_item(by, item_id))
    return _item(by, item_id)


@router.post("/cases/items/{item_id}/extend", response={200: CaseItemStateOut, **PROBLEMS})
@api(WRITE)
def extend_case_item(
    request: HttpRequest, by: Actor, item_id: Number, said: ItemExtendIn
) -> object:
    """More time by law, once, as the head approves."""
    return permits.extend_item(by=by, now=timezone.now(), item=_item(by, item_id), **said.dict())


@router.post("/cases/{case_id}/extend", response={200: CaseRowOut, **PROBLEMS})
@api(WRITE)
def extend_case_together(
    request: HttpRequest, by: Actor, case_id: Number, said: ItemExtendIn
) -> object:
    """More time for all items handled jointly, once, as a leader of the zone approves."""
    permits.extend_case(by=by, now=timezone.now(), case=_case(by, case_id), **said.dict())
    return _row(_case(by, case_id))


@router.post("/cases/items/{item_id}/withdraw", response={200: CaseItemStateOut, **PROBLEMS})
@api(WRITE)
def withdraw_case_item(
    request: HttpRequest, by: Actor, item_id: Number, said: CaseWordsIn
) -> object:
    """Take one item out of a running case, as its applicant asks."""
    return permits.withdraw_item(by=by, now=timezone.now(), item=_item(by, item_id), **said.dict())


# Papers ------------------------------------------------------------------------------------------


def _material(material: CaseMaterial) -> dict[str, Any]:
    file, reading = case_papers.file_of(material), case_papers.reading_of(material)
    names = ("paper_code", "name", "state", "promised_until", "is_wrong", "wrong_why")
    return {
        "id": material.pk,
        **{name: getattr(material, name) for name in names},
        "file_name": case_papers.file_name(material) if file else "",
        "media_type": file.media_type if file else "",
        "size": file.size if file else None,
        "sha256": file.sha256 if file else "",
        "reading_id": reading.pk if reading else None,
    }


@router.get("/cases/{case_id}/materials", response={200: list[CaseMaterialOut], **PROBLEMS})
@api(READ)
def list_case_materials(request: HttpRequest, by: Actor, case_id: Number) -> object:
    """The papers a case asks for, and what of them is here."""
    case = _case(by, case_id)
    definition = read_definition(case.thing_version.body)
    access.must_open_papers(by, case, case_papers.offices_named(definition))
    return [_material(one) for one in case_papers.materials_of(case)]


@router.get("/cases/materials/{material_id}/file", response=PROBLEMS, openapi_extra=BYTES)
@api(READ)
def read_case_material(request: HttpRequest, by: Actor, material_id: Number) -> HttpResponseBase:
    """A paper of a case as it was given, for those who handle the case."""
    material = found(case_papers.material_of(zone_id=by.zone_id, material_id=material_id))
    definition = read_definition(material.case.thing_version.body)
    access.must_open_papers(by, material.case, case_papers.offices_named(definition))
    return files.shown_inside(found(case_papers.file_of(material)), case_papers.file_name(material))


# Visits and promised papers -----------------------------------------------------------------------


class CaseVisitPartOut(Schema):
    id: int
    item_id: int
    passed: bool | None
    words: str
    recorded_at: datetime | None


class CaseVisitOut(Schema):
    id: int
    state: CaseVisit.State
    on: date | None


@router.post("/cases/visit-parts/{part_id}/record", response={200: CaseVisitPartOut, **PROBLEMS})
@api(WRITE)
def record_case_visit(
    request: HttpRequest, by: Actor, part_id: Number, said: VisitRecordIn
) -> object:
    """What two officers found for one item."""
    return permits.record_visit(
        by=by, now=timezone.now(), part=_part(by, part_id), second=found(_post(by, said.second_id)),
        passed=said.passed, words=said.words,
        defects=[Found(one.what, one.clause, one.due_on) for one in said.defects],
    )  # fmt: skip


@router.post("/cases/visit-parts/{part_id}/recheck", response={200: CaseVisitPartOut, **PROBLEMS})
@api(WRITE)
def recheck_case_visit(
    request: HttpRequest, by: Actor, part_id: Number, said: VisitRecheckIn
) -> object:
    """Check again only what was found wanting."""
    return permits.recheck_visit(
        by=by, now=timezone.now(), part=_part(by, part_id), second=found(_post(by, said.second_id)),
        fixed=said.fixed, words=said.words,
    )  # fmt: skip


@router.post("/cases/visit-parts/{part_id}/end", response={200: CaseVisitPartOut, **PROBLEMS})
@api(WRITE)
def end_case_visit(request: HttpRequest, by: Actor, part_id: Number, said: CaseWordsIn) -> object:
    """End the visit of one item as not passed."""
    return permits.end_visit(by=by, now=timezone.now(), part=_part(by, part_id), words=said.words)


@router.post("/cases/visits/{visit_id}/repaired", response={200: CaseVisitOut, **PROBLEMS})
@api(WRITE)
def report_case_repair(request: HttpRequest, by: Actor, visit_id: Number) -> object:
    """Everything on the list is repaired, as the applicant says."""
    visit = found(CaseVisit.objects.filter(zone_id=by.zone_id, pk=visit_id).first())
    return permits.report_repair(by=by, now=timezone.now(), visit=visit)


@router.post("/cases/promised/{material_id}/settle", response={200: CasePromisedOut, **PROBLEMS})
@api(WRITE)
def settle_promised_paper(
    request: HttpRequest, by: Actor, material_id: Number, said: CaseWordsIn
) -> object:
    """What was done about a promise not kept."""
    material = found(CaseMaterial.objects.filter(zone_id=by.zone_id, pk=material_id).first())
    return permits.settle_paper(by=by, now=timezone.now(), material=material, words=said.words)
