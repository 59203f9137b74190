"""我的: one's posts, deputies, language, second step, password, tokens."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.base import actions as base
from xiaoer.base import queries
from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES, Deputy
from xiaoer.base.pages import forms
from xiaoer.base.pages.people import colleagues, now, today
from xiaoer.base.scope import Actor, as_web
from xiaoer.base.tokens import READ, WRITE

SCOPE_WORDS = ((READ, _("read what I may see")), (WRITE, _("do what I may do")))


@require_GET
@page()
def me(request: HttpRequest, by: Actor) -> HttpResponse:
    """Everything about oneself on one page."""
    person = queries.person_row(zone_id=by.zone_id, person_id=by.person_id or 0, on=today())
    with as_web():
        has_totp = Authenticator.objects.filter(
            user_id=by.account_id, type=Authenticator.Type.TOTP
        ).exists()
    held = queries.posts_of_account(account_id=by.account_id or 0)
    own = [post.post_id or 0 for post in held if post.zone_id == by.zone_id]
    return render(
        request,
        "base/me.html",
        {
            "by": by,
            "person": person.person if person else None,
            "held": held,
            "role_words": by.role.label if by.role else "",
            "has_totp": has_totp,
            "tokens": queries.tokens_of(account_id=by.account_id or 0),
            "scope_words": dict(SCOPE_WORDS),
            "deputies": _deputies(by, own),
            "is_staff": by.role in STAFF_ROLES,
            "do": request.GET.get("do", ""),
            "colleagues": colleagues(by, but=by.person_id or 0) if by.is_staff else [],
            "today": today(),
        },
    )


def _deputies(by: Actor, own: list[int]) -> list[Deputy]:
    """Only staff have deputies; the table is closed to everybody else."""
    if not by.is_staff:
        return []
    return queries.deputies_of(zone_id=by.zone_id, post_ids=own, on=today())


@require_http_methods(["GET", "POST"])
@page()
def token_make(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Make a token; the answer shows it once. Sent twice, or asked for again, it leads back."""
    if request.method == "GET":
        return redirect("me")
    token, secret = base.make_token(
        by=by,
        now=now(),
        name=forms.text(request, "name", longest=60),
        scopes=request.POST.getlist("scopes"),
        days=forms.whole(request, "days", least=1, most=366),
    )
    context = {"token": token, "secret": secret, "scope_words": dict(SCOPE_WORDS)}
    return render(request, "base/token.html", context)


@require_POST
@page()
def token_revoke(request: HttpRequest, by: Actor, token_id: int) -> HttpResponse:
    base.revoke_token(by=by, now=now(), token_id=token_id)
    return go(request, reverse("me"))
