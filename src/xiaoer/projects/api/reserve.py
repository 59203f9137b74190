"""API of the register of projects: projects, stages and their conditions, lights."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from xiaoer.base import files
from xiaoer.base.api.shapes import Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access, lights, queries
from xiaoer.projects import actions as projects
from xiaoer.projects.actions import LightBounds, Passed, ProjectFacts
from xiaoer.projects.conditions import Standing
from xiaoer.projects.models import Light, LightRule, Project, Stage, StageCondition, StagePassage
from xiaoer.projects.queries import PAGE, SORTS, ProjectFilter, ProjectRow
from xiaoer.registry.models import Park, Party

router = Router(tags=["projects"])
M = TypeVar("M", bound=Model)
_KEPT = r"^[^\u0000]*$"
Content = Annotated[str, StringConstraints(max_length=1000, strip_whitespace=True, pattern=_KEPT)]
Reason = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True, pattern=_KEPT)]
Note = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True, pattern=_KEPT)]
Fen = Annotated[int, Field(ge=0, le=10**17)]
Bound = Annotated[int, Field(ge=0, le=1000)]


def here(by: Actor, project_id: int) -> Project:
    return found(queries.project(zone_id=by.zone_id, project_id=project_id))


def one_of(model: type[M], number: int | None, by: Actor, field: str) -> M | None:
    """A row of the asker's zone, named in the body; one that is not here is refused."""
    if number is None:
        return None
    row = model._default_manager.filter(zone_id=by.zone_id, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


class ProjectIn(Schema):
    """What is entered of a project; money in fen. What is not known stays empty or null."""

    name: Annotated[str, StringConstraints(max_length=80, strip_whitespace=True, pattern=_KEPT)]
    kind: Project.Kind
    short_name: Word = ""
    code: Word = ""
    party: Number | None = None
    owner_name: Line = ""
    is_industry: bool = True
    industry: Word = ""
    content: Content = ""
    total_fen: Fen | None = None
    contract_fen: Fen | None = None
    promised_on: Day | None = None
    starts_by: Day | None = None
    is_land_first: bool = False
    land_signed_on: Day | None = None
    park: Number | None = None
    place: Line = ""
    spot: dict[str, Any] | None = Field(None, description="a GeoJSON geometry, WGS 84")
    leader: Number | None = None
    officer: Number | None = None
    office: Number | None = None

    def facts(self, by: Actor) -> ProjectFacts:
        linked: dict[str, Any] = {
            "party": one_of(Party, self.party, by, "party"),
            "park": one_of(Park, self.park, by, "park"),
            "leader": one_of(Post, self.leader, by, "leader"),
            "officer": one_of(Post, self.officer, by, "officer"),
            "office": one_of(Office, self.office, by, "office"),
        }
        plain = self.dict(include=set(ProjectIn.model_fields) - set(linked))
        return ProjectFacts(**plain, **linked)


class ProjectPassedIn(Schema):
    stage: Stage
    on: Day


class ProjectOpenIn(ProjectIn):
    """``template``: the code of a plan template; ``history``: stages it passed before it came here."""

    template: Word = ""
    history: list[ProjectPassedIn] = Field(default_factory=list, max_length=8)


class ProjectChangeIn(ProjectIn):
    version: int


class ProjectOut(Schema):
    """A project with the light people see and the figures of its plan."""

    id: int
    version: int
    name: str
    short_name: str
    code: str
    kind: Project.Kind
    party_id: int | None
    owner: str
    is_industry: bool
    industry: str
    content: str
    stage: Stage
    stage_on: date
    total_fen: int | None
    contract_fen: int | None
    starts_by: date | None
    promised_on: date | None
    likely_on: date | None
    chance: int | None
    slack: int | None
    is_land_first: bool
    land_signed_on: date | None
    place: str
    spot: dict[str, Any] | None
    leader_id: int | None
    officer_id: int | None
    office_id: int | None
    light: Light
    light_why: str
    light_by_hand_until: date | None
    ended_on: date | None
    ended_why: str


class ProjectPageOut(Schema):
    rows: list[ProjectOut]
    total: int
    page: int
    pages: int


class ProjectQuery(Schema):
    stage: Stage | None = None
    kind: Project.Kind | None = None
    light: Light | None = None
    on_list: Number | None = None
    leader: Number | None = None
    officer: Number | None = None
    party: Number | None = None
    text: Word = ""
    ended: bool = False
    sort: Word = "-stage"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    def filters(self) -> ProjectFilter:
        asked: dict[str, Any] = self.dict(exclude={"sort", "page"})
        for name in ("stage", "kind", "light"):
            asked[name] = asked[name] or ""
        return ProjectFilter(**asked)


class ProjectPlanIn(Schema):
    """``template``: the code of a plan template in use; the day where none was promised yet."""

    template: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    promised_on: Day | None = None


class ProjectStageIn(Schema):
    stage: Stage
    fact_on: Day
    note: Note = ""
    version: int | None = None


class ProjectReasonIn(Schema):
    reason: Reason
    version: int | None = None


class ProjectEndIn(ProjectReasonIn):
    on: Day


class PassageOut(Schema):
    """A stage entered, asked for, refused or taken back."""

    id: int
    project_id: int
    stage: Stage
    from_stage: str
    fact_on: date
    reported_at: datetime
    note: str
    is_backdated: bool
    state: StagePassage.State
    decided_at: datetime | None
    decided_why: str
    undone_at: datetime | None
    undone_why: str


class PassageDecisionIn(Schema):
    is_granted: bool
    why: Reason = ""


class ConditionOut(Schema):
    """What a stage asks for, and how it stands for the project."""

    id: int
    code: str
    kind: StageCondition.Kind
    name: str
    standing: Standing
    words: str
    note: str
    paper_id: int | None
    source: str
    mark: str


class ProofIn(Schema):
    """``paper``: the number of a paper pinned to the project."""

    paper: Number | None = None
    note: Reason = ""


class DenialIn(Schema):
    note: Reason


class StageConditionOut(Schema):
    id: int
    version: int
    stage: Stage
    code: str
    kind: StageCondition.Kind
    name: str
    name_en: str
    test: str
    kinds: list[str]
    is_active: bool
    source: str
    mark: str


class StageConditionIn(Schema):
    """A new condition needs its stage and kind; of a known one they stay."""

    condition: Number | None = None
    stage: Stage | None = None
    kind: StageCondition.Kind | None = None
    name: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True, pattern=_KEPT)]
    test: Word = ""
    kinds: list[Project.Kind] = Field(default_factory=list, max_length=6)
    source: Line
    mark: Annotated[str, StringConstraints(max_length=2, pattern=r"^[A-Z]*$")] = "D"
    is_active: bool = True
    version: int = 0


