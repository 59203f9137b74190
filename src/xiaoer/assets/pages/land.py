"""土地 Land: every parcel with its clock, one parcel on its way from plan to exit."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import land as access
from xiaoer.assets.access.carriers import keeps_carriers
from xiaoer.assets.actions.land_cycle import HELD, WAYS
from xiaoer.assets.models import IndicatorKind, LandIndicator, LandStep, Parcel
from xiaoer.assets.pages import cage_words
from xiaoer.assets.pages.carrier_forms import paged
from xiaoer.assets.pages.carrier_map import light_of, words_of
from xiaoer.assets.pages.land_words import (
    bound,
    kind_name,
    mu_words,
    plain,
    state_words,
    unit_words,
    verdict_of,
)
from xiaoer.assets.queries import LandFilter, LandRow, building_rows, files_of
from xiaoer.assets.queries.cages import sites_of
from xiaoer.base import files
from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Office, StoredFile
from xiaoer.base.pages.forms import day, must_day, number, text
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import WAN_YUAN, amount_in, money_in, parse_money
from xiaoer.registry.models import Park, Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work import access as work_access
from xiaoer.work import queries as work
from xiaoer.work.models import LimitRule, Task

readers = page(*access.READERS)
keepers = page(*sorted(access.KEEPERS))
Stage = Parcel.Stage


def asked_of(request: HttpRequest) -> LandFilter:
    """What the address asks for; what is no such thing is not asked."""
    stage, light = request.GET.get("stage", ""), request.GET.get("light", "")
    return LandFilter(
        stage=stage if stage in Stage.values else "",
        park=number(request.GET.get("park")),
        light=light if light in queries.LAND_LIGHTS else "",
        standard=request.GET.get("standard") == "yes",
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
    )


@readers
def land_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Land by stage, with the clock of each parcel."""
    filters, today = asked_of(request), timezone.localdate()
    if request.GET.get("export"):
        rows = queries.land_rows(by=by, filters=filters, today=today, limit=None)
        return sheet_response(request.GET["export"], _("Land"), _columns(), _cells(rows))
    every = queries.land_rows(by=by, filters=replace(filters, light=""), today=today, limit=None)
    rows = [row for row in every if not filters.light or row.light == filters.light]
    shown = paged(request, rows)
    context = {
        "rows": [(row, mu_words(row.area_mu)) for row in shown],
        "shown": shown,
        "filters": filters,
        "stages": [
            (one, Stage(one.stage).label, mu_words(one.area_mu, 0))
            for one in queries.stage_sums(by=by)
        ],
        "parks": list(Park.objects.filter(zone_id=by.zone_id).values_list("pk", "name")),
        "all": len(every),
        "lights": {
            light: sum(row.light == light for row in every) for light in queries.LAND_LIGHTS
        },
        "keeps": access.keeps_land(by),
        "today": today,
    }
    return render(request, "assets/land_list.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("number", _("Parcel number"), 18),
        Column("name", _("Name"), 24),
        Column("park", _("Park"), 20),
        Column("stage", _("Stage"), 10),
        Column("stage_on", _("Since"), 12, Kind.DATE),
        Column("due_on", _("Next stage due"), 12, Kind.DATE),
        Column("area", _("Area, mu"), 12, Kind.NUMBER),
        Column("use", _("Use"), 10),
        Column("standard", _("Standard land"), 10),
        Column("party", _("Land user"), 34),
        Column("held_until", _("Right of use until"), 12, Kind.DATE),
        Column("price", _("Price, 10,000 yuan"), 14, Kind.NUMBER),
    )


