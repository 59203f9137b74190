"""问谁要: of an empty unit, who looks for such a one, who has too little space, whose lease ends soon."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xiaoer.assets import queries
from xiaoer.assets.access import space as access
from xiaoer.assets.models import Unit
from xiaoer.assets.pages.cage_words import read_words
from xiaoer.assets.pages.needs import READERS, fit_row, whose
from xiaoer.assets.words import fits as fit_words
from xiaoer.base.doors import found, page
from xiaoer.base.scope import Actor


@page(*READERS)
def whom_to_ask(request: HttpRequest, by: Actor, unit_id: int) -> HttpResponse:
    """Open needs the unit fits, alone or joined; firms that decide soon whether they stay."""
    rows = Unit.objects.filter(zone_id=by.zone_id, pk=unit_id)
    unit = found(rows.select_related("building__park").first())
    asked = queries.whom_to_ask(unit, now=timezone.now())
    context = {
        "unit": unit,
        "seekers": [
            (one, whose(one.need), fit_words.area_words(one.need), fit_row(one.row, set()))
            for one in asked.seekers
        ],
        "cramped": asked.cramped,
        "read_words": read_words,
        "endings": asked.endings,
        "near_days": asked.near_days,
        "seeks": access.seeks(by),
    }
    return render(request, "assets/whom_to_ask.html", context)
