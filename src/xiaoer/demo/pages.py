"""The demo's people on the sign-in page, and sitting down at their desks without a password."""

from collections.abc import Callable
from functools import wraps
from importlib.resources import files
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go
from xiaoer.demo import queries

SHEET = "企业名录（样例）.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def demo_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing of this exists unless the process and the database both are a demo."""

    @wraps(view)
    def door(request: HttpRequest) -> HttpResponse:
        kept = base.installation()
        if not settings.DEMO or kept is None or not kept.is_demo:
            raise Http404
        return view(request)

    return door


@require_GET
@demo_only
def demo_personas(request: HttpRequest) -> HttpResponse:
    """The right half of the sign-in page: whom one may be, and what lies on their desks."""
    chips = queries.chips()
    wanted = request.GET.get("zone")
    chosen = wanted if wanted in {chip.value for chip in chips} else None
    desks = queries.desks(now=timezone.now(), chosen=chosen)
    context = {"chips": chips, "chosen": chosen, "desks": desks}
    return render(request, "demo/_personas.html", context)


@require_GET
@demo_only
def demo_promises(request: HttpRequest) -> HttpResponse:
    """Below the two fields: what the demo's records say of the promise above them."""
    return render(
        request, "demo/_promises.html", {"promises": queries.promises(now=timezone.now())}
    )


@require_POST
@demo_only
def demo_enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a persona. Their passwords are unknown; this is the only way in."""
    number = request.POST.get("persona", "")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Http404
    row = found(queries.persona(persona_id=int(number)))
    login(request, row.account, backend=BACKEND)
    return go(request, reverse("home"))


@require_GET
@demo_only
def demo_sheet(request: HttpRequest) -> HttpResponse:
    """A dirty sheet of invented enterprises, to try the import with."""
    content = (files("xiaoer.demo") / "sheets" / SHEET).read_bytes()
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(SHEET)}"
    return response
