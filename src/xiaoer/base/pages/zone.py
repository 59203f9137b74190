"""本区设置: what the zone says of itself to everybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiaoer.base import actions as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Role, Zone
from xiaoer.base.pages import forms
from xiaoer.base.pages.people import now
from xiaoer.base.scope import Actor


@require_http_methods(["GET", "POST"])
@page(Role.ADMINISTRATOR)
def zone_settings(request: HttpRequest, by: Actor, zone_id: int) -> HttpResponse:
    """The telephone for complaints, and the way to the zone's own lists."""
    zone = found(Zone.objects.filter(pk=zone_id if zone_id == by.zone_id else 0).first())
    if request.method == "POST":
        base.set_complaint_phone(
            by=by,
            now=now(),
            phone=forms.text(request, "complaint_phone", longest=30),
            before=forms.text(request, "before", longest=30),
        )
        messages.success(request, _("Saved; cards printed from now on and public pages show it."))
        return go(request, reverse("zone_settings", args=[zone_id]))
    return render(request, "base/zone_settings.html", {"zone_shown": zone})
