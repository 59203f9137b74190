"""API of joint acceptance: apply, papers, days, signing on the site, defects, results, figures."""

from datetime import date, datetime, time
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import StringConstraints

from xiaoer.base.access import must_be_staff
from xiaoer.base.api.shapes import Day, Line, Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.acceptance_words import field_words
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import (
    Acceptance,
    AcceptanceCheck,
    AcceptanceKind,
    Defect,
    InspectorAbsence,
    SiteDay,
    SiteSearch,
)
from xiaoer.permits.queries import acceptance as queries
from xiaoer.permits.queries import siting
from xiaoer.projects.models import Project

router = Router(tags=["joint acceptance"])
Said = Annotated[
    str, StringConstraints(max_length=1000, strip_whitespace=True, pattern=r"^[^\u0000]*$")
]
Small = Annotated[int, Field(ge=0, le=10_000)]
Key = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")]


class AcceptanceCheckOut(Schema):
    id: int
    kind: str
    name: str
    office_id: int | None
    state: AcceptanceCheck.State
    needs_visit: bool
    is_drawn: bool | None
    papers_words: str
    signed_at: datetime | None
    site_words: str
    result_number: str
    result_on: date | None
    version: int

    @staticmethod
    def resolve_kind(row: AcceptanceCheck) -> str:
        return row.kind.code

    @staticmethod
    def resolve_name(row: AcceptanceCheck) -> str:
        return row.kind.name


class SiteDefectOut(Schema):
    id: int
    check_id: int
    what: str
    clause: str
    place: str
    way: Defect.Way
    due_on: date
    state: Defect.State
    repair_words: str
    recheck_words: str
    times: int
    key: str

    @staticmethod
    def resolve_check_id(row: Defect) -> int:
        return row.check_row_id


class SiteDayOut(Schema):
    id: int
    acceptance_id: int
    day: date
    starts_at: time
    minutes: int
    travel_minutes: int
    state: SiteDay.State
    is_locked: bool


class AcceptanceOut(Schema):
    id: int
    number: str
    project_id: int
    party_id: int | None
    part: str
    is_joint: bool
    state: Acceptance.State
    applied_at: datetime
    accepted_at: datetime | None
    owner_accepted_on: date | None
    concluded_at: datetime | None
    filed_on: date | None
    archived_on: date | None
    trips: int
    version: int


class AcceptanceBlockOut(Schema):
    check: str
    what: str
    law: str


class AcceptanceWholeOut(AcceptanceOut):
    gaps: list[dict[str, str]]
    checks: list[AcceptanceCheckOut]
    defects: list[SiteDefectOut]
    day: SiteDayOut | None
    blocks: list[AcceptanceBlockOut]


class AcceptanceIn(Schema):
    project_id: Number
    part: Line = ""
    area_m2: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    is_special: bool = False
    has_air_defence: bool = False
    contact_name: Line = ""
    contact_phone: Line = ""
    wished_days: Annotated[list[Day], Field(max_length=10)] = []
    asked: Annotated[list[Key], Field(max_length=30)] = []
    phase_why: Said = ""
    archives_by: Day | None = None


class AcceptanceSeparateIn(Schema):
    project_id: Number
    concluded_on: Day
    part: Line = ""
    trips: Small = 0
    words: Said = ""


class AcceptancePapersIn(Schema):
    lacking: Said = ""


class AcceptanceCheckOfficeIn(Schema):
    office_id: Number


class AcceptanceAcceptIn(Schema):
    brought_later: Said = ""


class AcceptanceWhyIn(Schema):
    reason: Said = ""


class AcceptanceGuideIn(Schema):
    on: Day
    gaps: Said


class AcceptanceSlotIn(Schema):
    day: Day
    starts_at: time
    minutes: Annotated[int, Field(ge=15, le=480)] = 90
    goers: Annotated[dict[str, list[Number]], Field(max_length=30)] = {}


class SiteDefectIn(Schema):
    what: Said
    clause: Line
    due_on: Day
    way: Defect.Way = Defect.Way.SITE
    place: Line = ""
    key: Key = ""


