"""Lists of projects: all of them, one with its projects, and bringing one in by a sheet."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access, lights, queries
from xiaoer.projects import actions as projects
from xiaoer.projects.models import ListPlace, ListSheet, Project, ProjectList
from xiaoer.projects.pages import forms as typed
from xiaoer.projects.pages.forms import readers, staff, today
from xiaoer.projects.pages.reserve import WAN_FEN, list_name
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

SHEET = (
    Column("name", gettext_lazy("Project"), 34),
    Column("code", gettext_lazy("Code"), 26),
    Column("stage", gettext_lazy("Stage"), 10),
    Column("total", gettext_lazy("Planned investment, 万元"), 16, Kind.NUMBER),
    Column("light", gettext_lazy("Light"), 8),
    Column("since", gettext_lazy("Since"), 12, Kind.DATE),
    Column("until", gettext_lazy("Until"), 12, Kind.DATE),
    Column("why", gettext_lazy("Why"), 30),
)
REJECTS = (
    Column("row_no", gettext_lazy("Row"), 8, Kind.NUMBER),
    Column("what", gettext_lazy("What it says"), 44),
    Column("reason", gettext_lazy("Reason"), 30),
    Column("advice", gettext_lazy("What to do"), 40),
)
OUTCOMES = {
    "created": gettext_lazy("comes onto the list"),
    "unchanged": gettext_lazy("stands on it already"),
    "rejected": gettext_lazy("rejected"),
}


@readers
def project_lists(request: HttpRequest, by: Actor) -> HttpResponse:
    """The lists of the zone; a new one is opened below."""
    if request.method == "POST":
        made = projects.open_list(by=by, now=timezone.now(), facts=_facts(request))
        return go(request, reverse("project_list", args=[made.pk]))
    ended = request.GET.get("ended") == "yes"
    context = {
        "rows": queries.project_lists(zone_id=by.zone_id, ended=ended),
        "ended": ended,
        "levels": ProjectList.Level.choices,
        "keeps": access.keeps_projects(by),
        "year": today().year,
        "yuan": typed.yuan,
        "list_name": list_name,
    }
    return render(request, "projects/lists.html", context)


def _facts(request: HttpRequest, kept: ProjectList | None = None) -> projects.ListFacts:
    return projects.ListFacts(
        name=forms.text(request, "name", longest=80),
        name_en=forms.text(request, "name_en", longest=120),
        level=request.POST.get("level", ""),
        year=kept.year if kept else forms.whole(request, "year", least=1990, most=2100),
        subject=kept.subject if kept else "",
        document=forms.text(request, "document", longest=200),
    )


def _list(by: Actor, list_id: int) -> ProjectList:
    return found(queries.project_list(zone_id=by.zone_id, list_id=list_id))


@readers
def project_list(request: HttpRequest, by: Actor, project_list_id: int) -> HttpResponseBase:
    """One list: who stands on it, who left, how it came in."""
    row = _list(by, project_list_id)
    places = queries.places_of(row)
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], row.name, SHEET, _cells(places))
    on = today()
    shown = list(places[:500])
    standing = [one for one in shown if one.until is None]
    context = {
        "row": row,
        "name": list_name(row),
        "standing": [(one, lights.shown(one.project, on)) for one in standing],
        "left": [one for one in shown if one.until is not None],
        "money": sum(one.project.total_fen or 0 for one in standing),
        "sheets": row.sheets.select_related("post__person")[:10],
        "levels": ProjectList.Level.choices,
        "keeps": access.keeps_projects(by),
        "today": on,
        "yuan": typed.yuan,
    }
    return render(request, "projects/list.html", context)


def _cells(places: Iterable[ListPlace]) -> Iterator[tuple[object, ...]]:
    on = today()
    for one in places:
        row = one.project
        yield (
            row.name,
            row.code,
            row.get_stage_display(),
            None if row.total_fen is None else row.total_fen / WAN_FEN,
            lights.shown(row, on).label,
            one.since,
            one.until,
            one.why,
        )


@require_POST
@staff
def project_list_change(request: HttpRequest, by: Actor, project_list_id: int) -> HttpResponse:
    """Correct a list, or end it."""
    row = _list(by, project_list_id)
    projects.change_list(
        by=by,
        now=timezone.now(),
        project_list=row,
        facts=_facts(request, row),
        ended_on=forms.day(request, "ended_on"),
        version=typed.version_typed(request),
    )
    return go(request, reverse("project_list", args=[row.pk]))


def project_typed(request: HttpRequest, by: Actor) -> Project:
    """The living project somebody typed: its name, short name or code."""
    text = forms.text(request, "project", longest=80, required=_("Type the name of the project."))
    rows = Project.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
    for name in ("name", "short_name", "code"):
        exact = list(rows.filter(**{name: text})[:2])
        if len(exact) == 1:
            return exact[0]
    near = list(rows.filter(name__icontains=text).order_by("name")[:5])
    if len(near) == 1:
        return near[0]
    if near:
        raise Refused(
            _("Several projects are called so: %(names)s. Type the whole name.")
            % {"names": "、".join(one.name for one in near)},
            field="project",
        )
    raise Refused(_("No project of the zone has this name or code."), field="project")


@require_POST
@staff
def project_list_put(request: HttpRequest, by: Actor, project_list_id: int) -> HttpResponse:
    """Put a project on the list."""
    row = _list(by, project_list_id)
    projects.put_on_list(
        by=by,
        now=timezone.now(),
        project_list=row,
        project=project_typed(request, by),
        since=forms.day(request, "since") or today(),
    )
    return go(request, reverse("project_list", args=[row.pk]))


@require_POST
@staff
def project_put(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Put this project on a list, from its own page."""
    row = typed.project_here(by, project_id)
    projects.put_on_list(
        by=by,
        now=timezone.now(),
        project_list=_list(by, forms.number(request.POST.get("list")) or 0),
        project=row,
        since=forms.day(request, "since") or today(),
    )
    return go(request, reverse("project", args=[row.pk]))


