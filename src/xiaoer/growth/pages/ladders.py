"""The ladders: rungs with counts, lists by rung, who is about to enter, who may fall out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth import actions as growth
from xiaoer.growth.models import Ladder, Path, Sector, Standing
from xiaoer.growth.pages import typed
from xiaoer.growth.queries import standings as questions
from xiaoer.growth.queries.standings import StandingFilter, StandingRow
from xiaoer.growth.shipped.rungs import REACHED
from xiaoer.registry.models import Cell
from xiaoer.registry.queries import SECTIONS, filter_choices
from xiaoer.rules import vocabularies
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import in_chinese, listed, month

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
FEN_OF_WAN = 1_000_000
SHEET = (
    Column("enterprise", gettext_lazy("Enterprise"), 32),
    Column("credit_code", gettext_lazy("Credit code"), 22),
    Column("industry", gettext_lazy("Industry"), 10),
    Column("cell", gettext_lazy("Cell"), 16),
    Column("park", gettext_lazy("Park"), 16),
    Column("officer", gettext_lazy("Officer"), 12),
    Column("rung", gettext_lazy("Rung"), 14),
    Column("told", gettext_lazy("How sure"), 14),
    Column("previous", gettext_lazy("Month before"), 14),
    Column("sector", gettext_lazy("Statistical sector"), 18),
    Column("forecast", gettext_lazy("Forecast of the year, 10,000 yuan"), 18, Kind.NUMBER),
    Column("threshold", gettext_lazy("Threshold, 10,000 yuan"), 16, Kind.NUMBER),
    Column("gap", gettext_lazy("Gap, 10,000 yuan"), 14, Kind.NUMBER),
    Column("crosses", gettext_lazy("Crosses the line in"), 14, Kind.DATE),
    Column("path", gettext_lazy("Path of entry"), 12),
    Column("cutoff", gettext_lazy("Next cut-off"), 12, Kind.DATE),
    Column("papers", gettext_lazy("Papers missing"), 40),
    Column("missing", gettext_lazy("Facts missing"), 40),
)


def language() -> str:
    return get_language() or "zh-hans"


def _filters(request: HttpRequest, by: Actor, fixed: Mapping[str, Any]) -> StandingFilter:
    wanted = request.GET
    ladder = wanted.get("ladder", "")
    sort = wanted.get("sort", "")
    given: dict[str, Any] = {
        "ladder": ladder if ladder in Ladder.values else Ladder.BUSINESS,
        "rung": wanted.get("rung", "")[:60],
        "moved": wanted.get("moved", ""),
        "told": wanted.get("told", ""),
        "text": typed.words(wanted, "q")[:60],
        "cell": typed.number(wanted.get("cell")),
        "park": typed.number(wanted.get("park")),
        "officer": by.post_id
        if wanted.get("mine") == "yes"
        else typed.number(wanted.get("officer")),
        "section": wanted.get("section", ""),
        "sort": sort if sort in questions.SORTS else "gap",
    }
    given.update(fixed)
    if fixed.get("sort") and sort in questions.SORTS:
        given["sort"] = sort
    return StandingFilter(**given)


def _list(request: HttpRequest, by: Actor, title: str, template: str, **fixed: Any) -> HttpResponse:
    filters = _filters(request, by, fixed)
    kind = request.GET.get("export")
    named = words_by_name(by)
    if kind:
        rows = questions.every_standing(by=by, filters=filters)
        return sheet_response(kind, title, SHEET, (_cells(row, named) for row in rows))
    shown = questions.standing_page(
        by=by, filters=filters, page=typed.number(request.GET.get("page")) or 1
    )
    choices = filter_choices(by=by)
    cells = Cell.objects.filter(zone_id=by.zone_id).order_by("code").values_list("pk", "name")
    context = {
        "title": title,
        "shown": shown,
        "filters": filters,
        "view": questions.overview(by=by, ladder=filters.ladder),
        "ladders": [(code, label, None) for code, label in Ladder.choices],
        "cells": list(cells),
        "parks": choices.parks,
        "officers": choices.officers,
        "sections": [(letter, f"{letter} {name}") for letter, name in SECTIONS.items()],
        "mine": request.GET.get("mine") == "yes",
        "wan": typed.wan,
        "named": named,
        "path_names": dict(Path.choices),
        "language": language(),
        "may_evaluate": access.keeps_ladders(by),
        "may_ask": access.may_ask_missing(by),
        "business": filters.ladder == Ladder.BUSINESS,
        "at_least": Standing.Told.AT_LEAST,
        "held": Standing.Told.HELD,
    }
    return render(request, template, context)


@readers
def ladders(request: HttpRequest, by: Actor) -> HttpResponse:
    """A ladder with its rungs, who moved, and the firms on a rung."""
    return _list(request, by, _("Ladders"), "growth/ladders.html")


@readers
def entering(request: HttpRequest, by: Actor) -> HttpResponse:
    """Who reached the line and is not in the register: the work list of new members."""
    return _list(
        request, by, _("To enter the register"), "growth/entering.html",
        ladder=Ladder.BUSINESS, rung=REACHED, sort="cutoff",
    )  # fmt: skip


@readers
def falling_out(request: HttpRequest, by: Actor) -> HttpResponse:
    """Members of the register whose last twelve months are close to the line."""
    return _list(
        request, by, _("May fall out of the register"), "growth/falling_out.html",
        ladder=Ladder.BUSINESS, falling_out=True, sort="forecast",
    )  # fmt: skip


def words_by_name(by: Actor) -> dict[str, str]:
    """What the words of the vocabulary are called in the reader's language."""
    known = vocabularies.vocabulary(by.zone_id or 0).words
    return {name: word.label(language()) for name, word in known.items()}


