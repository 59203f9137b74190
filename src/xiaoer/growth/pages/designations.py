"""Designations: what only people decide, one by one or by a list, always with a document."""

from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth import actions as growth
from xiaoer.growth.firm_sheets import lines_of_sheet
from xiaoer.growth.models import Designation
from xiaoer.growth.pages import typed
from xiaoer.growth.queries.designations import DesignationFilter, designation_rows, designations
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
PAGE = 50
SHEET = (
    Column("party.name", gettext_lazy("Enterprise"), 32),
    Column("party.credit_code", gettext_lazy("Credit code"), 22),
    Column("get_kind_display", gettext_lazy("Designation"), 18),
    Column("since", gettext_lazy("From"), 12, Kind.DATE),
    Column("until", gettext_lazy("Until"), 12, Kind.DATE),
    Column("document", gettext_lazy("Document"), 40),
    Column("document_no", gettext_lazy("Number of the document"), 24),
    Column("decided_by", gettext_lazy("Decided by"), 24),
    Column("end_reason", gettext_lazy("Why it ended"), 30),
)


@readers
def designation_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Who is designated what, in force or ended, and by which document."""
    wanted = request.GET
    kind = wanted.get("kind", "")
    filters = DesignationFilter(
        kind=kind if kind in Designation.Kind.values else "",
        ended=wanted.get("ended") == "yes",
        text=typed.words(wanted, "q")[:60],
    )
    rows = designations(by=by, filters=filters)
    if wanted.get("export"):
        return sheet_response(
            wanted["export"], _("Designations"), SHEET, (_cells(row) for row in rows)
        )
    total = rows.order_by().count()
    pages = max(1, -(-total // PAGE))
    number = min(max(typed.number(wanted.get("page")) or 1, 1), pages)
    context = {
        "rows": designation_rows(rows, (number - 1) * PAGE, PAGE),
        "filters": filters,
        "kinds": [(code, label, None) for code, label in Designation.Kind.choices],
        "page": number,
        "pages": pages,
        "total": total,
        "may_add": [
            (code, label)
            for code, label in Designation.Kind.choices
            if access.may_designate(by, code)
        ],
        "chosen": rows.filter(pk=typed.number(wanted.get("end")) or 0, until__isnull=True).first(),
        "may_end": {code for code in Designation.Kind.values if access.may_designate(by, code)},
    }
    return render(request, "growth/designations.html", context)


def _cells(row: Designation) -> tuple[object, ...]:
    return (
        row.party.name,
        row.party.credit_code,
        row.get_kind_display(),
        row.since,
        row.until,
        row.document,
        row.document_no,
        row.decided_by,
        row.end_reason,
    )


@require_http_methods(["GET", "POST"])
@staff
def designation_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Record a decision for one enterprise or for a list of them."""
    kinds = [
        (code, label) for code, label in Designation.Kind.choices if access.may_designate(by, code)
    ]
    if request.method != "POST":
        wanted = request.GET.get("kind", "")
        wanted_firms = [one for one in map(typed.number, request.GET.getlist("party")) if one]
        name = "\n".join(
            Party.objects.filter(zone_id=by.zone_id, pk__in=wanted_firms)
            .order_by("name")
            .values_list("name", flat=True)
        )
        context = {"kinds": kinds, "kind": wanted or None, "name": name, "listed": None}
        return render(request, "growth/designation_add.html", context)
    post = request.POST
    facts = growth.DecisionFacts(
        kind=typed.words(post, "kind"),
        since=typed.must_be_day(post, "since"),
        until=typed.day(post, "until"),
        document=typed.words(post, "document"),
        document_no=typed.words(post, "document_no"),
        decided_by=typed.words(post, "decided_by"),
    )
    lines = [*typed.words(post, "names").splitlines(), *_lines_of_sheet(request)]
    listed = growth.designate_many(by=by, now=timezone.now(), lines=lines, facts=facts)
    if listed.rejected:
        said = {"kinds": kinds, "kind": facts.kind, "name": "", "listed": listed}
        return render(request, "growth/designation_add.html", said)
    messages.success(
        request,
        _("%(made)d recorded, %(there)d were there already.")
        % {"made": listed.made, "there": listed.unchanged},
    )
    return go(request, f"{reverse('designations')}?kind={facts.kind}")


def _lines_of_sheet(request: HttpRequest) -> list[str]:
    """A workbook or CSV with a column of credit codes or names; without headings the first cell."""
    given = request.FILES.get("sheet")
    if given is None:
        return []
    suffix = PurePath(given.name or "").suffix.lower()
    if suffix not in (".xlsx", ".xls", ".csv", ".txt"):
        raise Refused(
            _("Send a workbook, CSV or text file, one enterprise a line, or paste the names."),
            field="sheet",
        )
    with NamedTemporaryFile(suffix=suffix) as kept:
        for chunk in given.chunks():
            kept.write(chunk)
        kept.flush()
        return lines_of_sheet(Path(kept.name))


@require_POST
@staff
def designation_end(request: HttpRequest, by: Actor, designation_id: int) -> HttpResponse:
    """End a designation with its last day and why."""
    row = found(Designation.objects.filter(zone_id=by.zone_id, pk=designation_id).first())
    growth.end_designation(
        by=by,
        now=timezone.now(),
        designation=row,
        until=typed.must_be_day(request.POST, "until"),
        reason=typed.words(request.POST, "reason"),
        version=typed.number(request.POST.get("version")) or 0,
    )
    return go(request, f"{reverse('designations')}?kind={row.kind}")
