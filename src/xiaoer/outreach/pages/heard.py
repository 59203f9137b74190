"""Parts of the log of a visit: answers to tap, next steps, what is warned of before it is sent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import FieldChoice, FieldQuestion
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.behalf import the_party
from xiaoer.work import queries as work

staff = page(*STAFF_ROLES)
MOST_STEPS = 2


def answers_typed(post: QueryDict, *, by: Actor) -> list[outreach.Heard]:
    """What was tapped or typed; a question nobody touched is not answered."""
    heard = []
    for question in queries.field_questions(by=by):
        name = f"answer_{question.code}"
        choice = _choice(question, reading.words(post, name), name)
        day = reading.day(post, f"{name}_day")
        words = reading.said(post, f"{name}_words", 200)
        if choice is not None or day is not None or words:
            heard.append(outreach.Heard(question, choice, None if choice else day, words))
    return heard


def _choice(question: FieldQuestion, typed: str, name: str) -> FieldChoice | None:
    if not typed:
        return None
    number = reading.number(typed) or 0
    for one in question.choices.all():
        if one.pk == number:
            return one
    # Answered before it was offered no more; a correction may keep it.
    row = FieldChoice.objects.filter(question=question, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=name)
    return row


def steps_typed(post: QueryDict, *, by: Actor) -> list[outreach.Step]:
    """Next steps promised; a line nobody wrote into is none."""
    steps = []
    for number in range(1, MOST_STEPS + 1):
        what = reading.said(post, f"s{number}_what", 120)
        if what:
            due_on = reading.must_be_day(post, f"s{number}_due")
            steps.append(
                outreach.Step(what, due_on, reading.post_of(post, by=by, name=f"s{number}_post"))
            )
    return steps


@require_POST
@staff
def visit_words(request: HttpRequest, by: Actor) -> HttpResponse:
    """What the log would be warned of, while it is being written; nothing is kept."""
    said = reading.words(request.POST, "said")[:4000]
    context = {"warnings": outreach.warnings_about(said, zone_id=by.zone_id or 0)}
    return render(request, "outreach/_visit_words.html", context)


@staff
def visit_same_day(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """A visit of that day somebody logged already, with the way to join it."""
    party = the_party(by, enterprise_id)
    day = reading.day_of_address(request, "visited_on")
    rows = queries.visits_of_day(zone_id=party.zone_id, party_id=party.pk, day=day) if day else None
    context = {"same": rows.first() if rows is not None else None, "own_post": by.post_id}
    return render(request, "outreach/_same_day.html", context)


@require_POST
@staff
def visit_join(request: HttpRequest, by: Actor, visit_id: int) -> HttpResponse:
    """Join a visit a colleague logged."""
    row = found(queries.visit(by=by, visit_id=visit_id))
    outreach.join_visit(by=by, now=timezone.now(), visit=row)
    messages.success(request, _("You joined this visit as companion."))
    return go(request, reverse("visit", args=[row.pk]))


@require_POST
@staff
def step_finish(request: HttpRequest, by: Actor, task_id: int) -> HttpResponse:
    """Say that a next step promised on a visit was taken."""
    task = found(work.task_of(by, task_id))
    outreach.finish_step(
        by=by,
        now=timezone.now(),
        task=task,
        words=reading.said(request.POST, "words", 500),
    )
    return go(request, task.matter.address)