class SiteSignIn(Schema):
    """``client_key``: the phone's own; sent again it is the same signature."""

    defects: Annotated[list[SiteDefectIn], Field(max_length=60)] = []
    words: Said = ""
    second_id: Number | None = None
    client_key: Key = ""
    claimed_at: datetime | None = None


class SiteSignedOut(Schema):
    check: AcceptanceCheckOut
    defects: list[SiteDefectOut]
    is_again: bool


class AcceptanceRepairIn(Schema):
    defect_id: Number
    words: Said


class AcceptanceRepairsIn(Schema):
    repairs: Annotated[list[AcceptanceRepairIn], Field(max_length=200)]


class AcceptanceVerdictIn(Schema):
    defect_id: Number
    passed: bool
    words: Said = ""


class AcceptanceRecheckIn(Schema):
    verdicts: Annotated[list[AcceptanceVerdictIn], Field(max_length=200)]


class AcceptanceResultIn(Schema):
    number: Line
    on: Day
    words: Said = ""


class AcceptanceOwnerDayIn(Schema):
    on: Day


class AcceptanceKindOut(Schema):
    id: int
    code: str
    name: str
    nature: AcceptanceKind.Nature
    statute: str
    authority: str
    office_id: int | None
    applies: AcceptanceKind.Applies
    blocks: AcceptanceKind.Blocks
    turn: AcceptanceKind.Turn
    draw_percent: int | None
    inspectors: int
    papers: list[str]
    single_steps: int
    single_trips: int
    source: str
    mark: str
    is_used: bool
    version: int


class AcceptanceKindIn(Schema):
    name: Line
    authority: Line
    office_id: Number | None = None
    statute: Said = ""
    draw_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    inspectors: Annotated[int, Field(ge=1, le=9)] = 2
    papers: Annotated[list[Line], Field(max_length=30)] = []
    single_steps: Small = 3
    single_trips: Small = 2
    source: Said
    is_used: bool = True
    version: Number


class AcceptanceRuleOut(Schema):
    begins: time
    ends: time
    lunch_from: time
    lunch_until: time
    visit_minutes: int
    speed_kmh: int
    detour_percent: int
    days_ahead: int
    joint_steps: int
    base: list[float] | None
    source: str
    mark: str
    version: int


class AcceptanceRuleIn(Schema):
    begins: time
    ends: time
    lunch_from: time
    lunch_until: time
    visit_minutes: Small
    speed_kmh: Small
    detour_percent: Small
    days_ahead: Small
    joint_steps: Small
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    source: Said
    version: Number


class InspectorOut(Schema):
    id: int
    post_id: int
    office_id: int
    per_day: int
    authorised_on: date
    ended_on: date | None


class InspectorIn(Schema):
    post_id: Number
    per_day: Annotated[int, Field(ge=1, le=12)] = 3


class SiteAbsenceIn(Schema):
    since: Day
    until: Day
    why: Line = ""


class SiteAbsenceOut(Schema):
    id: int
    inspector_id: int
    since: date
    until: date
    why: str
    removed_at: datetime | None


class SiteSearchIn(Schema):
    seconds: Annotated[int, Field(ge=1, le=60)] = 5


class SiteSearchOut(Schema):
    id: int
    state: SiteSearch.State
    placed: int
    asked: int
    better: int
    best: list[dict[str, Any]]
    left: list[dict[str, Any]]
    message: str
    taken_at: datetime | None


class TakeDaysIn(Schema):
    only: Number | None = None


class HoldDayIn(Schema):
    is_locked: bool


class AcceptanceFiguresOut(Schema):
    """Shares as exact fractions, ``null`` where nothing was concluded."""

    served: int
    concluded: int
    share: str | None
    steps_cut: str | None
    trips_saved: str | None
    in_work: int


WHOLE: dict[int, Any] = {200: AcceptanceWholeOut, **PROBLEMS}


def _row(by: Actor, key: int) -> Acceptance:
    return found(queries.acceptance_of(by=by, acceptance_id=key))


