"""入驻联审: the register, one move-in with all that is said of it, and what a review asks of whom."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.access import moving as access
from xiaoer.assets.actions.reviewing import operators_of
from xiaoer.assets.models import (
    CageSite,
    Lease,
    MoveIn,
    MoveInItem,
    MoveInOpinion,
    MoveInPaper,
    Showing,
    SpaceNeed,
)  # fmt: skip
from xiaoer.assets.pages import moving_forms as forms
from xiaoer.assets.pages.carrier_forms import paged, yuan
from xiaoer.assets.queries import move_ins as queries
from xiaoer.assets.queries import space_need
from xiaoer.assets.queries.review_items import review_items
from xiaoer.assets.queries.unit_choice import unit_choice
from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.pages.forms import must_day, number, text, whole
from xiaoer.base.scope import Actor
from xiaoer.papers.models import HeldPaper
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work.models import Task

READERS = (*STAFF_ROLES, Role.CITY)
EVERY_READER = (*READERS, Role.ENTERPRISE, Role.PARK_OPERATOR)
State = MoveIn.State
FIELDS = ("name", "party", "way", "need", "from_on", "investment", "content", "post")


@page(*READERS)
def move_in_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The register of move-ins."""
    state = request.GET.get("state", "open")
    way = request.GET.get("way", "")
    filters = queries.MoveInFilter(
        state=state if state in (*State.values, "open", "all") else "open",
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
        way=way if way in MoveIn.Way.values else "",
        mine=request.GET.get("mine") == "yes",
    )
    now = timezone.now()
    rows = queries.move_ins(by=by, filters=filters)
    if request.GET.get("export"):
        lines = queries.move_in_rows(rows, now, most=None)
        return sheet_response(
            request.GET["export"], _("Joint review of move-ins"), _columns(), _cells(lines)
        )
    shown = paged(request, rows)
    lines = queries.move_in_rows(rows.filter(pk__in=[one.pk for one in shown]), now)
    context = {
        "rows": lines,
        "shown": shown,
        "filters": filters,
        "states": State.choices,
        "ways": MoveIn.Way.choices,
        "keeps": access.keeps_move_ins(by),
        "sets": access.sets_review(by),
    }
    return render(request, "assets/move_ins.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("number", _("Number"), 14),
        Column("name", _("Project"), 30),
        Column("who", _("Enterprise"), 30),
        Column("way", _("Way of moving in"), 14),
        Column("units", _("Units"), 24),
        Column("investment", _("Investment (10,000 yuan)"), 14, Kind.NUMBER),
        Column("state", _("State"), 12),
        Column("said", _("Opinions given"), 10, Kind.NUMBER),
        Column("asked", _("Opinions asked"), 10, Kind.NUMBER),
        Column("kept_until", _("Units kept until"), 12, Kind.DATE),
        Column("words", _("Conditions, or why not"), 40),
        Column("settled_on", _("Moved in"), 12, Kind.DATE),
        Column("producing_on", _("Produces since"), 12, Kind.DATE),
    )


def _cells(rows: Iterable[queries.MoveInRow]) -> Iterator[tuple[object, ...]]:
    for line in rows:
        one = line.row
        yield (
            one.number, one.name, one.party.name if one.party else one.who,
            MoveIn.Way(one.way).label, f"{line.place} {line.units}".strip(),
            None if one.investment_fen is None else one.investment_fen / forms.FEN_OF_WAN,
            State(one.state).label, line.said, line.asked, line.kept_until, one.words,
            one.settled_on, one.producing_on,
        )  # fmt: skip


def _form(by: Actor, row: MoveIn | None) -> dict[str, Any]:
    chosen = list(row.of_units.order_by("id").values_list("unit_id", flat=True)) if row else []
    return {
        "row": row,
        "said": _said(by, row),
        "choice": unit_choice(by, on=timezone.localdate(), chosen=chosen),
        "people": forms.people_of(by),
        "needs": forms.needs_of(by),
        "ways": MoveIn.Way.choices,
    }


def _said(by: Actor, row: MoveIn | None) -> dict[str, Any]:
    """What stands in the fields."""
    if row is None:
        return dict.fromkeys(FIELDS) | {"way": MoveIn.Way.NEW.value, "post": by.post_id}
    return {
        "name": row.name, "party": row.who, "way": row.way, "need": row.need_id,
        "from_on": row.from_on, "investment": _wan(row), "content": row.content,
        "post": row.post_id,
    }  # fmt: skip


