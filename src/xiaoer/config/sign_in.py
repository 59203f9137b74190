"""Sign-in: nobody makes an account for themselves, and a lock-out says when it ends."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are given by an office, never taken."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def locked_out(request: HttpRequest, credentials: Any = None, *_: Any, **__: Any) -> HttpResponse:
    """Answer of axes after five wrong passwords for one account from one address."""
    return render(request, "base/locked_out.html", {"minutes": 15}, status=429)
