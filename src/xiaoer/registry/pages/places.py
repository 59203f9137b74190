"""The grid on a map and as a table; a grid, a cell, the parks, the monitoring firms."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, CellDuty, Grid
from xiaoer.registry.outlines import LARGEST
from xiaoer.registry.pages import forms
from xiaoer.registry.pages.caseload import posts_of_zone
from xiaoer.registry.queries import EnterpriseFilter

staff = page(*STAFF_ROLES)
readers = page(*STAFF_ROLES, Role.CITY)


@readers
def grid_map(request: HttpRequest, by: Actor) -> HttpResponse:
    """All cells on a map, coloured by their caseload, and the same as a table."""
    grids = queries.grids(by=by)
    context = {
        "grids": grids,
        "cells": sum(len(row.cells) for row in grids),
        "enterprises": sum(row.enterprises for row in grids),
        "without": sum(row.without_officer for row in grids),
        "outlined": sum(1 for row in grids for cell in row.cells if cell.outline is not None),
        "shown": "parks" if request.GET.get("outline") == "parks" else "grids",
        "grid_choices": [(row.id, row.name) for row in grids],
        "may_keep": access.keeps_registry(by),
    }
    return render(request, "registry/grid_map.html", context)


@readers
def grid_map_data(request: HttpRequest, by: Actor) -> HttpResponse:
    """The outlines with their counts, as GeoJSON."""
    return JsonResponse(queries.cell_map(by=by), content_type="application/geo+json")


@readers
def grid(request: HttpRequest, by: Actor, grid_id: int) -> HttpResponse:
    """One grid with its cells."""
    row = found(queries.grid(by=by, grid_id=grid_id))
    return render(
        request, "registry/grid.html", {"grid": row, "may_keep": access.keeps_registry(by)}
    )


@readers
def cell(request: HttpRequest, by: Actor, cell_id: int) -> HttpResponse:
    """One cell: who answers for it and what is in it."""
    row = found(queries.cell(by=by, cell_id=cell_id))
    context = {
        "cell": row,
        "shown": queries.enterprise_page(
            by=by, filters=EnterpriseFilter(cell=cell_id), after=request.GET.get("after")
        ),
        "started": "after" in request.GET,
        "posts": posts_of_zone(by) if by.is_staff else [],
        "may_keep": access.keeps_registry(by),
    }
    return render(request, "registry/cell.html", context)


@require_POST
@staff
def cell_duty(request: HttpRequest, by: Actor, cell_id: int) -> HttpResponse:
    """Let a post answer for a cell, or end that it does."""
    row = found(Cell.objects.filter(zone_id=by.zone_id, pk=cell_id).first())
    ended = forms.number(request.POST.get("end"))
    if ended:
        duty = found(CellDuty.objects.filter(zone_id=by.zone_id, cell=row, pk=ended).first())
        registry.end_cell_duty(by=by, now=timezone.now(), duty=duty)
    else:
        post = forms.chosen_post(request, "post", by=by)
        registry.give_cell_duty(by=by, now=timezone.now(), cell=row, post=post)
    return go(request, reverse("cell", args=[row.pk]))


@require_POST
@staff
def place_open(request: HttpRequest, by: Actor, kind: str) -> HttpResponse:
    """Open a grid, a cell of a grid, or a park."""
    now, code, name = timezone.now(), forms.text_of(request, "code"), forms.text_of(request, "name")
    if kind == "grid":
        registry.open_grid(by=by, now=now, code=code, name=name)
    elif kind == "park":
        registry.open_park(by=by, now=now, code=code, name=name)
        return go(request, reverse("parks"))
    elif kind == "cell":
        of = forms.place_of(request, "grid", by=by, model=Grid)
        if of is None:
            raise Refused(_("Choose a grid."), field="grid")
        registry.open_cell(by=by, now=now, grid=of, code=code, name=name)
    else:
        raise Http404
    return go(request, reverse("grid_map"))


@require_POST
@staff
def outlines(request: HttpRequest, by: Actor) -> HttpResponse:
    """Take outlines of cells and parks from a GeoJSON file."""
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused(_("Choose a GeoJSON file."), field="file")
    if (sent.size or 0) > LARGEST:
        raise Refused(_("The file is larger than 8 MB; simplify the outlines."), field="file")
    try:
        text = sent.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("The file is not UTF-8 text."), field="file") from error
    done = registry.set_outlines(by=by, now=timezone.now(), text=text)
    words = ngettext(
        "%(count)d outline was taken.", "%(count)d outlines were taken.", len(done.matched)
    ) % {"count": len(done.matched)}
    messages.success(request, words)
    if done.unknown:
        unknown = ", ".join(done.unknown[:20])
        messages.warning(
            request, _("Nothing here carries these codes: %(codes)s.") % {"codes": unknown}
        )
    return go(request, reverse("grid_map"))


@readers
def parks(request: HttpRequest, by: Actor) -> HttpResponse:
    """The parks of the zone (一区多园)."""
    borders = queries.cell_map(by=by)["borders"]["parks"]
    context = {
        "parks": queries.parks(by=by),
        "drawn": {border["properties"]["id"]: border["properties"]["is_own"] for border in borders},
        "may_keep": access.keeps_registry(by),
    }
    return render(request, "registry/parks.html", context)


@readers
def monitoring(request: HttpRequest, by: Actor) -> HttpResponse:
    """The monitoring firms in force."""
    return render(request, "registry/monitoring.html", {"firms": queries.monitoring_firms(by=by)})
