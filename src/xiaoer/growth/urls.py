"""Addresses of growth."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
