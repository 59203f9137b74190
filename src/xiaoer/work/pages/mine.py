"""An enterprise's own side: the questions put to it, and who may visit it this month."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.answers import answer_words
from xiaoer.work.models import Contact, Question
from xiaoer.work.pages.contacts import month_in
from xiaoer.work.pages.questions import options_of

enterprise = page(Role.ENTERPRISE)


def _own(by: Actor) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())


@enterprise
def my_questions(request: HttpRequest, by: Actor) -> HttpResponse:
    """What the zone wants to know of us, and what we said."""
    rows = queries.questions_of_firm(by, _own(by).pk)
    context = {
        "opened": [row for row in rows if row.state == Question.State.OPEN],
        "ended": [(row, answer_words(row)) for row in rows if row.state != Question.State.OPEN],
        "options_of": options_of,
    }
    return render(request, "work/my_questions.html", context)


@require_POST
@enterprise
def my_question_act(request: HttpRequest, by: Actor, question_id: int, act: str) -> HttpResponse:
    """Answer a question of the zone, or say that we do not."""
    row = found(queries.question_by_id(by, question_id))
    now, through = timezone.now(), Question.Through.ENTERPRISE
    if act == "answer":
        name = f"answer_{row.pk}"
        try:
            work.answer_question(
                by=by, now=now, question=row, answer=request.POST.get(name, ""), through=through
            )
        except Refused as no:
            raise Refused(no.message, field=name) from no
        messages.success(request, _("Thank you; nobody asks you this again."))
    elif act == "decline":
        work.decline_question(by=by, now=now, question=row, through=through)
        messages.success(request, _("Noted; nobody asks you this again."))
    else:
        found(None)
    return go(request, reverse("my_questions"))


@enterprise
def my_contacts(request: HttpRequest, by: Actor) -> HttpResponse:
    """Who may visit us in a month, inspections with their ground, and what the quota leaves."""
    party = _own(by)
    first = month_in(request.GET.get("month", ""))
    rows = queries.contacts_of_firm(by=by, party=party, month=first)
    shown = [
        row for row in rows if row.state not in {Contact.State.CANCELLED, Contact.State.MERGED}
    ]
    context = {
        "this": f"{first:%Y-%m}",
        "before": f"{queries.month_after(first, -1):%Y-%m}",
        "following": f"{queries.month_after(first):%Y-%m}",
        "budget": queries.contact_budget(by, party.pk, first),
        "rule": queries.rule_of(by.zone_id),
        "groups": [
            (
                _("Visits, surveys, forms and calls"),
                [row for row in shown if not row.is_inspection],
                _("Nobody calls on you this month."),
            ),
            (
                _("Inspections by other offices"),
                [row for row in shown if row.is_inspection],
                _("No inspection is entered for this month."),
            ),
        ],
    }
    return render(request, "work/my_contacts.html", context)


@require_POST
@enterprise
def my_contact_refuse(request: HttpRequest, by: Actor, contact_id: int) -> HttpResponse:
    """We do not want this contact."""
    row = found(queries.contact_of(by=by, contact_id=contact_id))
    work.refuse_contact(by=by, now=timezone.now(), contact=row)
    messages.success(request, _("The zone was told; this contact falls away."))
    return go(request, reverse("my_contacts") + f"?month={row.planned_on:%Y-%m}")
