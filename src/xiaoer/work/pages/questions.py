"""Questions to enterprises: the queue, one question, and the verbs that end it."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work import access, queries
from xiaoer.work import actions as work
from xiaoer.work.answers import answer_words
from xiaoer.work.models import Question
from xiaoer.work.pages.reading import chosen, number_in_address, offset

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
SHEET = (
    Column("enterprise", gettext_lazy("Enterprise"), 30),
    Column("text", gettext_lazy("Question"), 40),
    Column("why", gettext_lazy("What depends on it"), 30),
    Column("worth", gettext_lazy("Worth"), 8, Kind.NUMBER),
    Column("asked_at", gettext_lazy("Asked on"), 18, Kind.DATETIME),
    Column("state", gettext_lazy("State"), 14),
    Column("answer", gettext_lazy("Answer"), 40),
)


def filters_of(request: HttpRequest) -> queries.QuestionFilter:
    return queries.QuestionFilter(
        state=chosen(request, "state", tuple(Question.State.values)) or Question.State.OPEN,
        party=number_in_address(request, "party"),
        text=request.GET.get("q", "").strip()[:60],
    )


@readers
def question_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """The queue: what decides most first."""
    filters = filters_of(request)
    kind = request.GET.get("export")
    if kind:
        rows = queries.questions(by, filters).iterator(chunk_size=2000)
        return sheet_response(kind, _("Questions to enterprises"), SHEET, map(_cells, rows))
    shown = queries.question_page(by, filters, after=offset(request))
    context = {
        "filters": filters,
        "rows": [(row, answer_words(row)) for row in shown.rows],
        "after": shown.after,
        "started": "after" in request.GET,
        "states": [
            (None if state == Question.State.OPEN else state, words, None)
            for state, words in Question.State.choices
        ],
        "party": Party.objects.filter(zone_id=by.zone_id, pk=filters.party or 0).first(),
        "may_ask_figures": by.is_staff,
    }
    return render(request, "work/question_list.html", context)


def _cells(row: Question) -> tuple[object, ...]:
    return (
        row.party.name,
        row.text,
        row.why,
        row.worth,
        row.asked_at,
        row.get_state_display(),
        answer_words(row),
    )


def options_of(question: Question) -> list[tuple[str, str]]:
    """The answers a question offers, for a field."""
    return [(each, each) for each in question.choices]


@readers
def question(request: HttpRequest, by: Actor, question_id: int) -> HttpResponse:
    """One question: who asked what for, and what was said."""
    row = found(queries.question_by_id(by, question_id))
    context = {
        "question": row,
        "party": row.party,
        "answer": answer_words(row),
        "is_open": row.state == Question.State.OPEN and by.is_staff,
        "may_drop": access.may_drop_question(by, row),
        "options_of": options_of,
    }
    return render(request, "work/question.html", context)


def _answered(request: HttpRequest, by: Actor, row: Question, now: datetime) -> str:
    work.answer_question(
        by=by,
        now=now,
        question=row,
        answer=request.POST.get("answer", ""),
        through=request.POST.get("through", ""),
    )
    return _("Written down; nobody asks it again.")


def _declined(request: HttpRequest, by: Actor, row: Question, now: datetime) -> str:
    work.decline_question(by=by, now=now, question=row, words=request.POST.get("words", ""))
    return _("Noted; nobody asks it again.")


def _dropped(request: HttpRequest, by: Actor, row: Question, now: datetime) -> str:
    work.drop_question(by=by, now=now, question=row, reason=request.POST.get("reason", ""))
    return _("Dropped; nobody asks it.")


ACTS = {"answer": _answered, "decline": _declined, "drop": _dropped}


@require_POST
@staff
def question_act(request: HttpRequest, by: Actor, question_id: int, act: str) -> HttpResponse:
    """A verb on one question."""
    row = found(queries.question_by_id(by, question_id))
    said = found(ACTS.get(act))(request, by, row, timezone.now())
    messages.success(request, said)
    return go(request, reverse("question", args=[question_id]))
