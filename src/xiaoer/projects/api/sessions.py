"""API of those who stand by projects: forces, visits, ambassadors, pre-review, sessions, minutes."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.base.api.shapes import Day, Line, Number, Phrase, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import element_access as access
from xiaoer.projects import queries
from xiaoer.projects.api.elements import office_of, party_of, post_of, project_of
from xiaoer.projects.models import (
    Ambassador,
    Charge,
    Consultation,
    DecisionAsk,
    ForceMember,
    PreCheck,
    PreReview,
    PreReviewItem,
    PreReviewTrack,
    Project,
    ProjectLine,
    ProjectWeek,
    Resolution,
)
from xiaoer.work import queries as work

router = Router(tags=["sessions of projects"])


def _project(by: Actor, key: int) -> Project:
    return found(project_of(by, key))


def _post(by: Actor, key: int) -> Post:
    return found(post_of(by, key))


# People ---------------------------------------------------------------------------------------


class ChargeOut(Schema):
    part: Charge.Part
    post_id: int
    since: date
    until: date | None


class ForceMemberOut(Schema):
    part: ForceMember.Part
    post_id: int
    since: date
    until: date | None


class ForceOut(Schema):
    """Who led it and looked after it, and its task force, with their days."""

    charges: list[ChargeOut]
    members: list[ForceMemberOut]


class ChargeIn(Schema):
    post_id: Number
    since: Day | None = None


class ForceJoinIn(ChargeIn):
    part: ForceMember.Part = ForceMember.Part.MEMBER


class ForceLeaveIn(Schema):
    post_id: Number
    until: Day | None = None


def _force(project: Project) -> dict[str, Any]:
    return {"charges": queries.charges_of(project), "members": queries.force_of(project)}


@router.get("/projects/{project_id}/force", response={200: ForceOut, **PROBLEMS})
@api(READ)
def read_force(request: HttpRequest, by: Actor, project_id: Number) -> object:
    """Leader, officer and task force; an enterprise reads those of its own project."""
    return _force(_project(by, project_id))


@router.post("/projects/{project_id}/leader", response={200: ForceOut, **PROBLEMS})
@api(WRITE)
def set_leader(request: HttpRequest, by: Actor, project_id: Number, what: ChargeIn) -> object:
    """Say which leader answers for it."""
    post = _post(by, what.post_id)
    return _force(
        projects.set_leader(
            by=by, now=timezone.now(), project=_project(by, project_id), post=post, since=what.since
        )
    )


@router.post("/projects/{project_id}/officer", response={200: ForceOut, **PROBLEMS})
@api(WRITE)
def set_officer(request: HttpRequest, by: Actor, project_id: Number, what: ChargeIn) -> object:
    """Say who looks after it day by day."""
    post = _post(by, what.post_id)
    return _force(
        projects.set_officer(
            by=by, now=timezone.now(), project=_project(by, project_id), post=post, since=what.since
        )
    )


@router.post("/projects/{project_id}/force/join", response={200: ForceOut, **PROBLEMS})
@api(WRITE)
def join_force(request: HttpRequest, by: Actor, project_id: Number, what: ForceJoinIn) -> object:
    """Take somebody into the task force."""
    project = _project(by, project_id)
    projects.join_force(
        by=by,
        now=timezone.now(),
        project=project,
        post=_post(by, what.post_id),
        part=what.part,
        since=what.since,
    )
    return _force(project)


@router.post("/projects/{project_id}/force/leave", response={200: ForceOut, **PROBLEMS})
@api(WRITE)
def leave_force(request: HttpRequest, by: Actor, project_id: Number, what: ForceLeaveIn) -> object:
    """Somebody leaves the task force."""
    project = _project(by, project_id)
    projects.leave_force(
        by=by, now=timezone.now(), project=project, post=_post(by, what.post_id), until=what.until
    )
    return _force(project)


# Site visits ----------------------------------------------------------------------------------


class SiteVisitIn(Schema):
    """``met_firm``: people of the enterprise received it; it counts as a contact then."""

    project_id: Number
    on: Day
    found: str = Field(max_length=1000)
    next_act: str = Field(default="", max_length=300)
    office_id: Number | None = None
    post_id: Number | None = None
    due_on: Day | None = None
    met_firm: bool = False


class SiteVisitOut(Schema):
    id: int
    project_id: int
    on: date
    post_id: int | None
    found: str
    next_act: str
    task_id: int | None
    contact_id: int | None


class SiteWeekIn(Schema):
    week: Day | None = None


class UnvisitedOut(Schema):
    project_id: int
    name: str
    last_on: date | None


class SiteWeekOut(Schema):
    """Visits of the week of a day, and the sites nobody saw in it."""

    visits: list[SiteVisitOut]
    not_visited: list[UnvisitedOut]


@router.get("/projects/site-visits", response={200: SiteWeekOut, **PROBLEMS})
@api(READ)
def read_site_visits(request: HttpRequest, by: Actor, asked: Query[SiteWeekIn]) -> object:
    """The site visits of a week, without a day of this one."""
    access.must_read_projects(by)
    week = asked.week or timezone.localdate()
    return {
        "visits": list(queries.visits_of_week(by.zone_id, week)),
        "not_visited": [
            {"project_id": one.project.pk, "name": one.project.name, "last_on": one.last_on}
            for one in queries.not_visited(by.zone_id, week)
        ],
    }


@router.post("/projects/site-visits", response={200: SiteVisitOut, **PROBLEMS})
@api(WRITE)
def visit_site(request: HttpRequest, by: Actor, what: SiteVisitIn) -> object:
    """Record a visit to a site."""
    return projects.visit_site(
        by=by,
        now=timezone.now(),
        project=_project(by, what.project_id),
        on=what.on,
        found=what.found,
        next_act=what.next_act,
        office=office_of(by, what.office_id),
        post=post_of(by, what.post_id),
        due_on=what.due_on,
        met_firm=what.met_firm,
    )


# Ambassadors ----------------------------------------------------------------------------------


class PreCheckOut(Schema):
    what: str
    result: PreCheck.Result
    note: str
    at: datetime


class AmbassadorOut(Schema):
    id: int
    project_id: int | None
    party_id: int | None
    post_id: int
    topic: str
    departments: list[str]
    since: date
    until: date | None
    outcome: str
    checks: list[PreCheckOut]


class AmbassadorIn(Schema):
    project_id: Number | None = None
    party_id: Number | None = None
    post_id: Number
    topic: Line
    departments: list[Word] = Field(max_length=12)


class AmbassadorEndIn(Schema):
    until: Day
    outcome: str = Field(max_length=300)


class PreCheckIn(Schema):
    what: Line
    result: PreCheck.Result
    note: str = Field(default="", max_length=500)


def _ambassador(by: Actor, key: int) -> Ambassador:
    return found(queries.ambassador_by_id(by, key))


def _ambassador_out(row: Ambassador) -> dict[str, Any]:
    plain = ("project_id", "party_id", "post_id", "topic", "departments", "since", "until", "outcome")  # fmt: skip
    return {
        "id": row.pk,
        "checks": queries.checks_of(row),
        **{name: getattr(row, name) for name in plain},
    }


@router.get("/projects/ambassadors", response={200: list[AmbassadorOut], **PROBLEMS})
@api(READ)
def list_ambassadors(request: HttpRequest, by: Actor) -> object:
    """Service ambassadors at work; an enterprise reads its own."""
    rows = queries.ambassadors(by=by)
    plain = ("project_id", "party_id", "post_id", "topic", "departments", "since", "until", "outcome")  # fmt: skip
    return [
        {
            "id": row.pk,
            "checks": list(row.checks.all()),
            **{name: getattr(row, name) for name in plain},
        }
        for row in rows
    ]


@router.post("/projects/ambassadors", response={200: AmbassadorOut, **PROBLEMS})
@api(WRITE)
def name_ambassador(request: HttpRequest, by: Actor, what: AmbassadorIn) -> object:
    """Name who takes one matter through its departments."""
    return _ambassador_out(
        projects.name_ambassador(
            by=by,
            now=timezone.now(),
            post=_post(by, what.post_id),
            topic=what.topic,
            departments=what.departments,
            project=project_of(by, what.project_id),
            party=party_of(by, what.party_id),
        )
    )


@router.post(
    "/projects/ambassadors/{ambassador_id}/check", response={200: AmbassadorOut, **PROBLEMS}
)
@api(WRITE)
def pre_check(request: HttpRequest, by: Actor, ambassador_id: Number, what: PreCheckIn) -> object:
    """Look at a paper or a name before it is handed in."""
    row = _ambassador(by, ambassador_id)
    projects.pre_check(by=by, now=timezone.now(), ambassador=row, **what.dict())
    return _ambassador_out(row)


@router.post("/projects/ambassadors/{ambassador_id}/end", response={200: AmbassadorOut, **PROBLEMS})
@api(WRITE)
def end_ambassador(
    request: HttpRequest, by: Actor, ambassador_id: Number, what: AmbassadorEndIn
) -> object:
    """The matter is through: say what came of it."""
    return _ambassador_out(
        projects.end_ambassador(
            by=by, now=timezone.now(), ambassador=_ambassador(by, ambassador_id), **what.dict()
        )
    )


# Pre-review -----------------------------------------------------------------------------------


class PreReviewResultOut(Schema):
    """Until its state is ``final`` a result has no legal force."""

    id: int
    version: int
    item_id: int
    item: str
    office_id: int | None
    state: PreReview.State
    conditional_on: date | None
    conditions: str
    final_on: date | None
    number: str
    has_force: bool


class PreReviewTrackOut(Schema):
    id: int
    project_id: int
    agreement: str
    risk_letter_on: date
    state: PreReviewTrack.State
    ended_on: date | None
    ended_why: str
    results: list[PreReviewResultOut]


class PreReviewItemOut(Schema):
    id: int
    version: int
    code: str
    name: str
    office_name: str
    working_days: int
    source: str
    mark: str
    ended_on: date | None


class PreReviewItemIn(Schema):
    name: Line
    office_name: Word = ""
    working_days: int = Field(ge=1, le=250)
    source: Line
    is_used: bool = True
    version: Number


class PreReviewIn(Schema):
    """``is_not_barred``: a person says that nothing bars the project; ``offices`` by item number."""

    project_id: Number
    agreement: Line
    risk_letter_on: Day
    is_not_barred: bool
    items: list[Number] = Field(default=[], max_length=40)
    offices: dict[int, Number] = {}


class PreReviewAddIn(Schema):
    item_id: Number
    office_id: Number | None = None


class ConditionalIn(Schema):
    on: Day
    conditions: str = Field(max_length=300)
    version: Number | None = None


class LandSignedIn(Schema):
    """``numbers``: of the final papers, by the number of the item."""

    on: Day
    numbers: dict[int, Word] = {}


class LandLostIn(Schema):
    on: Day
    reason: str = Field(max_length=300)


class LandSignedOut(Schema):
    """How many results turned final, or void."""

    count: int


def _track_out(row: PreReviewTrack) -> dict[str, Any]:
    plain = ("project_id", "agreement", "risk_letter_on", "state", "ended_on", "ended_why")
    result = ("version", "item_id", "office_id", "state", "conditional_on", "conditions", "final_on", "number")  # fmt: skip
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in plain},
        "results": [
            {
                "id": one.pk,
                "item": one.item.name,
                "has_force": one.state == PreReview.State.FINAL,
                **{name: getattr(one, name) for name in result},
            }
            for one in queries.reviews_of(row)
        ],
    }


def _track(by: Actor, key: int) -> PreReviewTrack:
    return found(queries.track_by_id(by, key))


@router.get("/projects/pre-reviews/items", response={200: list[PreReviewItemOut], **PROBLEMS})
@api(READ)
def list_pre_review_items(request: HttpRequest, by: Actor) -> object:
    """What the zone judges before the land contract."""
    return queries.pre_review_items(by.zone_id)


@router.post("/projects/pre-reviews/items/{item_id}", response={200: PreReviewItemOut, **PROBLEMS})
@api(WRITE)
def keep_pre_review_item(
    request: HttpRequest, by: Actor, item_id: Number, what: PreReviewItemIn
) -> object:
    """Change an item of the zone's own list."""
    item = found(PreReviewItem.objects.filter(zone_id=by.zone_id, pk=item_id).first())
    return projects.keep_pre_review_item(by=by, now=timezone.now(), item=item, **what.dict())


