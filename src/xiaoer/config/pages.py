"""Home: everybody's first page is what they must do next, so it leads there by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.config import home as own
from xiaoer.work import queries as work

HOMES = {Role.ENTERPRISE: "my_appeals", Role.CITY: "figures", Role.PARK_OPERATOR: "carriers"}
# Whose day is somewhere else, as long as nobody gave them anything to do.
ELSEWHERE = {Role.STATISTICS: "indicators", Role.ADMINISTRATOR: "administration"}


@page()
def home(request: HttpRequest, by: Actor) -> HttpResponse:
    """Lead to the page of the asker's day."""
    return redirect(_home_of(by))


def _home_of(by: Actor) -> str:
    if by.role in HOMES:
        return HOMES[by.role]
    if by.role in ELSEWHERE and not work.inbox_counts(by, timezone.now()).total:
        return ELSEWHERE[by.role]
    return "inbox"


@page(*STAFF_ROLES)
def home_figures(request: HttpRequest, by: Actor) -> HttpResponse:
    """The figures above the inbox, fetched after it: they come from rooms it does not know."""
    figures = own.home_figures(by, timezone.now())
    return render(request, "config/_home_figures.html", {"figures": figures})
