"""API of the way into the library of investment statistics."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from xiaoer.base.api.shapes import Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import element_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import (
    EntryPath,
    Project,
    StatCutoff,
    StatEntry,
    StatPaper,
    StatPaperKind,
    StatRule,
)

router = Router(tags=["statistics of projects"])


class StatEntryOut(Schema):
    id: int
    version: int
    project_id: int
    path: EntryPath
    state: StatEntry.State
    post_id: int | None
    handed_in_on: date | None
    returned_on: date | None
    returned_why: str
    entered_on: date | None
    document: str


class StatPaperLineOut(Schema):
    """A paper asked for; ``unread``: what it should show and does not."""

    kind_id: int
    code: str
    name: str
    is_required: bool
    paper_id: int | None
    taken_on: date | None
    made_on: date | None
    unread: list[str]


class StatEntryWholeOut(StatEntryOut):
    """With its papers and what they say against each other."""

    papers: list[StatPaperLineOut]
    contradictions: list[str]


class EntryRowOut(Schema):
    """A project to be entered; ``entry_id`` null: nobody began. ``lacks``: how many things."""

    project_id: int
    name: str
    entry_id: int | None
    started_on: date | None
    months: int | None
    lacks: int
    missing: list[str]


class StatEntryIn(Schema):
    path: EntryPath
    post_id: Number | None = None


class StatPaperIn(Schema):
    """What is read from a paper; empty: it does not say."""

    kind_id: Number
    taken_on: Day
    made_on: Day | None = None
    name_on_it: Word = ""
    code_on_it: str = Field(default="", max_length=30)
    party_on_it: Word = ""
    place_on_it: Word = ""
    note: Word = ""


class PaperBackIn(Schema):
    why: Line


class HandInIn(Schema):
    on: Day
    why: str = Field(default="", max_length=300)
    version: int


class EntryReturnIn(Schema):
    on: Day
    why: Line
    version: int


class EnterLibraryIn(Schema):
    entered_on: Day
    document: Line
    version: int


class LeaveLibraryIn(Schema):
    why: Line
    version: int


class StatRuleOut(Schema):
    id: int
    version: int
    code: StatRule.Code
    value: int
    source: str
    mark: str


class StatRuleIn(Schema):
    value: int = Field(ge=1, le=10**15)
    source: Line
    version: int


class StatCutoffOut(Schema):
    id: int
    version: int
    name: str
    day: int
    source: str
    mark: str
    is_used: bool


class StatCutoffIn(Schema):
    """``cutoff_id`` null: a new one."""

    cutoff_id: Number | None = None
    name: Line
    day: int = Field(ge=1, le=31)
    source: Line
    is_used: bool
    version: int | None = None


class StatPaperKindOut(Schema):
    id: int
    version: int
    code: str
    name: str
    name_en: str
    path: str
    part: StatPaperKind.Part
    shows: list[str]
    is_required: bool
    source: str
    mark: str


class StatPaperKindIn(Schema):
    is_required: bool
    version: int


def _entry(by: Actor, entry_id: int) -> StatEntry:
    return found(queries.entry_of(zone_id=by.zone_id, entry_id=entry_id))


def _whole(entry: StatEntry) -> dict[str, Any]:
    papers = queries.checklist_of(entry)
    plain = (
        "version", "project_id", "path", "state", "post_id", "handed_in_on", "returned_on",
        "returned_why", "entered_on", "document",
    )  # fmt: skip
    return {
        "id": entry.pk,
        **{name: getattr(entry, name) for name in plain},
        "contradictions": list(papers.contradictions),
        "papers": [
            {
                "kind_id": line.kind.pk,
                "code": line.kind.code,
                "name": line.kind.name,
                "is_required": line.kind.is_required,
                "paper_id": line.paper.pk if line.paper else None,
                "taken_on": line.paper.taken_on if line.paper else None,
                "made_on": line.paper.made_on if line.paper else None,
                "unread": list(line.unread),
            }
            for line in papers.lines
        ],
    }


@router.get("/stat-entries/waiting", response={200: list[EntryRowOut], **PROBLEMS})
@api(READ)
def list_to_enter(request: HttpRequest, by: Actor) -> object:
    """Projects being built that are not in the library, least lacking first."""
    access.must_read_projects(by)
    rows = queries.to_enter(zone_id=by.zone_id, today=timezone.localdate())
    return [
        {
            "project_id": row.project.pk,
            "name": row.project.name,
            "entry_id": row.entry.pk if row.entry else None,
            "started_on": row.started_on,
            "months": row.months,
            "lacks": row.lacks,
            "missing": list(row.checklist.missing),
        }
        for row in rows
    ]


@router.get("/stat-entries/{entry_id}", response={200: StatEntryWholeOut, **PROBLEMS})
@api(READ)
def read_entry(request: HttpRequest, by: Actor, entry_id: Number) -> object:
    """One entry with its papers."""
    access.must_read_projects(by)
    return _whole(_entry(by, entry_id))


@router.post("/projects/{project_id}/stat-entry", response={200: StatEntryWholeOut, **PROBLEMS})
@api(WRITE)
def open_entry(request: HttpRequest, by: Actor, project_id: Number, said: StatEntryIn) -> object:
    """Begin to gather the papers of a project."""
    project = found(Project.objects.filter(zone_id=by.zone_id, pk=project_id).first())
    post = None
    if said.post_id is not None:
        post = Post.objects.filter(zone_id=by.zone_id, pk=said.post_id).first()
        if post is None:
            raise Refused(_("Choose one of the list."), field="post_id")
    entry = projects.open_entry(
        by=by, now=timezone.now(), project=project, path=said.path, post=post
    )
    return _whole(_entry(by, entry.pk))


@router.post("/stat-entries/{entry_id}/papers", response={200: StatEntryWholeOut, **PROBLEMS})
@api(WRITE)
def take_stat_paper(request: HttpRequest, by: Actor, entry_id: Number, said: StatPaperIn) -> object:
    """Write down that a paper is here and what it says."""
    kind = StatPaperKind.objects.filter(zone_id=by.zone_id, pk=said.kind_id).first()
    if kind is None:
        raise Refused(_("Choose the paper."), field="kind_id")
    projects.take_stat_paper(
        by=by, now=timezone.now(), entry=_entry(by, entry_id), kind=kind,
        facts=projects.PaperFacts(**said.dict(exclude={"kind_id"})),
    )  # fmt: skip
    return _whole(_entry(by, entry_id))


@router.post("/stat-papers/{paper_id}/withdraw", response={200: StatEntryWholeOut, **PROBLEMS})
@api(WRITE)
def withdraw_stat_paper(
    request: HttpRequest, by: Actor, paper_id: Number, said: PaperBackIn
) -> object:
    """It was the wrong one; what it said stays readable."""
    paper = found(
        StatPaper.objects.filter(zone_id=by.zone_id, pk=paper_id).select_related("entry").first()
    )
    projects.withdraw_stat_paper(by=by, now=timezone.now(), paper=paper, why=said.why)
    return _whole(_entry(by, paper.entry_id))


@router.post("/stat-entries/{entry_id}/hand-in", response={200: StatEntryWholeOut, **PROBLEMS})
@api(WRITE)
def hand_in_entry(request: HttpRequest, by: Actor, entry_id: Number, said: HandInIn) -> object:
    """Hand the papers in."""
    projects.hand_in_entry(by=by, now=timezone.now(), entry=_entry(by, entry_id), **said.dict())
    return _whole(_entry(by, entry_id))


@router.post("/stat-entries/{entry_id}/return", response={200: StatEntryWholeOut, **PROBLEMS})
@api(WRITE)
def return_entry(request: HttpRequest, by: Actor, entry_id: Number, said: EntryReturnIn) -> object:
    """The bureau sent the papers back."""
    projects.return_entry(by=by, now=timezone.now(), entry=_entry(by, entry_id), **said.dict())
    return _whole(_entry(by, entry_id))


@router.post("/stat-entries/{entry_id}/enter", response={200: StatEntryWholeOut, **PROBLEMS})
@api(WRITE)
def enter_library(
    request: HttpRequest, by: Actor, entry_id: Number, said: EnterLibraryIn
) -> object:
    """The bureau took the project into its library, by its notice."""
    projects.enter_library(by=by, now=timezone.now(), entry=_entry(by, entry_id), **said.dict())
    return _whole(_entry(by, entry_id))


@router.post("/stat-entries/{entry_id}/leave", response={200: StatEntryWholeOut, **PROBLEMS})
@api(WRITE)
def leave_library(
    request: HttpRequest, by: Actor, entry_id: Number, said: LeaveLibraryIn
) -> object:
    """The entry was recorded wrongly, or taken back: nothing counts again."""
    projects.leave_library(by=by, now=timezone.now(), entry=_entry(by, entry_id), **said.dict())
    return _whole(_entry(by, entry_id))


@router.get("/stat-rules", response={200: list[StatRuleOut], **PROBLEMS})
@api(READ)
def list_stat_rules(request: HttpRequest, by: Actor) -> object:
    """The numbers entry is checked by, each with source and mark."""
    access.must_read_projects(by)
    return list(StatRule.objects.filter(zone_id=by.zone_id))


@router.post("/stat-rules/{rule_id}", response={200: StatRuleOut, **PROBLEMS})
@api(WRITE)
def set_stat_rule(request: HttpRequest, by: Actor, rule_id: Number, said: StatRuleIn) -> object:
    """Change a number, naming where it stands."""
    rule = found(StatRule.objects.filter(zone_id=by.zone_id, pk=rule_id).first())
    return projects.set_stat_rule(by=by, now=timezone.now(), rule=rule, **said.dict())


@router.get("/stat-cutoffs", response={200: list[StatCutoffOut], **PROBLEMS})
@api(READ)
def list_stat_cutoffs(request: HttpRequest, by: Actor) -> object:
    """Cut-offs of the month; the zone goes by those that are used."""
    access.must_read_projects(by)
    return list(queries.cutoffs(zone_id=by.zone_id))


@router.post("/stat-cutoffs", response={200: StatCutoffOut, **PROBLEMS})
@api(WRITE)
def set_stat_cutoff(request: HttpRequest, by: Actor, said: StatCutoffIn) -> object:
    """Set a cut-off, or change one."""
    row = None
    if said.cutoff_id is not None:
        row = found(StatCutoff.objects.filter(zone_id=by.zone_id, pk=said.cutoff_id).first())
    return projects.set_stat_cutoff(
        by=by, now=timezone.now(), cutoff=row, **said.dict(exclude={"cutoff_id"})
    )


@router.get("/stat-paper-kinds", response={200: list[StatPaperKindOut], **PROBLEMS})
@api(READ)
def list_stat_paper_kinds(request: HttpRequest, by: Actor) -> object:
    """The papers the library asks for."""
    return list(queries.paper_kinds(zone_id=by.zone_id))


@router.post("/stat-paper-kinds/{kind_id}", response={200: StatPaperKindOut, **PROBLEMS})
@api(WRITE)
def keep_stat_paper_kind(
    request: HttpRequest, by: Actor, kind_id: Number, said: StatPaperKindIn
) -> object:
    """Say whether a paper is asked for."""
    kind = found(StatPaperKind.objects.filter(zone_id=by.zone_id, pk=kind_id).first())
    return projects.keep_stat_paper_kind(by=by, now=timezone.now(), kind=kind, **said.dict())
