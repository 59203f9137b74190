"""Home: everybody's first page is what they must do next, so it leads there by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xiaoer.base.doors import page
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor

HOMES = {Role.ENTERPRISE: "my_enterprise", Role.CITY: "figures", Role.STATISTICS: "indicators"}


@page()
def home(request: HttpRequest, by: Actor) -> HttpResponse:
    """Lead to the page of the asker's day."""
    return redirect(HOMES.get(by.role, "inbox") if by.role else "inbox")
