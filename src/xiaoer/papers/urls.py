"""Addresses of papers."""

from django.urls import URLPattern

from xiaoer.papers import keeping_urls, licence_urls

urlpatterns: list[URLPattern] = [*licence_urls.urlpatterns, *keeping_urls.urlpatterns]
