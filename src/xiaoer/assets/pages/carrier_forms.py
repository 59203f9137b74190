"""What people type about carriers, as values; a refusal names the field."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.actions.reaching import square as square
from xiaoer.assets.models import Building, Lease, Parcel, Unit
from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role, StoredFile
from xiaoer.base.pages import forms
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.sniffing import SORTS
from xiaoer.base.units import parse_area, parse_money, show_money
from xiaoer.facts.queries import match_firms
from xiaoer.registry.models import Park, Party
from xiaoer.web.words import local_date

# The firm that runs buildings reads the same pages: row security leaves it its own.
readers = page(*STAFF_ROLES, Role.CITY, Role.PARK_OPERATOR)
writers = page(*STAFF_ROLES, Role.PARK_OPERATOR)
staff = page(*STAFF_ROLES)


def today() -> date:
    return local_date(timezone.now())


def paged(request: HttpRequest, rows: Any) -> Page[Any]:
    """The page of a list the address asks for; beyond the last one, the last."""
    return Paginator(rows, queries.PAGE).get_page(forms.number(request.GET.get("page")) or 1)


def yuan(fen: int | None) -> str:
    return show_money(fen, get_language() or "zh-hans")


def unit_here(by: Actor, unit_id: int) -> Unit:
    return found(queries.unit_by_id(zone_id=by.zone_id, unit_id=unit_id))


def building_here(by: Actor, building_id: int) -> Building:
    return found(queries.building_by_id(zone_id=by.zone_id, building_id=building_id))


def parcel_here(by: Actor, parcel_id: int) -> Parcel:
    return found(queries.parcel_by_id(zone_id=by.zone_id, parcel_id=parcel_id))


def lease_here(by: Actor, lease_id: int) -> Lease:
    return found(queries.lease_by_id(zone_id=by.zone_id, lease_id=lease_id))


def decimal(request: HttpRequest, name: str, *, required: bool = False) -> Decimal | None:
    """A number as typed; empty: not known."""
    text = forms.text(request, name, longest=30).replace(",", "").replace("，", "")
    if not text:
        if required:
            raise Refused(_("Type a number."), field=name)
        return None
    try:
        value = Decimal(text)
    except ArithmeticError as no:
        raise Refused(_("Type a number."), field=name) from no
    if not value.is_finite() or len(text) > 20:
        raise Refused(_("Type a number."), field=name)
    return value


def area(request: HttpRequest, name: str) -> Decimal:
    """An area in m²; also “3.2万平方米”."""
    text = forms.text(request, name, longest=30, required=_("Type the area in m²."))
    try:
        value = parse_area(text)
    except Unreadable as no:
        raise Refused(str(no), field=name) from no
    if value is None:
        raise Refused(_("Type the area in m²."), field=name)
    return value


def whole(request: HttpRequest, name: str) -> int | None:
    value = decimal(request, name)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise Refused(_("Type a whole number."), field=name)
    return int(value)


def money(request: HttpRequest, name: str, *, required: bool = False) -> int | None:
    """An amount in yuan, in fen; empty: not known."""
    text = forms.text(request, name, longest=40)
    if not text:
        if required:
            raise Refused(_("Type an amount in yuan."), field=name)
        return None
    try:
        amount = parse_money(text)
    except Unreadable as no:
        raise Refused(str(no), field=name) from no
    if amount is None or amount.currency != "CNY":
        raise Refused(_("Type an amount in yuan."), field=name)
    return amount.fen


def ternary(request: HttpRequest, name: str) -> bool | None:
    """Yes, no, or not known."""
    return {"yes": True, "no": False}.get(request.POST.get(name, ""))


def party(request: HttpRequest, by: Actor, name: str) -> Party | None:
    """The enterprise somebody typed: its code or exact name; likely ones are named.

    An operator names a firm it cannot read: it is looked up for it, by what it typed exactly.
    """
    text = forms.text(request, name, longest=120)
    if not text:
        return None
    pair = (text.upper(), "") if text.isascii() and text.isalnum() else ("", text)
    with on_behalf(by):
        match = match_firms(zone_id=by.zone_id, named={pair}).get(pair)
        if match is not None and match.party_id is not None:
            return Party.objects.get(pk=match.party_id, zone_id=by.zone_id)
    if match is not None and match.candidates and by.is_staff:
        raise Refused(
            _("No enterprise has exactly this name. It may be: %(names)s.")
            % {"names": "、".join(match.candidates)},
            field=name,
        )
    raise Refused(
        _("No enterprise has this name or code; enter it in the registry first."), field=name
    )


def must_party(request: HttpRequest, by: Actor, name: str) -> Party:
    kept = party(request, by, name)
    if kept is None:
        raise Refused(_("Name the enterprise."), field=name)
    return kept


def park(request: HttpRequest, by: Actor) -> Park | None:
    number = forms.number(request.POST.get("park")) or 0
    return Park.objects.filter(zone_id=by.zone_id, pk=number).first()


def park_choices(by: Actor) -> list[tuple[int, str]]:
    if not by.is_staff and by.role != Role.CITY:
        return []
    return list(Park.objects.filter(zone_id=by.zone_id).order_by("code").values_list("pk", "name"))


def parcel_choices(by: Actor) -> list[tuple[int, str]]:
    rows = Parcel.objects.filter(zone_id=by.zone_id).exclude(stage=Parcel.Stage.EXITED)
    return [(row.pk, f"{row.number} {row.name}".strip()) for row in rows.order_by("number")]


def building_facts(request: HttpRequest, by: Actor, kept: Building | None) -> assets.BuildingFacts:
    typed = request.POST
    number = forms.number(typed.get("parcel")) or 0
    return assets.BuildingFacts(
        name=forms.text(request, "name", longest=80),
        kind=typed.get("kind", ""),
        state=typed.get("state", ""),
        area_m2=area(request, "area_m2"),
        parcel=Parcel.objects.filter(zone_id=by.zone_id, pk=number).first(),
        park=park(request, by),
        floors=forms.whole(request, "floors", least=1, most=200),
        party=party(request, by, "party"),
        operator=party(request, by, "operator"),
        is_state_owned=typed.get("is_state_owned") == "yes",
        fire_class=typed.get("fire_class", ""),
        is_accepted=ternary(request, "is_accepted"),
        built_on=forms.day(request, "built_on"),
        gone_on=forms.day(request, "gone_on"),
        outline=kept.outline if kept else None,
    )


def parcel_facts(request: HttpRequest, by: Actor, kept: Parcel | None) -> assets.ParcelFacts:
    typed = request.POST
    return assets.ParcelFacts(
        number=forms.text(request, "number", longest=40),
        name=forms.text(request, "name", longest=80),
        area_m2=area(request, "area_m2"),
        park=park(request, by),
        use=typed.get("use", ""),
        plot_ratio_least=decimal(request, "plot_ratio_least"),
        is_standard_land=typed.get("is_standard_land") == "yes",
        stage=kept.stage if kept else typed.get("stage", ""),
        stage_on=kept.stage_on if kept else forms.day(request, "stage_on"),
        party=party(request, by, "party"),
        price_fen=money(request, "price"),
        held_until=forms.day(request, "held_until"),
        outline=kept.outline if kept else None,
        note=forms.text(request, "note", longest=300),
    )


def unit_facts(request: HttpRequest) -> assets.UnitFacts:
    floor = decimal(request, "floor", required=True)
    if floor is None or floor != floor.to_integral_value() or not -9 <= floor <= 200:
        raise Refused(_("Type a whole number."), field="floor")
    return assets.UnitFacts(
        code=forms.text(request, "code", longest=40),
        area_m2=area(request, "area_m2"),
        floor=int(floor),
        height_m=decimal(request, "height_m"),
        load_kg_m2=whole(request, "load_kg_m2"),
        column_m=decimal(request, "column_m"),
        crane_t=decimal(request, "crane_t"),
        power_kva=whole(request, "power_kva"),
        has_gas=ternary(request, "has_gas"),
        has_steam=ternary(request, "has_steam"),
        drains_t_day=whole(request, "drains_t_day"),
        fire_class=request.POST.get("fire_class", ""),
        rent_fen=money(request, "rent"),
        price_fen=money(request, "price"),
        note=forms.text(request, "note", longest=300),
    )


def lease_facts(request: HttpRequest, by: Actor, kept: Lease | None) -> assets.LeaseFacts:
    promises: dict[str, Any] = dict(kept.promises) if kept else {}
    for code in PROMISES:
        amount = decimal(request, f"promise_{code}")
        if amount is None:
            promises.pop(code, None)
        else:
            promises[code] = str(amount)
    return assets.LeaseFacts(
        number=forms.text(request, "number", longest=40),
        party=must_party(request, by, "party"),
        since=forms.must_day(request, "since"),
        until=forms.must_day(request, "until"),
        rent_fen=money(request, "rent", required=True) or 0,
        deposit_fen=money(request, "deposit") or 0,
        notice_days=forms.whole(request, "notice_days", least=0, most=730),
        may_sublet=request.POST.get("may_sublet") == "yes",
        promises=promises,
        file=kept.file if kept else None,
    )


# What a lease may promise: code, whether in yuan; words in ``promise_words``.
PROMISES = ("invest_wan", "output_wan", "tax_wan", "jobs")


def promise_words(code: str) -> str:
    return {
        "invest_wan": _("Investment, 10,000 yuan"),
        "output_wan": _("Output a year, 10,000 yuan"),
        "tax_wan": _("Tax a year, 10,000 yuan"),
        "jobs": _("Jobs promised"),
    }.get(code, code)


def units_chosen(request: HttpRequest, by: Actor) -> list[Unit]:
    """The units ticked in a form, in the order of the page."""
    return units_named(by, request.POST.getlist("unit"))


def units_named(by: Actor, given: Sequence[str]) -> list[Unit]:
    wanted = [number for number in map(forms.number, given) if number]
    rows = {
        row.pk: row
        for row in Unit.objects.select_related("building").filter(
            zone_id=by.zone_id, pk__in=wanted[:200]
        )
    }
    return [rows[number] for number in dict.fromkeys(wanted) if number in rows]


def version(request: HttpRequest) -> int:
    return forms.number(request.POST.get("version")) or 0


def plain(value: Decimal | int | None) -> str:
    """A number as a form shows it: without needless noughts."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_yuan(fen: int | None) -> str:
    """An amount as a form shows it, in yuan."""
    return "" if fen is None else plain(Decimal(fen) / 100)


def paper_name(row: Lease, file: StoredFile) -> str:
    """What the signed lease is called when it is opened."""
    return f"{row.number}.{SORTS[file.media_type].ending}"


def yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no"}.get(value, "") if value is not None else ""
