"""Bringing in a sheet of enterprises: upload, match, preview, commit, take back."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.pages.forms import columns_matched
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.access import KEEPERS
from xiaoer.registry.models import ImportRow, ImportRun
from xiaoer.registry.pages import forms
from xiaoer.registry.words import FACTS
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

keepers = page(*sorted(KEEPERS))
Outcome = ImportRow.Outcome
TROUBLES = (Outcome.REJECTED.value, Outcome.DOUBTFUL.value, "all")
# So many firms and kept ones are shown on the page of a run; all of them are in the lists they lead to.
SHOWN = 20
KEPT_SHOWN = 200
RUNS_SHOWN = 100


def _the_run(by: Actor, run_id: int) -> ImportRun:
    return found(queries.import_by_id(by=by, run_id=run_id))


def _outcome_of(request: HttpRequest, run: ImportRun) -> str:
    """Which troubled rows are asked for; by itself the rejected ones, as long as there are any."""
    wanted = request.GET.get("outcome")
    if wanted in TROUBLES:
        return wanted
    return Outcome.REJECTED.value if run.rejected else Outcome.DOUBTFUL.value


@keepers
def import_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every sheet brought in or looked at, last first."""
    return render(
        request, "registry/import_list.html", {"runs": queries.imports(by=by)[:RUNS_SHOWN]}
    )


@keepers
def import_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Choose a sheet; it is looked at, and nothing is written yet."""
    if request.method != "POST":
        return render(request, "registry/import_new.html", {"fields": queries.field_choices()})
    upload = request.FILES.get("paper")
    if not isinstance(upload, UploadedFile):
        raise Refused(_("Choose a sheet first: .xlsx, .xls, .csv or .json."), field="paper")
    run = registry.receive_sheet(
        by=by, now=timezone.now(), stream=upload, name=upload.name or _("sheet")
    )
    return go(request, reverse("import_run", args=[run.pk]))


@keepers
def import_run(request: HttpRequest, by: Actor, import_id: int) -> HttpResponse:
    """One sheet: how far it is, what its columns are, what would become or became of its rows."""
    run = _the_run(by, import_id)
    outcome = _outcome_of(request, run)
    matching = queries.matching(run)
    name_at = next((column.index for column in matching.columns if column.key == "name"), None)
    context = {
        "run": run,
        "state": ImportRun.State(run.state),
        "progress": queries.progress_of(run, now=timezone.now()),
        "matching": matching,
        "fields": queries.field_choices(),
        "sheets": [(name, name) for name in (run.sheet, *matching.sheets)],
        "good": run.created + run.updated + run.unchanged,
        "doubtful": queries.troubled_rows(by=by, run=run, outcome=Outcome.DOUBTFUL).count(),
        "outcome": outcome,
        "name_at": name_at,
        "started": "after" in request.GET,
        "shown": queries.row_page(
            by=by, run=run, outcome=outcome, after=forms.number(request.GET.get("after")) or 0
        ),
        "problem_words": queries.problem_words,
        "facts_words": FACTS,
        "new": queries.created_parties(by=by, run=run)[:SHOWN],
        "changed": queries.updated_rows(by=by, run=run)[:SHOWN],
        "kept": run.kept[:KEPT_SHOWN],
    }
    return render(request, "registry/import_run.html", context)


@keepers
def import_progress(request: HttpRequest, by: Actor, import_id: int) -> HttpResponse:
    """How far the sheet is, asked again every second; when it is over the page is drawn anew."""
    run = _the_run(by, import_id)
    progress = queries.progress_of(run, now=timezone.now())
    response = render(request, "registry/_import_progress.html", {"run": run, "progress": progress})
    if progress.is_over:
        response["HX-Refresh"] = "true"
    return response


@keepers
def import_reasons(request: HttpRequest, by: Actor, import_id: int) -> HttpResponseBase:
    """The rows to correct as a sheet that can be brought in again: the reasons stand in front."""
    run = _the_run(by, import_id)
    columns = (
        Column("reason", _("Reason"), 44),
        Column("advice", _("What to do"), 44),
        Column("outcome", _("Outcome"), 10),
        Column("row_no", _("Original row"), 10, Kind.NUMBER),
        *(Column(f"c{column.index}", column.name) for column in queries.matching(run).columns),
    )
    rows = queries.reason_rows(by=by, run=run, outcome=_outcome_of(request, run))
    return sheet_response(request.GET.get("export", "xlsx"), _("Rows to correct"), columns, rows)


@require_POST
@keepers
def import_match(request: HttpRequest, by: Actor, import_id: int) -> HttpResponse:
    """A person says which column is which; an empty choice leaves the column out."""
    run = _the_run(by, import_id)
    chosen = columns_matched(request)
    sheet = forms.text_of(request, "sheet") or None
    registry.match_columns(by=by, now=timezone.now(), run=run, chosen=chosen, sheet=sheet)
    return go(request, reverse("import_run", args=[run.pk]))


@require_POST
@keepers
def import_commit(request: HttpRequest, by: Actor, import_id: int) -> HttpResponse:
    """Bring the sheet in: all rows or none, or the good ones."""
    run = _the_run(by, import_id)
    whole = request.POST.get("rows") == "all"
    registry.commit_import(by=by, now=timezone.now(), run=run, all_or_nothing=whole)
    return go(request, reverse("import_run", args=[run.pk]))


@require_POST
@keepers
def import_undo(request: HttpRequest, by: Actor, import_id: int) -> HttpResponse:
    run = _the_run(by, import_id)
    registry.undo_import(by=by, now=timezone.now(), run=run)
    return go(request, reverse("import_run", args=[run.pk]))


@require_POST
@keepers
def import_again(request: HttpRequest, by: Actor, import_id: int) -> HttpResponse:
    """Start again what a killed server left."""
    run = _the_run(by, import_id)
    registry.start_again(by=by, now=timezone.now(), run=run)
    return go(request, reverse("import_run", args=[run.pk]))