def _cells(rows: Iterable[LandRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one = row.parcel
        yield (
            one.number, one.name, one.park.name if one.park else "", Stage(one.stage).label,
            one.stage_on, row.due_on, round(row.area_mu, 4), one.get_use_display(),
            _("yes") if one.is_standard_land else _("no"), one.party.name if one.party else "",
            one.held_until,
            None if one.price_fen is None else amount_in(one.price_fen, WAN_YUAN),
        )  # fmt: skip


@readers
def land_parcel(request: HttpRequest, by: Actor, land_id: int) -> HttpResponse:
    """One parcel: its five stages, what is due, what was promised with it."""
    parcel = found(queries.parcel_of_land(by, land_id))
    now, today = timezone.now(), timezone.localdate()
    life = queries.land_life(parcel=parcel, today=today)
    matter = work.matter_of(by, kind="parcel", subject_id=parcel.pk)
    keeps = access.keeps_land(by)
    context = {
        "plain": plain,
        "parcel": parcel,
        "life": life,
        "area": plain(round(life.row.area_mu, 2)),
        "price": money_in(parcel.price_fen, WAN_YUAN, 0),
        "faces": [(face, Stage(face.stage).label) for face in life.faces],
        "promises": [
            (one, kind_name(one.indicator.kind), bound(one.indicator), state_words(one.state),
             verdict_of(one.state))
            for one in queries.promises_of(parcel=parcel, today=today)
        ],
        "tasks": work.tasks_of_matter(matter, now) if matter else [],
        "mine": _mine(by, parcel) if keeps else frozenset(),
        "keeps": keeps,
        "ways": [(stage, Stage(stage).label) for stage in WAYS[parcel.stage]],
        "papers": _papers(by, parcel),
        "kinds": [(one.pk, f"{kind_name(one)} · {unit_words(one.unit) or '–'}") for one in queries.indicator_kinds(zone_id=by.zone_id)],
        "latest": next((one for one in life.steps if one.taken_back_at is None), None),
        "may_sign": keeps and parcel.stage in HELD and life.pledge is None,
        "today": today,
        "keeps_carriers": keeps_carriers(by),
        "buildings": building_rows(zone_id=by.zone_id, on=today, parcel=parcel.pk),
        "light_of": light_of,
        "words_of": words_of,
        "files": files_of(parcel=parcel),
        "sites": sites_of(by=by, parcel=parcel),
        "site_state": cage_words.state_words,
    }  # fmt: skip
    return render(request, "assets/land_parcel.html", context)


def _mine(by: Actor, parcel: Parcel) -> frozenset[int]:
    """Tasks of the parcel the asker may report as done."""
    rows = Task.objects.filter(
        zone_id=by.zone_id, matter__kind="parcel", matter__subject_id=parcel.pk,
        state=Task.State.OPEN, kind__in=("land_next", "land_idle"),
    )  # fmt: skip
    now = timezone.now()
    return frozenset(task.pk for task in rows if work_access.holds(by, task, now))


def _papers(by: Actor, parcel: Parcel) -> list[str]:
    """Names of papers the stages ahead are usually entered by."""
    rules = queries.stage_rules(zone_id=by.zone_id)
    return [paper for rule in rules if rule.stage in WAYS[parcel.stage] for paper in rule.papers]


@keepers
def land_enter(request: HttpRequest, by: Actor, land_id: int) -> HttpResponse:
    """Record that the parcel entered a stage."""
    parcel = found(queries.parcel_of_land(by, land_id))
    if request.method == "POST":
        assets.enter_stage(
            by=by,
            now=timezone.now(),
            parcel=parcel,
            stage=request.POST.get("stage", ""),
            fact_on=must_day(request, "fact_on"),
            paper=text(request, "paper", longest=120),
            paper_number=text(request, "paper_number", longest=60),
            file=_file(request, by),
            due_on=day(request, "due_on"),
            party=_party(request, by),
            price_fen=_money(request, "price"),
            held_until=day(request, "held_until"),
            words=text(request, "words", longest=300),
            version=number(request.POST.get("version")),
        )
        messages.success(request, _("Recorded; what comes next is asked for when it is due."))
    return go(request, reverse("land_parcel", args=[parcel.pk]))


@keepers
def land_act(request: HttpRequest, by: Actor, land_id: int) -> HttpResponse:
    """Take a step back, set or strike an indicator, sign, report what was done."""
    parcel = found(queries.parcel_of_land(by, land_id))
    if request.method == "POST":
        act = ACTS.get(request.POST.get("what_to_do", ""))
        found(act)(request, by, parcel)
        messages.success(request, _("Saved."))
    return go(request, reverse("land_parcel", args=[parcel.pk]))


def _take_back(request: HttpRequest, by: Actor, parcel: Parcel) -> None:
    step = LandStep.objects.filter(parcel=parcel, pk=number(request.POST.get("step")) or 0).first()
    assets.take_back_land_step(
        by=by, now=timezone.now(), step=found(step), why=text(request, "why", longest=300)
    )


def _set(request: HttpRequest, by: Actor, parcel: Parcel) -> None:
    kinds = {one.pk: one for one in queries.indicator_kinds(zone_id=by.zone_id)}
    kind = kinds.get(number(request.POST.get("kind")) or 0)
    if kind is None:
        raise Refused(_("Choose one of the list."), field="kind")
    amount = amount_of(request, "amount")
    if amount is None:
        raise Refused(_("Type an amount such as 24.359."), field="amount")
    assets.set_indicator(
        by=by, now=timezone.now(), parcel=parcel, kind=kind, amount=amount,
        due_on=day(request, "due_on"), document=text(request, "document", longest=200),
    )  # fmt: skip


def _drop(request: HttpRequest, by: Actor, parcel: Parcel) -> None:
    row = LandIndicator.objects.filter(
        parcel=parcel, pk=number(request.POST.get("indicator")) or 0
    ).first()
    assets.drop_indicator(
        by=by, now=timezone.now(), indicator=found(row), why=text(request, "why", longest=300)
    )


def _sign(request: HttpRequest, by: Actor, parcel: Parcel) -> None:
    assets.sign_indicators(
        by=by, now=timezone.now(), parcel=parcel, number=text(request, "number", longest=60),
        signed_on=must_day(request, "signed_on"), file=_file(request, by),
        land_contract=text(request, "land_contract", longest=60),
    )  # fmt: skip


def _finish(request: HttpRequest, by: Actor, parcel: Parcel) -> None:
    task = Task.objects.filter(
        zone_id=by.zone_id, pk=number(request.POST.get("task")) or 0, matter__kind="parcel"
    ).first()
    assets.finish_land_task(
        by=by, now=timezone.now(), parcel=parcel, task=found(task),
        words=text(request, "words", longest=500),
    )  # fmt: skip


def _take_back_pledge(request: HttpRequest, by: Actor, parcel: Parcel) -> None:
    assets.take_back_pledge(
        by=by, now=timezone.now(), pledge=found(queries.pledge_in_force(parcel)),
        why=text(request, "why", longest=300),
    )  # fmt: skip


ACTS: dict[str, Callable[[HttpRequest, Actor, Parcel], None]] = {
    "take_back": _take_back,
    "set": _set,
    "drop": _drop,
    "sign": _sign,
    "take_back_pledge": _take_back_pledge,
    "finish": _finish,
}


@readers
def land_file(request: HttpRequest, by: Actor, land_id: int, land_file_id: int) -> HttpResponseBase:
    """A paper of a step, a contract or a check of the parcel."""
    parcel = found(queries.parcel_of_land(by, land_id))
    paper = found(queries.land_paper(parcel=parcel, file_id=land_file_id))
    return files.shown_inside(paper.file, paper.name)


# What people type ------------------------------------------------------------------------------


def amount_of(request: HttpRequest, name: str) -> Decimal | None:
    """An amount as typed: 1,200.5; none where nothing was typed."""
    typed = request.POST.get(name, "").strip().replace(",", "").replace("，", "")
    if not typed:
        return None
    try:
        return Decimal(typed)
    except InvalidOperation as error:
        raise Refused(_("Type an amount such as 24.359."), field=name) from error


def _money(request: HttpRequest, name: str) -> int | None:
    typed = request.POST.get(name, "").strip()
    if not typed:
        return None
    try:
        money = parse_money(typed, WAN_YUAN)
    except Unreadable as error:
        raise Refused(str(error), field=name) from error
    return money.fen if money else None


def _party(request: HttpRequest, by: Actor) -> Party | None:
    typed = text(request, "party", longest=120)
    if not typed:
        return None
    row = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True, name=typed).first()
    if row is None:
        raise Refused(
            _("No enterprise of the zone is called “%(name)s”; type its whole name.")
            % {"name": typed},
            field="party",
        )
    return row


def _file(request: HttpRequest, by: Actor) -> StoredFile | None:
    given = request.FILES.get("paper_file")
    if given is None:
        return None
    return files.keep_file(by=by, now=timezone.now(), stream=given, name=given.name or "")


# Supervision -------------------------------------------------------------------------------------


@readers
def land_supervision(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """What standard land promised, and how it is kept: what is due and what was not reached first."""
    state = request.GET.get("state", "")
    filters = queries.PromiseFilter(
        state=state if state in queries.PROMISE_STATES else "",
        kind=number(request.GET.get("kind")),
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
    )
    today = timezone.localdate()
    every = queries.land_promises(
        by=by, filters=queries.PromiseFilter(kind=filters.kind, text=filters.text), today=today,
        limit=None,
    )  # fmt: skip
    rows = [one for one in every if not filters.state or one.state == filters.state]
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], _("Standard land"), _promise_columns(), _promise_cells(rows)
        )
    counts, shown = queries.promise_counts(every), paged(request, rows)
    context = {
        "rows": [
            (one, kind_name(one.indicator.kind), bound(one.indicator), state_words(one.state),
             verdict_of(one.state))
            for one in shown
        ],
        "shown": shown,
        "plain": plain,
        "filters": filters,
        "states": [(one, state_words(one), counts[one]) for one in queries.PROMISE_STATES],
        "all": len(every),
        "kinds": [
            (one.pk, kind_name(one)) for one in queries.indicator_kinds(zone_id=by.zone_id)
        ],
        "keeps": access.keeps_land(by),
        "today": today,
    }  # fmt: skip
    return render(request, "assets/land_supervision.html", context)


