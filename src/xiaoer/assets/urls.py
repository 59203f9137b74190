"""Addresses of assets."""

from django.urls import URLPattern

from xiaoer.assets import (
    carrier_urls,
    hall_urls,
    land_urls,
    lot_urls,
    moving_urls,
    sale_urls,
    space_urls,
)

urlpatterns: list[URLPattern] = [
    *carrier_urls.urlpatterns,
    *hall_urls.urlpatterns,
    *land_urls.urlpatterns,
    *lot_urls.urlpatterns,
    *moving_urls.urlpatterns,
    *sale_urls.urlpatterns,
    *space_urls.urlpatterns,
]
