"""Search over everything: each room answers for its own records, this page puts them side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from xiaoer.base import queries as base
from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries as outreach
from xiaoer.projects import queries as projects
from xiaoer.registry import queries as registry

MOST = 8


@page(*STAFF_ROLES, Role.CITY)
def search(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enterprises, requests and people for what was typed; one receipt number leads straight there."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:60]
    filters = outreach.PoolFilter(text=text)
    appeals = (
        list(outreach.appeals(by=by, filters=filters, now=timezone.now())[:MOST]) if text else []
    )
    if text.upper().startswith("SQ-") and len(appeals) == 1:
        return redirect(reverse("appeal", args=[appeals[0].pk]))
    context = {
        "text": text,
        "most": MOST,
        "may_add": by.role in STAFF_ROLES,
        "enterprises": registry.search_parties(by=by, text=text, most=MOST) if text else [],
        "appeals": appeals,
        "projects": projects.search_projects(zone_id=by.zone_id, text=text, most=MOST)
        if text
        else [],
        "people": list(base.people(zone_id=by.zone_id).filter(name__contains=text)[:MOST])
        if text
        else [],
    }
    return render(request, "config/search.html", context)
