"""The rules a zone auctions by: each parameter with its source and mark, in versions."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.access import lots as access
from xiaoer.assets.auction import terms
from xiaoer.assets.auction.terms import PARAMETERS, Parameter, Terms
from xiaoer.assets.pages.lot_forms import money_typed, plain_yuan
from xiaoer.assets.queries import lots as queries
from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages import forms
from xiaoer.base.scope import Actor


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES, Role.CITY)
def auction_rules(request: HttpRequest, by: Actor) -> HttpResponse:
    """The version asked for, beside the others; a new one is released by the exchange centre."""
    if request.method == "POST":
        row = assets.release_auction_rules(
            by=by, now=timezone.now(), name=forms.text(request, "name", longest=80),
            new=_typed(request), reason=request.POST.get("reason", ""),
        )  # fmt: skip
        messages.success(request, _("Released; lots put up from now on are under it."))
        return go(request, reverse("auction_rules") + f"?version={row.number}")
    versions = queries.rules_versions(by)
    wanted = forms.number(request.GET.get("version"))
    shown = next(
        (one for one in versions if one.number == wanted), versions[0] if versions else None
    )
    context = {
        "versions": versions,
        "shown": shown,
        "groups": _groups(shown.body if shown else {}),
        "account": queries.deposit_account(by),
        "changes": access.runs_exchange(by),
        "doing": request.GET.get("do", ""),
    }
    return render(request, "assets/auction_rules.html", context)


@require_POST
@page(*access.EXCHANGE)
def deposit_account(request: HttpRequest, by: Actor) -> HttpResponse:
    """Where deposits are paid from now on."""
    assets.keep_deposit_account(
        by=by, now=timezone.now(), holder=request.POST.get("holder", ""),
        bank=request.POST.get("bank", ""), number=request.POST.get("number", ""),
    )  # fmt: skip
    messages.success(request, _("Kept; lots announced from now on name this account."))
    return go(request, reverse("auction_rules"))


def _groups(body: dict[str, dict[str, object]]) -> list[tuple[str, list[dict[str, object]]]]:
    """Parameters by the part of an auction they are about, with the version's value of each."""
    values, groups = asdict(terms.read(body)), dict[str, list[dict[str, object]]]()
    for one in PARAMETERS:
        kept = body.get(one.code, {"source": one.source, "mark": one.mark})
        groups.setdefault(str(one.group), []).append(
            {
                "parameter": one,
                "value": values[one.code],
                "shown": _shown(one, values[one.code]),
                "plain": plain_yuan(values[one.code]) if one.is_money else values[one.code],
                "source": kept["source"],
                "mark": kept["mark"],
            }
        )
    return list(groups.items())


def _shown(one: Parameter, value: int) -> str:
    if one.is_choice:
        return _("yes") if value else _("no")
    return f"{plain_yuan(value) if one.is_money else value} {one.unit}"


def _typed(request: HttpRequest) -> Terms:
    """The terms of a form; what is not a number is refused by its field."""
    values: dict[str, int | bool] = {}
    for one in PARAMETERS:
        if one.is_choice:
            values[one.code] = request.POST.get(one.code) == "yes"
        elif one.is_money:
            values[one.code] = money_typed(request, one.code) or 0
        else:
            values[one.code] = forms.whole(request, one.code, least=one.least, most=one.most)
    return Terms(**values)  # type: ignore[arg-type]  # each by the kind its parameter says
