"""One-time codes cannot be guessed: after a few wrong ones an address has to wait.

Wrong codes are counted beside wrong passwords, where they survive the rollback of the refusal; what
was typed is not kept.
"""

import functools
from collections.abc import Callable
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import as_web

Door = Callable[..., HttpResponseBase]


def counts_wrong_codes(door: Door) -> Door:
    """Around a door: what a view marked by ``wrong_code`` is counted once its scope is closed."""

    @functools.wraps(door)
    def counting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return door(request, *args, **kwargs)
        finally:
            if getattr(request, "typed_a_wrong_code", False):
                AxesProxyHandler.user_login_failed(
                    __name__, _credentials(request), request=_without_what_was_typed(request)
                )

    return counting


def must_not_guess(request: HttpRequest) -> None:
    """Refuse an address that typed too many wrong codes lately."""
    with as_web():
        is_locked = AxesProxyHandler.is_locked(
            _without_what_was_typed(request), _credentials(request)
        )
    if is_locked:
        raise Refused(
            _("Too many wrong codes came from here. Wait 15 minutes, then type it as it was sent."),
            field="code",
        )


def wrong_code(request: HttpRequest) -> None:
    """Mark that a wrong code was typed."""
    request.typed_a_wrong_code = True  # type: ignore[attr-defined]  # read by the decorator above


def _credentials(request: HttpRequest) -> dict[str, str]:
    return {"username": f"one-time code {request.path}"[:255]}


def _without_what_was_typed(request: HttpRequest) -> HttpRequest:
    quiet = HttpRequest()
    quiet.META = request.META
    quiet.path = request.path
    quiet.method = request.method
    return quiet
