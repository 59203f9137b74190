"""Addresses of assets."""

from django.urls import URLPattern

from xiaoer.assets.urls import carriers, halls, land, lots, moving, sales, space

urlpatterns: list[URLPattern] = [
    *carriers.urlpatterns,
    *halls.urlpatterns,
    *land.urlpatterns,
    *lots.urlpatterns,
    *moving.urlpatterns,
    *sales.urlpatterns,
    *space.urlpatterns,
]
