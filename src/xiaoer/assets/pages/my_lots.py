"""A firm's own lots: put up, changed, with pictures and papers, brought in, taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.models import Lot
from xiaoer.assets.pages import lot_forms
from xiaoer.assets.pages.lot_forms import yuan
from xiaoer.assets.pages.lot_sale import object_here, objecting
from xiaoer.assets.pages.lots import OWN_VERBS, form_context, shown
from xiaoer.assets.queries import lots as queries
from xiaoer.assets.words import halls as words
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.work import queries as work

owner = page(Role.ENTERPRISE, Role.PARTY)


def own_lot(by: Actor, number: int) -> Lot:
    """One of the asker's own, or a 404."""
    return found(queries.own_lots(by).select_related("rules", "hall").filter(pk=number).first())


@owner
def my_lots(request: HttpRequest, by: Actor) -> HttpResponse:
    """What we put up, and how each stands."""
    context = {"rows": queries.own_standings(by), "yuan": yuan, "words": words}
    return render(request, "assets/my_lots.html", context)


@owner
def my_lot_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put something up that stands idle."""
    if request.method == "POST":
        row = assets.draft_lot(by=by, now=timezone.now(), facts=lot_forms.facts_typed(request))
        messages.success(request, _("Add pictures and papers, then send it to be checked."))
        return go(request, reverse("my_lot", args=[row.pk]))
    return render(request, "assets/lot_form.html", form_context(by, None))


@owner
def my_lot_change(request: HttpRequest, by: Actor, own_lot_id: int) -> HttpResponse:
    """Change what our lot says of itself."""
    row = own_lot(by, own_lot_id)
    if request.method == "POST":
        assets.change_lot(
            by=by, now=timezone.now(), lot=row, facts=lot_forms.facts_typed(request),
            version=lot_forms.version_typed(request),
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return go(request, reverse("my_lot", args=[row.pk]))
    return render(request, "assets/lot_form.html", form_context(by, row))


@owner
def my_lot(request: HttpRequest, by: Actor, own_lot_id: int) -> HttpResponse:
    """One of ours: where it stands, what it says, what we can do."""
    row = own_lot(by, own_lot_id)
    address = reverse("my_lot", args=[row.pk])
    context = {
        **shown(by, row),
        "doing": request.GET.get("do", ""),
        "last_day": work.last_day,
        **objecting(by, row, None, f"{address}do/"),
    }
    return render(request, "assets/my_lot.html", context)


@require_POST
@owner
def my_lot_do(request: HttpRequest, by: Actor, own_lot_id: int, verb: str) -> HttpResponse:
    """What an owner does itself."""
    row = own_lot(by, own_lot_id)
    if object_here(request, by, row, verb):
        return go(request, reverse("my_lot", args=[row.pk]))
    if verb not in OWN_VERBS:
        raise Http404
    OWN_VERBS[verb](request, by, timezone.now(), row)
    messages.success(request, _("Done."))
    return go(request, reverse("my_lot", args=[row.pk]))
