"""What this room adds to the first sight of an enterprise: what is to be done for it next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
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
