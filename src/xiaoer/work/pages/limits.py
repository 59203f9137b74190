"""The limits of a zone, with where each comes from."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.work import access, queries
from xiaoer.work import actions as work
from xiaoer.work.clocks import LimitUnit
from xiaoer.work.pages.reading import whole_number


def marks() -> dict[str, str]:
    """What the marks of verification mean to a reader."""
    return {
        "A": _("text read"),
        "V": _("text read"),
        "S": _("from an article"),
        "B": _("two sources agree"),
        "C": _("one source"),
        "U": _("custom, text not seen"),
        "D": _("no authority's rule"),
    }


@page(*STAFF_ROLES, Role.CITY)
def limits(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every limit that runs in the zone; administrators change them, one at a time."""
    rules = queries.limits(zone_id=by.zone_id)
    may_edit = access.may_keep_settings(by)
    wanted = request.GET.get("edit") if may_edit else None
    return render(
        request,
        "work/limits.html",
        {
            "rules": [
                (rule, queries.limit_words(rule.count, rule.unit), marks().get(rule.mark))
                for rule in rules
            ],
            "may_edit": may_edit,
            "edited": next((rule for rule in rules if rule.code == wanted), None),
            "units": LimitUnit.choices,
        },
    )


@require_POST
@page(*STAFF_ROLES)
def set_limit(request: HttpRequest, by: Actor, code: str) -> HttpResponse:
    work.set_limit(
        by=by,
        now=timezone.now(),
        code=code,
        version=whole_number(request, "version"),
        count=whole_number(request, "count"),
        unit=request.POST.get("unit", ""),
        amber_share=whole_number(request, "amber_share"),
        source=request.POST.get("source", ""),
        is_pausable=request.POST.get("is_pausable") == "yes",
    )
    messages.success(request, _("Changed for what begins from now on."))
    return go(request, reverse("limits"))
