"""Parts of an enterprise's page: its requests and its visits, loaded when they are looked at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries
from xiaoer.outreach.pages.behalf import the_party
from xiaoer.outreach.queries import PoolFilter, VisitFilter

readers = page(*STAFF_ROLES, Role.CITY)


@readers
def enterprise_appeals(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """The latest requests of one enterprise."""
    party = the_party(by, enterprise_id)
    shown = queries.appeal_pool(by=by, filters=PoolFilter(party=party.pk), now=timezone.now())
    context = {"party": party, "shown": shown, "may_write": by.is_staff}
    return render(request, "outreach/_enterprise_appeals.html", context)


@readers
def enterprise_visits(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """The latest visits to one enterprise."""
    party = the_party(by, enterprise_id)
    shown = queries.visit_page(by=by, filters=VisitFilter(party=party.pk))
    context = {"party": party, "shown": shown, "may_write": by.is_staff}
    return render(request, "outreach/_enterprise_visits.html", context)