def _still_looking(request: HttpRequest, by: Actor, row: MoveIn | None) -> HttpResponse:
    """The form again as it was typed, with the units that are looked for."""
    access.must_keep_move_ins(by)
    choice = forms.units_offered(by, request.POST)
    said = {name: request.POST.get(name) for name in FIELDS}
    context = _form(by, row) | {"said": said, "choice": choice}
    return render(request, "assets/move_in_form.html", context)


def _wan(row: MoveIn | None) -> str | None:
    if row is None or row.investment_fen is None:
        return None
    return f"{row.investment_fen / forms.FEN_OF_WAN:g}"


@page(*STAFF_ROLES)
def move_in_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Begin a move-in."""
    if request.method == "POST":
        if forms.is_still_looking(request):
            return _still_looking(request, by, None)
        row = assets.open_move_in(
            by=by, now=timezone.now(), facts=forms.typed(request, by),
            units=forms.chosen_units(request, by),
        )  # fmt: skip
        messages.success(request, _("%(number)s is open. Add its papers.") % {"number": row.number})
        return go(request, reverse("move_in", args=[row.pk]))
    access.must_keep_move_ins(by)
    if request.GET.get("part") == "units":
        choice = forms.units_offered(by, request.GET)
        return render(request, "assets/_unit_choice.html", {"choice": choice})
    return render(request, "assets/move_in_form.html", _form(by, None) | _led_from(request, by))


def _led_from(request: HttpRequest, by: Actor) -> dict[str, Any]:
    """What the page that led here says already: a need with its units, one unit, the way."""
    asked = number(request.GET.get("need"))
    need = found(space_need(by, asked)) if asked is not None else None
    units = _settled_on(need) if need else [number(request.GET.get("unit")) or 0]
    way = request.GET.get("way")
    said = _said(by, None)
    if way in MoveIn.Way.values:
        said["way"] = way
    if need is not None:
        who = need.party.name if need.party else need.who
        said |= {"name": need.name, "party": who, "need": need.pk, "from_on": need.from_on}
    return {"said": said, "choice": unit_choice(by, on=timezone.localdate(), chosen=units)}


def _settled_on(need: SpaceNeed) -> list[int]:
    """The units the need was settled on: kept for it, so that they are free to nobody else."""
    rows = need.showings.filter(answer=Showing.Answer.TAKEN)
    return list(rows.order_by("id").values_list("unit_id", flat=True))


@page(*STAFF_ROLES)
def move_in_change(request: HttpRequest, by: Actor, move_in_id: int) -> HttpResponse:
    """Change what was typed, while it is a draft."""
    row = found(queries.move_in_of(by=by, move_in_id=move_in_id))
    if request.method == "POST":
        if forms.is_still_looking(request):
            return _still_looking(request, by, row)
        assets.change_move_in(
            by=by, now=timezone.now(), move_in=row, facts=forms.typed(request, by),
            units=forms.chosen_units(request, by), version=number(request.POST.get("version")) or 0,
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return go(request, reverse("move_in", args=[row.pk]))
    access.must_keep_move_ins(by)
    return render(request, "assets/move_in_form.html", _form(by, row))


@page(*READERS)
def move_in(request: HttpRequest, by: Actor, move_in_id: int) -> HttpResponse:
    """One move-in: units, papers, every opinion with its clock, the decision, what is to be done."""
    row = found(queries.move_in_of(by=by, move_in_id=move_in_id))
    one = queries.whole(by=by, row=row, now=timezone.now())
    keeps = access.keeps_move_ins(by)
    context = {
        "one": one,
        "row": row,
        "keeps": keeps,
        "site": CageSite.objects.filter(move_in=row).first(),
        "decides": access.decides_move_ins(by) and row.state == State.REVIEW,
        "investment": yuan(row.investment_fen) if row.investment_fen else None,
        "says": [pair for pair in MoveInOpinion.Says.choices if pair[0] != "open"],
        "verdicts": [
            ("approved", _("approve the move-in")),
            ("conditional", _("approve it with conditions")),
            ("refused", _("do not approve it")),
        ],
        "against": any(line.opinion.says in ("no", "if") for line in one.opinions),
        "today": timezone.localdate(),
        "held": forms.papers_held(by, row) if keeps and row.state in ("draft", "review") else [],
        "leases": forms.leases_of(by, row)
        if keeps and row.state in ("approved", "conditional")
        else [],
    }
    return render(request, "assets/move_in.html", context)


@page(*STAFF_ROLES)
def move_in_start(request: HttpRequest, by: Actor, move_in_id: int) -> HttpResponse:
    """Which opinions are asked, of whom, within how many days: the zone's list, to be adapted."""
    row = found(queries.move_in_of(by=by, move_in_id=move_in_id))
    if request.method == "POST":
        begun = assets.start_review(
            by=by, now=timezone.now(), move_in=row, asks=forms.typed_asks(request, by),
            decider=forms.chosen_of(request, by, Post, "decider"),
            version=number(request.POST.get("version")),
        )  # fmt: skip
        count = begun.opinions.count()
        messages.success(request, _("%(num)s opinions are asked at once.") % {"num": count})
        return go(request, reverse("move_in", args=[row.pk]))
    access.must_keep_move_ins(by)
    context = {
        "row": row,
        "items": review_items(zone_id=by.zone_id, kind=MoveInItem.Kind.OPINION),
        "operators": operators_of(row),
        "offices": forms.offices_of(by),
        "people": forms.people_of(by),
        "has_units": row.of_units.exists(),
        "has_papers": row.papers.filter(removed_at__isnull=True).exists(),
    }
    return render(request, "assets/move_in_start.html", context)