class LightFindingOut(Schema):
    rule: str
    light: Light
    words: str


class ProjectLightOut(Schema):
    """The light people see, and what each rule saw."""

    light: Light
    why: str
    is_by_hand: bool
    until: date | None
    lit_at: datetime | None
    findings: list[LightFindingOut]


class ProjectLightIn(Schema):
    light: Literal["red", "amber", "green", "grey"]
    why: Reason
    until: Day


class LightRuleOut(Schema):
    id: int
    code: str
    number: int
    name: str
    name_en: str
    unit: LightRule.Unit
    amber: int | None
    red: int | None
    is_active: bool
    source: str
    mark: str


class LightRuleIn(Schema):
    amber: Bound | None = None
    red: Bound | None = None
    is_active: bool = True
    source: Line
    mark: Annotated[str, StringConstraints(max_length=2, pattern=r"^[A-Z]*$")] = "D"


class RelitOut(Schema):
    changed: int


PLAIN = (
    "version", "name", "short_name", "code", "kind", "party_id", "is_industry", "industry",
    "content", "stage", "stage_on", "total_fen", "contract_fen", "starts_by", "is_land_first",
    "land_signed_on", "place", "spot", "leader_id", "officer_id", "office_id", "ended_on",
    "ended_why",
)  # fmt: skip