def _promise_columns() -> tuple[Column, ...]:
    return (
        Column("number", _("Parcel number"), 18),
        Column("party", _("Land user"), 34),
        Column("kind", _("Indicator"), 16),
        Column("way", _("Direction"), 8),
        Column("amount", _("Promised"), 12, Kind.NUMBER),
        Column("unit", _("Unit"), 14),
        Column("pledge", _("Supervision contract"), 18),
        Column("due_on", _("Looked at from"), 12, Kind.DATE),
        Column("state", _("State"), 12),
        Column("on", _("Last check"), 12, Kind.DATE),
        Column("found", _("Found"), 12, Kind.NUMBER),
        Column("basis", _("Taken from"), 28),
        Column("follows", _("What follows"), 30),
    )


def _promise_cells(rows: Iterable[queries.LandPromise]) -> Iterator[tuple[object, ...]]:
    for one in rows:
        row, check = one.indicator, one.check
        yield (
            one.parcel.number, one.parcel.party.name if one.parcel.party else "",
            kind_name(row.kind), row.kind.get_way_display(), row.amount, row.kind.unit,
            one.pledge.number if one.pledge else "", row.due_on, state_words(one.state),
            check.on if check else None, check.amount if check else None,
            check.basis if check else "", check.what_follows if check else "",
        )  # fmt: skip


