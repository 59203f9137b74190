"""外勤: the pages that work without network, what makes them an app, and the phones that keep it.

The app's page holds no record and no name: it is the same for everybody, so that it may lie in a
browser's cache. Whatever is somebody's comes from the API and is kept sealed (field/store.js).
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from xiaoer.base.access import is_administrator
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import FieldDevice
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.field_words import words

staff = page(*STAFF_ROLES)
# Everything the app's page needs; a phone keeps all of it or none, under one fingerprint.
MODULES = ("app", "acceptance", "views", "form", "store", "phone", "sync", "photos", "dom", "leave")
ASSETS = (
    "web/theme.js",
    "web/logo.svg",
    "web/xiaoer.css",
    "web/field/field.css",
    *(f"web/field/{name}.js" for name in MODULES),
    "web/vendor/tabler.css",
    "web/vendor/icons.svg",
)
WORKER = "web/field/worker.js"


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Changes when anything of the app changes: its files, its words, its page."""
    digest = hashlib.sha256()
    for name in (*ASSETS, WORKER):
        place = finders.find(name)
        if place:
            digest.update(Path(str(place)).read_bytes())
    for language, _name in settings.LANGUAGES:
        digest.update(json.dumps(words(language), sort_keys=True).encode())
    return digest.hexdigest()[:16]


@ensure_csrf_cookie
@require_GET
def field(request: HttpRequest) -> HttpResponse:
    """The app's page; the script draws it from what the phone keeps."""
    return render(request, "outreach/field.html", {"version": fingerprint(), "demo": settings.DEMO})


@require_GET
def field_words(request: HttpRequest, language: str) -> HttpResponse:
    """The app's words in a language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return JsonResponse(words(language), json_dumps_params={"ensure_ascii": False})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: at the root, so that it answers for every page when there is no network.

    Its text changes with the fingerprint, by which browsers notice a new version.
    """
    kept = [
        reverse("field"),
        *(static(name) for name in ASSETS),
        *(reverse("field_words", args=[language]) for language, _name in settings.LANGUAGES),
    ]
    text = (
        f"const SHELL = {json.dumps({'version': fingerprint(), 'page': reverse('field'), 'kept': kept})};\n"
        f'import {{ start }} from "{static("web/field/worker.js")}?v={fingerprint()}";\n'
        "start(SHELL);\n"
    )
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the app beside the others: name in the reader's language, icons."""
    icons = [
        {
            "src": static(f"web/vendor/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in (192, 512)
    ]
    maskable = static("web/vendor/icon-maskable-512.png")
    body = {
        "id": reverse("field"),
        "name": _("Xiaoer field work"),
        "short_name": _("Xiaoer"),
        "description": _("Visits of the day, also without network"),
        "lang": "zh-Hans" if (translation.get_language() or "").startswith("zh") else "en",
        "start_url": reverse("field"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f7f8",
        "theme_color": "#16202a",
        "icons": [
            *icons,
            {"src": maskable, "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type="application/manifest+json"
    )
    response["Cache-Control"] = "no-cache"
    return response


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
