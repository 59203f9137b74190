"""Addresses of outreach."""

from django.urls import URLPattern, path

from xiaoer.outreach.pages import public

urlpatterns: list[URLPattern] = [
    path("r/<str:code>/", public.card, name="card"),
    path("t/<str:token>/", public.track, name="track"),
]