def _check(by: Actor, key: int) -> AcceptanceCheck:
    return found(queries.check_of(by=by, check_id=key))


def _whole(by: Actor, key: int) -> dict[str, Any]:
    row = _row(by, key)
    checks = queries.checks_of(row)
    return {
        **{name: getattr(row, name) for name in AcceptanceOut.model_fields},
        "gaps": row.gaps,
        "checks": checks,
        "defects": queries.defects_of(row),
        "day": queries.site_day_of(row),
        "blocks": [
            {"check": one.check.kind.name, "what": one.what, "law": one.law}
            for one in queries.blocks_of(checks)
        ],
    }


def _project(by: Actor, key: int) -> Project:
    return found(Project.objects.filter(zone_id=by.zone_id, pk=key).select_related("party").first())


def _post(by: Actor, key: int | None) -> Post | None:
    if key is None:
        return None
    rows = Post.objects.filter(zone_id=by.zone_id, pk=key).select_related("person", "office")
    return found(rows.first())


def _office(by: Actor, key: int | None) -> Office | None:
    return None if key is None else found(Office.objects.filter(zone_id=by.zone_id, pk=key).first())


# Lists and figures -------------------------------------------------------------------------------


@router.get("/acceptances", response={200: list[AcceptanceOut], **PROBLEMS})
@api(READ)
def list_acceptances(
    request: HttpRequest, by: Actor, group: str = "open", project_id: Number | None = None
) -> object:
    """Those the asker may see: ``open``, ``closed``, ``all`` or of one state; at most 300."""
    known = {"open", "closed", "all", *Acceptance.State.values}
    wanted = queries.AcceptanceFilter(group if group in known else "open", project=project_id)
    return list(queries.acceptances(by=by, wanted=wanted)[:300])


@router.get("/acceptance-figures", response={200: AcceptanceFiguresOut, **PROBLEMS})
@api(READ)
def read_acceptance_figures(request: HttpRequest, by: Actor, since: Day, until: Day) -> object:
    """Projects served, the share of the joint way, steps cut and trips saved in a period."""
    access.must_read(by)
    got = queries.acceptance_figures(zone_id=by.zone_id, since=since, until=until)
    return {
        "served": got.served, "concluded": got.concluded, "in_work": got.in_work,
        **{
            name: None if getattr(got, name) is None else str(getattr(got, name))
            for name in ("share", "steps_cut", "trips_saved")
        },
    }  # fmt: skip


@router.post("/acceptances", response=WHOLE)
@api(WRITE)
def apply_acceptance(request: HttpRequest, by: Actor, what: AcceptanceIn) -> object:
    """Apply: an owner for its own project, the window for any."""
    given = what.dict()
    project = _project(by, given.pop("project_id"))
    row = acceptance.apply_acceptance(
        by=by, now=timezone.now(), project=project, facts=acceptance.AcceptanceFacts(**given)
    )
    return _whole(by, row.pk)


@router.post("/acceptances/separate", response=WHOLE)
@api(WRITE)
def record_separate(request: HttpRequest, by: Actor, what: AcceptanceSeparateIn) -> object:
    """Keep that a project had its checks one by one."""
    given = what.dict()
    project = _project(by, given.pop("project_id"))
    row = acceptance.record_separate_acceptance(
        by=by, now=timezone.now(), project=project, facts=acceptance.SeparateFacts(**given)
    )
    return _whole(by, row.pk)


@router.get("/acceptances/{acceptance_id}", response=WHOLE)
@api(READ)
def read_acceptance(request: HttpRequest, by: Actor, acceptance_id: Number) -> object:
    """One with all its parts."""
    return _whole(by, acceptance_id)


# Papers ------------------------------------------------------------------------------------------


@router.post("/acceptance-checks/{check_id}/papers", response=WHOLE)
@api(WRITE)
def check_acceptance_papers(
    request: HttpRequest, by: Actor, check_id: Number, what: AcceptancePapersIn
) -> object:
    """A department's word on the papers: empty when in order, else everything lacking."""
    check = _check(by, check_id)
    acceptance.check_papers(by=by, now=timezone.now(), check=check, lacking=what.lacking)
    return _whole(by, check.acceptance_id)


