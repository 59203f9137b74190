"""What a person chooses about the session: post, zone, language; and what the sign-in page shows."""

from dataclasses import dataclass

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base import actions as base
from xiaoer.base import queries
from xiaoer.base.doors import go, page
from xiaoer.base.models import Role, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """What stands beside the two fields: other ways in, and either the demo's people or the zones."""

    providers: tuple[Provider, ...]
    personas: str | None
    zones: tuple[Zone, ...]


def sign_in_page() -> Entrance:
    """Asked by the sign-in page's template: its view is allauth's and knows nothing of ours."""
    kept = queries.installation()
    personas = _personas() if settings.DEMO and kept and kept.is_demo else None
    return Entrance(
        providers=_providers(),
        personas=personas,
        zones=() if personas else tuple(Zone.objects.order_by("id")),
    )


def _personas() -> str | None:
    try:
        return reverse("demo_personas")
    except NoReverseMatch:
        return None


def _providers() -> tuple[Provider, ...]:
    """统一身份认证, only when the installation has configured it."""
    if not settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS"):
        return ()
    found = get_adapter().list_providers(None)
    return tuple(Provider(name=p.name, address=p.get_login_url(None)) for p in found)


@require_POST
@page()
def switch_post(request: HttpRequest, by: Actor) -> HttpResponse:
    """Work in another of one's posts; the next page is that post's home."""
    wanted = _number(request.POST.get("post"))
    held = queries.posts_of_account(account_id=by.account_id or 0)
    if wanted not in {post.post_id for post in held}:
        raise Refused(_("You do not hold this post today; choose another."))
    request.session["post"] = wanted
    request.session.pop("zone", None)
    return go(request, reverse("home"))


@require_POST
@page(Role.CITY)
def switch_zone(request: HttpRequest, by: Actor) -> HttpResponse:
    """City roles look at another zone of their city, in the list they were reading."""
    zones = queries.zones_of_city(city_id=by.city_id)
    wanted = next((z for z in zones if z.code == request.POST.get("zone")), None)
    if wanted is None:
        raise Http404
    request.session["zone"] = wanted.pk
    return go(request, _safe(request, request.POST.get("next", "/")))


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language: at once by cookie, for later on the account."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if request.user.is_authenticated:
        base.choose_language(account=request.user, language=language)
    response = HttpResponseRedirect(_safe(request, request.POST.get("next", "/")))
    remember_language(response, language)
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language in the browser, as Django's own switch does."""
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )


def _safe(request: HttpRequest, address: str) -> str:
    fits = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if fits else "/"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
