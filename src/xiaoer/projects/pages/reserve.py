"""The register of projects, its board, one project with its tabs, and the forms about it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go
from xiaoer.base.models import Attachment, Role
from xiaoer.base.pages import forms
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import is_open_to
from xiaoer.projects import access, lights, queries
from xiaoer.projects import actions as projects
from xiaoer.projects.models import Light, Project, Stage, StageCondition, StagePassage
from xiaoer.projects.pages import forms as typed
from xiaoer.projects.pages import tabs
from xiaoer.projects.pages.forms import readers, staff, today
from xiaoer.projects.queries import PAGE, SORTS, ProjectFilter, ProjectRow
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work import queries as work
from xiaoer.work.plan_access import makes_plans

SHEET = (
    Column("name", gettext_lazy("Project"), 34),
    Column("code", gettext_lazy("Code"), 26),
    Column("owner", gettext_lazy("Builder"), 30),
    Column("kind", gettext_lazy("Kind"), 14),
    Column("stage", gettext_lazy("Stage"), 10),
    Column("stage_on", gettext_lazy("Since"), 12, Kind.DATE),
    Column("light", gettext_lazy("Light"), 8),
    Column("why", gettext_lazy("Why"), 44),
    Column("total", gettext_lazy("Planned investment, 万元"), 16, Kind.NUMBER),
    Column("contract", gettext_lazy("Contract sum, 万元"), 16, Kind.NUMBER),
    Column("starts_by", gettext_lazy("To start by"), 12, Kind.DATE),
    Column("promised_on", gettext_lazy("Promised for"), 12, Kind.DATE),
    Column("likely_on", gettext_lazy("80 % sure by"), 12, Kind.DATE),
    Column("chance", gettext_lazy("Chance, %"), 8, Kind.NUMBER),
    Column("leader", gettext_lazy("Leader"), 10),
    Column("officer", gettext_lazy("Officer"), 10),
    Column("place", gettext_lazy("Place"), 24),
)
WAN_FEN = 1_000_000


def filters_of(request: HttpRequest) -> ProjectFilter:
    """What the address narrows the list by."""
    asked = request.GET

    def one_of(name: str, allowed: Iterable[str]) -> str:
        given = asked.get(name, "")
        return given if given in allowed else ""

    return ProjectFilter(
        stage=one_of("stage", Stage.values),
        kind=one_of("kind", Project.Kind.values),
        light=one_of("light", Light.values),
        on_list=forms.number(asked.get("list")),
        leader=forms.number(asked.get("leader")),
        officer=forms.number(asked.get("officer")),
        party=forms.number(asked.get("party")),
        text=asked.get("q", "").replace("\x00", "").strip()[:60],
        ended=asked.get("ended") == "yes",
    )


def choices_of(by: Actor, filters: ProjectFilter) -> dict[str, object]:
    """What the filters of list and board offer."""
    lists = queries.project_lists(zone_id=by.zone_id)
    return {
        "filters": filters,
        "stages": Stage.choices,
        "kinds": Project.Kind.choices,
        "lights": Light.choices,
        "lists": [(row.pk, list_name(row)) for row in lists],
        "leaders": queries.leaders(zone_id=by.zone_id),
        "keeps": access.keeps_projects(by),
        "yuan": typed.yuan,
    }


def list_name(row: object) -> str:
    name, english = getattr(row, "name", ""), getattr(row, "name_en", "")
    words = name if typed.is_chinese() or not english else english
    year = str(getattr(row, "year", ""))
    return words if year in words else f"{words} {year}"


@readers
def project_list_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """All projects, narrowed, sorted, page by page; the very list as a sheet."""
    filters, on = filters_of(request), today()
    sort = request.GET.get("sort", "-stage")
    sort = sort if sort in SORTS else "-stage"
    rows = queries.projects(zone_id=by.zone_id, filters=filters, on=on).order_by(*SORTS[sort])
    if request.GET.get("export"):
        shown = queries.rows_of(list(rows), on)
        return sheet_response(request.GET["export"], _("Projects"), SHEET, _cells(shown))
    total = rows.count()
    pages = max(ceil(total / PAGE), 1)
    number = min(forms.number(request.GET.get("page")) or 1, pages)
    context = choices_of(by, filters) | {
        "rows": queries.rows_of(list(rows[(number - 1) * PAGE : number * PAGE]), on),
        "total": total,
        "page": number,
        "pages": pages,
        "sort": sort,
    }
    return render(request, "projects/project_list.html", context)


def _cells(rows: Iterable[ProjectRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one, plan = row.project, row.plan
        yield (
            one.name,
            one.code,
            row.owner,
            one.get_kind_display(),
            one.get_stage_display(),
            one.stage_on,
            row.shown.label,
            row.shown.why,
            None if one.total_fen is None else one.total_fen / WAN_FEN,
            None if one.contract_fen is None else one.contract_fen / WAN_FEN,
            one.starts_by,
            row.promised_on,
            plan.likely_on if plan else None,
            plan.chance if plan else None,
            one.leader.person.name if one.leader else "",
            one.officer.person.name if one.officer else "",
            one.place,
        )


@readers
def project_board(request: HttpRequest, by: Actor) -> HttpResponse:
    """Columns by stage with counts, money and lights; on a phone one column at a time."""
    filters = filters_of(request)
    # The stage says which column a phone shows; the others keep their counts.
    columns = queries.stage_board(
        zone_id=by.zone_id, filters=replace(filters, stage=""), on=today()
    )
    at = filters.stage or next(
        (str(column.stage) for column in columns if column.count), Stage.PLANNED
    )
    context = choices_of(by, filters) | {"columns": columns, "at": at}
    return render(request, "projects/project_board.html", context)


# One project --------------------------------------------------------------------------------------


@readers
def project(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """One project: its head, and the tab that was asked for."""
    row = typed.project_here(by, project_id)
    tab = request.GET.get("tab", "")
    names = [address for _words, address in tabs.TABS]
    context = {
        "row": row,
        "head": queries.project_head(project=row, on=today()),
        "tabs": tabs.TABS,
        "tab": tab if tab in names else names[0],
        "links": [link for link in tabs.LINKS if is_open_to(link[1], by)]
        if row.ended_on is None
        else [],
        "moves": row.ended_on is None and access.may_move_project(by, row),
        "yuan": typed.yuan,
        "list_name": list_name,
    }
    return render(request, "projects/project.html", context)


@readers
def project_overview(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Stages with their history, what the next one asks, lists, sums, place, papers."""
    row = typed.project_here(by, project_id)
    nexts = queries.NEXT[row.stage]
    wanted = request.GET.get("to", "")
    to = next((one for one in nexts if one == wanted), nexts[0] if nexts else None)
    judged = queries.conditions_of(project=row, stage=to) if to else []
    passages = queries.passages_of(row)
    papers = files.papers_of(by=by, table="project", number=row.pk)
    moves = row.ended_on is None and access.may_move_project(by, row)
    context = {
        "row": row,
        "reached": [(one, _passed(passages, one)) for one in Stage],
        "passages": passages,
        "nexts": nexts,
        "to": to,
        "judged": judged,
        "missing": len(queries.lacking(judged)),
        "findings": [(one["light"], lights.words(one)) for one in row.light_facts],
        "shown": lights.shown(row, today()),
        "places": queries.lists_of(row),
        "lists": [(one.pk, list_name(one)) for one in queries.project_lists(zone_id=by.zone_id)],
        "papers": papers,
        "paper_choices": [(one.pk, one.name) for one in papers.rows],
        "moves": moves,
        "keeps": row.ended_on is None and access.keeps_projects(by),
        "templates": _templates(by) if _may_be_planned(by, row) else [],
        "decides": row.ended_on is None and access.decides_projects(by),
        "may_take_back": moves
        and sum(one.state == StagePassage.State.GRANTED for one in passages) > 1,
        "asked": next((one for one in passages if one.state == StagePassage.State.ASKED), None),
        "post_id": by.post_id,
        "limit": work.limit(by.zone_id, "project.backdate"),
        "today": today(),
        "cards": tabs.CARDS,
        "yuan": typed.yuan,
        "list_name": list_name,
        "spot": typed.spot_text(row.spot),
        "light_choices": Light.choices,
        "kind": StageCondition.Kind,
    }
    return render(request, "projects/_overview.html", context)


