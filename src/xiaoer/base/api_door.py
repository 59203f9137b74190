"""Door of the API: a token or a session says who acts; the scope opens; a refusal becomes 422.

A route is ``route(request, by, …)`` under ``@api(scope)``. Reading needs the scope ``read``, verbs
need ``write``; a token has what it was given, a session has both. ``key_api`` is the door of whoever
holds a secret instead: a contact card's code, a receipt's link. A verb called twice with one
``Idempotency-Key`` has one result. A city role names the zone it looks at in ``X-Zone``.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import HttpError
from ninja.utils import check_csrf, contribute_operation_callback

from xiaoer.base import queries
from xiaoer.base.api_once import Once
from xiaoer.base.doors import looking_at, unkept
from xiaoer.base.models import ApiToken, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.base.tokens import READ, WRITE, token_hash

__all__ = [
    "PROBLEMS",
    "READ",
    "WITHOUT_TOKEN",
    "WRITE",
    "ApiRefused",
    "Problem",
    "api",
    "asker",
    "key_api",
    "token_hash",
]

# By this header a city role names the zone it looks at, by the zone's code.
ZONE = "X-Zone"


class Problem(Schema):
    """What every refusal looks like: the same words as on the page."""

    message: str
    field: str | None = None


class ApiRefused(Exception):
    """A refusal on its way out of the API, after the scope rolled back."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


# What a route may answer besides its own result; given to ``response=`` of every route.
PROBLEMS: dict[int, type[Schema]] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
# The same for a route behind ``key_api``.
WITHOUT_TOKEN: dict[int, type[Schema]] = {404: Problem, 422: Problem}


def asker(request: HttpRequest, scope: str) -> Actor:
    """Who asks, by ``Authorization: Bearer …`` or by the browser's session."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return _in_zone(request, _by_token(header.removeprefix("Bearer ").strip(), scope))
    if not request.user.is_authenticated:
        raise HttpError(401, _("Sign in, or send a token: Authorization: Bearer …"))
    # A browser sends its session by itself, also from a page of somebody else's.
    if scope == WRITE and check_csrf(request) is not None:
        raise HttpError(403, _("Send the X-CSRFToken of your session, or use a token."))
    by = queries.chosen_post(account_id=request.user.pk, wanted=request.session.get("post"))
    if by is None:
        raise HttpError(403, _("This account holds no post today."))
    return _in_zone(request, by)


def _by_token(token: str, scope: str) -> Actor:
    now = timezone.now()
    kept = ApiToken.objects.filter(token_hash=token_hash(token)).first()
    if kept is None or kept.revoked_at or kept.expires_at <= now:
        raise HttpError(401, _("This token is unknown, revoked or expired; ask for a new one."))
    if scope not in kept.scopes:
        raise HttpError(
            403, _("This token may not do this; it lacks: %(scope)s.") % {"scope": scope}
        )
    ApiToken.objects.filter(pk=kept.pk).update(used_at=now)
    by = queries.chosen_post(account_id=kept.account_id, wanted=kept.post_ref)
    if by is None or by.post_id != kept.post_ref:
        raise HttpError(403, _("The post this token belongs to has ended."))
    return by


def _in_zone(request: HttpRequest, by: Actor) -> Actor:
    """A city role looks at the zone its call names; without a name, at the one its pages show."""
    code = request.headers.get(ZONE)
    if by.role != Role.CITY or code is None:
        return looking_at(request, by)
    chosen = queries.in_zone_looked_at(by, lambda zone: zone.code == code)
    if chosen is None:
        raise Http404
    return chosen


def api(
    scope: str = READ, *, by_city: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Open the scope of whoever asks around a route; the route gets ``by`` as its second argument.

    City roles read; ``by_city`` lets them call a verb about themselves.
    """

    def wrap(route: Callable[..., Any]) -> Callable[..., Any]:
        once = Once() if scope == WRITE else None

        @functools.wraps(route)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            by = asker(request, scope)
            if scope == WRITE and by.role == Role.CITY and not by_city:
                words = _(
                    "The city reads the records of its zones; a zone's own staff change them."
                )
                raise ApiRefused(Refused(words))
            return _enter(request, by, once, lambda: route(request, by, *args, **kwargs))

        return _without_by(door, route, once)

    return wrap


def key_api(
    find: Callable[[str], Actor | None], secret: str, scope: str = WRITE
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Door for the holder of a secret, which the address carries as ``secret``.

    An unknown, withdrawn or expired one is not found; no more is said of it.
    """

    def wrap(route: Callable[..., Any]) -> Callable[..., Any]:
        once = Once() if scope == WRITE else None

        @functools.wraps(route)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            by = find(kwargs[secret])
            if by is None:
                raise Http404
            return _enter(request, by, once, lambda: route(request, by, *args, **kwargs))

        return _without_by(door, route, once)

    return wrap


def _enter(request: HttpRequest, by: Actor, once: Once | None, act: Callable[[], Any]) -> Any:
    try:
        with acting(by):
            answer = act() if once is None else once.answer(request, by, act)
            return unkept(answer) if isinstance(answer, HttpResponseBase) else answer
    except Refused as refusal:
        raise ApiRefused(refusal) from refusal


def _without_by(
    door: Callable[..., Any], route: Callable[..., Any], once: Once | None
) -> Callable[..., Any]:
    """Hide ``by`` from the framework, which would take it for a parameter of the request."""
    signature = inspect.signature(route)
    kept = [p for name, p in signature.parameters.items() if name != "by"]
    door.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]  # a function takes any attribute
    door.__annotations__ = {k: v for k, v in route.__annotations__.items() if k != "by"}
    del door.__wrapped__  # type: ignore[attr-defined]  # set by wraps just before
    if once is not None:
        contribute_operation_callback(door, once.describe)
    return door
