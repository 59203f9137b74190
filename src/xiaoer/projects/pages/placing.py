"""Drawing where a project lies: by clicking its corners on the map, or by pasting GeoJSON."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.pages.forms import number
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.actions.placing import place_project
from xiaoer.projects.models import Project
from xiaoer.projects.queries.wall import wall
from xiaoer.projects.queries.wall_map import wall_map
from xiaoer.registry.outlines import MU_M2, area_m2

staff = page(*STAFF_ROLES)


@staff
def project_spot(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """The map with the other projects, and this one's spot to draw."""
    row = found(Project.objects.filter(zone_id=by.zone_id, pk=project_id).first())
    if request.method == "POST":
        place_project(
            by=by,
            now=timezone.now(),
            project=row,
            spot=request.POST.get("spot", ""),
            version=number(request.POST.get("version")),
        )
        messages.success(request, _("Saved."))
        return go(request, reverse("project_spot", args=[row.pk]))
    whole = wall_map(wall(by=by, now=timezone.now()))
    others = [one for one in whole["features"] if one["id"] != row.pk]
    context = {
        "row": row,
        "map": {"features": others, "ground": whole["ground"], "spot": row.spot},
        "spot": json.dumps(row.spot) if row.spot else "",
        "mu": area_m2(row.spot) / MU_M2 if row.spot else None,
        "keeps": access.may_move_project(by, row),
    }
    return render(request, "projects/spot.html", context)