def _may_be_planned(by: Actor, row: Project) -> bool:
    """Whether a plan can be made from the page: there is none, and who looks makes plans."""
    is_open = row.ended_on is None and row.matter_id is not None and access.keeps_projects(by)
    return is_open and queries.plan_of(row) is None


def _passed(passages: Iterable[StagePassage], stage: Stage) -> StagePassage | None:
    """The passage by which a stage was entered, if it was."""
    return next(
        (one for one in passages if one.stage == stage and one.state == StagePassage.State.GRANTED),
        None,
    )


def _form(by: Actor, row: Project | None, party: str) -> dict[str, object]:
    return {
        "row": row,
        "party": party,
        "kinds": Project.Kind.choices,
        "leaders": typed.post_choices(by, Role.ZONE_LEADER),
        "officers": typed.post_choices(by),
        "offices": typed.office_choices(by),
        "parks": typed.park_choices(by),
        "spot": typed.spot_text(row.spot) if row else "",
        "has_plan": row is not None and queries.plan_of(row) is not None,
        "wan": _wan,
        "templates": _templates(by) if row is None else [],
    }


def _templates(by: Actor) -> list[tuple[str, str]]:
    """The templates a plan may be made from, for those who make plans."""
    if not makes_plans(by):
        return []
    return [
        (one.code, one.name if typed.is_chinese() or not one.name_en else one.name_en)
        for one in work.templates_in_use(by.zone_id)
    ]


