"""Whom to visit next: the officer's list with reasons, and planning a visit from it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.behalf import the_party
from xiaoer.outreach.queries import DueRow
from xiaoer.outreach.queries.routes import route_rule
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import full_day
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact

staff = page(*STAFF_ROLES)
SHEET = (
    Column("enterprise", gettext_lazy("Enterprise"), 30),
    Column("cell", gettext_lazy("Cell"), 16),
    Column("reasons", gettext_lazy("Why"), 60),
    Column("questions", gettext_lazy("To ask"), 40),
    Column("last_visit", gettext_lazy("Last visit"), 12, Kind.DATE),
    Column("due_on", gettext_lazy("Visit due by"), 12, Kind.DATE),
    Column("planned_on", gettext_lazy("Planned for"), 12, Kind.DATE),
    Column("absent", gettext_lazy("Why not now"), 40),
    Column("contact_name", gettext_lazy("Contact"), 12),
)


@staff
def visits_due(request: HttpRequest, by: Actor) -> HttpResponse:
    """Whom an officer is to visit, the most urgent first, each with its reasons in words."""
    now = timezone.now()
    wanted = reading.number(request.GET.get("post"))
    shown = found(queries.due_list(by=by, now=now, post_id=wanted))
    kind = request.GET.get("export")
    if kind:
        rows = map(_cells, (*shown.rows, *shown.absent))
        return sheet_response(kind, _("Visits due"), SHEET, rows)
    context = {
        "shown": shown,
        "is_own": shown.post_id == by.post_id,
        "colleagues": queries.colleagues_with_firms(by=by, now=now),
    }
    return render(request, "outreach/visits_due.html", context)


def _cells(row: DueRow) -> tuple[object, ...]:
    joined = {
        "reasons": "；".join(reason.words for reason in row.reasons),
        "questions": "；".join(row.questions),
    }
    return tuple(joined.get(column.key, getattr(row, column.key)) for column in SHEET)


@require_POST
@staff
def visit_plan(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """Plan a visit for the next day that is free for the enterprise, within its quota."""
    now = timezone.now()
    party = the_party(by, enterprise_id)
    post = reading.post_of(request.POST, by=by, name="post")
    today = now.astimezone(LOCAL).date()
    day = reading.day(request.POST, "planned_on") or work_queries.next_free_day(
        by=by, party=party, since=today
    )
    if day is None:
        raise Refused(
            _("%(name)s has no free day in this month and the two after; ask a zone leader.")
            % {"name": party.name}
        )
    work.plan_contact(
        by=by,
        now=now,
        party=party,
        kind=Contact.Kind.VISIT,
        purpose=reading.said(request.POST, "purpose", 200) or _("Visit"),
        planned_on=day,
        post=post or Post.objects.get(pk=by.post_id or 0),
        minutes=route_rule(by=by).visit_minutes,
    )
    messages.success(
        request,
        _("Planned: %(name)s on %(day)s.") % {"name": party.name, "day": full_day(day)},
    )
    back = reverse("visits_due")
    return go(request, f"{back}?post={post.pk}" if post and post.pk != by.post_id else back)
