"""Asking on the way: the open questions of a visit's form, and the questions for missing figures."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts import queries as facts
from xiaoer.outreach import access, queries
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.pages import reading
from xiaoer.registry.models import Party
from xiaoer.work import queries as work
from xiaoer.work.models import Contact, Question

readers = page(*STAFF_ROLES, Role.CITY)


def on_the_way(request: HttpRequest, *, by: Actor, party: Party) -> dict[str, Any]:
    """What the form of a visit shows of questions, and the contact it was opened from."""
    return {
        "questions": [
            row
            for row in work.open_questions(by, [party.pk])
            if row.expects != Question.Expects.PAPER
        ],
        "options_of": lambda row: [(each, each) for each in row.choices],
        "contact": reading.number(request.GET.get("contact")),
    }


def contact_of(post: QueryDict, *, by: Actor) -> Contact | None:
    """The planned contact the form was opened from."""
    number = reading.number(post.get("contact"))
    return found(work.contact_of(by=by, contact_id=number)) if number else None


def told(post: QueryDict, *, by: Actor, party: Party) -> list[outreach.Told]:
    """What was typed beside the open questions; an empty field answers nothing."""
    return [
        outreach.Told(row, said)
        for row in work.open_questions(by, [party.pk])
        if (said := reading.words(post, f"told_{row.pk}"))
    ]


@page(*STAFF_ROLES)
def figure_ask(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put the question for a figure of a period to the monitored enterprises that lack it."""
    if request.method == "POST":
        metric, period = (
            queries.must_be_metric(request.POST.get("metric")),
            queries.must_be_period(request.POST.get("period")),
        )
        worth = request.POST.get("worth", "").strip() or "0"
        if not worth.isdecimal() or len(worth) > 7:
            raise Refused(_("Type a whole number, such as 3."), field="worth")
        count = outreach.ask_for_figures(
            by=by,
            now=timezone.now(),
            metric=metric,
            period=period,
            why=reading.said(request.POST, "why", 200),
            worth=int(worth),
        )
        messages.success(
            request,
            ngettext(
                "%(num)s enterprise lacks it and is asked.",
                "%(num)s enterprises lack it and are asked.",
                count,
            )
            % {"num": count}
            if count
            else _("No monitored enterprise lacks it, or each was asked before."),
        )
        return go(request, reverse("question_list"))
    context = {
        "metrics": [(metric.code, metric.name) for metric in facts.metrics()],
        "may_ask": access.may_ask_for_figures(by),
    }
    return render(request, "outreach/figure_ask.html", context)


@readers
def contact_figures(request: HttpRequest, by: Actor) -> HttpResponse:
    """No visit too many: what was merged, above the quota, asked twice; each opens to its records."""
    month = _month(request.GET.get("month", ""))
    figures = work.contact_figures(by, month)
    known = queries.asked_though_known(by, month)
    twice = Question.objects.filter(
        zone_id=by.zone_id, pk__in=work.asked_twice(by, month)
    ).select_related("party")
    span = work.ContactFilter(since=month, until=work.last_of_month(month), only="above")
    context = {
        "figures": figures,
        "month": month,
        "this": f"{month:%Y-%m}",
        "before": f"{work.month_after(month, -1):%Y-%m}",
        "following": f"{work.month_after(month):%Y-%m}",
        "asked_again": [*twice, *known],
        "above": work.contact_page(by, span).rows,
    }
    return render(request, "outreach/contact_figures.html", context)


def _month(text: str) -> date:
    """The month of an address, written 2026-11; anything else is this month."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        month = date.min
    is_kept = work.FIRST_KEPT <= month.year <= work.LAST_KEPT
    return month if is_kept else work.month_of(timezone.localdate())