@router.post("/projects/pre-reviews", response={200: PreReviewTrackOut, **PROBLEMS})
@api(WRITE)
def open_pre_review(request: HttpRequest, by: Actor, what: PreReviewIn) -> object:
    """Let a project prepare its papers before the land contract."""
    items = PreReviewItem.objects.filter(zone_id=by.zone_id, pk__in=what.items)
    row = projects.open_pre_review(
        by=by,
        now=timezone.now(),
        project=_project(by, what.project_id),
        agreement=what.agreement,
        risk_letter_on=what.risk_letter_on,
        is_not_barred=what.is_not_barred,
        items=list(items),
        offices={key: found(office_of(by, office)) for key, office in what.offices.items()},
    )
    return _track_out(row)


@router.get("/projects/pre-reviews/{track_id}", response={200: PreReviewTrackOut, **PROBLEMS})
@api(READ)
def read_pre_review(request: HttpRequest, by: Actor, track_id: Number) -> object:
    """One track; an enterprise reads its own."""
    return _track_out(_track(by, track_id))


@router.post("/projects/pre-reviews/{track_id}/add", response={200: PreReviewTrackOut, **PROBLEMS})
@api(WRITE)
def add_pre_review(
    request: HttpRequest, by: Actor, track_id: Number, what: PreReviewAddIn
) -> object:
    """Put one more item on a track."""
    track = _track(by, track_id)
    item = found(PreReviewItem.objects.filter(zone_id=by.zone_id, pk=what.item_id).first())
    projects.add_pre_review(
        by=by, now=timezone.now(), track=track, item=item, office=office_of(by, what.office_id)
    )
    return _track_out(track)


