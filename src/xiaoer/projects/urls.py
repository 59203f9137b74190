"""Addresses of projects."""

from django.urls import URLPattern

from xiaoer.projects import (
    element_urls,
    livelihood_urls,
    money_urls,
    reserve_urls,
    session_urls,
    wall_urls,
)

urlpatterns: list[URLPattern] = [
    *money_urls.urlpatterns,
    *element_urls.urlpatterns,
    *livelihood_urls.urlpatterns,
    *reserve_urls.urlpatterns,
    *session_urls.urlpatterns,
    *wall_urls.urlpatterns,
]
