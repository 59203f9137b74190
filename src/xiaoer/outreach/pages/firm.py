"""What this room adds to the first sight of an enterprise: cards of its overview, words of its head."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach.pages.behalf import the_party
from xiaoer.outreach.queries.firm import SHOWN, requests_of_firm, visits_to_firm

readers = page(*STAFF_ROLES, Role.CITY)


def _requests(request: HttpRequest, by: Actor, enterprise_id: int, part: str) -> HttpResponse:
    party = the_party(by, enterprise_id)
    now = timezone.now()
    context = {
        "party": party,
        "requests": requests_of_firm(by=by, party=party, now=now),
        "shown": SHOWN,
        "may_write": by.is_staff and party.merged_into_id is None,
    }
    return render(request, f"outreach/{part}.html", context)


def _visits(request: HttpRequest, by: Actor, enterprise_id: int, part: str) -> HttpResponse:
    party = the_party(by, enterprise_id)
    context = {
        "party": party,
        "visits": visits_to_firm(by=by, party=party, now=timezone.now()),
        "may_write": by.is_staff and party.merged_into_id is None,
    }
    return render(request, f"outreach/{part}.html", context)


@readers
def enterprise_requests_card(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """What it waits for, with lights, what is due first."""
    return _requests(request, by, enterprise_id, "_firm_requests")


@readers
def enterprise_light(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """The gravest light of its open requests, for the head line."""
    return _requests(request, by, enterprise_id, "_firm_light")


@readers
def enterprise_visits_card(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """Who called on it last, and what was said."""
    return _visits(request, by, enterprise_id, "_firm_visits")


@readers
def enterprise_last_visit(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """When somebody last called on it, for the head line."""
    return _visits(request, by, enterprise_id, "_firm_last_visit")
