"""逐企会诊 and what a leader is asked to decide."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import day, must_day, number, text
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import element_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import Resolution
from xiaoer.projects.pages import chosen
from xiaoer.projects.pages.chosen import READERS
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.models import Task

staff = page(*STAFF_ROLES)


def state_of(row: Resolution) -> tuple[Colour, str]:
    """How far a decision is: by its task's light, or what came of it."""
    if row.task.state == Task.State.OPEN:
        return work.task_light(row.task, timezone.now()), str(Task.State.OPEN.label)
    if row.task.state == Task.State.DROPPED:
        return "grey", str(Task.State.DROPPED.label)
    return "green", row.task.outcome or str(Task.State(row.task.state).label)


@page(*READERS)
def consultation_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Joint sessions, the newest first, with how many decisions are still open."""
    rows = queries.consultations(by=by)
    context = {
        "rows": [
            (
                one,
                len(one.resolutions.all()),
                sum(each.task.state == Task.State.OPEN for each in one.resolutions.all()),
            )
            for one in rows
        ],
        "runs": access.runs_projects(by),
    }
    return render(request, "projects/consultations.html", context)


@page(*READERS)
def consultation(request: HttpRequest, by: Actor, consultation_id: int) -> HttpResponse:
    """One session: who sat there, what was found, what was decided and how far that is."""
    row = found(queries.consultation_by_id(by, consultation_id))
    runs = access.runs_projects(by, row.project)
    edits = runs and row.closed_at is None
    context = {
        "row": row,
        "members": [one.post for one in row.members.all()],
        "resolutions": [(one, *state_of(one)) for one in queries.resolutions_of(row)],
        "runs": runs,
        "edits": edits,
        "papers": files.papers_of(by=by, table="consultation", number=row.pk),
        "people": chosen.people_of(by, timezone.now()) if edits else [],
        "offices": chosen.offices_of(by) if edits else [],
        "chosen": [one.post_id for one in row.members.all()],
    }
    return render(request, "projects/consultation.html", context)


@staff
def consultation_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Open a session on one project."""
    if request.method == "POST":
        row = projects.hold_consultation(
            by=by,
            now=timezone.now(),
            project=found(chosen.project_of(request, by)),
            on=must_day(request, "on"),
            chair=chosen.post_of(request, by, "chair"),
            members=chosen.posts_of(request, by, "members"),
            others=text(request, "others", longest=300),
            place=text(request, "place", longest=100),
            findings=text(request, "findings", longest=2000),
        )
        return go(request, reverse("consultation", args=[row.pk]))
    context = {
        "project": chosen.project_of(request, by),
        "projects": chosen.projects_of(by),
        "people": chosen.people_of(by, timezone.now()),
        "today": timezone.localdate(),
    }
    return render(request, "projects/consultation_new.html", context)


@staff
def consultation_keep(request: HttpRequest, by: Actor, consultation_id: int) -> HttpResponse:
    """Write down what was found, or settle the record."""
    row = found(queries.consultation_by_id(by, consultation_id))
    if request.method == "POST":
        projects.keep_consultation(
            by=by,
            now=timezone.now(),
            consultation=row,
            findings=text(request, "findings", longest=2000),
            chair=chosen.post_of(request, by, "chair"),
            members=chosen.posts_of(request, by, "members"),
            others=text(request, "others", longest=300),
            place=text(request, "place", longest=100),
            is_settled=request.POST.get("is_settled") == "yes",
            version=number(request.POST.get("version")),
        )
        messages.success(request, _("Saved."))
    return go(request, reverse("consultation", args=[row.pk]))


@staff
def consultation_resolve(request: HttpRequest, by: Actor, consultation_id: int) -> HttpResponse:
    """Write down one decision of a session as somebody's task."""
    row = found(queries.consultation_by_id(by, consultation_id))
    if request.method == "POST":
        projects.resolve(
            by=by,
            now=timezone.now(),
            project=row.project,
            text=text(request, "text", longest=300),
            due_on=must_day(request, "due_on"),
            office=chosen.office_of(request, by),
            post=chosen.post_of(request, by),
            consultation=row,
            is_supervised=request.POST.get("is_supervised") == "yes",
        )
        messages.success(request, _("Written down; whoever does it has a task."))
    return go(request, reverse("consultation", args=[row.pk]))


@staff
def resolution_finish(request: HttpRequest, by: Actor, resolution_id: int) -> HttpResponse:
    """Say what came of a decision."""
    row = found(queries.resolution_by_id(by, resolution_id))
    if request.method == "POST":
        projects.finish_resolution(
            by=by,
            now=timezone.now(),
            resolution=row,
            outcome=text(request, "outcome", longest=300),
        )
        messages.success(request, _("Saved."))
    if row.consultation_id is not None:
        return go(request, reverse("consultation", args=[row.consultation_id]))
    return go(request, reverse("project", args=[row.project_id]))


@page(*READERS)
def decision_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """今天要领导拍板: what waits for a leader, and what was decided lately."""
    context = {
        "asks": list(queries.open_asks(by.zone_id)),
        "decided": queries.decided_asks(by=by, limit=50),
        "leads": by.role == Role.ZONE_LEADER and by.post_id is not None,
        "runs": access.runs_projects(by),
        "today": timezone.localdate(),
        "projects": chosen.projects_of(by),
        "project": chosen.project_of(request, by) if request.method == "GET" else None,
    }
    return render(request, "projects/decisions.html", context)


@staff
def decision_ask(request: HttpRequest, by: Actor) -> HttpResponse:
    """Ask a leader to decide."""
    if request.method == "POST":
        projects.ask_decision(
            by=by,
            now=timezone.now(),
            project=found(chosen.project_of(request, by)),
            question=text(request, "question", longest=300),
            options=request.POST.get("options", "").splitlines(),
            wanted_on=day(request, "wanted_on"),
        )
        messages.success(request, _("It waits for a leader now."))
    return go(request, reverse("decision_list"))


@staff
def decision_act(request: HttpRequest, by: Actor, decision_id: int) -> HttpResponse:
    """Decide, or withdraw the question."""
    row = found(queries.ask_by_id(by, decision_id))
    if request.method == "POST":
        version = number(request.POST.get("version"))
        if request.POST.get("what_to_do") == "withdraw":
            projects.withdraw_ask(by=by, now=timezone.now(), ask=row, version=version)
        else:
            words = text(request, "decision", longest=500)
            option = text(request, "option", longest=200)
            decision = "：".join(filter(None, (option, words)))
            projects.decide(by=by, now=timezone.now(), ask=row, decision=decision, version=version)
        messages.success(request, _("Saved."))
    return go(request, reverse("decision_list"))
