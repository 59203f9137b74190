"""诉求类别: the zone's own list of kinds of request, with the office that usually leads."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiaoer.base import queries as base
from xiaoer.base.doors import go, page
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import AppealKind
from xiaoer.outreach.pages import reading

MOST_ORDER = 32_767
CODE = re.compile(r"[A-Za-z0-9_-]{1,30}")


@require_http_methods(["GET", "POST"])
@page(Role.ADMINISTRATOR, Role.SERVICE_DESK)
def kinds(request: HttpRequest, by: Actor) -> HttpResponse:
    """The list; the form changes the kind that was chosen, or adds one."""
    rows = list(queries.kinds(by=by).select_related("office"))
    if request.method == "POST":
        return _keep(request, by, rows)
    chosen = next((row for row in rows if row.code == request.GET.get("code")), None)
    context = {
        "rows": rows,
        "chosen": chosen,
        "offices": [(one.pk, one.name) for one in base.offices(zone_id=by.zone_id)],
        "next_place": max((row.order for row in rows), default=0) + 1,
    }
    return render(request, "outreach/kinds.html", context)


def _keep(request: HttpRequest, by: Actor, rows: list[AppealKind]) -> HttpResponse:
    post = request.POST
    code, is_new = reading.said(post, "code", 30), post.get("new") == "yes"
    if is_new and any(row.code == code for row in rows):
        raise Refused(
            _("This code is taken; choose the kind in the list to change it."), field="code"
        )
    if is_new and not CODE.fullmatch(code):
        raise Refused(
            _("Type the code in letters and figures without spaces, such as power."), field="code"
        )
    order = reading.number(post.get("order"))
    if order is None or order > MOST_ORDER:
        raise Refused(_("Type the place in the list as a whole number."), field="order")
    kept = outreach.keep_kind(
        by=by,
        now=timezone.now(),
        code=code,
        name=reading.said(post, "name", 60),
        name_en=reading.said(post, "name_en", 60),
        office=reading.office(post, by=by),
        order=order,
    )
    messages.success(request, _("Saved: %(name)s.") % {"name": kept.name})
    return go(request, reverse("kinds"))