@router.post("/acceptance-checks/{check_id}/office", response=WHOLE)
@api(WRITE)
def name_check_office(
    request: HttpRequest, by: Actor, check_id: Number, what: AcceptanceCheckOfficeIn
) -> object:
    """Name who does a check."""
    check, office = _check(by, check_id), found(_office(by, what.office_id))
    acceptance.name_check_office(by=by, now=timezone.now(), check=check, office=office)
    return _whole(by, check.acceptance_id)


@router.post("/acceptances/{acceptance_id}/ask", response=WHOLE)
@api(WRITE)
def ask_acceptance(request: HttpRequest, by: Actor, acceptance_id: Number) -> object:
    """Ask the owner once for all that is lacking."""
    row = _row(by, acceptance_id)
    acceptance.ask_acceptance_supplement(by=by, now=timezone.now(), acceptance=row)
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/answer", response=WHOLE)
@api(WRITE)
def answer_acceptance(request: HttpRequest, by: Actor, acceptance_id: Number) -> object:
    """It was all brought."""
    row = _row(by, acceptance_id)
    acceptance.answer_acceptance_supplement(by=by, now=timezone.now(), acceptance=row)
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/accept", response=WHOLE)
@api(WRITE)
def accept_acceptance(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceAcceptIn
) -> object:
    """Accept it; a day on the site is due."""
    acceptance.accept_acceptance(
        by=by,
        now=timezone.now(),
        acceptance=_row(by, acceptance_id),
        brought_later=what.brought_later,
    )
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/not-accept", response=WHOLE)
@api(WRITE)
def not_accept_acceptance(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceWhyIn
) -> object:
    """A person does not accept it, and says why."""
    row = _row(by, acceptance_id)
    acceptance.not_accept_acceptance(by=by, now=timezone.now(), acceptance=row, reason=what.reason)
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/withdraw", response=WHOLE)
@api(WRITE)
def withdraw_acceptance(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceWhyIn
) -> object:
    """The owner takes it back."""
    row = _row(by, acceptance_id)
    acceptance.withdraw_acceptance(by=by, now=timezone.now(), acceptance=row, reason=what.reason)
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/guide", response=WHOLE)
@api(WRITE)
def guide_acceptance(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceGuideIn
) -> object:
    """Write down the gaps that were shown before."""
    acceptance.guide_acceptance(
        by=by, now=timezone.now(), acceptance=_row(by, acceptance_id), on=what.on, gaps=what.gaps
    )
    return _whole(by, acceptance_id)


# Days --------------------------------------------------------------------------------------------


@router.post("/acceptances/{acceptance_id}/day", response=WHOLE)
@api(WRITE)
def fix_site_day(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceSlotIn
) -> object:
    """Fix the one day and hour; ``goers`` are inspectors by the number of the check."""
    if not all(key.isdigit() for key in what.goers):
        raise Refused(_("Name the checks by their numbers."), field="goers")
    slot = acceptance.Slot(
        day=what.day, starts_at=what.starts_at, minutes=what.minutes,
        goers={int(key): people for key, people in what.goers.items()},
    )  # fmt: skip
    row = _row(by, acceptance_id)
    acceptance.fix_site_day(by=by, now=timezone.now(), acceptance=row, slot=slot)
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/drop-day", response=WHOLE)
@api(WRITE)
def drop_site_day(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceWhyIn
) -> object:
    """Call the day off."""
    row = _row(by, acceptance_id)
    acceptance.drop_site_day(by=by, now=timezone.now(), acceptance=row, reason=what.reason)
    return _whole(by, acceptance_id)


@router.get("/site-days", response={200: list[SiteDayOut], **PROBLEMS})
@api(READ)
def list_site_days(request: HttpRequest, by: Actor, since: Day, until: Day) -> object:
    """Visits of these days; at most two months."""
    access.must_read(by)
    if (until - since).days > 62:
        until = since
    return queries.days_between(by=by, since=since, until=until)


