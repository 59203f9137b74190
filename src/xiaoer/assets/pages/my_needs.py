"""我们找载体: an enterprise opens its own need, hears what is shown, and answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.models import Showing, SpaceNeed
from xiaoer.assets.pages.needs import facts_typed, form_words, showing_typed
from xiaoer.assets.words import fits as fit_words
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Role
from xiaoer.base.pages.forms import number, text
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party

enterprise = page(Role.ENTERPRISE)


@enterprise
def my_space_needs(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every need of ours: what we look for and how it stands."""
    context = {
        "rows": [
            (one, fit_words.area_words(one), fit_words.need_words(one))
            for one in queries.own_needs(by)
        ]
    }
    return render(request, "assets/my_space_needs.html", context)


@enterprise
def my_space_need_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Say what we look for; the zone answers with what stands empty."""
    party = found(Party.objects.filter(pk=by.party_ref or 0).first())
    if request.method == "POST":
        need = assets.open_need(
            by=by, now=timezone.now(), facts=facts_typed(request, by), party=party
        )
        messages.success(request, _("Registered; the zone looks and tells you here."))
        return go(request, reverse("my_space_need", args=[need.pk]))
    context = {**form_words(by, None), "own": True, "action": reverse("my_space_need_new")}
    return render(request, "assets/space_need_form.html", context)


@enterprise
def my_space_need(request: HttpRequest, by: Actor, my_space_need_id: int) -> HttpResponse:
    """One need of ours: what was shown to us, and what we say of it."""
    need = found(queries.own_need(by, my_space_need_id))
    if request.method == "POST":
        _act(request, by, need)
        messages.success(request, _("Saved."))
        return go(request, reverse("my_space_need", args=[need.pk]))
    context = {
        "need": need,
        "area": fit_words.area_words(need),
        "asks": fit_words.need_words(need),
        "showings": queries.shown_to(by, need),
        "is_open": need.state == SpaceNeed.State.OPEN,
        "answers": [(Showing.Answer.LIKES.value, _("interested")), (Showing.Answer.NO.value, _("does not fit"))],
    }  # fmt: skip
    return render(request, "assets/my_space_need.html", context)


def _act(request: HttpRequest, by: Actor, need: SpaceNeed) -> None:
    now = timezone.now()
    if request.POST.get("what_to_do") == "drop":
        assets.drop_need(
            by=by, now=now, need=need, reason=text(request, "reason", longest=300),
            version=number(request.POST.get("version")),
        )  # fmt: skip
        return
    assets.answer_showing(
        by=by, now=now, showing=showing_typed(request, queries.shown_to(by, need)),
        answer=request.POST.get("answer", ""), words=text(request, "words", longest=300),
    )  # fmt: skip