@router.post(
    "/projects/pre-reviews/results/{review_id}", response={200: PreReviewTrackOut, **PROBLEMS}
)
@api(WRITE)
def give_conditional(
    request: HttpRequest, by: Actor, review_id: Number, what: ConditionalIn
) -> object:
    """Give a result under the condition that the land is won."""
    review = found(queries.review_by_id(by, review_id))
    row = projects.give_conditional(by=by, now=timezone.now(), review=review, **what.dict())
    return _track_out(row.track)


@router.post("/projects/{project_id}/land/sign", response={200: LandSignedOut, **PROBLEMS})
@api(WRITE)
def sign_land(request: HttpRequest, by: Actor, project_id: Number, what: LandSignedIn) -> object:
    """The land contract is signed: conditional results turn final."""
    project = _project(by, project_id)
    numbers = dict(what.numbers)
    return {
        "count": projects.sign_land(
            by=by, now=timezone.now(), project=project, on=what.on, numbers=numbers
        )
    }


@router.post("/projects/{project_id}/land/lose", response={200: LandSignedOut, **PROBLEMS})
@api(WRITE)
def lose_land(request: HttpRequest, by: Actor, project_id: Number, what: LandLostIn) -> object:
    """The land is lost: every result is void."""
    project = _project(by, project_id)
    return {"count": projects.lose_land(by=by, now=timezone.now(), project=project, **what.dict())}


