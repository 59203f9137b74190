"""What this room adds to the first sight of an enterprise: what is to be done for it next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.work import queries
from xiaoer.work.models import Contact
from xiaoer.work.pages.contacts import today
from xiaoer.work.queries.firm import tasks_of_firm


@page(*STAFF_ROLES, Role.CITY)
def enterprise_tasks(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Open tasks about it, whoever holds them, what is due first."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
    context = {
        "lines": tasks_of_firm(by=by, party=party, now=timezone.now()),
        "may_open": by.is_staff,
    }
    return render(request, "work/_firm_tasks.html", context)


@page(*STAFF_ROLES, Role.CITY)
def enterprise_contacts(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Who calls on it this month, and what its quota leaves."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
    rows = queries.contacts_of_firm(by=by, party=party, month=today())
    context = {
        "party": party,
        "budget": queries.contact_budget(by, party.pk, today()),
        "rows": [row for row in rows if row.state != Contact.State.CANCELLED],
        "may_open": True,
        "may_plan": by.is_staff and party.merged_into_id is None,
    }
    return render(request, "work/_firm_contacts.html", context)


@page(*STAFF_ROLES, Role.CITY)
def enterprise_questions(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """What is to be asked of it, what decides most first."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
    context = {"questions": queries.open_questions(by, [party.pk])[:8], "may_open": True}
    return render(request, "work/_firm_questions.html", context)