@require_POST
@staff
def list_place_end(
    request: HttpRequest, by: Actor, project_list_id: int, list_place_id: int
) -> HttpResponse:
    """Take a project off the list."""
    row = _list(by, project_list_id)
    place = found(row.places.filter(pk=list_place_id).first())
    projects.take_off_list(
        by=by,
        now=timezone.now(),
        place=place,
        until=forms.day(request, "until") or today(),
        why=forms.text(request, "why", longest=200),
    )
    return go(request, reverse("project_list", args=[row.pk]))


@require_POST
@staff
def project_list_sheet(request: HttpRequest, by: Actor, project_list_id: int) -> HttpResponse:
    """Read a sheet of the list and show what it would do."""
    row = _list(by, project_list_id)
    upload = request.FILES.get("paper")
    if upload is None:
        raise Refused(_("Choose a sheet first: .xlsx, .xls, .csv or .json."), field="paper")
    made = projects.preview_list(
        by=by,
        now=timezone.now(),
        project_list=row,
        stream=upload,
        file_name=(upload.name or _("sheet")).replace("\x00", ""),
        since=forms.day(request, "since") or today(),
    )
    return go(request, reverse("list_sheet", args=[made.pk]))


def _sheet(by: Actor, sheet_id: int) -> ListSheet:
    return found(
        ListSheet.objects.filter(zone_id=by.zone_id, pk=sheet_id)
        .select_related("project_list")
        .first()
    )


@readers
def list_sheet(request: HttpRequest, by: Actor, list_sheet_id: int) -> HttpResponseBase:
    """What would become, or became, of each row of a sheet."""
    row = _sheet(by, list_sheet_id)
    if request.GET.get("export"):
        rejected = (
            (one["row_no"], one["what"], one["reason"], one["advice"])
            for one in row.rows
            if one["outcome"] == "rejected"
        )
        return sheet_response(request.GET["export"], _("Rejected rows"), REJECTS, rejected)
    outcome = request.GET.get("outcome", "")
    context = {
        "row": row,
        "list": row.project_list,
        "name": list_name(row.project_list),
        "rows": [one for one in row.rows if not outcome or one["outcome"] == outcome][:500],
        "outcome": outcome,
        "words": OUTCOMES,
        "outcomes": [
            ("", _("All"), len(row.rows)),
            ("created", OUTCOMES["created"], row.created),
            ("unchanged", OUTCOMES["unchanged"], row.unchanged),
            ("rejected", OUTCOMES["rejected"], row.rejected),
        ],
        "keeps": access.keeps_projects(by) and row.state == ListSheet.State.PREVIEWED,
    }
    return render(request, "projects/list_sheet.html", context)


@require_POST
@staff
def list_sheet_choose(request: HttpRequest, by: Actor, list_sheet_id: int) -> HttpResponse:
    """Say which project a row means."""
    row = _sheet(by, list_sheet_id)
    number = forms.number(request.POST.get("chosen"))
    chosen = Project.objects.filter(zone_id=by.zone_id, pk=number or 0).first()
    if chosen is None:
        raise Refused(_("Choose one of the list."), field="chosen")
    projects.choose_listed(
        by=by,
        now=timezone.now(),
        sheet=row,
        row_no=forms.number(request.POST.get("row_no")) or 0,
        project=chosen,
    )
    return go(request, reverse("list_sheet", args=[row.pk]))


@require_POST
@staff
def list_sheet_commit(request: HttpRequest, by: Actor, list_sheet_id: int) -> HttpResponse:
    """Put the projects of the good rows on the list."""
    row = _sheet(by, list_sheet_id)
    projects.commit_list(by=by, now=timezone.now(), sheet=row)
    return go(request, reverse("project_list", args=[row.project_list_id]))