# Sessions and decisions -----------------------------------------------------------------------


class ResolutionOut(Schema):
    id: int
    project_id: int
    consultation_id: int | None
    text: str
    office_id: int | None
    post_id: int | None
    due_on: date
    task_id: int
    state: str = Field(alias="task.state")
    is_supervised: bool = Field(alias="task.is_supervised")
    outcome: str = Field(alias="task.outcome")


class ConsultationOut(Schema):
    id: int
    version: int
    project_id: int
    on: date
    chair_id: int | None
    place: str
    others: str
    findings: str
    closed_at: datetime | None
    members: list[int]
    resolutions: list[ResolutionOut]


class ConsultationIn(Schema):
    project_id: Number
    on: Day
    chair_id: Number | None = None
    members: list[Number] = Field(default=[], max_length=60)
    others: str = Field(default="", max_length=300)
    place: Phrase = ""
    findings: str = Field(default="", max_length=2000)


class ConsultationKeepIn(Schema):
    findings: str = Field(default="", max_length=2000)
    chair_id: Number | None = None
    members: list[Number] | None = Field(default=None, max_length=60)
    others: str = Field(default="", max_length=300)
    place: Phrase = ""
    is_settled: bool = False
    version: Number


class ResolutionIn(Schema):
    project_id: Number
    consultation_id: Number | None = None
    ask_id: Number | None = None
    text: str = Field(max_length=300)
    due_on: Day
    office_id: Number | None = None
    post_id: Number | None = None
    is_supervised: bool = False


