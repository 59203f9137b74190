"""Carriers: the list of units, buildings with their floors drawn, one unit with its history."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import carriers as access
from xiaoer.assets.models import Building, FireClass, Parcel, Unit, UnitDoor
from xiaoer.assets.pages import cage_words
from xiaoer.assets.pages import carrier_forms as typed
from xiaoer.assets.pages.carrier_forms import readers, staff, today, writers
from xiaoer.assets.queries import PAGE, UNIT_SORTS, Standing, UnitFilter, UnitState
from xiaoer.assets.queries.cages import sites_of
from xiaoer.base.doors import found, go
from xiaoer.base.pages import forms
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.base.units import parse_area
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

SHEET = (
    Column("building", gettext_lazy("Building"), 26),
    Column("code", gettext_lazy("Carrier unit"), 12),
    Column("floor", gettext_lazy("Floor"), 8, Kind.NUMBER),
    Column("area", gettext_lazy("Area, m²"), 12, Kind.NUMBER),
    Column("state", gettext_lazy("State"), 12),
    Column("holder", gettext_lazy("Who has it"), 30),
    Column("until", gettext_lazy("Until"), 12, Kind.DATE),
    Column("height", gettext_lazy("Clear height, m"), 12, Kind.NUMBER),
    Column("load", gettext_lazy("Floor load, kg/m²"), 14, Kind.NUMBER),
    Column("column", gettext_lazy("Column spacing, m"), 14, Kind.NUMBER),
    Column("crane", gettext_lazy("Crane, t"), 10, Kind.NUMBER),
    Column("power", gettext_lazy("Power, kVA"), 12, Kind.NUMBER),
    Column("gas", gettext_lazy("Gas"), 8),
    Column("steam", gettext_lazy("Steam"), 8),
    Column("drains", gettext_lazy("Waste water, t a day"), 14, Kind.NUMBER),
    Column("fire", gettext_lazy("Fire class"), 12),
    Column("rent", gettext_lazy("Rent, yuan/m² a month"), 16, Kind.NUMBER),
    Column("note", gettext_lazy("Note"), 30),
)
BUILDING_SHEET = (
    Column("name", gettext_lazy("Building"), 30),
    Column("kind", gettext_lazy("Kind"), 14),
    Column("park", gettext_lazy("Park"), 22),
    Column("state", gettext_lazy("State"), 12),
    Column("area", gettext_lazy("Floor area, m²"), 14, Kind.NUMBER),
    Column("floors", gettext_lazy("Floors"), 8, Kind.NUMBER),
    Column("units", gettext_lazy("Units"), 8, Kind.NUMBER),
    Column("units_m2", gettext_lazy("Area of its units, m²"), 16, Kind.NUMBER),
    Column("vacant", gettext_lazy("Vacant units"), 10, Kind.NUMBER),
    Column("vacant_m2", gettext_lazy("Vacant, m²"), 14, Kind.NUMBER),
    Column("operator", gettext_lazy("Run by"), 30),
    Column("fire", gettext_lazy("Fire class"), 12),
    Column("accepted", gettext_lazy("Accepted on completion"), 12),
    Column("built_on", gettext_lazy("Built on"), 12, Kind.DATE),
)
# Between the number of a part and its area: a gap, or a stop as people type it.
PART = re.compile(r"[\s,，、:：]+")
BUILDING_STATES = ("vacant", "full", "coming", "empty")
# How a state looks: the light beside its words.
LIGHTS = {
    UnitState.VACANT: "amber",
    UnitState.IDLE: "red",
    UnitState.INEFFICIENT: "red",
    UnitState.OVERDUE: "red",
    UnitState.LET: "green",
    UnitState.SOLD: "green",
    UnitState.OWN: "green",
}


def colour_of(state: str) -> str:
    return LIGHTS.get(UnitState(state), "grey")


def filters_of(request: HttpRequest) -> UnitFilter:
    """What the address narrows the list by."""
    asked = request.GET

    def one_of(name: str, allowed: Iterable[str]) -> str:
        given = asked.get(name, "")
        return given if given in allowed else ""

    def number(name: str) -> Any:
        return forms.number(asked.get(name))

    return UnitFilter(
        text=asked.get("q", "").replace("\x00", "").strip()[:60],
        state=one_of("state", UnitState.values),
        park=number("park"),
        building=number("building"),
        kind=one_of("kind", Building.Kind.values),
        fire_class=one_of("fire_class", FireClass.values),
        area_least=number("least"),
        area_most=number("most"),
    )


@readers
def carriers(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """All units as they are cut today, narrowed, sorted, page by page; the very list as a sheet."""
    filters, on = filters_of(request), today()
    sort = request.GET.get("sort", "building")
    sort = sort if sort in UNIT_SORTS else "building"
    rows = queries.units(zone_id=by.zone_id, filters=filters, on=on).order_by(*UNIT_SORTS[sort])
    if request.GET.get("export"):
        shown = queries.standings(rows, on)
        return sheet_response(request.GET["export"], _("Carriers"), SHEET, _cells(shown))
    counts = queries.state_counts(zone_id=by.zone_id, filters=filters, on=on)
    total = rows.count()
    pages = max(ceil(total / PAGE), 1)
    number = min(forms.number(request.GET.get("page")) or 1, pages)
    context = {
        "rows": queries.standings(rows[(number - 1) * PAGE : number * PAGE], on),
        "total": total,
        "page": number,
        "pages": pages,
        "sort": sort,
        "filters": filters,
        "counts": counts,
        "held": queries.held_share(counts) if not filters.state else None,
        "kinds": Building.Kind.choices,
        "fire_classes": FireClass.choices,
        "parks": typed.park_choices(by),
        "building": queries.building_by_id(zone_id=by.zone_id, building_id=filters.building)
        if filters.building
        else None,
        "keeps": access.keeps_carriers(by),
        "colour": colour_of,
        "rent": lambda fen: Decimal(fen) / 100,
    }
    return render(request, "assets/carriers.html", context)


def _cells(rows: Iterable[Standing]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one = row.unit
        yield (
            one.building.name, one.code, one.floor, one.area_m2, row.state.label, row.holder,
            row.until, one.height_m, one.load_kg_m2, one.column_m, one.crane_t, one.power_kva,
            words_of(one.has_gas), words_of(one.has_steam), one.drains_t_day,
            one.get_fire_class_display(),
            None if one.rent_fen is None else one.rent_fen / 100, one.note,
        )  # fmt: skip


def words_of(value: bool | None) -> str:
    """Yes, no, or nothing where it is not known."""
    return {True: _("yes"), False: _("no")}.get(value, "") if value is not None else ""


# Buildings ----------------------------------------------------------------------------------------


@readers
def building_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The buildings that stand or come, with what is empty in them; the very list as a sheet."""
    asked = request.GET
    park, kind, state = forms.number(asked.get("park")), asked.get("kind"), asked.get("state")
    kind = kind if kind in Building.Kind.values else ""
    state = state if state in BUILDING_STATES else ""
    text = asked.get("q", "").replace("\x00", "").strip()[:60]
    every = queries.building_rows(
        zone_id=by.zone_id, on=today(), park=park, kind=kind or "", text=text
    )
    rows = [one for one in every if not state or one.state == state]
    if asked.get("export"):
        return sheet_response(
            asked["export"], _("Buildings"), BUILDING_SHEET, _building_cells(rows)
        )
    shown = typed.paged(request, rows)
    context = {
        "rows": shown,
        "shown": shown,
        "all": len(every),
        "counts": {name: sum(one.state == name for one in every) for name in BUILDING_STATES},
        "kinds": Building.Kind.choices,
        "kind": kind,
        "state": state,
        "text": text,
        "parks": typed.park_choices(by),
        "park": park,
        "keeps": access.keeps_carriers(by),
        "plain": typed.plain,
        "square": typed.square,
    }
    return render(request, "assets/building_list.html", context)


