"""Scores from the answers of visits: the list, what one score is made of, the card of a firm."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.behalf import the_party
from xiaoer.outreach.queries import ScoreFilter, ScoreRow
from xiaoer.registry.models import Cell, Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work.calendar import LOCAL

staff = page(*STAFF_ROLES)
NAMES: dict[str, str | Promise] = {
    "growth": gettext_lazy("Growth"),
    "risk": gettext_lazy("Risk"),
    "satisfaction": gettext_lazy("Satisfaction"),
}
LEAST = 60
SHEET = (
    Column("enterprise", gettext_lazy("Enterprise"), 30),
    Column("cell", gettext_lazy("Cell"), 16),
    Column("officer", gettext_lazy("Officer"), 12),
    *(
        Column(f"{code}_{end}", words, 14, Kind.NUMBER)
        for code, pair in (
            ("growth", (gettext_lazy("Growth from"), gettext_lazy("Growth to"))),
            ("risk", (gettext_lazy("Risk from"), gettext_lazy("Risk to"))),
            ("satisfaction", (gettext_lazy("Satisfaction from"), gettext_lazy("Satisfaction to"))),
        )
        for end, words in zip(("low", "high"), pair, strict=True)
    ),
    Column("answered", gettext_lazy("Questions answered"), 10, Kind.NUMBER),
    Column("newest_on", gettext_lazy("Newest answer"), 12, Kind.DATE),
)


def _filters(request: HttpRequest, by: Actor) -> ScoreFilter:
    wanted = request.GET
    order = wanted.get("order", "risk")
    level = wanted.get("level", "")
    return ScoreFilter(
        order=order if order in NAMES else "risk",
        least=LEAST if level in ("perhaps", "certain") else None,
        certain=level == "certain",
        cell=reading.number(wanted.get("cell")),
        post=by.post_id if wanted.get("mine") == "yes" else reading.number(wanted.get("post")),
        text=reading.words(wanted, "q")[:60],
    )


@staff
def score_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enterprises by growth, risk or satisfaction; what is not known stands last."""
    filters, today = _filters(request, by), timezone.now().astimezone(LOCAL).date()
    kind = request.GET.get("export")
    if kind:
        rows = queries.scores(by=by, filters=filters, today=today)
        return sheet_response(kind, _("Scores"), SHEET, map(_cells, rows))
    after = reading.number(request.GET.get("after")) or 0
    context = {
        "shown": queries.score_list(by=by, filters=filters, today=today, after=min(after, 10**7)),
        "filters": filters,
        "mine": request.GET.get("mine") == "yes",
        "level": request.GET.get("level"),
        "least": LEAST,
        "names": [(code, str(words), None) for code, words in NAMES.items()],
        "cells": [
            (cell.pk, cell.name)
            for cell in Cell.objects.filter(zone_id=by.zone_id).order_by("code")
        ],
        "started": "after" in request.GET,
    }
    return render(request, "outreach/scores.html", context)


def _cells(row: ScoreRow) -> tuple[object, ...]:
    def cell(key: str) -> object:
        dimension, _bar, end = key.rpartition("_")
        return getattr(row.score(dimension), end) if dimension in NAMES else getattr(row, key)

    return tuple(cell(column.key) for column in SHEET)


@staff
def score_page(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """What the scores of one enterprise are made of, down to the visit each answer was given on."""
    party = the_party(by, enterprise_id)
    return render(request, "outreach/score.html", _of_firm(by, party))


@staff
def enterprise_scores_card(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """The three scores, a card of the enterprise's page."""
    party = the_party(by, enterprise_id)
    return render(request, "outreach/_firm_scores.html", _of_firm(by, party))


def _of_firm(by: Actor, party: Party) -> dict[str, object]:
    today = timezone.now().astimezone(LOCAL).date()
    row = queries.scores_of_firm(by=by, party=party, today=today)
    return {
        "party": party,
        "row": row,
        "three": [(words, row.score(code)) for code, words in NAMES.items()],
        "standing": queries.answers_behind(by=by, party=party, today=today),
        "names": NAMES,
    }