def _wan(fen: int | None) -> str:
    """Fen as 万元 for a form: as many places as there are."""
    if fen is None:
        return ""
    return f"{fen / WAN_FEN:.6f}".rstrip("0").rstrip(".")


@staff
def project_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enter a project."""
    access.must_keep_projects(by)
    if request.method == "POST":
        made = projects.open_project(
            by=by,
            now=timezone.now(),
            facts=typed.facts_typed(request, by),
            template_code=forms.text(request, "template", longest=40),
        )
        return go(request, reverse("project", args=[made.pk]))
    number = forms.number(request.GET.get("party")) or 0
    party = Party.objects.filter(zone_id=by.zone_id, pk=number).first()
    context = _form(by, None, party.name if party else "")
    return render(request, "projects/project_form.html", context)


@staff
def project_change(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Correct or complete what is known of a project."""
    row = typed.project_here(by, project_id)
    access.must_move_project(by, row)
    if request.method == "POST":
        projects.change_project(
            by=by,
            now=timezone.now(),
            project=row,
            facts=typed.facts_typed(request, by, row),
            version=typed.version_typed(request),
        )
        return go(request, reverse("project", args=[row.pk]))
    context = _form(by, row, row.party.name if row.party else "")
    return render(request, "projects/project_form.html", context)


# What is done on the page of a project ------------------------------------------------------------


def _back(request: HttpRequest, row: Project) -> HttpResponse:
    return go(request, reverse("project", args=[row.pk]))


