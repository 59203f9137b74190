"""Addresses of the base."""

from django.urls import URLPattern, path

from xiaoer.base.pages import session

urlpatterns: list[URLPattern] = [
    path("switch/", session.switch_post, name="switch_post"),
    path("switch-zone/", session.switch_zone, name="switch_zone"),
    path("language/", session.set_language, name="set_language"),
]
