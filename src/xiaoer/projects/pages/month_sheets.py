"""月报导入: one month of many projects from a sheet: looked at first, then reported at once."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import go, page
from xiaoer.base.models import Role
from xiaoer.base.pages.forms import choice, number
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet
from xiaoer.projects import actions as projects
from xiaoer.projects import money_access as access
from xiaoer.projects import month_sheets
from xiaoer.projects.list_sheets import Known
from xiaoer.projects.models import InvestmentMonth, Project, Series
from xiaoer.projects.pages import figures
from xiaoer.web.words import month as month_words

Reporter = InvestmentMonth.Reporter
keepers = page(Role.PROJECT, Role.ECONOMY, Role.INVESTMENT, Role.ADMINISTRATOR, Role.STATISTICS)


def _names(by: Actor) -> list[tuple[str, str]]:
    """In whose name the asker may bring in a sheet."""
    may = ((Reporter.STATISTICS, access.is_bureau(by)), (Reporter.ZONE, access.keeps_money(by)))
    return [(one.value, str(one.label)) for one, allowed in may if allowed]


@keepers
def money_sheets(request: HttpRequest, by: Actor) -> HttpResponse:
    """Choose month, series and sheet; then look at what would become of each row."""
    today = timezone.localdate()
    offered = [
        date(today.year - (back >= today.month), (today.month - 1 - back) % 12 + 1, 1)
        for back in range(12)
    ]
    context = {
        "reporters": _names(by),
        "series_options": Series.choices,
        "months": [(f"{one:%Y-%m}", month_words(one)) for one in offered],
        "units": [(one, one) for one in month_sheets.UNITS],
        "rows": None,
    }
    if request.method != "POST":
        return render(request, "projects/month_sheet.html", context)
    if request.POST.get("what_to_do") == "report":
        return _report(request, by)
    return render(request, "projects/month_sheet.html", context | _preview(request, by))


def _preview(request: HttpRequest, by: Actor) -> dict[str, object]:
    series = choice(request, "series", list(Series.values))
    month = figures.must_month(request)
    sheet = request.FILES.get("sheet")
    if sheet is None:
        raise Refused(_("Choose a file first."), field="sheet")
    file = files.keep_file(
        by=by, now=timezone.now(), stream=sheet, name=sheet.name or "",
        limit=Limits().file_bytes, look=look_at_sheet,
    )  # fmt: skip
    with files.kept_path(file) as path:
        rows = month_sheets.read_months(
            path,
            unit=choice(request, "unit", list(month_sheets.UNITS)),
            currency="USD" if series == Series.FOREIGN else "CNY",
            known=_known(by),
        )
    return {
        "rows": [(row, figures.shown(series, row.amount)) for row in rows],
        "ready": sum(row.project_id is not None and row.amount is not None for row in rows),
        "series": series,
        "series_words": Series(series).label,
        "month": month,
        "reporter": choice(request, "reporter", [one for one, _words in _names(by)]),
        "source": (sheet.name or "")[:150],
    }


def _known(by: Actor) -> list[Known]:
    rows = Project.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
    return [
        Known(pk, name, short, code, False)
        for pk, name, short, code in rows.values_list("pk", "name", "short_name", "code")
    ]


def _report(request: HttpRequest, by: Actor) -> HttpResponse:
    series = choice(request, "series", list(Series.values))
    month = figures.must_month(request)
    found = []
    for row_no in request.POST.getlist("row"):
        project = number(request.POST.get(f"project-{row_no}"))
        amount = request.POST.get(f"amount-{row_no}", "")
        if project is None or not amount.lstrip("-").isdigit() or len(amount) > 18:
            continue
        note = request.POST.get(f"note-{row_no}", "").strip()[:500]
        found.append(projects.NewMonth(project, series, month, int(amount), note))
    count = projects.report_months(
        by=by, now=timezone.now(), reporter=request.POST.get("reporter", ""), rows=found,
        source=request.POST.get("source", "")[:150],
    )  # fmt: skip
    messages.success(
        request,
        _("%(count)s figures are reported; %(known)s were there already.")
        % {"count": count, "known": len(found) - count},
    )
    where = f"?year={month.year}&until={month.month}&series={series}"
    return go(request, reverse("project_investment") + where)
