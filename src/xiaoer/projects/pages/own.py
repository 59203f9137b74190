"""我们的项目: what an enterprise sees of its projects, and its month in two minutes."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Role
from xiaoer.base.pages.forms import text
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import page_of
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import Project
from xiaoer.projects.pages import figures
from xiaoer.projects.queries import OwnProject
from xiaoer.projects.queries.own import Asked, Owed
from xiaoer.registry.models import Party
from xiaoer.web.words import month as month_words

enterprise = page(Role.ENTERPRISE)


def _month(request: HttpRequest, today: date) -> date:
    """The month asked about: one of those offered, else the last that is over."""
    offered = queries.months_offered(today)
    wanted = figures.month_of(request.GET.get("month") or request.POST.get("month"))
    return wanted if wanted in offered else offered[0]


@enterprise
def my_projects(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every project of ours: what waits for us, what the zone owes us, whether we reported."""
    today = timezone.localdate()
    rows = queries.own_projects(by=by, today=today)
    context = {
        "party": found(Party.objects.filter(pk=by.party_ref or 0).first()),
        "rows": [_card(row) for row in rows],
        "month": queries.months_offered(today)[0],
        "today": today,
    }
    return render(request, "projects/my_projects.html", context)


@enterprise
def my_projects_card(request: HttpRequest, by: Actor) -> HttpResponse:
    """The card of the enterprise's own page."""
    today = timezone.localdate()
    context = {
        "rows": queries.own_projects(by=by, today=today),
        "month": queries.months_offered(today)[0],
    }
    return render(request, "projects/_my_projects.html", context)


def _card(row: OwnProject) -> dict[str, Any]:
    return {
        "row": row,
        "project": row.project,
        "plan": page_of("plan", row.plan.pk, own=True) if row.plan else None,
        "total": None if row.project.total_fen is None else figures.yuan(row.project.total_fen),
        "waits": row.waits,
        "owed": [(one, _address(one)) for one in row.owed],
        "asked": [_line(one) for one in row.asked],
    }


def _address(owed: Owed) -> str | None:
    if owed.need is not None:
        return page_of("element_need", owed.need.pk, own=True)
    return page_of("zone_promise", owed.promise.pk, own=True) if owed.promise else None


def _line(one: Asked) -> dict[str, Any]:
    known, last = one.known, one.last
    return {
        "series": one.series,
        "unit": figures.unit_words(one.series),
        "known": known,
        "known_shown": figures.shown(one.series, known.amount) if known else None,
        "last": last,
        "last_shown": figures.shown(one.series, last.amount) if last else None,
        "last_month": month_words(last.month) if last else None,
    }


@enterprise
def my_project_month(request: HttpRequest, by: Actor, my_project_id: int) -> HttpResponse:
    """Report one month: a number a series, last month's beside it, a photograph if there is one."""
    today = timezone.localdate()
    month = _month(request, today)
    row = found(queries.own_project(by=by, project_id=my_project_id, today=today, month=month))
    if request.method == "POST":
        _report(request, by, row.project, month, row)
        messages.success(
            request, _("%(month)s is reported. Thank you.") % {"month": month_words(month)}
        )
        return go(request, reverse("my_projects"))
    context = {
        **_card(row),
        "month": month,
        "months": [(f"{one:%Y-%m}", month_words(one)) for one in queries.months_offered(today)],
        "is_reported": row.is_reported,
    }
    return render(request, "projects/my_month.html", context)


def _report(
    request: HttpRequest, by: Actor, project: Project, month: date, row: OwnProject
) -> None:
    now = timezone.now()
    amounts = {}
    for one in row.asked:
        if one.known is None:
            amount = figures.typed_amount(request, one.series, one.series)
            if amount is not None:
                amounts[one.series.value] = amount
    made = projects.report_own_month(
        by=by, now=now, project=project, month=month, amounts=amounts,
        note=text(request, "note", longest=500),
    )  # fmt: skip
    photos = request.FILES.getlist("photo")
    files.pin_uploads(by=by, now=now, uploads=photos, subject=made[0], only_photos=True)
