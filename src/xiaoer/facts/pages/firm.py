"""What this room adds to the first sight of an enterprise: its newest figures, side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.facts.models import Value
from xiaoer.facts.pages.words import language, name_of
from xiaoer.facts.queries.glance import newest_of_firm
from xiaoer.registry.models import Party


@page(*STAFF_ROLES, Role.CITY)
def enterprise_figures(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """The newest period of every indicator known of it, one line a column."""
    party = found(Party.objects.filter(pk=party_id, zone_id=by.zone_id).first())
    context = {
        "party": party,
        "lines": [
            (
                name_of(one.metric),
                one.period.show(language()),
                figure.show(language()),
                Value.Column(figure.column).label,
                figure.source,
            )
            for one in newest_of_firm(by=by, party=party)
            for figure in one.figures
        ],
    }
    return render(request, "facts/_firm_figures.html", context)
