"""Where the parcels and buildings lie; pictures and plans of them."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import carriers as access
from xiaoer.assets.models import Building, Parcel, Unit
from xiaoer.assets.pages import carrier_forms as typed
from xiaoer.assets.pages.carrier_forms import readers, staff, today, writers
from xiaoer.assets.queries import BuildingRow
from xiaoer.base import files
from xiaoer.base.doors import found, go
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.registry.models import Cell
from xiaoer.registry.outlines import MU_M2, area_m2


@readers
def carrier_map(request: HttpRequest, by: Actor) -> HttpResponse:
    """Parcels and buildings on a map, and the same as lists."""
    rows = queries.building_rows(zone_id=by.zone_id, on=today())
    parcels = list(queries.parcels(zone_id=by.zone_id))
    drawn = [_building(row) for row in rows if row.building.outline]
    # Whoever runs buildings sees where they lie; the pages of the land are of the zone.
    is_staff = by.database_role != OUTSIDE
    if is_staff:
        drawn = [_parcel(parcel) for parcel in parcels if parcel.outline] + drawn
    context = {
        "rows": rows,
        "parcels": parcels,
        "data": {"features": drawn, "ground": {"cells": _cells(by), "parks": []}},
        "missing": sum(not row.building.outline for row in rows)
        + sum(not parcel.outline for parcel in parcels),
        "keeps": access.keeps_carriers(by),
        "is_staff": is_staff,
        "light_of": light_of,
        "words_of": words_of,
    }
    return render(request, "assets/carrier_map.html", context)


def light_of(row: BuildingRow) -> str:
    """Amber: something is vacant. Green: full. Grey: not standing, or no units entered."""
    if row.building.state != Building.State.BUILT or not row.units:
        return "grey"
    return "amber" if row.vacant else "green"


def words_of(row: BuildingRow) -> str:
    if row.building.state != Building.State.BUILT:
        return row.building.get_state_display()
    if not row.units:
        return _("no units entered")
    if row.vacant:
        return _("%(count)s of %(all)s units vacant, %(area)s m²") % {
            "count": row.vacant, "all": row.units, "area": f"{row.vacant_m2:,.0f}",
        }  # fmt: skip
    return _("full")


def _building(row: BuildingRow) -> dict[str, Any]:
    one = row.building
    return {
        "id": one.pk,
        "geometry": one.outline,
        "properties": {
            "short": one.name, "light": light_of(row), "why": words_of(row),
            "open": reverse("building", args=[one.pk]),
        },
    }  # fmt: skip


def _parcel(row: Parcel) -> dict[str, Any]:
    """Below the buildings: its number is taken negative, so that both keep their own."""
    return {
        "id": -row.pk,
        "geometry": row.outline,
        "properties": {
            "short": row.name or row.number, "light": "grey", "under": True,
            "why": f"{row.number} · {row.get_stage_display()}",
            "open": reverse("land_parcel", args=[row.pk]),
        },
    }  # fmt: skip


def _cells(by: Actor) -> list[dict[str, Any]]:
    """The ground: the cells of the zone, for whoever reads them."""
    if by.database_role == OUTSIDE:
        return []
    rows = Cell.objects.filter(zone_id=by.zone_id, outline__isnull=False)
    return [outline for outline in rows.values_list("outline", flat=True) if outline]


# Outlines drawn by hand ---------------------------------------------------------------------------


@staff
def parcel_outline(request: HttpRequest, by: Actor, parcel_id: int) -> HttpResponse:
    """Draw or correct where a parcel lies."""
    row = typed.parcel_here(by, parcel_id)
    return _outline(request, by, row, reverse("land_parcel", args=[row.pk]))


@staff
def building_outline(request: HttpRequest, by: Actor, building_id: int) -> HttpResponse:
    """Draw or correct where a building lies."""
    row = typed.building_here(by, building_id)
    return _outline(request, by, row, reverse("building", args=[row.pk]))


def _outline(request: HttpRequest, by: Actor, row: Parcel | Building, back: str) -> HttpResponse:
    """The map with everything else, and this one's outline: corners clicked, typed or pasted."""
    access.must_keep_carriers(by)
    if request.method == "POST":
        assets.draw_outline(
            by=by, now=timezone.now(), of=row, text=request.POST.get("spot", ""),
            version=typed.version(request),
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return go(request, request.path)
    buildings = queries.building_rows(zone_id=by.zone_id, on=today())
    others = [_parcel(one) for one in queries.parcels(zone_id=by.zone_id) if one.outline]
    others += [_building(one) for one in buildings if one.building.outline]
    own = row.pk if isinstance(row, Building) else -row.pk
    context = {
        "row": row,
        "back": back,
        "action": request.path,
        "map": {
            "features": [_under(one) for one in others if one["id"] != own],
            "ground": {"cells": _cells(by), "parks": []},
            "spot": row.outline,
        },
        "spot": json.dumps(row.outline) if row.outline else "",
        "mu": area_m2(row.outline) / MU_M2 if row.outline else None,
        "known": float(row.area_m2) / MU_M2 if isinstance(row, Parcel) else None,
    }
    return render(request, "assets/outline.html", context)


def _under(one: dict[str, Any]) -> dict[str, Any]:
    """What lies around, as bare shapes: nothing covers what is drawn."""
    return {**one, "properties": {"short": "", "light": one["properties"]["light"], "under": True}}


# Pictures and plans -------------------------------------------------------------------------------


@readers
def carrier_file(request: HttpRequest, by: Actor, carrier_file_id: int) -> HttpResponseBase:
    """One picture, plan or paper, under headers that let it do nothing but be seen."""
    row = found(queries.carrier_file(zone_id=by.zone_id, number=carrier_file_id))
    return files.shown_inside(row.file, row.name)


@require_POST
@writers
def building_files(request: HttpRequest, by: Actor, building_id: int) -> HttpResponse:
    """Hang a file on a building, or take one off."""
    row = typed.building_here(by, building_id)
    _change(request, by, row)
    return go(request, reverse("building", args=[row.pk]))


@require_POST
@writers
def unit_files(request: HttpRequest, by: Actor, unit_id: int) -> HttpResponse:
    """Hang a file on a unit, or take one off."""
    row = typed.unit_here(by, unit_id)
    _change(request, by, row)
    return go(request, reverse("carrier_unit", args=[row.pk]))


@require_POST
@writers
def parcel_files(request: HttpRequest, by: Actor, parcel_id: int) -> HttpResponse:
    """Hang a file on a parcel, or take one off."""
    access.must_keep_carriers(by)
    row = typed.parcel_here(by, parcel_id)
    _change(request, by, row)
    return go(request, reverse("land_parcel", args=[row.pk]))


def _change(request: HttpRequest, by: Actor, of: Parcel | Building | Unit) -> None:
    removed = forms.number(request.POST.get("remove"))
    if removed is not None:
        kept = found(queries.carrier_file(zone_id=by.zone_id, number=removed))
        assets.remove_carrier_file(by=by, now=timezone.now(), file=kept)
        return
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused(_("Choose a file first."), field="file")
    assets.add_carrier_file(
        by=by, now=timezone.now(), of=of, upload=upload, kind=request.POST.get("kind", "")
    )