class OutcomeIn(Schema):
    outcome: str = Field(max_length=300)


def _posts(by: Actor, keys: list[int]) -> list[Post]:
    return list(Post.objects.filter(zone_id=by.zone_id, pk__in=keys))


def _session(by: Actor, key: int) -> Consultation:
    return found(queries.consultation_by_id(by, key))


def _session_out(by: Actor, key: int) -> dict[str, Any]:
    row = _session(by, key)
    plain = ("version", "project_id", "on", "chair_id", "place", "others", "findings", "closed_at")
    return {
        "id": row.pk,
        "members": [one.post_id for one in row.members.all()],
        "resolutions": queries.resolutions_of(row),
        **{name: getattr(row, name) for name in plain},
    }


@router.post("/projects/sessions", response={200: ConsultationOut, **PROBLEMS})
@api(WRITE)
def hold_consultation(request: HttpRequest, by: Actor, what: ConsultationIn) -> object:
    """Open a joint session on one project."""
    row = projects.hold_consultation(
        by=by,
        now=timezone.now(),
        project=_project(by, what.project_id),
        on=what.on,
        chair=post_of(by, what.chair_id),
        members=_posts(by, what.members),
        others=what.others,
        place=what.place,
        findings=what.findings,
    )
    return _session_out(by, row.pk)


@router.get("/projects/sessions/{consultation_id}", response={200: ConsultationOut, **PROBLEMS})
@api(READ)
def read_consultation(request: HttpRequest, by: Actor, consultation_id: Number) -> object:
    """One session with its decisions and how far they are."""
    access.must_read_projects(by)
    return _session_out(by, consultation_id)


@router.post("/projects/sessions/{consultation_id}", response={200: ConsultationOut, **PROBLEMS})
@api(WRITE)
def keep_consultation(
    request: HttpRequest, by: Actor, consultation_id: Number, what: ConsultationKeepIn
) -> object:
    """Write down what was found, or settle the record."""
    row = projects.keep_consultation(
        by=by,
        now=timezone.now(),
        consultation=_session(by, consultation_id),
        findings=what.findings,
        chair=post_of(by, what.chair_id),
        members=None if what.members is None else _posts(by, what.members),
        others=what.others,
        place=what.place,
        is_settled=what.is_settled,
        version=what.version,
    )
    return _session_out(by, row.pk)


