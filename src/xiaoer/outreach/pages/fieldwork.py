"""Settings of visits: questions with their points, intervals, words of inspections, phrases."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access, queries
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import FieldQuestion, FindingWord, Phrase
from xiaoer.outreach.pages import reading

staff = page(*STAFF_ROLES)
keepers = page(Role.ADMINISTRATOR, Role.SERVICE_DESK)
MARKS = tuple((mark, mark) for mark in "AVSBCUD")
SPARE_CHOICES = 3
POINTS = ("growth", "risk", "satisfaction", "within_days")


@require_http_methods(["GET", "POST"])
@staff
def field_questions(request: HttpRequest, by: Actor) -> HttpResponse:
    """The set of questions with their points; the desk changes it."""
    rows = list(queries.field_questions(by=by, active=False))
    if request.method == "POST":
        return _keep_question(request, by)
    chosen = next((row for row in rows if row.code == request.GET.get("code")), None)
    choices = [one for one in chosen.choices.all()] if chosen else []
    context = {
        "rows": rows,
        "chosen": chosen,
        "may_set": access.is_desk(by),
        "lines": [*choices, *([None] * SPARE_CHOICES)],
        "expects": FieldQuestion.Expects.choices,
        "marks": MARKS,
        "next_place": max((row.order for row in rows), default=0) + 1,
    }
    return render(request, "outreach/field_questions.html", context)


def _keep_question(request: HttpRequest, by: Actor) -> HttpResponse:
    post = request.POST
    kept = outreach.keep_field_question(
        by=by,
        now=timezone.now(),
        code=reading.said(post, "code", 30),
        text=reading.said(post, "text", 120),
        text_en=reading.said(post, "text_en", 160),
        expects=post.get("expects", ""),
        holds_days=_whole(post, "holds_days"),
        order=min(_whole(post, "order") or 0, 32767),
        is_active="is_active" in post,
        source=reading.said(post, "source", 200),
        mark=post.get("mark", ""),
        version=reading.version(post),
        choices=_choices(post),
    )
    messages.success(request, _("Saved: %(name)s.") % {"name": kept.label})
    return go(request, reverse("field_questions"))


def _whole(post: QueryDict, name: str) -> int | None:
    typed = reading.words(post, name)
    if not typed:
        return None
    number = reading.number(typed)
    if number is None:
        raise Refused(_("Type a whole number."), field=name)
    return number


def _choices(post: QueryDict) -> list[outreach.ChoiceFacts]:
    """Lines with words; a line that was emptied is offered no more."""
    lines = []
    for number in range(1, 30):
        words = reading.said(post, f"c{number}_words", 60)
        if words:
            points = {name: _whole(post, f"c{number}_{name}") for name in POINTS}
            lines.append(
                outreach.ChoiceFacts(words, reading.said(post, f"c{number}_en", 80), **points)
            )
    return lines


@require_http_methods(["GET", "POST"])
@keepers
def visit_settings(request: HttpRequest, by: Actor) -> HttpResponse:
    """Intervals between visits, and the words of inspections a log is warned of."""
    if request.method == "POST":
        return _set(request, by)
    intervals = list(queries.visit_intervals(by=by))
    context = {
        "intervals": intervals,
        "chosen": next((row for row in intervals if row.code == request.GET.get("code")), None),
        "words": list(queries.finding_word_rows(by=by)),
        "marks": MARKS,
    }
    return render(request, "outreach/visit_settings.html", context)


def _set(request: HttpRequest, by: Actor) -> HttpResponse:
    post, now = request.POST, timezone.now()
    if post.get("what") == "add_word":
        word = reading.said(post, "word", 20)
        outreach.add_finding_word(
            by=by, now=now, word=word, source=reading.said(post, "source", 200)
        )
    elif post.get("what") == "remove_word":
        row = found(
            FindingWord.objects.filter(
                zone_id=by.zone_id, pk=reading.number(post.get("id")) or 0
            ).first()
        )
        outreach.remove_finding_word(by=by, now=now, word=row)
    else:
        outreach.keep_visit_interval(
            by=by,
            now=now,
            code=reading.said(post, "code", 30),
            days=_whole(post, "days") or 0,
            source=reading.said(post, "source", 200),
            mark=post.get("mark", ""),
            version=reading.version(post),
        )
    return go(request, reverse("visit_settings"))


@require_http_methods(["GET", "POST"])
@staff
def phrases(request: HttpRequest, by: Actor) -> HttpResponse:
    """Phrases to tap into a log; everybody keeps their own."""
    if request.method == "POST":
        return _phrase(request, by)
    rows = [
        (row, outreach.may_own(by, row.office_id, row.post_id)) for row in queries.phrases(by=by)
    ]
    context = {"rows": rows, "may_zone": access.is_desk(by), "has_office": by.office_id is not None}
    return render(request, "outreach/phrases.html", context)


def _phrase(request: HttpRequest, by: Actor) -> HttpResponse:
    post, now = request.POST, timezone.now()
    if "id" in post:
        number = reading.number(post.get("id")) or 0
        row = found(Phrase.objects.filter(zone_id=by.zone_id, pk=number).first())
        outreach.remove_phrase(by=by, now=now, phrase=row)
    else:
        whose = post.get("whose", "own")
        outreach.keep_phrase(
            by=by,
            now=now,
            text=reading.said(post, "text", 100),
            office=Office.objects.get(pk=by.office_id or 0) if whose == "office" else None,
            post=Post.objects.get(pk=by.post_id or 0) if whose == "own" else None,
        )
    return go(request, reverse("phrases"))
