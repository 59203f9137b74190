"""外勤设备: the phones that keep an officer's field work, and for how long they may."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.access import is_administrator
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import FieldDevice
from xiaoer.outreach.pages import reading

staff = page(*STAFF_ROLES)


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A phone as the list shows it."""

    device: FieldDevice
    is_own: bool
    is_expired: bool


@staff
def field_devices(request: HttpRequest, by: Actor) -> HttpResponse:
    """外勤设备: phones that keep one's field work; an administrator sees everybody's."""
    now = timezone.now()
    administers = by.role == Role.ADMINISTRATOR
    everybody = administers and request.GET.get("all") == "yes"
    rows = queries.devices(by=by, everybody=everybody)
    context = {
        "rows": [
            DeviceRow(row, row.account_ref == by.account_id, row.allowed_until < now)
            for row in rows
        ],
        "everybody": everybody,
        "administers": administers,
        "rule": queries.field_rule(by=by),
        "days": queries.field_days(by=by),
        "naming": reading.number(request.GET.get("name")),
    }
    return render(request, "outreach/field_devices.html", context)


def _own_or_any(by: Actor, device_id: int) -> FieldDevice:
    """A phone the asker may touch: one's own, an administrator's every; others are not there."""
    device = found(queries.device(by=by, device_id=device_id))
    return found(device if device.account_ref == by.account_id or is_administrator(by) else None)


@require_POST
@staff
def field_device_wipe(request: HttpRequest, by: Actor, device_id: int) -> HttpResponse:
    device = _own_or_any(by, device_id)
    outreach.wipe_device(by=by, now=timezone.now(), device=device)
    messages.success(
        request,
        _("%(name)s is wiped: its key is gone now, its data at its next contact.")
        % {"name": device.name},
    )
    own = device.account_ref == by.account_id
    return go(request, reverse("field_devices") + ("" if own else "?all=yes"))


@require_POST
@staff
def field_device_name(request: HttpRequest, by: Actor, device_id: int) -> HttpResponse:
    outreach.rename_device(
        by=by,
        now=timezone.now(),
        device=_own_or_any(by, device_id),
        name=reading.said(request.POST, "name", 60),
    )
    return go(request, reverse("field_devices"))


@require_POST
@page(Role.ADMINISTRATOR)
def field_rule(request: HttpRequest, by: Actor) -> HttpResponse:
    """For how many days phones of this zone keep field work."""
    post = request.POST
    outreach.set_field_days(
        by=by,
        now=timezone.now(),
        days=reading.number(post.get("days")) or 0,
        source=reading.said(post, "source", 200),
        version=reading.number(post.get("version")) or 0,
    )
    messages.success(request, _("Saved; phones follow at their next contact."))
    return go(request, reverse("field_devices"))
