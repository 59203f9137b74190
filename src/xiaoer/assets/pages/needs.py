"""Needs for space: the list, one need with what fits it, and what people do about it."""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import space as access
from xiaoer.assets.access.moving import keeps_move_ins
from xiaoer.assets.fitting import FIRE_RANKS, Ask, What, read_asks
from xiaoer.assets.models import FireClass, Showing, SpaceNeed, Unit
from xiaoer.assets.pages.carrier_forms import paged
from xiaoer.assets.queries import SpaceFilter, UnitFit
from xiaoer.assets.words import fits as fit_words
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import day, must_day, number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import page_of
from xiaoer.registry.models import Park, Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work.queries import matter_by_number, matter_of

READERS = (*STAFF_ROLES, Role.CITY)
State = SpaceNeed.State
# What is typed as a number, in the order of the form.
NUMBERS = (
    What.HEIGHT, What.LOAD, What.COLUMN, What.CRANE, What.POWER, What.DRAINAGE, What.FLOOR,
    What.RENT,
)  # fmt: skip
FLAGS = (What.GAS, What.STEAM)


def whose(need: SpaceNeed) -> str:
    return need.party.name if need.party else need.who


@page(*READERS)
def space_needs(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Who looks for space, the earliest day first."""
    state = request.GET.get("state", State.OPEN.value)
    filters = SpaceFilter(
        state=state if state in (*State.values, "all") else State.OPEN.value,
        park=number(request.GET.get("park")),
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
        is_mine=request.GET.get("mine") == "yes",
    )
    if request.GET.get("export"):
        rows = queries.space_needs(by=by, filters=filters, limit=None)
        return sheet_response(request.GET["export"], _("Needs for space"), _columns(), _cells(rows))
    shown = paged(request, queries.space_needs(by=by, filters=filters, limit=None))
    context = {
        "rows": [
            (one, whose(one), fit_words.area_words(one), fit_words.need_words(one)) for one in shown
        ],
        "shown": shown,
        "filters": filters,
        "states": [*((one.value, one.label) for one in State), ("all", _("All"))],
        "parks": parks_of(by),
        "seeks": access.seeks(by),
    }
    return render(request, "assets/space_needs.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("What the space is for"), 28),
        Column("whose", _("Who looks"), 30),
        Column("area_least", _("Area from, m²"), 14, Kind.NUMBER),
        Column("area_most", _("Area to, m²"), 14, Kind.NUMBER),
        Column("asks", _("What is asked for"), 44),
        Column("from_on", _("Needed from"), 12, Kind.DATE),
        Column("park", _("Park"), 16),
        Column("state", _("State"), 10),
        Column("shown", _("Units shown"), 10, Kind.NUMBER),
        Column("looks", _("Who looks for it"), 14),
        Column("opened_at", _("Registered"), 12, Kind.DATE),
    )


def _cells(rows: Iterable[SpaceNeed]) -> Iterator[tuple[object, ...]]:
    for one in rows:
        yield (
            one.name, whose(one), one.area_least_m2, one.area_most_m2,
            "；".join(words for words, _hard in fit_words.need_words(one)), one.from_on,
            one.park.name if one.park else "", State(one.state).label,
            getattr(one, "shown", None), one.post.person.name if one.post else "",
            timezone.localdate(one.opened_at),
        )  # fmt: skip


@page(*READERS)
def space_need(request: HttpRequest, by: Actor, space_need_id: int) -> HttpResponse:
    """One need: what fits it best and why, what was shown, what comes next."""
    need = found(queries.space_need(by, space_need_id))
    is_open = need.state == State.OPEN
    fits = queries.fits_of(need, today=timezone.localdate()) if is_open else None
    showings = queries.showings_of(need)
    known = {one.unit_id for one in showings}
    context = {
        "need": need,
        "whose": whose(need),
        "area": fit_words.area_words(need),
        "asks": fit_words.need_words(need),
        "fits": fits,
        "rows": [fit_row(row, known) for row in fits.rows] if fits else [],
        "showings": showings,
        "units": _liked(showings),
        "seeks": access.seeks(by),
        "move_ins": list(need.move_ins.order_by("-id")),
        "opens_move_ins": keeps_move_ins(by),
        "is_open": is_open,
        "counts": [
            (fit_words.COLOURS[says], fit_words.verdict(says), count)
            for says, count in (fits.counts if fits else {}).items()
        ],
        "answers": [(one.value, one.label) for one in (Showing.Answer.LIKES, Showing.Answer.NO)],
    }
    return render(request, "assets/space_need.html", context)


def fit_row(row: UnitFit, known: set[int]) -> dict[str, Any]:
    """A fit as a page shows it: its units with their pages, its verdict, its lines."""
    building = row.units[0].building
    return {
        "units": [(unit, page_of("carrier_unit", unit.pk)) for unit in row.units],
        "numbers": ",".join(str(unit.pk) for unit in row.units),
        "building": building.name,
        "park": building.park.name if building.park else "",
        "floors": sorted({unit.floor for unit in row.units}),
        "area": fit_words.shown(What.AREA, row.fit.area_m2),
        "colour": fit_words.COLOURS[row.fit.says],
        "verdict": fit_words.verdict(row.fit.says),
        "lines": fit_words.fit_lines(row),
        "alike": row.alike,
        "is_shown": all(unit.pk in known for unit in row.units),
    }


def _liked(showings: list[Showing]) -> list[tuple[int, str]]:
    """What can be settled on: every unit shown that was not declined."""
    return [
        (one.unit_id, f"{one.unit.building.name} {one.unit.code}")
        for one in showings
        if one.answer in (Showing.Answer.LIKES, Showing.Answer.OPEN)
    ]


def parks_of(by: Actor) -> list[tuple[int, str]]:
    return list(Park.objects.filter(zone_id=by.zone_id).order_by("name").values_list("pk", "name"))


@page(*STAFF_ROLES)
def space_need_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Register that somebody looks: of a firm, of somebody new, out of a project or a request."""
    party = _party(request, by)
    unit = _unit(request, by)
    if request.method == "POST":
        origin = number(request.POST.get("origin"))
        need = assets.open_need(
            by=by,
            now=timezone.now(),
            facts=facts_typed(request, by),
            party=party,
            unit=unit,
            origin=found(matter_by_number(by, origin)) if origin else None,
        )
        messages.success(request, _("Registered; here is what fits."))
        return go(request, reverse("space_need", args=[need.pk]))
    access.must_seek(by)
    origin = number(request.GET.get("origin"))
    matter = found(matter_by_number(by, origin)) if origin else None
    context = {
        **form_words(by, None),
        "party": party or (matter.party if matter else None),
        "unit": unit,
        "origin": matter,
        "action": reverse("space_need_new"),
    }
    return render(request, "assets/space_need_form.html", context)


@page(*STAFF_ROLES)
def space_need_of_project(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Led here from a project: the form, out of its matter."""
    return _out_of(by, "project", project_id)


@page(*STAFF_ROLES)
def space_need_of_appeal(request: HttpRequest, by: Actor, appeal_id: int) -> HttpResponse:
    """Led here from a request: the form, out of its matter."""
    return _out_of(by, "appeal", appeal_id)


@page(*READERS)
def project_space_card(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """A card of a project's page: the space looked for out of it, and what became of that."""
    matter = found(matter_of(by, kind="project", subject_id=project_id))
    needs = queries.space_needs_of_matter(by.zone_id, matter.pk)
    context = {"needs": [(one, list(one.move_ins.all())) for one in needs]}
    return render(request, "assets/_project_space.html", context)


def _out_of(by: Actor, kind: str, subject_id: int) -> HttpResponse:
    """Their rooms do not know this one: they lead here by the name of an address alone."""
    matter = found(matter_of(by, kind=kind, subject_id=subject_id))
    return redirect(f"{reverse('space_need_new')}?origin={matter.pk}")


@page(*STAFF_ROLES)
def space_need_for(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Led here from the page of an enterprise: the form, of it."""
    return redirect(f"{reverse('space_need_new')}?party={party_id}")


@page(*STAFF_ROLES)
def space_need_change(request: HttpRequest, by: Actor, space_need_id: int) -> HttpResponse:
    """Correct what is looked for."""
    need = found(queries.space_need(by, space_need_id))
    if request.method == "POST":
        assets.change_need(
            by=by, now=timezone.now(), need=need, facts=facts_typed(request, by),
            version=number(request.POST.get("version")),
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return go(request, reverse("space_need", args=[need.pk]))
    access.must_seek(by)
    context = {
        **form_words(by, need),
        "action": reverse("space_need_change", args=[need.pk]),
    }
    return render(request, "assets/space_need_form.html", context)


@page(*STAFF_ROLES)
def space_need_act(request: HttpRequest, by: Actor, space_need_id: int) -> HttpResponse:
    """Show units, note an answer, settle on units, look again, give up."""
    need = found(queries.space_need(by, space_need_id))
    if request.method == "POST":
        acts = {
            "show": _show, "answer": _answer, "choose": _choose, "reopen": _reopen,
            "settle": _settle, "drop": _drop,
        }  # fmt: skip
        found(acts.get(request.POST.get("what_to_do", "")))(request, by, need)
        messages.success(request, _("Saved."))
    return go(request, reverse("space_need", args=[need.pk]))


def _show(request: HttpRequest, by: Actor, need: SpaceNeed) -> None:
    assets.show_units(
        by=by, now=timezone.now(), need=need, units=_units(request.POST.get("units", ""), by),
        words=text(request, "words", longest=300),
    )  # fmt: skip


def _answer(request: HttpRequest, by: Actor, need: SpaceNeed) -> None:
    assets.answer_showing(
        by=by, now=timezone.now(), showing=showing_typed(request, queries.showings_of(need)),
        answer=request.POST.get("answer", ""), words=text(request, "words", longest=300),
    )  # fmt: skip


def _choose(request: HttpRequest, by: Actor, need: SpaceNeed) -> None:
    assets.choose_units(
        by=by, now=timezone.now(), need=need,
        units=_units(",".join(request.POST.getlist("units")), by),
        keep_until=day(request, "keep_until"), version=number(request.POST.get("version")),
    )  # fmt: skip


def _reopen(request: HttpRequest, by: Actor, need: SpaceNeed) -> None:
    assets.reopen_need(
        by=by, now=timezone.now(), need=need, reason=text(request, "reason", longest=300)
    )


def _settle(request: HttpRequest, by: Actor, need: SpaceNeed) -> None:
    assets.settle_need(by=by, now=timezone.now(), need=need)


def _drop(request: HttpRequest, by: Actor, need: SpaceNeed) -> None:
    assets.drop_need(
        by=by, now=timezone.now(), need=need, reason=text(request, "reason", longest=300)
    )


def showing_typed(request: HttpRequest, showings: list[Showing]) -> Showing:
    chosen = number(request.POST.get("showing"))
    return found(next((one for one in showings if one.pk == chosen), None))


def _units(given: str, by: Actor) -> list[Unit]:
    numbers = [one for one in map(number, given.split(",")) if one is not None][:20]
    rows = Unit.objects.filter(zone_id=by.zone_id, pk__in=numbers).order_by("id")
    return list(rows)


def _unit(request: HttpRequest, by: Actor) -> Unit | None:
    given = number(request.POST.get("unit") or request.GET.get("unit"))
    if given is None:
        return None
    rows = Unit.objects.filter(zone_id=by.zone_id, pk=given).select_related("building")
    return found(rows.first())


def _party(request: HttpRequest, by: Actor) -> Party | None:
    """The enterprise of the zone with just this name, or this number as addresses carry it."""
    said = request.POST.get("party") or request.GET.get("party") or ""
    given = said.replace("\x00", "").strip()
    if not given:
        return None
    rows = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    row = rows.filter(name=given[:120]).first()
    if row is None and (key := number(given)) is not None:
        row = rows.filter(pk=key).first()
    if row is None:
        raise Refused(
            _("No enterprise of the zone is called “%(name)s”; type its whole name.")
            % {"name": given[:120]},
            field="party",
        )
    return row


# --- what is typed ----------------------------------------------------------------------------


def facts_typed(request: HttpRequest, by: Actor) -> assets.NeedFacts:
    """The form of staff and of enterprises alike."""
    park = number(request.POST.get("park"))
    least = _amount(request, "area_least")
    if least is None:
        raise Refused(_("Type an area in m², such as 3000."), field="area_least")
    return assets.NeedFacts(
        name=text(request, "name", longest=80),
        area_least_m2=least,
        area_most_m2=_amount(request, "area_most"),
        from_on=must_day(request, "from_on"),
        until_on=day(request, "until_on"),
        asks=tuple(_asks_typed(request)),
        who=text(request, "who", longest=80),
        contact=text(request, "contact", longest=80),
        industry=text(request, "industry", longest=60),
        park=found(Park.objects.filter(zone_id=by.zone_id, pk=park).first()) if park else None,
    )


def _asks_typed(request: HttpRequest) -> Iterator[Ask]:
    for what in NUMBERS:
        amount = _amount(request, what)
        if amount is not None:
            yield Ask(what, amount * 100 if what == What.RENT else amount, _is_hard(request, what))
    for what in FLAGS:
        if request.POST.get(what) in ("must", "wish"):
            yield Ask(what, is_hard=request.POST[what] == "must")
    fire = FIRE_RANKS.get(request.POST.get("fire", ""))
    if fire is not None:
        yield Ask(What.FIRE, Decimal(fire), _is_hard(request, What.FIRE))
    if request.POST.get("park_how") == "must" and request.POST.get("park"):
        yield Ask(What.PARK)


def _is_hard(request: HttpRequest, what: What) -> bool:
    return request.POST.get(f"{what}_how") != "wish"


def _amount(request: HttpRequest, name: str) -> Decimal | None:
    given = request.POST.get(name, "").strip().replace(",", "").replace("，", "")
    if not given:
        return None
    try:
        return Decimal(given)
    except InvalidOperation as no:
        raise Refused(_("Type an amount such as 24.359."), field=name) from no


def form_words(by: Actor, need: SpaceNeed | None) -> dict[str, Any]:
    """What both forms show: every thing that can be asked, and what is asked now."""
    kept = {ask.what: ask for ask in read_asks(need.asks)} if need else {}
    hows = [("must", _("must be")), ("wish", _("would be good"))]
    classes = {rank: code for code, rank in FIRE_RANKS.items()}
    fire = kept.get(What.FIRE)
    return {
        "need": need,
        "own": False,
        "party": need.party if need and by.is_staff else None,
        "unit": None,
        "origin": None,
        "numbers": [
            (what.value, fit_words.NAMES[what], fit_words.UNITS.get(what), _typed(kept.get(what)),
             "wish" if what in kept and not kept[what].is_hard else "must",
             what in (What.RENT, What.FLOOR))
            for what in NUMBERS
        ],
        "flags": [
            (what.value, fit_words.NAMES[what],
             ("must" if kept[what].is_hard else "wish") if what in kept else None)
            for what in FLAGS
        ],
        "hows": hows,
        "fire": classes[int(fire.amount)] if fire else None,
        "fire_how": "wish" if fire and not fire.is_hard else "must",
        "classes": FireClass.choices,
        "park_how": "must" if What.PARK in kept else "wish",
        "parks": parks_of(by),
        "today": timezone.localdate(),
    }  # fmt: skip


def _typed(ask: Ask | None) -> str | None:
    if ask is None:
        return None
    amount = ask.amount / 100 if ask.what == What.RENT else ask.amount
    return f"{amount.normalize():f}"
