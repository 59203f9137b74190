"""Addresses of growth."""

from django.urls import URLPattern

from xiaoer.growth import watch_urls

urlpatterns: list[URLPattern] = [
    *watch_urls.urlpatterns,
]