@router.post("/site-days/{site_day_id}/hold", response={200: SiteDayOut, **PROBLEMS})
@api(WRITE)
def hold_site_day(request: HttpRequest, by: Actor, site_day_id: Number, what: HoldDayIn) -> object:
    """Hold a fixed day, or let the next search move it."""
    must_be_staff(by)
    day = found(SiteDay.objects.filter(zone_id=by.zone_id, pk=site_day_id).first())
    return acceptance.lock_site_day(
        by=by, now=timezone.now(), site_day=day, is_locked=what.is_locked
    )


@router.post("/site-searches", response={200: SiteSearchOut, **PROBLEMS})
@api(WRITE)
def ask_for_site_days(request: HttpRequest, by: Actor, what: SiteSearchIn) -> object:
    """Search days for all that wait."""
    return acceptance.ask_for_site_days(by=by, now=timezone.now(), seconds=what.seconds)


def _search(by: Actor, key: int) -> SiteSearch:
    access.must_read(by)
    return found(siting.search_by_number(by=by, search_id=key))


@router.get("/site-searches/{search_id}", response={200: SiteSearchOut, **PROBLEMS})
@api(READ)
def read_site_search(request: HttpRequest, by: Actor, search_id: Number) -> object:
    """How far it is, the best so far, and why any building got no day."""
    return _search(by, search_id)


@router.post("/site-searches/{search_id}/stop", response={200: SiteSearchOut, **PROBLEMS})
@api(WRITE)
def stop_site_search(request: HttpRequest, by: Actor, search_id: Number) -> object:
    """Stop with the best so far."""
    return acceptance.stop_site_search(by=by, now=timezone.now(), row=_search(by, search_id))


@router.post("/site-searches/{search_id}/take", response={200: list[SiteDayOut], **PROBLEMS})
@api(WRITE)
def take_site_days(request: HttpRequest, by: Actor, search_id: Number, what: TakeDaysIn) -> object:
    """Fix what was proposed, all or one building."""
    row = _search(by, search_id)
    return acceptance.take_site_days(by=by, now=timezone.now(), row=row, only=what.only)


class FieldSecondOut(Schema):
    id: int
    name: str


class FieldCheckOut(Schema):
    id: int
    name: str
    clause: str
    asks_two: bool
    seconds: list[FieldSecondOut]


class FieldSiteOut(Schema):
    acceptance_id: int
    number: str
    name: str
    owner: str
    contact: str
    phone: str
    day: date
    starts_at: time
    guidance: str
    checks: list[FieldCheckOut]


class AcceptanceFieldOut(Schema):
    """What a phone keeps of the coming days on sites, with the words it shows."""

    sites: list[FieldSiteOut]
    words: dict[str, str]


@router.get("/acceptance-field", response={200: AcceptanceFieldOut, **PROBLEMS})
@api(READ)
def read_acceptance_field(request: HttpRequest, by: Actor) -> object:
    """The asker's sites for the phone: kept there sealed, signed there without a network."""
    must_be_staff(by)
    sites = queries.field_sites(by=by, today=timezone.localdate())
    return {"sites": [_field_site(one) for one in sites], "words": field_words()}


def _field_site(one: queries.FieldSite) -> dict[str, Any]:
    checks = [
        {
            "id": check.id, "name": check.name, "clause": check.clause, "asks_two": check.asks_two,
            "seconds": [{"id": key, "name": name} for key, name in check.seconds],
        }
        for check in one.checks
    ]  # fmt: skip
    plain = ("acceptance_id", "number", "name", "owner", "contact", "phone", "day", "starts_at", "guidance")  # fmt: skip
    return {**{name: getattr(one, name) for name in plain}, "checks": checks}


# On the site and after ---------------------------------------------------------------------------


