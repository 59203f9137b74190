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
    """What I asked to be reminded of, and what others did on my matters, in the last month; what is
    new stands marked until read."""
    now = timezone.now()
    if request.method == "POST":
        work.see_notices(by=by, now=now)
        return go(request, reverse("notices"))
    lines, reminders = queries.notices(by, now), queries.page_reminders(by, now)
    return render(
        request,
        "work/notices.html",
        {
            "lines": lines,
            "reminders": reminders,
            "new": sum(line.is_new for line in lines) + sum(line.is_new for line in reminders),
            "at": now,
        },
    )
