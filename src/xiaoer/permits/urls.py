"""Addresses of permits."""

from django.urls import URLPattern

from xiaoer.permits import (
    acceptance_urls,
    applying_urls,
    automatic_public_urls,
    automatic_urls,
    case_urls,
    point_urls,
    thing_urls,
)

urlpatterns: list[URLPattern] = [
    *acceptance_urls.urlpatterns,
    *applying_urls.urlpatterns,
    *automatic_public_urls.urlpatterns,
    *automatic_urls.urlpatterns,
    *case_urls.urlpatterns,
    *point_urls.urlpatterns,
    *thing_urls.urlpatterns,
]