@router.post("/acceptance-checks/{check_id}/sign", response={200: SiteSignedOut, **PROBLEMS})
@api(WRITE)
def sign_check(request: HttpRequest, by: Actor, check_id: Number, what: SiteSignIn) -> object:
    """A department signs its own part, with every defect it found."""
    signed = acceptance.sign_check(
        by=by, now=timezone.now(), check=_check(by, check_id), words_said=what.words,
        second=_post(by, what.second_id), client_key=what.client_key, claimed_at=what.claimed_at,
        defects=[acceptance.DefectFacts(**one.dict()) for one in what.defects],
    )  # fmt: skip
    return {"check": signed.check, "defects": list(signed.defects), "is_again": signed.is_again}


@router.post("/acceptances/{acceptance_id}/send-defects", response=WHOLE)
@api(WRITE)
def send_defects(request: HttpRequest, by: Actor, acceptance_id: Number) -> object:
    """Send the one list."""
    row = _row(by, acceptance_id)
    acceptance.send_defects(by=by, now=timezone.now(), acceptance=row)
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/repairs", response=WHOLE)
@api(WRITE)
def report_repairs(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceRepairsIn
) -> object:
    """Report points put right and ask for re-check of them."""
    said = [(one.defect_id, one.words) for one in what.repairs]
    row = _row(by, acceptance_id)
    acceptance.report_repairs(by=by, now=timezone.now(), acceptance=row, repairs=said)
    return _whole(by, acceptance_id)


@router.post("/acceptance-checks/{check_id}/recheck", response=WHOLE)
@api(WRITE)
def recheck_defects(
    request: HttpRequest, by: Actor, check_id: Number, what: AcceptanceRecheckIn
) -> object:
    """A department looks again at its own points."""
    check = _check(by, check_id)
    verdicts = [(one.defect_id, one.passed, one.words) for one in what.verdicts]
    acceptance.recheck_defects(by=by, now=timezone.now(), check=check, verdicts=verdicts)
    return _whole(by, check.acceptance_id)


@router.post("/acceptance-checks/{check_id}/decide", response=WHOLE)
@api(WRITE)
def decide_check(
    request: HttpRequest, by: Actor, check_id: Number, what: AcceptanceResultIn
) -> object:
    """A department issues its own result."""
    check = _check(by, check_id)
    acceptance.decide_check(
        by=by, now=timezone.now(), check=check, number=what.number, on=what.on, said=what.words
    )
    return _whole(by, check.acceptance_id)


@router.post("/acceptances/{acceptance_id}/owner-acceptance", response=WHOLE)
@api(WRITE)
def record_owner_acceptance(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceOwnerDayIn
) -> object:
    """The owner's own completion acceptance."""
    row = _row(by, acceptance_id)
    acceptance.record_owner_acceptance(by=by, now=timezone.now(), acceptance=row, on=what.on)
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/conclude", response=WHOLE)
@api(WRITE)
def conclude_acceptance(request: HttpRequest, by: Actor, acceptance_id: Number) -> object:
    """Issue the joint opinion."""
    row = _row(by, acceptance_id)
    acceptance.conclude_acceptance(by=by, now=timezone.now(), acceptance=row)
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/file", response=WHOLE)
@api(WRITE)
def file_completion(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceResultIn
) -> object:
    """File the completion."""
    acceptance.file_completion(
        by=by,
        now=timezone.now(),
        acceptance=_row(by, acceptance_id),
        number=what.number,
        on=what.on,
    )
    return _whole(by, acceptance_id)


@router.post("/acceptances/{acceptance_id}/archive", response=WHOLE)
@api(WRITE)
def archive_acceptance(
    request: HttpRequest, by: Actor, acceptance_id: Number, what: AcceptanceResultIn
) -> object:
    """Take the archives over."""
    acceptance.archive_acceptance(
        by=by,
        now=timezone.now(),
        acceptance=_row(by, acceptance_id),
        number=what.number,
        on=what.on,
    )
    return _whole(by, acceptance_id)


# Settings ----------------------------------------------------------------------------------------