@readers
def land_indicator(request: HttpRequest, by: Actor, land_indicator_id: int) -> HttpResponse:
    """One indicator: what was promised, every check, and the next one."""
    row = found(queries.indicator_by_id(by, land_indicator_id))
    if request.method == "POST":
        access.must_keep_land(by)
        assets.check_indicator(
            by=by,
            now=timezone.now(),
            indicator=row,
            on=must_day(request, "on"),
            amount=amount_of(request, "amount"),
            basis=text(request, "basis", longest=200),
            file=_file(request, by),
            what_follows=text(request, "what_follows", longest=300),
            next_on=day(request, "next_on"),
        )
        messages.success(request, _("The check was recorded."))
        return go(request, reverse("land_indicator", args=[row.pk]))
    today = timezone.localdate()
    promise = next(
        (one for one in queries.promises_of(parcel=row.parcel, today=today)
         if one.indicator.pk == row.pk), None,
    )  # fmt: skip
    context = {
        "row": row,
        "promise": promise,
        "name": kind_name(row.kind),
        "plain": plain,
        "unit": unit_words(row.kind.unit),
        "usual": plain(row.kind.usual),
        "bound": bound(row),
        "state": state_words(promise.state) if promise else _("ended"),
        "checks": queries.checks_of(row),
        "may_check": access.keeps_land(by) and row.is_signed and row.ended_on is None,
        "today": today,
    }
    return render(request, "assets/land_indicator.html", context)


