"""The work list of a rule: who is nearest, what each would have to change, whom to ask."""

from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.growth import access, queries
from xiaoer.growth import actions as growth
from xiaoer.growth.pages import typed
from xiaoer.growth.pages.ladders import language, words_by_name
from xiaoer.growth.queries import NearFilter, NearFirm
from xiaoer.growth.queries.near_lists import SHOWS
from xiaoer.registry.models import Cell
from xiaoer.registry.queries import filter_choices
from xiaoer.rules.models import Rule
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import listed

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
SHEET = (
    Column("enterprise", gettext_lazy("Enterprise"), 32),
    Column("credit_code", gettext_lazy("Credit code"), 22),
    Column("cell", gettext_lazy("Cell"), 16),
    Column("officer", gettext_lazy("Officer"), 12),
    Column("changes", gettext_lazy("What has to change"), 60),
    Column("missing", gettext_lazy("Facts missing"), 40),
    Column("waits_until", gettext_lazy("Not before"), 12, Kind.DATE),
    Column("blocked_by", gettext_lazy("Stands in the way"), 40),
)


def name_of(rule: Rule) -> str:
    return rule.name if language().startswith("zh") or not rule.name_en else rule.name_en


@readers
def rule_near(request: HttpRequest, by: Actor, rule_id: int) -> HttpResponseBase:
    """Firms that do not meet a rule, the smallest change first; the very list as a sheet."""
    rule = found(queries.near_rule(zone_id=by.zone_id or 0, rule_id=rule_id))
    wanted, now = request.GET, timezone.now()
    is_mine = wanted.get("mine") == "yes"
    filters = NearFilter(
        officer=by.post_id if is_mine else typed.number(wanted.get("officer")),
        cell=typed.number(wanted.get("cell")),
        show=wanted.get("show", "") if wanted.get("show") in SHOWS else "",
    )
    if wanted.get("export"):
        rows = queries.every_near(by=by, rule=rule, filters=filters, now=now)
        return sheet_response(wanted["export"], name_of(rule), SHEET, _cells(rows))
    shown = queries.near_page(
        by=by, rule=rule, filters=filters, now=now, page=typed.number(wanted.get("page")) or 1
    )
    context = {
        "rule": rule,
        "name": name_of(rule),
        "shown": shown,
        "filters": filters,
        "mine": is_mine,
        "shows": [(show or None, words, shown.counts.get(show)) for show, words in _shows()],
        "officers": filter_choices(by=by).officers,
        "cells": list(
            Cell.objects.filter(zone_id=by.zone_id).order_by("code").values_list("pk", "name")
        ),
        "asks_many": access.may_ask_missing(by),
        "to_ask": [row.party_id for row in shown.rows if row.to_ask],
        "is_staff": by.is_staff,
        "may_plan": by.is_staff,
    }
    return render(request, "growth/near.html", context)


def _shows() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("one", _("one change is enough")),
        ("data", _("facts missing")),
        ("time", _("only time is lacking")),
        ("blocked", _("not within reach")),
    ]


def _cells(rows: Iterable[NearFirm]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            row.enterprise,
            row.credit_code,
            row.cell,
            row.officer,
            "；".join(
                f"{one.label} {one.now} → {one.needed}" + (f"（{one.delta}）" if one.delta else "")
                for one in row.changes
            ),
            listed(one.label for one in row.missing),
            row.waits_until,
            "；".join(row.blocked_by),
        )


@require_POST
@staff
def rule_near_ask(request: HttpRequest, by: Actor, rule_id: int) -> HttpResponse:
    """Ask firms for what a rule lacks of them."""
    rule = found(queries.near_rule(zone_id=by.zone_id or 0, rule_id=rule_id))
    firms = [each for each in map(typed.number, request.POST.getlist("firms")) if each]
    asked = growth.ask_for_rule(by=by, now=timezone.now(), rule=rule, party_ids=firms[:300])
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
    return go(request, f"{reverse('rule_near', args=[rule.pk])}?show=data")
