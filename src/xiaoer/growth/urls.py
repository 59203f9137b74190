"""Addresses of growth."""

from django.urls import URLPattern

from xiaoer.growth import ladder_urls, title_urls, watch_urls

urlpatterns: list[URLPattern] = [
    *ladder_urls.urlpatterns,
    *watch_urls.urlpatterns,
    *title_urls.urlpatterns,
]
