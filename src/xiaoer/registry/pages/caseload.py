"""Pages of what happens to one enterprise's place and people, and of officers' caseloads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, JournalLine, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, Party, Stewardship
from xiaoer.registry.pages import forms
from xiaoer.registry.queries import EnterpriseFilter

staff = page(*STAFF_ROLES)


def posts_of_zone(by: Actor) -> list[tuple[int, str]]:
    """Whoever may answer for enterprises, as choices of a form."""
    posts = base.posts_in_force(zone_id=by.zone_id, on=timezone.localdate())
    return [
        (post.pk, f"{post.person.name} {post.office.name if post.office else ''}".strip())
        for post in posts
        if post.role in STAFF_ROLES
    ]


@staff
def enterprise_place(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Who answers for an enterprise, where it belongs, whether it is watched, how it ended."""
    whole = found(queries.enterprise(by=by, party_id=party_id))
    cells = Cell.objects.filter(zone_id=by.zone_id).select_related("grid")
    context = {
        "whole": whole,
        "party": whole.party,
        "cells": [(row.pk, f"{row.grid.name} {row.name}") for row in cells],
        "posts": posts_of_zone(by),
        "kinds": Stewardship.Kind.choices,
        "endings": [
            (value, label)
            for value, label in Party.Status.choices
            if value in (Party.Status.MOVED_OUT, Party.Status.REVOKED, Party.Status.CANCELLED)
        ],
        "may_keep": access.keeps_registry(by),
    }
    return render(request, "registry/enterprise_place.html", context)


@require_POST
@staff
def enterprise_cell(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Admit a party to a cell, or move an enterprise to another."""
    party = forms.the_party(by, party_id)
    cell = forms.chosen_cell(request, by=by)
    put = registry.admit_enterprise if party.cell_id is None else registry.move_to_cell
    put(by=by, now=timezone.now(), party=party, cell=cell)
    messages.success(
        request, _("%(name)s is now in %(cell)s.") % {"name": party.name, "cell": cell.name}
    )
    return go(request, reverse("enterprise", args=[party.pk]))


@require_POST
@staff
def enterprise_steward(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Name who answers for an enterprise."""
    party = forms.the_party(by, party_id)
    kind = forms.text_of(request, "kind")
    if kind not in Stewardship.Kind.values:
        raise Refused(_("Choose one of the list."), field="kind")
    registry.assign_steward(
        by=by,
        now=timezone.now(),
        party=party,
        post=forms.chosen_post(request, "post", by=by),
        kind=kind,
        since=forms.read_day(request, "since"),
    )
    return go(request, reverse("enterprise", args=[party.pk]))


@require_POST
@staff
def enterprise_monitoring(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Name an enterprise a monitoring firm, or end it."""
    party = forms.the_party(by, party_id)
    if forms.text_of(request, "end"):
        registry.end_monitoring(by=by, now=timezone.now(), party=party)
    else:
        registry.name_monitoring_firm(by=by, now=timezone.now(), party=party)
    return go(request, reverse("enterprise", args=[party.pk]))


@require_POST
@staff
def enterprise_close(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Note that a firm moved out or ended."""
    party = forms.the_party(by, party_id)
    registry.close_party(
        by=by,
        now=timezone.now(),
        party=party,
        status=forms.text_of(request, "status"),
        reason=forms.text_of(request, "reason"),
    )
    return go(request, reverse("enterprise", args=[party.pk]))


@page(*STAFF_ROLES, Role.CITY)
def officers(request: HttpRequest, by: Actor) -> HttpResponse:
    """Who answers for how many enterprises, in which cells."""
    rows = queries.caseloads(by=by)
    context = {
        "rows": rows,
        "officers": sum(1 for row in rows if row.as_officer),
        "held": sum(row.as_officer for row in rows),
        "without": queries.enterprise_page(by=by, filters=EnterpriseFilter(no_steward=True)),
        "masked": queries.masked_phone,
        "may_keep": access.keeps_registry(by),
    }
    return render(request, "registry/officers.html", context)


@page(*STAFF_ROLES, Role.CITY)
def caseload(request: HttpRequest, by: Actor, post_id: int) -> HttpResponse:
    """The enterprises of one post, and handing them over."""
    post = found(
        Post.objects.filter(zone_id=by.zone_id, pk=post_id)
        .select_related("person", "office")
        .first()
    )
    shown = queries.enterprise_page(
        by=by, filters=EnterpriseFilter(officer=post.pk), after=request.GET.get("after")
    )
    context = {
        "post": post,
        "shown": shown,
        "started": "after" in request.GET,
        "row": next((row for row in queries.caseloads(by=by) if row.post_id == post.pk), None),
        "takers": [choice for choice in posts_of_zone(by) if choice[0] != post.pk],
        "handed": queries.hand_overs_of(by=by, post=post),
        "may_keep": access.keeps_registry(by),
        "phone": queries.masked_phone(post.person.phone),
    }
    return render(request, "registry/caseload.html", context)


@require_POST
@staff
def hand_over(request: HttpRequest, by: Actor, post_id: int) -> HttpResponse:
    """Hand the chosen enterprises, or all, to another post."""
    giver = found(
        Post.objects.filter(zone_id=by.zone_id, pk=post_id).select_related("person").first()
    )
    taker = forms.chosen_post(request, "taker", by=by)
    numbers = [forms.number(value) for value in request.POST.getlist("party")]
    chosen = (
        None
        if request.POST.get("which") == "all"
        else list(Party.objects.filter(zone_id=by.zone_id, pk__in=[n for n in numbers if n]))
    )
    if chosen == []:
        raise Refused(_("Tick the enterprises to hand over, or choose all."), field="which")
    done = registry.hand_over_caseload(
        by=by, now=timezone.now(), giver=giver, taker=taker, parties=chosen
    )
    messages.success(request, _handed_words(done.count, taker))
    return go(request, reverse("caseload", args=[taker.pk]))


@require_POST
@staff
def hand_back(request: HttpRequest, by: Actor, line_id: int) -> HttpResponse:
    """Take a hand-over back."""
    line = found(
        JournalLine.objects.filter(
            zone_id=by.zone_id, pk=line_id, verb="hand_over_caseload"
        ).first()
    )
    done = registry.hand_back_caseload(by=by, now=timezone.now(), line=line)
    giver = found(Post.objects.select_related("person").filter(pk=line.detail["giver"]).first())
    messages.success(request, _handed_words(done.count, giver))
    return go(request, reverse("caseload", args=[giver.pk]))


def _handed_words(count: int, taker: Post) -> str:
    return ngettext(
        "%(count)d enterprise is now with %(person)s.",
        "%(count)d enterprises are now with %(person)s.",
        count,
    ) % {"count": count, "person": taker.person.name}
