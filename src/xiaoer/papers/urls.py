"""Addresses of papers."""

from django.urls import URLPattern

from xiaoer.papers import licence_urls

urlpatterns: list[URLPattern] = [*licence_urls.urlpatterns]
