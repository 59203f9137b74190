"""Doors of pages: find out who acts, open the scope, call the view, turn a refusal into words.

A view is ``view(request, by, …)`` and returns a response rendered inside the scope. Wrap it in
``page`` (signed in) or ``key_page`` (holder of a secret link, no sign-in).
"""

import functools
import uuid
from collections.abc import Callable
from typing import Any, Concatenate, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xiaoer.base import envelopes, queries
from xiaoer.base.models import AccessMiss, Account, OnceKey, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, as_web

T = TypeVar("T")
R = TypeVar("R", bound=HttpResponseBase)
# A page is an HttpResponse, a sheet or a stored file is streamed.
View = Callable[Concatenate[HttpRequest, Actor, ...], HttpResponseBase]
Door = Callable[..., HttpResponseBase]


class PostedRequest(HttpRequest):
    """A request that passed the door: it knows who acts."""

    actor: Actor


def page(*roles: Role) -> Callable[[View], Door]:
    """Door for people signed in. ``roles`` limits it; without roles every post may enter.

    Not signed in: to the sign-in page. A post of the wrong role gets the same 404 as an address that
    does not exist, and both are counted in the asker's access log, which survives the rollback.
    """

    def wrap(view: View) -> Door:
        @functools.wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            account = request.user
            held = queries.posts_of_account(account_id=account.pk)
            by = queries.chosen_of(held, wanted=request.session.get("post"))
            if by is None:
                return render(request, "base/no_post.html", status=403)
            by = looking_at(request, by)
            request.actor = by  # type: ignore[attr-defined]  # read by the shell's context
            request.posts = held  # type: ignore[attr-defined]  # and offered by it to change to
            try:
                if roles and by.role not in roles:
                    raise Http404
                return _enter(request, by, view, args, kwargs)
            except Http404:
                _count_miss(request, account, by)
                raise

        return door

    return wrap


def looking_at(request: HttpRequest, by: Actor) -> Actor:
    """City roles choose the zone they look at; everybody else has one."""
    if by.role != Role.CITY:
        return by
    wanted = request.session.get("zone")
    return (
        queries.in_zone_looked_at(by, lambda zone: zone.pk == wanted)
        or queries.in_zone_looked_at(by, lambda _zone: True)
        or by
    )


def key_page(find: Callable[..., Actor | None]) -> Callable[[View], Door]:
    """Door for the holder of a secret link: ``find(**kwargs)`` turns the key into an actor.

    An unknown or expired key is a 404 that says nothing about what exists.
    """

    def wrap(view: View) -> Door:
        @functools.wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            by = find(**kwargs)
            if by is None:
                raise Http404
            request.actor = by  # type: ignore[attr-defined]  # read by the shell's context
            return unkept(_enter(request, by, view, args, kwargs))

        return door

    return wrap


def unkept(response: R) -> R:
    """Nobody on the way keeps an answer that carries a secret: a link, a slip, a code, a key."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _enter(
    request: HttpRequest, by: Actor, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponseBase:
    try:
        with acting(by):
            if request.method == "POST":
                # What is shown once is shown by the answer of a form.
                return unkept(_once(request, lambda: view(request, by, *args, **kwargs)))
            return view(request, by, *args, **kwargs)
    except Refused as refusal:
        with acting(by):
            return refused(request, refusal)


def _once(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Let a form with a ``once`` key act once; the second sending is led to the first's answer."""
    key = _key_of(request)
    if key is None:
        return view()
    with as_web(), connection.cursor() as cursor:
        cursor.execute(
            "insert into once_key (key, answer) values (%s, '') on conflict do nothing", [key]
        )
        first = cursor.rowcount == 1
    if not first:
        with as_web():
            answer = envelopes.take_out(OnceKey.objects.get(key=key).answer)
        return go(request, answer or request.get_full_path())
    response = view()
    answer = response.headers.get("HX-Redirect") or response.headers.get("Location") or ""
    with as_web():
        OnceKey.objects.filter(key=key).update(answer=envelopes.put_in(answer))
    return response


def _key_of(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Lead the browser on after a verb, by htmx or plainly."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Show a refusal: beside its field when the form was sent by htmx, else on a page of its own."""
    context = {"message": str(refusal), "field": refusal.field}
    if request.headers.get("HX-Request"):
        response = render(request, "base/_refused.html", context, status=422)
        response["HX-Retarget"] = f"#error-{refusal.field}" if refusal.field else "#form-error"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "base/refused.html", context, status=422)


def _count_miss(request: HttpRequest, account: Account, by: Actor) -> None:
    AccessMiss.objects.create(
        account=account,
        post_ref=by.post_id,
        zone_ref=by.zone_id,
        method=request.method or "",
        path=request.path.replace("\x00", "")[:300],
    )


def found(thing: T | None) -> T:
    """The thing, or a 404 that says it is not here for the asker."""
    if thing is None:
        raise Http404(_("There is no such record here for you."))
    return thing
