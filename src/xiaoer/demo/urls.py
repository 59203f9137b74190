"""Addresses of the demo, included only where the process is a demo."""

from django.urls import URLPattern, path

from xiaoer.demo import pages

urlpatterns: list[URLPattern] = [
    path("personas/", pages.demo_personas, name="demo_personas"),
    path("promises/", pages.demo_promises, name="demo_promises"),
    path("enter/", pages.demo_enter, name="demo_enter"),
    path("sheet/", pages.demo_sheet, name="demo_sheet"),
]