@require_POST
@staff
def project_make_plan(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Make the plan of a project that was entered without one."""
    row = typed.project_here(by, project_id)
    projects.plan_project(
        by=by,
        now=timezone.now(),
        project=row,
        template_code=forms.text(request, "template", longest=40),
        promised_on=forms.day(request, "promised_on"),
    )
    return _back(request, row)


@require_POST
@staff
def project_enter(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Report that the project entered its next stage."""
    row = typed.project_here(by, project_id)
    projects.enter_stage(
        by=by,
        now=timezone.now(),
        project=row,
        stage=request.POST.get("stage", ""),
        fact_on=forms.must_day(request, "fact_on"),
        note=forms.text(request, "note", longest=500),
        version=typed.version_typed(request),
    )
    return _back(request, row)


@require_POST
@staff
def project_take_back(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Take the last stage back."""
    row = typed.project_here(by, project_id)
    projects.take_back_stage(
        by=by,
        now=timezone.now(),
        project=row,
        reason=forms.text(request, "reason", longest=300),
        version=typed.version_typed(request),
    )
    return _back(request, row)


@require_POST
@staff
def project_decide(
    request: HttpRequest, by: Actor, project_id: int, passage_id: int
) -> HttpResponse:
    """Grant or refuse a back-dated stage."""
    row = typed.project_here(by, project_id)
    passage = found(row.passages.filter(pk=passage_id).first())
    projects.decide_backdating(
        by=by,
        now=timezone.now(),
        passage=passage,
        is_granted=request.POST.get("answer") == "grant",
        why=forms.text(request, "why", longest=300),
    )
    return _back(request, row)


@require_POST
@staff
def project_prove(
    request: HttpRequest, by: Actor, project_id: int, condition_id: int
) -> HttpResponse:
    """A paper stands for a condition, or somebody looked: it is so, or it is not."""
    row, now = typed.project_here(by, project_id), timezone.now()
    condition = found(StageCondition.objects.filter(zone_id=by.zone_id, pk=condition_id).first())
    note = forms.text(request, "note", longest=300)
    if request.POST.get("answer") == "no":
        projects.deny_condition(by=by, now=now, project=row, condition=condition, note=note)
        return _back(request, row)
    projects.prove_condition(
        by=by,
        now=now,
        project=row,
        condition=condition,
        paper=_paper(request, by, row),
        note=note,
    )
    return _back(request, row)


def _paper(request: HttpRequest, by: Actor, row: Project) -> Attachment | None:
    """The paper that was sent with the form, kept and pinned; else the one chosen from the list."""
    upload = request.FILES.get("paper")
    if upload is not None:
        pinned = files.pin_uploads(by=by, now=timezone.now(), uploads=[upload], subject=row)
        return pinned[0]
    number = forms.number(request.POST.get("chosen"))
    return files.paper_of(by=by, number=number) if number else None


@require_POST
@staff
def project_end(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Give the project up."""
    row = typed.project_here(by, project_id)
    projects.give_up_project(
        by=by,
        now=timezone.now(),
        project=row,
        on=forms.must_day(request, "on"),
        reason=forms.text(request, "reason", longest=300),
        version=typed.version_typed(request),
    )
    return _back(request, row)


@require_POST
@staff
def project_light(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Set a light by hand, let the computed one count again, or reckon it anew."""
    row, now = typed.project_here(by, project_id), timezone.now()
    what = request.POST.get("what")
    if what == "lift":
        projects.lift_light(by=by, now=now, project=row)
    elif what == "anew":
        projects.relight(by=by, now=now, project=row)
    else:
        projects.set_light(
            by=by,
            now=now,
            project=row,
            light=request.POST.get("light", ""),
            why=forms.text(request, "why", longest=300),
            until=forms.must_day(request, "until"),
        )
    return _back(request, row)


@readers
def enterprise_projects(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """A firm's projects, as a tab of its page."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=enterprise_id).first())
    context = {
        "party": party,
        "rows": queries.projects_of_firm(zone_id=by.zone_id, party_id=party.pk, on=today()),
        "keeps": access.keeps_projects(by),
        "yuan": typed.yuan,
        "list_name": list_name,
    }
    return render(request, "projects/_firm_projects.html", context)
