"""Addresses of reports."""

from django.urls import path

from xiaoer.reports import pages

urlpatterns = [
    path("figures/", pages.figures, name="figures"),
    path("figures/<str:figure_id>/", pages.figure, name="figure"),
]
