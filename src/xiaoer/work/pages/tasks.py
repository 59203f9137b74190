"""One task: how far it is, who had it, and the verbs that move it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.work import access, kinds, queries
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Task
from xiaoer.work.pages.reading import chosen, receiver, receivers

FORMS = ("transfer", "return", "supervise", "instruct", "carry_out")


@page(*STAFF_ROLES)
def task(request: HttpRequest, by: Actor, task_id: int) -> HttpResponse:
    """The page of a task; asked for by the inbox's opener, the part that opens below its row."""
    now = timezone.now()
    row = found(queries.task_of(by, task_id))
    # The opener's target is the row it stands in, which has no name; a whole page is asked for
    # without htmx.
    is_part = "HX-Request" in request.headers and "HX-Target" not in request.headers
    return render(
        request, "work/_task.html" if is_part else "work/task.html", _shown(request, by, row, now)
    )


def _shown(request: HttpRequest, by: Actor, row: Task, now: datetime) -> dict[str, Any]:
    acts = access.acts_on(by, row, now)
    form = chosen(request, "act", FORMS)
    takes_receiver = form in {"transfer", "instruct"}
    return {
        "task": row,
        "matter": row.matter,
        "what": kinds.task_name(row.matter.kind, row.kind),
        "kind": kinds.kind_name(row.matter.kind),
        "acts": acts,
        "form": form,
        "light_colour": queries.task_light(row, now),
        "remaining": queries.remaining_words(
            row.due_at, row.limit_unit, now=now, calendar=queries.calendar_of(row.zone_id)
        ),
        "distance": queries.distance(row, now),
        "due_on": queries.last_day(row.due_at),
        "limit_said": queries.limit_words(row.limit_count, row.limit_unit)
        if row.limit_count
        else "",
        "lines": queries.tasks_of_matter(row.matter, now),
        "instructions": queries.instructions_on(row.matter),
        "receivers": receivers(by, now.astimezone(LOCAL).date()) if takes_receiver else [],
        "at": now,
        "papers": files.papers_of(by=by, table="task", number=row.pk),
    }


def _to_task(request: HttpRequest, row: Task, said: str) -> HttpResponse:
    messages.success(request, said)
    return go(request, reverse("task", args=[row.pk]))


@require_POST
@page(*STAFF_ROLES)
def take_task(request: HttpRequest, by: Actor, task_id: int) -> HttpResponse:
    row = found(queries.task_of(by, task_id))
    work.take_task(by=by, now=timezone.now(), task=row)
    return _to_task(request, row, _("The task is yours now."))


@require_POST
@page(*STAFF_ROLES)
def transfer_task(request: HttpRequest, by: Actor, task_id: int) -> HttpResponse:
    now = timezone.now()
    row = found(queries.task_of(by, task_id))
    post, office = receiver(request, by, now.astimezone(LOCAL).date())
    new = work.transfer_task(
        by=by, now=now, task=row, post=post, office=office, reason=request.POST.get("reason", "")
    )
    return _to_task(request, new, _("Transferred; the clock goes on as it was."))


@require_POST
@page(*STAFF_ROLES)
def return_task(request: HttpRequest, by: Actor, task_id: int) -> HttpResponse:
    row = found(queries.task_of(by, task_id))
    new = work.return_task(
        by=by, now=timezone.now(), task=row, reason=request.POST.get("reason", "")
    )
    return _to_task(request, new, _("Returned to whoever gave it."))


@require_POST
@page(*STAFF_ROLES)
def supervise_task(request: HttpRequest, by: Actor, task_id: int) -> HttpResponse:
    row = found(queries.task_of(by, task_id))
    work.supervise_task(by=by, now=timezone.now(), task=row, words=request.POST.get("words", ""))
    return _to_task(request, row, _("Under supervision; whoever has it was told."))


@require_POST
@page(*STAFF_ROLES)
def carry_out(request: HttpRequest, by: Actor, task_id: int) -> HttpResponse:
    row = found(queries.task_of(by, task_id))
    work.carry_out(by=by, now=timezone.now(), task=row, words=request.POST.get("words", ""))
    return _to_task(request, row, _("Reported as done."))


@require_POST
@page(*STAFF_ROLES)
def instruct(request: HttpRequest, by: Actor, task_id: int) -> HttpResponse:
    now = timezone.now()
    row = found(queries.task_of(by, task_id))
    post, office = receiver(request, by, now.astimezone(LOCAL).date(), is_needed=False)
    work.instruct(
        by=by,
        now=now,
        matter=row.matter,
        text=request.POST.get("text", ""),
        post=post,
        office=office,
    )
    return _to_task(request, row, _("The instruction was written; those it concerns were told."))
