"""Bringing in a sheet of figures: upload, match, preview, commit, take back."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Attachment
from xiaoer.base.pages.forms import columns_matched
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.sniffing import SORTS
from xiaoer.facts import actions as facts
from xiaoer.facts import progress, queries
from xiaoer.facts.access import KEEPERS
from xiaoer.facts.models import Column as ValueColumn
from xiaoer.facts.models import FactImport, FactImportRow, Metric
from xiaoer.facts.pages.asking import questions_of, warnings_of
from xiaoer.facts.pages.words import language, name_of, number_of
from xiaoer.facts.sheets import LAYOUT_WORDS, Layout
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column

keepers = page(*sorted(KEEPERS))
SHOWN, NAMES = 200, 30
ASKED = ("dash", "blank", "percent", "before", "same")
Outcome = FactImportRow.Outcome


@keepers
def indicator_import(request: HttpRequest, by: Actor) -> HttpResponse:
    """Choose a sheet; below, the sheets brought in before."""
    if request.method == "POST":
        run = _preview(request, by)
        return go(request, reverse("fact_import", args=[run.pk]))
    context = {
        "runs": queries.imports(zone_id=by.zone_id or 0)[:50],
        "metrics": [(m.pk, name_of(m)) for m in queries.metrics().filter(adds__in=("sum", "last"))],
        "columns": [(column.value, column.label) for column in ValueColumn],
        "states": FactImport.State,
    }
    return render(request, "facts/import.html", context)


def _preview(request: HttpRequest, by: Actor) -> FactImport:
    upload = request.FILES.get("paper")
    if not isinstance(upload, UploadedFile):
        raise Refused(_("Choose a sheet first: .xlsx, .xls, .csv or .json."), field="paper")
    column = request.POST.get("column", ValueColumn.REPORTED)
    if column not in ValueColumn.values:
        raise Refused(_("Choose by whose word the figures are."), field="column")
    return facts.preview_book(
        by=by,
        now=timezone.now(),
        stream=upload,
        file_name=(upload.name or _("sheet")).replace("\x00", ""),
        metric=Metric.objects.filter(pk=number_of(request.POST.get("metric")) or 0).first(),
        column=column,
        period=_said(request, "period", 30),
    )


def _said(request: HttpRequest, name: str, longest: int) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:longest]


@keepers
def import_run(request: HttpRequest, by: Actor, run_id: int) -> HttpResponseBase:
    """What would become, or became, of each figure of a sheet."""
    run = found(queries.import_by_id(zone_id=by.zone_id or 0, run_id=run_id))
    if request.GET.get("export"):
        sheet = queries.rejected_sheet(run)
        columns = tuple(Column(str(n), head, 18) for n, head in enumerate(sheet.heads))
        return sheet_response(request.GET["export"], _("Rejected rows"), columns, sheet.rows)
    wanted = request.GET.get("outcome")
    rows = run.rows.select_related("metric").order_by("row_no", "id")
    if wanted in Outcome.values:
        rows = rows.filter(outcome=wanted)
    names = _names(run)
    context = {
        "run": run,
        "matching": queries.matching(run),
        "layout": LAYOUT_WORDS[Layout(run.layout)],
        "state": FactImport.State(run.state),
        "metric_name": name_of(run.metric) if run.metric and run.layout == Layout.MONTHS else None,
        "rows": [(row, Outcome(row.outcome)) for row in rows[:SHOWN]],
        "outcome": wanted,
        "outcomes": [
            (None, _("all"), run.read),
            (Outcome.CREATED.value, Outcome.CREATED.label, run.created),
            (Outcome.UPDATED.value, Outcome.UPDATED.label, run.updated),
            (Outcome.UNCHANGED.value, Outcome.UNCHANGED.label, run.unchanged),
            (Outcome.REJECTED.value, Outcome.REJECTED.label, run.rejected),
        ],
        "good": run.created + run.updated + run.unchanged,
        "shown_most": SHOWN,
        "questions": questions_of(run),
        "warnings": warnings_of(run),
        "names": names[:NAMES],
        "more_names": len(names[NAMES:]),
        "progress": progress_of(run),
        "sheets": run.seen.get("sheets", ()),
        "open": queries.open_questions(run) if run.state == FactImport.State.PREVIEWED else [],
        "old_of": lambda row: queries.figure_words(row.metric, row.was, language()),
    }
    return render(request, "facts/import_run.html", context)


def _names(run: FactImport) -> list[tuple[int, dict[str, object], list[tuple[int, str]]]]:
    """Names nobody was found for with those they may be; first those with somebody to choose."""
    names = [
        (number, name, [tuple(one) for one in name["candidates"]])
        for number, name in enumerate(run.seen.get("names", ()))
        if name["name"]
    ]
    return sorted(names, key=lambda one: not one[2])


@keepers
def import_file(request: HttpRequest, by: Actor, run_id: int) -> HttpResponseBase:
    """The sheet itself, byte for byte as it was uploaded."""
    run = found(queries.import_by_id(zone_id=by.zone_id or 0, run_id=run_id))
    kept = found(run.file)
    name = files.tidy_name(run.file_name, SORTS[kept.media_type])
    return files.file_response(Attachment(file=kept, name=name))


PHASES = {
    progress.READING: (_lazy("reading the sheet"), 20),
    progress.CHECKING: (_lazy("checking the rows"), 45),
    progress.WRITING: (_lazy("writing"), 75),
}


def progress_of(run: FactImport) -> dict[str, object] | None:
    """How far a job is with the sheet, for its page; None when no job is asked."""
    if run.state not in (FactImport.State.QUEUED, FactImport.State.RUNNING):
        return None
    words, percent = PHASES.get(run.phase, (None, 0))
    return {"words": words, "percent": percent, "is_working": progress.is_at_work(run.pk)}


@keepers
def import_progress(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """How far the sheet is, asked again every second; when it is over the page is drawn anew."""
    run = found(queries.import_by_id(zone_id=by.zone_id or 0, run_id=run_id))
    told = progress_of(run)
    response = render(request, "facts/_import_progress.html", {"run": run, "progress": told})
    if told is None:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@keepers
def import_again(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """Start again what a killed worker left."""
    found(queries.import_by_id(zone_id=by.zone_id or 0, run_id=run_id))
    facts.resume_import(by=by, now=timezone.now(), run_id=run_id)
    return go(request, reverse("fact_import", args=[run_id]))


@require_POST
@keepers
def import_match(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """A person says which column is which; an empty choice leaves the column out."""
    chosen = columns_matched(request)
    units = {
        index: _said(request, f"unit-{index}", 20)
        for index in chosen
        if _said(request, f"unit-{index}", 20)
    }
    facts.match_columns(by=by, now=timezone.now(), run_id=run_id, chosen=chosen, units=units)
    return go(request, reverse("fact_import", args=[run_id]))


@require_POST
@keepers
def import_answer(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """What dashes mean, of which month the sheet is, and what else was asked."""
    answers = {key: _said(request, key, 300) for key in ASKED if _said(request, key, 300)}
    facts.answer_import(
        by=by,
        now=timezone.now(),
        run_id=run_id,
        answers=answers,
        period=_said(request, "period", 30),
    )
    return go(request, reverse("fact_import", args=[run_id]))


@require_POST
@keepers
def import_firms(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """Which enterprise each doubtful name means, chosen or typed; names left open stay so."""
    chosen = {}
    for key in request.POST:
        if not key.startswith("name-"):
            continue
        number = key.removeprefix("name-")
        name, typed = _said(request, key, 120), _said(request, f"typed-{number}", 120)
        picked = number_of(request.POST.get(f"firm-{number}"))
        if typed:
            picked = _firm_typed(by, typed, f"typed-{number}")
        if picked:
            chosen[name] = picked
    facts.choose_firms(by=by, now=timezone.now(), run_id=run_id, chosen=chosen)
    return go(request, reverse("fact_import", args=[run_id]))


def _firm_typed(by: Actor, typed: str, field: str) -> int:
    """The enterprise whose credit code or whole name somebody typed."""
    party_id = queries.firm_typed(zone_id=by.zone_id or 0, typed=typed)
    if party_id is None:
        raise Refused(
            _("“%(typed)s” is not the credit code or whole name of one enterprise of this zone.")
            % {"typed": typed},
            field=field,
        )
    return party_id


@require_POST
@keepers
def import_confirm(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """Figures of one kind of warning are right, and why."""
    facts.confirm_figures(
        by=by,
        now=timezone.now(),
        run_id=run_id,
        warning=_said(request, "warning", 10),
        reason=_said(request, "reason", 300),
    )
    return go(request, reverse("fact_import", args=[run_id]))


@require_POST
@keepers
def import_leave(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """One figure is left out, to be corrected in the sheet."""
    facts.leave_out_figure(
        by=by,
        now=timezone.now(),
        run_id=run_id,
        row_no=number_of(request.POST.get("row")) or 0,
        place=_said(request, "place", 60),
    )
    return go(request, reverse("fact_import", args=[run_id]))


@require_POST
@keepers
def import_commit(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    facts.commit_import(by=by, now=timezone.now(), run_id=run_id)
    return go(request, reverse("fact_import", args=[run_id]))


@require_POST
@keepers
def import_undo(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    facts.undo_import(by=by, now=timezone.now(), run_id=run_id)
    return go(request, reverse("fact_import", args=[run_id]))
