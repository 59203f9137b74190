"""Addresses of all rooms."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from xiaoer.base.queries import tell_with
from xiaoer.config import errors
from xiaoer.config.api import api
from xiaoer.config.notices import calendar_notices
from xiaoer.config.pages import home, home_figures
from xiaoer.config.searching import search

ROOMS = (
    "base", "registry", "work", "facts", "papers", "rules", "projects", "assets", "outreach", "growth", "permits",
    "reports",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("home/figures/", home_figures, name="home_figures"),
    path("search/", search, name="search"),
    # Accounts are given by an office and have no e-mail: these pages of the package do not exist here.
    re_path(
        r"^accounts/(?:signup|email|confirm-email|password/(?:set|reset)|login/code|social"
        r"|3rdparty/(?:signup/)?$)",
        errors.not_found,
    ),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    *(
        path("", include(f"xiaoer.{room}.urls"))
        for room in ROOMS
        if find_spec(f"xiaoer.{room}.urls")
    ),
]

tell_with(calendar_notices)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken

if settings.DEMO and find_spec("xiaoer.demo.urls"):
    urlpatterns.append(path("demo/", include("xiaoer.demo.urls")))
