"""The bell's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work import queries


@page(*STAFF_ROLES)
def notices(request: HttpRequest, by: Actor) -> HttpResponse:
    """What others did on my matters in the last month; what is new stands marked until read."""
    now = timezone.now()
    if request.method == "POST":
        work.see_notices(by=by, now=now)
        return go(request, reverse("notices"))
    lines = queries.notices(by, now)
    return render(
        request,
        "work/notices.html",
        {"lines": lines, "new": sum(line.is_new for line in lines), "at": now},
    )