def project_out(row: ProjectRow) -> dict[str, Any]:
    one, plan, shown = row.project, row.plan, row.shown
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in PLAIN},
        "owner": row.owner,
        "promised_on": row.promised_on,
        "likely_on": plan.likely_on if plan else None,
        "chance": plan.chance if plan else None,
        "slack": plan.slack if plan else None,
        "light": shown.light,
        "light_why": shown.why,
        "light_by_hand_until": shown.until,
    }


def shown_project(by: Actor, project_id: int) -> dict[str, Any]:
    on = timezone.localdate()
    return project_out(queries.rows_of([here(by, project_id)], on)[0])


@router.get("/projects", response={200: ProjectPageOut, **PROBLEMS})
@api(READ)
def list_projects(request: HttpRequest, by: Actor, asked: Query[ProjectQuery]) -> object:
    """The projects of the zone that pass the filters; an enterprise finds its own."""
    on = timezone.localdate()
    sort = asked.sort if asked.sort in SORTS else "-stage"
    rows = queries.projects(zone_id=by.zone_id, filters=asked.filters(), on=on)
    total = rows.count()
    start = (asked.page - 1) * PAGE
    shown = queries.rows_of(list(rows.order_by(*SORTS[sort])[start : start + PAGE]), on)
    return {
        "rows": [project_out(row) for row in shown],
        "total": total,
        "page": asked.page,
        "pages": max(-(-total // PAGE), 1),
    }


@router.post("/projects", response={200: ProjectOut, **PROBLEMS})
@api(WRITE)
def open_project(request: HttpRequest, by: Actor, said: ProjectOpenIn) -> object:
    """Enter a project on the register."""
    row = projects.open_project(
        by=by,
        now=timezone.now(),
        facts=said.facts(by),
        template_code=said.template,
        history=[Passed(one.stage, one.on) for one in said.history],
    )
    return shown_project(by, row.pk)


@router.get("/projects/conditions", response={200: list[StageConditionOut], **PROBLEMS})
@api(READ)
def list_stage_conditions(request: HttpRequest, by: Actor) -> object:
    """What the zone asks before a project enters each stage."""
    return list(StageCondition.objects.filter(zone_id=by.zone_id))


@router.post("/projects/conditions", response={200: StageConditionOut, **PROBLEMS})
@api(WRITE)
def keep_condition(request: HttpRequest, by: Actor, said: StageConditionIn) -> object:
    """Add a condition of a stage, or change one."""
    plain = said.dict(exclude={"condition", "stage", "kind", "kinds"})
    return projects.keep_condition(
        by=by,
        now=timezone.now(),
        condition=one_of(StageCondition, said.condition, by, "condition"),
        stage=said.stage or "",
        kind=said.kind or "",
        kinds=tuple(said.kinds),
        **plain,
    )


@router.get("/projects/light-rules", response={200: list[LightRuleOut], **PROBLEMS})
@api(READ)
def list_light_rules(request: HttpRequest, by: Actor) -> object:
    """The rules of lights in force."""
    access.must_read_projects(by)
    return queries.light_rules(zone_id=by.zone_id)


@router.post("/projects/light-rules/{int:rule_id}", response={200: LightRuleOut, **PROBLEMS})
@api(WRITE)
def change_light_rule(
    request: HttpRequest, by: Actor, rule_id: Number, said: LightRuleIn
) -> object:
    """Change from which figure a light turns; the former version stays."""
    access.must_read_projects(by)
    rule = found(LightRule.objects.filter(zone_id=by.zone_id, pk=rule_id).first())
    return projects.change_light_rule(
        by=by, now=timezone.now(), rule=rule, bounds=LightBounds(**said.dict())
    )


@router.post("/projects/relight", response={200: RelitOut, **PROBLEMS})
@api(WRITE)
def relight_zone(request: HttpRequest, by: Actor) -> object:
    """Judge every living project anew."""
    return {"changed": projects.relight_zone(by=by, now=timezone.now())}


@router.get("/projects/{int:project_id}", response={200: ProjectOut, **PROBLEMS})
@api(READ)
def read_project(request: HttpRequest, by: Actor, project_id: Number) -> object:
    """One project as it stands."""
    return shown_project(by, project_id)


@router.post("/projects/{int:project_id}/change", response={200: ProjectOut, **PROBLEMS})
@api(WRITE)
def change_project(
    request: HttpRequest, by: Actor, project_id: Number, said: ProjectChangeIn
) -> object:
    """Correct or complete what is known of a project."""
    projects.change_project(
        by=by,
        now=timezone.now(),
        project=here(by, project_id),
        facts=said.facts(by),
        version=said.version,
    )
    return shown_project(by, project_id)


@router.post("/projects/{int:project_id}/plan", response={200: ProjectOut, **PROBLEMS})
@api(WRITE)
def plan_project(
    request: HttpRequest, by: Actor, project_id: Number, said: ProjectPlanIn
) -> object:
    """Make the plan of a project that has none."""
    projects.plan_project(
        by=by,
        now=timezone.now(),
        project=here(by, project_id),
        template_code=said.template,
        promised_on=said.promised_on,
    )
    return shown_project(by, project_id)


@router.post("/projects/{int:project_id}/give-up", response={200: ProjectOut, **PROBLEMS})
@api(WRITE)
def give_up_project(
    request: HttpRequest, by: Actor, project_id: Number, said: ProjectEndIn
) -> object:
    """End a project that will not be built."""
    projects.give_up_project(by=by, now=timezone.now(), project=here(by, project_id), **said.dict())
    return shown_project(by, project_id)


@router.get("/projects/{int:project_id}/passages", response={200: list[PassageOut], **PROBLEMS})
@api(READ)
def list_passages(request: HttpRequest, by: Actor, project_id: Number) -> object:
    """Every passage of a project, the latest first."""
    return queries.passages_of(here(by, project_id))


@router.post("/projects/{int:project_id}/stage", response={200: PassageOut, **PROBLEMS})
@api(WRITE)
def enter_stage(
    request: HttpRequest, by: Actor, project_id: Number, said: ProjectStageIn
) -> object:
    """Say that a project entered a stage; a day long ago is asked for."""
    return projects.enter_stage(
        by=by, now=timezone.now(), project=here(by, project_id), **said.dict()
    )


@router.post("/projects/{int:project_id}/take-back", response={200: ProjectOut, **PROBLEMS})
@api(WRITE)
def take_back_stage(
    request: HttpRequest, by: Actor, project_id: Number, said: ProjectReasonIn
) -> object:
    """The last stage was not entered after all."""
    projects.take_back_stage(by=by, now=timezone.now(), project=here(by, project_id), **said.dict())
    return shown_project(by, project_id)


@router.get("/passages/asked", response={200: list[PassageOut], **PROBLEMS})
@api(READ)
def list_asked_passages(request: HttpRequest, by: Actor) -> object:
    """Back-dated stages that wait for a decision."""
    return list(queries.asked_passages(zone_id=by.zone_id))


@router.post("/passages/{int:passage_id}/decide", response={200: PassageOut, **PROBLEMS})
@api(WRITE)
def decide_backdating(
    request: HttpRequest, by: Actor, passage_id: Number, said: PassageDecisionIn
) -> object:
    """Grant or refuse a back-dated stage; never by who asked."""
    passage = found(StagePassage.objects.filter(zone_id=by.zone_id, pk=passage_id).first())
    return projects.decide_backdating(by=by, now=timezone.now(), passage=passage, **said.dict())


class ConditionsQuery(Schema):
    stage: Stage


@router.get("/projects/{int:project_id}/conditions", response={200: list[ConditionOut], **PROBLEMS})
@api(READ)
def list_conditions(
    request: HttpRequest, by: Actor, project_id: Number, asked: Query[ConditionsQuery]
) -> object:
    """What a stage asks for and how it stands: met, unmet, needs_data, needs_person."""
    judged = queries.conditions_of(project=here(by, project_id), stage=asked.stage)
    return [
        {
            "id": one.condition.pk,
            "code": one.condition.code,
            "kind": one.condition.kind,
            "name": one.condition.name,
            "standing": one.standing,
            "words": one.words,
            "note": one.proof.note if one.proof else "",
            "paper_id": one.proof.paper_id if one.proof else None,
            "source": one.condition.source,
            "mark": one.condition.mark,
        }
        for one in judged
    ]


def _condition(by: Actor, condition_id: int) -> StageCondition:
    return found(StageCondition.objects.filter(zone_id=by.zone_id, pk=condition_id).first())


@router.post(
    "/projects/{int:project_id}/conditions/{int:condition_id}/prove",
    response={200: ProjectOut, **PROBLEMS},
)
@api(WRITE)
def prove_condition(
    request: HttpRequest, by: Actor, project_id: Number, condition_id: Number, said: ProofIn
) -> object:
    """A paper of the project stands for a condition, or somebody looked and it is so."""
    projects.prove_condition(
        by=by,
        now=timezone.now(),
        project=here(by, project_id),
        condition=_condition(by, condition_id),
        paper=files.paper_of(by=by, number=said.paper) if said.paper else None,
        note=said.note,
    )
    return shown_project(by, project_id)


@router.post(
    "/projects/{int:project_id}/conditions/{int:condition_id}/deny",
    response={200: ProjectOut, **PROBLEMS},
)
@api(WRITE)
def deny_condition(
    request: HttpRequest, by: Actor, project_id: Number, condition_id: Number, said: DenialIn
) -> object:
    """Somebody looked, and it is not so."""
    projects.deny_condition(
        by=by,
        now=timezone.now(),
        project=here(by, project_id),
        condition=_condition(by, condition_id),
        note=said.note,
    )
    return shown_project(by, project_id)


# Lights -------------------------------------------------------------------------------------------


def _light(by: Actor, project_id: int) -> dict[str, Any]:
    row = here(by, project_id)
    shown = lights.shown(row, timezone.localdate())
    return {
        "light": shown.light,
        "why": shown.why,
        "is_by_hand": shown.is_by_hand,
        "until": shown.until,
        "lit_at": row.lit_at,
        "findings": [
            {"rule": one["rule"], "light": one["light"], "words": lights.words(one)}
            for one in row.light_facts
        ],
    }


@router.get("/projects/{int:project_id}/light", response={200: ProjectLightOut, **PROBLEMS})
@api(READ)
def read_light(request: HttpRequest, by: Actor, project_id: Number) -> object:
    """The light of a project and why."""
    return _light(by, project_id)


@router.post("/projects/{int:project_id}/light", response={200: ProjectLightOut, **PROBLEMS})
@api(WRITE)
def set_light(request: HttpRequest, by: Actor, project_id: Number, said: ProjectLightIn) -> object:
    """Show another light until a day, with the reason."""
    projects.set_light(by=by, now=timezone.now(), project=here(by, project_id), **said.dict())
    return _light(by, project_id)


@router.post("/projects/{int:project_id}/light/lift", response={200: ProjectLightOut, **PROBLEMS})
@api(WRITE)
def lift_light(request: HttpRequest, by: Actor, project_id: Number) -> object:
    """Let the computed light count again."""
    projects.lift_light(by=by, now=timezone.now(), project=here(by, project_id))
    return _light(by, project_id)


@router.post("/projects/{int:project_id}/relight", response={200: ProjectLightOut, **PROBLEMS})
@api(WRITE)
def relight(request: HttpRequest, by: Actor, project_id: Number) -> object:
    """Judge one project anew."""
    projects.relight(by=by, now=timezone.now(), project=here(by, project_id))
    return _light(by, project_id)
