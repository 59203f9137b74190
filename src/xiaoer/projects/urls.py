"""Addresses of projects."""

from django.urls import URLPattern

from xiaoer.projects import element_urls, livelihood_urls, reserve_urls, wall_urls

urlpatterns: list[URLPattern] = [
    *element_urls.urlpatterns,
    *livelihood_urls.urlpatterns,
    *reserve_urls.urlpatterns,
    *wall_urls.urlpatterns,
]