Act = Callable[[HttpRequest, Actor, datetime, MoveIn], object]


def _paper(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    upload = request.FILES.get("paper")
    held = forms.chosen_of(request, by, HeldPaper, "held")
    name = text(request, "name", longest=120) or (held.name if held else "")
    return assets.add_move_in_paper(
        by=by, now=now, move_in=row, paper=held if upload is None else None, upload=upload,
        name=(name or (upload.name if upload else "") or "")[:120],
        file_name=(upload.name or "") if upload else "",
    )  # fmt: skip


def _off(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    paper = found(row.papers.filter(pk=number(request.POST.get("paper_id")) or 0).first())
    return assets.remove_move_in_paper(by=by, now=now, paper=paper)


def _say(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    opinion = found(
        MoveInOpinion.objects.filter(
            move_in=row, pk=number(request.POST.get("opinion")) or 0
        ).first()
    )
    return assets.give_opinion(
        by=by, now=now, opinion=opinion, says=request.POST.get("says", ""),
        words=request.POST.get("words", ""), version=number(request.POST.get("version")),
    )  # fmt: skip


def _decide(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    return assets.decide_move_in(
        by=by, now=now, move_in=row, verdict=request.POST.get("verdict", ""),
        words=request.POST.get("words", ""),
        without_missing=request.POST.get("without_missing") == "yes",
        version=number(request.POST.get("version")),
    )  # fmt: skip


def _chore(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    task = found(
        Task.objects.filter(
            zone_id=by.zone_id, matter=row.matter_id or 0,
            pk=number(request.POST.get("task")) or 0,
        ).first()
    )  # fmt: skip
    return assets.finish_chore(by=by, now=now, task=task, words=request.POST.get("words", ""))


def _party(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    return assets.name_party(by=by, now=now, move_in=row, party=forms.party_named(request, by))


def _settle(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    return assets.settle_move_in(
        by=by, now=now, move_in=row, on=must_day(request, "on"),
        lease=forms.chosen_of(request, by, Lease, "lease"),
        version=number(request.POST.get("version")),
    )  # fmt: skip


def _produce(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    return assets.record_production(
        by=by, now=now, move_in=row, on=must_day(request, "on"),
        version=number(request.POST.get("version")),
    )  # fmt: skip


def _extend(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    return assets.extend_move_in(
        by=by, now=now, move_in=row, until=must_day(request, "until"),
        reason=request.POST.get("reason", ""), version=number(request.POST.get("version")),
    )  # fmt: skip


def _make_papers(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    return assets.make_move_in_papers(by=by, now=now, move_in=row)


def _withdraw(request: HttpRequest, by: Actor, now: datetime, row: MoveIn) -> object:
    return assets.withdraw_move_in(
        by=by, now=now, move_in=row, reason=request.POST.get("reason", ""),
        version=number(request.POST.get("version")),
    )  # fmt: skip


ACTS: dict[str, Act] = {
    "paper": _paper,
    "off": _off,
    "say": _say,
    "decide": _decide,
    "chore": _chore,
    "party": _party,
    "settle": _settle,
    "produce": _produce,
    "extend": _extend,
    "papers": _make_papers,
    "withdraw": _withdraw,
}
OUTSIDE_ACTS = frozenset({"paper", "off", "say", "withdraw"})


@require_POST
@page(*STAFF_ROLES)
def move_in_act(request: HttpRequest, by: Actor, move_in_id: int) -> HttpResponse:
    """Everything that is done on the page of one move-in."""
    row = found(queries.move_in_of(by=by, move_in_id=move_in_id))
    _act(request, by, row, frozenset(ACTS))
    return go(request, reverse("move_in", args=[row.pk]))


def _act(request: HttpRequest, by: Actor, row: MoveIn, allowed: frozenset[str]) -> None:
    act = request.POST.get("what_to_do", "")
    if act not in allowed:
        raise Http404
    ACTS[act](request, by, timezone.now(), row)
    messages.success(request, _("Done."))


@page(*EVERY_READER)
def move_in_paper(request: HttpRequest, by: Actor, move_in_paper_id: int) -> HttpResponseBase:
    """Open a paper: staff, the firm itself, and the operator once the review has begun."""
    paper, file = found(queries.paper_of(by=by, paper_id=move_in_paper_id))
    return files.shown_inside(file, _file_name(paper, file.media_type))


def _file_name(paper: MoveInPaper, media_type: str) -> str:
    return paper.name if "." in paper.name else f"{paper.name}.{media_type.rpartition('/')[2]}"


# What a review asks -----------------------------------------------------------------------------


@page(*STAFF_ROLES)
def move_in_items(request: HttpRequest, by: Actor) -> HttpResponse:
    """The zone's own list: opinions before the decision, tasks after it; with source and mark."""
    if request.method == "POST":
        row = assets.add_move_in_item(
            by=by, now=timezone.now(), kind=request.POST.get("kind", ""),
            name=text(request, "name", longest=60),
            office=forms.chosen_of(request, by, Office, "office"),
            to_operator=request.POST.get("to_operator") == "yes",
            working_days=whole(request, "working_days", least=1, most=250),
            source=text(request, "source", longest=200),
        )  # fmt: skip
        messages.success(request, _("“%(name)s” is on the list.") % {"name": row.name})
        return go(request, reverse("move_in_items"))
    rows = review_items(zone_id=by.zone_id, ended=True)
    context = {
        "groups": [
            (kind.label, [one for one in rows if one.item.kind == kind]) for kind in MoveInItem.Kind
        ],
        "kinds": MoveInItem.Kind.choices,
        "offices": forms.offices_of(by),
        "sets": access.sets_review(by),
    }
    return render(request, "assets/move_in_items.html", context)


@page(*STAFF_ROLES)
def move_in_item(request: HttpRequest, by: Actor, move_in_item_id: int) -> HttpResponse:
    """One item of the list."""
    row = found(
        MoveInItem.objects.filter(zone_id=by.zone_id, pk=move_in_item_id)
        .select_related("office")
        .first()
    )
    if request.method == "POST":
        assets.keep_move_in_item(
            by=by, now=timezone.now(), item=row, name=text(request, "name", longest=60),
            office=forms.chosen_of(request, by, Office, "office"),
            working_days=whole(request, "working_days", least=1, most=250),
            source=text(request, "source", longest=200),
            is_used=request.POST.get("is_used") == "yes",
            version=number(request.POST.get("version")) or 0,
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return go(request, reverse("move_in_items"))
    context = {"row": row, "offices": forms.offices_of(by), "sets": access.sets_review(by)}
    return render(request, "assets/move_in_item.html", context)


# Outside ----------------------------------------------------------------------------------------

outside = page(Role.ENTERPRISE, Role.PARK_OPERATOR)


@outside
def my_move_ins(request: HttpRequest, by: Actor) -> HttpResponse:
    """An operator's half of the reviews, what waits first; a firm's own move-ins."""
    if request.method == "POST":
        facts = forms.own(request, by)
        row = assets.open_move_in(by=by, now=timezone.now(), facts=facts)
        messages.success(
            request,
            _("%(number)s is on its way. Add your papers; we call you.") % {"number": row.number},
        )
        return go(request, reverse("my_move_in", args=[row.pk]))
    rows = queries.own_move_ins(by=by, now=timezone.now())
    context = {
        "reviews": [one for one in rows if not one.is_ours],
        "ours": [one for one in rows if one.is_ours],
        "is_operator": by.role == Role.PARK_OPERATOR,
    }
    return render(request, "assets/my_move_ins.html", context)


@outside
def my_move_in(request: HttpRequest, by: Actor, my_move_in_id: int) -> HttpResponse:
    """One: the operator says its half here; the firm sees how it stands and brings papers."""
    row = found(queries.own_move_in(by=by, move_in_id=my_move_in_id))
    if request.method == "POST":
        _act(request, by, row, OUTSIDE_ACTS)
        return go(request, reverse("my_move_in", args=[row.pk]))
    one = queries.own_whole(by=by, row=row, now=timezone.now())
    context = {
        "one": one,
        "row": row,
        "investment": yuan(row.investment_fen) if row.investment_fen else None,
        "says": [pair for pair in MoveInOpinion.Says.choices if pair[0] != "open"],
        "held": forms.papers_held(by, row) if one.is_ours else [],
    }
    return render(request, "assets/my_move_in.html", context)