# Rules -------------------------------------------------------------------------------------------


@readers
def land_rules(request: HttpRequest, by: Actor) -> HttpResponse:
    """Papers and clocks of the stages, kinds of indicators, each with its source."""
    if request.method == "POST":
        access.must_keep_land(by)
        (_set_stage if request.POST.get("what_to_do") == "stage" else _set_kind)(request, by)
        messages.success(request, _("Saved."))
        return go(request, reverse("land_rules"))
    limits = LimitRule.objects.filter(zone_id=by.zone_id, code__startswith="land.").order_by("id")
    words = {one.code: f"{one.name} {work.limit_words(one.count, one.unit)}" for one in limits}
    context = {
        "stages": [
            (rule, Stage(rule.stage).label, words.get(rule.limit_code, ""))
            for rule in queries.stage_rules(zone_id=by.zone_id)
        ],
        "kinds": [
            (one, kind_name(one), _usual(one))
            for one in queries.indicator_kinds(zone_id=by.zone_id, all_of_them=True)
        ],
        "limits": list(words.items()),
        "offices": [(one.pk, one.name) for one in base.offices(zone_id=by.zone_id)],
        "keeps": access.keeps_land(by),
    }
    return render(request, "assets/land_rules.html", context)


def _usual(kind: IndicatorKind) -> str:
    """至少 300 万元/亩; of a kind without a usual value its unit only."""
    way, unit = kind.get_way_display(), unit_words(kind.unit)
    if kind.usual is None:
        return _("%(way)s …, no usual value (%(unit)s)") % {"way": way, "unit": unit or "–"}
    return f"{way} {plain(kind.usual)} {unit}".rstrip()


def _set_stage(request: HttpRequest, by: Actor) -> None:
    rules = {one.pk: one for one in queries.stage_rules(zone_id=by.zone_id)}
    rule = found(rules.get(number(request.POST.get("rule")) or 0))
    office = Office.objects.filter(
        zone_id=by.zone_id, pk=number(request.POST.get("office")) or 0
    ).first()
    assets.set_land_stage_rule(
        by=by, now=timezone.now(), rule=rule,
        papers=request.POST.get("papers", "").splitlines(),
        next_words=text(request, "next_words", longest=200),
        source=text(request, "source", longest=200),
        limit_code=request.POST.get("limit_code", ""), office=office,
        version=number(request.POST.get("version")),
    )  # fmt: skip


def _set_kind(request: HttpRequest, by: Actor) -> None:
    assets.keep_indicator_kind(
        by=by, now=timezone.now(), code=request.POST.get("code", "").strip(),
        name=text(request, "name", longest=60), name_en=text(request, "name_en", longest=80),
        unit=text(request, "unit", longest=30), way=request.POST.get("way", ""),
        usual=amount_of(request, "usual"), source=text(request, "source", longest=200),
        is_active=request.POST.get("is_active") == "yes",
        version=number(request.POST.get("version")),
    )  # fmt: skip
