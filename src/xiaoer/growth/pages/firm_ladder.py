"""A firm's place on the ladders: the card and the word of its page, its papers, and its own view."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.growth import actions as growth
from xiaoer.growth.models import EvidenceItem, HandedPaper, Standing
from xiaoer.growth.pages import typed
from xiaoer.growth.pages.ladders import language, words_by_name
from xiaoer.growth.queries.firm_ladder import FirmCard, Series, firm_card
from xiaoer.growth.queries.standings import entry_year, firm_ladders, papers_of_firm
from xiaoer.growth.shipped.rungs import ABOVE_SCALE, REACHED
from xiaoer.registry.models import Party
from xiaoer.web.words import local_date

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
enterprise = page(Role.ENTERPRISE)
SHOWN_NEEDS = 4
MOST = 6


@readers
def firm_ladder_card(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """The card of the enterprise's page: how far to the register, and what is still lacking."""
    party = typed.the_party(by, enterprise_id)
    card = firm_card(by=by, party=party, now=timezone.now())
    return render(request, "growth/_firm_ladder.html", _context(by, party, card))


@readers
def firm_rung(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """The word in the head line: its rung, and whether it moved."""
    party = typed.the_party(by, enterprise_id)
    business = firm_ladders(by=by, party=party).get("business")
    context = {"business": business, "language": language(), "at_least": Standing.Told.AT_LEAST}
    return render(request, "growth/_firm_rung.html", context)


def _context(by: Actor, party: Party, card: FirmCard) -> dict[str, Any]:
    standing = card.standing
    named = words_by_name(by) if standing and standing.missing else {}
    # What must hold first, then the papers that are not here, then those that are.
    ordered = sorted(card.needs, key=lambda need: need.paper is not None and need.state == "met")
    shown = ordered[:SHOWN_NEEDS]
    return {
        "party": party,
        "firm": card,
        "business": card.business,
        "standing": standing,
        "others": [one for code, one in card.ladders.items() if code != "business"],
        "needs": shown,
        "more_needs": len(card.needs) - len(shown),
        "spec": _spec(card.series) if card.series else None,
        "series": card.series,
        "rows": _rows(card.series) if card.series else [],
        "wan": typed.wan,
        "language": language(),
        "named": named,
        "lacking": [named.get(name, name) for name in standing.missing[:MOST]] if standing else [],
        "at_least": Standing.Told.AT_LEAST,
        "held": Standing.Told.HELD,
        "is_member": bool(standing and _member_step(card) <= standing.step),
        "reached": REACHED,
        "entry_year": entry_year(standing) if standing else None,
    }


def _member_step(card: FirmCard) -> int:
    steps = card.business.steps if card.business else ()
    return next((one.rung.step for one in steps if one.rung.code == ABOVE_SCALE), 99)


def _spec(series: Series) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [
        {"name": _("so far"), "values": list(series.known), "style": "official"}
    ]
    if any(value is not None for value in series.forecast):
        lines.append({"name": _("forecast"), "values": list(series.forecast), "style": "forecast"})
    spec: dict[str, Any] = {
        "kind": "trend",
        "x": [str(month) for month in range(1, 13)],
        "series": lines,
        "unit": _("10,000 yuan"),
    }
    if series.threshold is not None:
        spec["thresholds"] = [
            {"name": _("line %(money)s") % {"money": f"{series.threshold:,.0f}"},
             "value": series.threshold}
        ]  # fmt: skip
    return spec


def _rows(series: Series) -> list[tuple[object, ...]]:
    return [
        (f"{series.year}-{month:02d}", series.known[month - 1], series.forecast[month - 1])
        for month in range(1, 13)
    ]


@require_http_methods(["GET", "POST"])
@staff
def firm_entry(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """Papers of entry of one firm: which are here, which are not; taken in with one click."""
    party = typed.the_party(by, enterprise_id)
    business = firm_ladders(by=by, party=party).get("business")
    if request.method == "POST":
        return _paper(request, by, party, business.standing if business else None)
    context = {
        "party": party,
        "standing": business.standing if business else None,
        "rung": business.rung if business else None,
        "papers": papers_of_firm(by=by, standing=business.standing) if business else [],
        "year": entry_year(business.standing) if business else None,
        "language": language(),
        "zh": language().startswith("zh"),
    }
    return render(request, "growth/firm_entry.html", context)


def _paper(
    request: HttpRequest, by: Actor, party: Party, standing: Standing | None
) -> HttpResponse:
    post, now = request.POST, timezone.now()
    if post.get("what") == "take_back":
        row = found(
            HandedPaper.objects.filter(
                zone_id=by.zone_id, party=party, pk=typed.number(post.get("paper")) or 0
            ).first()
        )
        growth.take_back_paper(by=by, now=now, paper=row)
    else:
        item = found(
            EvidenceItem.objects.filter(
                zone_id=by.zone_id, pk=typed.number(post.get("item")) or 0
            ).first()
        )
        growth.hand_in_paper(
            by=by,
            now=now,
            party=party,
            item=item,
            year=entry_year(found(standing)),
            handed_on=local_date(now),
        )
    return go(request, reverse("firm_entry", args=[party.pk]))


@enterprise
def my_rung(request: HttpRequest, by: Actor) -> HttpResponse:
    """The enterprise's own place, in plain words: how far, what would change it."""
    return render(request, "growth/my_rung.html", _own(by))


@enterprise
def my_rung_card(request: HttpRequest, by: Actor) -> HttpResponse:
    """The same in short, a card of its own page."""
    return render(request, "growth/_my_rung.html", _own(by))


def _own(by: Actor) -> dict[str, Any]:
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())
    card = firm_card(by=by, party=party, now=timezone.now())
    return _context(by, party, card)