def _cells(row: StandingRow, named: Mapping[str, str]) -> tuple[object, ...]:
    standing = row.standing

    def of_wan(fen: int | None) -> float | None:
        return None if fen is None else fen / FEN_OF_WAN

    return (
        row.enterprise,
        row.credit_code,
        row.industry,
        row.cell,
        row.park,
        row.officer,
        row.rung.label(language()) if row.rung else _("on no rung"),
        standing.get_told_display(),
        row.previous.label(language()) if row.previous else "",
        _sector(standing.sector),
        of_wan(standing.forecast_fen),
        of_wan(standing.threshold_fen),
        of_wan(standing.gap_fen),
        standing.crosses_on,
        standing.get_path_display(),
        standing.cutoff_on,
        listed(_paper_name(item) for item in row.papers_missing),
        listed(named.get(name, name) for name in standing.missing),
    )


def _sector(code: str) -> str:
    return str(Sector(code).label) if code in Sector.values else ""


def _paper_name(item: Any) -> str:
    return str(item.name if in_chinese() or not item.name_en else item.name_en)


@require_POST
@staff
def ladders_evaluate(request: HttpRequest, by: Actor) -> HttpResponse:
    """Evaluate now, and say what came of it."""
    found = growth.evaluate_ladders(by=by, now=timezone.now())
    messages.success(
        request,
        _("%(month)s: %(firms)d enterprises evaluated; %(rose)d rose, %(fell)d fell.")
        % {
            "month": month(found.month),
            "firms": found.firms,
            "rose": sum(found.rose.values()),
            "fell": sum(found.fell.values()),
        },
    )
    return go(request, reverse("ladders"))


@require_POST
@staff
def ladders_ask(request: HttpRequest, by: Actor) -> HttpResponse:
    """Ask the firms of the list for what their ladder lacks."""
    firms = [each for each in map(typed.number, request.POST.getlist("firms")) if each]
    asked = growth.ask_missing(by=by, now=timezone.now(), party_ids=firms)
    said = ngettext(
        "%(num)d question put; it is asked on the next visit, or answered on the enterprise's page.",
        "%(num)d questions put; they are asked on the next visits, or answered on the enterprises'"
        " pages.",
        asked.questions,
    ) % {"num": asked.questions}
    if asked.left:
        named = words_by_name(by)
        said += " " + _("No enterprise can say these; look in the registers: %(words)s.") % {
            "words": listed(named.get(name, name) for name in asked.left)
        }
    messages.success(request, said)
    query = urlencode({"ladder": request.POST.get("ladder", ""), "told": "at_least"})
    return go(request, f"{reverse('ladders')}?{query}")
