"""Addresses of land: its stages, what was promised with it, the rules of both."""

from django.urls import path

from xiaoer.assets.pages import land, performance

urlpatterns = [
    path("land/", land.land_list, name="land_list"),
    path("land/standard/", land.land_supervision, name="land_supervision"),
    path("land/rules/", land.land_rules, name="land_rules"),
    path("land/indicators/<int:land_indicator_id>/", land.land_indicator, name="land_indicator"),
    path("land/<int:land_id>/", land.land_parcel, name="land_parcel"),
    path("land/<int:land_id>/stage/", land.land_enter, name="land_enter"),
    path("land/<int:land_id>/act/", land.land_act, name="land_act"),
    path("land/<int:land_id>/papers/<int:land_file_id>/file/", land.land_file, name="land_file"),
    path("performance/", performance.performance, name="performance"),
    path(
        "performance/<slug:place_level>/<int:place_id>/",
        performance.performance_place,
        name="performance_place",
    ),
    path("occupancy/", performance.occupancy, name="occupancy"),
    path(
        "occupancy/<slug:occupied_level>/<int:occupied_id>/",
        performance.occupancy_place,
        name="occupancy_place",
    ),
]
