"""Addresses of permits."""

from django.urls import URLPattern

from xiaoer.permits import point_urls

urlpatterns: list[URLPattern] = [
    *point_urls.urlpatterns,
]
