"""When something is wrong: what happened, what was kept, what next, and a number to quote."""

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


class NumberMiddleware:
    """Gives every request a number: in the answer, in the log, and on the page when it fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(4)
        request.number = number  # type: ignore[attr-defined]  # read by the pages below
        response = self.get_response(request)
        response["X-Request-Id"] = number
        if response.status_code >= 500:
            log.error("%s %s %s", number, request.method, request.path)
        return response


class SizeMiddleware:
    """Refuses a body that says it is too large, before a byte of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size > settings.UPLOAD_LIMIT:
            return too_large(request)
        return self.get_response(request)


def _page(
    request: HttpRequest, status: int, title: str, words: str, next_step: str
) -> HttpResponse:
    """Render without context processors: nothing here may ask a database that may be the trouble."""
    number = getattr(request, "number", "")
    if request.path.startswith("/api/"):
        return JsonResponse({"message": words, "field": None, "number": number}, status=status)
    if request.headers.get("HX-Request"):
        return HttpResponse(f"{title} {words}", status=status)
    context = {
        "status": status,
        "heading": title,
        "words": words,
        "next_step": next_step,
        "number": number,
        "demo": settings.DEMO,
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "path": "/",
        "csrf_input": csrf_input(request),
        "request": request,
    }
    return HttpResponse(render_to_string("base/error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _page(
        request,
        400,
        _("This could not be read"),
        _("What the browser sent is not what this page expects. Nothing was changed."),
        _("Go back, load the page again and repeat the last step."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("Not for this post"),
        _("The post you work in may not do this. Nothing was changed."),
        _("Choose another post at the top right, or ask your administrator for one."),
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("The page was open too long"),
        _("The form no longer belongs to your session, so nothing was sent."),
        _("Go back, load the page again and send it once more. Cookies must be allowed."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is nothing here for you"),
        _("The address is wrong, or the record belongs to another zone or office."),
        _("Check the address, or look for it by its name from the first page."),
    )


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    limit = settings.UPLOAD_LIMIT // 2**20
    return _page(
        request,
        413,
        _("Too large"),
        _("At most %(limit)s MB can be sent at once. Nothing was kept.") % {"limit": limit},
        _("Make the pictures smaller, or split the sheet, and send the parts one by one."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        _("Something broke on our side"),
        _("The step was taken back as a whole; nothing half-done is left."),
        _("Try once more. If it happens again, tell your administrator the number below."),
    )