@router.get("/acceptance-kinds", response={200: list[AcceptanceKindOut], **PROBLEMS})
@api(READ)
def list_acceptance_kinds(request: HttpRequest, by: Actor) -> object:
    """The checks, each with its law, source and mark."""
    return queries.kinds(zone_id=by.zone_id)


@router.post("/acceptance-kinds/{kind_id}", response={200: AcceptanceKindOut, **PROBLEMS})
@api(WRITE)
def keep_acceptance_kind(
    request: HttpRequest, by: Actor, kind_id: Number, what: AcceptanceKindIn
) -> object:
    """Change a check for what is applied for from now on."""
    given = what.dict(exclude={"office_id", "version", "papers"})
    return acceptance.keep_acceptance_kind(
        by=by, now=timezone.now(), kind=found(queries.kind_of(by=by, kind_id=kind_id)),
        version=what.version,
        facts=acceptance.KindFacts(
            **given, office=_office(by, what.office_id), papers=tuple(what.papers)
        ),
    )  # fmt: skip


@router.get("/acceptance-rule", response={200: AcceptanceRuleOut, **PROBLEMS})
@api(READ)
def read_acceptance_rule(request: HttpRequest, by: Actor) -> object:
    """By what days are planned."""
    access.must_read(by)
    return found(queries.rule(zone_id=by.zone_id))


@router.post("/acceptance-rule", response={200: AcceptanceRuleOut, **PROBLEMS})
@api(WRITE)
def keep_acceptance_rule(request: HttpRequest, by: Actor, what: AcceptanceRuleIn) -> object:
    """Change it."""
    given = what.dict(exclude={"version", "longitude", "latitude"})
    here = (
        None if what.longitude is None or what.latitude is None else (what.longitude, what.latitude)
    )
    return acceptance.keep_acceptance_rule(
        by=by,
        now=timezone.now(),
        version=what.version,
        facts=acceptance.RuleFacts(**given, base=here),
    )


@router.get("/inspectors", response={200: list[InspectorOut], **PROBLEMS})
@api(READ)
def list_inspectors(request: HttpRequest, by: Actor) -> object:
    """Whom departments authorised to sign on sites."""
    access.must_read(by)
    return queries.inspectors(zone_id=by.zone_id)


@router.post("/inspectors", response={200: InspectorOut, **PROBLEMS})
@api(WRITE)
def authorise_inspector(request: HttpRequest, by: Actor, what: InspectorIn) -> object:
    """A department authorises one of its people."""
    must_be_staff(by)
    return acceptance.authorise_inspector(
        by=by, now=timezone.now(), post=found(_post(by, what.post_id)), per_day=what.per_day
    )


@router.post("/inspectors/{inspector_id}/end", response={200: InspectorOut, **PROBLEMS})
@api(WRITE)
def end_inspector(request: HttpRequest, by: Actor, inspector_id: Number) -> object:
    """Somebody signs on sites no longer."""
    must_be_staff(by)
    row = found(queries.inspector_of(by=by, inspector_id=inspector_id))
    return acceptance.end_inspector(by=by, now=timezone.now(), inspector=row)


@router.post("/inspectors/{inspector_id}/absences", response={200: SiteAbsenceOut, **PROBLEMS})
@api(WRITE)
def note_absence(
    request: HttpRequest, by: Actor, inspector_id: Number, what: SiteAbsenceIn
) -> object:
    """Days on which somebody cannot go."""
    must_be_staff(by)
    row = found(queries.inspector_of(by=by, inspector_id=inspector_id))
    return acceptance.note_absence(by=by, now=timezone.now(), inspector=row, **what.dict())


@router.post("/inspector-absences/{absence_id}/remove", response={200: SiteAbsenceOut, **PROBLEMS})
@api(WRITE)
def remove_absence(request: HttpRequest, by: Actor, absence_id: Number) -> object:
    """Somebody can go after all."""
    must_be_staff(by)
    row = found(InspectorAbsence.objects.filter(zone_id=by.zone_id, pk=absence_id).first())
    return acceptance.remove_absence(by=by, now=timezone.now(), absence=row)
