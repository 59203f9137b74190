"""Addresses of all rooms."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from xiaoer.config.api import api
from xiaoer.config.pages import home

ROOMS = ("base", "registry", "work", "facts", "outreach", "reports")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    *(
        path("", include(f"xiaoer.{room}.urls"))
        for room in ROOMS
        if find_spec(f"xiaoer.{room}.urls")
    ),
]

if settings.DEMO and find_spec("xiaoer.demo.urls"):
    urlpatterns.append(path("demo/", include("xiaoer.demo.urls")))