@router.post("/projects/resolutions", response={200: ResolutionOut, **PROBLEMS})
@api(WRITE)
def resolve(request: HttpRequest, by: Actor, what: ResolutionIn) -> object:
    """Write down what was decided on a project as somebody's task."""
    ask = found(queries.ask_by_id(by, what.ask_id)) if what.ask_id else None
    session = _session(by, what.consultation_id) if what.consultation_id else None
    return projects.resolve(
        by=by,
        now=timezone.now(),
        project=_project(by, what.project_id),
        text=what.text,
        due_on=what.due_on,
        office=office_of(by, what.office_id),
        post=post_of(by, what.post_id),
        consultation=session,
        ask=ask,
        is_supervised=what.is_supervised,
    )


@router.post(
    "/projects/resolutions/{resolution_id}/finish", response={200: ResolutionOut, **PROBLEMS}
)
@api(WRITE)
def finish_resolution(
    request: HttpRequest, by: Actor, resolution_id: Number, what: OutcomeIn
) -> object:
    """Say what came of it."""
    row: Resolution = found(queries.resolution_by_id(by, resolution_id))
    projects.finish_resolution(by=by, now=timezone.now(), resolution=row, outcome=what.outcome)
    return found(queries.resolution_by_id(by, resolution_id))


class DecisionAskOut(Schema):
    id: int
    version: int
    project_id: int
    question: str
    options: list[str]
    asked_at: datetime
    wanted_on: date | None
    decided_by_id: int | None
    decided_at: datetime | None
    decision: str


class DecisionAskIn(Schema):
    project_id: Number
    question: str = Field(max_length=300)
    options: list[Line] = Field(min_length=2, max_length=6)
    wanted_on: Day | None = None


class DecisionIn(Schema):
    decision: str = Field(max_length=500)
    version: Number | None = None


class AskVersionIn(Schema):
    version: Number | None = None


def _ask(by: Actor, key: int) -> DecisionAsk:
    return found(queries.ask_by_id(by, key))


@router.get("/projects/decisions", response={200: list[DecisionAskOut], **PROBLEMS})
@api(READ)
def list_asks(request: HttpRequest, by: Actor) -> object:
    """What waits for a leader, the most urgent first."""
    access.must_read_projects(by)
    return list(queries.open_asks(by.zone_id))


@router.post("/projects/decisions", response={200: DecisionAskOut, **PROBLEMS})
@api(WRITE)
def ask_decision(request: HttpRequest, by: Actor, what: DecisionAskIn) -> object:
    """Ask a leader to decide."""
    return projects.ask_decision(
        by=by,
        now=timezone.now(),
        project=_project(by, what.project_id),
        question=what.question,
        options=what.options,
        wanted_on=what.wanted_on,
    )


@router.post("/projects/decisions/{ask_id}/decide", response={200: DecisionAskOut, **PROBLEMS})
@api(WRITE)
def decide(request: HttpRequest, by: Actor, ask_id: Number, what: DecisionIn) -> object:
    """Decide, as a leader of the zone."""
    return projects.decide(by=by, now=timezone.now(), ask=_ask(by, ask_id), **what.dict())


@router.post("/projects/decisions/{ask_id}/withdraw", response={200: DecisionAskOut, **PROBLEMS})
@api(WRITE)
def withdraw_ask(request: HttpRequest, by: Actor, ask_id: Number, what: AskVersionIn) -> object:
    """Nothing is to be decided any more."""
    return projects.withdraw_ask(
        by=by, now=timezone.now(), ask=_ask(by, ask_id), version=what.version
    )


# Weekly minutes -------------------------------------------------------------------------------


class ProjectLineOut(Schema):
    id: int
    version: int
    project_id: int | None
    topic: ProjectLine.Topic
    who: str
    what: str
    since: date
    light: str
    change: ProjectLine.Change
    measure: str
    owner_id: int | None
    due_on: date | None
    result: str
    is_done: bool
    is_kept: bool


class ProjectWeekOut(Schema):
    """The minutes of a week, by topic and red first."""

    id: int
    monday: date
    issued_at: datetime | None
    note: str
    lines: list[ProjectLineOut]