def _building_cells(rows: Iterable[queries.BuildingRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one = row.building
        yield (
            one.name, one.get_kind_display(), one.park.name if one.park else "",
            one.get_state_display(), one.area_m2, one.floors, row.units, row.area_m2, row.vacant,
            row.vacant_m2, one.operator.name if one.operator else "",
            one.get_fire_class_display(), words_of(one.is_accepted), one.built_on,
        )  # fmt: skip


@readers
def building(request: HttpRequest, by: Actor, building_id: int) -> HttpResponse:
    """One building: its floors drawn, and what is known of it."""
    row = typed.building_here(by, building_id)
    floors = queries.floors_of(building=row, on=today())
    standings = [placed.standing for floor in floors for placed in floor.units]
    context = {
        "row": row,
        "floors": floors,
        "standings": standings,
        "legend": list(dict.fromkeys(one.state for one in standings)),
        "units_m2": sum((one.unit.area_m2 for one in standings), Decimal(0)),
        "files": queries.files_of(building=row),
        "runs": access.runs_building(by, row),
        "keeps": access.keeps_carriers(by),
        "is_staff": by.database_role != OUTSIDE,
        "colour": colour_of,
        "yuan": typed.yuan,
        "plain": typed.plain,
        "square": typed.square,
    }
    return render(request, "assets/building.html", context)


@staff
def building_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enter a building."""
    access.must_keep_carriers(by)
    if request.method == "POST":
        made = assets.add_building(
            by=by, now=timezone.now(), facts=typed.building_facts(request, by, None)
        )
        return go(request, reverse("building", args=[made.pk]))
    return render(request, "assets/building_form.html", _building_form(by, None))


@staff
def building_change(request: HttpRequest, by: Actor, building_id: int) -> HttpResponse:
    """Correct or complete what is known of a building."""
    access.must_keep_carriers(by)
    row = typed.building_here(by, building_id)
    if request.method == "POST":
        assets.change_building(
            by=by, now=timezone.now(), building=row,
            facts=typed.building_facts(request, by, row), version=typed.version(request),
        )  # fmt: skip
        return go(request, reverse("building", args=[row.pk]))
    return render(request, "assets/building_form.html", _building_form(by, row))


def _building_form(by: Actor, row: Building | None) -> dict[str, object]:
    return {
        "row": row,
        "kinds": Building.Kind.choices,
        "states": Building.State.choices,
        "fire_classes": FireClass.choices,
        "parks": typed.park_choices(by),
        "parcels": typed.parcel_choices(by),
        "plain": typed.plain,
        "square": typed.square,
        "yes_no": typed.yes_no,
    }


@require_POST
@writers
def building_merge(request: HttpRequest, by: Actor, building_id: int) -> HttpResponse:
    """Make one unit of those ticked."""
    row = typed.building_here(by, building_id)
    made = assets.merge_units(
        by=by, now=timezone.now(), units=typed.units_chosen(request, by),
        code=forms.text(request, "code", longest=40), on=forms.day(request, "on"),
    )  # fmt: skip
    messages.success(request, _("Merged into %(code)s.") % {"code": made.code})
    return go(request, reverse("building", args=[row.pk]))


@writers
def unit_new(request: HttpRequest, by: Actor, building_id: int) -> HttpResponse:
    """Enter a unit of a building."""
    row = typed.building_here(by, building_id)
    access.must_run_building(by, row)
    if request.method == "POST":
        made = assets.add_unit(
            by=by, now=timezone.now(), building=row, facts=typed.unit_facts(request),
            since=forms.day(request, "since"),
        )  # fmt: skip
        return go(request, reverse("carrier_unit", args=[made.pk]))
    return render(request, "assets/unit_form.html", _unit_form(row, None))


# Units --------------------------------------------------------------------------------------------


@readers
def carrier_unit(request: HttpRequest, by: Actor, unit_id: int) -> HttpResponse:
    """One unit: what it is, who has it, who had it, what it was made of, what can be done."""
    row, on = typed.unit_here(by, unit_id), today()
    standing = queries.unit_state(row, on)
    runs = access.runs_building(by, row.building) and row.until is None
    beside = [
        one.unit
        for one in queries.standings(
            Unit.objects.select_related("building")
            .filter(building=row.building_id, until__isnull=True)
            .exclude(pk=row.pk)
            .order_by("floor", "code"),
            on,
        )
    ]
    doors = queries.doors_of(row)
    joined = {other.pk for other, _how in doors}
    context = {
        "row": row,
        "standing": standing,
        "colour": colour_of(standing.state),
        "history": queries.history_of(row),
        "made_of": queries.made_of(row),
        "became": queries.became(row),
        "doors": [(other, UnitDoor.How(how).label) for other, how in doors],
        "beside": [(other.pk, other.code) for other in beside if other.pk not in joined],
        "files": queries.files_of(unit=row),
        "runs": runs,
        "keeps": access.keeps_carriers(by) and row.until is None,
        "is_staff": by.database_role != OUTSIDE,
        "sites": sites_of(by=by, unit=row),
        "site_state": cage_words.state_words,
        "on": on,
        "holds": Unit.Hold.choices,
        "hows": UnitDoor.How.choices,
        "yuan": typed.yuan,
        "plain": typed.plain,
        "square": typed.square,
        "words": words_of,
    }
    return render(request, "assets/unit.html", context)


@writers
def unit_change(request: HttpRequest, by: Actor, unit_id: int) -> HttpResponse:
    """Correct or complete what is known of a unit."""
    row = typed.unit_here(by, unit_id)
    access.must_run_building(by, row.building)
    if request.method == "POST":
        assets.change_unit(
            by=by, now=timezone.now(), unit=row, facts=typed.unit_facts(request),
            version=typed.version(request),
        )  # fmt: skip
        return go(request, reverse("carrier_unit", args=[row.pk]))
    return render(request, "assets/unit_form.html", _unit_form(row.building, row))


def _unit_form(building: Building, row: Unit | None) -> dict[str, object]:
    return {
        "row": row,
        "building": building,
        "fire_classes": FireClass.choices,
        "plain": typed.plain,
        "square": typed.square,
        "in_yuan": typed.in_yuan,
        "yes_no": typed.yes_no,
    }


@require_POST
@writers
def unit_act(request: HttpRequest, by: Actor, unit_id: int) -> HttpResponse:
    """What is done with a unit: reserved, let go, sold, used, marked, split, joined, parted."""
    row = typed.unit_here(by, unit_id)
    act = ACTS.get(request.POST.get("what_to_do", ""))
    if act is None:
        raise Refused(_("Choose one of the list."), field="what_to_do")
    to = act(request, by, row)
    return go(request, to or reverse("carrier_unit", args=[row.pk]))


def _reserve(request: HttpRequest, by: Actor, row: Unit) -> None:
    assets.reserve_unit(
        by=by, now=timezone.now(), unit=row, until=forms.must_day(request, "until"),
        since=forms.day(request, "since"), why=forms.text(request, "why", longest=200),
        **_somebody(request, by),
    )  # fmt: skip


def _use(request: HttpRequest, by: Actor, row: Unit) -> None:
    assets.use_unit(
        by=by, now=timezone.now(), unit=row, since=forms.day(request, "since"),
        until=forms.day(request, "until"), why=forms.text(request, "why", longest=200),
        **_somebody(request, by),
    )  # fmt: skip


def _sell(request: HttpRequest, by: Actor, row: Unit) -> None:
    assets.sell_unit(
        by=by, now=timezone.now(), unit=row, on=forms.must_day(request, "on"),
        price_fen=typed.money(request, "price"), why=forms.text(request, "why", longest=200),
        **_somebody(request, by),
    )  # fmt: skip


def _somebody(request: HttpRequest, by: Actor) -> dict[str, Any]:
    """An enterprise of the registry, or a name while there is none."""
    name = forms.text(request, "name", longest=80)
    return {"party": None if name else typed.party(request, by, "party"), "name": name}


def _release(request: HttpRequest, by: Actor, row: Unit) -> None:
    occupancy = found(
        queries.occupancy_by_id(
            zone_id=by.zone_id, occupancy_id=forms.number(request.POST.get("occupancy")) or 0
        )
    )
    why = forms.text(request, "why", longest=200)
    if request.POST.get("is_mistake") == "yes":
        assets.strike_occupancy(by=by, now=timezone.now(), occupancy=occupancy, why=why)
    else:
        assets.release_unit(
            by=by, now=timezone.now(), occupancy=occupancy, why=why, on=forms.day(request, "on")
        )


def _hold(request: HttpRequest, by: Actor, row: Unit) -> None:
    assets.hold_unit(
        by=by, now=timezone.now(), unit=row, hold=request.POST.get("hold", ""),
        why=forms.text(request, "why", longest=300),
    )  # fmt: skip


def _split(request: HttpRequest, by: Actor, row: Unit) -> str:
    """Parts as lines of number and area."""
    parts = []
    for line in request.POST.get("parts", "").replace("\x00", "").splitlines()[:60]:
        if not line.strip():
            continue
        code, _gap, said = PART.sub("\n", line.strip(), count=1).partition("\n")
        try:
            area = parse_area(said)
        except Unreadable:
            area = None
        if not code or area is None:
            raise Refused(
                _(
                    "A part is its number and its area, such as: 101A 800. This line is not: %(line)s"
                )
                % {"line": line.strip()[:60]},
                field="parts",
            )
        parts.append(assets.UnitFacts(code=code, area_m2=area))
    assets.split_unit(by=by, now=timezone.now(), unit=row, parts=parts, on=forms.day(request, "on"))
    return reverse("building", args=[row.building_id])


def _join(request: HttpRequest, by: Actor, row: Unit) -> None:
    assets.join_units(
        by=by, now=timezone.now(), first=row, second=_other(request, by),
        how=request.POST.get("how", ""),
    )  # fmt: skip


def _part(request: HttpRequest, by: Actor, row: Unit) -> None:
    assets.part_units(by=by, now=timezone.now(), first=row, second=_other(request, by))


def _other(request: HttpRequest, by: Actor) -> Unit:
    return typed.unit_here(by, forms.number(request.POST.get("second")) or 0)


ACTS = {
    "reserve": _reserve,
    "use": _use,
    "sell": _sell,
    "release": _release,
    "hold": _hold,
    "split": _split,
    "join": _join,
    "part": _part,
}


# Parcels ------------------------------------------------------------------------------------------


@staff
def parcel_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enter a parcel."""
    access.must_keep_carriers(by)
    if request.method == "POST":
        made = assets.add_parcel(
            by=by, now=timezone.now(), facts=typed.parcel_facts(request, by, None)
        )
        messages.success(request, _("Parcel %(number)s is entered.") % {"number": made.number})
        return go(request, reverse("carrier_map"))
    return render(request, "assets/parcel_form.html", _parcel_form(by, None))


@staff
def parcel_change(request: HttpRequest, by: Actor, parcel_id: int) -> HttpResponse:
    """Correct or complete what is known of a parcel."""
    access.must_keep_carriers(by)
    row = typed.parcel_here(by, parcel_id)
    if request.method == "POST":
        assets.change_parcel(
            by=by, now=timezone.now(), parcel=row, facts=typed.parcel_facts(request, by, row),
            version=typed.version(request),
        )  # fmt: skip
        return go(request, reverse("carrier_map"))
    return render(request, "assets/parcel_form.html", _parcel_form(by, row))


def _parcel_form(by: Actor, row: Parcel | None) -> dict[str, object]:
    return {
        "row": row,
        "uses": Parcel.Use.choices,
        "stages": Parcel.Stage.choices,
        "parks": typed.park_choices(by),
        "plain": typed.plain,
        "square": typed.square,
        "in_yuan": typed.in_yuan,
    }
