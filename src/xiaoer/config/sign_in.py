"""Sign-in: accounts are given, a lock-out says when it ends, a printed password is changed first."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base import actions as base
from xiaoer.base import envelopes
from xiaoer.base.models import Account
from xiaoer.base.pages.session import remember_language

logger = logging.getLogger(__name__)
PROVIDER_SECONDS = 5
# What allauth wants to say after an act, in our words; anything not here is not worth a banner.
SAID = {
    "account/messages/password_changed.txt": gettext_lazy(
        "Your password is changed. Other devices are signed out."
    ),
    "mfa/messages/totp_activated.txt": gettext_lazy(
        "From now on, sign-in also asks for the code of your phone."
    ),
    "mfa/messages/totp_deactivated.txt": gettext_lazy(
        "Sign-in no longer asks for a code; your password alone is enough."
    ),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy(
        "New recovery codes are made; the old ones are void."
    ),
}


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are given by an office, never taken."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "The account or the password is not right. After five wrong tries this account is "
            "locked at this address for 15 minutes."
        ),
        "account_inactive": gettext_lazy(
            "This account is closed. Ask the head of your office or the administrator."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong codes. Wait 15 minutes, then type the one shown now."
        ),
        "enter_current_password": gettext_lazy("Type the password you have now."),
        "incorrect_password": gettext_lazy("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by axes; what allauth counts by account are wrong codes."""

    def set_password(self, user: Account, password: str) -> None:
        """A password chosen by its owner ends the duty to change the printed one."""
        base.choose_own_password(account=user, password=password, now=timezone.now())

    def post_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse:
        """Greet in the language the person chose, on whatever device."""
        response: HttpResponse = super().post_login(request, user, **more)
        if user.language in dict(settings.LANGUAGES):
            remember_language(response, user.language)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = SAID.get(message_template or "") or message
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)


class TotpAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """Codes of a phone app, under the product's name."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not right. It changes every 30 seconds; type the one shown now."
        ),
    }

    def get_totp_issuer(self) -> str:
        return "小二 Xiaoer"

    def encrypt(self, text: str) -> str:
        """What codes are made from lies sealed: a backup of the database makes no codes."""
        return envelopes.put_in(text)

    def decrypt(self, encrypted_text: str) -> str:
        return envelopes.take_out(encrypted_text)


class _Patient(requests.Session):
    """Asks the provider, and turns its silence into a page instead of a breakdown."""

    def __init__(self, asked_by: HttpRequest) -> None:
        super().__init__()
        self.asked_by = asked_by

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", PROVIDER_SECONDS)
        try:
            answer = super().request(*args, **kwargs)
            if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                return answer
        except requests.RequestException:
            logger.warning("the provider of unified sign-in does not answer", exc_info=True)
        page = render(self.asked_by, "socialaccount/authentication_error.html", status=502)
        raise ImmediateHttpResponse(page)


class UnifiedAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    """统一身份认证: signs in an account that an office has given; it never makes one.

    The account is the one whose name equals the provider's claim ``XIAOER_OIDC_CLAIM``.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_requests_session(self) -> "_Patient":
        """What talks to the provider; one that does not answer is said, and the password remains."""
        return _Patient(self.request)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = {**claims.get("id_token", {}), **claims.get("userinfo", {}), **claims}
        name = str(claims.get(settings.OIDC_CLAIM, "")).strip()
        account = Account.objects.filter(username=name, is_active=True).first() if name else None
        if account is None:
            page = render(request, "base/no_account.html", {"claimed": name}, status=403)
            raise ImmediateHttpResponse(page)
        sociallogin.connect(request, account)


def account_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The account a try counts against: one person, however the name was typed."""
    given = (credentials or {}).get("username") or request.POST.get("login")
    return str(given).strip().casefold()[:60] if given else None


def locked_out(
    request: HttpRequest, _answer: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Answer of axes after five wrong passwords for one account from one address."""
    until = _locked_until(request, credentials)
    minutes = max(1, round((until - timezone.now()).total_seconds() / 60))
    response = render(
        request, "base/locked_out.html", {"until": until, "minutes": minutes}, status=429
    )
    response["Retry-After"] = str(minutes * 60)
    return response


def _locked_until(request: HttpRequest, credentials: Any) -> datetime:
    pause = timedelta(hours=settings.AXES_COOLOFF_TIME)
    last = (
        AccessAttempt.objects.filter(
            username=account_name(request, credentials),
            ip_address=getattr(request, "axes_ip_address", None),
        )
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    return (last or timezone.now()) + pause


class PrintedPasswordMiddleware:
    """Leads whoever signed in with a printed password to the page that changes it, and nowhere else."""

    FREE = ("/static/", "/accounts/password/change/", "/accounts/logout/", "/language/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.FREE) or not self._must_change(request):
            response = self.get_response(request)
            if request.path.startswith("/accounts/"):
                # Keys of the second step, recovery codes: kept by nobody on the way.
                response["Cache-Control"] = "no-store"
            return response
        if request.path.startswith("/api/"):
            words = _("Change the printed password in the browser first.")
            return JsonResponse({"message": words, "field": None}, status=403)
        address = reverse("account_change_password")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)

    def _must_change(self, request: HttpRequest) -> bool:
        # Without a session cookie nobody is signed in, and no query need be asked.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return False
        user = request.user
        return user.is_authenticated and user.must_change_password