class ProjectLineIn(Schema):
    project_id: Number | None = None
    who: Line = ""
    what: str = Field(max_length=500)
    measure: str = Field(default="", max_length=500)
    owner_id: Number | None = None
    due_on: Day | None = None


class ProjectLineKeepIn(Schema):
    measure: str = Field(default="", max_length=500)
    result: str = Field(default="", max_length=500)
    owner_id: Number | None = None
    due_on: Day | None = None
    is_done: bool = False
    is_kept: bool = True
    version: Number


class ProjectWeekIssueIn(Schema):
    note: str = Field(default="", max_length=1000)


class SupervisedOut(Schema):
    task_id: int
    matter: str
    title: str
    office_id: int | None
    post_id: int | None
    due_on: date | None


def _week(by: Actor, key: int) -> ProjectWeek:
    return found(queries.project_week(by, key))


def _week_out(by: Actor, key: int) -> dict[str, Any]:
    week = _week(by, key)
    return {
        "id": week.pk,
        "monday": week.monday,
        "issued_at": week.issued_at,
        "note": week.note,
        "lines": queries.project_lines(week=week),
    }


@router.get("/projects/weekly", response={200: ProjectWeekOut, **PROBLEMS})
@api(READ)
def read_project_week(request: HttpRequest, by: Actor) -> object:
    """The minutes of the newest week."""
    access.must_read_projects(by)
    week = found(next(iter(queries.project_weeks(by=by)), None))
    return _week_out(by, week.pk)


@router.post("/projects/weekly", response={200: ProjectWeekOut, **PROBLEMS})
@api(WRITE)
def make_project_week(request: HttpRequest, by: Actor) -> object:
    """Make this week's minutes, or bring them up to date."""
    return _week_out(by, projects.make_project_week(by=by, now=timezone.now()).pk)


@router.get("/projects/supervised", response={200: list[SupervisedOut], **PROBLEMS})
@api(READ)
def list_supervised(request: HttpRequest, by: Actor) -> object:
    """Tasks of projects under supervision, the earliest end first."""
    access.must_read_projects(by)
    return [
        {
            "task_id": one.pk,
            "matter": one.matter.title,
            "title": one.title,
            "office_id": one.office_id,
            "post_id": one.post_id,
            "due_on": work.last_day(one.due_at),
        }
        for one in queries.supervised_tasks(by.zone_id)
    ]


@router.post("/projects/weekly/{week_id}/lines", response={200: ProjectLineOut, **PROBLEMS})
@api(WRITE)
def add_project_line(
    request: HttpRequest, by: Actor, week_id: Number, what: ProjectLineIn
) -> object:
    """Put something on the minutes by hand."""
    return projects.add_project_line(
        by=by,
        now=timezone.now(),
        week=_week(by, week_id),
        what=what.what,
        project=project_of(by, what.project_id),
        who=what.who,
        measure=what.measure,
        owner=post_of(by, what.owner_id),
        due_on=what.due_on,
    )


@router.post("/projects/weekly/lines/{line_id}", response={200: ProjectLineOut, **PROBLEMS})
@api(WRITE)
def keep_project_line(
    request: HttpRequest, by: Actor, line_id: Number, what: ProjectLineKeepIn
) -> object:
    """Write down what was agreed and what came of it."""
    line = found(
        ProjectLine.objects.filter(zone_id=by.zone_id, pk=line_id).select_related("week").first()
    )
    given = what.dict(exclude={"owner_id"})
    return projects.keep_project_line(
        by=by, now=timezone.now(), line=line, owner=post_of(by, what.owner_id), **given
    )


@router.post("/projects/weekly/{week_id}/issue", response={200: ProjectWeekOut, **PROBLEMS})
@api(WRITE)
def issue_project_week(
    request: HttpRequest, by: Actor, week_id: Number, what: ProjectWeekIssueIn
) -> object:
    """Issue the minutes as the meeting held them."""
    week = projects.issue_project_week(
        by=by, now=timezone.now(), week=_week(by, week_id), note=what.note
    )
    return _week_out(by, week.pk)
