"""Proposals: whom the zone's lines would designate, with reasons; people decide, with a document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.models import Designation
from xiaoer.growth.queries.proposals import PROPOSED, Proposal, proposals
from xiaoer.growth.scoring import Place
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import listed, local_date

readers = page(*STAFF_ROLES, Role.CITY)
NAMES: dict[str, str | Promise] = {
    "revenue": gettext_lazy("revenue of last year"),
    "growth": gettext_lazy("growth over two years"),
    "tax": gettext_lazy("taxes of last year"),
    "research": gettext_lazy("R&D over revenue"),
    "investment": gettext_lazy("planned investment"),
    "suppliers": gettext_lazy("local suppliers"),
    "hnte": gettext_lazy("valid high-tech title"),
    "rd_org": gettext_lazy("provincial R&D body"),
    "project": gettext_lazy("leads a city or higher project"),
}
MONEY = frozenset({"revenue", "tax", "investment"})
SHOWN = 100
SHARES = frozenset({"growth", "research"})
SHEET = (
    Column("enterprise", gettext_lazy("Enterprise"), 32),
    Column("credit_code", gettext_lazy("Credit code"), 22),
    Column("place", gettext_lazy("Proposed"), 20),
    Column("low", gettext_lazy("Score, at least"), 12, Kind.NUMBER),
    Column("high", gettext_lazy("Score, at most"), 12, Kind.NUMBER),
    Column("missing", gettext_lazy("Facts missing"), 40),
)


@readers
def ladder_proposals(request: HttpRequest, by: Actor) -> HttpResponse:
    """The list to confirm; the decision itself is recorded as a designation."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in PROPOSED else PROPOSED[0]
    now = timezone.now()
    found = proposals(by=by, kind=kind, as_of=local_date(now), known_at=now)
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"],
            _("Proposed for designation"),
            SHEET,
            (_cells(row) for row in found.rows),
        )
    labels = dict(Designation.Kind.choices)
    context = {
        "found": found,
        "rows": found.rows[:SHOWN],
        "more": max(0, len(found.rows) - SHOWN),
        "kind": kind,
        "kinds": [(code, labels[code], None) for code in PROPOSED],
        "names": NAMES,
        "lacking": {
            row.party_id: listed(str(NAMES[code]) for code in row.missing) for row in found.rows
        },
        "money": MONEY,
        "shares": SHARES,
        "places": PLACES,
        "sure": Place.SURE,
        "may_add": access.may_designate(by, kind),
        "may_set": access.keeps_ladders(by),
        "wan": 10_000,
    }
    return render(request, "growth/proposals.html", context)


PLACES: dict[str, str | Promise] = {
    Place.SURE: gettext_lazy("in any case"),
    Place.AHEAD: gettext_lazy("by what is known"),
    Place.OPEN: gettext_lazy("open, needs data"),
}


def _cells(row: Proposal) -> tuple[object, ...]:
    return (
        row.enterprise,
        row.credit_code,
        PLACES[row.place],
        row.scored.low if row.scored else None,
        row.scored.high if row.scored else None,
        listed(str(NAMES[code]) for code in row.missing),
    )
